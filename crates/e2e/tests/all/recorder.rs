//! Tests `huaweicloud::testing::Recorder`. Programs use this recorder in their tests instead of a server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use huaweicloud::config::{Login, PasswordCredentials};
use huaweicloud::dcs::types::{ChangeInstancePasswordRequest, ChangeInstancePasswordRequired};
use huaweicloud::testing::{Recorder, Reply, SentBody};
use huaweicloud::{
    BoxFuture, Config, ErrorKind, Transport, TransportRequest, dcs, http, iam, reqwest, roma_link,
};
use serde_json::json;

use super::support::{OTHER_PASSWORD, PASSWORD, World, cache_request, leaks};

const INSTANCE: &str = "a-cache";

fn dcs_of(recorder: &Recorder) -> dcs::Client {
    dcs::Client::new(&recorder.config().build().unwrap()).unwrap()
}

fn running() -> Reply {
    Reply::json(200, &json!({"instance_id": INSTANCE, "status": "RUNNING"}))
}

fn changed() -> Reply {
    Reply::json(200, &json!({"result": "success"}))
}

#[tokio::test]
async fn the_recorder_returns_the_replies_of_an_operation_in_order() {
    let recorder = Recorder::new();
    recorder
        .reply("show_instance", Reply::json(200, &json!({"name": "first"})))
        .reply("delete_instance", Reply::empty(204))
        .reply(
            "show_instance",
            Reply::json(200, &json!({"name": "second"})),
        )
        .reply_always("show_instance", Reply::error(404, "DCS.4823", "not found"));
    let dcs = dcs_of(&recorder);
    let name = async || {
        dcs.show_instance(INSTANCE)
            .await
            .map(|found| found.name.clone())
    };
    assert_eq!(name().await.unwrap().as_deref(), Some("first"));
    assert_eq!(recorder.unused(), ["delete_instance", "show_instance"]);
    dcs.delete_instance(INSTANCE).await.unwrap();
    assert_eq!(name().await.unwrap().as_deref(), Some("second"));
    for _ in 0..3 {
        let error = name().await.unwrap_err();
        assert_eq!(
            (error.status(), error.error_code()),
            (Some(404), Some("DCS.4823"))
        );
    }
    assert!(recorder.unused().is_empty());
    let mut operations = vec!["show_instance", "delete_instance"];
    operations.extend(["show_instance"; 4]);
    assert_eq!(recorder.operations(), operations);
    let first = &recorder.requests()[0];
    assert_eq!(first.path_parameter("instance_id").unwrap(), INSTANCE);
    assert_eq!(first.method(), http::Method::GET);
    assert!(first.header("x-auth-token").is_some() && first.body().is_empty());
}

#[tokio::test]
async fn the_error_for_a_missing_reply_names_the_operation() {
    let recorder = Recorder::new();
    let dcs = dcs_of(&recorder);
    let error = async || dcs.show_instance(INSTANCE).await.unwrap_err();
    let missing = error().await;
    assert_eq!((missing.kind(), missing.attempts()), (ErrorKind::Config, 1));
    let shown = missing.to_string();
    assert!(
        shown.contains(r#"no reply to show_instance; add one by reply("show_instance", ..)"#),
        "{shown}"
    );
    recorder.reply("show_instnace", running());
    let mistyped = error().await.to_string();
    assert!(mistyped.contains("`show_instnace`"), "{mistyped}");
    recorder.reply("show_instance", running());
    dcs.show_instance(INSTANCE).await.unwrap();
    let used = error().await.to_string();
    assert!(used.contains("used up"), "{used}");
}

/// If a fault or a status shows that the server did not execute a call, the client retries the call. After each other
/// fault or status of this test, the client retries only safe operations.
#[tokio::test(start_paused = true)]
async fn faults_of_the_recorder_cause_retries() {
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    let cut = || running().cut();
    for (fault, kind, safe, not_safe) in [
        (Reply::no_connection(), ErrorKind::Connect, 2, 2),
        (Reply::broken(), ErrorKind::Transport, 2, 1),
        (cut(), ErrorKind::Transport, 2, 1),
        (Reply::silent(), ErrorKind::Timeout, 2, 1),
        (
            running().after(Duration::from_secs(30)),
            ErrorKind::Timeout,
            2,
            1,
        ),
        (Reply::empty(503), ErrorKind::Service, 2, 1),
        (Reply::empty(429), ErrorKind::Service, 2, 2),
    ] {
        let recorder = Recorder::new();
        let once = || {
            recorder
                .reply("show_instance", fault.clone())
                .reply("show_instance", running())
                .reply("change_instance_password", fault.clone())
                .reply("change_instance_password", changed());
        };
        once();
        let config = recorder.config().attempt_timeout(Duration::from_secs(20));
        let dcs = dcs::Client::new(&config.build().unwrap()).unwrap();
        let shown = dcs.show_instance(INSTANCE).await.unwrap();
        assert_eq!(shown.attempts(), safe, "{fault:?}");
        let attempts = match dcs.change_instance_password(INSTANCE, &change).await {
            Ok(answer) => answer.attempts(),
            Err(error) => {
                assert_eq!(error.kind(), kind, "{fault:?}");
                error.attempts()
            }
        };
        assert_eq!(attempts, not_safe, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_delay_of_a_reply_counts_towards_the_timeout() {
    let recorder = Recorder::new();
    let late = changed().after(Duration::from_secs(50));
    recorder.reply_always("change_instance_password", late);
    let dcs = dcs_of(&recorder);
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    let patient = dcs.change_instance_password(INSTANCE, &change);
    patient.await.unwrap();
    let dcs = dcs.with_timeout(Duration::from_secs(40));
    let error = dcs.change_instance_password(INSTANCE, &change).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn pages_refusals_and_logins_work_with_the_recorder() {
    let recorder = Recorder::new();
    let page = |ids: &[u32]| {
        let devices: Vec<_> = ids.iter().map(|id| json!({"device_id": id})).collect();
        Reply::json(200, &json!({"total": 3, "items": devices}))
    };
    recorder
        .reply("list_devices", page(&[1, 2]))
        .reply("list_devices", page(&[3]))
        .reply(
            "change_instance_password",
            Reply::json(
                200,
                &json!({"result": "passwordFailed", "retry_times_left": "3"}),
            ),
        )
        .reply(
            "create_token",
            Reply::json(
                201,
                &json!({"token": {"expires_at": "2999-01-01T00:00:00.000000Z"}}),
            )
            .with_header("X-Subject-Token", "Planted-issued-token"),
        );
    let config = recorder.config().build().unwrap();
    let link = roma_link::Client::new(&config).unwrap();
    let two = roma_link::types::ListDevicesParams::default().with_limit(2);
    let devices: Vec<_> = link
        .list_devices("i", &two)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(devices.len(), 3);
    assert_eq!(recorder.requests()[1].query("offset"), ["2"]);

    let login = Login::new("domain", "user", PASSWORD).with_project_name("eu-de");
    let password = PasswordCredentials::new(&config, login).unwrap();
    let dcs = dcs::Client::new(&config.with_credentials(password)).unwrap();
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    let refused = dcs
        .change_instance_password(INSTANCE, &change)
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Operation);
    let requests = recorder.requests();
    assert_eq!(
        recorder.operations()[2..],
        ["create_token", "change_instance_password"]
    );
    assert_eq!(
        requests[3].header("x-auth-token").unwrap().expose(),
        "Planted-issued-token"
    );
    requests[3].assert_json(&change);
    assert!(recorder.unused().is_empty());
    let _ = iam::Client::new(&config).unwrap();
}

#[tokio::test]
async fn failing_assertions_and_debug_output_show_no_secret() {
    let recorder = Recorder::new();
    let secret_reply = Reply::json(
        200,
        &json!({"result": "success", "message": "Planted-answered"}),
    )
    .with_header("x-a", "Planted-header");
    let mut shown = format!("{secret_reply:?} {secret_reply:#?}");
    recorder.reply("change_instance_password", secret_reply);
    recorder.reply(
        "create_instance",
        Reply::json(200, &json!({"instances": []})),
    );
    let config = recorder
        .config()
        .token("Planted-Token-0001")
        .build()
        .unwrap();
    let dcs = dcs::Client::new(&config).unwrap();
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    dcs.change_instance_password("Planted-id", &change)
        .await
        .unwrap();
    let _ = dcs.create_instance(&cache_request("Planted-name")).await;

    let requests = recorder.requests();
    let [changed, created] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    changed.assert_json(&change);
    changed.assert_json(&json!({"new_password": OTHER_PASSWORD, "old_password": PASSWORD}));
    let panics: [&dyn Fn(); 5] = [
        &|| {
            changed.assert_json(&ChangeInstancePasswordRequest::new(
                ChangeInstancePasswordRequired {
                    old_password: OTHER_PASSWORD,
                    new_password: PASSWORD,
                },
            ))
        },
        &|| {
            changed.assert_json(&json!({"old_password": ["Planted-a", {"Planted-key": 1}], "Planted-name": "Planted-b"}))
        },
        &|| created.assert_json(&change),
        &|| assert_eq!(changed.body(), &SentBody::json(&json!("Planted-text"))),
        &|| assert_ne!(changed.body(), &SentBody::json(&change)),
    ];
    for panic in panics {
        let payload = catch_unwind(AssertUnwindSafe(panic)).unwrap_err();
        shown.push_str(payload.downcast_ref::<String>().unwrap());
    }
    // The messages hide the values, but name the fields that differ.
    assert!(
        shown.contains(
            r#"the body of change_instance_password differs at ["/old_password", "/new_password"]"#
        ),
        "{shown}"
    );
    assert!(
        shown.contains(r#"{"old_password": text(20), "new_password": text(20)}"#),
        "{shown}"
    );
    shown.push_str(&format!(
        "{recorder:?} {recorder:#?} {changed:?} {:?}",
        recorder.config()
    ));
    assert!(
        shown.contains("/v2/{project_id}/instances/{instance_id}/password"),
        "{shown}"
    );
    for planted in ["lanted-", PASSWORD, OTHER_PASSWORD] {
        assert!(!shown.contains(planted), "{shown}");
    }
}

/// A custom transport. It records the debug output of each request, and passes the request to an HTTP client.
struct Looking {
    client: reqwest::Client,
    seen: std::sync::Arc<std::sync::Mutex<String>>,
}

impl Transport for Looking {
    fn send(
        &self,
        request: TransportRequest,
    ) -> BoxFuture<'static, Result<http::Response<reqwest::Body>, huaweicloud::Error>> {
        self.seen
            .lock()
            .unwrap()
            .push_str(&format!("{request:?} {request:#?}"));
        assert_eq!(request.url().scheme(), "http");
        let answer = self.client.execute(request.into_reqwest());
        Box::pin(async {
            let broken =
                |error| huaweicloud::Error::new(ErrorKind::Transport, "").with_source(error);
            answer.await.map(Into::into).map_err(broken)
        })
    }
}

/// The sandbox checks the signatures.
#[tokio::test]
async fn a_custom_transport_sends_the_signed_request() {
    let world = World::new().await;
    let seen = std::sync::Arc::default();
    let plain = Config::builder().build().unwrap();
    let own = Looking {
        client: plain.http_client().clone(),
        seen: std::sync::Arc::clone(&seen),
    };
    let config = world.sandbox.config().transport(own).build().unwrap();
    let dcs = dcs::Client::new(&config).unwrap();
    let created = dcs
        .create_instance(&cache_request("own-transport"))
        .await
        .unwrap();
    let id = created.instances[0].instance_id.clone().unwrap();
    let change = ChangeInstancePasswordRequest::new(ChangeInstancePasswordRequired {
        old_password: PASSWORD,
        new_password: OTHER_PASSWORD,
    });
    dcs.change_instance_password(&id, &change).await.unwrap();
    assert!(world.sandbox.dcs_login(&id, OTHER_PASSWORD));
    let seen = seen.lock().unwrap().clone();
    assert!(
        seen.contains(r#"path: "/v2/{project_id}/instances/{instance_id}/password""#),
        "{seen}"
    );
    assert!(seen.contains("body_length: Some("), "{seen}");
    let details = world.sandbox.details();
    // The id is a path parameter. The debug output of the request shows only the template of the path, not the path
    // parameters.
    assert!(!seen.contains(&id) && !seen.contains(&details.access_key));
    let secrets = [PASSWORD, OTHER_PASSWORD, &details.secret_key];
    leaks::assert_clean(
        "a transport's request",
        &seen,
        &secrets.map(str::to_owned).into(),
    );
}
