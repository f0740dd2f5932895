//! The register of schools and classes, over HTTP.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

async fn listed(app: &TestApp, who: &str, path: &str) -> Vec<Value> {
    app.person(who).await.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn everybody_in_the_district_finds_its_schools_and_classes_and_nobody_elsewhere() {
    let app = TestApp::start().await;
    for name in ["anna", "greta", "uma", "kurt"] {
        let schools = listed(&app, name, "/v1/schools").await;
        assert!(schools.iter().any(|school| school["id"] == json!(ids::school(2)) && school["name"].is_string()), "{name}: {schools:?}");
        let classes = listed(&app, name, &format!("/v1/classes?schoolId={}", ids::school(2))).await;
        assert!(!classes.is_empty() && classes.iter().all(|class| class["schoolId"] == json!(ids::school(2))), "{name}: {classes:?}");
    }
    let elsewhere = app.person_of(ids::BIRCH, "zeno").await.get("/v1/schools").await.expect(200).json();
    assert!(elsewhere["items"].as_array().unwrap().iter().all(|school| school["id"] != json!(ids::school(2))));
    // What the roster has ended is not in it any more.
    app.database.execute(&format!("update schools set active = false where id = '{}'", ids::school(2))).await;
    assert!(listed(&app, "anna", "/v1/schools").await.iter().all(|school| school["id"] != json!(ids::school(2))));
}

#[tokio::test]
async fn who_teaches_finds_the_own_classes_while_they_teach_them() {
    let app = TestApp::start().await;
    let mine = async |who: &str| listed(&app, who, "/v1/classes?mine=true").await.len();
    assert_eq!((mine("rita").await, mine("tom").await, mine("anna").await), (1, 0, 0));
    app.database.execute("update enrollments set ends_on = '2026-10-14' where role = 'teacher'").await;
    assert_eq!(mine("rita").await, 0);
    app.client("sis").await.get("/v1/classes?mine=true").await.expect(403);
}

#[tokio::test]
async fn g5_the_register_is_the_same_at_every_page_size() {
    let app = TestApp::start().await;
    for n in 1..=3 {
        let made = format!(
            "insert into schools (district_id, id, name, active, version, created_at, updated_at)
             values ('{}', gen_random_uuid(), 'School {n}', true, 1, '2026-08-01Z', '2026-08-01Z')",
            ids::ALDER
        );
        app.database.execute(&made).await;
    }
    let anna = app.person("anna").await;
    for register in ["/v1/schools", "/v1/classes"] {
        let all = listed(&app, "anna", register).await;
        let (mut one_by_one, mut path) = (vec![], format!("{register}?limit=1"));
        loop {
            let page = anna.get(&path).await.expect(200).json();
            one_by_one.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["page"]["next"].as_str() else { break };
            path = format!("{register}?limit=1&cursor={next}");
        }
        assert_eq!(one_by_one, all, "{register}");
    }
    assert!(listed(&app, "anna", "/v1/schools").await.len() >= 4);
}

#[tokio::test]
async fn the_school_year_of_the_district_is_told() {
    let app = TestApp::start().await;
    let year = async || app.person("anna").await.get("/v1/me").await.expect(200).json()["district"]["schoolYear"].clone();
    assert_eq!(year().await, 2027);
    // Midnight of 1 July in the district's own time zone.
    app.clock.set("2027-07-01T03:59:59Z");
    assert_eq!(year().await, 2027);
    app.clock.set("2027-07-01T04:00:00Z");
    assert_eq!(year().await, 2028);
}
