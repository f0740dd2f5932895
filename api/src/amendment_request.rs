//! Requests to amend a record (34 CFR 99.20 to 99.22, L14, L15): decided, heard, answered by the family's statement.

use openilp_domain::access::CaseDeed;
use openilp_domain::amendment_request::{
    AmendmentDecision, AmendmentRequest, AmendmentStep, HearingDecision, NewAmendmentRequest, NewContestStatement, NewHearing,
};
use openilp_persistence::amendment_request;
use openilp_persistence::idempotency::Key;

use crate::answer::{Amended, Created, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::case::{AskCase, DecideCase, OneCase, location};
use crate::guard::{Can, Deed, Student as AtStudent};
use crate::plain::Viewed;
use crate::routes::{About, Routes};

type Stepped = Outcome<Amended<Viewed<AmendmentRequest>>>;

async fn create(
    can: Can<AskCase, AtStudent>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewAmendmentRequest>,
) -> Outcome<Created<Viewed<AmendmentRequest>>> {
    let Body { value: new, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let made = call.state.db.write_about_case(&call.request, can.target(), CaseDeed::Ask, &key, async |tx, granted| {
        let made = amendment_request::create(tx, granted, new).await?;
        Ok(created(made.version, location(&made), &made))
    });
    Ok(made.await?.into())
}

async fn step<D: Deed + 'static>(can: &Can<D, OneCase<AmendmentRequest>>, deed: CaseDeed, key: Key, step: AmendmentStep) -> Stepped {
    let call = can.call();
    let stepped = call.state.db.write_about_case(&call.request, can.target(), deed, &key, async |tx, granted| {
        let request = amendment_request::step(tx, granted, step).await?;
        Ok(amended(request.version, &request))
    });
    Ok(stepped.await?.into())
}

async fn decide(can: Can<DecideCase, OneCase<AmendmentRequest>>, _: Query<NoParams>, key: IdempotencyKey, body: Body<AmendmentDecision>) -> Stepped {
    step(&can, CaseDeed::Decide, key.with(body.hash), AmendmentStep::Decide(body.value)).await
}

async fn ask_for_hearing(can: Can<AskCase, OneCase<AmendmentRequest>>, _: Query<NoParams>, key: IdempotencyKey) -> Stepped {
    let key = key.with(openilp_persistence::request_hash(can.call().path.as_bytes()));
    step(&can, CaseDeed::Ask, key, AmendmentStep::AskForHearing).await
}

async fn set_hearing(can: Can<DecideCase, OneCase<AmendmentRequest>>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewHearing>) -> Stepped {
    step(&can, CaseDeed::Decide, key.with(body.hash), AmendmentStep::SetHearing(body.value)).await
}

async fn decide_hearing(
    can: Can<DecideCase, OneCase<AmendmentRequest>>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<HearingDecision>,
) -> Stepped {
    step(&can, CaseDeed::Decide, key.with(body.hash), AmendmentStep::DecideHearing(body.value)).await
}

async fn place_statement(
    can: Can<AskCase, OneCase<AmendmentRequest>>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewContestStatement>,
) -> Stepped {
    step(&can, CaseDeed::Ask, key.with(body.hash), AmendmentStep::State(body.value)).await
}

async fn withdraw(can: Can<AskCase, OneCase<AmendmentRequest>>, _: Query<NoParams>, key: IdempotencyKey) -> Stepped {
    let key = key.with(openilp_persistence::request_hash(can.call().path.as_bytes()));
    step(&can, CaseDeed::Ask, key, AmendmentStep::Withdraw).await
}

/// The routes of requests to amend.
pub fn routes(r: &mut Routes) {
    r.tag("cases");
    r.case::<AmendmentRequest>(
        About { id: "list_student_amendment_requests", summary: "List the requests to amend a student's file", text: "For whoever reads S14." },
        About {
            id: "list_amendment_requests",
            summary: "List the requests to amend of your district",
            text: "For the custodian. With `open=true`: those that wait for a decision or a hearing.",
        },
        About { id: "read_amendment_request", summary: "Read a request to amend", text: "" },
    );
    r.post("/v1/students/{studentId}/amendment-requests", create, About {
        id: "create_amendment_request",
        summary: "Ask to amend a record of a student's file",
        text: "For the student and for guardians who hold the rights, about a record that they read (34 CFR 99.20); a custodian writes down what came by letter, and says who \
               asks: then the family is told. While it waits the custodian reads the section of the record, and the record is not removed: 409 `request_open`.",
    });
    r.post("/v1/amendment-requests/{amendmentRequestId}/decision", decide, About {
        id: "decide_amendment_request",
        summary: "Grant or refuse a request to amend",
        text: "For the custodian. Who may write the record amends it: a decision changes nothing in it. The family is told, of a refusal with its right to a hearing (34 CFR \
               99.20(c)). A refusal may be reversed until the hearing is decided. What cannot follow where the request stands is 409 `other_status`, here and below.",
    });
    r.post(
        "/v1/amendment-requests/{amendmentRequestId}/hearing-request",
        ask_for_hearing,
        About {
            id: "ask_for_amendment_hearing",
            summary: "Ask for a hearing on a record that is not amended",
            text: "For the family (34 CFR 99.21(a)).",
        },
    );
    r.post(
        "/v1/amendment-requests/{amendmentRequestId}/hearing",
        set_hearing,
        About {
            id: "set_amendment_hearing",
            summary: "Set the day, place and officer of a hearing, or set them anew",
            text: "For the custodian (34 CFR 99.22). The family is told each time.",
        },
    );
    r.post("/v1/amendment-requests/{amendmentRequestId}/hearing-decision", decide_hearing, About {
        id: "decide_amendment_hearing",
        summary: "Write down what a hearing found",
        text: "For the custodian, from the day of the hearing on: before, 409 `not_held`. With a summary of the evidence and the reasons (34 CFR 99.22(f)).",
    });
    r.post("/v1/amendment-requests/{amendmentRequestId}/statement", place_statement, About {
        id: "place_contest_statement",
        summary: "Place the family's statement on a record that is not amended",
        text: "For the family, once a request is refused; another takes its place. From then on the record has it wherever it is shown, listed, exported or fed, as `contestStatements`, and for as long as it is kept (34 CFR \
               99.21(b)(2), (c)). The record has another version by it.",
    });
    r.post(
        "/v1/amendment-requests/{amendmentRequestId}/withdrawal",
        withdraw,
        About {
            id: "withdraw_amendment_request",
            summary: "Take a request to amend back",
            text: "For the family, or a custodian whom it told so. A statement goes with it.",
        },
    );
}
