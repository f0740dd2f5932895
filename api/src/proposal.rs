//! Proposals: suggested by participants, decided by the student or the gatekeeper (R47).

use openilp_domain::access::{Action, section_of_domain};
use openilp_domain::goal::Goal;
use openilp_domain::kind::Kind as RecordKind;
use openilp_domain::page::PageOf;
use openilp_domain::proposal::{Decide, NewChangeProposal, NewProposal, Proposal, Proposed};
use openilp_domain::wire::Named;
use openilp_persistence::grant::Grant;
use openilp_persistence::mark::Marked;
use openilp_persistence::proposal;
use openilp_persistence::{Error, Shown as Seen};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::answer::{Amended, Created, Found, Listed, Outcome, Shape, amended, created, with_allowed_actions, with_statements};
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Query};
use crate::cursor;
use crate::guard::{Can, Deed, File, List, Place, Read};
use crate::noun::{seen, seen_all};
use crate::routes::{About, Routes};

/// The proposal in the path.
pub struct AtProposal;
impl Place for AtProposal {
    const KIND: RecordKind = RecordKind::Proposal;
}

/// Suggests something.
pub struct Propose;
impl Deed for Propose {
    const WORD: &'static str = "propose";
    const ADDS: bool = true;
    fn actions() -> &'static [Action] {
        &[Action::Propose]
    }
}

/// Decides a suggestion.
pub struct Deciding;
impl Deed for Deciding {
    const WORD: &'static str = "decide";
    fn actions() -> &'static [Action] {
        &[Action::Decide]
    }
}

/// Takes one's own suggestion back.
pub struct Withdrawing;
impl Deed for Withdrawing {
    const WORD: &'static str = "withdraw";
    fn actions() -> &'static [Action] {
        &[Action::Propose]
    }
}

/// A proposal, with what the caller may do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownProposal {
    #[serde(flatten)]
    proposal: Marked<Proposal>,
    allowed_actions: Vec<Action>,
}

impl ShownProposal {
    /// With what the grant allows.
    pub fn by(grant: &Grant, proposal: Proposal) -> Self {
        Self { allowed_actions: grant.allowed_actions(&proposal), proposal: grant.marked(proposal.id, proposal) }
    }
}

impl Shape for ShownProposal {
    fn name() -> String {
        "Proposal".into()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        Proposal::schemas(named);
        match Proposal::schema() {
            RefOr::T(Schema::Object(object)) => with_allowed_actions(with_statements(object, named), named).into(),
            other => other,
        }
    }
    fn example() -> Value {
        let id = openilp_domain::wire_example_id();
        json!({ "id": id, "fileId": id, "planId": id, "studentId": id, "domain": "career", "content": { "domain": "career", "title": "Become a nurse" },
                "reason": "You liked biology this year.", "status": "open", "createdBy": id, "version": 1, "createdAt": "2026-09-01T15:04:05Z",
                "updatedAt": "2026-09-01T15:04:05Z", "allowedActions": ["decide"] })
    }
}

async fn propose_goal(can: Can<Propose, File>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewProposal>) -> Outcome<Created<ShownProposal>> {
    let Body { value, hash } = body;
    let proposed = Proposed { domain: value.goal.domain, goal: None, content: value.content, reason: value.reason };
    store(&can, key.with(hash), proposed).await
}

async fn propose_change(
    can: Can<Propose, Goal>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewChangeProposal>,
) -> Outcome<Created<ShownProposal>> {
    let Body { value, hash } = body;
    let reply = can
        .write(None, Some(&key.with(hash)), async |tx, granted| {
            let goal = granted.located()?;
            let domain = goal.domain.ok_or(Error::NotFound)?;
            let proposed = Proposed { domain, goal: Some((goal.id.into(), goal.version)), content: value.content, reason: value.reason };
            let proposal = proposal::create(tx, granted, proposed).await?;
            Ok(created(proposal.version, address(&proposal), &ShownProposal::by(granted.grant(), proposal)))
        })
        .await?;
    Ok(reply.into())
}

async fn store<P: Place>(can: &Can<Propose, P>, key: openilp_persistence::idempotency::Key, proposed: Proposed) -> Outcome<Created<ShownProposal>> {
    let reply = can
        .write(Some(section_of_domain(proposed.domain)), Some(&key), async |tx, granted| {
            let proposal = proposal::create(tx, granted, proposed).await?;
            Ok(created(proposal.version, address(&proposal), &ShownProposal::by(granted.grant(), proposal)))
        })
        .await?;
    Ok(reply.into())
}

fn address(proposal: &Proposal) -> String {
    format!("/v1/proposals/{}", proposal.id)
}

async fn list(can: Can<List<()>, File>, Query(page): Query<PageParams>) -> Outcome<Listed<ShownProposal>> {
    let (state, call) = (&can.call().state, can.call());
    let of = PageOf { limit: page.limit, after: cursor::open(state, call, page.cursor.as_deref()).await? };
    let (items, next) = can
        .read(async |tx, grant| {
            let found = proposal::list(tx, grant, of).await?;
            let seen = seen_all(&found.items);
            let items: Vec<_> = found.items.into_iter().map(|p| ShownProposal::by(grant, p)).collect();
            Ok(((items, found.next), seen))
        })
        .await?;
    Ok(Listed { items, next: cursor::seal(state, call, next).await?, limit: page.limit.get() })
}

async fn read(can: Can<Read, AtProposal>, _: Query<NoParams>) -> Outcome<Found<ShownProposal>> {
    let id = can.target().id;
    let shown = can
        .read_ahead(
            async |tx| proposal::read(tx, id).await,
            |grant, withheld| {
                let proposal = withheld.and_then(|w| grant.open(w)).ok_or(Error::NotFound)?;
                let seen: Seen = seen(&proposal);
                Ok((ShownProposal::by(grant, proposal), seen))
            },
        )
        .await?;
    Ok(Found { version: shown.proposal.version, shown })
}

async fn decide(
    can: Can<Deciding, AtProposal>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Body { value: decision, .. }: Body<Decide>,
) -> Outcome<Amended<ShownProposal>> {
    let reply = can
        .write(None, None, async |tx, granted| {
            let proposal = proposal::decide(tx, granted, version, decision).await?;
            Ok(amended(proposal.version, &ShownProposal::by(granted.grant(), proposal)))
        })
        .await?;
    Ok(reply.into())
}

async fn withdraw(can: Can<Withdrawing, AtProposal>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Amended<ShownProposal>> {
    let reply = can
        .write(None, None, async |tx, granted| {
            // Only one's own: to suggest is not to take back what others suggested.
            if granted.located()?.author != granted.grant().caller().person() {
                return Err(Error::Forbidden);
            }
            let proposal = proposal::withdraw(tx, granted, version).await?;
            Ok(amended(proposal.version, &ShownProposal::by(granted.grant(), proposal)))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of proposals.
pub fn routes(r: &mut Routes) {
    r.tag("proposals");
    r.get("/v1/ilp-files/{ilpFileId}/proposals", list, About { id: "list_proposals", summary: "List the proposals that you may see", text: "" });
    r.post(
        "/v1/ilp-files/{ilpFileId}/proposals",
        propose_goal,
        About {
            id: "propose_goal",
            summary: "Propose a goal",
            text: "Any participant may suggest a goal. It waits for the student in grades 9 to 12, and for the gatekeeper otherwise.",
        },
    );
    r.post("/v1/goals/{goalId}/proposals", propose_change, About { id: "propose_goal_change", summary: "Propose a change of a goal", text: "The change is for the version that the goal has now: if the goal is changed in the meantime, the proposal cannot be accepted any more." });
    r.get("/v1/proposals/{proposalId}", read, About { id: "read_proposal", summary: "Read a proposal", text: "" });
    r.post(
        "/v1/proposals/{proposalId}/decision",
        decide,
        About {
            id: "decide_proposal",
            summary: "Accept or decline a proposal",
            text: "An accepted proposal takes effect at once, in the name of who accepts it.",
        },
    );
    r.post("/v1/proposals/{proposalId}/withdrawal", withdraw, About { id: "withdraw_proposal", summary: "Take back your own proposal", text: "" });
}
