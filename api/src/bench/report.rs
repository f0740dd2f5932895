//! The result, as a table for people and as JSON for programs.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::measure::{Line, Side};
use super::wall::{DecideTimes, WallCost};

/// The most that an idle service should hold, and that bulk work should add.
const IDLE_MEGABYTES: f64 = 60.0;
const GROWTH_MEGABYTES: f64 = 32.0;
/// The most that a decision should take, and a whole file beside one without wall and record.
const DECIDE_NANOS: u64 = 5000;
const WALL_TIMES: f64 = 1.3;

/// Memory of the service's process, in bytes.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceMemory {
    /// Resident, three seconds after the start.
    pub idle: u64,
    /// The same, what is shared being divided.
    pub idle_proportional: u64,
    /// Resident, when all was done.
    pub used: u64,
    /// The most it was.
    pub peak: u64,
}

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The size of the district.
    pub students: usize,
    /// When.
    pub measured_at: DateTime<Utc>,
    /// Memory.
    pub memory: ServiceMemory,
    /// A line for each piece of work.
    pub lines: Vec<Line>,
    /// What a decision takes.
    pub decide: Option<DecideTimes>,
    /// What the tenant wall and the access record take.
    pub wall: Option<WallCost>,
}

impl Report {
    /// As Markdown.
    pub fn table(&self) -> String {
        let mut text = format!("{} students, {}\n\n", self.students, self.measured_at.format("%Y-%m-%d %H:%M UTC"));
        text.push_str("| work | beside | a second | limit | **ratio** | to reach | ratio by CPU | CPU of one, µs: service + PostgreSQL + client | limit: PostgreSQL + client | ms p50 / p99 |\n");
        text.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
        for line in &self.lines {
            let (one, other) = (&line.service, &line.limit);
            let target = line.target.map_or("–".to_owned(), |target| format!("≥ {target}"));
            text.push_str(&format!(
                "| {} | {} | {:.0} {} | {:.0} | **{:.2}** | {target} | {:.2} | {:.0} + {:.0} + {:.0} | {:.0} + {:.0} | {} |\n",
                line.work,
                line.against,
                one.per_second,
                line.unit,
                other.per_second,
                line.ratio,
                line.cpu_ratio,
                one.service_micros,
                one.database_micros,
                one.client_micros,
                other.database_micros,
                other.client_micros,
                times(one),
            ));
        }
        let memory = &self.memory;
        text.push_str(&format!(
            "\nMemory of the service: idle {} MB resident (to reach: ≤ {IDLE_MEGABYTES}), {} MB proportional; after all this {} MB, at most {} MB.\n",
            megabytes(memory.idle),
            megabytes(memory.idle_proportional),
            megabytes(memory.used),
            megabytes(memory.peak)
        ));
        for (line, growth) in self.lines.iter().filter_map(|line| Some((line, line.growth?))) {
            text.push_str(&format!("Growth during {}: {} MB (to reach: ≤ {GROWTH_MEGABYTES}).\n", line.work, megabytes(growth)));
        }
        if let Some(DecideTimes { median, worst_percent, clock }) = &self.decide {
            text.push_str(&format!(
                "A decision: {median} ns, {worst_percent} ns at the 99th percentile (to reach: ≤ {DECIDE_NANOS}), {clock} ns of it the clock.\n"
            ));
        }
        if let Some(WallCost { with, without, times }) = &self.wall {
            text.push_str(&format!(
                "A whole file with tenant wall and access record: {times:.2} times the CPU of one without (to reach: ≤ {WALL_TIMES}): \
                 service {:.0} µs and {:.0}, PostgreSQL {:.0} and {:.0}.\n",
                with.service_micros, without.service_micros, with.database_micros, without.database_micros
            ));
        }
        text
    }
}

fn times(side: &Side) -> String {
    if side.median_ms > 0.0 { format!("{:.1} / {:.1}", side.median_ms, side.worst_percent_ms) } else { "–".into() }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / (1 << 20);
    format!("{}.{}", tenths / 10, tenths % 10)
}
