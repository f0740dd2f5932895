//! A partner of the district (R74): who it is, and the agreement under which it works.

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::PartnerId;
use crate::invalid::Invalid;
use crate::text::{LongText, ShortText};
use crate::time::period_faults;

crate::view! {
    /// A partner of the district, such as a community organization or a workforce board.
    Partner
    required {
        /// The id.
        id: PartnerId,
        /// The name.
        name: ShortText,
        /// Where the agreement with the district is kept.
        agreement_reference: ShortText,
        /// The first day of the agreement.
        valid_from: NaiveDate,
        /// The day on which it has ended. From then on no consent opens anything to the partner's staff.
        valid_to: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// Whom the partner has work for it under the agreement.
        subcontractors: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "name": "Alder College Access",
        "agreementReference": "MOU 2026-14",
        "validFrom": "2026-08-15",
        "validTo": "2027-06-30",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A partner as the custodian enters it.
    NewPartner
    required {
        /// The name.
        name: ShortText,
        /// Where the agreement with the district is kept.
        agreement_reference: ShortText,
        /// The first day of the agreement.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    defaulted {}
    optional {
        /// Whom the partner has work for it under the agreement.
        subcontractors: LongText,
    }
    example { "name": "Alder College Access", "agreementReference": "MOU 2026-14", "validFrom": "2026-08-15", "validTo": "2027-06-30" }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(Some(new.valid_from), Some(new.valid_to), &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to a partner: what is absent stays, null clears.
    PartnerPatch
    required {
        /// The name.
        name: ShortText,
        /// Where the agreement with the district is kept.
        agreement_reference: ShortText,
        /// The day on which the agreement has ended.
        valid_to: NaiveDate,
    }
    optional {
        /// Whom the partner has work for it under the agreement.
        subcontractors: LongText,
    }
    example { "agreementReference": "MOU 2027-3", "validTo": "2028-06-30" }
}

impl Partner {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &PartnerPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), Some(patch.valid_to.unwrap_or(self.valid_to)), &mut invalid);
        invalid
    }
}
