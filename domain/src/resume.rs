//! Résumés (R181): each version is built from the profile as it stands, and stays as it was built.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::activity::ActivityStatus;
use crate::applied_skills::{AppliedSkill, SkillRecord};
use crate::career::{ExamResult, WorkExperience};
use crate::coursework::{CredentialPlan, CredentialStatus};
use crate::field::{Field, wrong};
use crate::id::{PlanId, StudentId};
use crate::invalid::Invalid;
use crate::noun::{Noun, Rules};
use crate::plan_domain::PlanDomain;
use crate::self_awareness::{LearningExperience, Participation};
use crate::strength::Strength;
use crate::text::{LongText, ShortText};

crate::words! {
    /// What of the profile stands in a résumé.
    ResumeSource {
        /// Work.
        WorkExperience = "workExperience",
        /// Contextual and service learning and internships that were begun.
        LearningExperience = "learningExperience",
        /// Clubs, athletics, service and what else the student takes part in.
        Participation = "participation",
        /// Skills: of each the latest record.
        SkillRecord = "skillRecord",
        /// Credentials that were earned.
        CredentialPlan = "credentialPlan",
        /// Results of exams.
        ExamResult = "examResult",
        /// Strengths and achievements, but for personal and social ones.
        Strength = "strength",
    }
}

/// One line of a résumé: a record of the profile as it was when the version was built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResumeEntry {
    /// What it is.
    pub source: ResumeSource,
    /// The record that it was taken from.
    pub record_id: uuid::Uuid,
    /// The version of that record.
    pub record_version: i32,
    /// It in one line.
    pub title: String,
    /// Where, with whom, or from whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub organization: Option<String>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub starts_on: Option<NaiveDate>,
    /// The last day, or the day it was earned, taken or recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub ends_on: Option<NaiveDate>,
    /// How many hours in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub hours: Option<f64>,
    /// What was done, achieved or reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub text: Option<String>,
}

impl ResumeEntry {
    fn of<N: Noun>(record: &N, source: ResumeSource, title: &str) -> Self {
        Self {
            source,
            record_id: record.id().into(),
            record_version: record.version(),
            title: title.to_owned(),
            organization: None,
            starts_on: None,
            ends_on: None,
            hours: None,
            text: None,
        }
    }
}

/// The lines of a résumé, as they were built. Answered, never sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(transparent)]
pub struct ResumeEntries(pub Vec<ResumeEntry>);

impl Field for ResumeEntries {
    fn example() -> Value {
        serde_json::json!([{ "source": "workExperience", "recordId": crate::wire_example_id(), "recordVersion": 2, "title": "Page", "organization": "County library",
                             "startsOn": "2026-06-15", "endsOn": "2026-08-14", "hours": 120.5, "text": "Shelved books." }])
    }
    fn read(_: &Value) -> Result<Self, Invalid> {
        wrong("not_sent", "Is answered, not sent.")
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name("ResumeEntry")).build().into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        use utoipa::PartialSchema;
        <ResumeSource as Field>::schemas(named);
        named.push(("ResumeEntry".into(), ResumeEntry::schema()));
    }
}

crate::kept_as_json!(ResumeEntries);

crate::noun! {
    /// A version of the student's résumé (R181): built from the profile as it stands, and never changed with it. A later one is a version of its own.
    /// Only the student builds one, and so says what whoever reads it learns.
    ResumeVersion, NewResumeVersion, ResumeVersionPatch (ResumeVersionId, ResumeVersion)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
        /// What it says, in the order of `sources`: the records of the profile as they were when it was built.
        entries: ResumeEntries,
    }
    fixed {
        /// What of the profile it is built from, in this order.
        sources: Vec<ResumeSource>,
    }
    required {
        /// What the version is for.
        title: ShortText,
    }
    defaulted {}
    optional {
        /// What the student says of themself.
        summary: LongText,
    }
    example {
        "sources": ["workExperience", "participation", "skillRecord"],
        "title": "For the hospital internship",
        "summary": "I want to learn how a ward works."
    }
}

impl Rules for ResumeVersion {
    fn faults(new: &NewResumeVersion) -> Invalid {
        let mut invalid = Invalid::default();
        for (number, source) in new.sources.iter().enumerate() {
            let first = new.sources.iter().take(number).all(|before| before != source);
            invalid.unless(first, &format!("/sources/{number}"), "twice", "Each is named once.");
        }
        invalid
    }
}

/// A record of the profile that may stand in a résumé.
pub trait OnResume: Noun {
    /// Its line, if it belongs there. What was entered in error is never asked.
    fn line(&self) -> Option<ResumeEntry>;
    /// Whether it was entered in error.
    fn is_mistaken(&self) -> bool;
}

/// How the nouns of the profile stand in a résumé: as what, by which title, when at all, and what else the line says.
macro_rules! on_resume { ($($noun:ident |$record:ident| $title:expr, if $when:expr => { $($member:ident: $value:expr),* $(,)? })*) => { $(
    impl OnResume for $noun {
        fn line(&self) -> Option<ResumeEntry> {
            let $record = self;
            $when.then(|| ResumeEntry { $($member: $value,)* ..ResumeEntry::of(self, ResumeSource::$noun, $title) })
        }
        fn is_mistaken(&self) -> bool {
            self.entered_in_error
        }
    }
)* } }

fn short(text: Option<&ShortText>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

fn long(text: Option<&LongText>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

on_resume! {
    WorkExperience |work| work.role.as_str(), if true => {
        organization: short(Some(&work.employer)), starts_on: work.starts_on, ends_on: work.ends_on, hours: work.hours.map(Into::into),
        text: long(work.description.as_ref()),
    }
    LearningExperience |experience| experience.title.as_str(), if experience.status != ActivityStatus::Planned => {
        organization: short(experience.with_whom.as_ref().or(experience.location.as_ref())), starts_on: experience.starts_on, ends_on: experience.ends_on,
        hours: experience.hours.map(Into::into), text: long(experience.record.as_ref()),
    }
    Participation |participation| participation.title.as_str(), if true => {
        starts_on: participation.starts_on, ends_on: participation.ends_on, hours: participation.hours.map(Into::into),
        text: long(participation.record.as_ref()),
    }
    SkillRecord |skill| skill.local_skill.as_ref().filter(|_| skill.skill == AppliedSkill::Local).map_or(skill.skill.word(), |name| name.as_str()), if true => {
        ends_on: Some(skill.recorded_on), text: long(skill.progress.as_ref()).or_else(|| skill.level.map(|level| level.word().to_owned())),
    }
    CredentialPlan |credential| credential.title.as_str(), if credential.status == CredentialStatus::Earned => {
        organization: short(credential.provider.as_ref()), ends_on: credential.earned_on, text: long(credential.documentation.as_ref()),
    }
    ExamResult |exam| exam.exam.as_str(), if true => {
        ends_on: Some(exam.taken_on), text: short(exam.level_reached.as_ref().or(exam.score.as_ref())),
    }
    Strength |strength| strength.title.as_str(), if strength.domain != PlanDomain::PersonalSocial => {
        ends_on: strength.recognized_on, text: long(strength.description.as_ref()),
    }
}

/// The lines of records of one kind: the latest first, what goes on before all else; of a skill only the latest.
pub fn lines<N: OnResume>(records: &[N]) -> Vec<ResumeEntry> {
    let mut lines: Vec<_> = records.iter().filter(|record| !record.is_mistaken()).filter_map(OnResume::line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.ends_on.unwrap_or(NaiveDate::MAX), line.record_id)));
    let mut known = std::collections::BTreeSet::new();
    lines.retain(|line| line.source != ResumeSource::SkillRecord || known.insert(line.title.clone()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::pointers;
    use serde_json::json;

    #[test]
    fn r181_a_resume_names_what_it_is_built_from_once_each() {
        let new = |sources: Value| pointers::<NewResumeVersion>(json!({ "title": "For the internship", "sources": sources }));
        assert_eq!(new(json!(["strength", "workExperience"])), [""; 0]);
        assert_eq!(new(json!([])), ["/sources"]);
        assert_eq!(new(json!(["strength", "workExperience", "strength", "hobby"])), ["/sources/3"]);
        assert_eq!(new(json!(["strength", "workExperience", "strength"])), ["/sources/2"]);
        assert_eq!(pointers::<NewResumeVersion>(json!({ "title": "x", "sources": ["strength"], "entries": [] })), ["/entries"]);
    }
}
