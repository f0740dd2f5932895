//! The registers of who may call, as authentication reads them: issuers, clients, keys, client assertions. They are read before a
//! district is known and stand outside the tenant wall. How they are set up stands in `issuer`, `client` and `identity_link`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity::{ClaimMatching, Issuer, KeyPurpose, KeySource, SignatureAlgorithm};
use openilp_domain::principal::ClientKind;
use openilp_domain::text::ShortText;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::schema::{client_assertions, clients, issuers, keys};

/// What the token endpoint needs to know of a client to authenticate it.
pub struct ClientCredentials {
    /// What it is for.
    pub kind: ClientKind,
    /// The one district of a SIS client.
    pub district_id: Option<DistrictId>,
    /// SHA-256 of its secret.
    pub secret_hash: Option<Vec<u8>>,
    /// Its public keys.
    pub keys: Option<KeySource>,
}

/// Keys as the registers keep them: in the row, or at an address.
fn key_source(jwks: Option<Value>, jwks_url: Option<String>) -> Option<KeySource> {
    jwks.map(KeySource::Jwks).or(jwks_url.map(KeySource::JwksUrl))
}

fn key_columns(source: Option<KeySource>) -> (Option<Value>, Option<String>) {
    match source {
        Some(KeySource::Jwks(jwks)) => (Some(jwks), None),
        Some(KeySource::JwksUrl(url)) => (None, Some(url)),
        None => (None, None),
    }
}

/// A row that the constraints or the code should have made impossible.
fn damaged(what: String) -> Error {
    Error::Internal(what)
}

// ---- issuers

/// Every issuer, in order of name. The register is small: one or two rows a district.
pub async fn issuers(mut conn: &AsyncPgConnection) -> Result<Vec<Issuer>> {
    type Row = (String, DistrictId, String, Option<String>, Option<Value>, String, DateTime<Utc>, Option<String>, Option<String>, bool);
    let rows: Vec<Row> = issuers::table
        .select((
            issuers::issuer,
            issuers::district_id,
            issuers::audience,
            issuers::jwks_url,
            issuers::jwks,
            issuers::algorithms,
            issuers::created_at,
            issuers::match_claim,
            issuers::match_system,
            issuers::for_families,
        ))
        .order(issuers::issuer)
        .load(&mut conn)
        .await?;
    rows.into_iter()
        .map(|(issuer, district_id, audience, jwks_url, jwks, algorithms, created_at, claim, system, for_families)| {
            let keys = key_source(jwks, jwks_url).ok_or_else(|| damaged(format!("issuer {issuer} has no keys")))?;
            let algorithms = SignatureAlgorithm::list(&algorithms).map_err(damaged)?;
            let matching = claim.map(|claim| matching(&claim, system)).transpose()?;
            Ok(Issuer { issuer, district_id, audience, keys, algorithms, matching, for_families, created_at })
        })
        .collect()
}

/// A rule as the register keeps it: a claim without a system is a verified address.
fn matching(claim: &str, system: Option<String>) -> Result<ClaimMatching> {
    let system = system.map(|system| ShortText::parse(&system)).transpose().map_err(damaged)?;
    Ok(ClaimMatching { claim: claim.parse().map_err(damaged)?, verified_email: system.is_none(), system })
}

/// Registers an issuer; one of that name may not be there already.
pub async fn insert_issuer(mut conn: &AsyncPgConnection, issuer: Issuer) -> Result<()> {
    let (jwks, jwks_url) = key_columns(Some(issuer.keys));
    let algorithms: Vec<&str> = issuer.algorithms.iter().map(|algorithm| algorithm.word()).collect();
    diesel::insert_into(issuers::table)
        .values((
            issuers::issuer.eq(issuer.issuer),
            issuers::district_id.eq(issuer.district_id),
            issuers::audience.eq(issuer.audience),
            issuers::jwks_url.eq(jwks_url),
            issuers::jwks.eq(jwks),
            issuers::algorithms.eq(algorithms.join(" ")),
            issuers::created_at.eq(issuer.created_at),
            issuers::match_claim.eq(issuer.matching.as_ref().map(|rule| rule.claim.as_str().to_owned())),
            issuers::match_system.eq(issuer.matching.and_then(|rule| rule.system).map(|system| system.as_str().to_owned())),
            issuers::for_families.eq(issuer.for_families),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Takes an issuer out of the register. False if there is none of that name.
pub async fn remove_issuer(mut conn: &AsyncPgConnection, issuer: &str) -> Result<bool> {
    let removed = diesel::delete(issuers::table.filter(issuers::issuer.eq(issuer))).execute(&mut conn).await?;
    Ok(removed == 1)
}

// ---- clients

/// A client to be registered. It has a secret, keys, or both.
pub struct NewClient {
    /// Its `client_id`.
    pub id: ClientId,
    /// What it is for.
    pub kind: ClientKind,
    /// What people call it.
    pub name: String,
    /// The one district of a SIS client, and of no other.
    pub district_id: Option<DistrictId>,
    /// SHA-256 of its secret.
    pub secret_hash: Option<Vec<u8>>,
    /// Its public keys.
    pub keys: Option<KeySource>,
}

/// Registers a client, active.
pub async fn insert_client(mut conn: &AsyncPgConnection, client: NewClient, now: DateTime<Utc>) -> Result<()> {
    let (jwks, jwks_url) = key_columns(client.keys);
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(client.id),
            clients::kind.eq(client.kind),
            clients::name.eq(client.name),
            clients::district_id.eq(client.district_id),
            clients::secret_hash.eq(client.secret_hash),
            clients::jwks.eq(jwks),
            clients::jwks_url.eq(jwks_url),
            clients::active.eq(true),
            clients::version.eq(1),
            clients::created_at.eq(now),
            clients::updated_at.eq(now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What the token endpoint checks a client against; nothing if it does not exist or may not call.
pub async fn client_credentials(mut conn: &AsyncPgConnection, id: ClientId) -> Result<Option<ClientCredentials>> {
    type Row = (ClientKind, Option<DistrictId>, Option<Vec<u8>>, Option<Value>, Option<String>);
    let row: Option<Row> = clients::table
        .find(id)
        .filter(clients::active)
        .select((clients::kind, clients::district_id, clients::secret_hash, clients::jwks, clients::jwks_url))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row.map(|(kind, district_id, secret_hash, jwks, jwks_url)| ClientCredentials {
        kind,
        district_id,
        secret_hash,
        keys: key_source(jwks, jwks_url),
    }))
}

/// Whether a token's client may still call, as the kind and for the district that the token says. The door asks this in the
/// transaction of the request, so that a client that was stopped is refused at once.
pub async fn client_active(mut conn: &AsyncPgConnection, id: ClientId, kind: ClientKind, district_id: Option<DistrictId>) -> Result<bool> {
    let same =
        clients::table.find(id).filter(clients::active).filter(clients::kind.eq(kind)).filter(clients::district_id.is_not_distinct_from(district_id));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(&mut conn).await?)
}

/// Notes that a client assertion was used. False if it was used before (RFC 7523 section 3, point 7).
pub async fn use_assertion(mut conn: &AsyncPgConnection, client_id: ClientId, jti: &str, expires_at: DateTime<Utc>) -> Result<bool> {
    let inserted = diesel::insert_into(client_assertions::table)
        .values((client_assertions::client_id.eq(client_id), client_assertions::jti.eq(jti), client_assertions::expires_at.eq(expires_at)))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(inserted == 1)
}

/// Forgets assertions that have expired: they would be refused for that.
pub async fn forget_expired_assertions(mut conn: &AsyncPgConnection, now: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::delete(client_assertions::table.filter(client_assertions::expires_at.lt(now))).execute(&mut conn).await?)
}

// ---- keys of this deployment

/// The secrets of a purpose, the newest first.
pub async fn keys(mut conn: &AsyncPgConnection, purpose: KeyPurpose) -> Result<Vec<Vec<u8>>> {
    let newest_first = keys::table.filter(keys::purpose.eq(purpose)).order((keys::created_at.desc(), keys::id.desc()));
    Ok(newest_first.select(keys::secret).load(&mut conn).await?)
}

/// Keeps the first key of a purpose, unless another process did so first. Of two processes that start at the same time one
/// wins, because the row's id is the same for both; read the keys again afterwards.
pub async fn insert_first_key(mut conn: &AsyncPgConnection, purpose: KeyPurpose, secret: &[u8], now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(keys::table)
        .values((keys::id.eq(format!("{purpose}/1")), keys::purpose.eq(purpose), keys::secret.eq(secret), keys::created_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(&mut conn)
        .await?;
    Ok(())
}
