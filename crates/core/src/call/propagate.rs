//! Adds the headers of a trace context to a request, in the format that the program chose for OpenTelemetry.

#[cfg(feature = "opentelemetry")]
use {
    crate::intercept::is_reserved,
    http::{HeaderMap, HeaderName, HeaderValue},
    opentelemetry::propagation::Injector,
    opentelemetry::trace::TraceContextExt as _,
    opentelemetry::{Context, global},
    tracing_opentelemetry::OpenTelemetrySpanExt as _,
};

/// Adds the headers of the global propagator, such as `traceparent`, `tracestate` and `baggage`.
///
/// If the program connects `tracing` to OpenTelemetry, the headers describe the current span. The current span is the
/// span of the call, unless a filter of the program disables the span of the call. If the current span has no valid
/// OpenTelemetry context, the headers describe OpenTelemetry's current context. If there is no propagator, no header is
/// added.
///
/// The signature does not include these headers, because service meshes and gateways replace them.
#[cfg(feature = "opentelemetry")]
pub(crate) fn propagate(headers: &mut HeaderMap) {
    let mut context = tracing::Span::current().context();
    if !context.span().span_context().is_valid() {
        context = Context::current();
    }
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut Added(headers));
    });
}

/// Adds a header only if its name is neither reserved nor already present. The program chooses the propagator, and this
/// propagator must not change the credentials of a request.
#[cfg(feature = "opentelemetry")]
struct Added<'a>(&'a mut HeaderMap);

#[cfg(feature = "opentelemetry")]
impl Injector for Added<'_> {
    fn set(&mut self, key: &str, value: String) {
        let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(key.as_bytes()),
            HeaderValue::try_from(value),
        ) else {
            return;
        };
        if !is_reserved(&name) {
            self.0.entry(name).or_insert(value);
        }
    }
}

#[cfg(not(feature = "opentelemetry"))]
pub(crate) fn propagate(_: &mut http::HeaderMap) {}
