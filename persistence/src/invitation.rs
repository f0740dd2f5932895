//! Invitations. A code is kept as its SHA-256 only and found by it; a login that goes on guessing is refused for an hour.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Int4, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::{InvitationId, PersonId};
use openilp_domain::invalid::Invalid;
use openilp_domain::invitation::{Invitation, NewInvitation};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::principal::Principal;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::idempotency::Key;
use crate::journal::Change;
use crate::request::{Reply, Request};
use crate::schema::invitations::dsl;
use crate::schema::{invitation_attempts, people};
use crate::{identity_link, statement};

/// How many codes a login may try within an hour.
pub const ATTEMPTS_MAX: i32 = 10;

macro_rules! columns {
    () => {
        (dsl::id, dsl::person_id, dsl::expires_at, dsl::version, dsl::created_at, dsl::updated_at, dsl::redeemed_at)
    };
}

type Row = (InvitationId, PersonId, DateTime<Utc>, i32, DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>);

fn invitation((id, person_id, expires_at, version, created_at, updated_at, redeemed_at): Row) -> Invitation {
    Invitation { id, person_id, expires_at, version, created_at, updated_at, redeemed_at, code: None }
}

fn note(tx: &Tx<'_>, operation: Operation, invitation: &Invitation) -> Result<()> {
    tx.note(Change::of(Kind::Invitation, invitation.id, invitation.version, operation, invitation)?);
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: InvitationId) -> Result<Invitation> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let row = dsl::invitations.find((tx.district, id)).select(columns!()).first::<Row>(&mut conn).await.optional()?;
    row.map(invitation).ok_or(Error::NotFound)
}

/// A page of the district's, or of one person's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, person: Option<PersonId>, page: PageOf) -> Result<Page<Invitation>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let mut rows = dsl::invitations
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    if let Some(person) = person {
        rows = rows.filter(dsl::person_id.eq(person));
    }
    let invitations = rows.load::<Row>(&mut conn).await?.into_iter().map(invitation).collect();
    Ok(Page::cut(invitations, page.limit, |invitation: &Invitation| invitation.id.0))
}

/// Whether there is such a person, and active. Their row is locked: no merge comes between.
async fn is_active(tx: &Tx<'_>, person: PersonId) -> Result<Option<bool>> {
    let mut conn = tx.conn;
    let row = people::table.find((tx.district, person)).select(people::active).for_no_key_update();
    Ok(row.first::<bool>(&mut conn).await.optional()?)
}

/// Invites somebody who is active in the district, with a code of which the hash is given.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewInvitation, code_hash: Vec<u8>) -> Result<Invitation> {
    if is_active(tx, new.person_id).await? == Some(false) {
        return Err(Error::Conflict { code: "person_inactive", detail: "This person is not active in the district." });
    }
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::invitations)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::person_id.eq(new.person_id),
            dsl::code_hash.eq(code_hash),
            dsl::expires_at.eq(tx.at + TimeDelta::days(i64::from(new.valid_days))),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await?;
    let created = invitation(created);
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Takes an invitation back, if it still has the version that the caller saw: its code is worth nothing from the commit on.
pub async fn remove(tx: &Tx<'_>, _: &Granted<'_>, id: InvitationId, version: i32) -> Result<()> {
    let mut conn = tx.conn;
    let row = dsl::invitations.find((tx.district, id)).select(columns!()).for_update().first::<Row>(&mut conn).await.optional()?;
    let found = row.map(invitation).ok_or(Error::NotFound)?;
    if found.version != version {
        return Err(Error::Stale);
    }
    diesel::delete(dsl::invitations.find((tx.district, id))).execute(&mut conn).await?;
    note(tx, Operation::Removed, &found)
}

statement! {
    /// Counts an attempt of a login; an hour after its first it begins anew.
    Attempt { district: SqlUuid = Uuid, issuer: Text = String, subject: Text = String, at: Timestamptz = DateTime<Utc> } -> (Int4)
    "insert into invitation_attempts as a (district_id, issuer, subject, attempts, since) values ($1, $2, $3, 1, $4)
     on conflict (district_id, issuer, subject) do update
        set attempts = case when a.since <= excluded.since - interval '1 hour' then 1 else a.attempts + 1 end,
            since = case when a.since <= excluded.since - interval '1 hour' then excluded.since else a.since end
     returning attempts"
}

/// Redeems an invitation with the login of the request: from then on it is the invited person's, by any right that they have anyway. It counts
/// once, however many come with its code at a time. Whether the code is unknown, used, expired or taken back is not told.
pub async fn redeem(db: &Db, request: &Request, key: &Key, code_hash: Vec<u8>, reply: impl FnOnce(&Invitation) -> Reply) -> Result<Reply> {
    let Principal::Person { issuer, subject, .. } = &request.principal else { return Err(Error::Forbidden) };
    // In a transaction of its own: an attempt that fails counts.
    let attempts = db.system(request.district, request.at, async |tx| attempt(tx, issuer, subject).await).await?;
    if attempts > ATTEMPTS_MAX {
        return Err(Error::TooOften);
    }
    db.newcomer(request, key, async |tx, known| {
        let invited = open(tx, code_hash).await?;
        match known {
            // Of the same person, it is used up; somebody else's login is not the invited person's.
            Some(person) if person == invited.person_id => {}
            Some(_) => return Err(Error::Forbidden),
            None => {
                let reason = format!("invitation {}", invited.id);
                let linked = identity_link::link(tx, issuer, subject, invited.person_id, reason).await?;
                linked.ok_or(Error::Conflict { code: "subject_linked", detail: "This login has just been linked." })?;
            }
        }
        let redeemed = used(tx, &invited).await?;
        forget(tx, issuer, subject).await?;
        Ok((redeemed.person_id, reply(&redeemed)))
    })
    .await
}

/// Counts an attempt, and forgets those of other days.
async fn attempt(tx: &Tx<'_>, issuer: &str, subject: &str) -> Result<i32> {
    use invitation_attempts as a;
    let mut conn = tx.conn;
    let old = a::table.filter(a::district_id.eq(tx.district.0)).filter(a::since.lt(tx.at - TimeDelta::days(1)));
    diesel::delete(old).execute(&mut conn).await?;
    let attempt = Attempt { district: tx.district.0, issuer: issuer.to_owned(), subject: subject.to_owned(), at: tx.at };
    Ok(attempt.get_result::<(i32,)>(&mut conn).await?.0)
}

async fn forget(tx: &Tx<'_>, issuer: &str, subject: &str) -> Result<()> {
    use invitation_attempts as a;
    let mut conn = tx.conn;
    let own = a::table.filter(a::district_id.eq(tx.district.0)).filter(a::issuer.eq(issuer)).filter(a::subject.eq(subject));
    diesel::delete(own).execute(&mut conn).await?;
    Ok(())
}

/// Whether another record was merged into the person's since: the invitation was to that person as they were.
async fn is_merged_since(tx: &Tx<'_>, invited: &Invitation) -> Result<bool> {
    use crate::schema::person_merges::dsl as m;
    let mut conn = tx.conn;
    let merges = m::person_merges.filter(m::district_id.eq(tx.district.0)).filter(m::kept_id.eq(invited.person_id.0)).filter(m::undone_at.is_null());
    let since = merges.filter(m::id.gt(invited.id.0));
    Ok(diesel::select(diesel::dsl::exists(since)).get_result::<bool>(&mut conn).await?)
}

/// The invitation with that code, locked, if it is open and its person active, and no other record was merged into theirs since.
async fn open(tx: &Tx<'_>, code_hash: Vec<u8>) -> Result<Invitation> {
    let mut conn = tx.conn;
    let row = dsl::invitations.filter(dsl::district_id.eq(tx.district)).filter(dsl::code_hash.eq(code_hash)).select(columns!()).for_update();
    let found = row.first::<Row>(&mut conn).await.optional()?.map(invitation);
    let refused = || Error::Invalid(Invalid::one("/code", "code_not_accepted", "There is no open invitation with this code in this district."));
    let found = found.filter(|invitation| invitation.redeemed_at.is_none() && tx.at < invitation.expires_at).ok_or_else(refused)?;
    let good = is_active(tx, found.person_id).await? == Some(true) && !is_merged_since(tx, &found).await?;
    if good { Ok(found) } else { Err(refused()) }
}

async fn used(tx: &Tx<'_>, invited: &Invitation) -> Result<Invitation> {
    let mut conn = tx.conn;
    let row = diesel::update(dsl::invitations.find((tx.district, invited.id)))
        .set((dsl::redeemed_at.eq(Some(tx.at)), dsl::version.eq(invited.version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await?;
    let redeemed = invitation(row);
    note(tx, Operation::Amended, &redeemed)?;
    Ok(redeemed)
}
