//! Problems (RFC 9457): one table of what can go wrong, and one shape in which it is told.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use openilp_domain::invalid::{Fault, Invalid};
use openilp_persistence::Error;
use serde::Serialize;
use serde_json::json;

/// A few lines a kind: variant, status, code, title, and what to do about it. The code is stable; `/problems/{code}` explains it.
macro_rules! kinds { ($($(#[$doc:meta])* $variant:ident $status:literal $code:literal $title:literal $advice:literal;)*) => {
    /// What kind of problem it is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Kind { $($(#[$doc])* $variant),* }

    impl Kind {
        /// Every kind.
        pub const ALL: &[Self] = &[$(Self::$variant),*];
        /// The HTTP status.
        pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),* } }
        /// The stable code.
        pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
        /// The title.
        pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title),* } }
        /// What to do about it.
        pub const fn advice(self) -> &'static str { match self { $(Self::$variant => $advice),* } }
        /// Where it is explained.
        pub fn path(self) -> String { format!("/problems/{}", self.code()) }
    }
} }

kinds! {
    /// The request cannot be read.
    BadRequest 400 "bad-request" "The request cannot be read"
        "Check the request line, the headers and the length of the body.";
    /// A parameter is unknown or wrong.
    BadParameter 400 "bad-parameter" "A parameter is unknown or wrong"
        "Each faulty parameter is named in errors. Parameters that this path does not know are refused, so that a mistyped filter shows no more than was meant.";
    /// The body is no JSON, or has unknown members.
    BadBody 400 "bad-body" "The body cannot be read"
        "Send one JSON object with the members that the description lists. Each faulty member is named in errors, by JSON Pointer.";
    /// Idempotency-Key is missing or malformed.
    KeyMissing 400 "idempotency-key-missing" "An Idempotency-Key is needed"
        "Send a new Idempotency-Key, such as a UUID, with every request that creates something.";
    /// Idempotency-Key was used for another request.
    KeyReused 422 "idempotency-key-reused" "This Idempotency-Key was used for another request"
        "Use a new key for a new request. A key is kept for 24 hours with the request that it came with.";
    /// The first request with the key is still running.
    KeyInUse 409 "idempotency-key-in-use" "The first request with this Idempotency-Key is still running"
        "Send the same request again in a moment: the answer to the first is then given again.";
    /// No token, or one that is not accepted.
    Unauthenticated 401 "unauthenticated" "A valid access token is needed"
        "Send an access token in the Authorization header: Bearer, a space, the token. People get theirs from their district's identity provider, machines from /oauth/token.";
    /// Known, but not allowed.
    Forbidden 403 "forbidden" "You may not do this"
        "Your relation to the student, or your role, does not allow it. Each record lists what you may do in allowedActions.";
    /// The login is nobody's yet.
    LoginNotLinked 403 "login-not-linked" "This login is not linked to anybody yet"
        "Ask your school or district to link it. If they have given you the code of an invitation, redeem that.";
    /// Through this application nobody comes.
    FrontEndNotApproved 403 "front-end-not-approved" "Your district has not approved this application"
        "The application named in the token (client_id or azp) must be approved for the district, today. The district's records custodian does that.";
    /// Not there, or not for the caller to know.
    NotFound 404 "not-found" "There is no such record"
        "Check the id. What you may not know exists is answered alike, and so is a malformed id.";
    /// The path has no such method.
    MethodNotAllowed 405 "method-not-allowed" "This path has no such method"
        "The Allow header lists the methods of this path.";
    /// No answer in a type that is accepted.
    NotAcceptable 406 "not-acceptable" "No accepted media type can be given"
        "Accept application/json, or leave Accept out.";
    /// The body did not arrive in time.
    Timeout 408 "request-timeout" "The request did not arrive in time"
        "Send the body without delay.";
    /// The state of things does not allow it.
    Conflict 409 "conflict" "The state of the record does not allow this"
        "Read the record again; the code in errors says what stands in the way.";
    /// The cursor is of another history.
    CursorGone 410 "cursor-expired" "The cursor has expired"
        "Pull everything once and go on from the cursor it ends with.";
    /// If-Match does not match.
    Stale 412 "stale" "The record has changed since you read it"
        "Read the record again, look at what has changed, and send the change with its new ETag in If-Match.";
    /// The body is too large.
    TooLarge 413 "too-large" "The body is too large"
        "Send less at a time; the detail says how much is taken.";
    /// The body has another type than this path takes.
    UnsupportedMediaType 415 "unsupported-media-type" "The body has another media type than this path takes"
        "Send the media type that the detail names in Content-Type.";
    /// The cursor was not given out for this list, to this caller.
    CursorUnknown 422 "cursor-unknown" "The cursor is not one of ours"
        "Send page.next or cursor as it was answered, for the same list and with a token of the same caller; or begin without one.";
    /// The body breaks a rule.
    Invalid 422 "invalid" "The body breaks a rule"
        "Mend each fault in errors and send it again, with a new Idempotency-Key if it creates something.";
    /// If-Match is missing.
    PreconditionMissing 428 "precondition-missing" "If-Match is needed"
        "Read the record and send its ETag in If-Match, so that nobody overwrites what they have not seen.";
    /// Tried too often.
    TooOften 429 "too-often" "This was tried too often"
        "Wait for the seconds in Retry-After, and make sure of what you send.";
    /// More requests than a minute allows.
    RateLimited 429 "rate-limited" "There are too many requests"
        "Wait for the seconds in Retry-After, then go on more slowly. Nothing was done; the same Idempotency-Key may be used.";
    /// As much as may be read or exported.
    CapReached 429 "cap-reached" "As much was read or exported as may be"
        "Wait for the seconds in Retry-After. The custodian of the district is told; ask whoever runs the service if the work at hand needs more.";
    /// Something that should not happen.
    Internal 500 "internal" "Something went wrong on our side"
        "It was logged. Quote the correlation id when you ask for help.";
    /// The database is down or the service is busy.
    Unavailable 503 "unavailable" "The service is not available right now"
        "Try again after the seconds in Retry-After. Nothing was done, or the Idempotency-Key will tell what was.";
}

impl Kind {
    /// A fault as this kind names them, where it does.
    pub fn fault_example(self) -> Option<serde_json::Value> {
        match self {
            Self::BadParameter => Some(json!({ "pointer": "limt", "code": "unknown_parameter", "detail": "This parameter is not known here." })),
            Self::BadBody => Some(json!({ "pointer": "/colour", "code": "unknown_member", "detail": "This member is not known here." })),
            Self::Invalid => {
                Some(json!({ "pointer": "/targetOn", "code": "not_a_date", "detail": "Must be a date such as 2027-05-31, between 1900 and 2199." }))
            }
            _ => None,
        }
    }
}

/// A problem on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<Fault>,
    /// What the answer has in its headers besides.
    headers: Vec<(HeaderName, String)>,
}

/// What went wrong (RFC 9457).
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "/problems/invalid", "title": "The body breaks a rule", "status": 422, "code": "invalid",
    "detail": "1 fault was found.", "instance": "/v1/goals/01920000-0000-7000-8000-000000000001", "correlationId": "7b0c",
    "errors": [{ "pointer": "/targetOn", "code": "not_a_date", "detail": "Must be a date such as 2027-05-31, between 1900 and 2199." }]
}))]
pub struct ProblemBody<'a> {
    /// A path that explains this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'a str,
    /// The HTTP status.
    pub status: u16,
    /// The kind as a stable code.
    pub code: &'a str,
    /// What happened this time. Never repeats student data.
    pub detail: &'a str,
    /// The path that was asked for.
    pub instance: &'a str,
    /// Quote it when you ask for help; it is in `X-Correlation-Id` too.
    pub correlation_id: &'a str,
    /// Every fault that was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FaultBody<'a>>,
}

/// One fault in a request.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Fault)]
pub struct FaultBody<'a> {
    /// JSON Pointer into the body, or the name of a parameter or header.
    pub pointer: &'a str,
    /// Stable code.
    pub code: &'a str,
    /// One sentence.
    pub detail: &'a str,
}

impl Problem {
    /// The media type of problems.
    pub const MEDIA_TYPE: &str = "application/problem+json";

    /// A problem of that kind, with what happened this time.
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, detail: detail.into(), errors: vec![], headers: vec![] }
    }

    /// A problem with faults.
    pub fn with_faults(kind: Kind, faults: Vec<Fault>) -> Self {
        let detail = if faults.len() == 1 { "1 fault was found.".into() } else { format!("{} faults were found.", faults.len()) };
        Self { errors: faults, ..Self::new(kind, detail) }
    }

    /// 401, with the challenge of RFC 6750.
    pub fn unauthenticated(challenge: String, detail: &'static str) -> Self {
        Self::new(Kind::Unauthenticated, detail).header(header::WWW_AUTHENTICATE, challenge)
    }

    /// 405, with the methods that the path has.
    pub fn method_not_allowed(allow: String) -> Self {
        Self::new(Kind::MethodNotAllowed, "See Allow for the methods of this path.").header(header::ALLOW, allow)
    }

    fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// When to try again, in seconds, where the kind does not say it.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, seconds.to_string())
    }

    /// The limit of the caller that is used up, how many requests it allows in a minute, and the seconds until there is one more
    /// (draft-ietf-httpapi-ratelimit-headers).
    pub fn rate(self, limit: &str, allowed: u32, seconds: u64) -> Self {
        self.header(HeaderName::from_static("ratelimit-policy"), format!("\"{limit}\";q={allowed};w=60"))
            .header(HeaderName::from_static("ratelimit"), format!("\"{limit}\";r=0;t={seconds}"))
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened this time.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The code and words of the first fault, where it names any.
    pub fn first_fault(&self) -> Option<(&'static str, &str)> {
        self.errors.first().map(|fault| (fault.code, fault.detail.as_str()))
    }

    /// The response; the telemetry around every request adds instance and correlation id through here.
    pub fn respond(&self, instance: &str, correlation_id: &str) -> HttpResponse {
        let status = StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = ProblemBody {
            kind: self.kind.path(),
            title: self.kind.title(),
            status: self.kind.status(),
            code: self.kind.code(),
            detail: &self.detail,
            instance,
            correlation_id,
            errors: self.errors.iter().map(|f| FaultBody { pointer: &f.pointer, code: f.code, detail: &f.detail }).collect(),
        };
        let mut response = HttpResponse::build(status);
        response.content_type(Self::MEDIA_TYPE);
        let usual = match self.kind {
            Kind::Unavailable => Some("2"),
            Kind::TooOften => Some("3600"),
            _ => None,
        };
        if let Some(seconds) = usual {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.insert_header((name.clone(), value));
            }
        }
        if crate::imsx::speaks(instance) {
            return response.content_type("application/json").json(self.status_info());
        }
        response.json(body)
    }
}

impl Problem {
    /// The same as the surfaces of 1EdTech standards tell it: every fault in the description.
    fn status_info(&self) -> serde_json::Value {
        let faults = self.errors.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail));
        let description = std::iter::once(self.detail.to_string()).chain(faults).collect::<Vec<_>>().join(" ");
        json!(crate::imsx::StatusInfo::of(self.kind.status(), &description))
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.detail)
    }
}

impl std::error::Error for Problem {}

/// Only for what actix itself raises before a handler; everything else answers through [`Problem::respond`].
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
    fn error_response(&self) -> HttpResponse {
        self.respond("", "")
    }
}

impl From<Invalid> for Problem {
    /// A body with members that are unknown or of the wrong type is not understood (400); one that breaks a rule is invalid (422).
    fn from(invalid: Invalid) -> Self {
        let unread = invalid.0.iter().any(|fault| matches!(fault.code, "unknown_member" | "not_an_object"));
        Self::with_faults(if unread { Kind::BadBody } else { Kind::Invalid }, invalid.0)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(Kind::NotFound, "There is no such record, or it is not for you to see."),
            Error::Forbidden => Self::new(Kind::Forbidden, "Your relation to this record does not allow it."),
            Error::Unknown => {
                Self::unauthenticated("Bearer error=\"invalid_token\"".into(), "The token is valid, but nobody active here goes by it.")
            }
            Error::NotLinked => Self::new(Kind::LoginNotLinked, "The token is good, but its login is not linked to a person here yet."),
            Error::FrontEndNotApproved => Self::new(
                Kind::FrontEndNotApproved,
                "The token is good, but the district has not approved the application that it names, or it names none.",
            ),
            Error::TooOften => Self::new(Kind::TooOften, "Try again in an hour."),
            Error::CapReached { seconds, detail } => Self::new(Kind::CapReached, detail).retry_after(seconds),
            Error::Stale => Self::new(Kind::Stale, "Read the record again and send its new ETag."),
            Error::Conflict { code, detail } => {
                Self { errors: vec![Fault { pointer: String::new(), code, detail: detail.into() }], ..Self::new(Kind::Conflict, detail) }
            }
            Error::Invalid(invalid) => invalid.into(),
            Error::KeyReused => Self::new(Kind::KeyReused, "Use a new key for a new request."),
            Error::KeyInUse => Self::new(Kind::KeyInUse, "Send the same request again in a moment to get its answer."),
            Error::BadCursor => Self::new(Kind::CursorUnknown, "This cursor is not one of ours, or was given for another list or to another caller."),
            Error::CursorGone => Self::new(
                Kind::CursorGone,
                "The history behind this cursor is no longer there. Pull everything once, and go on from the cursor it ends with.",
            ),
            Error::Busy => Self::new(Kind::Unavailable, "The service is busy. Try again."),
            Error::Unavailable(source) => {
                tracing::warn!(error = %chain(source.as_ref()), "the database is not available");
                Self::new(Kind::Unavailable, "The database is not available. Try again.")
            }
            error @ (Error::Database(_) | Error::Internal(_)) => {
                tracing::error!(error = %chain(&error), "internal error");
                Self::new(Kind::Internal, "It was logged. Quote the correlation id.")
            }
        }
    }
}

/// The whole chain of causes, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
