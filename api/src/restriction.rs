//! Orders that keep a person from a student's file, as the district's custodian keeps them.

use openilp_domain::restriction::Restriction;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of orders.
pub fn routes(r: &mut Routes) {
    r.tag("privacy");
    r.kept::<Restriction>(Said {
        list: ("List the orders that keep people from files", ""),
        read: ("Read an order", ""),
        create: (
            "Keep a person from a student's file",
            "By a court order or similar binding document: say where it is kept. It closes the sections named, or all, to this person, whatever their \
             relations to the student; it is in force for the next decision. No order keeps a student from their own file.",
        ),
        amend: (
            "Change the sections, the reference or the end of an order",
            "`validTo` is the day on which the order is lifted: today lifts it at once.",
        ),
    });
}
