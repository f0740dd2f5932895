//! What is asked of the school manager, and what is decided (R97 to R100).

use diesel::dsl::exists;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, select};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{PlanId, ResourceRequestId};
use openilp_domain::resource::{NewResourceDecision, ResourceDecision, ResourceRequest};

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::plan;
use crate::record;
use crate::schema::{resource_decisions, resource_requests};

record! {
    ResourceRequest in resource_requests
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, _new| plan::id_of(tx, granted.student_id()?).await,
        student_id = |_tx, granted, _new| granted.student_id(),
    }
    fixed {}
    set { kind, title, description, needed_by }
    then expect_undecided
}

record! {
    ResourceDecision in resource_decisions
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, new| requested(tx, granted, new).await,
        student_id = |_tx, granted, _new| granted.student_id(),
    }
    fixed { resource_request_id }
    set { outcome, reason, authorized_hours, personnel }
}

/// The plan of the request that is decided. It is held: what is decided does not become something else meanwhile.
async fn requested(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewResourceDecision) -> Result<PlanId> {
    use resource_requests::dsl;
    let mut conn = tx.conn;
    let request = dsl::resource_requests.find((tx.district, new.resource_request_id)).filter(dsl::student_id.eq(granted.student_id()?));
    let plan = request.select(dsl::plan_id).for_update().first::<PlanId>(&mut conn).await.optional()?;
    plan.ok_or(Error::Conflict { code: "request_unknown", detail: "The student has no such request." })
}

/// A request of which something was decided stays what was decided. It may be said to be a mistake.
async fn expect_undecided(tx: &Tx<'_>, before: Option<&ResourceRequest>, request: &ResourceRequest) -> Result<()> {
    let Some(before) = before else { return Ok(()) };
    let said = |of: &ResourceRequest| (of.kind, of.title.clone(), of.description.clone(), of.needed_by);
    if said(before) == said(request) || !decided(tx, request.id).await? {
        return Ok(());
    }
    Err(Error::Conflict { code: "request_decided", detail: "It was decided as it is: ask for something else by another request." })
}

async fn decided(tx: &Tx<'_>, request: ResourceRequestId) -> Result<bool> {
    use resource_decisions::dsl;
    let mut conn = tx.conn;
    let standing = dsl::resource_decisions
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::resource_request_id.eq(request))
        .filter(dsl::entered_in_error.eq(false));
    Ok(select(exists(standing)).get_result(&mut conn).await?)
}
