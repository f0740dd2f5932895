//! Résumés, built from the profile (R181).

use openilp_domain::applied_skills::SkillRecord;
use openilp_domain::career::{ExamResult, WorkExperience};
use openilp_domain::coursework::CredentialPlan;
use openilp_domain::id::StudentId;
use openilp_domain::resume::{NewResumeVersion, OnResume, ResumeEntries, ResumeEntry, ResumeSource, ResumeVersion, lines};
use openilp_domain::self_awareness::{LearningExperience, Participation};
use openilp_domain::strength::Strength;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::{Grant, Granted};
use crate::listed::{self, Listed};
use crate::record;

record! {
    ResumeVersion in resume_versions
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, _new| crate::plan::id_of(tx, granted.student_id()?).await,
        student_id = |_tx, granted, _new| granted.student_id(),
        entries = |tx, granted, new| built(tx, granted, new).await,
    }
    fixed { sources }
    set { title, summary }
}

/// What a new version says. Its parts stand in several sections and the version in one, so only the student may put them together.
async fn built(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewResumeVersion) -> Result<ResumeEntries> {
    let (student, grant) = (granted.own_student()?, granted.grant());
    let mut entries = vec![];
    for source in &new.sources {
        entries.extend(match source {
            ResumeSource::WorkExperience => of::<WorkExperience>(tx, grant, student).await?,
            ResumeSource::LearningExperience => of::<LearningExperience>(tx, grant, student).await?,
            ResumeSource::Participation => of::<Participation>(tx, grant, student).await?,
            ResumeSource::SkillRecord => of::<SkillRecord>(tx, grant, student).await?,
            ResumeSource::CredentialPlan => of::<CredentialPlan>(tx, grant, student).await?,
            ResumeSource::ExamResult => of::<ExamResult>(tx, grant, student).await?,
            ResumeSource::Strength => of::<Strength>(tx, grant, student).await?,
        });
    }
    Ok(ResumeEntries(entries))
}

/// The lines of one kind, as far as the application lets the student see them, and without what is withheld as another student's.
async fn of<N: OnResume + Listed + Send + Sync>(tx: &Tx<'_>, grant: &Grant, student: StudentId) -> Result<Vec<ResumeEntry>> {
    let records = grant.sift(listed::of_student::<N>(tx, student).await?);
    let shown = |line: ResumeEntry| {
        let record = records.iter().find(|record| record.id().into() == line.record_id);
        match record.and_then(|record| grant.marks_on(line.record_id, record.section(), &grant.item(record))) {
            Some(marks) => marks.withheld_from(line),
            None => Ok(line),
        }
    };
    lines(&records).into_iter().map(shown).collect()
}
