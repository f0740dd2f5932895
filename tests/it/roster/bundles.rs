//! A small roster that tests change: one school, a homeroom and a class, two students with a mother, a counselor and a teacher.

use std::io::Cursor;

use chrono::NaiveDate;
use openilp_api::oneroster::rows::{
    AcademicSessionRow, CategoryRow, ClassRow, ClassType, CourseRow, DemographicsRow, EnrollmentRole, EnrollmentRow, LineItemRow,
    LineItemScoreScaleRow, OrgRow, OrgType, ResultRow, Role, RoleRow, RoleType, ScaleValue, ScoreScaleRow, ScoreStatus, SessionType, SourcedId,
    UserId, UserRow,
};
use openilp_api::oneroster::writer::BundleWriter;

#[derive(Clone, Default)]
pub struct Roster {
    pub orgs: Vec<OrgRow>,
    pub sessions: Vec<AcademicSessionRow>,
    pub courses: Vec<CourseRow>,
    pub classes: Vec<ClassRow>,
    pub users: Vec<UserRow>,
    pub roles: Vec<RoleRow>,
    pub demographics: Vec<DemographicsRow>,
    pub enrollments: Vec<EnrollmentRow>,
    pub categories: Vec<CategoryRow>,
    pub line_items: Vec<LineItemRow>,
    pub results: Vec<ResultRow>,
    pub scales: Vec<ScoreScaleRow>,
    pub scales_of_items: Vec<LineItemScoreScaleRow>,
}

pub fn id(text: &str) -> SourcedId {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn org(sourced_id: &str, kind: OrgType, parent: Option<&str>) -> OrgRow {
    OrgRow { line: 0, sourced_id: id(sourced_id), name: sourced_id.into(), kind, identifier: Some("1001".into()), parent_sourced_id: parent.map(id) }
}

pub fn session(sourced_id: &str, kind: SessionType, from: &str, to: &str, parent: Option<&str>, school_year: i32) -> AcademicSessionRow {
    AcademicSessionRow {
        line: 0,
        sourced_id: id(sourced_id),
        title: sourced_id.into(),
        kind,
        start_date: day(from),
        end_date: day(to),
        parent_sourced_id: parent.map(id),
        school_year,
    }
}

pub fn course(sourced_id: &str) -> CourseRow {
    CourseRow {
        line: 0,
        sourced_id: id(sourced_id),
        school_year_sourced_id: Some(id("year")),
        title: sourced_id.into(),
        course_code: None,
        grades: vec![],
        org_sourced_id: id("district"),
        subjects: vec![],
        subject_codes: vec![],
    }
}

pub fn class(sourced_id: &str, class_type: ClassType, terms: &[&str]) -> ClassRow {
    ClassRow {
        line: 0,
        sourced_id: id(sourced_id),
        title: sourced_id.into(),
        grades: vec![],
        course_sourced_id: id("algebra"),
        class_code: Some("A-1".into()),
        class_type,
        location: None,
        school_sourced_id: id("school"),
        term_sourced_ids: terms.iter().map(|term| id(term)).collect(),
        subjects: vec![],
        subject_codes: vec![],
        periods: vec!["1".into()],
    }
}

pub fn user(sourced_id: &str, grade: Option<&str>) -> UserRow {
    UserRow {
        line: 0,
        sourced_id: id(sourced_id),
        enabled_user: true,
        username: sourced_id.into(),
        user_ids: vec![],
        given_name: sourced_id.into(),
        family_name: "Test".into(),
        middle_name: None,
        identifier: None,
        email: None,
        sms: None,
        phone: None,
        agent_sourced_ids: vec![],
        grades: grade.into_iter().map(Into::into).collect(),
        user_master_identifier: None,
        preferred_given_name: None,
        preferred_middle_name: None,
        preferred_family_name: None,
        primary_org_sourced_id: None,
        pronouns: None,
    }
}

pub fn student(sourced_id: &str, grade: &str, identifier: &str) -> UserRow {
    UserRow {
        identifier: Some(identifier.into()),
        user_ids: vec![UserId { kind: "SASID".into(), identifier: format!("S{identifier}") }],
        agent_sourced_ids: vec![id("mother")],
        ..user(sourced_id, Some(grade))
    }
}

pub fn role(person: &str, role: Role) -> RoleRow {
    RoleRow {
        line: 0,
        sourced_id: id(&format!("{person}-role")),
        user_sourced_id: id(person),
        role_type: RoleType::Primary,
        role,
        begin_date: Some(day("2026-08-15")),
        end_date: None,
        org_sourced_id: id("school"),
        user_profile_sourced_id: None,
    }
}

pub fn enrollment(person: &str, class: &str, role: EnrollmentRole) -> EnrollmentRow {
    EnrollmentRow {
        line: 0,
        sourced_id: id(&format!("{person}-{class}")),
        class_sourced_id: id(class),
        school_sourced_id: id("school"),
        user_sourced_id: id(person),
        primary: (role == EnrollmentRole::Teacher).then_some(true),
        role,
        begin_date: Some(day("2026-08-15")),
        end_date: None,
    }
}

pub fn category(sourced_id: &str, title: &str) -> CategoryRow {
    CategoryRow { line: 0, sourced_id: id(sourced_id), title: title.into(), weight: None }
}

pub fn line_item(sourced_id: &str, category: &str, session: &str) -> LineItemRow {
    LineItemRow {
        line: 0,
        sourced_id: id(sourced_id),
        title: sourced_id.into(),
        description: None,
        assign_date: day("2026-08-15"),
        due_date: day("2026-10-30"),
        class_sourced_id: id("algebra-1"),
        category_sourced_id: id(category),
        academic_session_sourced_id: id(session),
        result_value_min: Some("0".parse().unwrap()),
        result_value_max: Some("100".parse().unwrap()),
        school_sourced_id: Some(id("school")),
    }
}

pub fn result(person: &str, line_item: &str, score: Option<&str>) -> ResultRow {
    ResultRow {
        line: 0,
        sourced_id: id(&format!("{person}-{line_item}")),
        line_item_sourced_id: id(line_item),
        student_sourced_id: id(person),
        score_status: if score.is_some() { ScoreStatus::FullyGraded } else { ScoreStatus::Exempt },
        score: score.map(|score| score.parse().unwrap()),
        score_date: day("2026-10-30"),
        comment: None,
        text_score: score.map(|_| "B".into()),
        class_sourced_id: None,
        in_progress: None,
        incomplete: None,
        late: None,
        missing: None,
    }
}

impl Roster {
    /// The small roster with a gradebook: ada's mark for the fall and a quiz; ben, who has no file, has a mark too.
    pub fn graded() -> Self {
        let mut roster = Self::small();
        roster.enrollments.push(enrollment("ben", "algebra-1", EnrollmentRole::Student));
        roster.categories = vec![category("marks", "Report Card"), category("quizzes", "Quiz")];
        roster.line_items = vec![line_item("fall-mark", "marks", "fall"), line_item("quiz-1", "quizzes", "fall")];
        roster.scales = vec![ScoreScaleRow {
            line: 0,
            sourced_id: id("letters"),
            title: "Letters".into(),
            kind: "letters".into(),
            org_sourced_id: id("school"),
            course_sourced_id: id("algebra"),
            class_sourced_id: id("algebra-1"),
            values: vec![ScaleValue { mark: "B".into(), value: "80".into() }],
        }];
        roster.scales_of_items = vec![LineItemScoreScaleRow {
            line: 0,
            sourced_id: id("letters-of-fall-mark"),
            title: None,
            line_item_sourced_id: id("fall-mark"),
            score_scale_sourced_id: id("letters"),
        }];
        roster.results = vec![result("ada", "fall-mark", Some("83.70")), result("ada", "quiz-1", Some("7")), result("ben", "fall-mark", Some("90"))];
        roster
    }

    /// A result, by its sourcedId.
    pub fn result(&mut self, sourced_id: &str) -> &mut ResultRow {
        self.results.iter_mut().find(|result| result.sourced_id == id(sourced_id)).unwrap()
    }

    pub fn small() -> Self {
        let (both, teaches) = (EnrollmentRole::Student, EnrollmentRole::Teacher);
        Self {
            orgs: vec![org("district", OrgType::District, None), org("school", OrgType::School, Some("district"))],
            sessions: vec![
                session("year", SessionType::SchoolYear, "2026-08-15", "2027-06-10", None, 2027),
                session("fall", SessionType::Term, "2026-08-15", "2026-12-20", Some("year"), 2027),
                session("spring", SessionType::Term, "2027-01-05", "2027-06-10", Some("year"), 2027),
            ],
            courses: vec![course("algebra")],
            classes: vec![class("homeroom", ClassType::Homeroom, &["fall", "spring"]), class("algebra-1", ClassType::Scheduled, &["fall"])],
            users: vec![
                student("ada", "09", "1"),
                student("ben", "05", "2"),
                user("mother", None),
                user("counselor", None),
                UserRow { phone: Some("555-0100".into()), ..user("teacher", None) },
            ],
            roles: vec![
                role("ada", Role::Student),
                role("ben", Role::Student),
                role("mother", Role::Guardian),
                role("counselor", Role::Counselor),
                role("teacher", Role::Teacher),
            ],
            demographics: vec![DemographicsRow::born(id("ada"), Some(day("2012-03-04")))],
            enrollments: vec![
                enrollment("ada", "homeroom", both.clone()),
                enrollment("ada", "algebra-1", both.clone()),
                enrollment("ben", "homeroom", both),
                enrollment("counselor", "homeroom", teaches.clone()),
                enrollment("teacher", "algebra-1", teaches),
            ],
            ..Self::default()
        }
    }

    pub fn user(&mut self, sourced_id: &str) -> &mut UserRow {
        self.users.iter_mut().find(|user| user.sourced_id == id(sourced_id)).unwrap()
    }

    /// The source calls somebody otherwise from now on.
    pub fn rekey(&mut self, from: &str, to: &str) {
        let rename = |name: &mut SourcedId| {
            if *name == id(from) {
                *name = id(to);
            }
        };
        for user in &mut self.users {
            rename(&mut user.sourced_id);
            user.agent_sourced_ids.iter_mut().for_each(rename);
        }
        self.roles.iter_mut().for_each(|role| rename(&mut role.user_sourced_id));
        self.demographics.iter_mut().for_each(|row| rename(&mut row.sourced_id));
        self.enrollments.iter_mut().for_each(|enrollment| rename(&mut enrollment.user_sourced_id));
        self.results.iter_mut().for_each(|result| rename(&mut result.student_sourced_id));
    }

    /// The same rows in another order.
    pub fn reordered(mut self) -> Self {
        self.orgs.reverse();
        self.sessions.reverse();
        self.classes.reverse();
        for class in &mut self.classes {
            class.term_sourced_ids.reverse();
        }
        self.users.reverse();
        self.roles.reverse();
        self.enrollments.reverse();
        self
    }

    pub fn zip(&self) -> Vec<u8> {
        let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
        writer.orgs(&self.orgs).unwrap().academic_sessions(&self.sessions).unwrap().courses(&self.courses).unwrap();
        writer.classes(&self.classes).unwrap().users(&self.users).unwrap().roles(&self.roles).unwrap();
        writer.demographics(&self.demographics).unwrap().enrollments(&self.enrollments).unwrap();
        writer.categories(&self.categories).unwrap().line_items(&self.line_items).unwrap().results(&self.results).unwrap();
        writer.score_scales(&self.scales).unwrap().line_item_score_scales(&self.scales_of_items).unwrap();
        writer.finish().unwrap().into_inner()
    }
}
