//! Assignments of staff to students, as the district's custodian keeps them, and caseloads.

use openilp_domain::assignment::{Assignment, AssignmentConfirmations, Caseload, NewCaseload};
use openilp_domain::guardian_link::Confirmations;
use openilp_domain::id::AssignmentId;
use openilp_persistence::assignment;
use openilp_persistence::relation::Which;
use uuid::Uuid;

use crate::answer::{Amended, Done, Outcome, amended, done};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::guard::PathId;
use crate::kept::{Custodian, One, Said};
use crate::plain::Viewed;
use crate::routes::{About, Routes};

async fn confirm(may: Custodian, path: PathId<One<Assignment>>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<Assignment>>> {
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
    r.kept::<Assignment>(Said {
        list: (
            "List the assignments of staff in your district",
            "With `confirmed=false`: those that wait for you. An assignment from the roster grants nothing until it is confirmed.",
        ),
        read: ("Read an assignment", ""),
        create: ("Assign a member of staff to a student", "The assignment is confirmed at once."),
        amend: ("Change the end of an assignment", "`validTo` is the day on which it has ended: today ends it at once."),
    });
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
