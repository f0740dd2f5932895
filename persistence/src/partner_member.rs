//! Who works for a partner (R74).

use openilp_domain::id::PartnerMemberId;
use openilp_domain::partner_member::{NewPartnerMember, PartnerMember, PartnerMemberPatch};

use crate::schema::partner_members::dsl;

crate::kept! {
    PartnerMember (PartnerMemberId, NewPartnerMember, PartnerMemberPatch) in partner_members {
        id, partner_id, person_id, valid_from, version, created_at, updated_at, valid_to
    }
    by { partner_id, person_id }
    narrowed |rows, filter| {}
    impl {}
}

crate::kept_rows! {
    PartnerMember (PartnerMemberId, NewPartnerMember, PartnerMemberPatch) in partner_members
    create |granted, new| {
        partner_id: new.partner_id,
        person_id: new.person_id,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { valid_to }
}
