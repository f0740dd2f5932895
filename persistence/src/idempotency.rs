//! Idempotency-Key: the answer to a request is kept with its effect, in one transaction, for 24 hours.

use chrono::TimeDelta;
use diesel::sql_types::{Bool, Text};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::request::Reply;
use crate::schema::idempotency_keys::dsl;
use crate::statement;

/// A key and the hash of the request it came with.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key, 1 to 255 characters.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub request_hash: Vec<u8>,
}

/// How long an answer is kept.
pub const HOURS_KEPT: i64 = 24;

statement! {
    /// One request with a key at a time. The lock ends with the transaction.
    Lock { name: Text = String } -> (Bool)
    "select pg_try_advisory_xact_lock(hashtextextended($1, 7221))"
}

fn caller_word(caller: Caller) -> String {
    match caller {
        Caller::Person(id) => format!("person:{id}"),
        Caller::Client(id) => format!("client:{id}"),
    }
}

/// The answer kept for the key, if there is one.
pub(crate) async fn kept(tx: &Tx<'_>, caller: Caller, key: &Key, operation: &str) -> Result<Option<Reply>> {
    let mut conn = tx.conn;
    let caller = caller_word(caller);
    let name = format!("{}/{caller}/{}", tx.district, key.key);
    let (free,) = Lock { name }.get_result::<(bool,)>(&mut conn).await?;
    if !free {
        return Err(Error::KeyInUse);
    }
    let row = dsl::idempotency_keys
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::caller.eq(&caller))
        .filter(dsl::key.eq(&key.key))
        .select((dsl::operation, dsl::request_hash, dsl::status, dsl::headers, dsl::body, dsl::created_at))
        .first::<(String, Vec<u8>, i16, serde_json::Value, Vec<u8>, chrono::DateTime<chrono::Utc>)>(&mut conn)
        .await
        .optional()?;
    let Some((kept_operation, hash, status, headers, body, created_at)) = row else { return Ok(None) };
    if created_at + TimeDelta::hours(HOURS_KEPT) <= tx.at {
        diesel::delete(
            dsl::idempotency_keys.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::caller.eq(&caller)).filter(dsl::key.eq(&key.key)),
        )
        .execute(&mut conn)
        .await?;
        return Ok(None);
    }
    if hash != key.request_hash || kept_operation != operation {
        return Err(Error::KeyReused);
    }
    let headers = serde_json::from_value(headers).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Some(Reply { status: u16::try_from(status).unwrap_or(200), headers, body }))
}

/// Keeps an answer.
pub(crate) async fn keep(tx: &Tx<'_>, caller: Caller, key: &Key, operation: &str, reply: &Reply) -> Result<()> {
    let mut conn = tx.conn;
    let headers = serde_json::to_value(&reply.headers).map_err(|e| Error::Internal(e.to_string()))?;
    diesel::insert_into(dsl::idempotency_keys)
        .values((
            dsl::district_id.eq(tx.district.0),
            dsl::caller.eq(caller_word(caller)),
            dsl::key.eq(&key.key),
            dsl::operation.eq(operation),
            dsl::request_hash.eq(&key.request_hash),
            dsl::status.eq(i16::try_from(reply.status).unwrap_or(200)),
            dsl::headers.eq(headers),
            dsl::body.eq(&reply.body),
            dsl::created_at.eq(tx.at),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Forgets the answers of a district that are older than a day.
pub(crate) async fn forget(tx: &Tx<'_>) -> Result<usize> {
    let mut conn = tx.conn;
    let before = tx.at - TimeDelta::hours(HOURS_KEPT);
    let old = dsl::idempotency_keys.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::created_at.le(before));
    Ok(diesel::delete(old).execute(&mut conn).await?)
}
