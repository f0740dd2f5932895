//! That a student holds the rights before 18 (34 CFR 99.5(a), L10; Utah Code 53E-9-301, L25): recorded by the custodian, from a document.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::AdultBasis;
use crate::id::{AdultStatusId, PersonId, StudentId};
use crate::invalid::Invalid;
use crate::profile::Profile;
use crate::text::ShortText;
use crate::time::period_faults;

crate::view! {
    /// That a student holds the rights over the own file before 18. While it lasts guardians read only by consent, or of a dependent.
    AdultStatus
    required {
        /// The id.
        id: AdultStatusId,
        /// The student.
        student_id: StudentId,
        /// Why.
        basis: AdultBasis,
        /// Where the document is kept that shows it.
        document_reference: ShortText,
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
        /// The day on which it has ended. On the first day: it never was.
        valid_to: NaiveDate,
        /// Who recorded it.
        created_by: PersonId,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "basis": "postsecondary",
        "documentReference": "Letter of admission, custodian's safe",
        "validFrom": "2027-06-01",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "createdBy": crate::wire_example_id()
    }
}

crate::body! {
    /// An adult status as the custodian records it.
    NewAdultStatus
    required {
        /// The student.
        student_id: StudentId,
        /// Why: one that the district's requirement profile knows.
        basis: AdultBasis,
        /// Where the document is kept that shows it.
        document_reference: ShortText,
    }
    defaulted {}
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "studentId": crate::wire_example_id(),
        "basis": "postsecondary",
        "documentReference": "Letter of admission, custodian's safe",
        "validFrom": "2027-06-01"
    }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to an adult status: what is absent stays, null clears.
    AdultStatusPatch
    required {
        /// Why.
        basis: AdultBasis,
        /// Where the document is kept that shows it.
        document_reference: ShortText,
        /// The first day.
        valid_from: NaiveDate,
    }
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-08-31" }
}

impl AdultStatus {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &AdultStatusPatch, profile: &Profile) -> Invalid {
        let mut invalid = Invalid::default();
        if let Some(basis) = patch.basis {
            basis_faults(basis, profile, &mut invalid);
        }
        period_faults(Some(patch.valid_from.unwrap_or(self.valid_from)), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}

impl NewAdultStatus {
    /// Refuses a basis that the law of the district's state does not know.
    pub fn check(&self, profile: &Profile) -> Invalid {
        let mut invalid = Invalid::default();
        basis_faults(self.basis, profile, &mut invalid);
        invalid
    }
}

fn basis_faults(basis: AdultBasis, profile: &Profile, invalid: &mut Invalid) {
    if !profile.adult_bases.contains(&basis) {
        let known: Vec<_> = profile.adult_bases.iter().map(|basis| basis.word()).collect();
        invalid.push("/basis", "not_in_profile", format!("The requirement profile of your district knows: {}.", known.join(", ")));
    }
}
