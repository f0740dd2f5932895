//! The course plan against the student's registrations (L1).

use openilp_domain::access::Section;
use openilp_domain::course_plan::CourseDifferences;
use openilp_domain::field::{Field, SchoolYear};
use openilp_domain::id::StudentId;
use openilp_persistence::Shown as Seen;
use openilp_persistence::course_plan::{self, SECTIONS};
use openilp_persistence::mark::Marked;
use serde_json::json;
use utoipa::openapi::path::ParameterIn;

use crate::answer::{Composed, Outcome, derived_shape};
use crate::body::{Pairs, Params, Query};
use crate::guard::{Can, File, Read};
use crate::routes::{About, Doc, Routes};

/// Reads a school year.
pub fn school_year(pairs: &mut Pairs, name: &str) -> Option<SchoolYear> {
    pairs.number(name, 1990, 2100).and_then(|year| i32::try_from(year).ok()).map(SchoolYear)
}

/// Describes a query parameter that is a school year.
pub fn describe_school_year(doc: &mut Doc, name: &str, about: &str) {
    doc.parameter(ParameterIn::Query, name, false, SchoolYear::schema(), about, None);
}

/// What was seen of a student in an answer that is computed from plan and records together: the answer itself, and so many rows in it.
pub fn seen(student: StudentId, rows: usize) -> Seen {
    let sections: Vec<_> = SECTIONS.iter().map(|section| section.code()).collect();
    Seen { students: vec![student], sections: sections.join(","), row_count: 1 + rows }
}

/// The school year that is asked for.
struct OfYear(Option<SchoolYear>);

impl Params for OfYear {
    fn read(pairs: &mut Pairs) -> Self {
        Self(school_year(pairs, "schoolYear"))
    }
    fn describe(doc: &mut Doc) {
        describe_school_year(doc, "schoolYear", "The school year, by the year in which it ends; this one, if left out.");
    }
}

derived_shape!(CourseDifferences, {
    let id = openilp_domain::wire_example_id();
    json!({ "schoolYear": 2027, "consistent": false,
            "registeredAsPlanned": [{ "plannedCourseId": id, "title": "Biology", "registrationIds": [id] }],
            "plannedNotRegistered": [{ "plannedCourseId": id, "title": "Algebra II", "courseCode": "MTH-210", "term": "Fall" }],
            "registeredNotPlanned": [{ "registrationId": id, "classTitle": "Ceramics, period 4", "classCode": "ART-120-04", "courseCode": "ART-120",
                                       "termTitle": "Fall Semester" }] })
});

async fn differences(can: Can<Read, File>, Query(year): Query<OfYear>) -> Outcome<Composed<Marked<CourseDifferences>>> {
    let found = can
        .read(async |tx, grant| {
            let found = course_plan::differences(tx, grant, year.0).await?;
            let rows = found.registered_as_planned.len() + found.planned_not_registered.len() + found.registered_not_planned.len();
            let found = grant.marked_answer(Section::PlanOfStudy, found);
            Ok((found, seen(grant.located()?.student_id, rows)))
        })
        .await?;
    Ok(Composed(found))
}

/// The routes of the course plan beside the registrations.
pub fn routes(r: &mut Routes) {
    r.tag("files");
    r.get("/v1/ilp-files/{ilpFileId}/course-differences", differences, About {
        id: "read_course_differences",
        summary: "Compare the course plan with the registrations",
        text: "Of a school year: what is planned and registered for, what is planned and not registered for, and what is registered for and not planned. A class is a \
               planned course by the code of the course or the class; where the plan or the roster has no code of the course, also by the title. A registration that was \
               withdrawn does not count. For whoever reads both the plan (S2) and the school's records (S3); others are told 403.",
    });
}
