//! What privacy costs: a decision, and a whole file with tenant wall and access record beside one without.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate};
use openilp_domain::access::{
    Action, Choice, Context, Fact, Facts, Item, Preference, Relation, Restriction, Rights, Section, Signatures, StudentFacts, decide,
};
use openilp_domain::grade::Grade;
use openilp_domain::id::{DistrictId, PersonId, StudentId};
use openilp_domain::profile::Switches;
use serde::Serialize;

use super::measure::{Manner, Pair, Side, median, served};
use super::place::Place;
use super::requests;
use crate::config::Config;

/// How many decisions are timed, each by itself.
const DECISIONS: usize = 500_000;

/// Nanoseconds that one decision takes.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecideTimes {
    /// Half of them at most.
    pub median: u64,
    /// All but a hundredth at most.
    pub worst_percent: u64,
    /// What to look at the clock takes itself, which is in both.
    pub clock: u64,
}

/// Times decisions about a student to whom the caller stands in one to eight ways at once, one of them by a signed consent, with an order and what
/// the student asks: about every section and action.
pub fn decisions() -> DecideTimes {
    let today = NaiveDate::default();
    let student = StudentFacts {
        student_id: StudentId(uuid::Uuid::nil()),
        grade: Grade::ALL.last().copied(),
        birth_date: today.checked_sub_months(chrono::Months::new(12 * 15)),
        adult: vec![],
        active: true,
    };
    let everything = Section::ALL.iter().copied().collect();
    let fact = |relation: &Relation| Fact {
        rights: (*relation == Relation::Guardian).then_some(Rights::Full),
        sections: (*relation >= Relation::ConsentedGuardian).then_some(everything),
        signatures: (*relation >= Relation::ConsentedGuardian).then_some(Signatures { student_on: Some(today), guardian: true, objection: false }),
        ..Fact::standing(*relation)
    };
    let worlds: Vec<Facts> = (1..=8)
        .flat_map(|many| (0..Relation::ALL.len()).map(move |first| (many, first)))
        .map(|(many, first)| Facts {
            restrictions: vec![Restriction { sections: Some([Section::FinancialAid].into_iter().collect()), valid_from: None, valid_to: None }],
            preferences: vec![Preference { section: Section::PersonalSocial, relation: Relation::Teacher, choice: Choice::Hide }],
            ..Facts::of(student.clone(), Relation::ALL.iter().cycle().skip(first).take(many).map(fact).collect())
        })
        .collect();
    let context = Context {
        today,
        now: DateTime::UNIX_EPOCH,
        ceiling: None,
        switches: &Switches { roster_teachers: true, participants_read_contacts: true },
        guardians_trusted: true,
    };
    let item = Item::new_by(PersonId(uuid::Uuid::nil()));
    let questions = Action::ALL.iter().flat_map(|action| Section::ALL.iter().map(move |section| (*action, *section)));
    let asked = questions.flat_map(|question| worlds.iter().map(move |facts| (question, facts))).collect::<Vec<_>>();
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let mut times = Vec::with_capacity(DECISIONS);
    let mut clocks = Vec::with_capacity(DECISIONS);
    for ((action, section), facts) in asked.iter().cycle().take(DECISIONS) {
        let begun = Instant::now();
        std::hint::black_box(decide(*action, *section, &item, facts, &context));
        times.push(nanos(begun.elapsed()));
        let begun = Instant::now();
        clocks.push(nanos(std::hint::black_box(begun).elapsed()));
    }
    times.sort_unstable();
    clocks.sort_unstable();
    let at = |sorted: &[u64], percent: usize| sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default();
    DecideTimes { median: at(&times, 50), worst_percent: at(&times, 99), clock: at(&clocks, 50) }
}

/// A whole file with and without: medians of the rounds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WallCost {
    /// As the service comes.
    pub with: Side,
    /// With a role that passes the wall, and with access records thrown away where they would be written.
    pub without: Side,
    /// How many times the CPU of service and PostgreSQL it takes: the median of the rounds.
    pub times: f64,
}

/// What takes wall and records away. It is the benchmark's own database.
const WITHOUT: &str = "alter role openilp_app bypassrls;
    create rule bench_none as on insert to access_records do instead nothing;
    create rule bench_none as on insert to access_record_students do instead nothing";
const WITH: &str =
    "alter role openilp_app nobypassrls; drop rule if exists bench_none on access_records; drop rule if exists bench_none on access_record_students";

/// Takes turns, with a service of its own for each.
pub async fn whole_file(place: &Place, config: &Config, district: DistrictId, manner: Manner, say: &dyn Fn(&str)) -> anyhow::Result<WallCost> {
    // It is asked whether it answers as pgbench does.
    let service = place.serve(config).await?;
    let pair = requests::file(place, district).await;
    service.stop().await?;
    let pair = pair?;
    let mut rounds = vec![];
    for round in 1..=manner.rounds {
        let with = turn(place, config, &pair, manner).await?;
        place.psql(WITHOUT, &[]).await?;
        let without = turn(place, config, &pair, manner).await;
        place.psql(WITH, &[]).await?;
        let without = without?;
        say(&format!("  round {round}: {:.0} µs of CPU, {:.0} without", worked(&with), worked(&without)));
        rounds.push((with, without));
    }
    let times = median(rounds.iter().map(|(with, without)| worked(with) / worked(without)));
    Ok(WallCost { with: Side::median(rounds.iter().map(|round| round.0)), without: Side::median(rounds.iter().map(|round| round.1)), times })
}

fn worked(side: &Side) -> f64 {
    side.service_micros + side.database_micros
}

async fn turn(place: &Place, config: &Config, pair: &Pair, manner: Manner) -> anyhow::Result<Side> {
    let service = place.serve(config).await?;
    let mut first = 0;
    served(place, &service, pair, manner.connections, Duration::from_secs(2), &mut first).await?;
    let side = served(place, &service, pair, manner.connections, manner.time, &mut first).await;
    service.stop().await?;
    side
}
