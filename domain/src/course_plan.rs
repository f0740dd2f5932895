//! The course plan beside what the student is registered for (L1): which class is which planned course, and where the two differ.

use serde::Serialize;

use crate::coursework::{CourseStatus, PlannedCourse};
use crate::field::SchoolYear;
use crate::id::{PlannedCourseId, RegistrationId};
use crate::ilp_file::Registration;

/// A class as the file or the roster names it, and the course that it is of, where the roster says.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassTaken<'a> {
    /// What the class is called.
    pub class_title: &'a str,
    /// The code of the class.
    pub class_code: Option<&'a str>,
    /// What the course is called.
    pub course_title: Option<&'a str>,
    /// The code of the course.
    pub course_code: Option<&'a str>,
}

/// A copied registration, with the school year of its division and the course of its class.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The registration.
    pub registration: Registration,
    /// The school year.
    pub school_year: SchoolYear,
    /// What the course is called, where the roster says.
    pub course_title: Option<String>,
    /// The code of the course, where the roster says.
    pub course_code: Option<String>,
}

impl Registered {
    /// The class.
    pub fn class(&self) -> ClassTaken<'_> {
        ClassTaken {
            class_title: &self.registration.class_title,
            class_code: self.registration.class_code.as_deref(),
            course_title: self.course_title.as_deref(),
            course_code: self.course_code.as_deref(),
        }
    }
}

/// Whether two names are one: capitals and spaces around make no difference.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

impl PlannedCourse {
    /// Whether the class is of this course: by the code, which is the course's or the class's; where the plan or the roster has no code of the
    /// course, also by the title.
    pub fn is_taken_in(&self, class: &ClassTaken<'_>) -> bool {
        let code = self.course_code.as_ref().map(|code| code.as_str());
        let by_code = code.is_some_and(|code| [class.course_code, class.class_code].into_iter().flatten().any(|known| same(known, code)));
        let by_title = (code.is_none() || class.course_code.is_none())
            && [Some(class.class_title), class.course_title].into_iter().flatten().any(|title| same(title, self.title.as_str()));
        by_code || by_title
    }
}

/// A planned course that the student is registered for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourseAsPlanned {
    /// The planned course.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub planned_course_id: PlannedCourseId,
    /// What the plan calls it.
    pub title: String,
    /// The registrations for it, one a term.
    #[cfg_attr(feature = "wire", schema(value_type = Vec<uuid::Uuid>))]
    pub registration_ids: Vec<RegistrationId>,
}

/// A planned course that the student is not registered for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourseNotRegistered {
    /// The planned course.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub planned_course_id: PlannedCourseId,
    /// What the plan calls it.
    pub title: String,
    /// The code of the course in the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub course_code: Option<String>,
    /// The term for which it is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub term: Option<String>,
}

/// A registration for what is not planned.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourseNotPlanned {
    /// The registration.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub registration_id: RegistrationId,
    /// The class.
    pub class_title: String,
    /// The code of the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub class_code: Option<String>,
    /// The code of the course that the class is of, as the roster has it: what the plan would name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub course_code: Option<String>,
    /// The term.
    pub term_title: String,
}

/// The course plan of a school year against the registrations of that year (L1).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CourseDifferences {
    /// The school year, by the year in which it ends.
    #[cfg_attr(feature = "wire", schema(value_type = i32))]
    pub school_year: SchoolYear,
    /// Whether the two agree. Absent while the student is registered for nothing in that year.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub consistent: Option<bool>,
    /// Planned, and registered for.
    pub registered_as_planned: Vec<CourseAsPlanned>,
    /// Planned, and not registered for.
    pub planned_not_registered: Vec<CourseNotRegistered>,
    /// Registered for, and not planned.
    pub registered_not_planned: Vec<CourseNotPlanned>,
}

impl CourseDifferences {
    /// Compares the plan and the registrations of a school year. What was entered in error counts nowhere, nor does a registration that was
    /// withdrawn. A course that was left or not passed needs no registration; where there is one, it is not unplanned.
    pub fn between(school_year: SchoolYear, planned: &[PlannedCourse], registered: &[Registered]) -> Self {
        let planned: Vec<_> = planned.iter().filter(|course| course.school_year == school_year && !course.entered_in_error).collect();
        let registered: Vec<_> = registered.iter().filter(|of| of.school_year == school_year && of.registration.withdrawn_on.is_none()).collect();
        let mut found =
            Self { school_year, consistent: None, registered_as_planned: vec![], planned_not_registered: vec![], registered_not_planned: vec![] };
        for course in &planned {
            let registration_ids: Vec<_> = registered.iter().filter(|of| course.is_taken_in(&of.class())).map(|of| of.registration.id).collect();
            if !registration_ids.is_empty() {
                found.registered_as_planned.push(CourseAsPlanned {
                    planned_course_id: course.id,
                    title: course.title.as_str().to_owned(),
                    registration_ids,
                });
            } else if course.status != CourseStatus::NotCompleted {
                found.planned_not_registered.push(CourseNotRegistered {
                    planned_course_id: course.id,
                    title: course.title.as_str().to_owned(),
                    course_code: course.course_code.as_ref().map(|code| code.as_str().to_owned()),
                    term: course.term.as_ref().map(|term| term.as_str().to_owned()),
                });
            }
        }
        for of in registered.iter().filter(|of| !planned.iter().any(|course| course.is_taken_in(&of.class()))) {
            found.registered_not_planned.push(CourseNotPlanned {
                registration_id: of.registration.id,
                class_title: of.registration.class_title.clone(),
                class_code: of.registration.class_code.clone(),
                course_code: of.course_code.clone(),
                term_title: of.registration.term_title.clone(),
            });
        }
        found.consistent = (!registered.is_empty()).then_some(found.planned_not_registered.is_empty() && found.registered_not_planned.is_empty());
        found
    }
}

/// A planned course as it would be kept.
#[cfg(test)]
pub(crate) fn planned(body: serde_json::Value) -> PlannedCourse {
    use crate::noun::Body;
    let new = crate::coursework::NewPlannedCourse::read(body).unwrap();
    let id = uuid::Uuid::from_u128(1);
    PlannedCourse {
        id: id.into(),
        plan_id: id.into(),
        student_id: id.into(),
        school_year: new.school_year,
        title: new.title,
        level: new.level,
        status: new.status,
        grade: new.grade,
        term: new.term,
        course_code: new.course_code,
        subject: new.subject,
        credits: new.credits,
        description: new.description,
        created_by: id.into(),
        entered_in_error: false,
        version: 1,
        created_at: chrono::DateTime::UNIX_EPOCH,
        updated_at: chrono::DateTime::UNIX_EPOCH,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn class<'a>(title: &'a str, code: Option<&'a str>, course: Option<(&'a str, &'a str)>) -> ClassTaken<'a> {
        ClassTaken { class_title: title, class_code: code, course_title: course.map(|(title, _)| title), course_code: course.map(|(_, code)| code) }
    }

    #[test]
    fn l1_a_class_is_of_a_planned_course_by_code_and_without_one_by_title() {
        let coded = planned(json!({ "schoolYear": 2027, "title": "Biology", "courseCode": "SCI-1" }));
        let titled = planned(json!({ "schoolYear": 2027, "title": "Biology" }));
        for (class, by_code, by_title) in [
            (class("Bio, period 3", Some("SCI-1-03"), Some(("Biology", "sci-1 "))), true, true),
            (class("Bio, period 3", Some("SCI-1"), None), true, false),
            (class(" BIOLOGY", Some("B-7"), None), true, true),
            (class("Biology", Some("B-7"), Some(("Biology for athletes", "SCI-9"))), false, true),
            (class("Chemistry", None, None), false, false),
        ] {
            assert_eq!((coded.is_taken_in(&class), titled.is_taken_in(&class)), (by_code, by_title), "{class:?}");
        }
    }
}
