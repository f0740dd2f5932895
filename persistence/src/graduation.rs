//! Local graduation requirements, and how far a student is with them (R175).

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::field::SchoolYear;
use openilp_domain::graduation::{
    GraduationProgress, GraduationRequirement, GraduationRequirementPatch, NewGraduationRequirement, graduation_year_of,
};
use openilp_domain::id::GraduationRequirementId;
use openilp_domain::time::school_year_of;

use crate::course_plan::Coursework;
use crate::door::Tx;
use crate::error::Result;
use crate::grant::Grant;
use crate::schema::graduation_requirements::dsl;

crate::kept! {
    GraduationRequirement (GraduationRequirementId, NewGraduationRequirement, GraduationRequirementPatch) in graduation_requirements {
        id, subject, credits, first_graduation_year, active, version, created_at, updated_at, subject_code_system, subject_code, description
    }
    by {}
    narrowed |rows, _filter| {}
    impl {
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::ManageProgram];
    }
}

crate::kept_rows! {
    GraduationRequirement (GraduationRequirementId, NewGraduationRequirement, GraduationRequirementPatch) in graduation_requirements
    create |_granted, new| {
        subject: new.subject,
        credits: new.credits,
        first_graduation_year: new.first_graduation_year,
        active: true,
        subject_code_system: new.subject_code_system,
        subject_code: new.subject_code,
        description: new.description,
    }
    amend { subject, credits, first_graduation_year, active, subject_code_system, subject_code, description }
}

/// How far the student of the file is with what the district asks of a class: of the one that is said, or that the grade says.
pub async fn progress(tx: &Tx<'_>, grant: &Grant, graduation_year: Option<SchoolYear>) -> Result<GraduationProgress> {
    let student = grant.located()?.student_id;
    let coursework = Coursework::of(tx, grant, student).await?;
    let marked = coursework.marked(tx, grant, student).await?;
    let this_year = SchoolYear(school_year_of(grant.district().today));
    let by_grade = grant.student()?.grade.and_then(|grade| graduation_year_of(grade, this_year));
    let mut conn = tx.conn;
    let all = dsl::graduation_requirements.filter(dsl::district_id.eq(tx.district)).filter(dsl::active).select(columns!());
    let all = all.load::<GraduationRequirement>(&mut conn).await?;
    Ok(GraduationProgress::of(graduation_year.or(by_grade), all, &coursework.planned, &coursework.registered, &marked))
}
