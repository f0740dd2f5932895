//! Proposals.

use chrono::{DateTime, Utc};
use diesel::dsl::SqlTypeOf;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Section;
use openilp_domain::goal::{Goal, GoalPatch, NewGoal};
use openilp_domain::id::{GoalId, IlpFileId, PersonId, PlanId, ProposalId, StudentId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::noun::{Body, Sectioned};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plan_domain::PlanDomain;
use openilp_domain::proposal::{Decide, Proposal, ProposalStatus, Proposed, Verdict};
use openilp_domain::text::LongText;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted, Withheld};
use crate::journal::Change;
use crate::list_of;
use crate::listed::Listed;
use crate::record::Record;
use crate::schema::{ilp_files, proposals::dsl};

type Row = (
    ProposalId,
    IlpFileId,
    PlanId,
    StudentId,
    PlanDomain,
    Option<GoalId>,
    Option<i32>,
    serde_json::Value,
    Option<LongText>,
    ProposalStatus,
    Option<PersonId>,
    Option<DateTime<Utc>>,
    Option<LongText>,
    PersonId,
    i32,
    DateTime<Utc>,
    DateTime<Utc>,
);

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::file_id,
            dsl::plan_id,
            dsl::student_id,
            dsl::domain,
            dsl::goal_id,
            dsl::goal_version,
            dsl::content,
            dsl::reason,
            dsl::status,
            dsl::decided_by,
            dsl::decided_at,
            dsl::decision_reason,
            dsl::created_by,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
        )
    };
}

fn proposal(row: Row) -> Proposal {
    let (
        id,
        file_id,
        plan_id,
        student_id,
        domain,
        goal_id,
        goal_version,
        content,
        reason,
        status,
        decided_by,
        decided_at,
        decision_reason,
        created_by,
        version,
        created_at,
        updated_at,
    ) = row;
    Proposal {
        id,
        file_id,
        plan_id,
        student_id,
        domain,
        goal_id,
        goal_version,
        content,
        reason,
        status,
        decided_by,
        decided_at,
        decision_reason,
        created_by,
        version,
        created_at,
        updated_at,
    }
}

/// One; withheld until a grant opens it.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Proposal>>> {
    let mut conn = tx.conn;
    let row = dsl::proposals
        .filter(dsl::district_id.eq(tx.district.0))
        .filter(dsl::id.eq(id))
        .select(columns!())
        .first::<Row>(&mut conn)
        .await
        .optional()?;
    Ok(row.map(proposal).map(Withheld::new))
}

impl Listed for Proposal {
    type Columns = SqlTypeOf<columns!()>;
    type Row = Row;
    fn select() -> String {
        list_of!(id file_id plan_id student_id domain goal_id goal_version content reason status decided_by decided_at decision_reason
                 created_by version created_at updated_at, proposals, "order by id")
    }
    fn of(row: Row) -> Result<Self> {
        Ok(proposal(row))
    }
}

/// A page of those in a file.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Proposal>> {
    let student = grant.located()?.student_id;
    crate::record::filled_with(
        grant,
        page,
        |p: &Proposal| p.id.0,
        async |after, limit| {
            let mut conn = tx.conn;
            let rows = dsl::proposals.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::student_id.eq(student)).filter(dsl::id.gt(after));
            Ok(rows.order(dsl::id).limit(limit).select(columns!()).load::<Row>(&mut conn).await?.into_iter().map(proposal).collect())
        },
    )
    .await
}

/// Proposes a goal or a change.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, proposed: Proposed) -> Result<Proposal> {
    let mut conn = tx.conn;
    let student = granted.student_id()?;
    let file = ilp_files::table
        .filter(ilp_files::district_id.eq(tx.district.0))
        .filter(ilp_files::student_id.eq(student))
        .select(ilp_files::id)
        .first::<IlpFileId>(&mut conn)
        .await
        .optional()?
        .ok_or(Error::NotFound)?;
    let row = diesel::insert_into(dsl::proposals)
        .values((
            dsl::district_id.eq(tx.district.0),
            dsl::id.eq(tx.id()),
            dsl::file_id.eq(file),
            dsl::plan_id.eq(crate::plan::id_of(tx, student).await?),
            dsl::student_id.eq(student),
            dsl::domain.eq(proposed.domain),
            dsl::goal_id.eq(proposed.goal.map(|(id, _)| id)),
            dsl::goal_version.eq(proposed.goal.map(|(_, version)| version)),
            dsl::content.eq(proposed.content),
            dsl::reason.eq(proposed.reason),
            dsl::status.eq(ProposalStatus::Open),
            (
                dsl::created_by.eq(granted.person()?),
                dsl::entered_in_error.eq(false),
                dsl::version.eq(1),
                dsl::created_at.eq(tx.at),
                dsl::updated_at.eq(tx.at),
            ),
        ))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await?;
    let created = proposal(row);
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Decides an open proposal. An accepted one takes effect in the same transaction, in the name of who accepts it.
pub async fn decide(tx: &Tx<'_>, granted: &Granted<'_>, version: i32, decision: Decide) -> Result<Proposal> {
    let open = current(tx, granted, version).await?;
    let (status, goal) = match decision.verdict {
        Verdict::Decline => (ProposalStatus::Declined, open.goal_id),
        Verdict::Accept => (ProposalStatus::Accepted, Some(apply(tx, granted, &open).await?)),
    };
    close(tx, granted, &open, status, goal, decision.reason).await
}

/// Takes back an open proposal.
pub async fn withdraw(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<Proposal> {
    let open = current(tx, granted, version).await?;
    close(tx, granted, &open, ProposalStatus::Withdrawn, open.goal_id, None).await
}

async fn current(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<Proposal> {
    let found = read(tx, granted.located()?.id).await?.ok_or(Error::NotFound)?.into_granted(granted);
    if found.version != version {
        return Err(Error::Stale);
    }
    if found.status != ProposalStatus::Open {
        return Err(Error::Conflict { code: "proposal_decided", detail: "The proposal is not open any more." });
    }
    Ok(found)
}

async fn apply(tx: &Tx<'_>, granted: &Granted<'_>, open: &Proposal) -> Result<GoalId> {
    const CHANGED: Error = Error::Conflict {
        code: "goal_changed",
        detail: "The goal has changed since the change was proposed. Decline it, or change the goal yourself.",
    };
    match (open.goal_id, open.goal_version) {
        (Some(goal), Some(version)) => {
            let patch = GoalPatch::read(open.content.clone()).map_err(Error::Invalid)?;
            let granted = granted.moved_to(Kind::Goal, goal, version);
            match Goal::amend(tx, &granted.borrow(), version, patch).await {
                Ok(goal) => Ok(goal.id),
                Err(Error::Stale | Error::NotFound) => Err(CHANGED),
                Err(error) => Err(error),
            }
        }
        _ => {
            let new = NewGoal::read(open.content.clone()).map_err(Error::Invalid)?;
            Ok(Goal::create(tx, granted, new).await?.id)
        }
    }
}

async fn close(
    tx: &Tx<'_>,
    granted: &Granted<'_>,
    open: &Proposal,
    status: ProposalStatus,
    goal: Option<GoalId>,
    reason: Option<LongText>,
) -> Result<Proposal> {
    let mut conn = tx.conn;
    let row =
        diesel::update(dsl::proposals.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(open.id)).filter(dsl::version.eq(open.version)))
            .set((
                dsl::status.eq(status),
                dsl::goal_id.eq(goal),
                dsl::decided_by.eq(granted.person()?),
                dsl::decided_at.eq(tx.at),
                dsl::decision_reason.eq(reason),
                dsl::version.eq(open.version + 1),
                dsl::updated_at.eq(tx.at),
            ))
            .returning(columns!())
            .get_result::<Row>(&mut conn)
            .await
            .optional()?;
    let closed = proposal(row.ok_or(Error::Stale)?);
    note(tx, Operation::Amended, &closed)?;
    Ok(closed)
}

fn note(tx: &Tx<'_>, operation: Operation, record: &Proposal) -> Result<()> {
    let section: Section = record.section();
    tx.note(Change::of(Kind::Proposal, record.id, record.version, operation, record)?.about(record.student_id, section));
    Ok(())
}
