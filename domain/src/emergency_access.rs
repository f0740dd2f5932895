//! Access in a health or safety emergency (34 CFR 99.31(a)(10), 99.36; access.md 5.7): declared with its threat, for minutes, to named sections,
//! and reviewed afterwards.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use serde_json::Value;

use crate::access::{Relation, Section};
use crate::field::{Field, wrong};
use crate::id::{EmergencyAccessId, PersonId, StudentId};
use crate::invalid::Invalid;
use crate::text::{LongText, ThreatText};

crate::words! {
    /// What is in danger.
    EmergencyReason {
        /// Somebody's health.
        Health = "health",
        /// Somebody's safety.
        Safety = "safety",
    }
}

/// How many of one person's emergency accesses may wait for their review.
pub const OPEN_MAX: i64 = 3;

/// How long an emergency access lasts: 1 to 60 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes(pub u8);

impl Minutes {
    /// The longest, which is the default.
    pub const MAX: Self = Self(60);
}

impl Field for Minutes {
    fn example() -> Value {
        Self::MAX.0.into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        match value.as_u64().and_then(|minutes| u8::try_from(minutes).ok()) {
            Some(minutes) if (1..=Self::MAX.0).contains(&minutes) => Ok(Self(minutes)),
            _ => wrong("not_minutes", "Must be a whole number of minutes, 1 to 60."),
        }
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(Self::MAX.0))
            .build()
            .into()
    }
}

crate::view! {
    /// An emergency access. It opens the sections named, to read and no more, until it ends.
    EmergencyAccess
    required {
        /// The id.
        id: EmergencyAccessId,
        /// The student.
        student_id: StudentId,
        /// Who declared it and reads by it.
        person_id: PersonId,
        /// By which relation.
        relation: Relation,
        /// What is in danger.
        reason: EmergencyReason,
        /// The articulable and significant threat.
        threat: ThreatText,
        /// Whom the information is given to.
        recipients: LongText,
        /// The sections that it opens, besides that there is a file (S0) and who the student is (S1a).
        sections: Vec<Section>,
        /// When it ends by itself.
        expires_at: DateTime<Utc>,
        /// Whether the family is told only once it is reviewed.
        family_not_told: bool,
        /// The day by which a custodian reviews it: the second weekday after it was declared. No calendar of holidays is kept.
        review_due_on: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was declared.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// When it was ended, before it would have ended by itself.
        ended_at: DateTime<Utc>,
        /// When it was reviewed.
        reviewed_at: DateTime<Utc>,
        /// Who reviewed it: a custodian other than who declared it.
        reviewed_by: PersonId,
        /// What the review found.
        justified: bool,
        /// Why.
        review_note: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "relation": "gatekeeper",
        "reason": "health",
        "threat": "The student collapsed in class and is unconscious; paramedics ask for known conditions.",
        "recipients": "Paramedics of Alder Fire Department",
        "sections": ["S1b", "S10"],
        "expiresAt": "2026-10-15T16:00:00Z",
        "familyNotTold": false,
        "reviewDueOn": "2026-10-19",
        "version": 1,
        "createdAt": "2026-10-15T15:00:00Z",
        "updatedAt": "2026-10-15T15:00:00Z"
    }
}

crate::body! {
    /// An emergency, as it is declared.
    NewEmergencyAccess
    required {
        /// What is in danger.
        reason: EmergencyReason,
        /// The articulable and significant threat: who is in danger, of what, and how it is known.
        threat: ThreatText,
        /// Whom the information is given to.
        recipients: LongText,
        /// The sections that are needed: any of S1b to S13, each once. S0 and S1a come with them; S14 is never opened.
        sections: Vec<Section>,
    }
    defaulted {
        /// For how many minutes; 60 if left out.
        minutes: Minutes = Minutes::MAX,
        /// Whether telling the family now would add to the danger: then they are told once it is reviewed.
        family_not_told: bool = false,
    }
    optional {}
    example {
        "reason": "health",
        "threat": "The student collapsed in class and is unconscious; paramedics ask for known conditions.",
        "recipients": "Paramedics of Alder Fire Department",
        "sections": ["S1b", "S10"],
        "minutes": 30
    }
    check |new| section_faults(&new.sections)
}

fn section_faults(sections: &[Section]) -> Invalid {
    let mut invalid = Invalid::default();
    for (number, section) in sections.iter().enumerate() {
        let pointer = format!("/sections/{number}");
        if matches!(section, Section::Status | Section::Identity | Section::Privacy) {
            invalid.push(pointer, "not_named", "Must be one of S1b to S13: S0 and S1a come with these, S14 is never opened.");
        } else if sections.iter().take(number).any(|before| before == section) {
            invalid.push(pointer, "repeated", "This section is named already.");
        }
    }
    invalid
}

crate::body! {
    /// What the review of an emergency access found.
    EmergencyAccessReview
    required {
        /// Whether there was an articulable and significant threat, and no more was read than it asked for.
        justified: bool,
        /// Why.
        note: LongText,
    }
    defaulted {}
    optional {}
    example { "justified": true, "note": "Confirmed with the school nurse; the contacts were needed." }
    check |_| Invalid::default()
}

/// The day by which an emergency access of a day is reviewed: the second school day after it. Weekdays are counted, since no calendar of
/// holidays is kept.
pub fn review_due_on(declared_on: NaiveDate) -> NaiveDate {
    let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let after = (1..=4).filter_map(|days| declared_on.checked_add_days(Days::new(days)));
    after.filter(is_weekday).nth(1).unwrap_or(declared_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pointers(body: Value) -> Vec<String> {
        let Err(invalid) = NewEmergencyAccess::read(body) else { panic!("accepted") };
        invalid.0.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn a_review_is_due_in_two_school_days() {
        assert_eq!(review_due_on(day("2026-10-12")), day("2026-10-14"), "Monday: Wednesday");
        assert_eq!(review_due_on(day("2026-10-15")), day("2026-10-19"), "Thursday: Monday");
        assert_eq!(review_due_on(day("2026-10-16")), day("2026-10-20"), "Friday: Tuesday");
        assert_eq!(review_due_on(day("2026-10-17")), day("2026-10-20"), "Saturday: Tuesday");
        assert_eq!(review_due_on(day("2026-10-18")), day("2026-10-20"), "Sunday: Tuesday");
    }

    #[test]
    fn an_emergency_names_its_threat_its_recipients_and_its_sections() {
        assert_eq!(pointers(json!({})), ["/reason", "/threat", "/recipients", "/sections"]);
        let short = json!({ "reason": "curiosity", "threat": "He is upset.", "recipients": " ", "sections": [], "minutes": 61, "familyNotTold": 1 });
        assert_eq!(pointers(short), ["/reason", "/threat", "/recipients", "/sections", "/minutes", "/familyNotTold"]);
        let mut example = NewEmergencyAccess::example();
        for minutes in [json!(0), json!(-1), json!(1.5), json!("60"), json!(256)] {
            example["minutes"] = minutes;
            assert_eq!(pointers(example.clone()), ["/minutes"]);
        }
    }

    #[test]
    fn an_emergency_never_names_consents_and_names_each_section_once() {
        let mut example = NewEmergencyAccess::example();
        example["sections"] = json!(["S0", "S8", "S14", "S8", "S1a"]);
        assert_eq!(pointers(example), ["/sections/0", "/sections/2", "/sections/3", "/sections/4"]);
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewEmergencyAccess::read(NewEmergencyAccess::example()).is_ok_and(|new| new.minutes == Minutes(30)));
        assert!(EmergencyAccessReview::read(EmergencyAccessReview::example()).is_ok());
    }
}
