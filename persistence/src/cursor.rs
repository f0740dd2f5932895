//! Cursors: where a reader stands in a stream or a list, sealed so that they say nothing and go nowhere else.
//!
//! A sealed cursor opens only for the district, the caller and the stream it was made for. Sealing is deterministic
//! (AES-256-GCM-SIV, which allows it): the same place gives the same text, so that an answer's bytes and their hash stay the same.
//! What it tells an observer is that two cursors are equal.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::sql_types::{Int4, Int8, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::id::DistrictId;
use openilp_domain::identity::KeyPurpose;
use openilp_domain::principal::Principal;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::{identity, statement};

/// What names the history that positions belong to. A restore, a copy of the cluster or a failover gives another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch([u8; 8]);

statement! {
    /// The deployment's own epoch, the cluster, and its timeline. It needs no privilege and takes some 35 µs.
    History {} -> (SqlUuid, Int8, Int4)
    "select d.epoch, s.system_identifier, c.timeline_id from deployment d, pg_control_system() s, pg_control_checkpoint() c"
}

impl Epoch {
    /// The epoch of now. It is read in the transaction that uses it, pipelined with what is read besides: no cache that could lag
    /// behind a restore.
    pub async fn now(tx: &Tx<'_>) -> Result<Self> {
        let mut conn = tx.conn;
        let (deployment, system, timeline) = History {}.get_result::<(Uuid, i64, i32)>(&mut conn).await?;
        let mut hash = Context::new(&SHA256);
        hash.update(deployment.as_bytes());
        hash.update(&system.to_be_bytes());
        hash.update(&timeline.to_be_bytes());
        let mut epoch = [0; 8];
        epoch.iter_mut().zip(hash.finish().as_ref()).for_each(|(to, from)| *to = *from);
        Ok(Self(epoch))
    }
}

/// How far a stream has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) epoch: Epoch,
    pub(crate) position: i64,
    /// The district's date on which it was given: what has ended since by date alone is seen from it.
    pub(crate) day: NaiveDate,
}

impl Cursor {
    const LENGTH: usize = 20;

    /// Refuses a cursor of another history.
    pub(crate) fn check(&self, epoch: Epoch) -> Result<()> {
        if self.epoch == epoch { Ok(()) } else { Err(Error::CursorGone) }
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LENGTH);
        bytes.extend(self.epoch.0);
        bytes.extend(self.position.to_be_bytes());
        bytes.extend(self.day.num_days_from_ce().to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (epoch, rest) = bytes.split_first_chunk::<8>()?;
        let (position, rest) = rest.split_first_chunk::<8>()?;
        let day = NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(rest.try_into().ok()?))?;
        Some(Self { epoch: Epoch(*epoch), position: i64::from_be_bytes(*position), day })
    }
}

/// What a cursor is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    /// The district.
    pub district: DistrictId,
    /// Who reads, as the token says.
    pub caller: &'a Principal,
    /// Which stream or list, such as `feed`, or an operation and the record beneath which it lists.
    pub stream: &'a str,
}

impl Bound<'_> {
    fn associated_data(&self) -> Vec<u8> {
        let mut data = self.district.0.as_bytes().to_vec();
        let mut add = |part: &[u8]| {
            data.extend(part.len().to_be_bytes());
            data.extend(part);
        };
        match self.caller {
            Principal::Person { issuer, subject, .. } => [issuer, subject].iter().for_each(|part| add(part.as_bytes())),
            Principal::Machine { client_id, .. } => add(client_id.0.as_bytes()),
        }
        add(self.stream.as_bytes());
        data
    }
}

/// Seals and opens cursors with the deployment's keys. Clones share them.
#[derive(Clone)]
pub struct Cursors(Arc<[LessSafeKey]>);

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cursors({} keys)", self.0.len())
    }
}

impl Cursors {
    /// Reads the keys; the first is made here. Once at start.
    pub async fn load(db: &Db, at: DateTime<Utc>) -> Result<Self> {
        let mut first = [0; 32];
        aws_lc_rs::rand::fill(&mut first).map_err(|_| Error::Internal("no randomness".into()))?;
        let keys = db.register(async |conn| {
            let keys = identity::keys(conn, KeyPurpose::CursorSealing).await?;
            if !keys.is_empty() {
                return Ok(keys);
            }
            identity::insert_first_key(conn, KeyPurpose::CursorSealing, &first, at).await?;
            // Another process may have been first: its key is the one.
            identity::keys(conn, KeyPurpose::CursorSealing).await
        });
        Self::new(keys.await?.iter().map(Vec::as_slice))
    }

    /// Keys of 32 bytes, the newest first.
    fn new<'k>(keys: impl Iterator<Item = &'k [u8]>) -> Result<Self> {
        let key = |bytes| UnboundKey::new(&AES_256_GCM_SIV, bytes).map(LessSafeKey::new);
        keys.map(key).collect::<std::result::Result<_, _>>().map(Self).map_err(|_| Error::Internal("a cursor key is damaged".into()))
    }

    /// Seals some bytes: base64url, 22 characters more than a third longer.
    pub fn seal(&self, to: &Bound<'_>, bytes: &[u8]) -> Result<String> {
        let failed = || Error::Internal("a cursor could not be sealed".into());
        let mut sealed = bytes.to_vec();
        let [key, ..] = &*self.0 else { return Err(failed()) };
        key.seal_in_place_append_tag(nonce(), Aad::from(to.associated_data()), &mut sealed).map_err(|_| failed())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what was sealed for the same district, caller and stream; anything else is [`Error::BadCursor`].
    pub fn open(&self, to: &Bound<'_>, text: &str) -> Result<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::BadCursor)?;
        let open = |key: &LessSafeKey| {
            let mut bytes = sealed.clone();
            let length = key.open_in_place(nonce(), Aad::from(to.associated_data()), &mut bytes).ok()?.len();
            bytes.truncate(length);
            Some(bytes)
        };
        self.0.iter().find_map(open).ok_or(Error::BadCursor)
    }

    /// Seals a place in a stream.
    pub fn seal_cursor(&self, to: &Bound<'_>, cursor: Cursor) -> Result<String> {
        self.seal(to, &cursor.to_bytes())
    }

    /// Opens a place in a stream.
    pub fn open_cursor(&self, to: &Bound<'_>, text: &str) -> Result<Cursor> {
        Cursor::from_bytes(&self.open(to, text)?).ok_or(Error::BadCursor)
    }

    /// Seals the id after which the next page of a list begins.
    pub fn seal_id(&self, to: &Bound<'_>, id: Uuid) -> Result<String> {
        self.seal(to, id.as_bytes())
    }

    /// Opens the id after which a page begins.
    pub fn open_id(&self, to: &Bound<'_>, text: &str) -> Result<Uuid> {
        Uuid::from_slice(&self.open(to, text)?).map_err(|_| Error::BadCursor)
    }
}

/// GCM-SIV derives what GCM takes from the nonce from the text as well.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

#[cfg(test)]
mod tests {
    use openilp_domain::principal::{ClientKind, Through};

    use super::*;

    fn person(issuer: &str, subject: &str) -> Principal {
        Principal::Person { district_id: Uuid::from_u128(1).into(), issuer: issuer.into(), subject: subject.into(), through: Through::Itself }
    }

    fn bound<'a>(caller: &'a Principal, stream: &'a str) -> Bound<'a> {
        Bound { district: Uuid::from_u128(1).into(), caller, stream }
    }

    fn cursors(seeds: &[u8]) -> Cursors {
        let keys: Vec<[u8; 32]> = seeds.iter().map(|seed| [*seed; 32]).collect();
        Cursors::new(keys.iter().map(|key| key.as_slice())).unwrap()
    }

    #[test]
    fn a_cursor_opens_only_where_it_was_made_for() {
        let cursors = cursors(&[7]);
        let cursor = Cursor { epoch: Epoch([9; 8]), position: 12, day: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap() };
        let maria = person("https://a", "maria");
        let text = cursors.seal_cursor(&bound(&maria, "feed"), cursor).unwrap();
        assert_eq!(text.len(), 48);
        assert_eq!(text, cursors.seal_cursor(&bound(&maria, "feed"), cursor).unwrap());
        assert_eq!(cursors.open_cursor(&bound(&maria, "feed"), &text).unwrap(), cursor);
        let others = [person("https://a", "marian"), person("https://am", "aria"), person("https://b", "maria")];
        let client = Principal::Machine { client_id: Uuid::from_u128(2).into(), kind: ClientKind::Sis, district_id: None };
        let foreign = [bound(&maria, "ilpStatus"), Bound { district: Uuid::from_u128(3).into(), ..bound(&maria, "feed") }, bound(&client, "feed")];
        let foreign = others.iter().map(|other| bound(other, "feed")).chain(foreign);
        for foreign in foreign {
            assert!(matches!(cursors.open_cursor(&foreign, &text), Err(Error::BadCursor)), "{foreign:?}");
        }
    }

    #[test]
    fn a_damaged_cursor_is_refused() {
        let (cursors, maria) = (cursors(&[7]), person("https://a", "maria"));
        let text = cursors.seal_id(&bound(&maria, "goals"), Uuid::from_u128(5)).unwrap();
        assert_eq!(cursors.open_id(&bound(&maria, "goals"), &text).unwrap(), Uuid::from_u128(5));
        assert!(matches!(cursors.open_cursor(&bound(&maria, "goals"), &text), Err(Error::BadCursor)));
        for n in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[n] = if other[n] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(matches!(cursors.open_id(&bound(&maria, "goals"), &other), Err(Error::BadCursor)), "{other}");
        }
        for text in ["", "=", "not base64!", "AAAA", &"A".repeat(10_000)] {
            assert!(matches!(cursors.open_id(&bound(&maria, "goals"), text), Err(Error::BadCursor)), "{text}");
        }
    }

    #[test]
    fn after_a_new_key_older_cursors_still_open() {
        let maria = person("https://a", "maria");
        let text = cursors(&[7]).seal_id(&bound(&maria, "goals"), Uuid::from_u128(5)).unwrap();
        assert_eq!(cursors(&[8, 7]).open_id(&bound(&maria, "goals"), &text).unwrap(), Uuid::from_u128(5));
        assert!(matches!(cursors(&[8]).open_id(&bound(&maria, "goals"), &text), Err(Error::BadCursor)));
    }
}
