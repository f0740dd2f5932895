//! Two records that are one person: what moves, who may what afterwards, and back again.

mod arrivals;
mod fuzz;
mod population;

use std::collections::{BTreeMap, BTreeSet};

use openilp_api::oneroster::rows::{EnrollmentRole, Role};
use openilp_domain::plan_part::PARTS;
use openilp_tests::{Answer, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::roster::bundles::{Roster, enrollment, role, student};
use crate::roster_import::import;

const MERGES: &str = "/v1/person-merges";

/// Columns that name a person or what belongs to one, and that a merge changes, but for those of the parts of the plan.
const MOVED: &[&str] = &[
    "activities.student_id",
    "addresses.person_id",
    "amendment_requests.student_id",
    "assignment_claims.person_id",
    "assignment_claims.student_id",
    "assignments.person_id",
    "assignments.student_id",
    "attendance_totals.student_id",
    "benchmarks.student_id",
    "caseload_claims.person_id",
    "adult_statuses.student_id",
    "divisions.file_id",
    "divisions.student_id",
    "enrollments.person_id",
    "external_identifiers.target_id",
    "goals.plan_id",
    "goals.student_id",
    "guardian_claims.guardian_id",
    "guardian_claims.student_id",
    "guardian_links.guardian_id",
    "guardian_links.student_id",
    "identity_links.person_id",
    "ilp_files.student_id",
    "inspection_requests.student_id",
    "plans.file_id",
    "plans.student_id",
    "post_school_outcomes.student_id",
    "progress_records.student_id",
    "privacy_preferences.student_id",
    "proposals.file_id",
    "proposals.plan_id",
    "proposals.student_id",
    "recommendations.student_id",
    "reflections.student_id",
    "redactions.student_id",
    "registrations.division_id",
    "registrations.file_id",
    "registrations.student_id",
    "report_cards.division_id",
    "report_cards.student_id",
    "restrictions.person_id",
    "restrictions.student_id",
    "roles.person_id",
    "state_identifiers.person_id",
    "student_flags.student_id",
    "telephones.person_id",
    "year_outcomes.student_id",
];
/// … and those that stay: who wrote, decided or confirmed something stays who did; offices and invitations stay with the record that has them; what the
/// journal, the records of access, disclosures and loads say was so.
const STAYS: &[&str] = &[
    "access_hours.caller_id",
    "access_record_students.student_id",
    "access_records.person_id",
    "access_records.student_id",
    "activities.created_by",
    "adult_statuses.created_by",
    "alarms.person_id",
    "alarms.reviewed_by",
    "amendment_requests.decided_by",
    "amendment_requests.recorded_by",
    "amendment_requests.requested_by",
    "appointments.person_id",
    "assignments.confirmed_by",
    "benchmarks.created_by",
    "changes.person_id",
    "changes.student_id",
    // A consent from before counts no more; what one was let in to, the other is not.
    "consent_signatures.person_id",
    "consent_signatures.student_id",
    "consents.created_by",
    "consents.person_id",
    "consents.revoked_by",
    "consents.student_id",
    "disclosures.student_ids",
    "emergency_accesses.person_id",
    "emergency_accesses.reviewed_by",
    "emergency_accesses.student_id",
    "goals.created_by",
    "group_members.person_id",
    "guardian_links.confirmed_by",
    // Made anew from the journal, which names both.
    "ilp_statuses.student_id",
    "inspection_requests.answered_by",
    "inspection_requests.recorded_by",
    "inspection_requests.requested_by",
    "invitations.person_id",
    "notices.person_id",
    "notices.student_id",
    "partner_members.person_id",
    // Whoever another's login is now does not see what that one started, and goes on with nothing of it.
    "plan_job_rows.student_id",
    "plan_jobs.person_id",
    "person_merges.kept_id",
    "person_merges.merged_id",
    "potential_duplicates.new_id",
    "potential_duplicates.old_id",
    "privacy_preferences.created_by",
    "progress_records.created_by",
    "proposals.created_by",
    "proposals.decided_by",
    "recommendations.created_by",
    "redactions.created_by",
    "reflections.created_by",
    "restrictions.created_by",
    "roster_imports.person_id",
    "roster_imports.released_by",
    "students.id",
];
/// Ids of records of any kind, and of what is no person.
const OTHER: &[&str] = &[
    "access_record_students.access_record_id",
    "access_records.client_id",
    "access_records.resource_id",
    "amendment_requests.record_id",
    "agreements.client_id",
    "alarms.client_id",
    "changes.client_id",
    "changes.import_id",
    "changes.resource_id",
    "redactions.record_id",
    "translations.record_id",
    "client_assertions.client_id",
    "consents.goal_id",
    "deployment.epoch",
    "disclosures.client_id",
    "ilp_statuses.school_id",
    "person_merge_images.record_id",
    "plan_job_rows.ilp_file_id",
    "plan_jobs.class_id",
    "plan_jobs.school_id",
    "plan_jobs.template_id",
    // The request moves with its decision.
    // The item moves with what is added to it.
    "contributions.program_item_id",
    "resource_decisions.resource_request_id",
    "roster_images.record_id",
    "templates.model_plan_id",
    "roster_imports.client_id",
];

/// The same of each part of the plan.
const MOVED_OF_PARTS: &[&str] = &["plan_id", "student_id"];
const STAYS_OF_PARTS: &[&str] = &["created_by"];

/// These columns of every part of the plan.
fn of_parts(columns: &'static [&'static str]) -> impl Iterator<Item = String> {
    PARTS.iter().flat_map(|part| columns.iter().map(|column| format!("{}.{column}", part.table)))
}

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
    let tables = MOVED.iter().map(|column| column.split('.').next().unwrap()).chain(PARTS.iter().map(|part| part.table));
    let tables = tables.chain(["people", "students", "unlinked_logins", "appointments", "invitations"]);
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
    // Every column of ids but those that are known to name something else: by a foreign key to what does not move.
    let query = "select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
                    and a.attname <> 'district_id'
                    and (a.attname <> 'id' or exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid and a.attnum = any(f.conkey)))
                    and not exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid and a.attnum = any(f.conkey)
                                       and f.confrelid <> all('{people,students,ilp_files,plans,divisions,resource_requests,program_items}'::regclass[]))";
    let found: BTreeSet<String> = app.database.texts(query).await.into_iter().collect();
    let known = MOVED.iter().chain(STAYS).chain(OTHER).map(|column| (*column).to_owned());
    let known: BTreeSet<String> = known.chain(of_parts(MOVED_OF_PARTS)).chain(of_parts(STAYS_OF_PARTS)).collect();
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
    let survey = json!({ "kind": "interestSurvey", "instrument": "Interest Profiler" });
    let survey = dan.post(&ids::in_file(4, "self-assessments"), survey).await.expect(201).id();
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
    let sections = format!("select operation || ' ' || section from changes where resource_id = '{survey}' order by seq");
    assert_eq!(app.database.texts(&sections).await, ["created S4", "amended S4"], "a survey is in one section, wherever it goes");
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
