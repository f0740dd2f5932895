//! Who works for a partner of the district (R74).

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{PartnerId, PartnerMemberId, PersonId};
use crate::invalid::Invalid;
use crate::time::period_faults;

crate::view! {
    /// That a person works for a partner.
    PartnerMember
    required {
        /// The id.
        id: PartnerMemberId,
        /// The partner.
        partner_id: PartnerId,
        /// Who it is.
        person_id: PersonId,
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
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "partnerId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// That a person works for a partner.
    NewPartnerMember
    required {
        /// The partner.
        partner_id: PartnerId,
        /// Who it is.
        person_id: PersonId,
    }
    defaulted {}
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "partnerId": crate::wire_example_id(), "personId": crate::wire_example_id(), "validFrom": "2026-08-15" }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change of when somebody stops belonging to it: what is absent stays, null clears.
    PartnerMemberPatch
    required {}
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-06-30" }
}

impl PartnerMember {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &PartnerMemberPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}
