//! What a roster says of guardians: it proposes, and what a custodian has confirmed is not changed by it.

use std::sync::atomic::Ordering;

use openilp_api::oneroster::rows::Role;
use openilp_domain::roster::ImportStatus;
use openilp_tests::ids;
use serde_json::{Value, json};

use super::bundles::{Roster, id, role, user};
use super::supplement::{File, alder, bundle};
use super::world::World;
use crate::roster_import::import;

const LINKS: &str = "
    select string_agg(concat_ws('/', s.given_name, g.given_name, l.rights, l.relationship, l.order_reference, l.valid_from, l.valid_to,
                                case when l.claim_ended_on is not null then 'ended' end), ' ' order by s.given_name, g.given_name)
      from guardian_links l join people s on s.id = l.student_id join people g on g.id = l.guardian_id";

fn guardians<'a>(form: &'a str, rows: &'a [&'a str]) -> File<'a> {
    ("ilp.guardians", form, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_an_unconfirmed_link_follows_its_source_and_ends_with_it() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let roster = Roster::small();
    world.import(district, &roster.zip()).await;
    assert_eq!(world.value(LINKS).await, "ada/mother/full/2026-11-02 ben/mother/full/2026-11-02");
    let rows: &[&str] = &["g1,,,ada,mother,mother,none,courtOrder,Order 7,2026-09-01,", "g2,,,ben,teacher,legalGuardian,full,,,,2027-06-01"];
    let loaded = world.import(district, &bundle(Some(&roster), &[guardians("bulk", rows)])).await;
    assert_eq!(loaded.report().guardian_links_to_propose, 1);
    let with = "ada/mother/none/mother/Order 7/2026-09-01 ben/mother/full/2026-11-02 ben/teacher/full/legalGuardian/2026-11-02/2027-06-02";
    assert_eq!(world.value(LINKS).await, with, "the supplement goes before agentSourcedIds");
    let state = world.state().await;
    for again in [bundle(Some(&roster), &[guardians("bulk", rows)]), roster.zip()] {
        assert!(world.import(district, &again).await.report().is_empty());
        assert_eq!(world.state().await, state);
    }
    // A delta changes what it names; what a whole file no longer names ends, and agents are in force again.
    world.import(district, &bundle(None, &[guardians("delta", &["g2,active,2026-11-01T03:00:00Z,ben,teacher,other,full,,,,"])])).await;
    assert_eq!(world.value(LINKS).await, with.replace("legalGuardian/2026-11-02/2027-06-02", "other/2026-11-02"));
    let before = world.content().await;
    let last = world.import(district, &bundle(Some(&roster), &[guardians("bulk", &["g3,,,ben,counselor,other,full,,,,"])])).await;
    assert_eq!(
        world.value(LINKS).await,
        "ada/mother/full/mother/2026-09-01 ben/counselor/full/other/2026-11-02 ben/mother/full/2026-11-02 ben/teacher/full/other/2026-11-02/2026-11-02/ended"
    );
    world.take_back(district, last.import.id).await;
    assert_eq!(world.content().await, before);
    // A delta ends what it removes.
    world.import(district, &bundle(None, &[guardians("delta", &["g2,tobedeleted,2026-11-01T03:00:00Z,ben,teacher,other,full,,,,"])])).await;
    assert!(world.value(LINKS).await.contains("ben/teacher/full/other/2026-11-02/2026-11-02/ended"));
    assert_eq!(world.value("select count(*) from guardian_claims where not active").await, "1", "it is not deleted");
    // Who is no longer named as an agent either.
    let mut without = roster.clone();
    without.user("ben").agent_sourced_ids.clear();
    world.import(district, &without.zip()).await;
    assert!(world.value(LINKS).await.contains("ben/mother/full/2026-11-02/2026-11-02/ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_what_a_custodian_decides_while_a_load_is_at_work_stands() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    world.import(district, &bundle(Some(&Roster::small()), &[guardians("bulk", &["g1,,,ada,mother,mother,full,,,,"])])).await;
    let changed = bundle(Some(&Roster::small()), &[guardians("bulk", &["g1,,,ada,mother,stepparent,full,declared,,,"])]);
    let import = world.hand_in(district, &changed, false).await;
    let decided = std::sync::atomic::AtomicBool::new(false);
    let decide =
        "update guardian_links set rights = 'none', order_reference = 'Order 3', confirmed_at = now(), version = version + 1, source = 'custodian'
                   where guardian_id in (select id from people where given_name = 'mother')";
    let status = world
        .run(district, import, |at| {
            if at.status == ImportStatus::Applying && !decided.swap(true, Ordering::SeqCst) {
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(world.sql(decide)));
            }
        })
        .await;
    assert_eq!((status, decided.into_inner()), (Some(ImportStatus::Applied), true));
    let links = "ada/mother/none/mother/Order 3/2026-11-02 ben/mother/none/Order 3/2026-11-02";
    assert_eq!(world.value(LINKS).await, links);
    assert_eq!(world.value("select count(*) from roster_images where kind = 'guardianLink'").await, "0", "nor is it taken back with the load");
    // The same files again: now what the source says stands beside it.
    world.import(district, &changed).await;
    assert_eq!(world.value(LINKS).await, links.replace("none/mother", "none/stepparent"));
    assert_eq!(
        world
            .value("select string_agg(concat_ws('/', claimed_rights, claimed_evidence, differs), ' ' order by claimed_evidence) from guardian_links")
            .await,
        "full/declared/t full/t"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_come_as_single_rows_too() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let rows: &[&str] = &["g1,,,ada,teacher,legalGuardian,full,,,,", "g2,,,ben,teacher,legalGuardian,full,,,,"];
    let whole = bundle(Some(&Roster::small()), &[guardians("bulk", rows)]);
    world.import(district, &whole).await;
    let sent = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
    let text = sent(&[
        json!({ "file": "ilp.guardians", "sourcedId": "g1", "status": "tobedeleted" }),
        json!({ "file": "ilp.guardians", "sourcedId": "g2", "studentSourcedId": "ben", "guardianSourcedId": "counselor", "relationship": "relative",
                "rights": "none", "evidence": "courtOrder", "evidenceReference": "Order 9" }),
        json!({ "file": "ilp.guardians", "sourcedId": "g9", "studentSourcedId": "ada", "guardianSourcedId": "ada", "relationship": "other", "rights": "full" }),
    ]);
    let answer = super::upsert::send(&world, district, &text, false).await;
    assert_eq!(super::upsert::counts(&answer), [0, 1, 1, 0, 1], "{answer:#?}");
    let links = "ada/mother/full/2026-11-02 ada/teacher/full/legalGuardian/2026-11-02/2026-11-02/ended ben/counselor/none/relative/Order 9/2026-11-02 \
                 ben/mother/full/2026-11-02 ben/teacher/full/legalGuardian/2026-11-02/2026-11-02/ended";
    assert_eq!(world.value(LINKS).await, links, "a row that names another guardian ends the link to the one it named");
    let again = super::upsert::send(&world, district, &text, false).await;
    assert_eq!(super::upsert::counts(&again), [0, 0, 0, 2, 1], "{again:#?}");
    let rows: &[&str] = &["g2,,,ben,counselor,relative,none,courtOrder,Order 9,,"];
    assert!(world.import(district, &bundle(Some(&Roster::small()), &[guardians("bulk", rows)])).await.report().is_empty());
    assert_eq!(world.value(LINKS).await, links);
}

#[tokio::test(flavor = "multi_thread")]
async fn l9_relationships_of_school_data_sync_are_guardians_with_full_rights() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::small();
    roster.users.iter_mut().for_each(|user| user.agent_sourced_ids.clear());
    let files: &[File<'_>] = &[("relationships", "bulk", &["ada,mother,guardian", "ada,mother,guardian"])];
    assert_eq!(world.import(district, &bundle(Some(&roster), files)).await.places(), [""; 0]);
    assert_eq!(world.value(LINKS).await, "ada/mother/full/guardian/2026-11-02");
    assert!(world.import(district, &bundle(Some(&roster), files)).await.report().is_empty());
    assert!(world.import(district, &roster.zip()).await.report().is_empty());
    let other: &[File<'_>] = &[("relationships", "bulk", &["ben,mother,guardian"])];
    let loaded = world.import(district, &bundle(Some(&roster), other)).await;
    let told = loaded.report().files.iter().find(|told| told.file == "relationships.csv").unwrap();
    assert_eq!((told.counts.created, told.counts.ended), (1, 1));
    assert_eq!(world.value(LINKS).await, "ada/mother/full/guardian/2026-11-02/2026-11-02/ended ben/mother/full/guardian/2026-11-02");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_guardian_is_named() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let rows: &[&str] = &[
        "g1,,,ada,nobody,mother,full,,,,",
        "g2,,,teacher,mother,mother,full,,,,",
        "g3,,,ada,ada,other,full,,,,",
        "g4,,,ada,mother,mother,full,,,,",
        "g5,,,ada,mother,parent,full,,,,",
    ];
    let refused = world.import(district, &bundle(Some(&Roster::small()), &[guardians("bulk", rows)])).await;
    assert_eq!(
        refused.places(),
        [
            "ilp.guardians.csv:2:guardianSourcedId dangling_reference",
            "ilp.guardians.csv:3:studentSourcedId wrong_reference",
            "ilp.guardians.csv:4:guardianSourcedId wrong_reference",
            "ilp.guardians.csv:6:guardianSourcedId duplicate",
        ]
    );
    world.import(district, &bundle(Some(&Roster::small()), &[guardians("bulk", &["g4,,,ada,mother,mother,full,,,,"])])).await;
    let second: &[&str] = &["g5,active,2026-11-01T03:00:00Z,ada,mother,parent,none,statute,Act 1,,"];
    let refused = world.import(district, &bundle(None, &[guardians("delta", second)])).await;
    assert_eq!(refused.places(), ["ilp.guardians.csv:2:guardianSourcedId duplicate"], "also of one that stands");
}

#[tokio::test]
async fn l9_a_confirmed_link_is_not_changed_by_a_load_and_what_the_source_says_is_taken_over_by_the_custodian() {
    let app = alder().await;
    let (sis, kurt, greta) = (app.client("sis").await, app.person("kurt").await, app.person("greta").await);
    let file = format!("/v1/ilp-files/{}", ids::file(1));
    let ben = "g2,,,ben,mother,mother,full,,,,";
    let load = async |roster: &Roster, rows: &[&str]| {
        let loaded = import(&sis, "", bundle(Some(roster), &[guardians("bulk", rows)])).await;
        assert_eq!(loaded["status"], "applied", "{loaded}");
    };
    let differing = async || kurt.get("/v1/guardian-links?differs=true").await.expect(200).json()["items"].as_array().unwrap().clone();
    let take_over = async |link: &Value| {
        let sent = json!({ "guardianLinkIds": [link["id"]], "asClaimed": true });
        kurt.post("/v1/guardian-links/confirmations", sent).await.expect(200);
        assert_eq!(differing().await, Vec::<Value>::new());
    };
    greta.get(&file).await.expect(200);
    load(&Roster::small(), &["g1,,,ada,mother,mother,none,courtOrder,Order 7,,2027-06-10", ben]).await;
    // Greta's link to Anna is confirmed: she reads on, and the custodian sees what the source says.
    greta.get(&file).await.expect(200);
    let found = differing().await;
    assert_eq!(found.len(), 1, "{found:?}");
    let link = &found[0];
    let members =
        ["rights", "claimedRights", "claimedEvidence", "claimedReference", "claimedValidTo", "relationship", "version"].map(|m| link[m].clone());
    assert_eq!(json!(members), json!(["full", "none", "courtOrder", "Order 7", "2027-06-11", "mother", 2]));
    // Taken over, it is in force for the next read.
    take_over(link).await;
    greta.get(&file).await.expect(404);
    // What a custodian has confirmed is not given back by the source, and a confirmation of the school's links takes nothing over.
    load(&Roster::small(), &["g1,,,ada,mother,mother,full,,,,", ben]).await;
    greta.get(&file).await.expect(404);
    assert_eq!(differing().await.len(), 1);
    kurt.post("/v1/guardian-links/confirmations", json!({ "schoolId": ids::school(2), "asClaimed": true })).await.expect(422);
    kurt.post("/v1/guardian-links/confirmations", json!({ "schoolId": ids::school(2) })).await.expect(200);
    greta.get(&file).await.expect(404);
    take_over(&differing().await[0]).await;
    greta.get(&file).await.expect(200);
    // What the source no longer speaks of shows, and ends by the custodian's word alone.
    let mut roster = Roster::small();
    roster.user("ada").agent_sourced_ids.retain(|agent| *agent != id("mother"));
    load(&roster, &[ben]).await;
    greta.get(&file).await.expect(200);
    let found = differing().await;
    assert_eq!((found.len(), &found[0]["claimEndedOn"], found[0].get("validTo")), (1, &json!("2026-10-15"), None));
    take_over(&found[0]).await;
    greta.get(&file).await.expect(404);
    let after = kurt.get(&format!("/v1/guardian-links/{}", found[0]["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((&after["validTo"], &after["rights"]), (&json!("2026-10-15"), &json!("full")));
}

#[tokio::test]
async fn l9_an_unconfirmed_claim_grants_where_the_roster_is_trusted_only_and_never_more_than_it_says_now() {
    let app = alder().await;
    let owner = app.database.owner().await;
    let named = "insert into external_identifiers (district_id, system, kind, value, target_id) values ($1, 'sis', 'person', 'gus', $2)";
    owner.execute(named, &[&ids::ALDER.0, &ids::person(11)]).await.unwrap();
    let (sis, kurt, gus) = (app.client("sis").await, app.person("kurt").await, app.person("gus").await);
    let file = format!("/v1/ilp-files/{}", ids::file(1));
    let reads = async || gus.get(&file).await.status;
    let load = async |row: &str| {
        let mut roster = Roster::small();
        roster.users.push(user("gus", None));
        roster.roles.push(role("gus", Role::Parent));
        let loaded = import(&sis, "", bundle(Some(&roster), &[guardians("bulk", &[row, "g2,,,ben,mother,mother,full,,,,"])])).await;
        assert_eq!(loaded["status"], "applied", "{loaded}");
    };
    load("g1,,,ada,gus,father,full,,,,").await;
    assert_eq!(reads().await, 404, "it waits for the custodian");
    owner.execute("update districts set guardians_trusted = true where id = $1", &[&ids::ALDER.0]).await.unwrap();
    assert_eq!(reads().await, 200);
    // The claim's days and rights count as they are now.
    load("g1,,,ada,gus,father,full,,,,2026-10-14").await;
    assert_eq!(reads().await, 404);
    load("g1,,,ada,gus,father,full,,,2026-10-15,").await;
    assert_eq!(reads().await, 200);
    load("g1,,,ada,gus,father,none,courtOrder,Order 8,,").await;
    assert_eq!(reads().await, 404);
    load("g1,,,ada,gus,father,full,,,,").await;
    assert_eq!(reads().await, 200);
    // What the custodian has changed is the custodian's word, confirmed or not.
    let links = kurt.get(&format!("/v1/guardian-links?guardianId={}", ids::person(11))).await.expect(200).json();
    let link = &links["items"][0];
    let order = json!({ "rights": "none", "orderReference": "Order 9" });
    let (path, tag) = (format!("/v1/guardian-links/{}", link["id"].as_str().unwrap()), format!("\"{}\"", link["version"]));
    assert_eq!(kurt.patch(&path, &tag, order).await.expect(200).json()["source"], "custodian");
    load("g1,,,ada,gus,father,full,declared,,,").await;
    assert_eq!(reads().await, 404);
    assert_eq!(kurt.get(&path).await.expect(200).json()["differs"], true);
    owner.execute("update districts set guardians_trusted = false where id = $1", &[&ids::ALDER.0]).await.unwrap();
    assert_eq!(reads().await, 404);
}
