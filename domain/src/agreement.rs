//! The written agreement under which a state client may pull a district's collection (34 CFR 99.35, L19).

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{AgreementId, ClientId};
use crate::invalid::Invalid;
use crate::text::ShortText;

crate::words! {
    /// A collection that an agreement may cover.
    Dataset {
        /// ILP status per student.
        IlpStatus = "ilpStatus",
    }
}

crate::view! {
    /// An agreement with a state client.
    Agreement
    required {
        /// The id.
        id: AgreementId,
        /// The state client.
        client_id: ClientId,
        /// What it may pull.
        dataset: Dataset,
        /// The audit or evaluation for which it pulls.
        purpose: ShortText,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
        /// The day by which the agency destroys what it pulled.
        destroy_by: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was entered.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "clientId": crate::wire_example_id(),
        "dataset": "ilpStatus",
        "purpose": "Evaluation of the individual learning plan programme",
        "startsOn": "2026-08-15",
        "endsOn": "2027-06-30",
        "destroyBy": "2029-06-30",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// An agreement as it is entered.
    NewAgreement
    required {
        /// The state client.
        client_id: ClientId,
        /// What it may pull.
        dataset: Dataset,
        /// The audit or evaluation for which it pulls.
        purpose: ShortText,
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
        /// The day by which the agency destroys what it pulled.
        destroy_by: NaiveDate,
    }
    defaulted {}
    optional {}
    example {
        "clientId": crate::wire_example_id(),
        "dataset": "ilpStatus",
        "purpose": "Evaluation of the individual learning plan programme",
        "startsOn": "2026-08-15",
        "endsOn": "2027-06-30",
        "destroyBy": "2029-06-30"
    }
    check |new| date_faults(new.starts_on, new.ends_on, new.destroy_by)
}

crate::change! {
    /// A change to an agreement: what is absent stays.
    AgreementPatch
    required {
        /// The last day.
        ends_on: NaiveDate,
        /// The day by which the agency destroys what it pulled.
        destroy_by: NaiveDate,
    }
    optional {}
    example { "endsOn": "2026-12-31" }
}

impl Agreement {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &AgreementPatch) -> Invalid {
        date_faults(self.starts_on, patch.ends_on.unwrap_or(self.ends_on), patch.destroy_by.unwrap_or(self.destroy_by))
    }
}

fn date_faults(starts_on: NaiveDate, ends_on: NaiveDate, destroy_by: NaiveDate) -> Invalid {
    let mut invalid = Invalid::default();
    if ends_on < starts_on {
        invalid.push("/endsOn", "before_start", "Must not be before startsOn.");
    }
    if destroy_by < ends_on {
        invalid.push("/destroyBy", "before_end", "Must not be before endsOn.");
    }
    invalid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn l19_an_agreement_has_a_purpose_an_end_and_a_day_of_destruction() {
        let Err(invalid) = NewAgreement::read(json!({ "clientId": crate::wire_example_id(), "dataset": "everything", "startsOn": "2026-08-15" }))
        else {
            panic!("accepted")
        };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/dataset", "/purpose", "/endsOn", "/destroyBy"]);
        let mut sent = NewAgreement::example();
        sent["endsOn"] = json!("2026-08-14");
        sent["destroyBy"] = json!("2026-08-13");
        let Err(invalid) = NewAgreement::read(sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/endsOn", "/destroyBy"]);
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewAgreement::read(NewAgreement::example()).is_ok());
        assert!(AgreementPatch::read(AgreementPatch::example()).is_ok());
    }
}
