//! What all parts of the plan have in common, over HTTP. What is particular about each stands in the file of its component.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;
use openilp_domain::plan_part::{PARTS, Part, Placed};
use openilp_tests::operations::{Operation, every};
use openilp_tests::template::item;
use openilp_tests::{TestApp, ids};
use serde_json::{Value, json};

/// The operation that adds a record of a part.
fn adding(part: &Part) -> &'static Operation {
    let id = format!("create_{}", openilp_api::noun::snake(part.kind.word()));
    every().iter().find(|operation| operation.id == id).unwrap()
}

/// The path of a list, and an example of what it takes.
fn example(part: &Part) -> (String, Value) {
    let operation = adding(part);
    (operation.path_with(|_| ids::file(1).to_string()), operation.body.as_ref().unwrap().1.clone())
}

/// Who, of those who stand to Anna, reads and who writes in a section (access.md 5.3): she is in grade 10.
fn table(section: Section) -> (&'static [&'static str], &'static [&'static str]) {
    match section {
        Section::PlanOfStudy => (&["anna", "greta", "bela", "tom", "cara"], &["anna", "bela"]),
        // Everybody adds their own words.
        Section::Feedback => (&["anna", "greta", "bela", "tom", "cara"], &["anna", "greta", "bela", "tom", "cara"]),
        Section::ResourceRequests => (&["anna", "greta", "bela", "pam"], &["anna", "greta", "bela", "tom", "cara", "pam"]),
        Section::Career | Section::Postsecondary => (&["anna", "greta", "bela", "tom", "cara"], &["anna", "bela", "cara"]),
        // A gatekeeper only if named on it.
        Section::FinancialAid => (&["anna", "greta"], &["anna", "greta"]),
        Section::SelfAwareness => (&["anna", "greta", "bela", "tom", "cara"], &["anna"]),
        Section::AppliedSkills => (&["anna", "greta", "bela", "tom", "cara"], &["anna", "bela", "tom"]),
        other => panic!("say who reads and writes in {other}"),
    }
}

#[tokio::test]
async fn r23_who_reads_and_who_writes_a_part_of_the_profile_goes_by_its_section() {
    let app = TestApp::start().await;
    // Only the principal decides about a resource, only the student builds a résumé, an item is of a template, and a translation is where its record is:
    // `resource.rs`, `resume.rs`, `template.rs`, `translation.rs`.
    let others = [Kind::ResourceDecision, Kind::ResumeVersion, Kind::ProgramItem, Kind::Translation];
    for part in PARTS.iter().filter(|part| !others.contains(&part.kind)) {
        let (list, body) = example(part);
        // The example of an assessment is an interest survey, which is of the domain of careers.
        let section = match part.placed {
            Placed::ByDomain | Placed::WithRecord => continue,
            Placed::ByDomainOrIn(_) => Section::Career,
            Placed::In(section) => section,
        };
        let (readers, writers) = table(section);
        let one = app.person("anna").await.post(&list, body.clone()).await.expect(201);
        for name in ["anna", "greta", "bela", "tom", "cara", "pam", "uma", "zoe"] {
            let actor = match name {
                "zoe" => app.person_of(ids::BIRCH, name).await,
                _ => app.person(name).await,
            };
            let (reads, writes) = (readers.contains(&name), writers.contains(&name));
            let read = actor.get(one.header("location")).await;
            assert_eq!(read.status, if reads { 200 } else { 404 }, "{name} reads a {}", part.kind);
            let listed = actor.get(&list).await;
            assert_eq!(listed.json()["items"].as_array().is_some_and(|items| !items.is_empty()), reads, "{name} lists {}", part.table);
            assert_eq!(actor.post(&list, body.clone()).await.status == 201, writes, "{name} adds a {}", part.kind);
        }
    }
}

#[tokio::test]
async fn r23_every_part_of_the_profile_stands_in_the_whole_file_and_has_a_history() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let pam = app.person("pam").await;
    let template = openilp_tests::template::give_out(&app.person("cora").await, vec![item("career-goal", "career", None)]).await;
    let (mut request, mut item) = (String::new(), String::new());
    // What a translation is of.
    let goal = anna.post(&ids::in_file(1, "goals"), json!({ "domain": "academic", "title": "Read more" })).await.expect(201).id();
    for part in PARTS {
        let (list, mut body) = example(part);
        body.get_mut("templateId").into_iter().for_each(|id| *id = template["id"].clone());
        body.get_mut("programItemId").into_iter().for_each(|id| *id = item.clone().into());
        // What only the principal decides, about the request before.
        let author = if part.kind == Kind::ResourceDecision { &pam } else { &anna };
        body.get_mut("resourceRequestId").into_iter().for_each(|id| *id = request.clone().into());
        body.get_mut("recordId").into_iter().for_each(|id| *id = goal.clone().into());
        let made = author.post(&list, body).await.expect(201);
        let one = made.header("location").to_owned();
        if part.kind == Kind::ResourceRequest {
            request = made.id();
        }
        if part.kind == Kind::ProgramItem {
            item = made.id();
        }
        author.patch(&one, "\"1\"", json!({ "enteredInError": true })).await.expect(200);
        let history = anna.get(&format!("{one}/history")).await.expect(200).json();
        assert_eq!(history["items"].as_array().unwrap().len(), 2, "{}", part.table);
    }
    let whole = anna.get(&ids::in_file(1, "whole")).await.expect(200).json();
    for part in PARTS {
        let listed = whole[openilp_domain::field::camel(part.table)].as_array().unwrap();
        assert_eq!((listed.len(), &listed[0]["version"]), (1, &json!(2)), "{}", part.table);
        let (list, _) = example(part);
        assert_eq!(anna.get(&list).await.expect(200).json()["items"], json!(listed), "{}: the same record in the list", part.table);
    }
    // A teacher sees all but how it is paid, this strength, which is personal, and what others asked the principal for.
    let whole = app.person("tom").await.get(&ids::in_file(1, "whole")).await.expect(200).json();
    let missing: Vec<&str> =
        PARTS.iter().map(|part| part.table).filter(|table| whole[openilp_domain::field::camel(table)].as_array().unwrap().is_empty()).collect();
    assert_eq!(missing, ["strengths", "financial_aid_plans", "resource_requests", "resource_decisions"]);
}
