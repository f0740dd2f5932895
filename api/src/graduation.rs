//! Local graduation requirements, and how far a student is with them (R175).

use openilp_domain::access::Section;
use openilp_domain::field::SchoolYear;
use openilp_domain::graduation::{GraduationProgress, GraduationRequirement};
use openilp_persistence::graduation;
use openilp_persistence::mark::Marked;
use serde_json::json;

use crate::answer::{Composed, Outcome, derived_shape};
use crate::body::{Pairs, Params, Query};
use crate::course_plan::{describe_school_year, school_year, seen};
use crate::guard::{Can, File, Read};
use crate::kept::Said;
use crate::routes::{About, Doc, Routes};

/// The class whose requirements are asked for.
struct OfClass(Option<SchoolYear>);

impl Params for OfClass {
    fn read(pairs: &mut Pairs) -> Self {
        Self(school_year(pairs, "graduationYear"))
    }
    fn describe(doc: &mut Doc) {
        let about =
            "As for the class that graduates in this school year, by the year in which it ends. Left out: the class that the student's grade says.";
        describe_school_year(doc, "graduationYear", about);
    }
}

derived_shape!(GraduationProgress, {
    let id = openilp_domain::wire_example_id();
    let credits = json!({ "required": 4.0, "earned": 2.0, "documented": 1.0, "inProgress": 1.0, "planned": 0.5, "missing": 0.5 });
    let course = |subject: &str| json!({ "plannedCourseId": id, "title": "Course", "schoolYear": 2027, "subject": subject, "status": "completed", "credits": 1.0, "reportCardIds": [id] });
    json!({ "graduationYear": 2029, "credits": credits,
            "requirements": [{ "graduationRequirementId": id, "subject": "mathematics", "credits": credits, "courses": [course("mathematics")] }],
            "otherCourses": [course("driving")] })
});

async fn progress(can: Can<Read, File>, Query(class): Query<OfClass>) -> Outcome<Composed<Marked<GraduationProgress>>> {
    let found = can
        .read(async |tx, grant| {
            let found = graduation::progress(tx, grant, class.0).await?;
            let rows = found.requirements.iter().map(|requirement| requirement.courses.len()).sum::<usize>() + found.other_courses.len();
            let found = grant.marked_answer(Section::PlanOfStudy, found);
            Ok((found, seen(grant.located()?.student_id, rows)))
        })
        .await?;
    Ok(Composed(found))
}

/// The routes of graduation requirements.
pub fn routes(r: &mut Routes) {
    r.tag("program");
    r.kept_by_coordinator::<GraduationRequirement>(Said {
        list: ("List the graduation requirements of your district", "Of all classes, those too that no longer count."),
        read: ("Read a graduation requirement", ""),
        create: (
            "Enter a graduation requirement of your district",
            "The credits of a subject area that are needed from a graduating class on, until there is one of the same subject for a later class.",
        ),
        amend: ("Change a graduation requirement", "`active`: false takes back one that should not have been entered."),
    });
    r.tag("files");
    r.get("/v1/ilp-files/{ilpFileId}/graduation-progress", progress, About {
        id: "read_graduation_progress",
        summary: "Read how far a student is with the graduation requirements",
        text: "Requirement by requirement: what is earned, what of this the file's report cards show, what is under way and planned, and what is missing. Credits are those of \
               the course plan: a course counts toward the subject that it names, as its status says; one that was not completed does not count. A report card says no \
               credits, and no mark is judged here: `documented` is what a mark in the file stands beside. For whoever reads both the plan (S2) and the school's records \
               (S3); others are told 403.",
    });
}
