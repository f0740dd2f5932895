//! Offices in schools and the district. An operator appoints the first custodian, by the district in the path; the custodian
//! keeps the offices of their own district.

use openilp_domain::appointment::Appointment;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of offices.
pub fn routes(r: &mut Routes) {
    const ENDED: &str = "`validTo` is the day on which it has ended: today ends it at once.";
    r.tag("relations");
    r.kept::<Appointment>(Said {
        list: ("List the offices held in your district", ""),
        read: ("Read who holds an office", ""),
        create: ("Give a person an office in your district", ""),
        amend: ("Change the end of an office", ENDED),
    });
    r.tag("operator");
    r.kept_by_operator::<Appointment>(Said {
        list: ("List the offices held in a district", ""),
        read: ("Read who holds an office in a district", ""),
        create: (
            "Give a person an office in a district",
            "The first records custodian is appointed so; further offices are the custodian's to give.",
        ),
        amend: ("Change the end of an office in a district", ENDED),
    });
}
