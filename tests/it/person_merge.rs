//! Two records that are one person: what moves, who may what afterwards, and back again.

use std::collections::{BTreeMap, BTreeSet};

use openilp_api::oneroster::rows::{EnrollmentRole, Role};
use openilp_tests::{Actor, Answer, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::roster::bundles::{Roster, enrollment, role, student};
use crate::roster_import::import;

const MERGES: &str = "/v1/person-merges";

/// Columns that name a person or student and that a merge changes.
const MOVED: &[&str] = &[
    "activities.student_id",
    "assignments.person_id",
    "assignments.student_id",
    "benchmarks.student_id",
    "divisions.student_id",
    "enrollments.person_id",
    "goals.student_id",
    "guardian_links.guardian_id",
    "guardian_links.student_id",
    "identity_links.person_id",
    "ilp_files.student_id",
    "plans.student_id",
    "progress_records.student_id",
    "proposals.student_id",
    "reflections.student_id",
    "registrations.student_id",
    "report_cards.student_id",
    "roles.person_id",
    "strengths.student_id",
    "students.id",
    "addresses.person_id",
    "attendance_totals.student_id",
    "post_school_outcomes.student_id",
    "state_identifiers.person_id",
    "student_flags.student_id",
    "telephones.person_id",
    "year_outcomes.student_id",
];
/// … and those that stay: who wrote, decided or confirmed something stays who did; offices and invitations stay with the record that has them.
const STAYS: &[&str] = &[
    "activities.created_by",
    "appointments.person_id",
    "assignments.confirmed_by",
    "benchmarks.created_by",
    "goals.created_by",
    "guardian_links.confirmed_by",
    "invitations.person_id",
    "person_merges.kept_id",
    "person_merges.merged_id",
    "progress_records.created_by",
    "proposals.created_by",
    "proposals.decided_by",
    "reflections.created_by",
    "strengths.created_by",
];

fn both(keep: Uuid, merge: Uuid) -> Value {
    json!({ "keepId": keep, "mergeId": merge })
}

async fn merge(app: &TestApp, keep: Uuid, merge: Uuid) -> Answer {
    app.person("kurt").await.post(MERGES, both(keep, merge)).await
}

async fn undo(app: &TestApp, merge: &str) -> Answer {
    app.person("kurt").await.post(&format!("{MERGES}/{merge}/undo"), Value::Null).await
}

/// Everything that a merge may change, but for versions.
async fn rows(app: &TestApp) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let tables =
        MOVED.iter().map(|column| column.split('.').next().unwrap()).chain(["people", "external_identifiers", "unlinked_logins", "appointments"]);
    for table in tables {
        let row = "(to_jsonb(t) - 'version' - 'updated_at')::text";
        let rows = app.database.texts(&format!("select coalesce(string_agg({row}, chr(10) order by {row}), '') from {table} t")).await;
        all.insert(table.to_owned(), rows[0].clone());
    }
    all
}

#[tokio::test]
async fn every_column_that_names_a_person_is_moved_by_a_merge_or_stays_on_purpose() {
    let app = TestApp::start().await;
    let query = "select distinct c.conrelid::regclass::text || '.' || a.attname from pg_constraint c
                   join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) and a.attname <> 'district_id'
                  where c.contype = 'f' and c.confrelid in ('people'::regclass, 'students'::regclass)";
    let found: BTreeSet<String> = app.database.texts(query).await.into_iter().collect();
    let known: BTreeSet<String> = MOVED.iter().chain(STAYS).map(|column| (*column).to_owned()).collect();
    assert_eq!(found, known, "say in persistence/src/person_merge/moves.rs what becomes of it");
}

#[tokio::test]
async fn what_belongs_to_the_merged_record_moves_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let (kurt, dan) = (app.person("kurt").await, app.person("dan").await);
    let goal =
        dan.post(&format!("/v1/ilp-files/{}/goals", ids::file(4)), json!({ "domain": "academic", "title": "Read more" })).await.expect(201).id();
    dan.post(&format!("/v1/goals/{goal}/reflections"), json!({ "body": "It went well." })).await.expect(201);
    dan.post(&format!("/v1/ilp-files/{}/strengths", ids::file(4)), json!({ "domain": "academic", "kind": "strength", "title": "Sees patterns" }))
        .await
        .expect(201);
    let before = rows(&app).await;

    let preview = kurt.post(&format!("{MERGES}/preview"), both(ids::ANNA, ids::DAN)).await.expect(200).json();
    assert_eq!(rows(&app).await, before, "a preview changes nothing");
    let made = merge(&app, ids::ANNA, ids::DAN).await.expect(201);
    assert_eq!(made.json()["report"], preview);
    let count = |kind: &str| preview["moved"].as_array().unwrap().iter().find(|m| m["kind"] == kind).map_or(0, |m| m["count"].as_i64().unwrap());
    assert_eq!((count("goal"), count("reflection"), count("strength"), count("guardianLink")), (1, 1, 1, 1));
    assert_eq!(preview["conflicts"], json!(["twoFiles", "loginsOfOneIssuer"]));
    assert_eq!(preview["loginsUnlinked"], 2);
    // Whose the logins are, the custodian says again.
    dan.get("/v1/me").await.expect(403);
    app.person("anna").await.get("/v1/me").await.expect(403);
    let waiting = kurt.get("/v1/unlinked-logins?dismissed=true").await.expect(200).json();
    let anna = waiting["items"].as_array().unwrap().iter().find(|login| login["subject"] == "anna").unwrap();
    assert_eq!(anna["reason"], "personMerged");
    kurt.post(&format!("/v1/unlinked-logins/{}/link", anna["id"].as_str().unwrap()), json!({ "personId": ids::ANNA })).await.expect(201);
    assert_eq!(app.person("anna").await.get(&format!("/v1/goals/{goal}")).await.expect(200).json()["studentId"], ids::ANNA.to_string());
    kurt.post(MERGES, both(ids::ANNA, ids::DAN)).await.expect(409);
    assert_eq!(kurt.get(made.header("location")).await.expect(200).json(), made.json());
    assert_eq!(kurt.get(MERGES).await.expect(200).json()["items"][0]["id"], made.id());

    let refused = undo(&app, &made.id()).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "login_linked");
    let link = app.database.texts("select id::text from identity_links where subject = 'anna'").await.remove(0);
    kurt.delete(&format!("/v1/identity-links/{link}"), "\"1\"").await.expect(204);
    let undone = undo(&app, &made.id()).await.expect(200);
    assert!(undone.json()["undoneAt"].is_string());
    assert_eq!(rows(&app).await, before);
    assert_eq!(app.person("dan").await.get(&format!("/v1/goals/{goal}")).await.expect(200).json()["studentId"], ids::DAN.to_string());
    assert_eq!(undo(&app, &made.id()).await.expect(409).json()["errors"][0]["code"], "undone_already");
}

#[tokio::test]
async fn what_was_added_since_to_a_goal_that_would_move_back_stands_in_the_way() {
    let app = TestApp::start().await;
    let dan = app.person("dan").await;
    let goal =
        dan.post(&format!("/v1/ilp-files/{}/goals", ids::file(4)), json!({ "domain": "academic", "title": "Read more" })).await.expect(201).id();
    let made = merge(&app, ids::ANNA, ids::DAN).await.expect(201).id();
    // Dan's login is linked to the person that they are now.
    app.person("kurt")
        .await
        .post("/v1/identity-links", json!({ "issuer": "https://id.alder.example", "subject": "x", "personId": ids::ANNA }))
        .await
        .expect(201);
    let insert =
        "insert into reflections (district_id, id, goal_id, student_id, domain, body, created_by, entered_in_error, version, created_at, updated_at)
                  values ($1, $2, $3, $4, 'academic', 'Later', $4, false, 1, now(), now())";
    app.database.owner().await.execute(insert, &[&ids::ALDER.0, &Uuid::now_v7(), &goal.parse::<Uuid>().unwrap(), &ids::ANNA]).await.unwrap();
    assert_eq!(undo(&app, &made).await.expect(409).json()["errors"][0]["code"], "added_since");
}

#[tokio::test]
async fn l9_a_guardian_of_one_side_reads_the_merged_file_when_a_custodian_has_confirmed_it_again() {
    let app = TestApp::start().await;
    app.database.execute("update districts set guardians_trusted = true").await;
    let (kurt, greta, bela) = (app.person("kurt").await, app.person("greta").await, app.person("bela").await);
    let file = format!("/v1/ilp-files/{}/goals", ids::file(1));
    assert_eq!((greta.get(&file).await.status, bela.get(&file).await.status), (200, 200));
    merge(&app, ids::ANNA, ids::DAN).await.expect(201);
    assert_eq!((greta.get(&file).await.status, bela.get(&file).await.status), (404, 404), "not even where the roster is trusted");
    let waiting = kurt.get(&format!("/v1/guardian-links?confirmed=false&studentId={}", ids::ANNA)).await.expect(200).json();
    let of_greta = waiting["items"].as_array().unwrap().iter().find(|link| link["guardianId"] == ids::person(10).to_string()).unwrap();
    kurt.post(&format!("/v1/guardian-links/{}/confirmation", of_greta["id"].as_str().unwrap()), Value::Null).await.expect(200);
    assert_eq!((greta.get(&file).await.status, bela.get(&file).await.status), (200, 404));
    // The order against Gil holds; the roster's teacher waits for an assignment.
    app.person("gil").await.get(&file).await.expect(404);
    app.person("rita").await.get(&file).await.expect(404);
}

#[tokio::test]
async fn what_cannot_be_one_person_is_refused() {
    let app = TestApp::start().await;
    let code = async |keep, other| merge(&app, keep, other).await.expect(409).json()["errors"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code(ids::ANNA, ids::ZOE).await, "person_unknown");
    assert_eq!(code(ids::person(10), ids::ANNA).await, "keep_the_student");
    app.database.execute(&format!("update people set active = false where id = '{}'", ids::BEN)).await;
    assert_eq!(code(ids::BEN, ids::DAN).await, "kept_inactive");
    merge(&app, ids::ANNA, ids::ANNA).await.expect(422);
    app.person("bela").await.post(MERGES, both(ids::ANNA, ids::DAN)).await.expect(403);
    // One after the other is taken back in turn.
    let first = merge(&app, ids::ANNA, ids::DAN).await.expect(201).id();
    let second = merge(&app, ids::ANNA, ids::CLEO).await.expect(201).id();
    assert_eq!(undo(&app, &first).await.expect(409).json()["errors"][0]["code"], "later_merge");
    undo(&app, &second).await.expect(200);
    undo(&app, &first).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_roster_does_not_undo_a_merge() {
    let app = TestApp::start().await;
    let (sis, zeno) = (app.client("birch-sis").await, app.person_of(ids::BIRCH, "zeno").await);
    let mut roster = Roster::small();
    roster.users.push(student("ada-2", "10", "777"));
    roster.roles.push(role("ada-2", Role::Student));
    roster.enrollments.push(enrollment("ada-2", "homeroom", EnrollmentRole::Student));
    assert_eq!(import(&sis, "", roster.zip()).await["status"], "applied");
    let person = async |name: &str| {
        let query = format!("select target_id::text from external_identifiers where system = 'sis' and kind = 'person' and value = '{name}'");
        app.database.texts(&query).await.remove(0).parse::<Uuid>().unwrap()
    };
    let (ada, twin) = (person("ada").await, person("ada-2").await);
    assert_ne!(ada, twin);
    zeno.post(MERGES, both(ada, twin)).await.expect(201);
    for round in 0..2 {
        let load = import(&sis, "", roster.zip()).await;
        assert_eq!(load["status"], "applied", "{load}");
        let repair = &load["report"]["repairs"][0];
        assert_eq!((&repair["code"], &repair["count"]), (&json!("person_merged"), &json!(1)), "{load}");
        assert_eq!((person("ada").await, person("ada-2").await), (ada, ada));
        let active = format!("select active::text from people where id in ('{ada}', '{twin}') order by id = '{twin}'");
        assert_eq!(app.database.texts(&active).await, ["true", "false"], "round {round}");
    }
    let settled = import(&sis, "", roster.zip()).await;
    assert!(settled["report"]["files"].as_array().unwrap().iter().all(|file| file["amended"] == 0 && file["created"] == 0), "{settled}");
}

/// Numbers that are the same at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

const STUDENTS: usize = 4;
const ADULTS: usize = 5;

/// A small district beside the cast of Alder: people with logins, files with goals, links of every kind.
async fn populate(app: &TestApp, random: &mut Random) -> Vec<Uuid> {
    let d = ids::ALDER;
    let stamp = "1, '2026-08-01Z', '2026-08-01Z'";
    let issuer = format!("http://openilp.test/demo-issuer/{d}");
    let mut sql = format!("update districts set guardians_trusted = {} where id = '{d}';", random.chance(50));
    let people: Vec<Uuid> = (0..STUDENTS + ADULTS).map(|_| Uuid::now_v7()).collect();
    let born = ["'2010-11-20'", "'2010-11-20'", "'2008-10-01'", "null"];
    for (n, id) in people.iter().enumerate() {
        sql += &format!("insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at) values ('{d}', '{id}', 'P{n}', 'F', true, {stamp});
                         insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at) values ('{d}', '{}', '{issuer}', 'fuzz-{n}', '{id}', {stamp});
                         insert into external_identifiers (district_id, system, kind, value, target_id) values ('{d}', 'sis', 'person', 'fuzz-{n}', '{id}');", Uuid::now_v7());
        if n >= STUDENTS {
            continue;
        }
        sql += &format!(
            "insert into students (district_id, id, school_id, grade, birth_date, active, version, created_at, updated_at)
                         values ('{d}', '{id}', '{}', '{}', {}, true, {stamp});",
            ids::school(2),
            random.one(&["10", "10", "07"]),
            random.one(&born)
        );
        if !random.chance(80) {
            continue;
        }
        let (file, plan, division) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
        sql += &format!("insert into ilp_files (district_id, id, student_id, school_id, status, opened_on, version, created_at, updated_at) values ('{d}', '{file}', '{id}', '{}', 'open', '2026-08-15', {stamp});
                         insert into plans (district_id, id, file_id, student_id, version, created_at, updated_at) values ('{d}', '{plan}', '{file}', '{id}', {stamp});
                         insert into divisions (district_id, id, file_id, student_id, school_year, version, created_at, updated_at) values ('{d}', '{division}', '{file}', '{id}', {}, {stamp});
                         insert into registrations (district_id, id, file_id, student_id, division_id, term_title, term_starts_on, term_ends_on, class_title, teachers, source, sourced_id, term_sourced_id, captured_at, version, created_at, updated_at)
                         values ('{d}', '{}', '{file}', '{id}', '{division}', 'Fall', '2026-08-15', '2026-12-20', 'Biology', '[]', 'sis', 'e-{}', 'fall', '2026-08-15Z', {stamp});",
                         ids::school(2), 2026 + random.below(2), Uuid::now_v7(), random.below(3));
        for _ in 0..1 + random.below(2) {
            let (goal, domain) = (Uuid::now_v7(), random.one(&["academic", "career", "personalSocial"]));
            sql += &format!("insert into goals (district_id, id, plan_id, student_id, domain, objective_kind, title, lifecycle_status, achievement_status, beyond_school_means, created_by, entered_in_error, version, created_at, updated_at)
                             values ('{d}', '{goal}', '{plan}', '{id}', '{domain}', 'other', 'Goal', 'active', 'notStarted', false, '{id}', false, {stamp});
                             insert into reflections (district_id, id, goal_id, student_id, domain, body, created_by, entered_in_error, version, created_at, updated_at)
                             values ('{d}', '{}', '{goal}', '{id}', '{domain}', 'Words', '{id}', false, {stamp});", Uuid::now_v7());
        }
    }
    let confirmed = |random: &mut Random| if random.chance(70) { "'2026-08-20Z'" } else { "null" };
    let until = |random: &mut Random| *random.one(&["null", "null", "'2026-10-01'", "'2027-02-01'"]);
    for student in &people[..STUDENTS] {
        for adult in &people[STUDENTS..] {
            if random.chance(45) {
                let rights = if random.chance(15) { "none" } else { "full" };
                sql += &format!("insert into guardian_links (district_id, id, student_id, guardian_id, rights, confirmed_at, valid_from, valid_to, source, version, created_at, updated_at)
                                 values ('{d}', '{}', '{student}', '{adult}', '{rights}', {}, '2026-08-0{}', {}, 'sis', {stamp});", Uuid::now_v7(), confirmed(random), 1 + random.below(3), until(random));
            }
            if random.chance(30) {
                sql += &format!("insert into assignments (district_id, id, student_id, person_id, kind, confirmed_at, valid_from, valid_to, source, version, created_at, updated_at)
                                 values ('{d}', '{}', '{student}', '{adult}', '{}', {}, '2026-08-0{}', {}, 'custodian', {stamp});",
                                 Uuid::now_v7(), random.one(&["gatekeeper", "teacher", "careerReviewer"]), confirmed(random), 1 + random.below(3), until(random));
            }
        }
    }
    for (class, adult) in people[STUDENTS..].iter().take(2).enumerate() {
        let id = Uuid::now_v7();
        sql += &format!(
            "insert into classes (district_id, id, school_id, course_id, title, kind, active, version, created_at, updated_at)
                         values ('{d}', '{id}', '{}', '000000c0-0000-7000-8000-000000000001', 'C', 'scheduled', true, {stamp});",
            ids::school(2)
        );
        let taught: Vec<&Uuid> = people[..STUDENTS].iter().filter(|_| random.chance(50)).collect();
        for (who, role) in taught.into_iter().map(|id| (id, "student")).chain([(adult, "teacher")]) {
            sql += &format!("insert into enrollments (district_id, id, class_id, person_id, role, primary_teacher, active, source, sourced_id, version, created_at, updated_at)
                             values ('{d}', '{}', '{id}', '{who}', '{role}', false, true, 'sis', 'f-{class}-{who}', {stamp});", Uuid::now_v7());
        }
    }
    app.database.execute(&sql).await;
    people
}

type Rights = BTreeSet<(String, String, String)>;

/// Every right of everybody: login, record and what may be done with it, as the service says over HTTP.
async fn rights(app: &TestApp, actors: &[(String, Actor<'_>)]) -> Rights {
    let mut all = Rights::new();
    let records = app.database.texts("select 'goals/' || id from goals union all select 'reflections/' || id from reflections order by 1").await;
    for (name, actor) in actors {
        for record in &records {
            let mut answer = actor.get(&format!("/v1/{record}")).await;
            // A machine that is busy says nothing about rights.
            while answer.status == 503 {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                answer = actor.get(&format!("/v1/{record}")).await;
            }
            if answer.status != 200 {
                assert!(matches!(answer.status, 403 | 404), "{name}, {record}: {}", answer.status);
                continue;
            }
            all.insert((name.clone(), record.clone(), "read".into()));
            let allowed = answer.json()["allowedActions"].as_array().unwrap().clone();
            all.extend(allowed.into_iter().map(|action| (name.clone(), record.clone(), action.as_str().unwrap().to_owned())));
        }
    }
    all
}

async fn fuzz(seed: u64) -> (usize, usize) {
    let app = TestApp::start().await;
    let mut random = Random(seed);
    let people = populate(&app, &mut random).await;
    let mut actors = vec![];
    for n in 0..people.len() {
        let name = format!("fuzz-{n}");
        actors.push((name.clone(), app.person(&name).await));
    }
    let mut before = rights(&app, &actors).await;
    assert!(!before.is_empty(), "nobody may anything: nothing is proven");
    let (mut standing, mut merged, mut undone) = (vec![], 0, 0);
    for step in 0..10 {
        if !standing.is_empty() && random.chance(35) {
            let (id, rights_before, rows_before): (String, Rights, BTreeMap<String, String>) = standing.pop().unwrap();
            undo(&app, &id).await.expect(200);
            let now = rights(&app, &actors).await;
            assert_eq!(now, rights_before, "seed {seed}, step {step}: the rights are not what they were");
            assert_eq!(rows(&app).await, rows_before, "seed {seed}, step {step}: the rows are not what they were");
            (before, undone) = (now, undone + 1);
            continue;
        }
        // Mostly students with students, and adults with adults.
        let of = if random.chance(60) {
            &people[..STUDENTS]
        } else if random.chance(80) {
            &people[STUDENTS..]
        } else {
            &people[..]
        };
        let (keep, other) = (*random.one(of), *random.one(of));
        if keep == other {
            continue;
        }
        let rows_before = rows(&app).await;
        let answer = merge(&app, keep, other).await;
        if answer.status == 409 {
            assert_eq!(rows(&app).await, rows_before);
            continue;
        }
        let id = answer.expect(201).id();
        let after = rights(&app, &actors).await;
        let gained: Vec<_> = after.difference(&before).collect();
        assert!(gained.is_empty(), "seed {seed}, step {step}: {keep} took in {other}, and somebody gained {gained:?}");
        standing.push((id, before, rows_before));
        (before, merged) = (after, merged + 1);
    }
    (merged, undone)
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_whatever_is_merged_nobody_gains_a_right_and_undoing_restores_all() {
    let (mut merged, mut undone) = (0, 0);
    for seed in [7, 1_234_567, 987_654_321, 42_424_242] {
        let (merges, undos) = fuzz(0x9e37_79b9_7f4a_7c15 ^ seed).await;
        (merged, undone) = (merged + merges, undone + undos);
    }
    assert!(merged > 10 && undone > 4, "only {merged} merges and {undone} undone: nothing is proven");
}
