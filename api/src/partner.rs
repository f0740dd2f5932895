//! Partners of the district and who works for them (R74), as the custodian keeps them.

use openilp_domain::partner::Partner;
use openilp_domain::partner_member::PartnerMember;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of partners.
pub fn routes(r: &mut Routes) {
    r.tag("privacy");
    r.kept::<Partner>(Said {
        list: ("List the partners of your district", ""),
        read: ("Read a partner", ""),
        create: (
            "Enter a partner of your district",
            "With the agreement under which it works. Alone it opens nothing: that takes a student's consent.",
        ),
        amend: (
            "Change a partner",
            "`validTo` is the day on which the agreement has ended: from then on no consent opens anything to the partner's staff.",
        ),
    });
    r.kept::<PartnerMember>(Said {
        list: ("List who works for partners of your district", ""),
        read: ("Read who works for a partner", ""),
        create: ("Say that a person works for a partner", ""),
        amend: ("Change when a person stops working for a partner", "`validTo` is the day on which it has ended: today ends it at once."),
    });
}
