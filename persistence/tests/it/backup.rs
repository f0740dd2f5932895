//! Backups: what is restored is what was there, and what is not is refused.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use openilp_persistence::{
    backup::{BackupError, Backups, Manifest, Step},
    connect::Connector,
    embedded::Embedded,
    migrate,
};

use crate::place::{Place, database, value};

const DISTRICT: &str = "019a0000-0000-7000-8000-000000000001";

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn backups(embedded: &Embedded, name: &str) -> Backups {
    Backups {
        connector: Connector::new(&embedded.connection_string(name)).unwrap(),
        binaries: Some(embedded.binaries().folder.clone()),
        search_path: None,
    }
}

/// A migrated database with a district, 200 schools, and a journal with bytes in it.
async fn filled(embedded: &Embedded, name: &str) -> Connector {
    let connector = database(embedded, name).await;
    migrate::up(&connector).await.unwrap();
    let client = connector.client().await.unwrap();
    client
        .batch_execute(&format!(
            "insert into districts (id, name, state_code, time_zone, requirement_profile, roster_teachers, guardians_trusted, version, created_at, updated_at)
             values ('{DISTRICT}', 'Ünïted', 'RI', 'America/New_York', 'us-ri-ride', true, false, 1, now(), now());
             insert into schools (district_id, id, name, active, version, created_at, updated_at)
             select '{DISTRICT}', app_uuid7(), E'School \\n\\t' || n, true, 1, now(), now() from generate_series(1, 200) n;
             insert into changes (district_id, id, position, at, kind, resource_id, version, operation)
             select '{DISTRICT}', app_uuid7(), n, now(), 'goal', app_uuid7(), 1, 'created' from generate_series(1, 50) n;
             insert into change_bodies (district_id, change_id, codec, body) select district_id, id, 0, decode(md5(id::text), 'hex') from changes"
        ))
        .await
        .unwrap();
    connector
}

fn silent(_: Step) {}

/// Changes the manifest of a backup.
fn edit(folder: &Path, change: impl FnOnce(&mut Manifest)) {
    let file = folder.join("manifest.json");
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&file, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_is_what_was_backed_up() {
    let place = Place::new();
    let embedded = place.server().await;
    let original = filled(&embedded, "original").await;
    let folder = place.folder.join("backup");
    let mut steps = Vec::new();
    let made = backups(&embedded, "original").backup(&folder, at(), &mut |step| steps.push(step.to_string())).await.unwrap();
    assert_eq!(made.proof.tables["public.schools"].rows, 200);
    assert_eq!(made.proof.rows(), value(&original, "select 1 + 1 + 200 + 50 + 50 + count(*) from schema_migrations").await.parse::<u64>().unwrap());
    assert!(steps.iter().any(|step| step.starts_with("counting schools (")), "{steps:?}");
    assert_eq!(made.migrations, [migrate::status(&original).await.unwrap().applied, vec!["replaceable.sql".to_owned()]].concat());
    let again = backups(&embedded, "original").backup(&folder, at(), &mut silent).await.unwrap_err();
    assert!(matches!(again, BackupError::Exists(_)), "{again}");

    assert_eq!(backups(&embedded, "original").prove(&folder, &mut silent).await.unwrap(), made);
    assert_eq!(backups(&embedded, "copy").restore(&folder, false, &mut silent).await.unwrap(), made);
    let copy = backups(&embedded, "copy").connector;
    let taken = backups(&embedded, "copy").backup(&place.folder.join("second"), at(), &mut silent).await.unwrap();
    let without_epoch = |manifest: &Manifest| {
        let mut proof = manifest.proof.clone();
        proof.tables.remove("public.deployment");
        proof
    };
    assert_eq!(without_epoch(&taken), without_epoch(&made));
    let epoch = "select epoch from deployment";
    assert_ne!(value(&copy, epoch).await, value(&original, epoch).await);
    // The tenant wall stands in the copy: the service sees nothing without a district, and its own with one.
    let client = copy.client().await.unwrap();
    client.batch_execute("set role openilp_app").await.unwrap();
    let seen = async || client.query_one("select count(*) from schools", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(seen().await, 0);
    client.batch_execute(&format!("set app.district_id = '{DISTRICT}'")).await.unwrap();
    assert_eq!(seen().await, 200);
    migrate::status(&copy).await.unwrap().check_current().unwrap();
    let left = "select string_agg(datname, ' ' order by datname) from pg_database where not datistemplate";
    assert_eq!(value(&original, left).await, "copy original postgres");
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_not_sure_changes_nothing() {
    let place = Place::new();
    let embedded = place.server().await;
    let original = filled(&embedded, "openilp").await;
    let backups = backups(&embedded, "openilp");
    let folder = place.folder.join("backup");
    backups.backup(&folder, at(), &mut silent).await.unwrap();
    original.client().await.unwrap().batch_execute("delete from change_bodies").await.unwrap();

    let refused = backups.restore(&folder, false, &mut silent).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotEmpty(_)), "{refused}");
    let session = original.client().await.unwrap();
    let refused = backups.restore(&folder, true, &mut silent).await.unwrap_err();
    assert!(matches!(refused, BackupError::InUse { sessions: 1, .. }), "{refused}");
    drop(session);

    // A lost row, other contents, a lost policy: as the manifest has it, for the dump is protected by its hash.
    let schools = "public.schools";
    edit(&folder, |manifest| manifest.proof.tables.get_mut(schools).unwrap().rows += 1);
    let refused = backups.restore(&folder, true, &mut silent).await.unwrap_err();
    assert_eq!(refused.to_string(), "what was restored is not what was backed up: public.schools has 200 rows, not 201");
    edit(&folder, |manifest| {
        manifest.proof.tables.get_mut(schools).unwrap().rows -= 1;
        manifest.proof.tables.get_mut(schools).unwrap().checksum.push('0');
        *manifest.proof.objects.get_mut("policies").unwrap() += 1;
    });
    let refused = backups.prove(&folder, &mut silent).await.unwrap_err();
    assert!(matches!(&refused, BackupError::Differs(all) if all.len() == 2), "{refused}");
    edit(&folder, |manifest| {
        manifest.proof.tables.get_mut(schools).unwrap().checksum.pop();
        *manifest.proof.objects.get_mut("policies").unwrap() -= 1;
        manifest.migrations.push("9999_later".to_owned());
    });
    let refused = backups.restore(&folder, true, &mut silent).await.unwrap_err();
    assert!(matches!(refused, BackupError::Newer { .. }), "{refused}");
    edit(&folder, |manifest| manifest.migrations.truncate(1));

    let dump = folder.join("database.dump");
    let whole = fs::read(&dump).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&dump, &damaged).unwrap();
    let refused = backups.restore(&folder, true, &mut silent).await.unwrap_err();
    assert!(matches!(refused, BackupError::Damaged(_)), "{refused}");
    // Even with a hash that fits, a dump cut short is noticed.
    fs::write(&dump, &whole[..whole.len() - 400]).unwrap();
    let cut = sha256_of(&whole[..whole.len() - 400]);
    edit(&folder, |manifest| {
        manifest.dump_bytes -= 400;
        manifest.dump_sha256 = cut;
    });
    let refused = backups.restore(&folder, true, &mut silent).await.unwrap_err();
    assert!(matches!(refused, BackupError::Program { program: "pg_restore", .. } | BackupError::Differs(_)), "{refused}");
    assert_eq!(value(&original, "select count(*) from schools").await, "200");
    assert_eq!(value(&original, "select count(*) from change_bodies").await, "0", "nothing was restored so far");

    fs::write(&dump, &whole).unwrap();
    let hash = sha256_of(&whole);
    edit(&folder, |manifest| {
        manifest.dump_bytes += 400;
        manifest.dump_sha256 = hash;
    });
    backups.restore(&folder, true, &mut silent).await.unwrap();
    assert_eq!(value(&original, "select count(*) from change_bodies").await, "50");
    assert_eq!(
        value(&original, "select string_agg(datname, ' ' order by datname) from pg_database where not datistemplate").await,
        "openilp postgres"
    );
    embedded.stop().await.unwrap();
}

fn sha256_of(bytes: &[u8]) -> String {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_by_a_role_that_policies_bind_is_refused() {
    let place = Place::new();
    let embedded = place.server().await;
    let original = filled(&embedded, "openilp").await;
    original
        .client()
        .await
        .unwrap()
        .batch_execute("create role service login; grant openilp_app to service; create role owner_only login; grant pg_read_all_data to owner_only")
        .await
        .unwrap();
    let url = embedded.connection_string("openilp");
    let folder = place.folder.join("backup");
    for (url, role) in [
        (format!("{url} options='-c role=openilp_app'"), "openilp_app"),
        (url.replace("user=openilp", "user=service"), "service"),
        (url.replace("user=openilp", "user=owner_only"), "owner_only"),
    ] {
        let bound = Backups { connector: Connector::new(&url).unwrap(), ..backups(&embedded, "openilp") };
        let refused = bound.backup(&folder, at(), &mut silent).await.unwrap_err();
        assert!(matches!(&refused, BackupError::BoundRole(name) if name == role), "{refused}");
        assert!(!folder.exists());
    }
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_writes_is_of_one_moment() {
    let place = Place::new();
    let embedded = place.server().await;
    let original = filled(&embedded, "openilp").await;
    let writer = original.client().await.unwrap();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let writing = tokio::spawn({
        let stop = stop.clone();
        async move {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let write = "with moved as (delete from schools where id in (select id from schools limit 3) returning *)
                             insert into changes (district_id, id, at, kind, resource_id, version, operation)
                             select district_id, app_uuid7(), now(), 'school', id, 1, 'removed' from moved;
                             insert into schools select id, app_uuid7(), 'new', null, true, 1, now(), now() from districts, generate_series(1, 4)";
                writer.batch_execute(write).await.unwrap();
            }
        }
    });
    let folder = place.folder.join("backup");
    let made = backups(&embedded, "openilp").backup(&folder, at(), &mut silent).await.unwrap();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writing.await.unwrap();
    let now: u64 = value(&original, "select count(*) from schools").await.parse().unwrap();
    assert!(now > made.proof.tables["public.schools"].rows, "the writer wrote during the backup");
    assert_eq!(backups(&embedded, "openilp").prove(&folder, &mut silent).await.unwrap(), made);
    embedded.stop().await.unwrap();
}
