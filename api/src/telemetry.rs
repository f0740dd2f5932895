//! What surrounds every request: a correlation id, headers that every answer has, one closing line in the log, counters.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use chrono::SecondsFormat;
use openilp_persistence::Notice;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use crate::problem::{Kind, Problem};
use crate::routes::Routed;
use crate::state::State;

/// The correlation id of a request.
#[derive(Clone, Debug)]
pub struct Correlation(pub String);

const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
/// Tells that the caller has an emergency access to the student, and until when.
const EMERGENCY: HeaderName = HeaderName::from_static("openilp-emergency-access");

/// The counters of the service.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    limited: IntCounterVec,
    /// Connections in use, of all threads.
    pub connections_used: IntGauge,
}

impl Metrics {
    /// Registers them.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(Opts::new("openilp_requests_total", "Requests by method and status."), &["method", "status"])?;
        let seconds = HistogramVec::new(HistogramOpts::new("openilp_request_seconds", "Time to the first byte of the answer."), &["method"])?;
        let limited = IntCounterVec::new(Opts::new("openilp_limited_requests_total", "Requests refused by a limit, by whose it is."), &["limit"])?;
        let connections_used = IntGauge::new("openilp_database_connections_used", "Database connections in use on the thread that was asked.")?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(limited.clone()))?;
        registry.register(Box::new(connections_used.clone()))?;
        Ok(Self { registry, requests, seconds, limited, connections_used })
    }

    /// Counts a request that a limit refused.
    pub fn limited(&self, limit: &str) {
        self.limited.with_label_values(&[limit]).inc();
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut text) {
            tracing::error!(%error, "metrics");
        }
        text
    }
}

/// The correlation id that the caller sent, if it is fit for a log, or a new one.
fn correlation(request: &ServiceRequest, state: &State) -> String {
    let sent = request.headers().get(&CORRELATION).and_then(|value| value.to_str().ok());
    let fit = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    match sent.filter(fit) {
        Some(id) => id.to_owned(),
        None => openilp_persistence::new_id(state.clock.now()).simple().to_string(),
    }
}

/// Wraps every request.
pub async fn surround(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let Some(state) = request.app_data::<web::Data<State>>().cloned() else {
        return Err(Problem::new(Kind::Internal, "The service is not set up.").into());
    };
    let id = correlation(&request, &state);
    request.extensions_mut().insert(Correlation(id.clone()));
    // What lies behind another server's origin is not ours to judge; the path is all that routing needs.
    let method = request.method().clone();
    let path = request.path().to_owned();
    let _ = request.parts_mut();
    let mut response = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => return Err(error),
    };
    if response.response().error().is_some() && response.headers().get(header::CONTENT_TYPE).is_none_or(|t| t != "application/problem+json") {
        let status = response.status().as_u16();
        let kind = Kind::ALL.iter().copied().find(|kind| kind.status() == status).unwrap_or(Kind::BadRequest);
        let problem = Problem::new(kind, kind.title()).respond(&path, &id);
        response = response.into_response(problem);
    }
    let route = response.request().extensions().get::<Routed>().map_or("-", |routed| routed.path);
    let emergency = response.request().extensions().get::<Notice>().and_then(Notice::in_emergency_until);
    let headers = response.headers_mut();
    let until = emergency.map(|until| format!("until={}", until.to_rfc3339_opts(SecondsFormat::Secs, true)));
    if let Some(value) = until.and_then(|until| HeaderValue::from_str(&until).ok()) {
        headers.insert(EMERGENCY, value);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(CORRELATION, value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.append(header::VARY, HeaderValue::from_static("Authorization, Accept"));
    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    state.metrics.requests.with_label_values(&[method.as_str(), status.to_string().as_str()]).inc();
    state.metrics.seconds.with_label_values(&[method.as_str()]).observe(seconds);
    tracing::info!(target: "openilp::request", %method, route, status, milliseconds = seconds * 1000.0, request_id = id, "request");
    Ok(response)
}
