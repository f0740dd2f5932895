//! Offices in schools and the district.

use openilp_domain::access::DistrictAction;
use openilp_domain::appointment::{Appointment, AppointmentPatch, NewAppointment};
use openilp_domain::id::AppointmentId;

use crate::schema::appointments::dsl;

crate::kept! {
    Appointment (AppointmentId, NewAppointment, AppointmentPatch) in appointments {
        id, person_id, kind, valid_from, version, created_at, updated_at, school_id, valid_to
    }
    by {}
    narrowed |rows, _filter| {}
    impl {
        // The first custodian is appointed by an operator, whoever comes later by the custodian too.
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::Operate, DistrictAction::ManageRelations];
    }
}

crate::kept_rows! {
    Appointment (AppointmentId, NewAppointment, AppointmentPatch) in appointments
    create |granted, new| {
        person_id: new.person_id,
        kind: new.kind,
        school_id: new.school_id,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { valid_to }
}
