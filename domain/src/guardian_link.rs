//! Who is a parent or guardian of a student, and with which rights (34 CFR 99.4, L9). A link from the roster grants nothing
//! until the district's custodian confirms it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::Rights;
use crate::id::{GuardianLinkId, PersonId, SchoolId, StudentId};
use crate::invalid::Invalid;
use crate::patch::Patch;
use crate::text::ShortText;
use crate::time::period_faults;

crate::view! {
    /// A guardian's link to a student.
    GuardianLink
    required {
        /// The id.
        id: GuardianLinkId,
        /// The student.
        student_id: StudentId,
        /// The parent or guardian.
        guardian_id: PersonId,
        /// Full, or none where a court order or similar binding document says so.
        rights: Rights,
        /// The first day.
        valid_from: NaiveDate,
        /// Who says so: the roster's source, or the custodian.
        source: ShortText,
        /// Whether the source says something else now, or nothing any more of a link that goes on.
        differs: bool,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// Where the order is kept, where rights are none.
        order_reference: ShortText,
        /// When the district confirmed it. Unconfirmed links grant nothing.
        confirmed_at: DateTime<Utc>,
        /// Who confirmed it.
        confirmed_by: PersonId,
        /// The day on which it has ended.
        valid_to: NaiveDate,
        /// What the guardian is to the student, in the source's word: `mother`, `legalGuardian` …
        relationship: String,
        /// What the rights rest on: `courtOrder`, `statute`, `bindingDocument`, `declared`, or an `ext:` word.
        evidence: String,
        /// The source that speaks of the link. What it says now stands in the members that follow; a confirmed link is never changed by it.
        claim_source: String,
        /// The rights, as the source says.
        claimed_rights: Rights,
        /// What they rest on, as the source says.
        claimed_evidence: String,
        /// Where the document is kept, as the source says.
        claimed_reference: String,
        /// The first day, as the source says.
        claimed_valid_from: NaiveDate,
        /// The day on which it has ended, as the source says.
        claimed_valid_to: NaiveDate,
        /// The day on which the source stopped speaking of the link.
        claim_ended_on: NaiveDate,
        /// The day until which the student is documented as this guardian's dependent for taxes. Until then the guardian still reads once the rights have
        /// passed to the student (34 CFR 99.31(a)(8)).
        dependent_until: NaiveDate,
        /// Where that is documented.
        dependent_reference: ShortText,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "guardianId": crate::wire_example_id(),
        "rights": "full",
        "validFrom": "2026-08-15",
        "source": "custodian",
        "differs": false,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "confirmedAt": "2026-09-01T15:04:05Z",
        "confirmedBy": crate::wire_example_id()
    }
}

crate::body! {
    /// A guardian link as the custodian makes it: confirmed at once.
    NewGuardianLink
    required {
        /// The student.
        student_id: StudentId,
        /// The parent or guardian.
        guardian_id: PersonId,
    }
    defaulted {
        /// Full if left out. None needs a reference to the order.
        rights: Rights = Rights::Full,
    }
    optional {
        /// Where the order is kept.
        order_reference: ShortText,
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "studentId": crate::wire_example_id(),
        "guardianId": crate::wire_example_id(),
        "rights": "full",
        "validFrom": "2026-08-15"
    }
    check |new| {
        let mut invalid = Invalid::default();
        order_faults(new.rights, new.order_reference.as_ref(), &mut invalid);
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to a guardian link: what is absent stays, null clears.
    GuardianLinkPatch
    required {
        /// Full, or none where an order says so.
        rights: Rights,
    }
    optional {
        /// Where the order is kept.
        order_reference: ShortText,
        /// The day on which it has ended.
        valid_to: NaiveDate,
        /// The day until which the student is documented as this guardian's dependent for taxes (34 CFR 99.31(a)(8)).
        dependent_until: NaiveDate,
        /// Where that is documented.
        dependent_reference: ShortText,
    }
    example { "rights": "none", "orderReference": "Order 2026-117, custodian's safe" }
}

impl GuardianLink {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &GuardianLinkPatch) -> Invalid {
        let mut invalid = Invalid::default();
        // What the roster brought without a reference may still be ended.
        if patch.rights.is_some() || patch.order_reference != Patch::Keep {
            order_faults(patch.rights.unwrap_or(self.rights), patch.order_reference.after(self.order_reference.as_ref()), &mut invalid);
        }
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        let until = patch.dependent_until.after(self.dependent_until.as_ref());
        match (until, patch.dependent_reference.after(self.dependent_reference.as_ref())) {
            (Some(_), None) => invalid.push("/dependentReference", "missing", "Say where it is documented that the student is a dependent."),
            (None, Some(_)) => invalid.push("/dependentUntil", "missing", "Say until when the student is a dependent."),
            _ => {}
        }
        invalid
    }
}

/// Both parents have full rights unless the school holds an order (34 CFR 99.4): so it must say where.
fn order_faults(rights: Rights, order: Option<&ShortText>, invalid: &mut Invalid) {
    if rights == Rights::None && order.is_none() {
        invalid.push("/orderReference", "missing", "Say where the order is kept that takes the rights away.");
    }
}

crate::body! {
    /// Which guardian links to confirm: those named, or all unconfirmed ones of a school's students.
    GuardianLinkConfirmations
    required {}
    defaulted {
        /// Whether rights, evidence and days are taken over as the source gives them now, of confirmed links too. A link that its source no longer names
        /// ends then. Such links are named one by one: over a whole school it would give back what an order has taken.
        as_claimed: bool = false,
    }
    optional {
        /// The links.
        guardian_link_ids: Vec<GuardianLinkId>,
        /// The school.
        school_id: SchoolId,
    }
    example { "schoolId": crate::wire_example_id() }
    check |sent| {
        let mut invalid = one_of(sent.guardian_link_ids.is_some(), sent.school_id.is_some(), "guardianLinkIds or schoolId");
        if sent.as_claimed && sent.guardian_link_ids.is_none() {
            invalid.push("/asClaimed", "needs_ids", "What a source says is taken over for links that are named in guardianLinkIds.");
        }
        invalid
    }
}

/// Exactly one of two members must be there.
pub(crate) fn one_of(first: bool, second: bool, names: &str) -> Invalid {
    if first == second { Invalid::one("", "exactly_one", format!("Send either {names}, and not both.")) } else { Invalid::default() }
}

crate::view! {
    /// What a confirmation of many did.
    Confirmations
    required {
        /// How many are confirmed now and were not before.
        confirmed: i32,
        /// How many were confirmed already.
        unchanged: i32,
        /// How many of the ids name nothing in the district.
        unknown: i32,
    }
    optional {}
    example { "confirmed": 118, "unchanged": 2, "unknown": 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::{Value, json};

    fn pointers(sent: Value) -> Vec<String> {
        NewGuardianLink::read(sent).err().map(|invalid| invalid.0.into_iter().map(|f| f.pointer).collect()).unwrap_or_default()
    }

    #[test]
    fn every_fault_of_a_new_link_is_named() {
        assert_eq!(
            pointers(json!({ "studentId": "x", "rights": "some", "validTo": "soon", "x": 1 })),
            ["/studentId", "/guardianId", "/rights", "/validTo", "/x"]
        );
        let id = crate::wire_example_id();
        let sent = json!({ "studentId": id, "guardianId": id, "rights": "none", "validFrom": "2026-09-01", "validTo": "2026-08-31" });
        assert_eq!(pointers(sent), ["/orderReference", "/validTo"]);
    }

    #[test]
    fn l9_rights_are_taken_away_by_an_order_only() {
        let mut link = GuardianLink {
            id: GuardianLinkId(uuid::Uuid::nil()),
            student_id: StudentId(uuid::Uuid::nil()),
            guardian_id: PersonId(uuid::Uuid::max()),
            rights: Rights::Full,
            valid_from: NaiveDate::MIN,
            source: ShortText::parse("sis").unwrap(),
            differs: false,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            order_reference: None,
            confirmed_at: None,
            confirmed_by: None,
            valid_to: None,
            relationship: None,
            evidence: None,
            claim_source: None,
            claimed_rights: None,
            claimed_evidence: None,
            claimed_reference: None,
            claimed_valid_from: None,
            claimed_valid_to: None,
            claim_ended_on: None,
            dependent_until: None,
            dependent_reference: None,
        };
        let patch = |sent| GuardianLinkPatch::read(sent).unwrap();
        assert_eq!(link.check(&patch(json!({ "rights": "none" }))).0.len(), 1);
        assert!(link.check(&patch(json!({ "rights": "none", "orderReference": "Order 7" }))).0.is_empty());
        link.rights = Rights::None;
        link.order_reference = ShortText::parse("Order 7").ok();
        assert_eq!(link.check(&patch(json!({ "orderReference": null }))).0.len(), 1);
        assert!(link.check(&patch(json!({ "rights": "full", "orderReference": null }))).0.is_empty());
    }

    #[test]
    fn a_confirmation_of_many_names_links_or_a_school() {
        let id = crate::wire_example_id();
        assert!(GuardianLinkConfirmations::read(json!({})).is_err());
        assert!(GuardianLinkConfirmations::read(json!({ "schoolId": id, "guardianLinkIds": [id] })).is_err());
        assert!(GuardianLinkConfirmations::read(json!({ "guardianLinkIds": [id] })).is_ok());
        assert!(GuardianLinkConfirmations::read(json!({ "guardianLinkIds": [] })).is_err());
        assert!(GuardianLinkConfirmations::read(json!({ "guardianLinkIds": [id], "asClaimed": true })).is_ok());
        assert!(GuardianLinkConfirmations::read(json!({ "schoolId": id, "asClaimed": true })).is_err());
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewGuardianLink::read(NewGuardianLink::example()).is_ok());
        assert!(GuardianLinkPatch::read(GuardianLinkPatch::example()).is_ok());
        assert!(GuardianLinkConfirmations::read(GuardianLinkConfirmations::example()).is_ok());
    }
}
