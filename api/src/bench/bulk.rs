//! Bulk work: the import of a roster beside COPY of the rows that it writes.

use std::time::Duration;

use anyhow::{Context, bail};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{ImportStatus, ReadingMode, Source};
use openilp_persistence::roster::{self, NewImport};

use super::measure::{Line, Watch};
use super::place::Place;
use super::process::{self, Process};
use crate::roster_import::run_import;
use crate::state::{Clock, SystemClock};
use crate::synthetic;

/// What an import writes, in the order in which references allow it.
const TABLES: [&str; 17] = [
    "schools", "academic_sessions", "courses", "classes", "class_terms", "people", "students", "roles", "enrollments", "external_identifiers",
    "guardian_links", "ilp_files", "plans", "divisions", "registrations", "assignments", "changes",
];

/// What the import of a district gave: the district, and what was measured.
pub struct Imported {
    /// The district.
    pub district: DistrictId,
    /// Its import, beside COPY of the rows that it wrote.
    pub first: Line,
    /// The import of the same files again, as on most nights, beside the first one.
    pub again: Line,
}

/// Imports a new made-up district, and once more; then copies what that wrote into empty tables of the same shape.
pub async fn import(place: &Place, students: usize, say: &dyn Fn(&str)) -> anyhow::Result<Imported> {
    let clock = || SystemClock.now();
    let district = DistrictId(openilp_persistence::new_id(clock()));
    let script =
        "insert into districts values (:'district', 'Alder Valley', 'RI', null, 'America/New_York', 'us-ri-ride', true, false, 1, now(), now())";
    place.psql(script, &[("district", &district.to_string())]).await?;
    let bundle = place.folder.join("bundle.zip");
    let (path, options) = (bundle.clone(), synthetic::Options { students, ..synthetic::Options::default() });
    say(&format!("making up {students} students"));
    let made =
        tokio::task::spawn_blocking(move || synthetic::write_bundle(std::io::BufWriter::new(std::fs::File::create(path)?), &options, &mut |_| {}));
    made.await?.context("the bundle cannot be written")?;

    say("importing the roster");
    let Loaded { side: served, growth, rows } = load(place, district, &bundle, say).await?;
    say("importing it again");
    let again = load(place, district, &bundle, say).await?;

    say(&format!("copying {rows:.0} rows"));
    copy_out(place).await?;
    let limit = copy_in(place, rows).await?;
    std::fs::remove_file(&bundle)?;
    say(&format!("  {:.0} rows a second, limit {:.0}", served.per_second, limit.per_second));
    let mut line = Line::of("import of a district", "psql COPY of the same rows, indexes and references", "rows", &[(served, limit)], None);
    line.growth = Some(growth);
    let mut repeated = Line::of("import of the same files again", "the first import of them", "rows", &[(again.side, served)], Some(3.0));
    repeated.growth = Some(again.growth);
    Ok(Imported { district, first: line, again: repeated })
}

/// What one import took.
struct Loaded {
    side: super::measure::Side,
    growth: u64,
    /// Rows that the district has in the tables.
    rows: f64,
}

async fn load(place: &Place, district: DistrictId, bundle: &std::path::Path, say: &dyn Fn(&str)) -> anyhow::Result<Loaded> {
    let clock = || SystemClock.now();
    let me = Process::alone(i32::try_from(std::process::id())?);
    me.forget_peak()?;
    let before = me.memory()?.resident;
    let watch = Watch::start(place)?;
    let worked = process::own();
    let mut file = tokio::fs::File::open(bundle).await?;
    let new = NewImport { source: Source::default(), dry_run: false, reading: ReadingMode::Strict, request_id: None };
    let job = place.db.system(district, clock(), async |tx| roster::create(tx, None, new, &mut file).await).await?.id;
    let mut told = None;
    let ended = run_import(&place.connector, district, job, &place.folder, clock, |at| {
        if told != Some(at.status) {
            say(&format!("  {}", at.status));
        }
        told = Some(at.status);
    });
    let ended = ended.await?;
    if ended != Some(ImportStatus::Applied) {
        bail!("the import ended as {ended:?}");
    }
    let worked = process::own().saturating_sub(worked);
    let growth = me.memory()?.peak.saturating_sub(before);
    let rows = rows(place, district).await?;
    let mut side = watch.stop(place, rows, worked)?;
    // Here service and client are one process.
    side.client_micros = 0.0;
    Ok(Loaded { side, growth, rows })
}

async fn rows(place: &Place, district: DistrictId) -> anyhow::Result<f64> {
    let counts: Vec<String> = TABLES.iter().map(|table| format!("(select count(*) from {table} where district_id = '{district}')")).collect();
    let total = place.psql(&format!("select {}", counts.join(" + ")), &[]).await?;
    total.first().context("no count")?.parse().context("no count")
}

fn file_of(place: &Place, table: &str) -> String {
    place.folder.join(format!("{table}.copy")).display().to_string()
}

/// The tables whole: there is one district. Copied so, and not by a query, they come without the columns that are computed.
async fn copy_out(place: &Place) -> anyhow::Result<()> {
    let lines: Vec<String> = TABLES.iter().map(|table| format!("\\copy {table} to '{}'", file_of(place, table))).collect();
    place.psql(&lines.join("\n"), &[]).await?;
    Ok(())
}

/// Copies of the tables with their indexes, checks and references, filled in one transaction as the import is.
async fn copy_in(place: &Place, rows: f64) -> anyhow::Result<super::measure::Side> {
    let likes: Vec<String> = TABLES.iter().map(|table| format!("create table copies.{table} (like public.{table} including all);")).collect();
    place.psql(&format!("drop schema if exists copies cascade; create schema copies; {}", likes.join(" ")), &[]).await?;
    let list: Vec<String> = TABLES.iter().map(|table| format!("'{table}'::regclass")).collect();
    let references = format!(
        "select format('alter table copies.%I add constraint %I %s;', conrelid::regclass::text, conname, pg_get_constraintdef(oid))
           from pg_constraint where contype = 'f' and conrelid in ({})",
        list.join(", ")
    );
    let references = place.psql(&references, &[]).await?;
    // What they refer to is found among the copies first.
    place.psql(&format!("set search_path = copies, public;\n{}", references.join("\n")), &[]).await?;
    place.psql("checkpoint", &[]).await?;
    let lines: Vec<String> = TABLES.iter().map(|table| format!("\\copy copies.{table} from '{}'", file_of(place, table))).collect();
    let watch = Watch::start(place)?;
    place.psql(&format!("begin;\n{}\ncommit;", lines.join("\n")), &[]).await?;
    let side = watch.stop(place, rows, Duration::ZERO)?;
    place.psql("drop schema copies cascade", &[]).await?;
    for table in TABLES {
        std::fs::remove_file(file_of(place, table))?;
    }
    Ok(side)
}
