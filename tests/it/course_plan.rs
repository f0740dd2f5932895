//! The course plan against the registrations, over HTTP (L1).

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

fn titles(list: &Value, name: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

/// Anna is registered for Biology, class BIO-1 of the course BIO, in the fall of 2026.
#[tokio::test]
async fn l1_planned_courses_without_registration_and_registrations_without_plan_are_shown() {
    let app = TestApp::start().await;
    let (anna, courses) = (app.person("anna").await, ids::in_file(1, "planned-courses"));
    let path = ids::in_file(1, "course-differences");
    let unplanned = anna.get(&path).await.expect(200).json();
    assert_eq!((&unplanned["schoolYear"], &unplanned["consistent"]), (&json!(2027), &json!(false)));
    assert_eq!(titles(&unplanned["registeredNotPlanned"], "classTitle"), ["Biology"]);
    assert_eq!(unplanned["registeredNotPlanned"][0]["courseCode"], "BIO");
    let biology = anna.post(&courses, json!({ "schoolYear": 2027, "title": "Life science", "courseCode": "bio" })).await.expect(201);
    anna.post(&courses, json!({ "schoolYear": 2027, "title": "Algebra II", "courseCode": "MTH-210", "term": "Fall" })).await.expect(201);
    anna.post(&courses, json!({ "schoolYear": 2028, "title": "Biology" })).await.expect(201);
    let left = anna.post(&courses, json!({ "schoolYear": 2027, "title": "Ceramics", "status": "notCompleted" })).await.expect(201);
    let differences = anna.get(&path).await.expect(200).json();
    assert_eq!(titles(&differences["registeredAsPlanned"], "plannedCourseId"), [biology.id()]);
    assert_eq!(titles(&differences["plannedNotRegistered"], "title"), ["Algebra II"]);
    assert_eq!((&differences["registeredNotPlanned"], &differences["consistent"]), (&json!([]), &json!(false)));
    // A year in which nobody has registered for anything yet neither agrees nor differs.
    let next = anna.get(&format!("{path}?schoolYear=2028")).await.expect(200).json();
    assert_eq!((titles(&next["plannedNotRegistered"], "title"), next.get("consistent")), (vec!["Biology".to_owned()], None));
    // What was entered in error counts nowhere.
    anna.patch(left.header("location"), "\"1\"", json!({ "enteredInError": true })).await.expect(200);
    let listed = anna.get(&courses).await.expect(200).json();
    let algebra = listed["items"].as_array().unwrap().iter().find(|course| course["title"] == "Algebra II").unwrap();
    anna.delete(&format!("/v1/planned-courses/{}", algebra["id"].as_str().unwrap()), "\"1\"").await.expect(204);
    assert_eq!(anna.get(&path).await.expect(200).json()["consistent"], true);
}

#[tokio::test]
async fn l1_a_registration_that_was_withdrawn_leaves_the_course_unregistered() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    anna.post(&ids::in_file(1, "planned-courses"), json!({ "schoolYear": 2027, "title": "Biology" })).await.expect(201);
    let owner = app.database.owner().await;
    owner.batch_execute("update registrations set withdrawn_on = '2026-10-01'").await.unwrap();
    let differences = anna.get(&ids::in_file(1, "course-differences")).await.expect(200).json();
    assert_eq!(titles(&differences["plannedNotRegistered"], "title"), ["Biology"]);
    assert_eq!((&differences["registeredNotPlanned"], differences.get("consistent")), (&json!([]), None));
}

#[tokio::test]
async fn r131_l1_only_who_reads_plan_and_records_is_told_how_they_differ() {
    let app = TestApp::start().await;
    for path in [ids::in_file(1, "course-differences"), ids::in_file(1, "graduation-progress")] {
        for (name, status) in [("anna", 200), ("greta", 200), ("bela", 200), ("tom", 200), ("cara", 200), ("rita", 200)] {
            app.person(name).await.get(&path).await.expect(status);
        }
        // Principal, coordinator and custodian know of the file, and read neither.
        for name in ["pam", "cora", "kurt"] {
            app.person(name).await.get(&path).await.expect(403);
        }
        for name in ["uma", "ben", "gil"] {
            app.person(name).await.get(&path).await.expect(404);
        }
    }
    // An order that keeps Greta from the school's records keeps her from what is computed from them.
    let order =
        json!({ "studentId": ids::ANNA, "personId": ids::person(10), "sections": ["S3"], "orderReference": "Order 19", "validFrom": "2026-10-01" });
    app.person("kurt").await.post("/v1/restrictions", order).await.expect(201);
    let greta = app.person("greta").await;
    greta.get(&ids::in_file(1, "planned-courses")).await.expect(200);
    greta.get(&ids::in_file(1, "course-differences")).await.expect(403);
    greta.get(&ids::in_file(1, "graduation-progress")).await.expect(403);
}
