//! Assignments of staff to students, as the district's custodian keeps them, and caseloads.

use openilp_domain::access::Section;
use openilp_domain::assignment::{Assignment, AssignmentConfirmations, AssignmentPatch, Caseload, NewAssignment, NewCaseload};
use openilp_domain::guardian_link::Confirmations;
use openilp_domain::id::AssignmentId;
use openilp_persistence::assignment;
use openilp_persistence::relation::Which;
use uuid::Uuid;

use crate::answer::{Amended, Created, Done, Found, Listed, Outcome, amended, created, done};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, Query};
use crate::guard::{ManageRelations, May, OneAssignment, PathId};
use crate::plain::{Related, RelationParams, Viewed, listed, page_of, seen};
use crate::routes::{About, Routes};

type Custodian = May<ManageRelations>;

/// The names of its parameters.
struct Assignments;
impl Related for Assignments {
    const PERSON: &'static str = "personId";
}

async fn list(may: Custodian, Query(params): Query<RelationParams<Assignments>>) -> Outcome<Listed<Viewed<Assignment>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .read(async |tx, grant| {
            let found = assignment::list(tx, grant, params.filter, page).await?;
            let seen = seen(found.items.iter().map(|assignment| assignment.student_id), Section::Status.code());
            Ok((found, seen))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OneAssignment>, _: Query<NoParams>) -> Outcome<Found<Viewed<Assignment>>> {
    let id = AssignmentId(path.id);
    let found = may
        .read(async |tx, grant| {
            let found = assignment::read(tx, grant, id).await?;
            let seen = seen([found.student_id], Section::Status.code());
            Ok((found, seen))
        })
        .await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewAssignment>) -> Outcome<Created<Viewed<Assignment>>> {
    let Body { value: new, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = assignment::create(tx, granted, new).await?;
            Ok(created(made.version, format!("/v1/assignments/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn amend(
    may: Custodian,
    path: PathId<OneAssignment>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<AssignmentPatch>,
) -> Outcome<Amended<Viewed<Assignment>>> {
    let id = AssignmentId(path.id);
    let reply = may
        .write(None, async |tx, granted| {
            let changed = assignment::amend(tx, granted, id, version, patch).await?;
            Ok(amended(changed.version, &changed))
        })
        .await?;
    Ok(reply.into())
}

async fn confirm(may: Custodian, path: PathId<OneAssignment>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<Assignment>>> {
    let id = AssignmentId(path.id);
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let confirmed = assignment::confirm(tx, granted, id).await?;
            Ok(amended(confirmed.version, &confirmed))
        })
        .await?;
    Ok(reply.into())
}

async fn confirm_many(
    may: Custodian,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<AssignmentConfirmations>,
) -> Outcome<Done<Viewed<Confirmations>>> {
    let Body { value: AssignmentConfirmations { assignment_ids, school_id }, hash } = body;
    let which = match school_id {
        Some(school) => Which::OfSchool(school),
        None => Which::Named(assignment_ids.unwrap_or_default().into_iter().map(Uuid::from).collect()),
    };
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(done(&assignment::confirm_many(tx, granted, which).await?))).await?;
    Ok(reply.into())
}

async fn take_on(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewCaseload>) -> Outcome<Done<Viewed<Caseload>>> {
    let Body { value: new, hash } = body;
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(done(&assignment::take_on(tx, granted, new).await?))).await?;
    Ok(reply.into())
}

/// The routes of assignments.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get(
        "/v1/assignments",
        list,
        About {
            id: "list_assignments",
            summary: "List the assignments of staff in your district",
            text: "With `confirmed=false`: those that wait for you. An assignment from the roster grants nothing until it is confirmed.",
        },
    );
    r.post(
        "/v1/assignments",
        create,
        About { id: "create_assignment", summary: "Assign a member of staff to a student", text: "The assignment is confirmed at once." },
    );
    r.get("/v1/assignments/{assignmentId}", read, About { id: "read_assignment", summary: "Read an assignment", text: "" });
    r.patch(
        "/v1/assignments/{assignmentId}",
        amend,
        About {
            id: "amend_assignment",
            summary: "Change the end of an assignment",
            text: "`validTo` is the day on which it has ended: today ends it at once.",
        },
    );
    r.post(
        "/v1/assignments/{assignmentId}/confirmation",
        confirm,
        About { id: "confirm_assignment", summary: "Confirm an assignment", text: "One that is confirmed already stays as it is." },
    );
    r.post(
        "/v1/assignments/confirmations",
        confirm_many,
        About {
            id: "confirm_assignments",
            summary: "Confirm many assignments",
            text: "Those named, or all unconfirmed ones of a school's students. Ids that name nothing in the district are counted, not refused.",
        },
    );
    r.post(
        "/v1/caseloads",
        take_on,
        About {
            id: "create_caseload",
            summary: "Assign a member of staff to many students",
            text: "Students named one by one, or by school and grade. Afterwards every one of them has a confirmed assignment: \
               what is there stays, what waits is confirmed, what is missing is made.",
        },
    );
}
