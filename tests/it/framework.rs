//! Frameworks of standards: those that ship, those that are imported, as CASE 1.1 has them, and goals that cite them (R39, R72, R163 to R169).
//!
//! The official schemas may not be copied here (their licence has terms of its own), so what they demand of each class is named by hand below.

use openilp_domain::framework::Framework;
use openilp_tests::{Actor, TestApp, ids};
use serde_json::{Value, json};
use uuid::Uuid;

const CASE: &str = "/ims/case/v1p1";
const FRAMEWORKS: &str = "/v1/frameworks";
const SHARED: &str = "/v1/shared/frameworks";
const AT: &str = "2026-09-01T00:00:00Z";

/// A package of a district's own: items with the codes, all children of the first.
struct Made {
    document: Uuid,
    items: Vec<(Uuid, &'static str)>,
    at: &'static str,
}

impl Made {
    fn of(codes: &[&'static str]) -> Self {
        Self { document: Uuid::now_v7(), items: codes.iter().map(|code| (Uuid::now_v7(), *code)).collect(), at: AT }
    }

    fn item(&self, code: &str) -> Uuid {
        self.items.iter().find(|(_, known)| *known == code).unwrap().0
    }

    fn package(&self) -> Value {
        let uri = |id: Uuid| format!("https://standards.example/{id}");
        let node = |(id, code): &(Uuid, &str)| json!({ "title": code, "identifier": id, "uri": uri(*id) });
        let item = |(id, code): &(Uuid, &str)| json!({ "identifier": id, "uri": uri(*id), "fullStatement": format!("Licensed text of {code}."), "humanCodingScheme": code, "lastChangeDateTime": self.at });
        let child = |(number, one): (usize, &(Uuid, &str))| {
            // The same child has the same association in each package.
            let id = Uuid::from_u128(one.0.as_u128() ^ 1);
            json!({ "identifier": id, "uri": uri(id), "associationType": "isChildOf", "sequenceNumber": number, "originNodeURI": node(one),
                    "destinationNodeURI": node(&self.items[0]), "lastChangeDateTime": self.at })
        };
        json!({
            "CFDocument": { "identifier": self.document, "uri": uri(self.document), "creator": "Alder School District", "title": "Licensed standards", "lastChangeDateTime": self.at },
            "CFItems": self.items.iter().map(item).collect::<Vec<_>>(),
            "CFAssociations": self.items.iter().enumerate().skip(1).map(child).collect::<Vec<_>>(),
        })
    }
}

async fn case(reader: &Actor<'_>, path: impl std::fmt::Display) -> Value {
    reader.get(&format!("{CASE}/{path}")).await.expect(200).json()
}

fn demands(value: &Value, members: &[&str]) {
    for member in members {
        assert!(value.get(member).is_some(), "{member} is missing: {value}");
    }
}

const OF_DOCUMENT: &[&str] = &["identifier", "uri", "creator", "title", "lastChangeDateTime"];
const OF_ITEM: &[&str] = &["identifier", "fullStatement", "uri", "lastChangeDateTime"];
const OF_ASSOCIATION: &[&str] = &["identifier", "associationType", "uri", "originNodeURI", "destinationNodeURI", "lastChangeDateTime"];

/// What the official schema demands of a package (`case_v1p1_cfpackage`).
fn is_package(package: &Value) {
    demands(package, &["CFDocument"]);
    demands(&package["CFDocument"], OF_DOCUMENT);
    assert!(package["CFDocument"].get("CFPackageURI").is_none(), "a document in a package has no link to it");
    package["CFItems"].as_array().unwrap().iter().for_each(|item| demands(item, OF_ITEM));
    for association in package["CFAssociations"].as_array().unwrap() {
        demands(association, OF_ASSOCIATION);
        demands(&association["originNodeURI"], &["title", "identifier", "uri"]);
        demands(&association["destinationNodeURI"], &["title", "identifier", "uri"]);
    }
}

#[tokio::test]
async fn r163_r169_what_ships_is_read_as_the_standard_has_it() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let first = anna.get(&format!("{CASE}/CFDocuments?limit=2")).await.expect(200);
    assert_eq!(first.header("x-total-count"), "3");
    let next = first.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let rest = case(&anna, &next[next.find("CFDocuments").unwrap()..]).await;
    let all: Vec<_> = [first.json(), rest].iter().flat_map(|page| page["CFDocuments"].as_array().unwrap().clone()).collect();
    assert_eq!(all.len(), Framework::all().len());
    for document in &all {
        demands(document, OF_DOCUMENT);
        demands(&document["CFPackageURI"], &["title", "identifier", "uri"]);
        let id = document["identifier"].as_str().unwrap();
        assert_eq!(case(&anna, format!("CFDocuments/{id}")).await, *document);
        is_package(&case(&anna, format!("CFPackages/{id}")).await);
    }
    // An item of 2014, and the one of 2021 that it became: the same only where the crosswalk is certain.
    let item = |edition: &str, code: &str| Framework::find(edition).unwrap().item(code).unwrap().identifier;
    let self_confidence = item("asca-2014", "M 2");
    let read = case(&anna, format!("CFItems/{self_confidence}")).await;
    demands(&read, OF_ITEM);
    demands(&read["CFDocumentURI"], &["title", "identifier", "uri"]);
    let with = case(&anna, format!("CFItemAssociations/{self_confidence}")).await;
    assert_eq!(with["CFItem"], read);
    let crosswalk = with["CFAssociations"].as_array().unwrap().iter().find(|one| one["associationType"] != "isChildOf").unwrap();
    assert_eq!(crosswalk["associationType"], "isRelatedTo");
    assert_eq!(crosswalk["destinationNodeURI"]["identifier"], item("asca-2021", "M 4").to_string());
    let association = case(&anna, format!("CFAssociations/{}", crosswalk["identifier"].as_str().unwrap())).await;
    demands(&association, OF_ASSOCIATION);
    // What goes wrong is told as the standard tells it.
    for (path, status, code) in [
        ("CFDocuments/5d3e2f6c-0000-4000-8000-000000000000", 404, "unknownobject"),
        ("CFDocuments?limit=0", 400, "invalid_selection_field"),
        ("CFDocuments?offset=3", 404, "unknownobject"),
        ("CFRubrics/5d3e2f6c-0000-4000-8000-000000000000", 404, "unknownobject"),
    ] {
        let answer = anna.get(&format!("{CASE}/{path}")).await.expect(status);
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        demands(&answer.json(), &["imsx_codeMajor", "imsx_severity"]);
        assert_eq!(answer.json()["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"], code, "{path}");
    }
}

#[tokio::test]
async fn r39_a_coordinator_imports_licensed_text_and_everybody_in_the_district_reads_it_and_nobody_elsewhere() {
    let app = TestApp::start().await;
    let (cora, anna, zack) = (app.person("cora").await, app.person("anna").await, app.person_of(ids::BIRCH, "zack").await);
    let made = Made::of(&["L", "L.1", "L.2"]);
    anna.post(FRAMEWORKS, made.package()).await.expect(403);
    let imported = cora.post(FRAMEWORKS, made.package()).await.expect(200).json();
    assert_eq!((&imported["outcome"], &imported["itemsAdded"], &imported["version"]), (&json!("created"), &json!(3), &json!(1)));
    let package = case(&anna, format!("CFPackages/{}", made.document)).await;
    is_package(&package);
    assert_eq!(package["CFItems"], made.package()["CFItems"], "it is given out as it was taken in, in its order");
    assert_eq!(case(&anna, format!("CFItems/{}", made.item("L.2"))).await["fullStatement"], "Licensed text of L.2.");
    assert_eq!(anna.get(&format!("{CASE}/CFDocuments")).await.expect(200).header("x-total-count"), "4");
    for path in [format!("CFDocuments/{}", made.document), format!("CFPackages/{}", made.document), format!("CFItems/{}", made.item("L.1"))] {
        zack.get(&format!("{CASE}/{path}")).await.expect(404);
    }
    assert_eq!(zack.get(&format!("{CASE}/CFDocuments")).await.expect(200).header("x-total-count"), "3");
    // The same again, in another order, changes nothing; neither does what is not later.
    let mut same = made.package();
    same["CFItems"].as_array_mut().unwrap().reverse();
    let again = cora.post(FRAMEWORKS, same).await.expect(200).json();
    assert_eq!((&again["outcome"], &again["version"]), (&json!("unchanged"), &json!(1)));
    let mut other = made.package();
    other["CFItems"][1]["fullStatement"] = "Other text.".into();
    assert_eq!(cora.post(FRAMEWORKS, other.clone()).await.expect(409).json()["errors"][0]["code"], "not_later");
    other["CFDocument"]["lastChangeDateTime"] = "2026-09-02T00:00:00Z".into();
    let later = cora.post(FRAMEWORKS, other).await.expect(200).json();
    assert_eq!((&later["outcome"], &later["itemsChanged"], &later["version"]), (&json!("updated"), &json!(1), &json!(2)));
}

#[tokio::test]
async fn r39_a_package_with_faults_is_refused_whole_and_every_fault_is_named() {
    let app = TestApp::start().await;
    let cora = app.person("cora").await;
    let made = Made::of(&["F", "F.1"]);
    let mut faulty = made.package();
    faulty["CFDocument"].as_object_mut().unwrap().remove("creator");
    faulty["CFItems"][1]["identifier"] = "F.1".into();
    faulty["CFAssociations"][0]["associationType"] = "isAuntOf".into();
    let refused = cora.post(FRAMEWORKS, faulty).await.expect(422);
    assert_eq!(refused.pointers(), ["/CFDocument/creator", "/CFItems/1/identifier", "/CFAssociations/0/associationType"]);
    // An identifier is never used again, neither what ships nor what stands in another framework.
    let mut shipped = made.package();
    shipped["CFDocument"]["identifier"] = json!(Framework::all()[0].identifier);
    assert_eq!(cora.post(FRAMEWORKS, shipped).await.expect(422).json()["errors"][0]["code"], "shipped");
    cora.post(FRAMEWORKS, made.package()).await.expect(200);
    let second = Made { document: Uuid::now_v7(), items: vec![(Uuid::now_v7(), "G"), made.items[1]], at: AT };
    let refused = cora.post(FRAMEWORKS, second.package()).await.expect(422);
    assert_eq!(refused.pointers(), ["/CFItems/1/identifier", "/CFAssociations/0/identifier"]);
    cora.get(&format!("{CASE}/CFDocuments/{}", second.document)).await.expect(404);
}

#[tokio::test]
async fn r39_what_an_operator_imports_is_for_every_district_and_a_districts_own_comes_first() {
    let app = TestApp::start().await;
    let (operator, cora, zack) = (app.client("operator").await, app.person("cora").await, app.person_of(ids::BIRCH, "zack").await);
    let made = Made::of(&["S", "S.1"]);
    cora.post(SHARED, made.package()).await.expect(403);
    operator.post(SHARED, made.package()).await.expect(200);
    let statement = async |reader: &Actor<'_>| case(reader, format!("CFItems/{}", made.item("S.1"))).await["fullStatement"].clone();
    assert_eq!((statement(&cora).await, statement(&zack).await), (json!("Licensed text of S.1."), json!("Licensed text of S.1.")));
    // The same identifiers with the district's own text: it is read there, and nowhere else.
    let mut own = made.package();
    own["CFItems"][1]["fullStatement"] = "As Alder says it.".into();
    cora.post(FRAMEWORKS, own).await.expect(200);
    assert_eq!((statement(&cora).await, statement(&zack).await), (json!("As Alder says it."), json!("Licensed text of S.1.")));
    for reader in [&cora, &zack] {
        assert_eq!(reader.get(&format!("{CASE}/CFDocuments")).await.expect(200).header("x-total-count"), "4", "it is one framework");
    }
}

fn cites(framework: impl std::fmt::Display, item: impl std::fmt::Display) -> Value {
    json!({ "domain": "academic", "title": "Speak up", "standardFramework": framework.to_string(), "standardItem": item.to_string() })
}

#[tokio::test]
async fn r72_goals_cite_items_of_frameworks_that_their_district_knows() {
    let app = TestApp::start().await;
    let (cora, anna, greta) = (app.person("cora").await, app.person("anna").await, app.person("greta").await);
    let zoe = app.person_of(ids::BIRCH, "zoe").await;
    let (goals, of_zoe) = (ids::in_file(1, "goals"), ids::in_file(50, "goals"));
    let made = Made::of(&["C", "C.1", "C.2"]);
    cora.post(FRAMEWORKS, made.package()).await.expect(200);
    let by_code = anna.post(&goals, cites(made.document, "C.1")).await.expect(201);
    anna.post(&goals, cites(made.document, made.item("C.2"))).await.expect(201);
    // What ships goes by its edition or its identifier.
    let shipped = Framework::find("asca-2014").unwrap();
    anna.post(&goals, cites("asca-2014", "B-SS 9")).await.expect(201);
    anna.post(&goals, cites(shipped.identifier, shipped.item("M 1").unwrap().identifier)).await.expect(201);
    let refused = async |who: &Actor<'_>, path: &str, body: Value| {
        let answer = who.post(path, body).await.expect(422).json();
        (answer["errors"][0]["pointer"].as_str().unwrap().to_owned(), answer["errors"][0]["code"].as_str().unwrap().to_owned())
    };
    let unknown = ("/standardFramework".to_owned(), "unknown_framework".to_owned());
    let no_item = |code: &str| ("/standardItem".to_owned(), code.to_owned());
    assert_eq!(refused(&anna, &goals, cites(made.document, "C.9")).await, no_item("unknown_item"));
    assert_eq!(refused(&anna, &goals, cites("asca-2014", "B-SS 10")).await, no_item("unknown_item"));
    assert_eq!(refused(&anna, &goals, cites(Uuid::now_v7(), "C.1")).await, unknown);
    assert_eq!(refused(&anna, &goals, cites("asca-1997", "C.1")).await, unknown);
    // Another district's is not there.
    assert_eq!(refused(&zoe, &of_zoe, cites(made.document, "C.1")).await, unknown);
    // A change is held to the same, and so is a proposal once it is accepted.
    let one = format!("/v1/goals/{}", by_code.id());
    let change = anna.patch(&one, "\"1\"", json!({ "standardItem": "C.9" })).await.expect(422);
    assert_eq!(change.pointers(), ["/standardItem"]);
    let propose = async |item: &str| {
        let proposed = greta.post(&ids::in_file(1, "proposals"), json!({ "goal": cites(made.document, item) })).await.expect(201);
        anna.post_with(&format!("/v1/proposals/{}/decision", proposed.id()), "\"1\"", json!({ "verdict": "accept" })).await
    };
    propose("C.2").await.expect(200);
    assert_eq!(propose("C.9").await.expect(422).pointers(), ["/standardItem"]);

    // A later package without an item that goals cite: it stays readable, with its end, and no other goal comes to cite it.
    let later = Made { items: made.items.iter().filter(|(_, code)| *code != "C.1").copied().collect(), at: "2027-01-01T00:00:00Z", ..made };
    let imported = cora.post(FRAMEWORKS, later.package()).await.expect(200).json();
    assert_eq!((&imported["itemsWithdrawn"], &imported["itemCount"]), (&json!(1), &json!(2)));
    let withdrawn = by_code.json()["standardItem"].clone();
    assert_eq!(withdrawn, "C.1");
    anna.patch(&one, "\"1\"", json!({ "title": "Speak up in class" })).await.expect(200);
    assert_eq!(refused(&anna, &goals, cites(later.document, "C.1")).await, no_item("withdrawn_item"));
    let package = case(&anna, format!("CFPackages/{}", later.document)).await;
    assert_eq!((package["CFItems"].as_array().unwrap().len(), package["CFAssociations"].as_array().unwrap().len()), (2, 1));
}
