//! Advisory and small groups and who is in them (R138), as the custodian keeps them.

use openilp_domain::group_member::GroupMember;
use openilp_domain::student_group::StudentGroup;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of groups.
pub fn routes(r: &mut Routes) {
    r.tag("privacy");
    r.kept::<StudentGroup>(Said {
        list: ("List the groups of your district", ""),
        read: ("Read a group", ""),
        create: ("Make an advisory or small group", "Alone it opens nothing: that takes what a student shares with it."),
        amend: (
            "Change the title or the end of a group",
            "`validTo` is the day on which it has ended: from then on nothing is shared with its members.",
        ),
    });
    r.kept::<GroupMember>(Said {
        list: ("List who is in groups of your district", ""),
        read: ("Read who is in a group", ""),
        create: ("Add a person to a group", "A small group has at most 5 students at a time: a sixth is refused (409 `group_full`)."),
        amend: ("Change when a person leaves a group", "`validTo` is the day on which it has ended: today ends it at once."),
    });
}
