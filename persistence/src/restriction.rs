//! Orders that keep a person from a student's file. In force for the next decision: `student_relations` states them beside the relations.

use openilp_domain::access::Section;
use openilp_domain::id::{RestrictionId, StudentId};
use openilp_domain::restriction::{NewRestriction, Restriction, RestrictionPatch};

use crate::schema::restrictions::dsl;

crate::kept! {
    Restriction (RestrictionId, NewRestriction, RestrictionPatch) in restrictions {
        id, student_id, person_id, order_reference, valid_from, version, created_at, updated_at, sections, valid_to, created_by
    }
    by { student_id, person_id }
    narrowed |rows, filter| {}
    impl {
        const SECTIONS: &'static str = "S14";
        fn student(&self) -> Option<StudentId> {
            Some(self.student_id)
        }
        fn section(&self) -> Section {
            Section::Privacy
        }
    }
}

crate::kept_rows! {
    Restriction (RestrictionId, NewRestriction, RestrictionPatch) in restrictions
    create |granted, new| {
        student_id: new.student_id,
        person_id: new.person_id,
        sections: new.sections,
        order_reference: new.order_reference,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
        created_by: granted.grant().caller().person(),
    }
    amend { order_reference, sections, valid_to }
}
