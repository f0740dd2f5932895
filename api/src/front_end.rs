//! Applications through which the district's people come (access.md 5.9). An operator approves the first, by the district in the path; the
//! custodian keeps those of their own district.

use openilp_domain::front_end::FrontEnd;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of approved applications.
pub fn routes(r: &mut Routes) {
    const LIMITS: &str = "It gives nobody a right. Whoever comes through it may do what they may do anyway, within these limits and those of \
                          the token's scopes: `ilp.user.read` is for reading only.";
    const CHANGE: &str = "In force for the next request. `validTo` is the day on which it has ended: today ends it at once.";
    r.tag("relations");
    r.kept::<FrontEnd>(Said {
        list: ("List the applications that your district has approved", ""),
        read: ("Read what an application is approved for", ""),
        create: ("Approve an application for your district", LIMITS),
        amend: ("Change what an application is approved for", CHANGE),
    });
    r.tag("operator");
    r.kept_by_operator::<FrontEnd>(Said {
        list: ("List the applications that a district has approved", ""),
        read: ("Read what an application is approved for in a district", ""),
        create: (
            "Approve an application for a district",
            "On the district's behalf: its custodian comes through one too. Who keeps relations and orders needs one with `forOffices`.",
        ),
        amend: ("Change what an application is approved for in a district", CHANGE),
    });
}
