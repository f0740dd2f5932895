//! Who can be tried in the demo: one of each kind of person and client.

use anyhow::Context;
use chrono::TimeDelta;
use openilp_domain::id::ClientId;
use openilp_domain::principal::ClientKind;
use openilp_domain::time::local_date;

use super::{COORDINATOR, CUSTODIAN, Demo, DemoDistrict, Stage, TIME_ZONE, left_open};
use crate::auth::Secret;
use crate::synthetic::courses::{COURSES, Department};
use crate::synthetic::people;
use crate::synthetic::plans::Stage as PlanStage;
use crate::synthetic::roster::{OFFICE, guardian_id, office_id, staff_id, student_id};
use crate::synthetic::zone::{Student, Work};

/// Somebody to try the demo as.
#[derive(Debug)]
pub struct DemoActor {
    /// A word for it, such as `student`: for the name of a variable.
    pub key: &'static str,
    /// Who it is: `student in grade 10`.
    pub who: String,
    /// What the person or client is called.
    pub name: String,
    /// An access token: a person's is good for an hour, a machine's for ten minutes.
    pub token: Secret<String>,
    /// `client_id` and secret of a client, to get further tokens with.
    pub credentials: Option<(ClientId, Secret<String>)>,
    /// What to try.
    pub try_this: String,
}

/// The student whom most actors know, and staff around that student.
pub(super) struct Cast {
    pub(super) student: Student,
    /// The place among the students.
    pub(super) place: usize,
    /// By their places in the staff.
    pub(super) teacher: usize,
    pub(super) reviewer: usize,
    class_teacher: usize,
}

impl Stage<'_> {
    /// A student in grade 10 with a plan for college and career, guardians and a counselor, and three of the student's teachers.
    pub(super) fn cast(&self) -> anyhow::Result<Cast> {
        for (place, student) in self.zone.students.iter().enumerate() {
            let known = student.grade == 10 && self.guardian(student.family).is_some() && self.gatekeeper(place, student.number).is_some();
            if !known || self.script(student)?.stage != PlanStage::Pccr {
                continue;
            }
            let teachers = |of: &[Department]| {
                let classes = self.zone.classes.iter().filter(|class| class.students.contains(&place));
                let wanted = |class: &&crate::synthetic::zone::Class| COURSES.get(class.course).is_some_and(|course| of.contains(&course.department));
                classes.filter(wanted).map(|class| class.teacher).collect::<Vec<_>>()
            };
            let core = teachers(&[Department::English, Department::Mathematics, Department::Science, Department::SocialStudies]);
            let other = teachers(&[Department::Careers, Department::Arts, Department::Languages, Department::Wellness]);
            let (Some(class_teacher), Some(reviewer)) = (core.first(), other.iter().find(|one| !core.contains(*one))) else { continue };
            let Some(teacher) = core.iter().find(|one| *one != class_teacher) else { continue };
            return Ok(Cast { student: *student, place, teacher: *teacher, reviewer: *reviewer, class_teacher: *class_teacher });
        }
        anyhow::bail!("the demo has no student in grade 10 with all that is wanted")
    }

    /// One of each kind, with tokens.
    pub(super) async fn actors(&self) -> anyhow::Result<DemoDistrict> {
        let cast = self.cast()?;
        let student = self.student(cast.student.number)?;
        let (file, _) = *self.files.get(&student).context("the student has no file")?;
        let path = format!("/v1/ilp-files/{file}/whole");
        let counselor = self.zone.advisor(cast.place).context("the student has no counselor")?;
        let principal = self
            .zone
            .staff
            .iter()
            .position(|one| one.work == Work::Principal && one.school == cast.student.school)
            .context("a school has no principal")?;
        let name = self.student_name(&cast.student);

        let mut actors = vec![];
        let mut person = async |key, who: String, name: String, subject: &str, try_this: String| -> anyhow::Result<()> {
            let Demo { auth, db, now, .. } = *self.demo;
            let token = auth.issue_person_token(db, self.id, subject, TimeDelta::hours(1), now).await?;
            actors.push(DemoActor { key, who, name, token, credentials: None, try_this });
            Ok(())
        };
        let staff_name = |number: usize| spoken(people::staff_name(self.made_up.seed(), self.zone.number * 10_000 + number));
        let guardian_name = |family: usize| self.made_up.family(family).guardians.first().map(|one| spoken(one.name.clone())).unwrap_or_default();
        let whole = format!("read the file as you may see it: GET {path}");
        person(
            "student",
            "student in grade 10".into(),
            name.clone(),
            student_id(cast.student.number).as_str(),
            format!("{whole}; set a goal: POST /v1/ilp-files/{file}/goals"),
        )
        .await?;
        person(
            "guardian",
            format!("parent of {name}, link confirmed"),
            guardian_name(cast.student.family),
            guardian_id(cast.student.family, 0).as_str(),
            whole.clone(),
        )
        .await?;
        person(
            "counselor",
            format!("counselor of {name}: gatekeeper"),
            staff_name(counselor),
            staff_id(&self.zone, counselor).as_str(),
            format!("see the caseload: GET /v1/students; {whole}"),
        )
        .await?;
        person(
            "teacher",
            format!("teacher assigned to the plan of {name}"),
            staff_name(cast.teacher),
            staff_id(&self.zone, cast.teacher).as_str(),
            whole.clone(),
        )
        .await?;
        person(
            "reviewer",
            format!("career reviewer of {name}"),
            staff_name(cast.reviewer),
            staff_id(&self.zone, cast.reviewer).as_str(),
            whole.clone(),
        )
        .await?;
        person(
            "class_teacher",
            format!("teacher of a class of {name}, by the roster alone"),
            staff_name(cast.class_teacher),
            staff_id(&self.zone, cast.class_teacher).as_str(),
            whole.clone(),
        )
        .await?;
        person(
            "principal",
            "principal: school manager".into(),
            staff_name(principal),
            staff_id(&self.zone, principal).as_str(),
            format!("sees that the file exists, and no goals: GET {path}"),
        )
        .await?;
        for (key, place, try_this) in [
            ("coordinator", COORDINATOR, "sees the imports: GET /v1/roster-imports"),
            ("custodian", CUSTODIAN, "confirm a guardian: GET /v1/guardian-links?confirmed=false"),
        ] {
            let title = OFFICE.get(place).copied().unwrap_or_default();
            let name = spoken(people::staff_name(self.made_up.seed(), usize::MAX - place));
            person(key, title.to_lowercase(), name, office_id(place).as_str(), try_this.into()).await?;
        }
        if let Some(younger) = self.zone.students.iter().find(|one| one.grade == 7 && self.guardian(one.family).is_some()) {
            let id = self.student(younger.number)?;
            person(
                "student_7",
                "student in grade 7".into(),
                self.student_name(younger),
                student_id(younger.number).as_str(),
                format!("GET /v1/students/{id}/ilp-file"),
            )
            .await?;
        }
        let today = local_date(self.demo.now, TIME_ZONE);
        if let Some(adult) = self.zone.students.iter().find(|one| one.grade == 12 && self.of_age(one, today) && self.guardian(one.family).is_some()) {
            let id = self.student(adult.number)?;
            let about = "is 18, so that the rights are the student's";
            person(
                "adult",
                format!("student in grade 12 who {about}"),
                self.student_name(adult),
                student_id(adult.number).as_str(),
                format!("GET /v1/students/{id}/ilp-file"),
            )
            .await?;
            person(
                "adults_parent",
                "parent of a student who is 18".into(),
                guardian_name(adult.family),
                guardian_id(adult.family, 0).as_str(),
                format!("is told of nothing (404): GET /v1/students/{id}/ilp-file"),
            )
            .await?;
        }
        let waiting =
            self.zone.students.iter().find(|one| {
                left_open(one.family) && one.grade >= 9 && !self.of_age(one, today) && !self.made_up.family(one.family).guardians.is_empty()
            });
        if let Some(child) = waiting {
            let id = self.student(child.number)?;
            let try_this = format!("404 until the custodian confirms the link: GET /v1/students/{id}/ilp-file");
            person(
                "waiting_parent",
                format!("parent of {}, link not confirmed yet", self.student_name(child)),
                guardian_name(child.family),
                guardian_id(child.family, 0).as_str(),
                try_this,
            )
            .await?;
        }

        for (kind, key, who, try_this) in [
            (ClientKind::Operator, "operator", "operator of the service", "GET /v1/districts".to_owned()),
            (ClientKind::Sis, "sis", "student information system", "hand in a roster: POST /v1/roster-imports".to_owned()),
            (
                ClientKind::State,
                "state",
                "state agency, under an agreement",
                format!("pull ILP status: GET /v1/districts/{}/collections/ilp-status", self.id),
            ),
        ] {
            let ready = self.client(kind).await?;
            if kind == ClientKind::State {
                self.agreement(ready.id).await?;
            }
            let name = super::clients::name(kind).to_owned();
            actors.push(DemoActor { key, who: who.into(), name, token: ready.token, credentials: Some((ready.id, ready.secret)), try_this });
        }
        Ok(DemoDistrict { id: self.id, student_id: student, ilp_file_id: file, actors })
    }
}

fn spoken(name: people::Name) -> String {
    format!("{} {}", name.given, name.family)
}
