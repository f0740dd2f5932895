//! Offices in schools and the district. An operator appoints the first custodian, by the district in the path; the custodian
//! keeps the offices of their own district.

use openilp_domain::appointment::{Appointment, AppointmentPatch, NewAppointment};
use openilp_domain::id::AppointmentId;
use openilp_persistence::appointment;

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Query};
use crate::guard::{DistrictDeed, ManageRelations, May, OneAppointment, Operate, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::routes::{About, Routes};

async fn list<D: DistrictDeed>(may: May<D>, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<Appointment>>> {
    let page = page_of(may.call(), &params).await?;
    let found = may.read(async |tx, grant| Ok((appointment::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read<D: DistrictDeed>(may: May<D>, path: PathId<OneAppointment>, _: Query<NoParams>) -> Outcome<Found<Viewed<Appointment>>> {
    let found = may.read(async |tx, grant| Ok((appointment::read(tx, grant, AppointmentId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create<D: DistrictDeed>(
    may: May<D>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewAppointment>,
) -> Outcome<Created<Viewed<Appointment>>> {
    let Body { value: new, hash } = body;
    let beneath = may.call().path.clone();
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = appointment::create(tx, granted, new).await?;
            Ok(created(made.version, format!("{beneath}/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn amend<D: DistrictDeed>(
    may: May<D>,
    path: PathId<OneAppointment>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<AppointmentPatch>,
) -> Outcome<Amended<Viewed<Appointment>>> {
    let reply = may
        .write(None, async |tx, granted| {
            let changed = appointment::amend(tx, granted, AppointmentId(path.id), version, patch).await?;
            Ok(amended(changed.version, &changed))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of offices.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get(
        "/v1/appointments",
        list::<ManageRelations>,
        About { id: "list_appointments", summary: "List the offices held in your district", text: "" },
    );
    r.post(
        "/v1/appointments",
        create::<ManageRelations>,
        About { id: "create_appointment", summary: "Give a person an office in your district", text: "" },
    );
    r.get(
        "/v1/appointments/{appointmentId}",
        read::<ManageRelations>,
        About { id: "read_appointment", summary: "Read who holds an office", text: "" },
    );
    r.patch(
        "/v1/appointments/{appointmentId}",
        amend::<ManageRelations>,
        About {
            id: "amend_appointment",
            summary: "Change the end of an office",
            text: "`validTo` is the day on which it has ended: today ends it at once.",
        },
    );
    r.tag("operator");
    r.get(
        "/v1/districts/{districtId}/appointments",
        list::<Operate>,
        About { id: "list_district_appointments", summary: "List the offices held in a district", text: "" },
    );
    r.post(
        "/v1/districts/{districtId}/appointments",
        create::<Operate>,
        About {
            id: "create_district_appointment",
            summary: "Give a person an office in a district",
            text: "The first records custodian is appointed so; further offices are the custodian's to give.",
        },
    );
    r.get(
        "/v1/districts/{districtId}/appointments/{appointmentId}",
        read::<Operate>,
        About { id: "read_district_appointment", summary: "Read who holds an office in a district", text: "" },
    );
    r.patch(
        "/v1/districts/{districtId}/appointments/{appointmentId}",
        amend::<Operate>,
        About {
            id: "amend_district_appointment",
            summary: "Change the end of an office in a district",
            text: "`validTo` is the day on which it has ended: today ends it at once.",
        },
    );
}
