//! Partners of the district (R74).

use openilp_domain::id::PartnerId;
use openilp_domain::partner::{NewPartner, Partner, PartnerPatch};

use crate::schema::partners::dsl;

crate::kept! {
    Partner (PartnerId, NewPartner, PartnerPatch) in partners {
        id, name, agreement_reference, valid_from, valid_to, version, created_at, updated_at, subcontractors
    }
    by {}
    narrowed |rows, _filter| {}
    impl {}
}

crate::kept_rows! {
    Partner (PartnerId, NewPartner, PartnerPatch) in partners
    create |_granted, new| {
        name: new.name,
        agreement_reference: new.agreement_reference,
        subcontractors: new.subcontractors,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
    }
    amend { name, agreement_reference, subcontractors, valid_to }
}
