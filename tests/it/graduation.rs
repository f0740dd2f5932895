//! Local graduation requirements and a student's progress toward them, over HTTP (R110, R175, R177).

use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};

const REQUIREMENTS: &str = "/v1/graduation-requirements";

async fn require(coordinator: &Actor<'_>, subject: &str, credits: f64, class: i32) -> Value {
    let requirement = json!({ "subject": subject, "credits": credits, "firstGraduationYear": class });
    coordinator.post(REQUIREMENTS, requirement).await.expect(201).json()
}

async fn plan(student: &Actor<'_>, more: Value) -> String {
    let course = openilp_domain::noun::with(json!({ "schoolYear": 2027, "credits": 1 }), more);
    student.post(&ids::in_file(1, "planned-courses"), course).await.expect(201).id()
}

#[tokio::test]
async fn r175_the_coordinator_keeps_local_graduation_requirements_by_class() {
    let app = TestApp::start().await;
    let (cora, kurt) = (app.person("cora").await, app.person("kurt").await);
    let made = require(&cora, "mathematics", 4.0, 2028).await;
    assert_eq!((&made["active"], &made["credits"]), (&json!(true), &json!(4.0)));
    let again = json!({ "subject": "Mathematics", "credits": 3, "firstGraduationYear": 2028 });
    assert_eq!(cora.post(REQUIREMENTS, again.clone()).await.expect(409).json()["errors"][0]["code"], "requirement_exists");
    let path = format!("{REQUIREMENTS}/{}", made["id"].as_str().unwrap());
    assert_eq!(cora.patch(&path, "\"1\"", json!({ "subjectCode": "02" })).await.expect(422).pointers(), ["/subjectCodeSystem"]);
    let coded = kurt.patch(&path, "\"1\"", json!({ "subjectCodeSystem": "sced", "subjectCode": "02" })).await.expect(200).json();
    assert_eq!((&coded["subjectCode"], &coded["version"]), (&json!("02"), &json!(2)));
    // Once it is taken back, there is room for another.
    cora.patch(&path, "\"2\"", json!({ "active": false })).await.expect(200);
    cora.post(REQUIREMENTS, again).await.expect(201);
    assert_eq!(cora.get(REQUIREMENTS).await.expect(200).json()["items"].as_array().unwrap().len(), 2);
    for name in ["anna", "bela", "pam", "uma"] {
        app.person(name).await.get(REQUIREMENTS).await.expect(403);
    }
    app.person_of(ids::BIRCH, "zeno").await.get(&path).await.expect(404);
}

#[tokio::test]
async fn r110_r175_progress_and_gaps_are_counted_requirement_by_requirement() {
    let app = TestApp::start().await;
    let (anna, cora) = (app.person("anna").await, app.person("cora").await);
    let path = ids::in_file(1, "graduation-progress");
    for (subject, credits, class) in [("science", 2.0, 2020), ("science", 3.0, 2029), ("science", 9.0, 2030), ("art", 0.5, 2020)] {
        require(&cora, subject, credits, class).await;
    }
    for (status, credits) in [("completed", 1.0), ("inProgress", 0.5), ("planned", 1.0), ("notCompleted", 1.0)] {
        plan(&anna, json!({ "title": status, "status": status, "subject": "Science", "credits": credits })).await;
    }
    plan(&anna, json!({ "title": "Driving", "subject": "driving" })).await;
    // She is in grade 10 in 2026-27: of the class of 2029.
    let progress = anna.get(&path).await.expect(200).json();
    assert_eq!(progress["graduationYear"], 2029);
    let subjects: Vec<_> = progress["requirements"].as_array().unwrap().iter().map(|requirement| requirement["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["art", "science"]);
    let science = json!({ "required": 3.0, "earned": 1.0, "documented": 0.0, "inProgress": 0.5, "planned": 1.0, "missing": 0.5 });
    assert_eq!(progress["requirements"][1]["credits"], science);
    assert_eq!(progress["requirements"][1]["courses"].as_array().unwrap().len(), 3);
    assert_eq!((&progress["credits"]["required"], &progress["credits"]["missing"]), (&json!(3.5), &json!(1.0)));
    assert_eq!(progress["otherCourses"][0]["title"], "Driving");
    let later = anna.get(&format!("{path}?graduationYear=2030")).await.expect(200).json();
    assert_eq!(later["requirements"][1]["credits"]["missing"], 6.5);
    anna.get(&format!("{path}?graduationYear=30")).await.expect(400);
}

/// The file has a mark of Anna's in Biology, of the first quarter of 2026-27.
#[tokio::test]
async fn r175_r177_a_completed_course_is_documented_by_the_marks_of_the_file() {
    let app = TestApp::start().await;
    let (anna, cora) = (app.person("anna").await, app.person("cora").await);
    require(&cora, "science", 2.0, 2020).await;
    // By the course of the class in which the mark was given; the year after, nothing was marked.
    plan(&anna, json!({ "title": "Life science", "courseCode": "BIO-1", "subject": "science", "status": "completed" })).await;
    plan(&anna, json!({ "title": "Biology", "subject": "science", "status": "completed", "schoolYear": 2026 })).await;
    let documented = async || anna.get(&ids::in_file(1, "graduation-progress")).await.expect(200).json()["requirements"][0].clone();
    let owner = app.database.owner().await;
    assert_eq!(documented().await["credits"]["documented"], 0.0, "the mark names no code, and the class is another");
    owner.batch_execute("update report_cards set class_code = 'BIO-1'").await.unwrap();
    let science = documented().await;
    assert_eq!((&science["credits"]["earned"], &science["credits"]["documented"]), (&json!(2.0), &json!(1.0)));
    let cards = anna.get(&ids::in_file(1, "report-cards")).await.expect(200).json();
    let of = science["courses"].as_array().unwrap().iter().find(|course| course["title"] == "Life science").unwrap();
    assert_eq!(of["reportCardIds"], json!([cards["items"][0]["id"]]));
    // A mark that the source took away documents nothing.
    owner.batch_execute("update report_cards set withdrawn_on = '2026-10-12'").await.unwrap();
    assert_eq!(documented().await["credits"]["documented"], 0.0);
}

#[tokio::test]
async fn r24_a_program_of_study_leads_to_graduation_and_to_what_comes_after() {
    let app = TestApp::start().await;
    let (anna, cora) = (app.person("anna").await, app.person("cora").await);
    for (subject, credits) in [("english", 1.0), ("science", 2.0)] {
        require(&cora, subject, credits, 2020).await;
    }
    let missing = async || anna.get(&ids::in_file(1, "graduation-progress")).await.expect(200).json()["credits"]["missing"].clone();
    plan(&anna, json!({ "title": "Biology", "subject": "science", "status": "completed" })).await;
    assert_eq!(missing().await, 2.0);
    plan(&anna, json!({ "title": "Chemistry", "subject": "science", "schoolYear": 2028 })).await;
    assert_eq!(missing().await, 1.0);
    plan(&anna, json!({ "title": "English 12", "subject": "english", "schoolYear": 2029 })).await;
    assert_eq!(missing().await, 0.0);
    // Beyond graduation: the pathway that the courses are on, and where it leads.
    let pathway = json!({ "pathway": "Therapeutic services", "endorsement": "Health science", "endorsementStatus": "inProgress" });
    anna.post(&ids::in_file(1, "pathway-plans"), pathway).await.expect(201);
    let next = json!({ "kind": "college", "name": "Rhode Island College", "program": "Nursing", "admissionRequirements": "Biology and chemistry." });
    anna.post(&ids::in_file(1, "postsecondary-options"), next).await.expect(201);
    let whole = app.person("bela").await.get(&ids::in_file(1, "whole")).await.expect(200).json();
    let program = ["plannedCourses", "pathwayPlans", "postsecondaryOptions"].map(|list| whole[list].as_array().unwrap().len());
    assert_eq!(program, [3, 1, 1]);
}
