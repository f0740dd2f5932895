//! Applications through which the district's people come.

use openilp_domain::access::DistrictAction;
use openilp_domain::front_end::{FrontEnd, FrontEndPatch, NewFrontEnd};
use openilp_domain::id::FrontEndId;

use crate::schema::front_ends::dsl;

crate::kept! {
    FrontEnd (FrontEndId, NewFrontEnd, FrontEndPatch) in front_ends {
        id, name, issuer, client_id, sections, may_write, for_offices, valid_from, version, created_at, updated_at, valid_to
    }
    by {}
    narrowed |rows, _filter| {}
    impl {
        // The custodian comes through one too: an operator approves the first.
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::Operate, DistrictAction::ManageRelations];
    }
}

crate::kept_rows! {
    FrontEnd (FrontEndId, NewFrontEnd, FrontEndPatch) in front_ends
    create |granted, new| {
        name: new.name,
        issuer: new.issuer,
        client_id: new.client_id,
        sections: new.sections,
        may_write: new.may_write,
        for_offices: new.for_offices,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { name, sections, may_write, for_offices, valid_to }
}
