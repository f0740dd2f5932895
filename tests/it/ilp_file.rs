//! The whole file over HTTP, as each may see it.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

async fn fill(app: &TestApp) {
    let anna = app.person("anna").await;
    let goals = format!("/v1/ilp-files/{}/goals", ids::file(1));
    let career = anna.post(&goals, json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" })).await.expect(201).id();
    anna.post(&goals, json!({ "domain": "academic", "title": "Go to nursing school", "objectiveKind": "postsecondary" })).await.expect(201);
    anna.post(&goals, json!({ "domain": "personalSocial", "title": "Speak up" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/activities"), json!({ "title": "Shadow a nurse", "provider": "family" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/benchmarks"), json!({ "schoolYear": 2027, "description": "Pass Biology" })).await.expect(201);
    anna.post(&format!("/v1/goals/{career}/progress-records"), json!({ "kind": "journal", "recordedOn": "2026-10-01", "summary": "Visited" }))
        .await
        .expect(201);
    anna.post(&format!("/v1/goals/{career}/reflections"), json!({ "body": "I liked it" })).await.expect(201);
}

fn whole() -> String {
    format!("/v1/students/{}/ilp-file", ids::ANNA)
}

fn titles(file: &Value) -> Vec<&str> {
    file["goals"].as_array().unwrap().iter().map(|g| g["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r12_r26_the_student_reads_the_whole_file_in_one_call() {
    let app = TestApp::start().await;
    fill(&app).await;
    let file = app.person("anna").await.get(&whole()).await.expect(200).json();
    assert_eq!(titles(&file), ["Become a nurse", "Go to nursing school", "Speak up"]);
    assert_eq!(file["planKind"], "pccr", "R88");
    let nurse = &file["goals"][0];
    assert_eq!(nurse["activities"][0]["provider"], "family");
    assert_eq!(nurse["benchmarks"][0]["schoolYear"], 2027);
    assert_eq!(nurse["progressRecords"][0]["kind"], "journal");
    assert_eq!(nurse["reflections"][0]["body"], "I liked it");
    let registration = &file["divisions"][0]["registrations"][0];
    assert_eq!(registration["classTitle"], "Biology", "R15");
    assert_eq!(registration["teachers"][0], json!({ "givenName": "Rita", "familyName": "Rose", "telephone": "401-555-0123" }), "R16, R17");
}

#[tokio::test]
async fn r40_the_participants_are_the_student_the_guardians_and_assigned_staff() {
    let app = TestApp::start().await;
    let file = app.person("anna").await.get(&whole()).await.expect(200).json();
    let participants: Vec<_> =
        file["participants"].as_array().unwrap().iter().map(|p| (p["relation"].as_str().unwrap(), p["givenName"].as_str().unwrap())).collect();
    // Gus is there, unconfirmed: the student reads the privacy section and sees that. Gil has no rights and takes no part.
    assert_eq!(
        participants,
        [("self", "Anna"), ("guardian", "Greta"), ("guardian", "Gus"), ("gatekeeper", "Bela"), ("careerReviewer", "Cara"), ("teacher", "Tom")]
    );
    let seen_by_teacher = app.person("tom").await.get(&whole()).await.expect(200).json();
    assert!(!seen_by_teacher["participants"].as_array().unwrap().iter().any(|p| p["givenName"] == "Gus"));
    assert!(
        seen_by_teacher["participants"]
            .as_array()
            .unwrap()
            .iter()
            .all(|p| p["personId"] == ids::person(21).to_string() || p.get("telephone").is_none())
    );
}

fn of(file: &Value, member: &str) -> Option<Vec<String>> {
    Some(file.get(member)?.as_array().unwrap().iter().map(|relation| relation.as_str().unwrap().to_owned()).collect())
}

#[tokio::test]
async fn r27_r41_as_the_student_grows_the_plan_passes_from_the_gatekeeper_with_the_family_to_the_student() {
    let app = TestApp::start().await;
    let greta = app.person("greta").await;
    // Below grade 9 the family writes in the plan; from then on it suggests.
    let goal = json!({ "domain": "academic", "title": "Read more" });
    let writes = async || greta.post(&ids::in_file(2, "goals"), goal.clone()).await.status;
    assert_eq!(writes().await, 201);
    let read = async |name: &str, n| of(&app.person(name).await.get(&ids::in_file(n, "whole")).await.expect(200).json(), "responsible").unwrap();
    for name in ["anna", "greta", "pam", "cora"] {
        assert_eq!(read(name, 1).await, ["self"], "grade 10, by {name}");
    }
    assert_eq!(read("ben", 2).await, ["gatekeeper", "guardian"], "grade 7");
    let owner = app.database.owner().await;
    owner.batch_execute("update students set grade = '09' where grade = '07'; update students set grade = 'UG' where grade = '10'").await.unwrap();
    assert_eq!(read("ben", 2).await, ["self"]);
    assert_eq!(writes().await, 403);
    greta.post(&ids::in_file(2, "proposals"), json!({ "goal": goal })).await.expect(201);
    assert_eq!(read("anna", 1).await, ["gatekeeper", "guardian"], "in no grade");
}

#[tokio::test]
async fn r85_r86_r87_a_pccr_names_skills_and_objectives_guides_courses_and_leads_on_after_school() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let add = async |list: &str, body: Value| anna.post(&ids::in_file(1, list), body).await.expect(201).json();
    let kind = async || anna.get(&whole()).await.expect(200).json()["planKind"].clone();
    add("goals", json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" })).await;
    assert_eq!(kind().await, "ilp");
    add("goals", json!({ "domain": "academic", "title": "Go to nursing school", "objectiveKind": "postsecondary" })).await;
    assert_eq!(kind().await, "pccr");
    add("skill-records", json!({ "skill": "research", "recordedOn": "2026-10-01", "level": "developing" })).await;
    // What the career needs is planned, and it shows what of that is still to be registered for.
    add("career-options", json!({ "occupationTitle": "Registered nurse", "courseworkNeeded": "Chemistry" })).await;
    add("planned-courses", json!({ "schoolYear": 2027, "title": "Chemistry" })).await;
    let differences = anna.get(&ids::in_file(1, "course-differences")).await.expect(200).json();
    assert_eq!(differences["plannedNotRegistered"][0]["title"], "Chemistry");
    add("postsecondary-options", json!({ "kind": "college", "name": "Rhode Island College", "admissionRequirements": "Chemistry" })).await;
    let file = anna.get(&whole()).await.expect(200).json();
    let plans = ["goals", "skillRecords", "careerOptions", "plannedCourses", "postsecondaryOptions"].map(|list| &file[list][0]["planId"]);
    assert!(plans[0].is_string() && plans.iter().all(|plan| *plan == plans[0]), "one plan: {plans:?}");
}

#[tokio::test]
async fn r45_r46_a_pccr_without_a_career_reviewer_asks_for_one() {
    let app = TestApp::start().await;
    let (anna, kurt) = (app.person("anna").await, app.person("kurt").await);
    let missing = async |name: &str| of(&app.person(name).await.get(&whole()).await.expect(200).json(), "participantsMissing");
    fill(&app).await;
    assert_eq!(anna.get(&whole()).await.expect(200).json()["planKind"], "pccr");
    assert_eq!(missing("anna").await, Some(vec![]), "Cara is there");
    let assignments = kurt.get(&format!("/v1/assignments?studentId={}", ids::ANNA)).await.expect(200).json();
    let cara = assignments["items"].as_array().unwrap().iter().find(|one| one["kind"] == "careerReviewer").unwrap();
    let path = format!("/v1/assignments/{}", cara["id"].as_str().unwrap());
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2026-10-15" })).await.expect(200);
    for name in ["anna", "greta", "bela", "tom"] {
        assert_eq!(missing(name).await, Some(vec!["careerReviewer".to_owned()]), "{name}");
    }
    // Who does not read what tells the kind of the plan is not told what it lacks.
    for name in ["rita", "pam", "cora"] {
        assert_eq!(missing(name).await, None, "{name}");
    }
    // One who is not confirmed takes no part yet.
    let owner = app.database.owner().await;
    owner
        .batch_execute("update assignments set valid_to = null, confirmed_at = null, confirmed_by = null where kind = 'careerReviewer'")
        .await
        .unwrap();
    assert_eq!(missing("bela").await, Some(vec!["careerReviewer".to_owned()]));
    // Of a plan without such objectives nobody is asked to review it, but every file has a gatekeeper.
    let dan = app.person("dan").await.get(&ids::in_file(4, "whole")).await.expect(200).json();
    assert_eq!((&dan["planKind"], of(&dan, "participantsMissing")), (&json!("ilp"), Some(vec!["gatekeeper".to_owned()])));
}

#[tokio::test]
async fn r134_what_the_caller_may_not_see_is_absent_from_the_whole_file() {
    let app = TestApp::start().await;
    fill(&app).await;
    let seen = |answer: openilp_tests::Answer| {
        let file = answer.expect(200).json();
        titles(&file).iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen(app.person("tom").await.get(&whole()).await), ["Become a nurse", "Go to nursing school"]);
    assert_eq!(seen(app.person("rita").await.get(&whole()).await), ["Go to nursing school"]);
    assert_eq!(seen(app.person("pam").await.get(&whole()).await), Vec::<String>::new());
    app.person("cora").await.get(&whole()).await.expect(200);
    for stranger in ["uma", "gus", "gil", "past", "next", "cleo"] {
        app.person(stranger).await.get(&whole()).await.expect(404);
    }
}

#[tokio::test]
async fn l10_the_guardian_of_an_adult_student_reads_nothing() {
    let app = TestApp::start().await;
    let cleo = format!("/v1/students/{}/ilp-file", ids::CLEO);
    app.person("gwen").await.get(&cleo).await.expect(404);
    app.person("cleo").await.get(&cleo).await.expect(200);
    app.clock.set("2026-09-30T15:00:00Z");
    app.person("gwen").await.get(&cleo).await.expect(200);
    // Midnight in New York, where the district is.
    app.clock.set("2026-10-01T03:59:59Z");
    app.person("gwen").await.get(&cleo).await.expect(200);
    app.clock.set("2026-10-01T04:00:00Z");
    app.person("gwen").await.get(&cleo).await.expect(404);
}

#[tokio::test]
async fn a_whole_file_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let tag = anna.get(&whole()).await.expect(200).header("etag").to_owned();
    anna.send(reqwest::Method::GET, &whole(), &[("if-none-match", &tag)], None).await.expect(304);
    fill(&app).await;
    anna.send(reqwest::Method::GET, &whole(), &[("if-none-match", &tag)], None).await.expect(200);
}
