//! One path through everything, under a fixed clock: a roster comes in, the custodian confirms a guardian and a caseload, the
//! guardian reads, the student writes a goal, the counselor proposes a change, the student accepts it, the state pulls it.

use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

use crate::roster_import::{bundle, import};

/// A large sample district, where there is one: nobody outside this workshop has it.
fn large_sample() -> Option<Vec<u8>> {
    let folder = std::env::var_os("OPENILP_SAMPLES")
        .map_or_else(|| std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/oneroster")), std::path::PathBuf::from);
    let found = std::fs::read(folder.join("generated-district-large-v1p2.zip")).ok();
    if found.is_none() {
        eprintln!("skipped: no sample district in {}", folder.display());
    }
    found
}

async fn walk(zip: Vec<u8>) {
    let app = TestApp::start().await;
    let database = app.database.owner().await;
    // An empty district: only its custodian is there, and the agreement with the state.
    let birch = ids::BIRCH;
    database.batch_execute(&format!("
        update districts set requirement_profile = 'us-ri-ride' where id = '{birch}';
        insert into agreements (district_id, id, client_id, dataset, purpose, starts_on, ends_on, destroy_by, version, created_at, updated_at)
        select '{birch}', gen_random_uuid(), client_id, dataset, purpose, starts_on, ends_on, destroy_by, 1, created_at, updated_at from agreements limit 1")).await.unwrap();
    let imported = import(&app.client("birch-sis").await, "", zip).await;
    assert_eq!(imported["status"], "applied", "{imported}");
    // Somebody in grade 10 with a guardian whose link waits, and a counselor of the same school.
    let row = database
        .query_one(
            "select s.id, g.id, g.guardian_id, r.person_id, f.id from students s
               join guardian_links g on g.district_id = s.district_id and g.student_id = s.id and g.confirmed_at is null
               join roles r on r.district_id = s.district_id and r.school_id = s.school_id and r.role = 'counselor'
               join ilp_files f on f.district_id = s.district_id and f.student_id = s.id
              where s.district_id = $1 and s.grade = '10' and s.birth_date > '2009-01-01' order by s.id, g.id, r.id limit 1",
            &[&birch.0],
        )
        .await
        .unwrap();
    let (student, link, guardian, counselor, file): (uuid::Uuid, uuid::Uuid, uuid::Uuid, uuid::Uuid, uuid::Uuid) =
        (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
    for (login, person) in [("the-student", student), ("the-guardian", guardian), ("the-counselor", counselor)] {
        let issuer = format!("{}/demo-issuer/{birch}", openilp_tests::ORIGIN);
        database
            .execute("insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at) values ($1, gen_random_uuid(), $2, $3, $4, 1, now(), now())", &[&birch.0, &issuer, &login, &person])
            .await
            .unwrap();
    }
    let (custodian, of_guardian, of_student, of_counselor, state) = (
        app.person_of(birch, "zeno").await,
        app.person_of(birch, "the-guardian").await,
        app.person_of(birch, "the-student").await,
        app.person_of(birch, "the-counselor").await,
        app.client("state").await,
    );
    let whole = format!("/v1/students/{student}/ilp-file");
    of_guardian.get(&whole).await.expect(404);
    of_counselor.get(&whole).await.expect(404);
    custodian.post(&format!("/v1/guardian-links/{link}/confirmation"), Value::Null).await.expect(200);
    custodian.post("/v1/caseloads", json!({ "personId": counselor, "kind": "gatekeeper", "studentIds": [student] })).await.expect(200);
    let read = of_guardian.get(&whole).await.expect(200).json();
    assert!(!read["divisions"][0]["registrations"].as_array().unwrap().is_empty(), "R15");
    let pull = format!("/v1/districts/{birch}/collections/ilp-status");
    let mut cursor = state.get(&format!("{pull}?limit=1000")).await.expect(200).json();
    while cursor["more"] == true {
        cursor = state.get(&format!("{pull}?limit=1000&after={}", cursor["cursor"].as_str().unwrap())).await.expect(200).json();
    }
    let goal =
        of_student.post(&format!("/v1/ilp-files/{file}/goals"), json!({ "domain": "career", "title": "Become a nurse" })).await.expect(201).id();
    let change = json!({ "change": { "objectiveKind": "occupational" }, "reason": "It is an occupation." });
    let proposal = of_counselor.post(&format!("/v1/goals/{goal}/proposals"), change).await.expect(201).id();
    of_student.post_with(&format!("/v1/proposals/{proposal}/decision"), "\"1\"", json!({ "verdict": "accept" })).await.expect(200);
    assert_eq!(of_guardian.get(&format!("/v1/goals/{goal}")).await.expect(200).json()["objectiveKind"], "occupational");
    let pulled = state.get(&format!("{pull}?after={}", cursor["cursor"].as_str().unwrap())).await.expect(200).json();
    let rows = pulled["items"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "only what has changed");
    assert_eq!((&rows[0]["studentId"], &rows[0]["goals"]["career"], &pulled["uncertified"]), (&json!(student), &json!(1), &json!(true)));
    assert!(custodian.get("/v1/disclosures").await.expect(200).json()["items"].as_array().unwrap().len() >= 2);
}

#[tokio::test]
async fn r12_r47_l22_one_path_through_everything() {
    walk(bundle(250)).await
}

#[tokio::test]
async fn r12_r47_l22_the_same_on_the_large_sample_district() {
    if let Some(zip) = large_sample() {
        walk(zip).await
    }
}
