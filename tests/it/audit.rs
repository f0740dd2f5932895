//! Nothing is written without its journal, and nothing about a student is seen without its access record.

use std::collections::BTreeMap;

use openilp_tests::cast::{cast, likely};
use openilp_tests::operations::{Operation, operations};
use openilp_tests::targets::{Place, Prepared, Targets, places};
use openilp_tests::{Actor, Answer, TestApp, ids};
use serde_json::Value;
use uuid::Uuid;

/// Operations that write another number of journal rows than one, and why. This list may only shrink.
const JOURNALED_OTHERWISE: &[(&str, i64, &str)] = &[
    ("check_roster", 0, "it is a POST for its body, and keeps nothing"),
    ("apply_template", 15, "each item that is given"),
    ("preview_person_merge", 0, "it says what would be, and changes nothing"),
    ("decide_proposal", 2, "the proposal that is decided, and the goal that it becomes"),
    ("create_redaction", 2, "what is withheld, and the record that is shown otherwise by it"),
    ("remove_redaction", 2, "what is shown again, and the record that is shown otherwise by it"),
    ("place_contest_statement", 2, "the request with its statement, and the record that is shown with it"),
];

/// Pulls outside the district: their record is a disclosure (34 CFR 99.32). This list may only shrink.
const DISCLOSED: &[&str] = &["export_ilp_status", "list_ilp_status_changes"];

/// Lists of logins, which say who a login is and nothing of any student. This list may only shrink.
const OF_LOGINS: &[&str] = &["list_district_identity_links", "list_identity_links"];

/// What tells how a job goes, and names no student. This list may only shrink.
const OF_WORK: &[&str] = &["read_plan_job"];

/// Answers that no text search finds anybody in. This list may only shrink.
const PACKED: &[&str] = &["export_roster"];

struct Scene<'a> {
    targets: Targets<'a>,
    everybody: Vec<(&'static str, Actor<'a>)>,
    owner: tokio_postgres::Client,
}

/// Who got through with an operation, how, and what came back.
struct Through {
    name: &'static str,
    request: Prepared,
    correlation: String,
    answer: Answer,
}

impl<'a> Scene<'a> {
    async fn of(app: &'a TestApp) -> Self {
        Self { targets: Targets::of(app).await, everybody: cast(app).await, owner: app.database.owner().await }
    }

    fn actor(&self, name: &str) -> &Actor<'a> {
        &self.everybody.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// The first of the cast who gets through. Whoever does not, leaves no trace.
    async fn first_through(&self, operation: &Operation, place: Place) -> Through {
        let request = self.targets.prepare(operation, place).await;
        // A list of something that is there.
        let beside = operations().into_iter().find(|other| other.path == operation.path && other.method == reqwest::Method::POST);
        if let (false, Some(adding)) = (operation.writes(), beside) {
            let adding = Prepared { path: request.path.clone(), ..self.targets.prepare(&adding, place).await };
            for name in likely(operation) {
                if adding.sent_by(self.actor(name), "").await.status < 300 {
                    break;
                }
            }
        }
        // Uma has no relation to anybody.
        for name in ["uma"].into_iter().chain(likely(operation)) {
            let correlation = format!("{}.{name}", operation.id);
            let answer = request.sent_by(self.actor(name), &correlation).await;
            if answer.status < 300 {
                return Through { name, request, correlation, answer };
            }
            assert_eq!(
                self.changes(&correlation).await.len() + self.seen(&correlation).await.len(),
                0,
                "{operation}: a refused request of {name} left a trace"
            );
        }
        panic!("nobody gets through with {operation}");
    }

    /// What a load changes is told by the load; whom the service tells of it depends on who is there.
    async fn changes(&self, correlation: &str) -> Vec<tokio_postgres::Row> {
        let query = "select c.person_id, c.client_id, c.relation, c.operation, c.at::text,
                            -- A record in which nothing is another says why it has another version.
                            coalesce(c.body_hash = sha256(b.body), c.body_hash is null and b.body is null and c.reason <> ''), c.kind, c.version
                       from changes c left join change_bodies b on b.district_id = c.district_id and b.change_id = c.id
                      where c.request_id = $1 and (c.import_id is null or c.kind = 'rosterImport')
                        and (c.kind, c.operation) <> ('notice', 'created')";
        self.owner.query(query, &[&correlation]).await.unwrap()
    }

    async fn seen(&self, correlation: &str) -> Vec<tokio_postgres::Row> {
        let query = "select person_id, client_id, operation, sections, row_count, at::text,
                            array_remove(array[r.student_id], null) || array(select s.student_id from access_record_students s where s.district_id = r.district_id and s.access_record_id = r.id)
                       from access_records r where request_id = $1";
        self.owner.query(query, &[&correlation]).await.unwrap()
    }

    /// Whether the row says who it was.
    async fn is_by(&self, row: &tokio_postgres::Row, name: &str) -> bool {
        let (person, client): (Option<Uuid>, Option<Uuid>) = (row.get(0), row.get(1));
        match person {
            Some(person) => {
                let known: String = self.owner.query_one("select lower(given_name) from people where id = $1", &[&person]).await.unwrap().get(0);
                client.is_none() && known == name
            }
            None => client == Some(ids::client(name)),
        }
    }
}

fn guarded(writes: bool) -> Vec<Operation> {
    operations().into_iter().filter(|operation| !operation.is_public() && operation.writes() == writes).collect()
}

#[tokio::test]
async fn g10_every_change_is_in_the_journal_once() {
    let app = TestApp::start().await;
    let scene = Scene::of(&app).await;
    for operation in guarded(true) {
        let through = scene.first_through(&operation, places(&operation)[0]).await;
        let rows = scene.changes(&through.correlation).await;
        let expected = JOURNALED_OTHERWISE.iter().find(|(id, ..)| *id == operation.id).map_or(1, |(_, rows, _)| *rows);
        assert_eq!(i64::try_from(rows.len()).unwrap(), expected, "{operation} by {}", through.name);
        for row in &rows {
            assert!(scene.is_by(row, through.name).await, "{operation}: the journal names another than {}", through.name);
            assert!(row.get::<_, Option<String>>(2).is_some_and(|relation| !relation.is_empty()), "{operation}: the journal has no relation");
            assert_eq!(row.get::<_, String>(4), "2026-10-15 15:00:00+00", "{operation}: the time is that of the clock");
            assert_eq!(row.get::<_, Option<bool>>(5), Some(true), "{operation}: hash and body do not agree");
            assert!(["created", "amended", "removed"].contains(&row.get::<_, &str>(3)));
        }
        // The same again is stale, or has its key: it writes nothing.
        let again = format!("{}.again", operation.id);
        if operation.needs("If-Match") {
            let answer = through.request.sent_by(scene.actor(through.name), &again).await;
            assert!(answer.status >= 400, "{operation} again: {}", answer.status);
            assert_eq!(scene.changes(&again).await.len(), 0, "{operation}: what failed is in the journal");
        }
    }
    let stale: Vec<_> = JOURNALED_OTHERWISE.iter().filter(|(id, ..)| !operations().iter().any(|o| o.id == *id)).collect();
    assert!(stale.is_empty(), "{stale:?} are no operations");
}

/// The students whose id is in a text.
async fn students_in(scene: &Scene<'_>, text: &str) -> Vec<Uuid> {
    let all = scene.owner.query("select id from students", &[]).await.unwrap();
    all.into_iter().map(|row| row.get::<_, Uuid>(0)).filter(|id| text.contains(&id.to_string())).collect()
}

/// Whether it is about a student: what it names is a student's, or the answer says so.
fn of_a_student(operation: &Operation) -> bool {
    !operation.permission.starts_with("district:") && operation.names_a_record() && !operation.is_of_catalogues()
}

/// Every read that shows something, once: the operation, by whom, and what came back.
async fn reads(scene: &Scene<'_>) -> BTreeMap<String, Through> {
    let mut all = BTreeMap::new();
    for operation in guarded(false) {
        all.insert(operation.id.clone(), scene.first_through(&operation, places(&operation)[0]).await);
    }
    all
}

#[tokio::test]
async fn g10_whoever_sees_a_student_is_on_record_before_they_do_or_does_not_see_them() {
    let app = TestApp::start().await;
    let scene = Scene::of(&app).await;
    let all = reads(&scene).await;
    what_is_seen_is_on_record(&scene, &all).await;
    what_cannot_be_put_on_record_is_not_shown(&scene, &all).await;
    // What is about no student needs no record.
    app.client("sis").await.get("/v1/roster-imports").await.expect(200);
}

async fn what_is_seen_is_on_record(scene: &Scene<'_>, all: &BTreeMap<String, Through>) {
    for (id, through) in all {
        let operation = &through.request.operation;
        let text = String::from_utf8_lossy(&through.answer.bytes).into_owned();
        let students = students_in(scene, &text).await;
        let records = scene.seen(&through.correlation).await;
        if DISCLOSED.contains(&id.as_str()) {
            let disclosed =
                scene.owner.query("select client_id, row_count from disclosures where request_id = $1", &[&through.correlation]).await.unwrap();
            assert_eq!(disclosed.len(), 1, "{operation} by {}", through.name);
            assert_eq!(disclosed[0].get::<_, Uuid>(0), ids::client(through.name));
            assert_eq!(disclosed[0].get::<_, i64>(1), i64::try_from(students.len()).unwrap(), "{operation}: {text}");
            continue;
        }
        if OF_LOGINS.contains(&id.as_str()) {
            continue;
        }
        let shows_someone = of_a_student(operation) && !OF_WORK.contains(&id.as_str()) || !students.is_empty() || PACKED.contains(&id.as_str());
        assert_eq!(records.len(), usize::from(shows_someone), "{operation} by {}: {text}", through.name);
        for record in &records {
            assert!(scene.is_by(record, through.name).await, "{operation}: the record names another than {}", through.name);
            assert_eq!(record.get::<_, &str>(2), id);
            assert!(!record.get::<_, String>(3).is_empty(), "{operation}: no sections");
            assert!(record.get::<_, i32>(4) > 0, "{operation}: no rows");
            assert_eq!(record.get::<_, String>(5), "2026-10-15 15:00:00+00");
            let on_record: Vec<Uuid> = record.get(6);
            assert!(!on_record.is_empty(), "{operation}: nobody was shown");
            for student in &students {
                assert!(on_record.contains(student), "{operation}: {student} was shown and is not on record");
            }
        }
    }
}

#[tokio::test]
async fn what_shows_nothing_is_not_on_record() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let owner = app.database.owner().await;
    let on_record = async || owner.query_one("select count(*) from access_records", &[]).await.unwrap().get::<_, i64>(0);
    let empty = anna.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(200).json();
    assert_eq!(empty["items"], Value::Array(vec![]));
    anna.get(&format!("/v1/goals/{}", ids::ANNA)).await.expect(404);
    app.person("uma").await.get(&format!("/v1/ilp-files/{}/goals", ids::file(1))).await.expect(404);
    assert_eq!(on_record().await, 0);
}

async fn what_cannot_be_put_on_record_is_not_shown(scene: &Scene<'_>, all: &BTreeMap<String, Through>) {
    scene.owner.batch_execute("revoke insert on access_records from openilp_app").await.unwrap();
    let mut refused = 0;
    for (id, through) in all {
        if scene.seen(&through.correlation).await.is_empty() {
            continue;
        }
        let answer = scene.actor(through.name).get(&through.request.path).await;
        let text = String::from_utf8(answer.bytes.clone()).unwrap();
        assert_eq!(answer.status, 503, "{id} shows what it could not record: {text}");
        assert_eq!(answer.json()["code"], "unavailable", "{id}");
        let without_path = text.replace(&through.request.path, "");
        for leak in ["Anna", "Ash", "nurse", "givenName", "title\":\"B", &ids::ANNA.to_string()] {
            assert!(!without_path.contains(leak), "{id} leaks {leak}: {text}");
        }
        refused += 1;
    }
    assert!(refused > 15, "only {refused} reads were tried");
}
