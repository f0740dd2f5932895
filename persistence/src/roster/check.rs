//! Checking: a bundle is read, validated and compared, and nothing of it is kept.

use chrono::{DateTime, Utc};
use openilp_domain::id::DistrictId;
use openilp_domain::roster::{LoadMode, ReadingMode, Report, RosterFault, Source};
use openilp_domain::time::school_year_of;

use super::run::values_of;
use super::work::{Work, begin, connect};
use super::{Reader, compare, hold, report, stage, validate};
use crate::connect::Connector;
use crate::error::Result;

/// What a bundle would do, or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The form of its files.
    pub mode: LoadMode,
    /// What it would change; where it has faults, what was mended.
    pub report: Option<Report>,
    /// How many faults it has.
    pub fault_count: i64,
    /// The first of them.
    pub faults: Vec<RosterFault>,
}

/// Checks a bundle for a district, on a connection of its own. At most so many faults are listed.
///
/// # Errors
/// Where the database or the disk fails; a bundle that is wrong is no error.
pub async fn check(
    connector: &Connector,
    district: DistrictId,
    source: &Source,
    mut bundle: std::fs::File,
    at: DateTime<Utc>,
    (reader, reading): (Reader, ReadingMode),
    faults_max: i64,
) -> Result<Checked> {
    std::io::Seek::rewind(&mut bundle).map_err(|error| stage::io(&error))?;
    let client = connect(connector).await?;
    begin(&client, district).await?;
    let values = values_of(&client, district, source.as_str(), at).await?;
    let mut work = Work { client, values, near: false };
    stage::make_tables(&work).await?;
    let parsed = stage::read(&work, bundle, (reader, reading), async |_, _| Ok(())).await?;
    let mode = parsed.mode();
    let fault_count = validate::find(&work, &parsed).await?;
    let checked = if fault_count > 0 {
        let report = Report::of_refused(school_year_of(work.values.today), parsed.repairs);
        Checked { mode, report, fault_count, faults: validate::listed(&work, faults_max).await? }
    } else {
        compare::compare(&mut work, async |_, _| Ok(())).await?;
        let mut report = report::report(&work).await?;
        (report.repairs, report.not_kept) = (parsed.repairs, parsed.not_kept);
        report.repairs.extend(super::merged::told(&work).await?);
        report.hold = hold::find(&work).await?;
        Checked { mode, report: Some(report), fault_count, faults: vec![] }
    };
    work.plain("rollback").await?;
    Ok(checked)
}
