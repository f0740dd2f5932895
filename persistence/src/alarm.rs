//! Alarms: raised by the service ([`crate::watch`], [`crate::cap`]), reviewed by the custodian.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use diesel::sql_types::{Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::alarm::{Alarm, AlarmKind, AlarmReview};
use openilp_domain::id::AlarmId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::Caller;
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::alarms::dsl;
use crate::statement;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::kind,
            dsl::hour,
            dsl::operation,
            dsl::count,
            dsl::threshold,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::person_id,
            dsl::client_id,
            dsl::reviewed_at,
            dsl::reviewed_by,
            dsl::note,
        )
    };
}

statement! {
    /// Raises an alarm, or counts on while nobody has reviewed it. No row: there was nothing to add.
    Raise {
        district: SqlUuid = Uuid, id: SqlUuid = Uuid, at: Timestamptz = DateTime<Utc>, kind: Text = AlarmKind, person: Nullable<SqlUuid> = Option<Uuid>,
        client: Nullable<SqlUuid> = Option<Uuid>, hour: Timestamptz = DateTime<Utc>, operation: Text = String, count: Int4 = i32, threshold: Int4 = i32,
    } -> (SqlUuid, Text, Timestamptz, Text, Int4, Int4, Int4, Timestamptz, Timestamptz, Nullable<SqlUuid>, Nullable<SqlUuid>, Nullable<Timestamptz>,
          Nullable<SqlUuid>, Nullable<Text>)
    "insert into alarms as a (district_id, id, created_at, updated_at, kind, person_id, client_id, hour, operation, count, threshold, version)
     values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, 1)
     on conflict (district_id, person_id, client_id, hour, kind) do update
        set count = excluded.count, operation = excluded.operation, updated_at = excluded.updated_at, version = a.version + 1
      where a.reviewed_at is null and a.count < excluded.count
     returning id, kind, hour, operation, count, threshold, version, created_at, updated_at, person_id, client_id, reviewed_at, reviewed_by, note"
}

/// What is to be told.
#[derive(Clone, Debug)]
pub(crate) struct Unusual {
    pub(crate) kind: AlarmKind,
    /// None: the whole district.
    pub(crate) caller: Option<Caller>,
    /// When; the hour is told.
    pub(crate) at: DateTime<Utc>,
    pub(crate) operation: String,
    pub(crate) count: i32,
    pub(crate) threshold: i32,
}

/// The hour that an instant is in, by its beginning.
pub(crate) fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at)
}

/// Raises an alarm. There is one for each caller, hour and kind, however often and by however many nodes it is raised.
pub(crate) async fn raise(tx: &Tx<'_>, unusual: Unusual) -> Result<()> {
    let mut conn = tx.conn;
    let Unusual { kind, caller, at, operation, count, threshold } = unusual;
    let raise = Raise {
        district: tx.district.0,
        id: tx.id(),
        at: tx.at,
        kind,
        person: caller.and_then(Caller::person).map(Uuid::from),
        client: caller.and_then(Caller::client).map(Uuid::from),
        hour: hour_of(at),
        operation,
        count,
        threshold,
    };
    let Some(alarm) = raise.get_result::<Alarm>(&mut conn).await.optional()? else { return Ok(()) };
    let first = alarm.version == 1;
    if first {
        tracing::warn!(district = %tx.district, %kind, count, threshold, "an alarm was raised");
    }
    note(tx, if first { Operation::Created } else { Operation::Amended }, &alarm)
}

fn note(tx: &Tx<'_>, operation: Operation, alarm: &Alarm) -> Result<()> {
    tx.note(Change::of(Kind::Alarm, alarm.id, alarm.version, operation, alarm)?);
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: AlarmId) -> Result<Alarm> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    dsl::alarms.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of the district's; of those that wait for a review, or of the others, where that is asked.
pub async fn list(tx: &Tx<'_>, grant: &Grant, open: Option<bool>, page: PageOf) -> Result<Page<Alarm>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let mut alarms = dsl::alarms
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    alarms = match open {
        None => alarms,
        Some(true) => alarms.filter(dsl::reviewed_at.is_null()),
        Some(false) => alarms.filter(dsl::reviewed_at.is_not_null()),
    };
    Ok(Page::cut(alarms.load(&mut conn).await?, page.limit, |alarm: &Alarm| alarm.id.0))
}

/// Says what came of an alarm: once, and it stays.
pub async fn review(tx: &Tx<'_>, granted: &Granted<'_>, id: AlarmId, review: AlarmReview) -> Result<Alarm> {
    let mut conn = tx.conn;
    let open = dsl::alarms.find((tx.district, id)).filter(dsl::reviewed_at.is_null());
    let set = (
        dsl::reviewed_at.eq(tx.at),
        dsl::reviewed_by.eq(granted.grant.person()?),
        dsl::note.eq(review.note),
        dsl::updated_at.eq(tx.at),
        dsl::version.eq(dsl::version + 1),
    );
    let reviewed = diesel::update(open).set(set).returning(columns!()).get_result::<Alarm>(&mut conn).await.optional()?;
    let Some(reviewed) = reviewed else {
        read(tx, granted.grant, id).await?;
        return Err(Error::Conflict { code: "already_reviewed", detail: "This alarm was reviewed already." });
    };
    note(tx, Operation::Amended, &reviewed)?;
    Ok(reviewed)
}
