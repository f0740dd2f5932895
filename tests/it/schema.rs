//! The schema of the database and what is said about it elsewhere: persistence/src/schema.rs, the labels of access, and
//! migrations that can be taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use openilp_domain::access::label;
use openilp_persistence::connect::Connector;
use openilp_persistence::migrate;
use openilp_tests::cluster::TestDatabase;
use openilp_tests::golden::assert_golden;
use tokio_postgres::Client;

/// Views have no primary key; these are the columns by which a row of one is told from the others.
const KEYS_OF_VIEWS: &[(&str, &[&str])] = &[("student_relations", &["district_id", "student_id", "person_id"])];

/// A column: its name, its type as diesel has it, whether it may be null.
type Column = (String, String, bool);

/// Tables and views in the order of their names, with their columns in order.
async fn relations(client: &Client) -> BTreeMap<String, Vec<Column>> {
    let query = "select c.relname::text, a.attname::text, format_type(a.atttypid, null), a.attnotnull
                   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by c.relname collate \"C\", a.attnum";
    let mut all: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in client.query(query, &[]).await.unwrap() {
        let (relation, column, sql, not_null): (String, String, String, bool) = (row.get(0), row.get(1), row.get(2), row.get(3));
        all.entry(relation).or_default().push((column, diesel_type(&sql), !not_null));
    }
    all
}

fn diesel_type(sql: &str) -> String {
    let name = match sql {
        "uuid" => "Uuid",
        "text" => "Text",
        "boolean" => "Bool",
        "smallint" => "Int2",
        "integer" => "Int4",
        "bigint" => "Int8",
        "date" => "Date",
        "double precision" => "Float8",
        "bytea" => "Bytea",
        "jsonb" => "Jsonb",
        "timestamp with time zone" => "Timestamptz",
        array if array.ends_with("[]") => return format!("Array<{}>", diesel_type(array.trim_end_matches("[]"))),
        other => panic!("say in tests/it/schema.rs what diesel calls {other}"),
    };
    name.into()
}

async fn primary_keys(client: &Client) -> BTreeMap<String, Vec<String>> {
    let query = "select c.relname::text, (select array_agg(a.attname::text order by k.n) from unnest(p.conkey) with ordinality k(num, n)
                          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num)
                   from pg_constraint p join pg_class c on c.oid = p.conrelid where p.contype = 'p' and c.relnamespace = 'public'::regnamespace";
    let of_tables = client.query(query, &[]).await.unwrap().into_iter().map(|row| (row.get(0), row.get(1)));
    let of_views = KEYS_OF_VIEWS.iter().map(|(view, key)| ((*view).to_owned(), key.iter().map(|c| (*c).to_owned()).collect()));
    of_tables.chain(of_views).collect()
}

#[tokio::test]
async fn the_schema_that_persistence_compiles_against_is_that_of_the_migrations() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let known = std::fs::read_to_string(openilp_tests::golden::root().join("persistence/src/schema.rs")).unwrap();
    let keys = primary_keys(&client).await;
    let mut text = String::from("// Generated from the migrations by the schema test (UPDATE=1); never edited by hand.\n");
    for (relation, columns) in relations(&client).await {
        if relation == "schema_migrations" {
            continue;
        }
        // A view is there if something is compiled against it.
        let is_view = KEYS_OF_VIEWS.iter().any(|(view, _)| *view == relation);
        if is_view && !known.contains(&format!("    {relation} (")) {
            continue;
        }
        let key = keys.get(&relation).unwrap_or_else(|| panic!("{relation} has no primary key; a view's stands in KEYS_OF_VIEWS"));
        write!(text, "\ndiesel::table! {{\n    {relation} ({}) {{\n", key.join(", ")).unwrap();
        for (column, kind, nullable) in columns {
            let kind = if is_view && !key.contains(&column) && nullable_in_view(&relation, &column) || !is_view && nullable {
                format!("Nullable<{kind}>")
            } else {
                kind
            };
            writeln!(text, "        {column} -> {kind},").unwrap();
        }
        text.push_str("    }\n}\n");
    }
    assert_golden("persistence/src/schema.rs", &text);
}

/// PostgreSQL does not say which columns of a view are never null.
fn nullable_in_view(view: &str, column: &str) -> bool {
    !matches!((view, column), ("student_relations", "relation" | "confirmed") | ("records", "student_id" | "version"))
}

#[tokio::test]
async fn g8_every_column_has_a_label_and_every_label_a_column() {
    let database = TestDatabase::from_template().await;
    let client = database.owner().await;
    let mut there = BTreeSet::new();
    for (table, columns) in relations(&client).await {
        if table == "schema_migrations" || KEYS_OF_VIEWS.iter().any(|(view, _)| *view == table) {
            continue;
        }
        for (column, ..) in columns {
            assert!(
                label::column(&table, &column).is_some(),
                "{table}.{column} has no label: say in domain/src/access/label/columns.rs which section it belongs to"
            );
            there.insert(format!("{table}.{column}"));
        }
    }
    for (table, groups) in label::columns() {
        for column in groups.iter().flat_map(|(_, names)| names.iter()) {
            assert!(there.contains(&format!("{table}.{column}")), "the label of {table}.{column} is stale: there is no such column");
        }
    }
}

/// Everything in the schema public that a migration makes: one line each.
async fn catalog(connector: &Connector) -> BTreeSet<String> {
    let client = connector.client().await.unwrap();
    let mut lines = BTreeSet::new();
    for query in [
        "select concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid), a.attacl)
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')",
        "select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace",
        "select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = 'public'",
        "select concat_ws(' ', 'view', viewname, definition) from pg_views where schemaname = 'public'",
        "select concat_ws(' ', 'function', pg_get_functiondef(oid), proacl) from pg_proc where pronamespace = 'public'::regnamespace and prokind <> 'a'",
        "select concat_ws(' ', 'policy', tablename, policyname, roles, cmd, qual, with_check) from pg_policies where schemaname = 'public'",
        "select concat_ws(' ', 'relation', relname, relkind, relrowsecurity, relforcerowsecurity, relacl, reloptions) from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S')",
        "select concat_ws(' ', 'schema', nspname, nspacl) from pg_namespace where nspname = 'public'",
        "select concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal",
    ] {
        lines.extend(client.query(query, &[]).await.unwrap().into_iter().map(|row| row.get::<_, String>(0)));
    }
    lines
}

#[tokio::test]
async fn migrations_taken_back_and_made_again_leave_the_same_schema() {
    let database = TestDatabase::empty().await;
    let empty = catalog(&database.connector).await;
    migrate::up(&database.connector).await.unwrap();
    let first = catalog(&database.connector).await;
    assert!(first.len() > 300, "the catalog has only {} entries", first.len());
    migrate::down_all(&database.connector).await.unwrap();
    // The functions of replaceable.sql are replaced, never dropped: nothing depends on whether they are there.
    let stays = |line: &&String| line.starts_with("function ") || line.contains("schema_migrations") || line.starts_with("schema ");
    let now = catalog(&database.connector).await;
    let left: Vec<_> = now.difference(&empty).filter(|line| !stays(line)).collect();
    assert_eq!(left, [""; 0], "taking the migrations back leaves something behind");
    migrate::up(&database.connector).await.unwrap();
    let second = catalog(&database.connector).await;
    let differences: Vec<_> = first.symmetric_difference(&second).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn each_migration_can_be_taken_back_alone() {
    let database = TestDatabase::empty().await;
    let mut steps = vec![];
    migrate::up(&database.connector).await.unwrap();
    let whole = catalog(&database.connector).await;
    while let Some(name) = migrate::down_one(&database.connector).await.unwrap() {
        steps.push(name);
    }
    assert!(steps.len() > 5, "{steps:?}");
    migrate::up(&database.connector).await.unwrap();
    assert!(catalog(&database.connector).await == whole);
}
