//! Catalogues over HTTP, and what districts call their entries (R162 to R193, R207).

use openilp_domain::catalogue::Catalogue;
use openilp_tests::operations::operations;
use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

const LABELS: &str = "/v1/catalogue-labels";

fn codes(catalogue: &Value) -> Vec<&str> {
    catalogue["entries"].as_array().unwrap().iter().map(|entry| entry["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r163_r167_everybody_in_a_district_reads_the_catalogues() {
    let app = TestApp::start().await;
    for reader in [app.person("anna").await, app.person("uma").await, app.person_of(ids::BIRCH, "zack").await, app.client("sis").await] {
        let all = reader.get("/v1/catalogues").await.expect(200).json();
        let listed: Vec<_> = all["catalogues"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, Catalogue::all().iter().map(|catalogue| catalogue.id.clone()).collect::<Vec<_>>());
        let domains = reader.get("/v1/catalogues/domains").await.expect(200).json();
        assert_eq!(codes(&domains), ["academic", "career", "personalSocial"]);
    }
    let anna = app.person("anna").await;
    let components = anna.get("/v1/catalogues/components").await.expect(200);
    assert_eq!(components.json()["entries"][3]["citations"], json!(["R167", "R190", "R191", "R192"]));
    let tag = components.header("etag").to_owned();
    anna.send(reqwest::Method::GET, "/v1/catalogues/components", &[("if-none-match", &tag)], None).await.expect(304);
    anna.get("/v1/catalogues/unknown").await.expect(404);
    anna.get("/v1/catalogues/components?grade=14").await.expect(400);
    app.client("operator").await.get("/v1/catalogues/components").await.expect(403);
}

#[tokio::test]
async fn r168_benchmark_activities_are_read_by_grade() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let of = async |grade: &str| anna.get(&format!("/v1/catalogues/benchmark-activities?grade={grade}")).await.expect(200).json();
    let (sixth, twelfth) = (of("06").await, of("12").await);
    assert!(codes(&sixth).contains(&"transition.middle") && !codes(&sixth).contains(&"planning.applications"));
    assert!(codes(&twelfth).contains(&"planning.applications") && !codes(&twelfth).contains(&"transition.middle"));
    assert_eq!(codes(&of("KG").await), [""; 0]);
    // What suits every grade is not left out.
    assert_eq!(codes(&anna.get("/v1/catalogues/domains?grade=KG").await.expect(200).json()).len(), 3);
}

#[test]
fn r168_every_benchmark_activity_names_a_resource_that_is_there() {
    let all = operations();
    for entry in &Catalogue::find("benchmark-activities").unwrap().entries {
        let resource = entry.resource.as_ref().unwrap();
        assert!(all.iter().any(|o| o.path.ends_with(&format!("}}/{resource}")) && o.writes()), "{resource} of {}", entry.code);
    }
}

#[tokio::test]
async fn r207_a_district_has_its_own_labels_and_they_stand_beside_the_codes() {
    let app = TestApp::start().await;
    let (cora, anna) = (app.person("cora").await, app.person("anna").await);
    let label = |language: &str, label: &str| json!({ "catalogue": "components", "code": "selfAwareness", "language": language, "label": label });
    let ours = cora.post(LABELS, label("en", "Knowing myself")).await.expect(201);
    cora.post(LABELS, label("es", "Conocerme")).await.expect(201);
    let again = cora.post(LABELS, label("en", "Me")).await.expect(409).json();
    assert_eq!(again["errors"][0]["code"], "label_exists");
    let entry = async |reader: &openilp_tests::Actor<'_>| reader.get("/v1/catalogues/components").await.expect(200).json()["entries"][3].clone();
    let shown = entry(&anna).await;
    assert_eq!((&shown["code"], &shown["label"]), (&json!("selfAwareness"), &json!("Self-awareness")), "the meaning is fixed");
    let expected = json!([{ "language": "en", "label": "Knowing myself" }, { "language": "es", "label": "Conocerme" }]);
    assert_eq!(shown["localLabels"], expected);
    assert!(entry(&app.person_of(ids::BIRCH, "zack").await).await.get("localLabels").is_none(), "labels are a district's");
    let one = format!("{LABELS}/{}", ours.id());
    cora.patch(&one, "\"1\"", json!({ "active": false })).await.expect(200);
    assert_eq!(entry(&anna).await["localLabels"], json!([{ "language": "es", "label": "Conocerme" }]));
    // One that is not shown leaves room for another.
    cora.post(LABELS, label("en", "Me")).await.expect(201);
    assert_eq!(cora.patch(&one, "\"2\"", json!({ "active": true })).await.expect(409).json()["errors"][0]["code"], "label_exists");
    let faults = cora.post(LABELS, json!({ "catalogue": "components", "code": "x", "language": "en", "label": "X" })).await.expect(422).json();
    assert_eq!((&faults["errors"][0]["pointer"], &faults["errors"][0]["code"]), (&json!("/code"), &json!("unknown_code")));
    let faults = cora.post(LABELS, json!({ "catalogue": "x", "code": "x", "language": "english", "label": " " })).await.expect(422).json();
    let pointers: Vec<_> = faults["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/catalogue", "/language", "/label"]);
    anna.post(LABELS, label("fr", "Moi")).await.expect(403);
}
