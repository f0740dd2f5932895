//! Requests to inspect a file (34 CFR 99.10, L12): made by the family, answered in time, and nothing of what they ask for is removed meanwhile.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::access::Section;
use crate::id::{InspectionRequestId, PersonId, StudentId};
use crate::invalid::Invalid;
use crate::profile::Profile;
use crate::text::LongText;

/// The longest that a family waits, whatever a state says (34 CFR 99.10(b)).
const DAYS_MAX: u8 = 45;

crate::words! {
    /// Where a request to inspect stands.
    InspectionStatus {
        /// It waits for its answer. The custodian reads what it is about; of that nothing is removed.
        Open = "open",
        /// It was answered.
        Answered = "answered",
        /// The family took it back.
        Withdrawn = "withdrawn",
    }
}

impl InspectionStatus {
    /// Whether the district still has to answer.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }
}

crate::words! {
    /// How a file was inspected.
    InspectionMethod {
        /// Through an application.
        Online = "online",
        /// At the district or the school.
        InPerson = "inPerson",
        /// By copies, where circumstances prevent anything else (34 CFR 99.10(d)).
        Copies = "copies",
    }
}

crate::view! {
    /// A request to inspect a file, and what became of it.
    InspectionRequest
    required {
        /// The id.
        id: InspectionRequestId,
        /// Whose file.
        student_id: StudentId,
        /// Who asks: the student, or a guardian who holds the rights.
        requested_by: PersonId,
        /// The day on which the district received it, in its time zone.
        received_on: NaiveDate,
        /// The last day for the answer: as many days after as the state's rule says, 45 at most.
        due_on: NaiveDate,
        /// What is to be inspected.
        sections: Vec<Section>,
        /// Where it stands.
        status: InspectionStatus,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made here.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// What is to be seen or explained, in the family's words.
        wish: LongText,
        /// The custodian who wrote it down, if it came by letter.
        recorded_by: PersonId,
        /// The day of the inspection.
        answered_on: NaiveDate,
        /// Who answered.
        answered_by: PersonId,
        /// How the file was inspected.
        method: InspectionMethod,
        /// What was explained.
        answer: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "requestedBy": crate::wire_example_id(),
        "receivedOn": "2026-10-01",
        "dueOn": "2026-10-11",
        "sections": ["S2", "S3"],
        "status": "open",
        "version": 1,
        "createdAt": "2026-10-01T15:04:05Z",
        "updatedAt": "2026-10-01T15:04:05Z",
        "wish": "We would like to see the marks of the last two years, and to have the scale explained."
    }
}

crate::body! {
    /// A request to inspect, as it is made. What a custodian writes down says who of the family asks.
    NewInspectionRequest
    required {}
    defaulted {}
    optional {
        /// What is to be inspected; all sections if left out.
        sections: Vec<Section>,
        /// What is to be seen or explained.
        wish: LongText,
        /// For a custodian: who asks; the student if left out.
        requested_by: PersonId,
        /// For a custodian: the day on which the letter came; today if left out.
        received_on: NaiveDate,
    }
    example { "sections": ["S2", "S3"], "wish": "We would like to see the marks of the last two years, and to have the scale explained." }
    check |new| section_faults(new.sections.as_deref())
}

fn section_faults(sections: Option<&[Section]>) -> Invalid {
    let mut invalid = Invalid::default();
    let Some(sections) = sections else { return invalid };
    invalid.unless(!sections.is_empty(), "/sections", "bad_length", "Must name a section.");
    for (number, section) in sections.iter().enumerate() {
        if sections.iter().take(number).any(|before| before == section) {
            invalid.push(format!("/sections/{number}"), "repeated", "This section is named already.");
        }
    }
    invalid
}

impl NewInspectionRequest {
    /// The sections that are asked for.
    pub fn sections(&self) -> Vec<Section> {
        self.sections.clone().unwrap_or_else(|| Section::ALL.to_vec())
    }
}

crate::body! {
    /// The answer to a request to inspect.
    InspectionAnswer
    required {
        /// How the file was inspected.
        method: InspectionMethod,
    }
    defaulted {}
    optional {
        /// The day of the inspection; today if left out.
        answered_on: NaiveDate,
        /// What was explained.
        answer: LongText,
    }
    example { "method": "inPerson", "answer": "Went through the marks of grades 9 and 10 with the family; explained the scale." }
    check crate::plain::no_rules
}

/// The last day for the answer to what was received on a day.
pub fn due_on(received_on: NaiveDate, profile: &Profile) -> NaiveDate {
    let days = profile.inspection_days.min(DAYS_MAX);
    received_on.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l12_a_family_waits_45_days_at_most_and_10_in_rhode_island() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        for received in first.iter_days().take(366 * 5) {
            for (profile, days) in [("us-ri-ride", 10), ("us-ut-ega", 45)] {
                let due = due_on(received, Profile::find(profile).unwrap());
                assert_eq!((due - received).num_days(), days, "{profile} {received}");
            }
            let slow = Profile { inspection_days: 200, ..Profile::find("us-ut-ega").unwrap().clone() };
            assert_eq!((due_on(received, &slow) - received).num_days(), 45);
        }
    }

    #[test]
    fn every_fault_of_the_sections_is_named() {
        let faults = section_faults(Some(&[Section::Status, Section::Career, Section::Status, Section::Career])).0;
        assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/sections/2", "/sections/3"]);
        assert_eq!(section_faults(Some(&[])).0.len(), 1);
        assert_eq!(section_faults(None).0.len(), 0);
    }
}
