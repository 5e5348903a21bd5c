//! Tests the metrics and the OpenTelemetry spans of calls, with the feature `observed`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use huaweicloud::dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
use huaweicloud::{CallOptions, Config, ErrorKind, RetryPolicy, dcs};
use huaweicloud_e2e::{Log, Recorder};
use huaweicloud_sandbox::{Fault, Service};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshot};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use support::{By, OTHER_PASSWORD, World};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

/// Returns the value of each counter and histogram by its name and labels. The value of a histogram is the number of
/// its samples.
fn read(snapshot: Snapshot) -> BTreeMap<String, u64> {
    let entries = snapshot.into_vec().into_iter();
    entries
        .map(|(key, _, _, value)| {
            let labels: BTreeSet<String> = key
                .key()
                .labels()
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            let labels: Vec<String> = labels.into_iter().collect();
            let value = match value {
                DebugValue::Counter(count) => count,
                DebugValue::Histogram(values) => values.len() as u64,
                DebugValue::Gauge(_) => panic!("no gauge is documented"),
            };
            (format!("{} {}", key.key().name(), labels.join(" ")), value)
        })
        .collect()
}

async fn calls() {
    let world = World::new().await;
    let clients = world.clients(By::AccessKey);
    let (faults, all) = (world.sandbox.faults(), Default::default());
    clients.dcs.list_instances(&all).await.unwrap();
    faults.inject(Service::Dcs, Fault::ServiceUnavailable, 1);
    clients.dcs.list_instances(&all).await.unwrap();
    clients
        .dcs
        .show_instance("no-such-instance")
        .await
        .unwrap_err();
    let cache = clients.cache("measured").await;
    let wrong = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: OTHER_PASSWORD,
        new_password: "Planted-Secret-0003!",
    });
    let refused = clients.dcs.change_instance_password(&cache, &wrong);
    assert_eq!(refused.await.unwrap_err().kind(), ErrorKind::Operation);
    // With `unjudged`, the client does not check whether the answer reports a failure. So the call counts as
    // successful.
    let read = clients.dcs.change_instance_password(&cache, &wrong);
    read.unjudged().await.unwrap();
    faults.keep(Service::Dcs, Fault::Delay(Duration::from_secs(3600)));
    let hanging = clients.dcs.list_instances(&all);
    let dropped = tokio::time::timeout(Duration::from_millis(200), hanging);
    dropped.await.unwrap_err();
}

#[test]
fn metrics_count_calls_by_service_operation_and_outcome() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(calls()));
    let (list, show) = ("operation=list_instances", "operation=show_instance");
    let (create, change) = (
        "operation=create_instance",
        "operation=change_instance_password",
    );
    let (calls, times) = (
        "huaweicloud_calls_total",
        "huaweicloud_call_duration_seconds",
    );
    let expected = [
        (
            "huaweicloud_attempts_total",
            format!("{create} service=dcs"),
            1,
        ),
        (calls, format!("{create} outcome=ok service=dcs"), 1),
        (times, format!("{create} outcome=ok service=dcs"), 1),
        (
            "huaweicloud_attempts_total",
            format!("{change} service=dcs"),
            2,
        ),
        (calls, format!("{change} outcome=operation service=dcs"), 1),
        (times, format!("{change} outcome=operation service=dcs"), 1),
        (calls, format!("{change} outcome=ok service=dcs"), 1),
        (times, format!("{change} outcome=ok service=dcs"), 1),
        (
            "huaweicloud_attempts_total",
            format!("{list} service=dcs"),
            4,
        ),
        (
            "huaweicloud_attempts_total",
            format!("{show} service=dcs"),
            1,
        ),
        (times, format!("{list} outcome=dropped service=dcs"), 1),
        (times, format!("{list} outcome=ok service=dcs"), 2),
        (times, format!("{show} outcome=service service=dcs"), 1),
        (calls, format!("{list} outcome=dropped service=dcs"), 1),
        (calls, format!("{list} outcome=ok service=dcs"), 2),
        (calls, format!("{show} outcome=service service=dcs"), 1),
        (
            "huaweicloud_retries_total",
            format!("{list} service=dcs"),
            1,
        ),
    ];
    let expected = expected.map(|(name, labels, value)| (format!("{name} {labels}"), value));
    assert_eq!(read(snapshotter.snapshot()), BTreeMap::from(expected));
}

#[tokio::test]
async fn request_headers_continue_the_trace() {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let provider = SdkTracerProvider::builder().build();
    let bridge = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let subscriber = tracing_subscriber::registry().with(bridge);
    // The subscriber is for the whole process. If the subscriber were only for this thread, a thread of another test
    // could disable a span for this test.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let (world, log) = (World::new().await, Log::default());
    let details = world.sandbox.details();
    let recorder = Recorder::start("dcs", &details.addresses.dcs, &log)
        .await
        .unwrap();
    let config = Config::builder()
        .endpoint("dcs", &recorder.address)
        .access_key(&details.access_key, details.secret_key.as_str())
        .project_id(&details.project_id)
        .build();
    let client = dcs::Client::new(&config.unwrap()).unwrap();
    world
        .sandbox
        .faults()
        .inject(Service::Dcs, Fault::ServiceUnavailable, 1);
    let span = tracing::info_span!("span of the program");
    let trace = span.context().span().span_context().trace_id();
    let all = Default::default();
    client.list_instances(&all).instrument(span).await.unwrap();
    let outside = client.with_options(CallOptions::new().retry(RetryPolicy::none()));
    outside.list_instances(&all).await.unwrap();

    // Both calls succeeded, so the added trace header does not make a signature invalid.
    let exchanges = log.take();
    assert_eq!(exchanges.len(), 3);
    let contexts = exchanges.iter().map(|exchange| {
        let headers: std::collections::HashMap<String, String> = exchange
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let context = TraceContextPropagator::new().extract(&headers);
        context.span().span_context().clone()
    });
    let contexts: Vec<_> = contexts.collect();
    assert!(
        contexts.iter().all(|context| context.is_valid()),
        "{contexts:?}"
    );
    // The two attempts of the first call belong to one span. This span belongs to the trace of the program. The
    // second call began its own trace.
    assert_eq!(
        (contexts[0].trace_id(), contexts[1].trace_id()),
        (trace, trace)
    );
    assert_eq!(contexts[0].span_id(), contexts[1].span_id());
    assert_ne!(contexts[2].trace_id(), trace);
}
