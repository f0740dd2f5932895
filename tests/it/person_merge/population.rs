//! A small district beside the cast of Alder: people with logins, files with everything in them, links of every kind.

use std::fmt::Write;

use openilp_tests::{TestApp, ids};
use uuid::Uuid;

/// Numbers that are the same at every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// When all of it was made.
pub const MADE: &str = "2026-08-02Z";

pub const STUDENTS: usize = 4;
pub const ADULTS: usize = 5;

/// The statements that make it.
struct Script(String);

impl Script {
    /// One row; the columns every record has come of themselves. Returns its id.
    fn row(&mut self, table: &str, columns: &str, values: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.row_of(table, id, columns, values);
        id
    }

    fn row_of(&mut self, table: &str, id: Uuid, columns: &str, values: &str) {
        writeln!(
            self.0,
            "insert into {table} (district_id, id, version, created_at, updated_at, {columns}) values ('{}', '{id}', 1, '{MADE}', '{MADE}', {values});",
            ids::ALDER
        )
        .unwrap();
    }
}

/// Makes it. Returns the people, students first; their logins are `fuzz-0` and so on.
pub async fn populate(app: &TestApp, random: &mut Random) -> Vec<Uuid> {
    let d = ids::ALDER;
    let mut script = Script(format!("update districts set guardians_trusted = {} where id = '{d}';\n", random.chance(50)));
    let people: Vec<Uuid> = (0..STUDENTS + ADULTS).map(|_| Uuid::now_v7()).collect();
    let session = script.row(
        "academic_sessions",
        "title, kind, starts_on, ends_on, school_year, active",
        "'Fall', 'semester', '2026-08-15', '2026-12-20', 2027, true",
    );
    for (n, id) in people.iter().enumerate() {
        script.row_of("people", *id, "given_name, family_name, active", &format!("'P{n}', 'F', true"));
        let issuer = format!("http://openilp.test/demo-issuer/{d}");
        script.row("identity_links", "issuer, subject, person_id", &format!("'{issuer}', 'fuzz-{n}', '{id}'"));
        writeln!(
            script.0,
            "insert into external_identifiers (district_id, system, kind, value, target_id) values ('{d}', 'sis', 'person', 'fuzz-{n}', '{id}');"
        )
        .unwrap();
        let source = format!("true, 'sis', 'of-{n}'");
        let columns = "person_id, kind, street, city, postal_code, active, source, sourced_id";
        script.row("addresses", columns, &format!("'{id}', 'home', '1 Elm', 'Alder', '84000', {source}"));
        script.row(
            "telephones",
            "person_id, kind, number, first_choice, active, source, sourced_id",
            &format!("'{id}', 'home', '555', true, {source}"),
        );
        let columns = "person_id, kind, state, identifier, active, source, sourced_id";
        script.row("state_identifiers", columns, &format!("'{id}', '{}', 'UT', '{n}', {source}", if n < STUDENTS { "student" } else { "staff" }));
        if n < STUDENTS {
            student(&mut script, random, *id, session, &source);
        }
    }
    links(&mut script, random, &people);
    classes(&mut script, random, &people);
    app.database.execute(&script.0).await;
    people
}

/// A student, mostly with a file.
fn student(script: &mut Script, random: &mut Random, id: Uuid, session: Uuid, source: &str) {
    let school = ids::school(2);
    let born = ["'2010-11-20'", "'2010-11-20'", "'2008-10-01'", "null"];
    let (grade, born) = (random.one(&["10", "10", "07"]), random.one(&born));
    script.row_of("students", id, "school_id, grade, birth_date, active", &format!("'{school}', '{grade}', {born}, true"));
    script.row("student_flags", "student_id, flag, active, source, sourced_id", &format!("'{id}', 'iep', {source}"));
    script.row(
        "attendance_totals",
        "student_id, school_id, academic_session_id, session_title, school_year, days_enrolled, days_absent, active, source, sourced_id",
        &format!("'{id}', '{school}', '{session}', 'Fall', 2027, 90, 3, {source}"),
    );
    let columns = "student_id, school_id, school_year, outcome, active, source, sourced_id";
    script.row("year_outcomes", columns, &format!("'{id}', '{school}', 2026, 'promoted', {source}"));
    script.row("post_school_outcomes", "student_id, kind, as_of, active, source, sourced_id", &format!("'{id}', 'employed', '2026-10-01', {source}"));
    if !random.chance(80) {
        return;
    }
    let file = script.row("ilp_files", "student_id, school_id, status, opened_on", &format!("'{id}', '{school}', 'open', '2026-08-15'"));
    let plan = script.row("plans", "file_id, student_id", &format!("'{file}', '{id}'"));
    let year = 2026 + random.below(2);
    let division = script.row("divisions", "file_id, student_id, school_year", &format!("'{file}', '{id}', {year}"));
    script.row(
        "registrations",
        "file_id, student_id, division_id, term_title, term_starts_on, term_ends_on, class_title, teachers, source, sourced_id, term_sourced_id, captured_at",
        &format!(
            "'{file}', '{id}', '{division}', 'Fall', '2026-08-15', '2026-12-20', 'Biology', '[]', 'sis', 'e-{}', 'fall', '2026-08-15Z'",
            random.below(3)
        ),
    );
    // One mark and its correction, at times under a name that another student's has.
    let name = random.below(3);
    for copy in 1..=2 {
        script.row(
            "report_cards",
            "student_id, division_id, term_title, term_starts_on, term_ends_on, category_title, class_title, teachers, title, score_status, scored_on,
             flags, copy_number, source, sourced_id, session_sourced_id, captured_at",
            &format!(
                "'{id}', '{division}', 'Fall', '2026-08-15', '2026-12-20', 'Marks', 'Biology', '[]', 'Mark', 'exempt', '2026-10-09', '[]', {copy}, 'sis', 'm-{name}',
                 'fall', '2026-10-10Z'"
            ),
        );
    }
    for _ in 0..1 + random.below(2) {
        let domain = random.one(&["academic", "career", "personalSocial"]);
        let goal = script.row(
            "goals",
            "plan_id, student_id, domain, objective_kind, title, lifecycle_status, achievement_status, beyond_school_means, created_by, entered_in_error",
            &format!("'{plan}', '{id}', '{domain}', 'other', 'Goal', 'active', 'notStarted', false, '{id}', false"),
        );
        let columns = "goal_id, student_id, domain, body, created_by, entered_in_error";
        script.row("reflections", columns, &format!("'{goal}', '{id}', '{domain}', 'Words', '{id}', false"));
    }
    let columns = "plan_id, student_id, domain, kind, title, created_by, entered_in_error";
    script.row("strengths", columns, &format!("'{plan}', '{id}', 'academic', 'strength', 'Sees', '{id}', false"));
    let kind = random.one(&["interestSurvey", "skill"]);
    let columns = "plan_id, student_id, kind, instrument, created_by, entered_in_error";
    script.row("self_assessments", columns, &format!("'{plan}', '{id}', '{kind}', 'By hand', '{id}', false"));
    let columns = "plan_id, student_id, kind, title, status, created_by, entered_in_error";
    script.row("financial_aid_plans", columns, &format!("'{plan}', '{id}', 'grant', 'Pell grant', 'planned', '{id}', false"));
}

/// Guardian links and assignments, confirmed or not, over or not.
fn links(script: &mut Script, random: &mut Random, people: &[Uuid]) {
    let confirmed = |random: &mut Random| if random.chance(70) { "'2026-08-20Z'" } else { "null" };
    let until = |random: &mut Random| *random.one(&["null", "null", "'2026-10-01'", "'2027-02-01'"]);
    for student in &people[..STUDENTS] {
        for adult in &people[STUDENTS..] {
            if random.chance(45) {
                let rights = if random.chance(15) { "none" } else { "full" };
                let (confirmed, day, until) = (confirmed(random), 1 + random.below(3), until(random));
                script.row(
                    "guardian_links",
                    "student_id, guardian_id, rights, confirmed_at, valid_from, valid_to, source",
                    &format!("'{student}', '{adult}', '{rights}', {confirmed}, '2026-08-0{day}', {until}, 'sis'"),
                );
                let columns = "student_id, guardian_id, relationship, rights, active, source, sourced_id";
                let name = Uuid::now_v7();
                script.row("guardian_claims", columns, &format!("'{student}', '{adult}', 'mother', '{rights}', true, 'sis', '{name}'"));
            }
            if random.chance(30) {
                let kind = random.one(&["gatekeeper", "teacher", "careerReviewer"]);
                let (confirmed, day, until) = (confirmed(random), 1 + random.below(3), until(random));
                script.row(
                    "assignments",
                    "student_id, person_id, kind, confirmed_at, valid_from, valid_to, source",
                    &format!("'{student}', '{adult}', '{kind}', {confirmed}, '2026-08-0{day}', {until}, 'custodian'"),
                );
            }
        }
    }
}

/// Two classes, each with a teacher.
fn classes(script: &mut Script, random: &mut Random, people: &[Uuid]) {
    for (n, adult) in people[STUDENTS..].iter().take(2).enumerate() {
        let columns = "school_id, course_id, title, kind, active";
        let course = "000000c0-0000-7000-8000-000000000001";
        let class = script.row("classes", columns, &format!("'{}', '{course}', 'C', 'scheduled', true", ids::school(2)));
        let taught: Vec<&Uuid> = people[..STUDENTS].iter().filter(|_| random.chance(50)).collect();
        for (who, role) in taught.into_iter().map(|id| (id, "student")).chain([(adult, "teacher")]) {
            let columns = "class_id, person_id, role, primary_teacher, active, source, sourced_id";
            script.row("enrollments", columns, &format!("'{class}', '{who}', '{role}', false, true, 'sis', 'f-{n}-{who}'"));
        }
    }
}
