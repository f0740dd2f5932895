//! Single rows between loads, beside one statement of pgbench that writes the same rows and their journal.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use openilp_domain::id::DistrictId;

use super::export::{SECRET, token};
use super::measure::{Line, Manner, Watch};
use super::place::{Place, Service};
use crate::auth::secret_hash;

/// The client of the made-up information system.
const CLIENT: &str = "0199ffff-0000-7000-8000-000000000002";
/// Where the telephone number stands in a batch. Each time it is sent it has another one, so that every row changes.
const TELEPHONE: &str = "THE-TELEPHONE";

/// Batches go one after the other, as an information system sends them; so does pgbench.
pub async fn upsert(place: &Place, service: &Service, district: DistrictId, manner: &Manner, say: &dyn Fn(&str)) -> anyhow::Result<Line> {
    let (named, hash) = (district.to_string(), const_hex::encode(secret_hash(SECRET)));
    place.psql(include_str!("sql/upsert.sql"), &[("district", &named), ("client", CLIENT), ("hash", &hash)]).await?;
    let batches: Vec<String> = place.psql("select encode(convert_to(sent, 'UTF8'), 'hex') from bench.batches order by number", &[]).await?;
    let batches = batches.iter().map(|batch| Ok(String::from_utf8(const_hex::decode(batch)?)?)).collect::<anyhow::Result<Vec<_>>>()?;
    let size = batches.first().context("there are no students")?.lines().count();
    let script = place.folder.join("upsert.sql");
    let text =
        include_str!("sql/upsert_limit.sql").replace("$BATCHES", &batches.len().to_string()).replace("$DISTRICT", &format!("'{district}'::uuid"));
    tokio::fs::write(&script, text).await?;

    let token = token(place, CLIENT).await?;
    let http = reqwest::Client::new();
    let mut number = 0_usize;
    let mut rounds = Vec::new();
    for round in 0..=manner.rounds {
        let (watch, worked, start) = (Watch::start(place)?, service.process.worked(), Instant::now());
        let mut sent = 0.0;
        while start.elapsed() < manner.time {
            let batch = batches.get(number % batches.len()).context("no such batch")?;
            let body = batch.replace(TELEPHONE, &format!("401-{number:07}"));
            number += 1;
            let request = http.post(format!("http://{}/v1/roster-upserts", place.host)).bearer_auth(&token);
            let answer = request.header("Content-Type", "application/x-ndjson").body(body).send().await?.error_for_status()?.text().await?;
            let end = answer.lines().last().unwrap_or_default();
            let rows = batch.lines().count();
            if !end.contains(&format!("\"amended\":{rows}")) {
                bail!("a batch was not applied whole: {end}");
            }
            sent += f64::from(u32::try_from(rows)?);
        }
        let one = watch.stop(place, sent, service.process.worked().saturating_sub(worked))?;
        let watch = Watch::start(place)?;
        let rate = place.pgbench(&script, 1, manner.time.as_secs()).await? * f64::from(u32::try_from(size)?);
        let mut other = watch.stop(place, rate * manner.time.as_secs_f64(), Duration::ZERO)?;
        other.per_second = rate;
        // The first is not counted: tables are new to the caches.
        if round > 0 {
            say(&format!("  round {round}: {:.0} rows a second, limit {rate:.0}", one.per_second));
            rounds.push((one, other));
        }
    }
    Ok(Line::of("single rows, 500 at a time", "pgbench, one statement for the same rows", "rows", &rounds, None))
}
