//! Adult students before 18, as the district's custodian records them; who holds the rights over a file, for all who read what is private about it.

use openilp_domain::access::{Action, RightsStanding, Section};
use openilp_domain::adult_status::AdultStatus;
use openilp_persistence::adult_status;

use crate::answer::{Composed, Outcome};
use crate::body::{NoParams, Query};
use crate::guard::{Can, Deed, Student as AtStudent};
use crate::kept::Said;
use crate::plain::{Viewed, seen};
use crate::routes::{About, Routes};

/// Sees who holds the rights: it stands in S14.
struct ReadRights;
impl Deed for ReadRights {
    const WORD: &'static str = "readRights";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

async fn rights(can: Can<ReadRights, AtStudent>, _: Query<NoParams>) -> Outcome<Composed<Viewed<RightsStanding>>> {
    let standing = can
        .read(async |_, grant| {
            let standing = adult_status::standing(grant)?;
            let seen = seen([standing.student_id], Section::Privacy.code());
            Ok((standing, seen))
        })
        .await?;
    Ok(Composed(Viewed(standing)))
}

/// The routes of adult statuses and of who holds the rights.
pub fn routes(r: &mut Routes) {
    r.tag("rights");
    r.get("/v1/students/{studentId}/rights", rights, About {
        id: "read_student_rights",
        summary: "Read who holds the rights over a student's file, and when that changes",
        text: "For the student, guardians with full rights, the gatekeeper and the custodian. The rights pass to the student on the 18th birthday in the district's time \
               zone (34 CFR 99.5), or with an adult status before. `nextOn` tells the next change that is known today.",
    });
    r.kept::<AdultStatus>(Said {
        list: ("List the students who are recorded as adults before 18", "Who is 18 needs no record: it follows from the date of birth."),
        read: ("Read an adult status", ""),
        create: (
            "Record that a student is an adult before 18",
            "At a postsecondary institution (34 CFR 99.5(a)); emancipated, or an unaccompanied youth who qualifies under McKinney-Vento, where the requirement profile of \
             the district knows it: else 422. From its first day on the rights are the student's alone: guardians read no more, unless of a documented \
             dependent or by the student's consent, and consents from before count once the student signs them again. In force for every later read.",
        ),
        amend: (
            "Correct or end an adult status",
            "`validTo` is the day on which it has ended: from then on the rights are the guardians' again, unless the student is 18. One that was recorded by mistake ends on \
             its first day.",
        ),
    });
}
