//! The state's export of a whole collection beside psql that writes the same rows as JSON.

use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openilp_domain::id::DistrictId;
use serde_json::Value;

use super::load::drain;
use super::measure::{Line, Watch};
use super::place::{Place, Service};
use crate::auth::secret_hash;

/// The client of the made-up state.
const CLIENT: &str = "0199ffff-0000-7000-8000-000000000001";
/// Of the made-up clients.
pub const SECRET: &str = "worth-nothing-outside-of-a-benchmark";

/// Exports and their limit take turns; the first export, which computes the collection, is not counted.
pub async fn export(place: &Place, service: &Service, district: DistrictId, rounds: usize, say: &dyn Fn(&str)) -> anyhow::Result<Line> {
    let hash = const_hex::encode(secret_hash(SECRET));
    place.psql(include_str!("sql/state.sql"), &[("district", &district.to_string()), ("client", CLIENT), ("hash", &hash)]).await?;
    let token = token(place, CLIENT).await?;
    let path = format!("/v1/districts/{district}/collections/ilp-status/export");
    say("  computing the collection");
    drain(place.host, &path, &token).await?;
    let count: f64 = place.psql("select count(*) from ilp_statuses where not removed", &[]).await?.first().context("no count")?.parse()?;
    let limit =
        "copy (select row_to_json(s) from (select student_id, state_student_id, local_student_id, school_id, school_identifier, grade, file_exists,
        academic_goals, career_goals, personal_social_goals, plan_kind, last_changed_at, removed from ilp_statuses where not removed) s) to stdout";
    place.copy_out(limit).await?;
    service.process.forget_peak()?;
    let before = service.process.memory()?.resident;
    let mut sides = Vec::new();
    for round in 1..=rounds {
        let (watch, worked) = (Watch::start(place)?, service.process.worked());
        let exported = drain(place.host, &path, &token).await?;
        if !exported.tail.contains("\"end\"") {
            bail!("the export broke off: {}", exported.tail);
        }
        let one = watch.stop(place, count, service.process.worked().saturating_sub(worked))?;
        let watch = Watch::start(place)?;
        place.copy_out(limit).await?;
        let other = watch.stop(place, count, Duration::ZERO)?;
        say(&format!("  round {round}: {:.0} rows a second, limit {:.0}; {} bytes", one.per_second, other.per_second, exported.bytes));
        sides.push((one, other));
    }
    let mut line = Line::of("state export", "psql COPY of row_to_json", "rows", &sides, Some(1.0));
    line.growth = Some(service.process.memory()?.peak.saturating_sub(before));
    Ok(line)
}

/// A token for a made-up client.
pub async fn token(place: &Place, client: &str) -> anyhow::Result<String> {
    let basic = STANDARD.encode(format!("{client}:{SECRET}"));
    let answer = reqwest::Client::new()
        .post(format!("http://{}/oauth/token", place.host))
        .header("Authorization", format!("Basic {basic}"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials")
        .send()
        .await?;
    let answer: Value = answer.json().await?;
    answer.get("access_token").and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no token for a client: {answer}"))
}
