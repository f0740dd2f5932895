//! The course plan beside registrations and report cards: what is computed from S2 and S3 together (L1, R175).

use std::collections::HashMap;

use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Section;
use openilp_domain::course_plan::{CourseDifferences, Registered};
use openilp_domain::coursework::PlannedCourse;
use openilp_domain::field::SchoolYear;
use openilp_domain::graduation::Marked;
use openilp_domain::id::StudentId;
use openilp_domain::ilp_file::Registration;
use openilp_domain::report_card::ReportCard;
use openilp_domain::time::school_year_of;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::Grant;
use crate::{listed, statement};

/// The sections that answers from plan and records together are made of: only who reads all of them has one, or it would tell of what they may
/// not read (access.md 5.8).
pub const SECTIONS: &[Section] = &[Section::Status, Section::PlanOfStudy, Section::SchoolRecords];

statement! {
    /// The school years of a student's divisions.
    Years { district: SqlUuid = Uuid, student: SqlUuid = Uuid } -> (SqlUuid, Integer)
    "select id, school_year from divisions where district_id = $1 and student_id = $2"
}

statement! {
    /// The courses of the classes that a student's registrations were copied from, where the roster has them.
    Courses { district: SqlUuid = Uuid, student: SqlUuid = Uuid } -> (SqlUuid, Text, Nullable<Text>)
    "select r.id, c.title, c.course_code
       from registrations r
       join enrollments e on e.district_id = $1 and e.source = r.source and e.sourced_id = r.sourced_id
       join classes k on k.district_id = $1 and k.id = e.class_id
       join courses c on c.district_id = $1 and c.id = k.course_id
      where r.district_id = $1 and r.student_id = $2"
}

/// A student's courses as planned and as taken.
pub(crate) struct Coursework {
    /// The course plan.
    pub planned: Vec<PlannedCourse>,
    /// The registrations.
    pub registered: Vec<Registered>,
    years: HashMap<Uuid, SchoolYear>,
}

impl Coursework {
    /// Reads it, for whoever reads plan and records.
    pub(crate) async fn of(tx: &Tx<'_>, grant: &Grant, student: StudentId) -> Result<Self> {
        grant.demand_sections(SECTIONS)?;
        let mut conn = tx.conn;
        let (district, of) = (tx.district.0, student.0);
        let years = Years { district, student: of }.load::<(Uuid, i32)>(&mut conn).await?;
        let years: HashMap<_, _> = years.into_iter().map(|(division, year)| (division, SchoolYear(year))).collect();
        let courses = Courses { district, student: of }.load::<(Uuid, String, Option<String>)>(&mut conn).await?;
        let mut courses: HashMap<_, _> = courses.into_iter().map(|(registration, title, code)| (registration, (title, code))).collect();
        let registered = grant.sift(listed::of_student::<Registration>(tx, student).await?).into_iter().filter_map(|registration| {
            let (course_title, course_code) = courses.remove(&registration.id.0).map_or((None, None), |(title, code)| (Some(title), code));
            Some(Registered { school_year: *years.get(&registration.division_id.0)?, registration, course_title, course_code })
        });
        let registered = registered.collect();
        Ok(Self { planned: grant.sift(listed::of_student(tx, student).await?), registered, years })
    }

    /// The marks of the student's report cards.
    pub(crate) async fn marked(&self, tx: &Tx<'_>, grant: &Grant, student: StudentId) -> Result<Vec<Marked>> {
        let cards = grant.sift(listed::of_student::<ReportCard>(tx, student).await?);
        Ok(cards.into_iter().filter_map(|card| Some(Marked { school_year: *self.years.get(&card.division_id.0)?, card })).collect())
    }
}

/// The differences between plan and registrations in a school year; in that of today, if none is said.
pub async fn differences(tx: &Tx<'_>, grant: &Grant, school_year: Option<SchoolYear>) -> Result<CourseDifferences> {
    let coursework = Coursework::of(tx, grant, grant.located()?.student_id).await?;
    let year = school_year.unwrap_or(SchoolYear(school_year_of(grant.district().today)));
    Ok(CourseDifferences::between(year, &coursework.planned, &coursework.registered))
}
