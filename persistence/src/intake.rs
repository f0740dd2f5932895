//! How logins are matched to people by themselves: a claim of the issuer's tokens names a person, or the login waits for the custodian.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{DistrictId, PersonId};
use openilp_domain::identity::ClaimMatching;
use openilp_domain::unlinked_login::UnlinkedReason;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::Result;
use crate::{identity_link, statement, unlinked_login};

/// A login as its token says it.
#[derive(Clone, Copy)]
pub struct Login<'l> {
    /// The `iss`.
    pub issuer: &'l str,
    /// The `sub`.
    pub subject: &'l str,
    /// What the claim of the issuer's rule says, if the token has it.
    pub claimed: Option<&'l str>,
}

statement! {
    /// Whether the login is linked, and whether it was dismissed.
    Standing { district: SqlUuid = Uuid, issuer: Text = String, subject: Text = String } -> (Bool, Bool)
    "select exists (select from identity_links where district_id = $1 and issuer = $2 and subject = $3),
            exists (select from unlinked_logins where district_id = $1 and issuer = $2 and subject = $3 and dismissed_at is not null)"
}

statement! {
    /// Whom an identifier names, and whether they are active and their source still names them so.
    OfIdentifier { district: SqlUuid = Uuid, system: Text = String, value: Text = String } -> (SqlUuid, Bool)
    "select p.id, p.active and e.ended_on is null
       from external_identifiers e join people p on p.district_id = e.district_id and p.id = e.target_id
      where e.district_id = $1 and e.system = $2 and e.kind = 'person' and e.value = $3"
}

statement! {
    /// Who has an e-mail address. More than two active ones make no difference.
    OfAddress { district: SqlUuid = Uuid, address: Text = String } -> (SqlUuid, Bool)
    "select id, active from people where district_id = $1 and email is not null and lower(email) = lower($2) order by active desc, id limit 2"
}

statement! {
    /// Whether the person is active. Their row is locked, so that one login at a time is linked to them.
    Locked { district: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (Bool)
    "select active from people where district_id = $1 and id = $2 for no key update"
}

statement! {
    /// Whether the person has a login of the issuer, and whether another record was merged into theirs. Asked after the lock, in a statement of its
    /// own: the one that waits for a lock goes on seeing what was there before it waited.
    HasLogin { district: SqlUuid = Uuid, person: SqlUuid = Uuid, issuer: Text = String } -> (Bool, Bool)
    "select exists (select from identity_links where district_id = $1 and person_id = $2 and issuer = $3),
            exists (select from person_merges where district_id = $1 and kept_id = $2 and undone_at is null)"
}

/// Finds whose login it is, if that is not known yet, and links it: once, however many requests come at a time. What cannot be linked waits for the
/// custodian. False if it is nobody's.
pub async fn settle(db: &Db, at: DateTime<Utc>, district: DistrictId, rule: &ClaimMatching, login: Login<'_>) -> Result<bool> {
    db.system(district, at, async |tx| {
        let mut conn = tx.conn;
        let standing = Standing { district: district.0, issuer: login.issuer.to_owned(), subject: login.subject.to_owned() };
        let (linked, dismissed) = standing.get_result::<(bool, bool)>(&mut conn).await?;
        if linked {
            return Ok(true);
        }
        let found = if dismissed { Err(UnlinkedReason::Nobody) } else { person(tx, rule, login).await? };
        match found {
            Ok(person) => {
                // Whoever was first with the same login has linked it.
                identity_link::link(tx, login.issuer, login.subject, person, format!("claim {}", rule.claim)).await?;
                Ok(true)
            }
            Err(reason) => {
                unlinked_login::seen(tx, login, reason).await?;
                Ok(false)
            }
        }
    })
    .await
}

/// Whom the claim names, or why nobody is linked.
async fn person(tx: &Tx<'_>, rule: &ClaimMatching, login: Login<'_>) -> Result<std::result::Result<PersonId, UnlinkedReason>> {
    let Some(value) = login.claimed else { return Ok(Err(UnlinkedReason::NoClaim)) };
    let mut conn = tx.conn;
    let value = value.to_owned();
    let named: Vec<(Uuid, bool)> = match &rule.system {
        Some(system) => OfIdentifier { district: tx.district.0, system: system.as_str().to_owned(), value }.load(&mut conn).await?,
        None => OfAddress { district: tx.district.0, address: value }.load(&mut conn).await?,
    };
    let person = match named.as_slice() {
        [] => return Ok(Err(UnlinkedReason::Nobody)),
        [(_, true), (_, true)] => return Ok(Err(UnlinkedReason::Several)),
        [(person, true), ..] => *person,
        _ => return Ok(Err(UnlinkedReason::Inactive)),
    };
    let district = tx.district.0;
    if !(Locked { district, person }).get_result::<(bool,)>(&mut conn).await?.0 {
        return Ok(Err(UnlinkedReason::Inactive));
    }
    let has_login = HasLogin { district, person, issuer: login.issuer.to_owned() };
    Ok(match has_login.get_result::<(bool, bool)>(&mut conn).await? {
        (true, _) => Err(UnlinkedReason::LinkedAlready),
        // Of which of the two records the login is, the custodian says.
        (_, true) => Err(UnlinkedReason::PersonMerged),
        _ => Ok(person.into()),
    })
}
