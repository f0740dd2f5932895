//! Rounds: the service, then its limit, then the service again, so that whatever else the machine does meets both alike.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::bail;
use serde::Serialize;

use super::load;
use super::place::{Place, Requests, Service};
use super::process;

/// What was seen of one side.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Operations a second.
    pub per_second: f64,
    /// Microseconds of CPU the service took for one.
    pub service_micros: f64,
    /// Microseconds of CPU that PostgreSQL took for one.
    pub database_micros: f64,
    /// Microseconds of CPU that whoever asked took for one.
    pub client_micros: f64,
    /// Milliseconds within which half were answered.
    pub median_ms: f64,
    /// Milliseconds within which all but a hundredth were answered.
    pub worst_percent_ms: f64,
}

impl Side {
    /// The median of each figure.
    pub fn median(sides: impl Iterator<Item = Self> + Clone) -> Self {
        let field = |get: &dyn Fn(&Self) -> f64| median(sides.clone().map(|side| get(&side)));
        Self {
            per_second: field(&|s| s.per_second),
            service_micros: field(&|s| s.service_micros),
            database_micros: field(&|s| s.database_micros),
            client_micros: field(&|s| s.client_micros),
            median_ms: field(&|s| s.median_ms),
            worst_percent_ms: field(&|s| s.worst_percent_ms),
        }
    }

    fn cpu(&self) -> f64 {
        self.service_micros + self.database_micros + self.client_micros
    }
}

/// One line of the result.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What was done.
    pub work: &'static str,
    /// What it was held against.
    pub against: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// The service: medians of the rounds.
    pub service: Side,
    /// The limit: medians of the rounds.
    pub limit: Side,
    /// The median of the ratios of the rounds: operations a second.
    pub ratio: f64,
    /// The same by CPU of all who took part; it hardly knows what else the machine did.
    pub cpu_ratio: f64,
    /// What the ratio should reach.
    pub target: Option<f64>,
    /// What the process that worked grew by at most, in bytes: bulk work only.
    pub growth: Option<u64>,
}

/// Times for what runs both against the clock and against CPU.
pub struct Watch {
    begun: Instant,
    place_cpu: Duration,
    own: Duration,
    ended: Duration,
}

impl Watch {
    /// Begins.
    pub fn start(place: &Place) -> anyhow::Result<Self> {
        Ok(Self { place_cpu: place.database()?.worked(), own: process::own(), ended: process::ended_children(), begun: Instant::now() })
    }

    /// What `count` operations took since; `service` is the CPU of the service meanwhile.
    pub fn stop(self, place: &Place, count: f64, service: Duration) -> anyhow::Result<Side> {
        let took = self.begun.elapsed();
        let micros = |time: Duration| time.as_secs_f64() * 1e6 / count.max(1.0);
        Ok(Side {
            per_second: count / took.as_secs_f64(),
            service_micros: micros(service),
            database_micros: micros(place.database()?.worked().saturating_sub(self.place_cpu)),
            client_micros: micros(process::own().saturating_sub(self.own) + process::ended_children().saturating_sub(self.ended)),
            ..Side::default()
        })
    }
}

/// How requests are measured.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How often each side has its turn.
    pub rounds: usize,
    /// For how long.
    pub time: Duration,
    /// Connections to the service.
    pub connections: usize,
    /// Clients of pgbench.
    pub clients: usize,
}

/// What is asked of the service, and what of pgbench.
pub struct Pair {
    /// The requests.
    pub requests: Requests,
    /// The status that answers must have.
    pub status: u16,
    /// The script that does the same.
    pub script: PathBuf,
}

/// Takes turns.
pub async fn turns(place: &Place, service: &Service, pair: &Pair, manner: Manner, say: &dyn Fn(&str)) -> anyhow::Result<Vec<(Side, Side)>> {
    let short = Duration::from_secs(2);
    let mut first = 0;
    served(place, service, pair, manner.connections, short, &mut first).await?;
    place.pgbench(&pair.script, manner.clients, short.as_secs()).await?;
    let mut rounds = Vec::new();
    for round in 1..=manner.rounds {
        let one = served(place, service, pair, manner.connections, manner.time, &mut first).await?;
        let watch = Watch::start(place)?;
        let rate = place.pgbench(&pair.script, manner.clients, manner.time.as_secs()).await?;
        let mut other = watch.stop(place, rate * manner.time.as_secs_f64(), Duration::ZERO)?;
        other.per_second = rate;
        say(&format!("  round {round}: {:.0} a second, limit {rate:.0}", one.per_second));
        rounds.push((one, other));
    }
    Ok(rounds)
}

/// Has the service answer for a time.
pub async fn served(place: &Place, service: &Service, pair: &Pair, connections: usize, time: Duration, first: &mut u64) -> anyhow::Result<Side> {
    let before = service.process.worked();
    let watch = Watch::start(place)?;
    let outcome = load::run(place.host, pair.requests.clone(), pair.status, connections, time, *first).await?;
    *first += outcome.answers;
    if !outcome.others.is_empty() {
        bail!("the service answered otherwise: {:?}, by status", outcome.others);
    }
    let count = f64::from(u32::try_from(outcome.answers)?);
    let side = watch.stop(place, count, service.process.worked().saturating_sub(before))?;
    let milliseconds = |micros: u32| f64::from(micros) / 1000.0;
    Ok(Side {
        per_second: count / outcome.took.as_secs_f64(),
        median_ms: milliseconds(outcome.median),
        worst_percent_ms: milliseconds(outcome.worst_percent),
        ..side
    })
}

/// The middle one.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

impl Line {
    /// Sums up rounds.
    pub fn of(work: &'static str, against: &'static str, unit: &'static str, rounds: &[(Side, Side)], target: Option<f64>) -> Self {
        Self {
            work,
            against,
            unit,
            service: Side::median(rounds.iter().map(|round| round.0)),
            limit: Side::median(rounds.iter().map(|round| round.1)),
            ratio: median(rounds.iter().map(|(one, other)| one.per_second / other.per_second)),
            cpu_ratio: median(rounds.iter().map(|(one, other)| other.cpu() / one.cpu())),
            target,
            growth: None,
        }
    }
}
