//! Offices in schools and the district.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::appointment::{Appointment, AppointmentPatch, NewAppointment};
use openilp_domain::id::AppointmentId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::appointments::dsl;

/// The first custodian is appointed by an operator, whoever comes later by the custodian too.
const BY: &[DistrictAction] = &[DistrictAction::Operate, DistrictAction::ManageRelations];

macro_rules! columns {
    () => {
        (dsl::id, dsl::person_id, dsl::kind, dsl::valid_from, dsl::version, dsl::created_at, dsl::updated_at, dsl::school_id, dsl::valid_to)
    };
}

fn note(tx: &Tx<'_>, operation: Operation, appointment: &Appointment) -> Result<()> {
    tx.note(Change::of(Kind::Appointment, appointment.id, appointment.version, operation, appointment)?);
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: AppointmentId) -> Result<Appointment> {
    grant.demand(BY)?;
    let mut conn = tx.conn;
    dsl::appointments.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of the district's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Appointment>> {
    grant.demand(BY)?;
    let mut conn = tx.conn;
    let rows = dsl::appointments
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!());
    Ok(Page::cut(rows.load::<Appointment>(&mut conn).await?, page.limit, |appointment| appointment.id.0))
}

/// Gives an office.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewAppointment) -> Result<Appointment> {
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::appointments)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::person_id.eq(new.person_id),
            dsl::kind.eq(new.kind),
            dsl::school_id.eq(new.school_id),
            dsl::valid_from.eq(granted.grant().first_day(new.valid_from, new.valid_to)?),
            dsl::valid_to.eq(new.valid_to),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<Appointment>(&mut conn)
        .await?;
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Changes its end, if it still has the version that the caller saw.
pub async fn amend(tx: &Tx<'_>, _: &Granted<'_>, id: AppointmentId, version: i32, patch: AppointmentPatch) -> Result<Appointment> {
    let mut conn = tx.conn;
    let before = dsl::appointments.find((tx.district, id)).select(columns!()).for_update().first::<Appointment>(&mut conn).await.optional()?;
    let before = before.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Stale);
    }
    let faults = before.check(&patch);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let amended = diesel::update(dsl::appointments.find((tx.district, id)))
        .set((patch.valid_to.into_column().map(|value| dsl::valid_to.eq(value)), dsl::version.eq(version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<Appointment>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &amended)?;
    Ok(amended)
}
