//! A migrated database, districts made in it, and imports run there.

use std::path::PathBuf;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use openilp_api::roster_export::export_roster;
use openilp_api::roster_import::run_import;
use openilp_domain::id::{DistrictId, RosterImportId};
use openilp_domain::roster::{ImportStatus, ReadingMode, Report, RosterFault, RosterImport, Source};
use openilp_persistence::connect::Connector;
use openilp_persistence::roster::{self, NewImport, Progress};
use openilp_persistence::{Db, migrate};
use openilp_tests::cluster::TestDatabase;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A Monday in the school year 2026-27.
pub fn now() -> DateTime<Utc> {
    "2026-11-02T15:00:00Z".parse().unwrap()
}

/// The tables that an import writes.
#[rustfmt::skip]
const TABLES: [&str; 29] = [
    "schools", "academic_sessions", "courses", "classes", "class_terms", "people", "students", "roles", "enrollments", "external_identifiers",
    "guardian_links", "assignments", "ilp_files", "plans", "divisions", "registrations",
    "addresses", "telephones", "student_flags", "guardian_claims", "assignment_claims", "caseload_claims", "state_identifiers", "attendance_totals", "year_outcomes", "post_school_outcomes",
    "categories", "line_items", "report_cards",
];

pub struct World {
    database: TestDatabase,
    clock: Mutex<DateTime<Utc>>,
    pub db: Db,
    /// Where bundles are put together.
    pub folder: PathBuf,
}

/// How an import ended.
#[derive(Debug)]
pub struct Ended {
    pub import: RosterImport,
    pub faults: Vec<RosterFault>,
}

impl Ended {
    /// The report of an import that went through.
    pub fn report(&self) -> &Report {
        assert_eq!(self.faults, []);
        self.import.report.as_ref().unwrap()
    }

    /// Faults as `file:row:column code`.
    pub fn places(&self) -> Vec<String> {
        let place = |f: &RosterFault| format!("{}:{}:{} {}", f.file, f.row, f.column.as_deref().unwrap_or_default(), f.code);
        self.faults.iter().map(place).collect()
    }
}

impl World {
    pub async fn start() -> Self {
        let database = TestDatabase::empty().await;
        migrate::up(&database.connector).await.unwrap();
        let db = Db::new(database.connector.clone(), 4, Default::default()).unwrap();
        Self { database, clock: Mutex::new(now()), db, folder: std::env::temp_dir() }
    }

    /// From here on it is another time.
    pub fn set_clock(&self, at: &str) {
        *self.clock.lock().unwrap() = at.parse().unwrap();
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    pub fn connector(&self) -> &Connector {
        &self.database.connector
    }

    /// A new district with a requirement profile.
    pub async fn district(&self, profile: &str) -> DistrictId {
        let id = openilp_persistence::new_id(now());
        self.sql(&format!("insert into districts values ('{id}', 'Test', 'UT', null, 'America/Denver', '{profile}', false, false, 1, now(), now())"))
            .await;
        id.into()
    }

    /// Statements, as the owner of the tables.
    pub async fn sql(&self, text: &str) {
        self.connector().client().await.unwrap().batch_execute(text).await.unwrap();
    }

    /// One value as text, as the owner of the tables.
    pub async fn value(&self, text: &str) -> String {
        let client = self.connector().client().await.unwrap();
        client.query_one(&format!("select ({text})::text"), &[]).await.unwrap().get::<_, Option<String>>(0).unwrap_or_default()
    }

    /// Everything that an import may change, in one hash.
    pub async fn state(&self) -> String {
        let hashes = TABLES.map(|table| format!("(select md5(string_agg(t::text, ';' order by t::text)) from {table} t)"));
        let journal = "(select count(*)::text from changes where kind <> 'rosterImport')";
        self.value(&format!("concat_ws(',', {}, {journal})", hashes.join(", "))).await
    }

    /// What the district holds, but for versions and times.
    pub async fn content(&self) -> String {
        let rows = TABLES.map(|table| {
            let row = "to_jsonb(t) - 'version' - 'updated_at'";
            format!("(select string_agg('{table} ' || ({row})::text, E'\n' order by ({row})::text) from {table} t)")
        });
        self.value(&format!("concat_ws(E'\n', {})", rows.join(", "))).await
    }

    pub async fn hand_in(&self, district: DistrictId, bundle: &[u8], dry_run: bool) -> RosterImportId {
        self.hand_in_as(district, bundle, dry_run, ReadingMode::Strict).await
    }

    async fn hand_in_as(&self, district: DistrictId, bundle: &[u8], dry_run: bool, reading: ReadingMode) -> RosterImportId {
        let mut file = roster::nameless_file(&self.folder, self.now()).await.unwrap();
        file.write_all(bundle).await.unwrap();
        let new = NewImport { source: Source::default(), dry_run, reading, request_id: Some("r-1".into()) };
        self.db.system(district, self.now(), async |tx| roster::create(tx, None, new, &mut file).await).await.unwrap().id
    }

    pub async fn run(&self, district: DistrictId, import: RosterImportId, progress: impl FnMut(Progress)) -> Option<ImportStatus> {
        run_import(self.connector(), district, import, &self.folder, || self.now(), progress).await.unwrap()
    }

    pub async fn ended(&self, district: DistrictId, id: RosterImportId) -> Ended {
        let import = self.db.system(district, self.now(), async |tx| roster::find(tx, None, id).await).await.unwrap();
        let faults = self.db.system(district, self.now(), async |tx| roster::faults(tx, None, id, 0, 1000).await).await.unwrap();
        Ended { import, faults }
    }

    async fn whole(&self, district: DistrictId, bundle: &[u8], dry_run: bool) -> Ended {
        let id = self.hand_in(district, bundle, dry_run).await;
        let status = self.run(district, id, |_| {}).await.unwrap();
        let ended = self.ended(district, id).await;
        assert_eq!(ended.import.status, status, "{:?}", ended.faults);
        ended
    }

    /// Lets a held load go on, and runs it.
    pub async fn release(&self, district: DistrictId, held: &Ended) -> Ended {
        let (id, hash) = (held.import.id, held.import.bundle_hash.clone());
        self.db.system(district, self.now(), async |tx| roster::release(tx, None, id, &hash).await).await.unwrap();
        self.run(district, id, |_| {}).await.unwrap();
        self.ended(district, id).await
    }

    /// Takes a load back.
    pub async fn take_back(&self, district: DistrictId, load: RosterImportId) -> Ended {
        let asked = self.db.system(district, self.now(), async |tx| roster::take_back(tx, None, load, None).await).await.unwrap();
        self.run(district, asked.id, |_| {}).await.unwrap();
        self.ended(district, asked.id).await
    }

    /// The roster of the source as it is known, as a bundle.
    pub async fn export(&self, district: DistrictId) -> Vec<u8> {
        let asked = self.db.system(district, self.now(), async |tx| roster::exportable(tx, None, Source::default(), ("test", "r-1")).await).await;
        let mut exported = export_roster(self.connector(), asked.unwrap(), &self.folder, |_, _| {}).await.unwrap();
        let mut bytes = vec![];
        exported.file.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(exported.bytes, u64::try_from(bytes.len()).unwrap());
        bytes
    }

    /// Imports a bundle, mended where it can be.
    pub async fn import_tolerantly(&self, district: DistrictId, bundle: &[u8]) -> Ended {
        let id = self.hand_in_as(district, bundle, false, ReadingMode::Tolerant).await;
        self.run(district, id, |_| {}).await.unwrap();
        self.ended(district, id).await
    }

    pub async fn import(&self, district: DistrictId, bundle: &[u8]) -> Ended {
        self.whole(district, bundle, false).await
    }

    pub async fn dry_run(&self, district: DistrictId, bundle: &[u8]) -> Ended {
        self.whole(district, bundle, true).await
    }
}
