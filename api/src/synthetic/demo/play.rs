//! The plans of the demo, written by those who would write them, through the door, each at its time.

use std::cell::Cell;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, TryStreamExt, stream};
use openilp_domain::access::{Action, section_of_domain};
use openilp_domain::activity::Activity;
use openilp_domain::benchmark::Benchmark;
use openilp_domain::goal::{Goal, GoalPatch};
use openilp_domain::id::IlpFileId;
use openilp_domain::kind::Kind;
use openilp_domain::noun::{Body, Noun};
use openilp_domain::progress_record::ProgressRecord;
use openilp_domain::proposal::{NewProposal, Proposed};
use openilp_domain::recommendation::Recommendation;
use openilp_domain::reflection::Reflection;
use openilp_domain::time::local_date;
use openilp_domain::translation::{NewTranslation, Translation};
use openilp_persistence::facts::Target;
use openilp_persistence::grant::Granted;
use openilp_persistence::record::Record;
use openilp_persistence::{Ask, Request, Tx, proposal};
use serde_json::json;
use uuid::Uuid;

use super::{Stage, TIME_ZONE, done};
use crate::synthetic::goals::IN_SPANISH;
use crate::synthetic::plans::{Author, Entry, GoalScript, PlanScript, ProposalScript, plan_for};
use crate::synthetic::profile::{NewPart, PartScript, profile_for};
use crate::synthetic::roster::student_id;
use crate::synthetic::zone::Student;

/// Students whose plans are written at a time.
const AT_A_TIME: usize = 8;

impl Stage<'_> {
    /// Writes the plan of every student whose file is still empty.
    pub(super) async fn play(&self) -> anyhow::Result<()> {
        let mut plays = vec![];
        for (place, student) in self.zone.students.iter().enumerate() {
            let Some((file, false)) = self.files.get(&self.student(student.number)?) else { continue };
            let script = self.script(student)?;
            if !script.goals.is_empty() {
                let profile = profile_for(self.made_up.seed(), student.number, student.grade, &self.period());
                let profile = profile.map_err(|faults| anyhow::anyhow!("a profile of the demo: {faults:?}"))?;
                plays.push((place, student, *file, script, profile));
            }
        }
        let write = async |(place, student, file, script, profile): (usize, &Student, IlpFileId, PlanScript, Vec<PartScript>)| {
            for goal in script.goals {
                self.play_goal(place, student, file, goal).await?;
            }
            for proposal in script.proposals {
                self.play_proposal(place, student, file, proposal).await?;
            }
            for part in profile {
                self.play_part(place, student, file, part).await?;
            }
            anyhow::Ok(())
        };
        stream::iter(plays).map(Ok).try_for_each_concurrent(AT_A_TIME, write).await
    }

    /// What stands in a student's plan.
    pub(super) fn script(&self, student: &Student) -> anyhow::Result<PlanScript> {
        plan_for(self.made_up.seed(), student.number, student.grade, &self.period())
            .map_err(|faults| anyhow::anyhow!("a plan of the demo: {faults:?}"))
    }

    async fn play_goal(&self, place: usize, student: &Student, file: IlpFileId, script: GoalScript) -> anyhow::Result<()> {
        let period = self.period();
        let at = |moment| period.at(moment);
        let by = |author, when| self.writes_as(place, student, author, when);
        let beneath = Target { kind: Kind::IlpFile, id: file.0 };
        let in_spanish = IN_SPANISH.iter().find(|(title, _)| *title == script.new.title.as_str());
        let goal = self.add::<Goal>(&by(script.by, at(script.at)), beneath, script.new).await?;
        let beneath = Target { kind: Kind::Goal, id: goal };
        // The family puts it in its own language, on the same evening.
        let evening = at(script.at) + TimeDelta::minutes(5);
        if let (Some((_, title)), Some(guardian)) = (in_spanish, self.other(place, student, Author::Guardian, evening)) {
            let texts = json!([{ "member": "title", "text": title }]);
            let new = json!({ "recordKind": "goal", "recordId": goal, "language": "es", "texts": texts, "originalLanguage": "en" });
            let new = NewTranslation::read(new).map_err(|faults| anyhow::anyhow!("a translation of the demo: {faults:?}"))?;
            // It is added where the goal is.
            self.add::<Translation>(&self.request(&guardian, evening), beneath, new).await?;
        }
        for act in script.acts {
            if let Entry::Recommendation(new) = act.entry {
                // Advice is the counselor's to give, and nobody's where there is none.
                if let Some(counselor) = self.other(place, student, act.by, at(act.at)) {
                    self.add::<Recommendation>(&self.request(&counselor, at(act.at)), beneath, new).await?;
                }
                continue;
            }
            let request = by(act.by, at(act.at));
            match act.entry {
                Entry::Activity(new) => self.add::<Activity>(&request, beneath, new).await.map(drop)?,
                Entry::Benchmark(new) => self.add::<Benchmark>(&request, beneath, new).await.map(drop)?,
                Entry::Progress(new) => self.add::<ProgressRecord>(&request, beneath, new).await.map(drop)?,
                Entry::Reflection(new) => self.add::<Reflection>(&request, beneath, new).await.map(drop)?,
                Entry::Amend(patch) => self.amend(&request, beneath, patch).await?,
                Entry::Recommendation(_) => {}
            }
        }
        Ok(())
    }

    /// A record of the profile, which the student writes.
    async fn play_part(&self, place: usize, student: &Student, file: IlpFileId, script: PartScript) -> anyhow::Result<()> {
        let request = self.writes_as(place, student, Author::Student, self.period().at(script.at));
        let beneath = Target { kind: Kind::IlpFile, id: file.0 };
        macro_rules! parts { ($($table:ident: $module:ident::$noun:ident $placed:tt,)*) => {
            match script.new {
                $(NewPart::$noun(new) => self.add::<openilp_domain::$module::$noun>(&request, beneath, new).await.map(drop),)*
            }
        } }
        openilp_domain::parts_of_plan!(parts)
    }

    /// A suggestion, if its author may write, and what becomes of it: the student decides, or below grade 9 the gatekeeper.
    async fn play_proposal(&self, place: usize, student: &Student, file: IlpFileId, script: ProposalScript) -> anyhow::Result<()> {
        let period = self.period();
        let at = period.at(script.at);
        let Some(author) = self.other(place, student, script.by, at) else { return Ok(()) };
        let NewProposal { goal, content, reason } = script.new;
        let section = Some(section_of_domain(goal.domain));
        let proposed = Proposed { domain: goal.domain, goal: None, content, reason };
        let target = Target { kind: Kind::IlpFile, id: file.0 };
        let ask = Ask { target, actions: &[Action::Propose], section, list: false, add: true };
        let made = Cell::new(None);
        let create = async |tx: &Tx<'_>, granted: &Granted<'_>| {
            let created = proposal::create(tx, granted, proposed).await?;
            made.set(Some((created.id, created.version)));
            Ok(done())
        };
        self.demo.db.write(&self.request(&author, at), ask, None, create).await.context("the demo could not write a proposal")?;
        let (Some((id, version)), Some((when, decision))) = (made.get(), script.decided) else { return Ok(()) };
        let decider = if student.grade >= 9 { Some(student_id(student.number).to_string()) } else { self.gatekeeper(place, student.number) };
        let Some(decider) = decider else { return Ok(()) };
        let ask = Ask { target: Target { kind: Kind::Proposal, id: id.0 }, actions: &[Action::Decide], section: None, list: false, add: false };
        let decide = async |tx: &Tx<'_>, granted: &Granted<'_>| {
            proposal::decide(tx, granted, version, decision).await?;
            Ok(done())
        };
        self.demo.db.write(&self.request(&decider, period.at(when)), ask, None, decide).await.context("the demo could not decide a proposal")?;
        Ok(())
    }

    /// The request of whom the script names; where that person may not write yet, or no more, the student's.
    fn writes_as(&self, place: usize, student: &Student, author: Author, at: DateTime<Utc>) -> Request {
        let other = self.other(place, student, author, at);
        self.request(other.as_deref().unwrap_or(student_id(student.number).as_str()), at)
    }

    /// Who writes if it is not the student, and may.
    fn other(&self, place: usize, student: &Student, author: Author, at: DateTime<Utc>) -> Option<String> {
        match author {
            Author::Student => None,
            Author::Guardian => self.guardian(student.family).filter(|_| !self.of_age(student, local_date(at, TIME_ZONE))),
            Author::Gatekeeper => self.gatekeeper(place, student.number),
        }
    }

    async fn add<N: Record>(&self, request: &Request, beneath: Target, new: N::New) -> anyhow::Result<Uuid> {
        let ask = Ask { target: beneath, actions: N::written_by(), section: N::section_of_new(&new), list: false, add: true };
        let id = Cell::new(None);
        self.demo
            .db
            .write(request, ask, None, async |tx, granted| {
                id.set(Some(N::create(tx, granted, new).await?.id().into()));
                Ok(done())
            })
            .await
            .with_context(|| format!("the demo could not write a {}", N::NAME))?;
        id.get().context("nothing was created")
    }

    async fn amend(&self, request: &Request, target: Target, patch: GoalPatch) -> anyhow::Result<()> {
        let actions: &'static [Action] = <Goal as Noun>::written_by();
        self.demo
            .db
            .write(request, Ask { target, actions, section: None, list: false, add: false }, None, async |tx, granted| {
                Goal::amend(tx, granted, 1, patch).await?;
                Ok(done())
            })
            .await
            .context("the demo could not change a goal")?;
        Ok(())
    }
}
