//! Jobs with the plans of many students: each row by the rights of the moment, once, and reported to who started it alone.

use std::time::Duration;

use openilp_tests::issuer::TestIssuer;
use openilp_tests::template::{give_out, give_out_as, item, minimum};
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

const JOBS: &str = "/v1/plan-jobs";
/// Biology at Alder High School: Anna is in it, and Rita teaches it.
const CLASS: Uuid = uuid!("000000c1-0000-7000-8000-000000000001");

fn exporting(whom: Value) -> Value {
    openilp_domain::noun::with(json!({ "kind": "exportPlans" }), whom)
}

/// Starts a job, and gives its address.
async fn start(who: &Actor<'_>, job: Value) -> String {
    let answer = who.post(JOBS, job).await.expect(202);
    assert_eq!(answer.header("location"), format!("{JOBS}/{}", answer.id()));
    answer.header("location").to_owned()
}

/// The job once it has ended.
async fn ended(who: &Actor<'_>, job: &str) -> Value {
    for _ in 0..2_000 {
        let found = who.get(job).await.expect(200).json();
        if found["endedAt"].is_string() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{job} does not end")
}

async fn done(who: &Actor<'_>, job: Value) -> (String, Value) {
    let job = start(who, job).await;
    let found = ended(who, &job).await;
    assert_eq!((&found["status"], &found["done"]), (&json!("done"), &found["total"]), "{found}");
    (job, found)
}

fn counts(job: &Value) -> [i64; 5] {
    ["total", "changed", "unchanged", "refused", "failed"].map(|name| job[name].as_i64().unwrap_or(-1))
}

async fn rows(who: &Actor<'_>, job: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = who.get(&format!("{job}/rows?limit=2{cursor}")).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["page"]["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// The students of a job's rows.
async fn students(who: &Actor<'_>, job: &str) -> Vec<Value> {
    rows(who, job).await.into_iter().map(|row| row["studentId"].clone()).collect()
}

async fn lines(who: &Actor<'_>, job: &str) -> Vec<String> {
    let answer = who.get(&format!("{job}/content")).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    String::from_utf8(answer.bytes).unwrap().lines().map(str::to_owned).collect()
}

async fn whole(who: &Actor<'_>, n: u128) -> String {
    String::from_utf8(who.get(&ids::in_file(n, "whole")).await.expect(200).bytes).unwrap()
}

/// A job of somebody's that another process is long at: of theirs nothing else is begun meanwhile.
async fn held_up(app: &TestApp, n: u128) {
    let job = format!(
        "insert into plan_jobs (district_id, id, person_id, issuer, subject, through, reads_only, request_id, kind, dry_run, status, claimed_until, version, created_at,
                                updated_at)
         values ('{}', '00000000-0000-7000-8000-000000000001', '{}', '', '', 'itself', false, '', 'exportPlans', false, 'running', '2100-01-01Z', 1, '2026-08-01Z',
                 '2026-08-01Z')",
        ids::ALDER,
        ids::person(n)
    );
    app.database.execute(&job).await;
}

/// Then it is over with that.
async fn let_go(app: &TestApp) {
    app.database.execute("delete from plan_jobs where id = '00000000-0000-7000-8000-000000000001'").await;
    app.running.state.jobs.notify_one();
}

#[tokio::test]
async fn an_export_is_the_files_as_the_single_reads_answer_them_and_a_hidden_student_is_like_none() {
    let app = TestApp::start().await;
    let (bela, owner) = (app.person("bela").await, app.database.owner().await);
    app.person("anna").await.post(&ids::in_file(1, "goals"), json!({ "domain": "academic", "title": "Read more" })).await.expect(201);
    let nobody = Uuid::now_v7();
    let named = [ids::ANNA, ids::DAN, nobody, ids::ZOE, ids::CLEO];
    let (job, found) = done(&bela, exporting(json!({ "studentIds": named }))).await;
    assert_eq!(counts(&found), [5, 0, 2, 3, 0]);
    let report = rows(&bela, &job).await;
    assert_eq!(report.iter().map(|row| row["number"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    for (row, student) in report.iter().zip(named) {
        assert_eq!(row["studentId"], json!(student));
        assert_eq!(row["outcome"] == "unchanged", [ids::ANNA, ids::CLEO].contains(&student), "{row}");
    }
    // Of Dan, of nobody and of a student of another district the report says the same.
    let alike = |row: &Value| openilp_domain::noun::without(row.clone(), &["number", "student_id"]);
    assert_eq!(
        alike(&report[1]),
        json!({ "outcome": "refused", "code": "not-found", "detail": report[2]["detail"], "endedAt": "2026-10-15T15:00:00Z" })
    );
    assert_eq!((alike(&report[1]), alike(&report[3])), (alike(&report[2]), alike(&report[2])));
    let table = String::from_utf8(bela.get(&format!("{job}/rows.csv")).await.expect(200).bytes).unwrap();
    assert_eq!(table.lines().count(), 6);
    assert!(table.contains(&format!("\r\n2,{},,refused,not-found,", ids::DAN)), "{table}");
    let seen = "select count(*), count(distinct student_id), array_agg(distinct operation) from access_records where student_id in ($1, $2, $3)
                   and operation = any(array['download_plan_job_content', 'list_plan_job_rows'])";
    let row = owner.query_one(seen, &[&ids::DAN, &ids::ZOE, &nobody]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 0, "what is hidden was not seen");

    let content = lines(&bela, &job).await;
    assert_eq!(content[..2], [whole(&bela, 1).await, whole(&bela, 3).await]);
    assert_eq!(content[2..], [json!({ "end": { "files": 2, "leftOut": 0 } }).to_string()]);
    let row = owner.query_one(
        "select count(*) from access_records where operation = 'download_plan_job_content' and relation = 'gatekeeper' and row_count > 1",
        &[],
    );
    assert_eq!(row.await.unwrap().get::<_, i64>(0), 2, "each file is on record as if it had been read alone");
    let rest = bela.get(&format!("{job}/content?afterRow=1")).await.expect(200);
    assert_eq!(String::from_utf8(rest.bytes).unwrap(), format!("{}\n{}\n", content[1], json!({ "end": { "files": 1, "leftOut": 0 } })));

    // By files, and dry.
    let (dry, found) = done(&bela, exporting(json!({ "ilpFileIds": [ids::file(1), ids::file(4)], "dryRun": true }))).await;
    assert_eq!(counts(&found), [2, 0, 1, 1, 0]);
    let report = rows(&bela, &dry).await;
    assert_eq!((&report[0]["studentId"], &report[1]["studentId"]), (&json!(ids::ANNA), &Value::Null));
    assert_eq!(bela.get(&format!("{dry}/content")).await.expect(409).json()["errors"][0]["code"], "no_content");

    // Nobody else knows of it, and what may no longer be read is no longer in it.
    for other in ["tom", "kurt", "anna"] {
        let other = app.person(other).await;
        for path in ["", "/rows", "/rows.csv", "/content"] {
            other.get(&format!("{job}{path}")).await.expect(404);
        }
        other.post(&format!("{job}/cancellation"), Value::Null).await.expect(404);
        assert_eq!(other.get(JOBS).await.expect(200).json()["items"], json!([]));
    }
    assert_eq!(bela.get(JOBS).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
    app.database
        .execute(&format!("update assignments set valid_to = '2026-10-15' where student_id = '{}' and person_id = '{}'", ids::ANNA, ids::person(20)))
        .await;
    let content = lines(&bela, &job).await;
    assert_eq!(content, [whole(&bela, 3).await, json!({ "end": { "files": 1, "leftOut": 1 } }).to_string()]);
    assert_eq!(bela.post(&format!("{job}/cancellation"), Value::Null).await.expect(409).json()["errors"][0]["code"], "ended");
}

#[tokio::test]
async fn a_class_or_school_is_those_of_its_students_whom_one_may_see() {
    let app = TestApp::start().await;
    for (n, student) in [(7, ids::BEN), (8, ids::CLEO), (9, ids::DAN)] {
        let enrollment = format!(
            "insert into enrollments (district_id, id, class_id, person_id, role, primary_teacher, ends_on, active, source, sourced_id, version, created_at, updated_at)
             values ('{}', '{}', '{CLASS}', '{student}', 'student', false, {}, true, 'sis', 'more-{n}', 1, '2026-08-01Z', '2026-08-01Z')",
            ids::ALDER,
            Uuid::now_v7(),
            if n == 7 { "'2026-10-14'" } else { "null" }
        );
        app.database.execute(&enrollment).await;
    }
    let (class, school) = (exporting(json!({ "classId": CLASS })), exporting(json!({ "schoolId": ids::school(2) })));
    let tenth = exporting(json!({ "schoolId": ids::school(2), "grade": "10" }));
    let all = [ids::ANNA, ids::CLEO, ids::DAN];
    for (name, job, expected) in [
        // Ben has left the class; whoever does not read registrations does not learn who is in it.
        ("bela", &class, &[ids::ANNA, ids::CLEO][..]),
        ("rita", &class, &all),
        ("tom", &class, &[ids::ANNA]),
        ("pam", &class, &[]),
        ("uma", &class, &[]),
        ("pam", &school, &all),
        ("pam", &tenth, &[ids::ANNA]),
        ("bela", &school, &[ids::ANNA, ids::CLEO]),
        ("gus", &school, &[]),
    ] {
        let who = app.person(name).await;
        let (address, found) = done(&who, job.clone()).await;
        let expected: Vec<_> = expected.iter().map(|id| json!(id)).collect();
        assert_eq!(students(&who, &address).await, expected, "{name}: {job}");
        let many = i64::try_from(expected.len()).unwrap();
        assert_eq!(counts(&found), [many, 0, many, 0, 0], "{name}: {job}");
    }
    let bela = app.person("bela").await;
    for (unknown, code) in [("classId", "class_unknown"), ("schoolId", "school_unknown")] {
        let refused = bela.post(JOBS, exporting(json!({ unknown: Uuid::now_v7() }))).await.expect(409).json();
        assert_eq!(refused["errors"][0]["code"], code);
    }
    // A class of many is a file a line, as each is read alone.
    let rita = app.person("rita").await;
    let (job, _) = done(&rita, class).await;
    let content = lines(&rita, &job).await;
    assert_eq!(content[..3], [whole(&rita, 1).await, whole(&rita, 3).await, whole(&rita, 4).await]);
}

#[tokio::test]
async fn whoever_loses_a_right_on_the_way_is_refused_from_then_on_and_nothing_is_done_twice() {
    let app = TestApp::start().await;
    let bela = app.person("bela").await;
    held_up(&app, 20).await;
    let job = start(&bela, exporting(json!({ "studentIds": [ids::ANNA, ids::BEN, ids::CLEO] }))).await;
    let second = start(&bela, exporting(json!({ "studentIds": [ids::ANNA] }))).await;
    let cancelled = start(&bela, exporting(json!({ "studentIds": [ids::ANNA] }))).await;
    assert_eq!(bela.get(&job).await.json()["status"], "queued", "one at a time");
    assert_eq!(bela.get(&format!("{job}/content")).await.expect(409).json()["errors"][0]["code"], "not_ended");
    assert_eq!(bela.post(&format!("{cancelled}/cancellation"), Value::Null).await.expect(200).json()["status"], "cancelled");
    // A process did the first row, and was killed before the others.
    let id = job.rsplit('/').next().unwrap();
    app.database
        .execute(&format!(
            "update plan_jobs set status = 'running', claimed_until = '2026-10-15T15:00:08Z' where id = '{id}';
             update plan_job_rows set outcome = 'changed', ended_at = '2026-10-15T14:00:00Z', ilp_file_id = '{}' where job_id = '{id}' and number = 1;
             update assignments set valid_to = '2026-10-15' where student_id = '{}'",
            ids::file(1),
            ids::BEN
        ))
        .await;
    let_go(&app).await;
    let found = bela.get(&job).await.expect(200).json();
    assert_eq!((&found["status"], &found["done"]), (&json!("running"), &json!(1)), "what another process has claimed waits for it");
    app.clock.advance(chrono::TimeDelta::seconds(9));
    app.running.state.jobs.notify_one();
    let found = ended(&bela, &job).await;
    assert_eq!(counts(&found), [3, 1, 1, 1, 0]);
    let report = rows(&bela, &job).await;
    assert_eq!(report[0]["endedAt"], "2026-10-15T14:00:00Z", "done once");
    assert_eq!((&report[1]["code"], &report[2]["outcome"]), (&json!("not-found"), &json!("unchanged")));
    assert_eq!(ended(&bela, &second).await["unchanged"], 1);
    let found = ended(&bela, &cancelled).await;
    assert_eq!((&found["status"], counts(&found)), (&json!("cancelled"), [1, 0, 0, 0, 0]));
    assert_eq!(rows(&bela, &cancelled).await, [json!({ "number": 1, "studentId": ids::ANNA })]);
}

#[tokio::test]
async fn a_job_is_done_as_the_login_and_the_application_that_started_it() {
    const ISSUER: &str = "https://id.alder.example";
    let app = TestApp::start().await;
    let (issuer, _) = TestIssuer::register(&app, ids::ALDER, ISSUER, json!({})).await;
    let kurt = app.person("kurt").await;
    let login = kurt.post("/v1/identity-links", json!({ "issuer": ISSUER, "subject": "bela", "personId": ids::person(20) })).await.expect(201);
    let reader = json!({ "name": "reader", "issuer": ISSUER, "clientId": "reader", "mayWrite": false, "sections": ["S0", "S2"] });
    let reader = kurt.post("/v1/front-ends", reader).await.expect(201).header("location").to_owned();
    let through = issuer.login(&app, "bela", json!({ "azp": "reader" }));
    let anna = exporting(json!({ "studentIds": [ids::ANNA] }));
    // An application that is for reading exports, and nothing beyond its sections.
    let (job, _) = done(&through, anna.clone()).await;
    assert_eq!(lines(&through, &job).await[0], whole(&through, 1).await);
    assert!(!whole(&through, 1).await.contains("givenName\":\"Anna"));
    let template = give_out(&app.person("cora").await, vec![]).await;
    let applying = json!({ "kind": "applyTemplate", "templateId": template["id"], "schoolYear": 2027, "studentIds": [ids::ANNA] });
    through.post(JOBS, applying).await.expect(403);
    let (_, of_class) = done(&through, exporting(json!({ "classId": CLASS }))).await;
    assert_eq!(counts(&of_class), [0; 5], "through it nobody sees who is in a class");

    // Nothing of it goes on when the application is no longer approved, nor when the login is nobody's.
    held_up(&app, 20).await;
    let (named, of_class) = (start(&through, anna.clone()).await, start(&through, exporting(json!({ "classId": CLASS }))).await);
    let direct = start(&app.person("bela").await, anna.clone()).await;
    kurt.patch(&reader, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    let_go(&app).await;
    let bela = app.person("bela").await;
    assert_eq!(counts(&ended(&bela, &named).await), [1, 0, 0, 1, 0]);
    assert_eq!(rows(&bela, &named).await[0]["code"], "front-end-not-approved");
    assert_eq!(counts(&ended(&bela, &of_class).await), [0; 5]);
    assert_eq!(counts(&ended(&bela, &direct).await), [1, 0, 1, 0, 0], "by the other login all is as before");

    held_up(&app, 20).await;
    let through = issuer.login(&app, "bela", json!({}));
    let named = start(&through, anna.clone()).await;
    kurt.delete(login.header("location"), "\"1\"").await.expect(204);
    let_go(&app).await;
    assert_eq!(counts(&ended(&bela, &named).await), [1, 0, 0, 1, 0]);
    assert_eq!(rows(&bela, &named).await[0]["code"], "login-not-linked");
    // A machine has no plans to do anything with.
    app.client("sis").await.post(JOBS, anna).await.expect(403);
}

#[tokio::test]
async fn r36_r37_a_template_is_applied_to_many_with_last_years_answers_and_each_row_says_what_waits() {
    let app = TestApp::start().await;
    let (cora, bela, anna) = (app.person("cora").await, app.person("bela").await, app.person("anna").await);
    let template = give_out(&cora, vec![item("same", "career", None), item("reworded", "career", None)]).await;
    let applying = |template: &Value, year: i32, more: Value| {
        let applying = json!({ "kind": "applyTemplate", "templateId": template["id"], "schoolYear": year });
        openilp_domain::noun::with(applying, more)
    };
    let named = json!({ "studentIds": [ids::ANNA, ids::BEN, ids::DAN] });
    let outcomes = |rows: &[Value]| rows.iter().map(|row| row["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let items = async |n| bela.get(&format!("{}?limit=100", ids::in_file(n, "program-items"))).await.expect(200).json()["items"].clone();
    let all = minimum().len() + 2;

    // Dry: each row says what would become of it, and nothing does.
    let (dry, found) = done(&bela, applying(&template, 2027, openilp_domain::noun::with(named.clone(), json!({ "dryRun": true })))).await;
    assert_eq!((counts(&found), items(1).await.as_array().unwrap().len()), ([3, 2, 0, 1, 0], 0));
    assert_eq!(rows(&bela, &dry).await[0]["added"], json!(all));
    let (job, found) = done(&bela, applying(&template, 2027, named.clone())).await;
    assert_eq!((counts(&found), &found["templateId"], &found["schoolYear"]), ([3, 2, 0, 1, 0], &template["id"], &json!(2027)));
    let report = rows(&bela, &job).await;
    assert_eq!((outcomes(&report), &report[2]["code"]), (["changed", "changed", "refused"].map(str::to_owned).to_vec(), &json!("not-found")));
    // Again: there is nothing to do.
    assert_eq!(counts(&done(&bela, applying(&template, 2027, named.clone())).await.1), [3, 0, 2, 1, 0]);

    for asked in items(1).await.as_array().unwrap().iter().filter(|asked| ["same", "reworded"].contains(&asked["itemKey"].as_str().unwrap())) {
        let answer = json!({ "domain": "career", "programItemId": asked["id"], "body": "A nurse." });
        anna.post(&ids::in_file(1, "contributions"), answer).await.expect(201);
    }
    let mut reworded = item("reworded", "career", None);
    reworded["description"] = "In other words.".into();
    let next = give_out_as(&cora, vec![item("same", "career", None), reworded], json!({ "revisesId": template["id"] })).await;
    let forward = applying(&next, 2028, openilp_domain::noun::with(named.clone(), json!({ "carryFrom": 2027 })));
    let (job, found) = done(&bela, forward).await;
    assert_eq!((counts(&found), &found["carryFrom"]), ([3, 2, 0, 1, 0], &json!(2027)));
    let report = rows(&bela, &job).await;
    let applied = |row: &Value| ["added", "carried", "toAnswer", "alreadyThere"].map(|name| usize::try_from(row[name].as_u64().unwrap()).unwrap());
    assert_eq!((applied(&report[0]), applied(&report[1])), ([all, 1, all - 1, 0], [all, 0, all, 0]));
    let table = String::from_utf8(bela.get(&format!("{job}/rows.csv")).await.expect(200).bytes).unwrap();
    assert!(table.contains(&format!(",changed,,,{all},1,{},0,2026", all - 1)), "{table}");
    assert_eq!(bela.get(&format!("{job}/content")).await.expect(409).json()["errors"][0]["code"], "no_content");

    // Whoever does not write in the plan of study applies it to nobody.
    let tom = app.person("tom").await;
    let (job, found) = done(&tom, applying(&template, 2027, json!({ "studentIds": [ids::ANNA] }))).await;
    assert_eq!((counts(&found), &rows(&tom, &job).await[0]["code"]), ([1, 0, 0, 1, 0], &json!("forbidden")));
    // What would be wrong for everybody is said at once.
    let wrong = async |template: &Value, year, status| {
        bela.post(JOBS, applying(template, year, named.clone())).await.expect(status).json()["errors"][0]["code"].clone()
    };
    assert_eq!(wrong(&json!({ "id": Uuid::now_v7() }), 2027, 409).await, "template_unknown");
    assert_eq!(wrong(&template, 2029, 422).await, "out_of_range");
    cora.patch(&format!("/v1/templates/{}", template["id"].as_str().unwrap()), "\"2\"", json!({ "status": "retired" })).await.expect(200);
    assert_eq!(wrong(&template, 2027, 409).await, "template_not_active");
}
