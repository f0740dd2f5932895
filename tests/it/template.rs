//! Templates, what of them is applied to plans, and model plans, over HTTP (R28, R36 to R39, R212).

use openilp_tests::template::{give_out, give_out_as, item, minimum};
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

const TEMPLATES: &str = "/v1/templates";
const MODEL_PLANS: &str = "/v1/model-plans";

fn draft(items: &[Value]) -> Value {
    json!({ "title": "Our plan", "firstGrade": 6, "lastGrade": 12, "items": items })
}

async fn apply(gatekeeper: &Actor<'_>, file: u128, template: &Value, more: Value) -> Value {
    let applying = openilp_domain::noun::with(json!({ "templateId": template["id"], "schoolYear": 2027 }), more);
    gatekeeper.post(&ids::in_file(file, "template-applications"), applying).await.expect(200).json()
}

/// The items of a school year: key and id.
async fn items(reader: &Actor<'_>, school_year: i64) -> Vec<(String, String)> {
    let listed = reader.get(&format!("{}?limit=100", ids::in_file(1, "program-items"))).await.expect(200).json();
    let of_year = listed["items"].as_array().unwrap().iter().filter(|item| item["schoolYear"] == school_year);
    of_year.map(|item| (item["itemKey"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned())).collect()
}

fn id_of<'i>(items: &'i [(String, String)], key: &str) -> &'i str {
    &items.iter().find(|(of, _)| of == key).unwrap().1
}

#[tokio::test]
async fn r28_a_template_is_given_out_once_it_holds_the_minimum_of_the_state_and_what_is_missing_is_named() {
    let app = TestApp::start().await;
    let cora = app.person("cora").await;
    let mut some = minimum();
    some.retain(|item| item["covers"] != "personal-social-goals");
    let made = cora.post(TEMPLATES, draft(&some)).await.expect(201);
    let (path, id) = (made.header("location").to_owned(), made.id());
    let refused = cora.patch(&path, "\"1\"", json!({ "status": "active" })).await.expect(422).json();
    assert_eq!((&refused["errors"][0]["code"], &refused["errors"][0]["pointer"]), (&json!("minimum_missing"), &json!("/items")));
    let detail = refused["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("`personal-social-goals`") && detail.contains("grades 6, 7, 8, 9, 10, 11, 12"), "{detail}");
    let held = cora.get(&format!("{TEMPLATES}/{id}/minimum-program")).await.expect(200).json();
    let missing: Vec<_> =
        held["items"].as_array().unwrap().iter().filter(|item| item["missingGrades"] != json!([])).map(|item| &item["asked"]["key"]).collect();
    assert_eq!((missing, &held["profile"]), (vec![&json!("personal-social-goals")], &json!("us-ri-ride")));
    cora.patch(&path, "\"1\"", json!({ "items": minimum(), "status": "active" })).await.expect(200);
    // The other district is in another state, which asks something else.
    let zeno = app.person_of(ids::BIRCH, "zeno").await;
    let asked = zeno.get("/v1/minimum-program").await.expect(200).json();
    assert_eq!((&asked["profile"], &asked["items"][0]["missingGrades"]), (&json!("us-ut-ega"), &json!([7, 8, 9, 10, 11, 12])));
    zeno.get(&path).await.expect(404);
    zeno.get(&format!("{TEMPLATES}/{id}/minimum-program")).await.expect(404);
}

#[tokio::test]
async fn r28_an_item_covers_what_some_state_asks_in_grades_of_its_template() {
    let app = TestApp::start().await;
    let cora = app.person("cora").await;
    let (mut early, wrong) = (item("early", "academic", None), item("wrong", "academic", Some("nope")));
    early["firstGrade"] = 5.into();
    assert_eq!(cora.post(TEMPLATES, draft(&[wrong])).await.expect(422).pointers(), ["/items/0/covers"]);
    assert_eq!(cora.post(TEMPLATES, draft(&[item("first", "academic", None), early])).await.expect(422).pointers(), ["/items/1/firstGrade"]);
    let made = cora.post(TEMPLATES, draft(&minimum())).await.expect(201);
    let mut eighth = item("eighth", "academic", None);
    eighth["lastGrade"] = 8.into();
    let narrowed = json!({ "firstGrade": 9, "items": [eighth] });
    assert_eq!(cora.patch(made.header("location"), "\"1\"", narrowed).await.expect(422).pointers(), ["/items/0/lastGrade"]);
}

#[tokio::test]
async fn r36_the_coordinator_keeps_templates_everybody_reads_them_and_what_is_given_out_stays_as_it_is() {
    let app = TestApp::start().await;
    let cora = app.person("cora").await;
    let given = give_out_as(&cora, vec![], json!({ "schoolId": ids::school(2), "guidelines": "In September and in January." })).await;
    let path = format!("{TEMPLATES}/{}", given["id"].as_str().unwrap());
    for name in ["anna", "greta", "tom", "uma"] {
        let actor = app.person(name).await;
        assert_eq!(actor.get(&path).await.expect(200).json()["guidelines"], "In September and in January.");
        actor.post(TEMPLATES, draft(&minimum())).await.expect(403);
        actor.patch(&path, "\"2\"", json!({ "status": "retired" })).await.expect(403);
    }
    let refused = cora.patch(&path, "\"2\"", json!({ "title": "Another" })).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "template_given_out");
    cora.patch(&path, "\"2\"", json!({ "status": "draft" })).await.expect(409);
    cora.patch(&path, "\"2\"", json!({ "status": "retired" })).await.expect(200);
    let bela = app.person("bela").await;
    let late = json!({ "templateId": given["id"], "schoolYear": 2027 });
    let refused = bela.post(&ids::in_file(1, "template-applications"), late).await.expect(409).json();
    assert_eq!(refused["errors"][0]["code"], "template_not_active");
    let elsewhere = openilp_domain::noun::with(draft(&minimum()), json!({ "schoolId": ids::school(3) }));
    assert_eq!(cora.post(TEMPLATES, elsewhere).await.expect(409).json()["errors"][0]["code"], "school_unknown");
}

#[tokio::test]
async fn r36_r212_a_template_is_applied_by_grade_as_copies_and_the_rest_of_the_plan_comes_in_addition() {
    let app = TestApp::start().await;
    let (cora, bela, anna) = (app.person("cora").await, app.person("bela").await, app.person("anna").await);
    let mut younger = item("middle-school", "academic", None);
    younger["lastGrade"] = 8.into();
    let template = give_out(&cora, vec![item("service", "personalSocial", None), younger]).await;
    let strengths = anna.get(&ids::in_file(1, "strengths")).await.expect(200).json();
    let applied = apply(&bela, 1, &template, json!({})).await;
    let count = minimum().len() + 1;
    assert_eq!(applied, json!({ "added": count, "carried": 0, "toAnswer": count, "alreadyThere": 0 }));
    // Anna is in grade 10.
    let asked = items(&anna, 2027).await;
    assert!(asked.iter().any(|(key, _)| key == "service") && !asked.iter().any(|(key, _)| key == "middle-school"));
    assert_eq!(apply(&bela, 1, &template, json!({})).await["alreadyThere"], count);
    let refused =
        anna.post(&ids::in_file(1, "program-items"), json!({ "templateId": template["id"], "itemKey": "service", "schoolYear": 2027 })).await;
    assert_eq!(refused.expect(409).json()["errors"][0]["code"], "item_there");
    // What becomes of the template later touches nothing.
    cora.patch(&format!("{TEMPLATES}/{}", template["id"].as_str().unwrap()), "\"2\"", json!({ "status": "retired" })).await.expect(200);
    let path = format!("/v1/program-items/{}", id_of(&asked, "service"));
    assert_eq!(anna.get(&path).await.expect(200).json()["item"]["title"], "What service asks");
    anna.patch(&path, "\"1\"", json!({ "status": "done", "doneOn": "2026-10-10" })).await.expect(200);
    assert_eq!(anna.get(&ids::in_file(1, "strengths")).await.expect(200).json(), strengths);
    // Teachers read it, and do not apply templates; who is nobody to the student learns nothing.
    let applying = json!({ "templateId": template["id"], "schoolYear": 2027 });
    app.person("tom").await.post(&ids::in_file(1, "template-applications"), applying.clone()).await.expect(403);
    app.person("uma").await.post(&ids::in_file(1, "template-applications"), applying.clone()).await.expect(404);
    let past = openilp_domain::noun::with(applying, json!({ "schoolYear": 2026 }));
    assert_eq!(bela.post(&ids::in_file(1, "template-applications"), past).await.expect(409).json()["errors"][0]["code"], "template_not_active");
}

#[tokio::test]
async fn r37_student_family_and_teacher_add_to_an_item_each_apart() {
    let app = TestApp::start().await;
    let template = give_out(&app.person("cora").await, vec![item("goal", "career", None)]).await;
    apply(&app.person("bela").await, 1, &template, json!({})).await;
    let asked = items(&app.person("anna").await, 2027).await;
    let adding = |body: &str| json!({ "domain": "career", "programItemId": id_of(&asked, "goal"), "body": body });
    let mut paths = vec![];
    for (name, party) in [("anna", "student"), ("greta", "family"), ("tom", "school"), ("bela", "school")] {
        let added = app.person(name).await.post(&ids::in_file(1, "contributions"), adding(name)).await.expect(201);
        assert_eq!((&added.json()["party"], &added.json()["writtenFor"]), (&json!(party), &json!(2027)), "{name}");
        paths.push((name, added.header("location").to_owned()));
    }
    // Everybody reads all of them, and changes their own alone.
    for (name, _) in &paths {
        for (author, path) in &paths {
            let read = app.person(name).await.get(path).await.expect(200).json();
            let writes = read["allowedActions"].as_array().unwrap().contains(&json!("write"));
            assert_eq!(writes, name == author, "{name} is told whether to change what {author} added");
            let changed = app.person(name).await.patch(path, "\"1\"", json!({ "body": "Other words." })).await;
            assert_eq!(changed.status == 200, name == author, "{name} changes what {author} added: {}", changed.status);
        }
    }
    let anna = app.person("anna").await;
    let refused =
        anna.post(&ids::in_file(1, "contributions"), json!({ "domain": "academic", "programItemId": id_of(&asked, "goal"), "body": "x" })).await;
    assert_eq!(refused.expect(409).json()["errors"][0]["code"], "program_item_unknown");
    let removed = app.person("bela").await.delete(&format!("/v1/program-items/{}", id_of(&asked, "goal")), "\"1\"").await;
    assert_eq!(removed.expect(409).json()["errors"][0]["code"], "item_answered");
}

#[tokio::test]
async fn r37_answers_are_carried_forward_and_only_what_changed_is_asked() {
    let app = TestApp::start().await;
    let (cora, bela, anna, greta) = (app.person("cora").await, app.person("bela").await, app.person("anna").await, app.person("greta").await);
    let template = give_out(&cora, vec![item("same", "career", None), item("reworded", "career", None), item("contested", "career", None)]).await;
    apply(&bela, 1, &template, json!({})).await;
    let asked = items(&anna, 2027).await;
    for (key, author) in [("same", &anna), ("same", &greta), ("reworded", &anna), ("contested", &anna)] {
        let adding = json!({ "domain": "career", "programItemId": id_of(&asked, key), "body": "A nurse." });
        author.post(&ids::in_file(1, "contributions"), adding).await.expect(201);
    }
    let answers = anna.get(&ids::in_file(1, "contributions")).await.expect(200).json();
    let contested = answers["items"].as_array().unwrap().iter().find(|answer| answer["programItemId"] == id_of(&asked, "contested")).unwrap().clone();
    let withheld = json!({ "recordKind": "contribution", "recordId": contested["id"], "words": "nurse" });
    let asking = format!("/v1/students/{}/inspection-requests", ids::person(1));
    greta.post(&asking, json!({ "wish": "All of it." })).await.expect(201);
    app.person("kurt").await.post(&format!("/v1/students/{}/redactions", ids::person(1)), withheld).await.expect(201);
    // Next year's template says one thing otherwise and asks one more.
    let mut reworded = item("reworded", "career", None);
    reworded["description"] = "In other words.".into();
    let next = vec![item("same", "career", None), reworded, item("contested", "career", None), item("new", "career", None)];
    let next = give_out_as(&cora, next, json!({ "revisesId": template["id"] })).await;
    let applied = apply(&bela, 1, &next, json!({ "schoolYear": 2028, "carryFrom": 2027 })).await;
    let count = minimum().len() + 4;
    assert_eq!(applied, json!({ "added": count, "carried": 1, "toAnswer": count - 1, "alreadyThere": 0 }));
    let (later, answers) = (items(&anna, 2028).await, anna.get(&ids::in_file(1, "contributions")).await.expect(200).json());
    let carried: Vec<_> = answers["items"].as_array().unwrap().iter().filter(|answer| answer["programItemId"] == id_of(&later, "same")).collect();
    assert_eq!(carried.len(), 2);
    let said: Vec<_> = carried.iter().map(|answer| (&answer["party"], &answer["writtenFor"], &answer["createdBy"])).collect();
    assert_eq!(said[0], (&json!("student"), &json!(2027), &json!(ids::person(1))));
    assert_eq!(said[1].0, "family");
    // They stay their authors', who may say it otherwise now.
    greta.patch(&format!("/v1/contributions/{}", carried[1]["id"].as_str().unwrap()), "\"1\"", json!({ "body": "A doctor." })).await.expect(200);
    for key in ["reworded", "contested", "new"] {
        assert!(!answers["items"].as_array().unwrap().iter().any(|answer| answer["programItemId"] == id_of(&later, key)), "{key} is asked anew");
    }
}

#[tokio::test]
async fn r38_the_states_model_plans_are_read_by_staff_of_all_districts_and_a_template_is_made_from_one() {
    let app = TestApp::start().await;
    let plan = json!({ "title": "College and career readiness", "preparedBy": "State Board", "firstGrade": 9, "lastGrade": 12, "items": minimum() });
    let of_state = app.client("operator").await.post("/v1/shared/model-plans", plan.clone()).await.expect(201).json();
    assert_eq!(of_state["offered"], true);
    let path = format!("{MODEL_PLANS}/{}", of_state["id"].as_str().unwrap());
    let zita = app.person_of(ids::BIRCH, "zita").await;
    for staff in [app.person("bela").await, app.person("tom").await, app.person("cora").await, zita] {
        assert_eq!(staff.get(&path).await.expect(200).json()["preparedBy"], "State Board");
        assert!([403, 404].contains(&staff.patch(&path, "\"1\"", json!({ "offered": false })).await.status));
    }
    for name in ["anna", "greta"] {
        app.person(name).await.get(&path).await.expect(403);
        app.person(name).await.get(MODEL_PLANS).await.expect(403);
    }
    let cora = app.person("cora").await;
    let made = openilp_domain::noun::with(draft(&minimum()), json!({ "modelPlanId": of_state["id"] }));
    assert_eq!(cora.post(TEMPLATES, made).await.expect(201).json()["modelPlanId"], of_state["id"]);
    let unknown = openilp_domain::noun::with(draft(&minimum()), json!({ "modelPlanId": uuid::Uuid::now_v7() }));
    assert_eq!(cora.post(TEMPLATES, unknown).await.expect(409).json()["errors"][0]["code"], "model_plan_unknown");
}

#[tokio::test]
async fn r39_r125_a_district_offers_its_plan_to_the_others_and_takes_it_back() {
    let app = TestApp::start().await;
    let (cora, zeno) = (app.person("cora").await, app.person_of(ids::BIRCH, "zeno").await);
    let plan = json!({ "title": "Alder's plan", "preparedBy": "Alder", "firstGrade": 6, "lastGrade": 12, "items": minimum() });
    let made = cora.post(MODEL_PLANS, plan).await.expect(201);
    let path = made.header("location").to_owned();
    zeno.get(&path).await.expect(404);
    assert_eq!(zeno.get(MODEL_PLANS).await.expect(200).json()["items"], json!([]));
    cora.patch(&path, "\"1\"", json!({ "offered": true })).await.expect(200);
    assert_eq!(zeno.get(&path).await.expect(200).json()["title"], "Alder's plan");
    zeno.patch(&path, "\"2\"", json!({ "title": "Ours" })).await.expect(404);
    assert_eq!(app.client("operator").await.get("/v1/shared/model-plans").await.expect(200).json()["items"][0]["title"], "Alder's plan");
    cora.patch(&path, "\"2\"", json!({ "active": false })).await.expect(200);
    zeno.get(&path).await.expect(404);
    assert_eq!(cora.get(&path).await.expect(200).json()["active"], false);
}
