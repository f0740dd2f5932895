//! G4: the probes of row-level security (reference: reliability.md 2.1), as a catalogue, and random worlds behind the wall.
//!
//! `OPENILP_WORLDS=200 cargo test -p openilp-tests --test it -- probes --nocapture` is the long run.

use openilp_tests::cluster::TestDatabase;
use openilp_tests::golden::root;
use openilp_tests::operations::operations;
use openilp_tests::targets::{PLACES, Targets};
use openilp_tests::{TestApp, ids};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

/// Every probe by its number, what it asks, and the test that asks it here.
const PROBES: &[(&str, &str, &str)] = &[
    ("1", "the wall holds for the owner of tables too", "r131_every_table_stands_behind_the_wall_or_on_the_list"),
    ("2, 3", "without a district nothing is seen", "r131_outside_a_district_nothing_is_seen"),
    ("4", "the setting is empty after its transaction, and that denies", "r131_a_district_ends_with_its_transaction"),
    ("5", "no setting outlives a transaction", "r131_probe_5_the_district_is_set_for_one_transaction_and_in_one_way"),
    ("6, 16", "views have the rights of their caller", "views_see_what_their_caller_sees"),
    ("8", "no materialized view", "views_see_what_their_caller_sees"),
    ("10", "a value of another district is no duplicate", "r131_probe_10_a_value_of_another_district_is_no_duplicate"),
    ("11", "no key into another district", "r131_no_key_reaches_into_another_district"),
    ("12, 14", "no write into another district", "r131_inside_a_district_nothing_is_written_into_another"),
    ("13", "no truncate", "the_service_cannot_take_the_wall_down"),
    ("15", "no function sees rows before the wall does", "r131_probe_15_the_service_has_no_function_that_sees_rows_before_the_wall"),
    ("17", "nothing of a caller is in the text of a statement", "r131_probe_17_whoever_could_write_a_statement_could_change_the_district"),
    ("19", "no role gets round the wall", "r131_probe_19_no_role_gets_round_the_wall"),
    ("20", "no part of a table is open by itself", "r131_probe_20_no_part_of_a_table_is_open_by_itself"),
    ("21", "tables without the wall are listed", "r131_every_table_stands_behind_the_wall_or_on_the_list"),
    ("22", "what would be half a copy fails", "r131_probe_22_a_copy_by_the_service_fails_instead_of_being_empty"),
];

/// How many worlds CI makes.
const WORLDS: usize = 4;

async fn names(client: &Client, query: &str) -> Vec<String> {
    client.query(query, &[]).await.unwrap().into_iter().map(|row| row.get(0)).collect()
}

/// A connection that is what the service is.
async fn service(database: &TestDatabase) -> Client {
    let client = database.owner().await;
    client.batch_execute("set role openilp_app").await.unwrap();
    client
}

#[test]
fn r131_every_probe_of_the_reference_is_a_test() {
    let sources = ["wall.rs", "probes.rs"].map(|file| std::fs::read_to_string(root().join("tests/it").join(file)).unwrap()).concat();
    for (number, asks, test) in PROBES {
        assert!(sources.contains(&format!("fn {test}()")), "probe {number}, {asks}: there is no test {test}");
    }
}

#[test]
fn r131_probe_5_the_district_is_set_for_one_transaction_and_in_one_way() {
    let mut folders: Vec<_> = ["persistence/src", "api/src"].map(|folder| root().join(folder)).into();
    let mut lines = vec![];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                lines.extend(text.lines().filter(|line| line.contains("app.district_id")).map(|line| line.trim().to_owned()));
            }
        }
    }
    assert!(!lines.is_empty());
    for line in lines {
        assert!(line.contains("set local app.district_id = '{district}'"), "{line}: leaks to whoever has the connection next");
    }
}

#[tokio::test]
async fn r131_probe_10_a_value_of_another_district_is_no_duplicate() {
    let database = TestDatabase::from_template().await;
    let client = service(&database).await;
    let insert = format!(
        "begin; set local app.district_id = '{0}';
         insert into external_identifiers (district_id, system, kind, value, target_id) values ('{0}', 'stateStudentId', 'person', '1000000001', '{1}');
         commit",
        ids::BIRCH,
        ids::ZOE
    );
    client.batch_execute(&insert).await.unwrap();
    let again = client.batch_execute(&insert).await.unwrap_err();
    assert_eq!(again.code(), Some(&SqlState::UNIQUE_VIOLATION), "the control: in one district it is");
}

#[tokio::test]
async fn r131_probe_15_the_service_has_no_function_that_sees_rows_before_the_wall() {
    let database = TestDatabase::from_template().await;
    let (owner, client) = (database.owner().await, service(&database).await);
    let leak = "create function public.leak(text) returns bool cost 0.0001 language plpgsql as 'begin raise notice ''%'', $1; return true; end'";
    assert_eq!(client.batch_execute(leak).await.unwrap_err().code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    // What is called on rows is called behind the wall, unless it is said to tell nothing: only what comes with PostgreSQL is.
    let leakproof = "select proname::text from pg_proc where proleakproof and pronamespace <> 'pg_catalog'::regnamespace";
    assert_eq!(names(&owner, leakproof).await, [""; 0]);
}

#[tokio::test]
async fn r131_probe_17_whoever_could_write_a_statement_could_change_the_district() {
    let database = TestDatabase::from_template().await;
    let client = service(&database).await;
    let changed = format!("begin; set local app.district_id = '{}'; set local app.district_id = '{}'", ids::BIRCH, ids::ALDER);
    client.batch_execute(&changed).await.unwrap();
    let seen: i64 = client.query_one("select count(*) from people where id = $1", &[&ids::ANNA]).await.unwrap().get(0);
    assert_eq!(seen, 1, "if this no longer works, the setting is signed: say so where it is set");
    client.batch_execute("rollback").await.unwrap();
    // So nothing of a caller may be in the text of a statement.
    assert!(std::fs::read_to_string(root().join("clippy.toml")).unwrap().contains("diesel::sql_query"));
}

#[tokio::test]
async fn r131_probe_19_no_role_gets_round_the_wall() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let round = "select rolname::text from pg_roles where rolbypassrls and not rolsuper";
    assert_eq!(names(&client, round).await, [""; 0]);
    let member = "select rolname::text from pg_roles where (rolsuper or rolname like 'pg\\_%') and pg_has_role('openilp_app', oid, 'member')";
    assert_eq!(names(&client, member).await, [""; 0], "the service may be somebody else");
}

#[tokio::test]
async fn r131_probe_20_no_part_of_a_table_is_open_by_itself() {
    let database = TestDatabase::from_template().await;
    let parts = "select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
                  where c.relkind in ('r', 'p') and has_table_privilege('openilp_app', c.oid, 'select, insert, update, delete')";
    assert_eq!(names(&database.owner().await, parts).await, [""; 0], "the wall of the whole does not hold for it");
}

#[tokio::test]
async fn r131_probe_22_a_copy_by_the_service_fails_instead_of_being_empty() {
    let database = TestDatabase::from_template().await;
    let client = service(&database).await;
    client.batch_execute("set row_security = off").await.unwrap();
    let refused = client.query("select * from people", &[]).await.unwrap_err();
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "pg_dump asks like this");
}

/// How many rows of each table there are, and how many of another district than this one: as whoever asks sees them.
async fn counts(client: &Client, tables: &[String], district: Uuid, which: &str) -> Vec<(String, i64, i64)> {
    // What a district offers is read by the others too (R39): of that, what is not offered.
    let of = |table: &str| match table {
        "model_plans" => format!("(select * from model_plans where district_id = '{district}' or not (offered and active)) model_plans"),
        _ => table.to_owned(),
    };
    let one = |table: &String| format!("select '{table}', count(*), count(*) filter (where district_id <> '{district}') from {} {which}", of(table));
    let all: Vec<String> = tables.iter().map(one).collect();
    client.query(&all.join(" union all "), &[]).await.unwrap().into_iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

/// SplitMix64, as in tests/model.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Rows of a table that nothing has filled: some value in every column, whatever the checks say of it.
async fn fill(owner: &Client, table: &str) {
    let checks =
        format!("select 'alter table {table} drop constraint ' || conname from pg_constraint where conrelid = '{table}'::regclass and contype = 'c'");
    let columns = format!(
        "select attname || '|' || format_type(atttypid, null) from pg_attribute
          where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '' order by attnum"
    );
    let mut all = String::from("begin; set local session_replication_role = replica;");
    for check in names(owner, &checks).await {
        all.push_str(&format!("{check};"));
    }
    let columns = names(owner, &columns).await;
    let columns: Vec<(&str, &str)> = columns.iter().map(|column| column.split_once('|').unwrap()).collect();
    for district in [ids::ALDER, ids::BIRCH] {
        let value = |(name, kind): &(&str, &str)| match (*name, *kind) {
            ("district_id", _) => format!("'{district}'"),
            (_, "uuid") => "gen_random_uuid()".to_owned(),
            (_, "text") => "md5(random()::text)".to_owned(),
            (_, "boolean") => "true".to_owned(),
            (_, "date") => "date '2026-10-15'".to_owned(),
            (_, "timestamp with time zone") => "timestamptz '2026-10-15Z'".to_owned(),
            (_, "jsonb") => "'{}'".to_owned(),
            (_, "bytea") => "'x'::bytea".to_owned(),
            (_, list) if list.ends_with("[]") => "'{}'".to_owned(),
            _ => "1".to_owned(),
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        all.push_str(&format!(
            "insert into {table} ({}) values ({});",
            columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
            values.join(", ")
        ));
    }
    all.push_str("commit");
    owner.batch_execute(&all).await.unwrap_or_else(|error| panic!("{table}: {error:?}"));
}

/// One more district with rows of every table, as many as it happens to have. They are those of other districts, with the same ids or new ones, and
/// no key is looked at: everything refers to what is in several districts, so that the wall alone divides.
async fn grow(owner: &Client, tables: &[String], district: Uuid, seed: &mut u64) {
    let mut all = String::from("begin; set local session_replication_role = replica;");
    for table in tables {
        let (rows, times) = (random(seed) % 12, 1 + random(seed) % 6);
        let columns = format!(
            "select quote_ident(attname) from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''"
        );
        let columns = names(owner, &columns).await.join(", ");
        all.push_str(&format!(
            "insert into {table} ({columns})
             select {columns} from (
               select x.* from (select * from {table} order by random() limit {rows}) t, generate_series(1, {times}) n,
                      jsonb_populate_record(null::{table}, to_jsonb(t) || jsonb_build_object('district_id', '{district}')
                        || case when n > 1 and to_jsonb(t) ? 'id' then jsonb_build_object('id', gen_random_uuid()) else '{{}}' end) x) y
             on conflict do nothing;"
        ));
    }
    all.push_str("commit");
    owner.batch_execute(&all).await.unwrap();
}

#[tokio::test]
async fn r131_g4_rows_that_postgresql_shows_never_cross_districts_on_random_worlds() {
    let worlds: usize = std::env::var("OPENILP_WORLDS").map_or(WORLDS, |text| text.parse().unwrap());
    let app = TestApp::start().await;
    let targets = Targets::of(&app).await;
    for place in [PLACES[0], PLACES[PLACES.len() - 1]] {
        for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
            targets.prepare(&operation, place).await;
        }
    }
    // From here on nobody writes but this test.
    app.running.stop().await;
    let (owner, client) = (app.database.owner().await, service(&app.database).await);
    let tables = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
                   order by relname collate \"C\"";
    let tables = names(&owner, tables).await;
    for (table, rows, _) in counts(&owner, &tables, ids::ALDER.0, "").await {
        if rows == 0 {
            fill(&owner, &table).await;
        }
    }
    let empty: Vec<String> = counts(&owner, &tables, ids::ALDER.0, "").await.into_iter().filter(|(_, rows, _)| *rows == 0).map(|(t, ..)| t).collect();
    assert_eq!(empty, [""; 0], "these tables have no row that could be shown to the wrong district");
    let (mut seed, mut decided, mut districts) = (2026, 0, vec![ids::ALDER.0, ids::BIRCH.0]);
    for _ in 0..worlds {
        for _ in 0..1 + random(&mut seed) % 3 {
            let district = Uuid::from_u128((0xd << 96) | u128::from(random(&mut seed)));
            grow(&owner, &tables, district, &mut seed).await;
            districts.push(district);
        }
        let all: i64 = counts(&owner, &tables, ids::ALDER.0, "").await.iter().map(|(_, rows, _)| rows).sum();
        // And one that has nothing.
        let nowhere = Uuid::from_u128(u128::from(random(&mut seed)));
        for district in districts.iter().copied().chain([nowhere]) {
            let there = counts(&owner, &tables, district, &format!("where district_id = '{district}'")).await;
            client.batch_execute(&format!("begin; set local app.district_id = '{district}'")).await.unwrap();
            let seen = counts(&client, &tables, district, "").await;
            let relations = "select count(*), count(*) filter (where district_id <> $1) from student_relations";
            let related = client.query_one(relations, &[&district]).await.unwrap();
            client.batch_execute("commit").await.unwrap();
            for ((table, seen, of_others), (_, there, _)) in seen.iter().zip(&there) {
                assert_eq!(*of_others, 0, "{table} shows {district} rows of others");
                assert_eq!(seen, there, "{table} in {district}");
            }
            // I2: a relation is made of rows of one district, though every person and every student here is in several.
            let alone = owner.query_one("select count(*) from student_relations where district_id = $1", &[&district]).await.unwrap();
            assert_eq!((related.get::<_, i64>(0), related.get::<_, i64>(1)), (alone.get(0), 0), "the relations of {district}");
            decided += all;
        }
    }
    println!("{decided} rows decided by the wall, of {} tables in {} districts", tables.len(), districts.len());
    assert!(decided > 20_000, "only {decided} rows");
}
