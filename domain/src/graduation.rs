//! Local graduation requirements (R25, R174, R175) and how far a student is with each: what is earned, documented, under way, planned, and what is
//! missing (R110, R177).
//!
//! A report card says no credits, and whether a mark is a pass is the school's to say. So credits come from the course plan: a course counts by its
//! `credits` toward its `subject`, as its `status` says. What the file's report cards show of a completed course stands beside it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::course_plan::{ClassTaken, Registered, same};
use crate::coursework::{CourseStatus, PlannedCourse};
use crate::field::SchoolYear;
use crate::grade::Grade;
use crate::id::{GraduationRequirementId, PlannedCourseId, ReportCardId};
use crate::invalid::Invalid;
use crate::number::Credits;
use crate::report_card::ReportCard;
use crate::text::{LongText, ShortText};

crate::view! {
    /// How many credits of a subject area a student needs to graduate, from a graduating class on (R175).
    GraduationRequirement
    required {
        /// The id.
        id: GraduationRequirementId,
        /// The subject area. Courses of the plan count toward it that name it as their `subject`, in capitals or small letters.
        subject: ShortText,
        /// The credits that are needed. 0: none any more.
        credits: Credits,
        /// The first class that it is for, by the school year in which it graduates. It holds until one of the same subject for a later class.
        first_graduation_year: SchoolYear,
        /// Whether it counts. One that should not have been entered does not.
        active: bool,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The system of the code, such as `sced` (School Courses for the Exchange of Data). Comes with `subjectCode`.
        subject_code_system: ShortText,
        /// The subject area in that system, such as `02`, mathematics.
        subject_code: ShortText,
        /// Which courses count, and what else is asked.
        description: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "subject": "mathematics",
        "credits": 4.0,
        "firstGraduationYear": 2028,
        "active": true,
        "subjectCodeSystem": "sced",
        "subjectCode": "02",
        "description": "Algebra I and higher.",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A graduation requirement as it is entered.
    NewGraduationRequirement
    required {
        /// The subject area.
        subject: ShortText,
        /// The credits that are needed. 0: none any more.
        credits: Credits,
        /// The first class that it is for, by the school year in which it graduates.
        first_graduation_year: SchoolYear,
    }
    defaulted {}
    optional {
        /// The system of the code. Comes with `subjectCode`.
        subject_code_system: ShortText,
        /// The subject area in that system.
        subject_code: ShortText,
        /// Which courses count, and what else is asked.
        description: LongText,
    }
    example { "subject": "mathematics", "credits": 4.0, "firstGraduationYear": 2028, "subjectCodeSystem": "sced", "subjectCode": "02" }
    check |new| code_faults(new.subject_code_system.is_some(), new.subject_code.is_some())
}

crate::change! {
    /// A change to a graduation requirement: what is absent stays, null clears.
    GraduationRequirementPatch
    required {
        /// The subject area.
        subject: ShortText,
        /// The credits that are needed.
        credits: Credits,
        /// The first class that it is for.
        first_graduation_year: SchoolYear,
        /// Whether it counts.
        active: bool,
    }
    optional {
        /// The system of the code.
        subject_code_system: ShortText,
        /// The subject area in that system.
        subject_code: ShortText,
        /// Which courses count, and what else is asked.
        description: LongText,
    }
    example { "credits": 3.0, "description": "Algebra I and higher." }
}

fn code_faults(system: bool, code: bool) -> Invalid {
    let mut invalid = Invalid::default();
    let detail = "A code means nothing without its system, nor a system without a code.";
    invalid.together(("/subjectCodeSystem", system), ("/subjectCode", code), detail);
    invalid
}

impl GraduationRequirement {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &GraduationRequirementPatch) -> Invalid {
        let system = patch.subject_code_system.after(self.subject_code_system.as_ref()).is_some();
        code_faults(system, patch.subject_code.after(self.subject_code.as_ref()).is_some())
    }
}

/// The school year in which a student of a grade graduates, where no grade is repeated or left out. None where the grade has no number.
pub fn graduation_year_of(grade: Grade, school_year: SchoolYear) -> Option<SchoolYear> {
    let years_left = 12 - i32::from(grade.number()?).min(12);
    Some(SchoolYear(school_year.0 + years_left))
}

/// The requirements of a class, by subject: of each subject the latest that is not for a later class.
pub fn requirements_of(graduation_year: SchoolYear, mut all: Vec<GraduationRequirement>) -> Vec<GraduationRequirement> {
    all.retain(|requirement| requirement.active && requirement.first_graduation_year <= graduation_year);
    all.sort_by_cached_key(|requirement| (requirement.subject.as_str().to_lowercase(), std::cmp::Reverse(requirement.first_graduation_year)));
    all.dedup_by(|later, first| same(later.subject.as_str(), first.subject.as_str()));
    all.retain(|requirement| f64::from(requirement.credits) > 0.0);
    all
}

/// A mark of a report card, with the school year of its division.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The mark.
    pub card: ReportCard,
    /// The school year.
    pub school_year: SchoolYear,
}

impl Marked {
    /// Whether the mark stands and is of the course: the class of the mark is that of a registration, or is the course's by its own code or title.
    fn documents(&self, course: &PlannedCourse, registered: &[Registered]) -> bool {
        let card = &self.card;
        let stands = card.corrected_by_id.is_none() && card.withdrawn_on.is_none();
        let by_itself = ClassTaken { class_title: &card.class_title, class_code: card.class_code.as_deref(), course_title: None, course_code: None };
        let same_class = |of: &&Registered| {
            let registration = &of.registration;
            (registration.division_id, &registration.class_title, &registration.class_code) == (card.division_id, &card.class_title, &card.class_code)
        };
        let class = registered.iter().find(same_class).map_or(by_itself, Registered::class);
        stands && self.school_year == course.school_year && course.is_taken_in(&class)
    }
}

/// Credits of the courses of a student's plan, with parts of one as a decimal fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreditTally {
    /// What is needed.
    pub required: f64,
    /// Of courses that were completed.
    pub earned: f64,
    /// Of these, of courses that a report card in the file shows.
    pub documented: f64,
    /// Of courses that are being taken.
    pub in_progress: f64,
    /// Of courses that are to be taken.
    pub planned: f64,
    /// The gap: what is needed and neither earned nor being earned nor planned.
    pub missing: f64,
}

/// To a thousandth of a credit: sums of decimal fractions stay what people would write.
fn rounded(credits: f64) -> f64 {
    (credits * 1000.0).round() / 1000.0
}

impl CreditTally {
    fn of(required: f64, courses: &[CountedCourse]) -> Self {
        let sum = |counts: &dyn Fn(&CountedCourse) -> bool| {
            rounded(courses.iter().filter(|course| counts(course)).map(|course| course.credits).fold(0.0, std::ops::Add::add))
        };
        let standing = |status| sum(&|course: &CountedCourse| course.status == status);
        let documented = sum(&|course| course.status == CourseStatus::Completed && !course.report_card_ids.is_empty());
        let (earned, in_progress, planned) = (standing(CourseStatus::Completed), standing(CourseStatus::InProgress), standing(CourseStatus::Planned));
        let missing = rounded((required - earned - in_progress - planned).max(0.0));
        Self { required, earned, documented, in_progress, planned, missing }
    }

    fn and(self, more: Self) -> Self {
        Self {
            required: rounded(self.required + more.required),
            earned: rounded(self.earned + more.earned),
            documented: rounded(self.documented + more.documented),
            in_progress: rounded(self.in_progress + more.in_progress),
            planned: rounded(self.planned + more.planned),
            missing: rounded(self.missing + more.missing),
        }
    }
}

/// A course of the plan that earns credits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CountedCourse {
    /// The planned course.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub planned_course_id: PlannedCourseId,
    /// What the plan calls it.
    pub title: String,
    /// The school year, by the year in which it ends.
    #[cfg_attr(feature = "wire", schema(value_type = i32))]
    pub school_year: SchoolYear,
    /// The subject area that it names.
    pub subject: String,
    /// As what it counts.
    pub status: CourseStatus,
    /// The credits that it earns.
    pub credits: f64,
    /// The marks in the file that stand and are of this course. What they say of it is for people to read.
    #[cfg_attr(feature = "wire", schema(value_type = Vec<uuid::Uuid>))]
    pub report_card_ids: Vec<ReportCardId>,
}

/// How far a student is with one requirement.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequirementProgress {
    /// The requirement.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub graduation_requirement_id: GraduationRequirementId,
    /// The subject area.
    pub subject: String,
    /// The credits.
    pub credits: CreditTally,
    /// The courses that count.
    pub courses: Vec<CountedCourse>,
}

/// How far a student is with what the district asks of the class (R110, R175).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GraduationProgress {
    /// The school year in which the student graduates, by the year in which it ends. Absent where the grade does not say and none was asked for; then
    /// there are no requirements.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<i32>, nullable = false))]
    pub graduation_year: Option<SchoolYear>,
    /// The credits of all requirements.
    pub credits: CreditTally,
    /// Requirement by requirement, by subject.
    pub requirements: Vec<RequirementProgress>,
    /// Courses with credits whose subject is that of no requirement: they count nowhere.
    pub other_courses: Vec<CountedCourse>,
}

impl GraduationProgress {
    /// Counts. A course counts that has credits and was neither left nor failed nor entered in error; one that is taken again counts each time that
    /// it is completed, and toward the one subject that it names.
    pub fn of(
        graduation_year: Option<SchoolYear>,
        requirements: Vec<GraduationRequirement>,
        planned: &[PlannedCourse],
        registered: &[Registered],
        marked: &[Marked],
    ) -> Self {
        let counts = |course: &&PlannedCourse| course.status != CourseStatus::NotCompleted && !course.entered_in_error;
        let mut courses: Vec<_> = planned
            .iter()
            .filter(counts)
            .filter_map(|course| {
                Some(CountedCourse {
                    planned_course_id: course.id,
                    title: course.title.as_str().to_owned(),
                    school_year: course.school_year,
                    subject: course.subject.as_ref()?.as_str().to_owned(),
                    status: course.status,
                    credits: course.credits?.into(),
                    report_card_ids: marked.iter().filter(|mark| mark.documents(course, registered)).map(|mark| mark.card.id).collect(),
                })
            })
            .collect();
        courses.sort_by_key(|course| (course.school_year, course.planned_course_id));
        let requirements: Vec<_> = graduation_year
            .map_or(vec![], |year| requirements_of(year, requirements))
            .into_iter()
            .map(|requirement| {
                let of_subject = courses.extract_if(.., |course| same(&course.subject, requirement.subject.as_str())).collect::<Vec<_>>();
                RequirementProgress {
                    graduation_requirement_id: requirement.id,
                    subject: requirement.subject.as_str().to_owned(),
                    credits: CreditTally::of(requirement.credits.into(), &of_subject),
                    courses: of_subject,
                }
            })
            .collect();
        let credits = requirements.iter().fold(CreditTally::default(), |all, requirement| all.and(requirement.credits));
        Self { graduation_year, credits, requirements, other_courses: courses }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course_plan::planned;
    use crate::field::Field;
    use crate::noun::{Body, pointers};
    use serde_json::{Value, json};

    fn requirement(subject: &str, credits: f64, first: i32, active: bool) -> GraduationRequirement {
        let new = NewGraduationRequirement::read(json!({ "subject": subject, "credits": credits, "firstGraduationYear": first })).unwrap();
        GraduationRequirement {
            id: uuid::Uuid::from_u128(u128::from(first.unsigned_abs())).into(),
            subject: new.subject,
            credits: new.credits,
            first_graduation_year: new.first_graduation_year,
            active,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            subject_code_system: None,
            subject_code: None,
            description: None,
        }
    }

    fn course(status: &str, subject: &str, credits: f64) -> PlannedCourse {
        planned(json!({ "schoolYear": 2027, "title": "Course", "status": status, "subject": subject, "credits": credits }))
    }

    #[test]
    fn r175_a_requirement_has_credits_and_a_code_with_its_system() {
        let new = |body: Value| pointers::<NewGraduationRequirement>(body);
        assert_eq!(new(json!({ "subject": "", "credits": -1, "firstGraduationYear": 28 })), ["/subject", "/credits", "/firstGraduationYear"]);
        assert_eq!(new(json!({ "subject": "art", "credits": 1, "firstGraduationYear": 2028, "subjectCode": "05" })), ["/subjectCodeSystem"]);
    }

    #[test]
    fn r175_of_each_subject_the_latest_requirement_counts_that_is_not_for_a_later_class() {
        let all = vec![
            requirement("mathematics", 3.0, 2024, true),
            requirement("Mathematics", 4.0, 2028, true),
            requirement("mathematics", 9.0, 2027, false),
            requirement("latin", 2.0, 2020, true),
            requirement("latin", 0.0, 2027, true),
        ];
        let of = |year| {
            let found = requirements_of(SchoolYear(year), all.clone());
            found.iter().map(|r| (r.subject.as_str().to_lowercase(), f64::from(r.credits))).collect::<Vec<_>>()
        };
        assert_eq!(of(2023), [("latin".to_owned(), 2.0)]);
        assert_eq!(of(2027), [("mathematics".to_owned(), 3.0)]);
        assert_eq!(of(2030), [("mathematics".to_owned(), 4.0)]);
    }

    #[test]
    fn r110_r175_what_is_earned_under_way_and_planned_leaves_a_gap_or_none() {
        let requirements = vec![requirement("Science", 3.0, 2027, true), requirement("art", 0.3, 2027, true)];
        let mut wrong = course("completed", "science", 9.0);
        wrong.entered_in_error = true;
        let courses = [
            course("completed", "science", 1.0),
            course("inProgress", "SCIENCE ", 0.5),
            course("planned", "science", 1.0),
            course("notCompleted", "science", 1.0),
            wrong,
            course("completed", "art", 0.1),
            course("completed", "art", 0.2),
            course("planned", "driving", 0.5),
        ];
        let progress = GraduationProgress::of(Some(SchoolYear(2029)), requirements.clone(), &courses, &[], &[]);
        let tally = |n: usize| progress.requirements[n].credits;
        assert_eq!(tally(0), CreditTally { required: 0.3, earned: 0.3, ..CreditTally::default() });
        assert_eq!(tally(1), CreditTally { required: 3.0, earned: 1.0, in_progress: 0.5, planned: 1.0, missing: 0.5, documented: 0.0 });
        assert_eq!((progress.credits.required, progress.credits.missing), (3.3, 0.5));
        assert!(!json!(progress).to_string().contains("-0.0"), "nothing is no less than nothing");
        assert_eq!(progress.other_courses.iter().map(|course| course.subject.as_str()).collect::<Vec<_>>(), ["driving"]);
        let unknown = GraduationProgress::of(None, requirements, &courses, &[], &[]);
        assert_eq!((unknown.requirements.len(), unknown.other_courses.len()), (0, 6));
    }

    #[test]
    fn a_class_graduates_when_its_grade_twelve_ends() {
        let year = |grade: &str| graduation_year_of(Grade::read(&json!(grade)).unwrap(), SchoolYear(2027));
        assert_eq!(
            ["01", "10", "12", "13", "KG", "UG"].map(year),
            [Some(2038), Some(2029), Some(2027), Some(2027), None, None].map(|y| y.map(SchoolYear))
        );
    }
}
