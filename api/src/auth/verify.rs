//! The rules that an access token must keep: RFC 9068 (access tokens as JWTs) and RFC 8725 (JWT best practice), strictly.
//!
//! Everything here is pure: keys and the time are arguments. jsonwebtoken's own checks of time and claims are not used,
//! since they read the system clock and pass over what is absent.

use chrono::{DateTime, Utc};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity::{ClaimMatching, SignatureAlgorithm};
use openilp_domain::principal::{ClientKind, Principal, Through};
use openilp_domain::text::ShortText;

use super::compact::{Compact, Members};
use super::refusal::Refusal;

/// How long an access token of a person may live. Longer ones would outlive a district's own revocation too far.
pub const PERSON_TOKEN_SECONDS_MAX: i64 = 60 * 60;
/// How long an access token of a machine lives.
pub const MACHINE_TOKEN_SECONDS: i64 = 10 * 60;
/// How far two clocks may differ.
pub const LEEWAY_SECONDS: i64 = 30;
/// The longest `sub` of OpenID Connect Core 1.0, section 2; also the longest `jti` taken here.
pub const SUBJECT_CHARACTERS_MAX: usize = 255;

/// `typ` of an access token (RFC 9068 section 2.1). Compared without `application/` and case (RFC 7515 section 4.1.9).
pub(super) const ACCESS_TOKEN: &[&str] = &["at+jwt"];
/// From a district's issuer a plain `JWT` is taken too, because many providers send nothing better. An ID token could then
/// pose as an access token; it cannot here, since its audience is the front end's client id and not this service, and since
/// claims that only ID and logout tokens have are refused.
pub(super) const ACCESS_TOKEN_OR_PLAIN: &[&str] = &["at+jwt", "jwt"];

/// Checks what kind of token it says it is.
pub(super) fn typed(token: &Compact<'_>, types: &[&str]) -> Result<(), Refusal> {
    let kind = token.head.text("typ").map_err(|_| Refusal::TypeWrong)?.to_ascii_lowercase();
    if types.contains(&kind.strip_prefix("application/").unwrap_or(&kind)) { Ok(()) } else { Err(Refusal::TypeWrong) }
}

/// What signed a token, by its own account: the algorithm, if it is allowed here, and the id of the key.
pub(super) fn signer<'t>(token: &'t Compact<'_>, algorithms: &[SignatureAlgorithm]) -> Result<(SignatureAlgorithm, &'t str), Refusal> {
    let algorithm = token.head.text("alg").map_err(|_| Refusal::AlgorithmUnknown)?;
    let algorithm: SignatureAlgorithm = algorithm.parse().map_err(|_| Refusal::AlgorithmUnknown)?;
    if !algorithms.contains(&algorithm) {
        return Err(Refusal::AlgorithmNotAllowed);
    }
    match token.head.text("kid") {
        Ok(kid) if !kid.is_empty() => Ok((algorithm, kid)),
        _ => Err(Refusal::KeyIdMissing),
    }
}

/// By which claims issuers name the application that got the token: RFC 9068 section 2.2, OpenID Connect Core 1.0 section 2, Entra ID, Okta.
const APPLICATION: [&str; 4] = ["client_id", "azp", "appid", "cid"];
/// By which they list its scopes: RFC 9068 section 2.2.3, and as Entra ID and Okta call it.
const SCOPES: [&str; 2] = ["scope", "scp"];

/// The application through which a person comes, and whether its scopes are for reading only. Of scopes that are not this service's it says
/// nothing.
pub(super) fn through(claims: &Members) -> Result<Through, Refusal> {
    let mut client_id = None;
    for claim in APPLICATION.into_iter().filter(|claim| claims.has(claim)) {
        let name = bounded(claims, claim)?;
        if client_id.replace(name).is_some_and(|other| other != name) {
            return Err(Refusal::ClaimWrong(claim));
        }
    }
    let Some(client_id) = client_id else { return Ok(Through::Unnamed) };
    let has = |scope| SCOPES.iter().any(|claim| claims.words(claim).contains(&scope));
    let reads_only = has(Through::READING) && !has(Through::ALL);
    Ok(Through::FrontEnd { client_id: client_id.to_owned(), reads_only })
}

/// The subject of a person's access token, if the claims keep every rule. The signature and the issuer are checked before.
pub(super) fn person(claims: &Members, audience: &str, now: DateTime<Utc>) -> Result<String, Refusal> {
    if !claims.audiences()?.contains(&audience) {
        return Err(Refusal::AudienceWrong);
    }
    let subject = subject(claims)?;
    claims.optional_text("jti")?;
    let access = |claim, word| Ok(claims.optional_text(claim)?.is_none_or(|found: &str| found.eq_ignore_ascii_case(word)));
    // Claims of ID tokens (OpenID Connect Core 1.0, 3.3.2.11) and logout tokens; `typ` is Keycloak's, `token_use` Cognito's.
    let other_use = ["at_hash", "c_hash", "s_hash", "events"].into_iter().any(|claim| claims.has(claim));
    if other_use || !access("typ", "Bearer")? || !access("token_use", "access")? {
        return Err(Refusal::UseWrong);
    }
    // A token bound to a key (RFC 7800) is worth nothing without its proof, and one that acts for somebody (RFC 8693) would
    // enter the journal under the wrong name. Neither is supported, so neither is passed over.
    for claim in ["cnf", "act"] {
        if claims.has(claim) {
            return Err(Refusal::ClaimWrong(claim));
        }
    }
    times(claims, PERSON_TOKEN_SECONDS_MAX, now)?;
    Ok(subject.to_owned())
}

/// What the claim of an issuer's rule says: text as identifiers and addresses are, or nothing. An address that the token itself calls
/// unverified says nothing.
pub(super) fn claimed(claims: &Members, rule: &ClaimMatching) -> Option<String> {
    if rule.verified_email && claims.says_false("email_verified") {
        return None;
    }
    let value = ShortText::parse(claims.any_text(rule.claim.as_str())?).ok()?;
    Some(value.as_str().to_owned())
}

/// The subject of a token of the own issuer for people: like any person's, and nothing that a machine's token has.
pub(super) fn own_person(claims: &Members, audience: &str, now: DateTime<Utc>) -> Result<String, Refusal> {
    for claim in ["client_id", "scope"] {
        if claims.has(claim) {
            return Err(Refusal::ClaimWrong(claim));
        }
    }
    person(claims, audience, now)
}

/// The client of a machine's access token, if the claims keep every rule (RFC 9068 section 2.2).
pub(super) fn machine(claims: &Members, audience: &str, now: DateTime<Utc>) -> Result<Principal, Refusal> {
    if claims.audiences()? != [audience] {
        return Err(Refusal::AudienceWrong);
    }
    let subject = subject(claims)?;
    if claims.text("client_id")? != subject {
        return Err(Refusal::ClaimWrong("client_id"));
    }
    let client_id: ClientId = subject.parse().map_err(|_| Refusal::ClaimWrong("sub"))?;
    let kind = ClientKind::of_scope(claims.text("scope")?).ok_or(Refusal::ClaimWrong("scope"))?;
    let district_id: Option<DistrictId> = match claims.optional_text("district_id")? {
        Some(id) => Some(id.parse().map_err(|_| Refusal::ClaimWrong("district_id"))?),
        None => None,
    };
    if district_id.is_some() != (kind == ClientKind::Sis) {
        return Err(Refusal::ClaimWrong("district_id"));
    }
    identifier(claims)?;
    times(claims, MACHINE_TOKEN_SECONDS, now)?;
    Ok(Principal::Machine { client_id, kind, district_id })
}

fn subject(claims: &Members) -> Result<&str, Refusal> {
    bounded(claims, "sub")
}

/// `jti`, where it must be there.
pub(super) fn identifier(claims: &Members) -> Result<&str, Refusal> {
    bounded(claims, "jti")
}

fn bounded<'c>(claims: &'c Members, claim: &'static str) -> Result<&'c str, Refusal> {
    let text = claims.text(claim)?;
    let good = !text.trim().is_empty() && text.chars().count() <= SUBJECT_CHARACTERS_MAX && !text.chars().any(char::is_control);
    if good { Ok(text) } else { Err(Refusal::ClaimWrong(claim)) }
}

/// `iat` and `exp` must be there, `nbf` must hold if it is. Expiry comes last: only who holds an otherwise good token learns
/// that it has expired.
pub(super) fn times(claims: &Members, seconds_max: i64, now: DateTime<Utc>) -> Result<i64, Refusal> {
    let now = now.timestamp();
    let (issued, expires) = (claims.seconds("iat")?, claims.seconds("exp")?);
    let not_before = claims.optional_seconds("nbf")?;
    if !(1..=seconds_max).contains(&(expires - issued)) {
        return Err(Refusal::LifetimeWrong);
    }
    if issued > now + LEEWAY_SECONDS {
        return Err(Refusal::IssuedAhead);
    }
    if not_before.is_some_and(|not_before| not_before > now + LEEWAY_SECONDS) {
        return Err(Refusal::NotYetValid);
    }
    if expires + LEEWAY_SECONDS <= now {
        return Err(Refusal::Expired);
    }
    Ok(expires)
}
