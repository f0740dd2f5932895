//! What a record says in several languages, over HTTP (R30).

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

fn list() -> String {
    ids::in_file(1, "translations")
}

fn of(kind: &str, record: &str, member: &str, text: &str) -> Value {
    json!({ "recordKind": kind, "recordId": record, "language": "es", "texts": [{ "member": member, "text": text }] })
}

async fn goal(by: &Actor<'_>, domain: &str, title: &str) -> String {
    by.post(&ids::in_file(1, "goals"), json!({ "domain": domain, "title": title })).await.expect(201).id()
}

async fn read_by(app: &TestApp, path: &str) -> Vec<&'static str> {
    let mut readers = vec![];
    for name in ["anna", "greta", "bela", "tom", "cara", "rita", "pam", "kurt", "uma", "ben"] {
        if app.person(name).await.get(path).await.status == 200 {
            readers.push(name);
        }
    }
    readers
}

/// What the feed tells somebody, until it tells one thing.
async fn told(actor: &Actor<'_>, from: &str, enough: impl Fn(&Value) -> bool) -> Vec<Value> {
    let (mut entries, mut query) = (vec![], from.to_owned());
    while !entries.iter().any(&enough) {
        let page = actor.get(&format!("/v1/changes?{query}&limit=100&wait=10")).await.expect(200).json();
        let more = page["items"].as_array().unwrap();
        assert!(!more.is_empty(), "the feed does not tell: {entries:?}");
        entries.extend(more.iter().cloned());
        query = format!("after={}", page["cursor"].as_str().unwrap());
    }
    entries
}

#[tokio::test]
async fn r30_a_translation_stands_beside_the_original_with_its_author_and_is_changed_by_no_other() {
    let app = TestApp::start().await;
    let (anna, bela, tom) = (app.person("anna").await, app.person("bela").await, app.person("tom").await);
    let chemistry = goal(&anna, "academic", "Pass chemistry").await;
    let mut first = of("goal", &chemistry, "title", "Aprobar química");
    first["originalLanguage"] = "en".into();
    let made = bela.post(&list(), first).await.expect(201);
    let path = made.header("location").to_owned();
    let seen = anna.get(&path).await.expect(200).json();
    assert_eq!((&seen["createdBy"], &seen["recordVersion"], &seen["goalId"]), (&json!(ids::person(20)), &json!(1), &json!(chemistry)));
    assert_eq!((&seen["section"], &seen["originalLanguage"], &seen["allowedActions"]), (&json!("S2"), &json!("en"), &json!([])));
    let whole = anna.get(&ids::in_file(1, "whole")).await.expect(200).json();
    assert_eq!((&whole["translations"][0]["texts"][0]["text"], &whole["goals"][0]["title"]), (&json!("Aprobar química"), &json!("Pass chemistry")));
    for other in [&anna, &tom] {
        other.patch(&path, "\"1\"", json!({ "language": "fr" })).await.expect(403);
        other.delete(&path, "\"1\"").await.expect(403);
    }
    // It was made from the version that there was when its texts were sent.
    anna.patch(&format!("/v1/goals/{chemistry}"), "\"1\"", json!({ "title": "Pass chemistry well" })).await.expect(200);
    assert_eq!(bela.patch(&path, "\"1\"", json!({ "language": "es-MX" })).await.expect(200).json()["recordVersion"], 1);
    let anew = json!({ "texts": [{ "member": "title", "text": "Aprobar bien química" }] });
    assert_eq!(bela.patch(&path, "\"2\"", anew).await.expect(200).json()["recordVersion"], 2);
    assert_eq!(anna.get(&format!("{path}/history")).await.expect(200).json()["items"].as_array().unwrap().len(), 3);
    // Every fault is told, and what the record does not say is not translated.
    let faulty = json!({ "recordKind": "goal", "recordId": chemistry, "language": "Spanish", "texts": [{ "member": "title" }], "version": 1 });
    assert_eq!(bela.post(&list(), faulty).await.pointers(), ["/language", "/texts/0/text", "/version"]);
    assert_eq!(bela.post(&list(), of("goal", &chemistry, "description", "x")).await.expect(422).pointers(), ["/texts/0/member"]);
    assert_eq!(bela.patch(&path, "\"3\"", json!({ "texts": [{ "member": "mood", "text": "x" }] })).await.expect(422).pointers(), ["/texts/0/member"]);
}

#[tokio::test]
async fn r30_r134_whoever_reads_a_record_reads_its_translations_and_nobody_else() {
    let app = TestApp::start().await;
    let (anna, greta, bela) = (app.person("anna").await, app.person("greta").await, app.person("bela").await);
    let mut goals = vec![];
    for domain in ["academic", "career", "personalSocial"] {
        goals.push(goal(&anna, domain, "Speak up").await);
    }
    let academic = greta.post(&list(), of("goal", &goals[0], "title", "Alzar la voz")).await.expect(201);
    let said = anna.post(&format!("/v1/goals/{}/reflections", goals[2]), json!({ "body": "I did." })).await.expect(201).id();
    let personal = anna.post(&list(), of("reflection", &said, "body", "Lo hice.")).await.expect(201);
    let aid = anna.post(&ids::in_file(1, "financial-aid-plans"), json!({ "kind": "savings", "title": "Savings" })).await.expect(201).id();
    let aid = greta.post(&list(), of("financialAidPlan", &aid, "title", "Ahorros")).await.expect(201);
    let [academic, personal, aid] = [academic, personal, aid].map(|made| made.header("location").to_owned());
    assert_eq!(read_by(&app, &academic).await, read_by(&app, &format!("/v1/goals/{}", goals[0])).await);
    assert_eq!(read_by(&app, &academic).await, ["anna", "greta", "bela", "tom", "cara", "rita"]);
    assert_eq!(read_by(&app, &personal).await, ["anna", "greta", "bela"]);
    assert_eq!(read_by(&app, &aid).await, ["anna", "greta"]);
    assert_eq!(app.person("tom").await.get(&list()).await.expect(200).json()["items"].as_array().unwrap().len(), 1);
    // Whoever reads without a word of their own does not translate; what they do not read is not there, in this file or another.
    bela.post(&list(), of("reflection", &said, "body", "x")).await.expect(403);
    app.person("tom").await.post(&list(), of("goal", &goals[1], "title", "x")).await.expect(403);
    let absent = of("reflection", &ids::ANNA.to_string(), "body", "x");
    let tom = app.person("tom").await;
    let (hidden, absent) = (tom.post(&list(), of("reflection", &said, "body", "x")).await, tom.post(&list(), absent).await);
    assert_eq!((hidden.status, hidden.json()["title"].clone()), (404, absent.json()["title"].clone()));
    let of_ben = app.person("ben").await.post(&ids::in_file(2, "goals"), json!({ "domain": "academic", "title": "Read" })).await.expect(201).id();
    greta.post(&list(), of("goal", &of_ben, "title", "Leer")).await.expect(404);
    greta.post(&ids::in_file(2, "translations"), of("goal", &of_ben, "title", "Leer")).await.expect(201);
    // A consent that is limited to a goal opens the translations of that goal.
    let consent = json!({ "recipientKind": "mentor", "personId": ids::person(24), "sections": ["S2", "S4"], "goalId": goals[0], "purpose": "To talk about it." });
    let consent = anna.post(&format!("/v1/students/{}/consents", ids::ANNA), consent).await.expect(201).id();
    anna.post(&list(), of("goal", &goals[1], "title", "Hablar")).await.expect(201);
    for signer in [&anna, &greta] {
        signer.post(&format!("/v1/consents/{consent}/signatures"), json!({ "approves": true })).await.expect(200);
    }
    let shown = app.person("uma").await.get(&list()).await.expect(200).json();
    assert_eq!((shown["items"].as_array().unwrap().len(), &shown["items"][0]["goalId"]), (1, &json!(goals[0])));
}

#[tokio::test]
async fn r30_no_translation_outlives_its_record() {
    let app = TestApp::start().await;
    let (anna, greta) = (app.person("anna").await, app.person("greta").await);
    let goal = goal(&anna, "academic", "Read more").await;
    let said = anna.post(&format!("/v1/goals/{goal}/reflections"), json!({ "body": "Ten books." })).await.expect(201);
    let add = async |kind: &str, record: &str, member: &str| {
        greta.post(&list(), of(kind, record, member, "Diez")).await.expect(201).header("location").to_owned()
    };
    let (of_goal, of_said) = (add("goal", &goal, "title").await, add("reflection", &said.id(), "body").await);
    // What should never have been written was not to be translated either, until it is taken back.
    anna.patch(said.header("location"), "\"1\"", json!({ "enteredInError": true })).await.expect(200);
    let marked = anna.get(&of_said).await.expect(200).json();
    assert_eq!((&marked["enteredInError"], &marked["version"]), (&json!(true), &json!(2)));
    let code = |answer: openilp_tests::Answer| answer.json()["errors"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code(greta.patch(&of_said, "\"2\"", json!({ "enteredInError": false })).await.expect(409)), "entered_in_error");
    assert_eq!(code(greta.post(&list(), of("reflection", &said.id(), "body", "Diez")).await.expect(409)), "entered_in_error");
    anna.patch(said.header("location"), "\"2\"", json!({ "enteredInError": false })).await.expect(200);
    greta.patch(&of_said, "\"2\"", json!({ "enteredInError": false })).await.expect(200);
    // With the record it is gone, from the feed too; with a goal, what belongs to the goal.
    let cursor = greta.get("/v1/changes?from=now").await.expect(200).json()["cursor"].as_str().unwrap().to_owned();
    anna.delete(said.header("location"), "\"3\"").await.expect(204);
    greta.get(&of_said).await.expect(404);
    let again = anna.post(&format!("/v1/goals/{goal}/reflections"), json!({ "body": "Eleven." })).await.expect(201).id();
    let of_again = add("reflection", &again, "body").await;
    let is_gone = |entry: &Value| entry["kind"] == "translation" && entry["operation"] == "removed";
    told(&greta, &format!("after={cursor}"), is_gone).await;
    anna.delete(&format!("/v1/goals/{goal}"), "\"1\"").await.expect(204);
    for path in [&of_goal, &of_again] {
        anna.get(path).await.expect(404);
    }
    assert_eq!(anna.get(&list()).await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn r30_l13_no_translation_tells_the_family_what_is_withheld_in_its_record() {
    let app = TestApp::start().await;
    let (anna, greta, bela, kurt) = (app.person("anna").await, app.person("greta").await, app.person("bela").await, app.person("kurt").await);
    let body = json!({ "domain": "academic", "title": "Study with Max Maple", "description": "Zoltan helps." });
    let goal = bela.post(&ids::in_file(1, "goals"), body).await.expect(201).id();
    let add = async |by: &Actor<'_>, text: &str| by.post(&list(), of("goal", &goal, "title", text)).await.expect(201).header("location").to_owned();
    let (of_bela, of_anna) = (add(&bela, "Estudiar con Máximo Arce").await, add(&anna, "Aprender con Máximo Arce").await);
    greta.post(&format!("/v1/students/{}/inspection-requests", ids::ANNA), json!({ "sections": ["S2"] })).await.expect(201);
    let redactions = format!("/v1/students/{}/redactions", ids::ANNA);
    let withhold = async |kind: &str, record: &str, words: &str| {
        kurt.post(&redactions, json!({ "recordKind": kind, "recordId": record, "words": words })).await.expect(201).id()
    };
    let first = withhold("goal", &goal, "Max Maple").await;
    let (bela_again, anna_again) = (add(&bela, "Leer con M. Arce").await, add(&anna, "Leer con un amigo").await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let nothing_is_told = async |readable: &[&String]| {
        for family in [&anna, &greta] {
            for path in [&of_bela, &of_anna, &bela_again, &anna_again] {
                let status = if readable.contains(&path) { 200 } else { 404 };
                assert_eq!(family.get(path).await.status, status, "{path}");
                let history = family.get(&format!("{path}/history")).await;
                assert!(history.status == 404 || history.json()["items"] == json!([]), "{path}");
            }
            for path in
                [list(), ids::in_file(1, "whole"), "/v1/changes?limit=100".to_owned(), readable.first().map_or_else(list, |path| (*path).clone())]
            {
                let text = String::from_utf8_lossy(&family.get(&path).await.expect(200).bytes).into_owned();
                assert!(!text.contains("Arce") && !text.contains("Maple"), "{path}: {text}");
            }
            let listed = family.get(&list()).await.expect(200).json();
            assert_eq!(listed["items"].as_array().unwrap().len(), readable.len());
        }
    };
    told(&bela, "from=beginning", |entry| entry["kind"] == "translation" && entry.to_string().contains("M. Arce")).await;
    // Whom the words are withheld from may say what is left in another language.
    nothing_is_told(&[&anna_again]).await;
    for staff in [&bela, &kurt] {
        assert_eq!(staff.get(&list()).await.expect(200).json()["items"].as_array().unwrap().len(), 4);
        assert_eq!(staff.get(&format!("{of_bela}/history")).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
    }
    // What the custodian has gone over is shown without the words, and with nothing that it was before.
    let gone_over = withhold("translation", &id(&of_bela), "Máximo Arce").await;
    nothing_is_told(&[&anna_again, &of_bela]).await;
    assert_eq!(greta.get(&of_bela).await.expect(200).json()["texts"][0]["text"], "Estudiar con █████");
    kurt.delete(&format!("/v1/redactions/{gone_over}"), "\"1\"").await.expect(204);
    nothing_is_told(&[&anna_again]).await;
    withhold("translation", &id(&of_bela), "Máximo Arce").await;
    // Who sees the words may have said them in a change of their own.
    let version = bela.get(&of_bela).await.expect(200).header("etag").to_owned();
    bela.patch(&of_bela, &version, json!({ "texts": [{ "member": "title", "text": "Estudiar con Arce" }] })).await.expect(200);
    nothing_is_told(&[&anna_again]).await;
    // A later mark in the record closes all of them anew.
    let second = withhold("goal", &goal, "Zoltan").await;
    nothing_is_told(&[]).await;
    for redaction in [first, second] {
        kurt.delete(&format!("/v1/redactions/{redaction}"), "\"1\"").await.expect(204);
    }
    assert_eq!(greta.get(&of_anna).await.expect(200).json()["texts"][0]["text"], "Aprender con Máximo Arce");
}
