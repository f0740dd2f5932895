//! The public endpoints of authentication, for actix. The one file here that knows HTTP.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, PRAGMA, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use openilp_persistence::Db;

use super::{AuthError, Authenticator, Refusal, TokenError, TokenRequest};

/// For how long keys and metadata may be kept by others.
const PUBLIC_FOR: &str = "public, max-age=300";

/// The Authorization header. Two of them, or one that is not text, are worth as much as a malformed one.
pub fn authorization(request: &HttpRequest) -> Option<&str> {
    only(request, AUTHORIZATION)
}

fn only(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    let mut values = request.headers().get_all(name);
    let first = values.next()?;
    Some(if values.next().is_some() { "" } else { first.to_str().unwrap_or_default() })
}

/// `POST /oauth/token`.
pub async fn token(request: &HttpRequest, body: &[u8], authenticator: &Authenticator, db: &Db, now: DateTime<Utc>) -> HttpResponse {
    let asked = TokenRequest { authorization: authorization(request), content_type: only(request, CONTENT_TYPE), body };
    let answer = authenticator.token(db, asked, now).await;
    let status = answer.as_ref().err().map_or(200, |error| error.status());
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST));
    // RFC 6749 section 5.1.
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    match answer {
        Ok(answer) => response.json(answer),
        Err(error) => {
            if let TokenError::InvalidClient(reason) | TokenError::Unavailable(reason) = error {
                tracing::info!(%reason, "no token issued");
            }
            if status == 401 {
                response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"openilp\", charset=\"UTF-8\""));
            }
            response.json(error.answer())
        }
    }
}

/// `GET /.well-known/jwks.json`.
pub async fn jwks(authenticator: &Authenticator, db: &Db, now: DateTime<Utc>) -> Result<HttpResponse, AuthError> {
    let jwks = serde_json::to_vec(&authenticator.jwks(db, now).await?).map_err(|_| Refusal::Unavailable)?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, PUBLIC_FOR)).insert_header((CONTENT_TYPE, "application/jwk-set+json")).body(jwks))
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414).
pub fn authorization_server(authenticator: &Authenticator) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, PUBLIC_FOR)).json(authenticator.config().authorization_server_metadata())
}

/// `GET /.well-known/oauth-protected-resource` (RFC 9728).
pub fn protected_resource(authenticator: &Authenticator) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, PUBLIC_FOR)).json(authenticator.config().protected_resource_metadata())
}
