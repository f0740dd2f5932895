//! Migrations on a fresh database: up, down, up; and what is refused.

use openilp_persistence::migrate::{self, MigrateError};

use crate::place::{Place, database, value};

/// The schema as PostgreSQL describes it: columns, constraints, indexes, policies, views, rights.
const SCHEMA: &str = "
    select md5(string_agg(line, E'\\n' order by line)) from (
      select format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) from information_schema.columns where table_schema = 'public'
      union all select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'public'::regnamespace
      union all select indexdef from pg_indexes where schemaname = 'public'
      union all select format('%s', p) from pg_policies p where schemaname = 'public'
      union all select format('%s %s', viewname, definition) from pg_views where schemaname = 'public'
      union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all select format('%s %s', relname, relacl) from pg_class where relnamespace = 'public'::regnamespace) lines (line)";

#[tokio::test(flavor = "multi_thread")]
async fn up_down_up_ends_where_up_did() {
    let place = Place::new();
    let embedded = place.server().await;
    let connector = database(&embedded, "openilp").await;

    let fresh = migrate::status(&connector).await.unwrap();
    assert!(fresh.applied.is_empty() && fresh.check_current().is_err());
    let applied = migrate::up(&connector).await.unwrap();
    assert_eq!(applied, fresh.pending);
    let schema = value(&connector, SCHEMA).await;
    let status = migrate::status(&connector).await.unwrap();
    status.check_current().unwrap();
    assert_eq!(status.applied, applied);
    assert!(migrate::up(&connector).await.unwrap().is_empty());
    assert_eq!(value(&connector, SCHEMA).await, schema, "nothing to do is nothing done");

    assert_eq!(migrate::down_one(&connector).await.unwrap().as_ref(), applied.last());
    assert_eq!(migrate::up(&connector).await.unwrap().len(), 1);
    assert_eq!(value(&connector, SCHEMA).await, schema);

    let mut undone = migrate::down_all(&connector).await.unwrap();
    undone.reverse();
    assert_eq!(undone, applied);
    let left = "select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')";
    assert_eq!(value(&connector, left).await, "schema_migrations");
    assert_eq!(migrate::down_one(&connector).await.unwrap(), None);
    migrate::up(&connector).await.unwrap();
    assert_eq!(value(&connector, SCHEMA).await, schema);
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_or_an_unknown_migration_is_refused() {
    let place = Place::new();
    let embedded = place.server().await;
    let connector = database(&embedded, "openilp").await;
    let applied = migrate::up(&connector).await.unwrap();
    let client = connector.client().await.unwrap();

    client.batch_execute("insert into schema_migrations values ('9999_later', 'x', now())").await.unwrap();
    let error = migrate::up(&connector).await.unwrap_err();
    assert!(matches!(&error, MigrateError::Newer(names) if names == &["9999_later"]), "{error}");
    assert!(matches!(migrate::down_one(&connector).await, Err(MigrateError::Newer(_))));
    client.batch_execute("delete from schema_migrations where version = '9999_later'").await.unwrap();

    client.execute("update schema_migrations set hash = 'other' where version = $1", &[&applied[1]]).await.unwrap();
    let error = migrate::up(&connector).await.unwrap_err();
    assert!(matches!(&error, MigrateError::Edited(names) if names == &applied[1..2]), "{error}");
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_made_again_when_their_text_changed() {
    let place = Place::new();
    let embedded = place.server().await;
    let connector = database(&embedded, "openilp").await;
    migrate::up(&connector).await.unwrap();
    let client = connector.client().await.unwrap();
    client.batch_execute("drop view student_relations").await.unwrap();
    client.batch_execute("update schema_migrations set hash = 'old' where version = 'replaceable.sql'").await.unwrap();
    assert!(!migrate::status(&connector).await.unwrap().replaceable_is_current);
    assert!(migrate::up(&connector).await.unwrap().is_empty());
    assert_eq!(value(&connector, "select count(*) from student_relations").await, "0");
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_migrate_at_once_take_turns() {
    let place = Place::new();
    let embedded = place.server().await;
    let connector = database(&embedded, "openilp").await;
    let (one, other, another) = tokio::join!(migrate::up(&connector), migrate::up(&connector), migrate::up(&connector));
    let mut applied = [one.unwrap().len(), other.unwrap().len(), another.unwrap().len()];
    applied.sort_unstable();
    assert_eq!(applied[..2], [0, 0]);
    assert!(applied[2] > 0);
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_statement_is_named_and_leaves_nothing() {
    let place = Place::new();
    let embedded = place.server().await;
    let connector = database(&embedded, "openilp").await;
    connector.client().await.unwrap().batch_execute("create table districts (n int)").await.unwrap();
    let error = migrate::up(&connector).await.unwrap_err();
    assert!(
        matches!(&error, MigrateError::Statement { version, statement, .. }
        if version == "0001_tenancy" && statement == "create table districts ("),
        "{error}"
    );
    assert_eq!(value(&connector, "select to_regclass('deployment') is null").await, "t");
    assert!(migrate::status(&connector).await.unwrap().applied.is_empty());
    embedded.stop().await.unwrap();
}
