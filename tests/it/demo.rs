//! The demo district: made through the doors, the same again at the second start, and each of its actors sees what it should.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use openilp_api::auth::{AuthConfig, Authenticator};
use openilp_api::state::Clock as _;
use openilp_api::synthetic::demo::{Demo, DemoDistrict, make_demo};
use openilp_persistence::{Db, migrate};
use openilp_tests::TestApp;
use openilp_tests::cluster::TestDatabase;

struct World {
    database: TestDatabase,
    db: Db,
    auth: Authenticator,
}

impl World {
    async fn start() -> Self {
        let database = TestDatabase::empty().await;
        migrate::up(&database.connector).await.unwrap();
        let db = Db::new(database.connector.clone(), 10, Default::default()).unwrap();
        let origin = "http://127.0.0.1:8080".to_owned();
        Self { database, db, auth: Authenticator::new(AuthConfig { audience: origin.clone(), origin, demo_issuer: true }) }
    }

    async fn make(&self, now: &str) -> DemoDistrict {
        let now: DateTime<Utc> = now.parse().unwrap();
        let folder = std::env::temp_dir();
        let demo = Demo { db: &self.db, connector: &self.database.connector, auth: &self.auth, data_folder: &folder, now, say: &|_| {} };
        make_demo(&demo).await.unwrap()
    }

    async fn count(&self, what: &str) -> i64 {
        let client = self.database.connector.client().await.unwrap();
        client.query_one(&format!("select count(*) from {what}"), &[]).await.unwrap().get(0)
    }
}

#[tokio::test]
async fn the_demo_district_has_plans_at_every_stage_and_one_actor_of_each_kind() {
    let world = World::start().await;
    let made = world.make("2026-11-21T15:00:00Z").await;
    assert_eq!(world.count("students").await, 250);
    assert!((170..250).contains(&world.count("ilp_files").await));
    for (what, least) in [
        ("goals", 250),
        ("report_cards where score is not null", 1000),
        ("report_cards where score_status = 'exempt'", 5),
        ("goals where lifecycle_status = 'completed'", 10),
        ("goals where lifecycle_status = 'onHold'", 5),
        ("goals where entered_in_error", 3),
        ("benchmarks", 200),
        ("activities", 300),
        ("reflections", 80),
        ("recommendations", 30),
        ("translations", 5),
        ("graduation_requirements", 6),
        ("self_assessments", 60),
        ("participations", 80),
        ("skill_records", 80),
        ("learning_experiences", 25),
        ("career_options", 40),
        ("work_experiences", 10),
        ("exam_results", 15),
        ("postsecondary_options", 30),
        ("applications", 20),
        ("financial_aid_plans", 10),
        ("proposals where status = 'open'", 8),
        ("proposals where status = 'accepted'", 8),
        ("proposals where status = 'declined'", 3),
        ("guardian_links where confirmed_at is null", 5),
        ("guardian_links where confirmed_by is not null", 200),
        ("assignments where confirmed_at is null", 5),
        ("ilp_files f where not exists (select from goals g where g.student_id = f.student_id)", 20),
    ] {
        assert!(world.count(what).await >= least, "{what}: {}", world.count(what).await);
    }
    for (table, column, words) in [("activities", "provider", 4), ("progress_records", "kind", 5), ("goals", "domain", 3), ("goals", "component", 5)]
    {
        assert_eq!(world.count(&format!("(select distinct {column} from {table}) w")).await, words, "{table}.{column}");
    }
    assert_eq!(world.count("(select distinct relation from changes where relation in ('self', 'guardian', 'gatekeeper', 'custodian')) r").await, 4);
    // What happened lies in the past, and the record of it is whole.
    assert_eq!(world.count("goals where created_at >= '2026-11-21T15:00:00Z' or created_at < '2026-09-01'").await, 0);
    assert_eq!(world.count("goals g where not exists (select from changes c where c.resource_id = g.id)").await, 0);
    let keys: BTreeSet<&str> = made.actors.iter().map(|actor| actor.key).collect();
    for key in [
        "student", "student_7", "adult", "adults_parent", "guardian", "waiting_parent", "counselor", "teacher", "reviewer", "class_teacher",
        "principal", "coordinator", "custodian", "operator", "sis", "state",
    ] {
        assert!(keys.contains(key), "no {key}");
    }
    assert_eq!(keys.len(), made.actors.len());
    a_second_start_finds_it_and_gives_new_tokens(&world, &made).await;
}

async fn a_second_start_finds_it_and_gives_new_tokens(world: &World, first: &DemoDistrict) {
    let before = (world.count("goals").await, world.count("people").await, world.count("clients").await, world.count("identity_links").await);
    let again = world.make("2026-11-23T09:00:00Z").await;
    let after = (world.count("goals").await, world.count("people").await, world.count("clients").await, world.count("identity_links").await);
    assert_eq!((first.id, first.student_id, before), (again.id, again.student_id, after));
    let now: DateTime<Utc> = "2026-11-23T09:01:00Z".parse().unwrap();
    for actor in &again.actors {
        world.auth.principal(&world.db, Some(&format!("Bearer {}", actor.token.expose())), now).await.unwrap();
    }
    assert_eq!(world.count("agreements").await, 1);
}

#[tokio::test]
async fn each_actor_of_the_demo_sees_what_it_is_told_it_would() {
    // People's logins come from the own issuer, whose address has to be a good one.
    let app = TestApp::with(openilp_api::config::Config { public_origin: "http://localhost:8080".into(), ..openilp_tests::config() }).await;
    let (state, folder) = (&app.running.state, std::env::temp_dir());
    let demo =
        Demo { db: &state.db, connector: &app.database.connector, auth: &state.auth, data_folder: &folder, now: app.clock.now(), say: &|_| {} };
    let made = make_demo(&demo).await.unwrap();
    for actor in &made.actors {
        let as_actor = app.bearer(actor.token.expose().clone());
        let wanted = if ["waiting_parent", "adults_parent"].contains(&actor.key) { 404 } else { 200 };
        for path in actor.try_this.split("GET ").skip(1).filter_map(|rest| rest.split([';', ' ']).next()) {
            let answer = as_actor.get(path).await;
            assert_eq!(answer.status, wanted, "{}: {path}: {}", actor.who, String::from_utf8_lossy(&answer.bytes));
        }
    }
    let student = app.bearer(made.actors.iter().find(|actor| actor.key == "student").unwrap().token.expose().clone());
    let whole = student.get(&format!("/v1/ilp-files/{}/whole", made.ilp_file_id)).await.expect(200).json();
    assert!(whole["divisions"][0]["reportCards"].as_array().is_some_and(|cards| cards.len() >= 5), "{whole}");
    assert!(whole.to_string().contains("occupational") && whole.to_string().contains("postsecondary"), "{whole}");
}
