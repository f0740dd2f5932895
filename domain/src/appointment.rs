//! An office in a school or the district: school manager (R5), coordinator (R54), records custodian.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{AppointmentId, PersonId, SchoolId};
use crate::invalid::Invalid;
use crate::time::period_faults;

crate::words! {
    /// An office.
    Office {
        /// The principal, or whom the principal appointed (R5). Of one school.
        SchoolManager = "schoolManager",
        /// Who coordinates the programme in the district (R54, R60).
        Coordinator = "coordinator",
        /// The records custodian or privacy officer of the district.
        Custodian = "custodian",
    }
}

crate::view! {
    /// An office that a person holds.
    Appointment
    required {
        /// The id.
        id: AppointmentId,
        /// Who holds it.
        person_id: PersonId,
        /// Which office.
        kind: Office,
        /// The first day.
        valid_from: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The school of a school manager.
        school_id: SchoolId,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "kind": "custodian",
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// An office as it is given.
    NewAppointment
    required {
        /// Who holds it.
        person_id: PersonId,
        /// Which office.
        kind: Office,
    }
    defaulted {}
    optional {
        /// The school of a school manager, and of no other.
        school_id: SchoolId,
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "personId": crate::wire_example_id(), "kind": "custodian", "validFrom": "2026-08-15" }
    check |new| {
        let mut invalid = Invalid::default();
        match (new.kind, new.school_id) {
            (Office::SchoolManager, None) => invalid.push("/schoolId", "missing", "A school manager has a school."),
            (Office::Coordinator | Office::Custodian, Some(_)) => invalid.push("/schoolId", "not_for_this_kind", "This office is of the whole district."),
            _ => {}
        }
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to an office: what is absent stays, null clears.
    AppointmentPatch
    required {}
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-06-30" }
}

impl Appointment {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &AppointmentPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn r5_a_school_manager_and_no_other_has_a_school() {
        let id = crate::wire_example_id();
        assert!(NewAppointment::read(json!({ "personId": id, "kind": "schoolManager" })).is_err());
        assert!(NewAppointment::read(json!({ "personId": id, "kind": "schoolManager", "schoolId": id })).is_ok());
        assert!(NewAppointment::read(json!({ "personId": id, "kind": "coordinator", "schoolId": id })).is_err());
    }

    #[test]
    fn every_fault_of_a_new_office_is_named() {
        let Err(invalid) = NewAppointment::read(json!({ "kind": "superintendent", "validTo": 1 })) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/personId", "/kind", "/validTo"]);
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewAppointment::read(NewAppointment::example()).is_ok());
        assert!(AppointmentPatch::read(AppointmentPatch::example()).is_ok());
    }
}
