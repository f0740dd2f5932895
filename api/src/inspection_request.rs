//! Requests to inspect a file (34 CFR 99.10, L12): made by the family, answered by the custodian.

use openilp_domain::access::CaseDeed;
use openilp_domain::inspection_request::{InspectionAnswer, InspectionRequest, NewInspectionRequest};
use openilp_persistence::inspection_request;

use crate::answer::{Amended, Created, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::case::{AskCase, DecideCase, OneCase, location};
use crate::guard::{Can, Student as AtStudent};
use crate::plain::Viewed;
use crate::routes::{About, Routes};

async fn create(
    can: Can<AskCase, AtStudent>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewInspectionRequest>,
) -> Outcome<Created<Viewed<InspectionRequest>>> {
    let Body { value: new, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let made = call.state.db.write_about_case(&call.request, can.target(), CaseDeed::Ask, &key, async |tx, granted| {
        let made = inspection_request::create(tx, granted, new).await?;
        Ok(created(made.version, location(&made), &made))
    });
    Ok(made.await?.into())
}

async fn answer(
    can: Can<DecideCase, OneCase<InspectionRequest>>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<InspectionAnswer>,
) -> Outcome<Amended<Viewed<InspectionRequest>>> {
    let Body { value: answer, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let answered = call.state.db.write_about_case(&call.request, can.target(), CaseDeed::Decide, &key, async |tx, granted| {
        let answered = inspection_request::answer(tx, granted, answer).await?;
        Ok(amended(answered.version, &answered))
    });
    Ok(answered.await?.into())
}

async fn withdraw(
    can: Can<AskCase, OneCase<InspectionRequest>>,
    _: Query<NoParams>,
    key: IdempotencyKey,
) -> Outcome<Amended<Viewed<InspectionRequest>>> {
    let call = can.call();
    let key = key.with(openilp_persistence::request_hash(call.path.as_bytes()));
    let withdrawn = call.state.db.write_about_case(&call.request, can.target(), CaseDeed::Ask, &key, async |tx, granted| {
        let withdrawn = inspection_request::withdraw(tx, granted).await?;
        Ok(amended(withdrawn.version, &withdrawn))
    });
    Ok(withdrawn.await?.into())
}

/// The routes of requests to inspect.
pub fn routes(r: &mut Routes) {
    r.tag("cases");
    r.case::<InspectionRequest>(
        About { id: "list_student_inspection_requests", summary: "List the requests to inspect a student's file", text: "For whoever reads S14." },
        About {
            id: "list_inspection_requests",
            summary: "List the requests to inspect of your district",
            text: "For the custodian. With `open=true`: those that wait. Each is answered by its `dueOn`.",
        },
        About { id: "read_inspection_request", summary: "Read a request to inspect", text: "" },
    );
    r.post("/v1/students/{studentId}/inspection-requests", create, About {
        id: "create_inspection_request",
        summary: "Ask to inspect a student's file, or parts of it",
        text: "For the student and for guardians who hold the rights (34 CFR 99.10); a custodian writes down what came by letter, and says who asks: then the family is told. \
               `dueOn` follows from the state's rule, 45 days at most. While it is open the custodian reads what it is about, and nothing of that is removed: 409 \
               `request_open`.",
    });
    r.post(
        "/v1/inspection-requests/{inspectionRequestId}/answer",
        answer,
        About {
            id: "answer_inspection_request",
            summary: "Say how and when a file was inspected",
            text: "For the custodian. From then on the custodian reads no more by it. One that is answered or withdrawn stays as it is: 409 `closed`.",
        },
    );
    r.post(
        "/v1/inspection-requests/{inspectionRequestId}/withdrawal",
        withdraw,
        About {
            id: "withdraw_inspection_request",
            summary: "Take a request to inspect back",
            text: "For the family, or a custodian whom it told so.",
        },
    );
}
