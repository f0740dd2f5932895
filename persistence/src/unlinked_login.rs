//! Logins with a valid token that are nobody's: the queue that the custodian looks through.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::code::{Subject, WebAddress};
use openilp_domain::id::{PersonId, UnlinkedLoginId};
use openilp_domain::identity_link::{IdentityLink, NewIdentityLink};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::text::ShortText;
use openilp_domain::unlinked_login::{UnlinkedLogin, UnlinkedReason};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::intake::Login;
use crate::journal::Change;
use crate::schema::unlinked_logins::dsl;
use crate::{identity_link, statement};

/// How many logins of one issuer wait at most: whoever can make logins there cannot fill the district's disk.
const MOST: i64 = 1000;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::issuer,
            dsl::subject,
            dsl::reason,
            dsl::times_seen,
            dsl::first_seen_at,
            dsl::last_seen_at,
            dsl::version,
            dsl::claim_value,
            dsl::dismissed_at,
        )
    };
}

statement! {
    /// Notes that a login came: a new row if there is room, else once a minute at most in its own.
    Seen {
        district: SqlUuid = Uuid, id: SqlUuid = Uuid, issuer: Text = String, subject: Text = String, value: Nullable<Text> = Option<String>,
        reason: Text = String, at: Timestamptz = DateTime<Utc>, most: Int8 = i64
    } -> (SqlUuid)
    "insert into unlinked_logins as u (district_id, id, issuer, subject, claim_value, reason, times_seen, first_seen_at, last_seen_at, version)
     select $1, $2, $3, $4, $5, $6, 1, $7, $7, 1
      where (select count(*) from unlinked_logins where district_id = $1 and issuer = $3) < $8
         or exists (select from unlinked_logins where district_id = $1 and issuer = $3 and subject = $4)
     on conflict (district_id, issuer, subject) do update
        set reason = case when u.dismissed_at is null then excluded.reason else u.reason end, claim_value = excluded.claim_value,
            times_seen = u.times_seen + 1, last_seen_at = excluded.last_seen_at, version = u.version + 1
      where u.last_seen_at <= excluded.last_seen_at - interval '1 minute'
     returning u.id"
}

statement! {
    /// Dismisses a login before it comes again, if its issuer would have it linked by itself.
    KeepOut { district: SqlUuid = Uuid, id: SqlUuid = Uuid, issuer: Text = String, subject: Text = String, reason: Text = String, at: Timestamptz = DateTime<Utc> }
    -> (Bool)
    "insert into unlinked_logins as u
            (district_id, id, issuer, subject, reason, times_seen, first_seen_at, last_seen_at, dismissed_at, version)
     select $1, $2, $3, $4, $5, 0, $6, $6, $6, 1 from issuers where issuer = $3 and district_id = $1 and match_claim is not null
     on conflict (district_id, issuer, subject) do update set reason = excluded.reason, dismissed_at = excluded.dismissed_at, version = u.version + 1
     returning true"
}

statement! {
    /// Takes logins that are linked by now out of the queue.
    Forget { district: SqlUuid = Uuid, subjects: Array<Text> = Vec<String> } -> (SqlUuid)
    "delete from unlinked_logins u using identity_links l
      where u.district_id = $1 and u.subject = any($2) and l.district_id = $1 and l.issuer = u.issuer and l.subject = u.subject returning u.id"
}

/// Notes that a login came and why it is nobody's. When as many wait as may, a new one is only logged.
pub(crate) async fn seen(tx: &Tx<'_>, login: Login<'_>, reason: UnlinkedReason) -> Result<()> {
    let mut conn = tx.conn;
    let value = login.claimed.and_then(|value| ShortText::parse(value).ok()).map(|value| value.as_str().to_owned());
    let (issuer, subject, id) = (login.issuer.to_owned(), login.subject.to_owned(), tx.id());
    let seen = Seen { district: tx.district.0, id, issuer, subject, value, reason: reason.word().to_owned(), at: tx.at, most: MOST };
    if seen.load::<(Uuid,)>(&mut conn).await?.is_empty() {
        tracing::debug!(district = %tx.district, issuer = login.issuer, "an unlinked login came again, or too many wait");
    }
    Ok(())
}

/// Dismisses a login whose link was taken away, where its issuer's rule would link it again.
pub(crate) async fn keep_out(tx: &Tx<'_>, issuer: &str, subject: &str, reason: UnlinkedReason) -> Result<()> {
    let mut conn = tx.conn;
    let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
    let keep_out = KeepOut { district: tx.district.0, id: tx.id(), issuer, subject, reason: reason.word().to_owned(), at: tx.at };
    keep_out.load::<(bool,)>(&mut conn).await?;
    Ok(())
}

/// Takes logins that are linked by now out of the queue.
pub(crate) async fn forget(tx: &Tx<'_>, subjects: Vec<String>) -> Result<()> {
    let mut conn = tx.conn;
    Forget { district: tx.district.0, subjects }.load::<(Uuid,)>(&mut conn).await?;
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: UnlinkedLoginId) -> Result<UnlinkedLogin> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    dsl::unlinked_logins.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of those that wait, or of those that were dismissed.
pub async fn list(tx: &Tx<'_>, grant: &Grant, dismissed: bool, page: PageOf) -> Result<Page<UnlinkedLogin>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let rows = dsl::unlinked_logins
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .filter(dsl::dismissed_at.is_not_null().eq(dismissed))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!());
    Ok(Page::cut(rows.load::<UnlinkedLogin>(&mut conn).await?, page.limit, |login| login.id.0))
}

/// Says that a login is nobody's here. Dismissed already, it stays as it is.
pub async fn dismiss(tx: &Tx<'_>, _: &Granted<'_>, id: UnlinkedLoginId) -> Result<UnlinkedLogin> {
    let mut conn = tx.conn;
    let found = dsl::unlinked_logins.find((tx.district, id)).select(columns!()).for_update().first::<UnlinkedLogin>(&mut conn).await.optional()?;
    let found = found.ok_or(Error::NotFound)?;
    if found.dismissed_at.is_some() {
        return Ok(found);
    }
    let dismissed = diesel::update(dsl::unlinked_logins.find((tx.district, id)))
        .set((dsl::dismissed_at.eq(Some(tx.at)), dsl::version.eq(found.version + 1)))
        .returning(columns!())
        .get_result::<UnlinkedLogin>(&mut conn)
        .await?;
    tx.note(Change::of(Kind::UnlinkedLogin, dismissed.id, dismissed.version, Operation::Amended, &dismissed)?);
    Ok(dismissed)
}

/// Says whose a login is. It leaves the queue with that.
pub async fn link(tx: &Tx<'_>, granted: &Granted<'_>, id: UnlinkedLoginId, person_id: PersonId) -> Result<IdentityLink> {
    let mut conn = tx.conn;
    let login = dsl::unlinked_logins.find((tx.district, id)).select((dsl::issuer, dsl::subject)).for_update();
    let found = login.first::<(WebAddress, Subject)>(&mut conn).await.optional()?;
    let (issuer, subject) = found.ok_or(Error::NotFound)?;
    identity_link::create(tx, granted, NewIdentityLink { issuer, subject, person_id }).await
}
