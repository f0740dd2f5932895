//! What a student asks about a section and those who stand in a relation (R138, access.md 5.3 (v)): to hide it from them, or to open it to them.

use chrono::{DateTime, Utc};

use crate::access::matrix::choice_of;
use crate::access::{Choice, Relation, Section};
use crate::id::{PersonId, PrivacyPreferenceId, StudentId};
use crate::invalid::Invalid;
use crate::noun::Sectioned;

crate::view! {
    /// What a student asks about a section and those who stand in a relation.
    PrivacyPreference
    required {
        /// The id.
        id: PrivacyPreferenceId,
        /// The student.
        student_id: StudentId,
        /// The section.
        section: Section,
        /// Who it is hidden from, or opened to.
        relation: Relation,
        /// Which of the two.
        choice: Choice,
        /// Who asked: the student.
        created_by: PersonId,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "section": "S8",
        "relation": "supportSpecialist",
        "choice": "open",
        "createdBy": crate::wire_example_id(),
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

impl Sectioned for PrivacyPreference {
    fn section(&self) -> Section {
        Section::Privacy
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        Some(self.created_by)
    }
}

crate::body! {
    /// What the student asks. Where the policy leaves no choice, the answer says what may be chosen.
    NewPrivacyPreference
    required {
        /// The section.
        section: Section,
        /// Who it is hidden from, or opened to.
        relation: Relation,
        /// Which of the two: what the policy shows may be hidden, what it does not show may be opened.
        choice: Choice,
    }
    defaulted {}
    optional {}
    example { "section": "S8", "relation": "supportSpecialist", "choice": "open" }
    check |new| {
        match choice_of(new.relation, new.section) {
            Some(choice) if choice == new.choice => Invalid::default(),
            Some(choice) => Invalid::one("/choice", "not_to_choose", format!("Here you may only choose: {choice}.")),
            None => Invalid::one("/relation", "not_to_choose", may_choose(new.section)),
        }
    }
}

/// What the student may choose in a section, for a person.
fn may_choose(section: Section) -> String {
    let choices = Relation::ALL.iter().filter_map(|relation| Some(format!("{} for {relation}", choice_of(*relation, section)?)));
    let choices: Vec<_> = choices.collect();
    if choices.is_empty() {
        return format!("The policy leaves you no choice in {section}.");
    }
    format!("In {section} you may choose: {}.", choices.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::{Value, json};

    fn fault(sent: Value) -> String {
        let Err(invalid) = NewPrivacyPreference::read(sent) else { panic!("accepted") };
        invalid.to_string()
    }

    #[test]
    fn a_student_chooses_only_what_the_policy_leaves_open_and_is_told_what_that_is() {
        assert!(NewPrivacyPreference::read(NewPrivacyPreference::example()).is_ok());
        assert!(NewPrivacyPreference::read(json!({ "section": "S8", "relation": "gatekeeper", "choice": "hide" })).is_ok());
        let turned = fault(json!({ "section": "S8", "relation": "gatekeeper", "choice": "open" }));
        assert_eq!(turned, "/choice: Here you may only choose: hide.");
        let own_guardian = fault(json!({ "section": "S8", "relation": "guardian", "choice": "hide" }));
        assert!(own_guardian.contains("hide for gatekeeper") && own_guardian.contains("open for teacher"), "{own_guardian}");
        assert_eq!(fault(json!({ "section": "S0", "relation": "teacher", "choice": "hide" })), "/relation: The policy leaves you no choice in S0.");
    }

    #[test]
    fn every_fault_of_a_preference_is_named() {
        let Err(invalid) = NewPrivacyPreference::read(json!({ "section": "S99", "relation": "friend", "x": 1 })) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/section", "/relation", "/choice", "/x"]);
    }
}
