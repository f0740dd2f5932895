//! Requests to amend a record: made, decided, heard, and where they are refused, with the family's statement (34 CFR 99.20 to 99.22).

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Relation;
use openilp_domain::amendment_request::{AmendmentRequest, AmendmentStatus, AmendmentStep, NewAmendmentRequest};
use openilp_domain::id::AmendmentRequestId;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::Operation;
use openilp_domain::page::{Page, PageOf};

use crate::case::{self, Asked, case, note};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::named_record::{self, NamedRecord};
use crate::notice;
use crate::schema::amendment_requests::dsl;
use crate::translation;

case! {
    AmendmentRequest (AmendmentRequestId, AmendmentStatus) in amendment_requests {
        id, student_id, requested_by, received_on, record_kind, record_id, section, ground, reason, wish, status, version, created_at, updated_at,
        recorded_by, decided_on, decided_by, decision_reason, hearing_requested_on, hearing_on, hearing_place, hearing_officer, hearing_decided_on,
        findings, statement, statement_placed_on
    }
}

/// Makes one about a record that stands in the file. The custodians are told; the family is, where a custodian wrote it down.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewAmendmentRequest) -> Result<AmendmentRequest> {
    let (student, grant) = (granted.student_id()?, granted.grant());
    let record = NamedRecord::find(tx, student, new.record_kind, new.record_id, None).await?;
    // A custodian does not read it yet: that begins with the request.
    let record = record.filter(|record| granted.relation() == Relation::Custodian || record.is_read_by(grant));
    let unknown = || Error::Invalid(Invalid::one("/recordId", "unknown_record", "There is no such record in this file."));
    let section = record.ok_or_else(unknown)?.section();
    let Asked { requested_by, recorded_by, received_on } = case::asked(tx, granted, new.requested_by, new.received_on).await?;
    let mut conn = tx.conn;
    let made = diesel::insert_into(dsl::amendment_requests)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(student),
            dsl::requested_by.eq(requested_by),
            dsl::recorded_by.eq(recorded_by),
            dsl::received_on.eq(received_on),
            dsl::record_kind.eq(new.record_kind),
            dsl::record_id.eq(new.record_id),
            dsl::section.eq(section),
            dsl::ground.eq(new.ground),
            dsl::reason.eq(new.reason),
            dsl::wish.eq(new.wish),
            dsl::status.eq(AmendmentStatus::Open),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<AmendmentRequest>(&mut conn)
        .await?;
    note(tx, Operation::Created, &made)?;
    notice::tell_of_amendment(tx, grant.district(), &made).await?;
    Ok(made)
}

/// Takes a step with the one that was granted. Where the family's statement comes, changes or goes, its record has another version.
pub async fn step(tx: &Tx<'_>, granted: &Granted<'_>, step: AmendmentStep) -> Result<AmendmentRequest> {
    let before = current(tx, granted).await?;
    let closed = Error::Conflict { code: "other_status", detail: "Where the request stands, this step cannot be taken: read its status." };
    let status = before.status.after(&step).ok_or(closed)?;
    let (person, today) = (granted.person()?, granted.grant().district().today);
    let mut after = AmendmentRequest { status, ..before.clone() };
    if !status.keeps_statement() {
        (after.statement, after.statement_placed_on) = (None, None);
    }
    let is_set = matches!(step, AmendmentStep::SetHearing(_));
    match step {
        AmendmentStep::Decide(decision) => {
            (after.decided_on, after.decided_by, after.decision_reason) = (Some(today), Some(person), Some(decision.reason));
        }
        AmendmentStep::AskForHearing => after.hearing_requested_on = Some(today),
        AmendmentStep::SetHearing(hearing) => {
            expect(hearing.hearing_on >= today, "/hearingOn", "over", "This day is over already.")?;
            (after.hearing_on, after.hearing_place) = (Some(hearing.hearing_on), Some(hearing.hearing_place));
            after.hearing_officer = Some(hearing.hearing_officer);
        }
        AmendmentStep::DecideHearing(found) => {
            let held = before.hearing_on.is_some_and(|day: NaiveDate| day <= today);
            if !held {
                return Err(Error::Conflict { code: "not_held", detail: "The hearing is on a later day." });
            }
            (after.hearing_decided_on, after.findings) = (Some(today), Some(found.findings));
        }
        AmendmentStep::State(statement) => (after.statement, after.statement_placed_on) = (Some(statement.text), Some(today)),
        AmendmentStep::Withdraw => {}
    }
    let restated = before.statement != after.statement;
    let stored = store(tx, after).await?;
    note(tx, Operation::Amended, &stored)?;
    if restated {
        let why = "The family's statement on it was placed, changed or taken back.";
        named_record::touch(tx, stored.student_id, stored.record_kind, stored.record_id, why).await?;
        translation::touch(tx, stored.record_id, why, false).await?;
    }
    if stored.status != before.status || is_set {
        notice::tell_of_amendment(tx, granted.grant().district(), &stored).await?;
    }
    Ok(stored)
}

fn expect(holds: bool, pointer: &str, code: &'static str, detail: &str) -> Result<()> {
    let mut invalid = Invalid::default();
    invalid.unless(holds, pointer, code, detail);
    invalid.or(()).map_err(Error::Invalid)
}

/// Writes what may change.
async fn store(tx: &Tx<'_>, after: AmendmentRequest) -> Result<AmendmentRequest> {
    let mut conn = tx.conn;
    let stored = diesel::update(dsl::amendment_requests.find((tx.district, after.id)))
        .set((
            dsl::status.eq(after.status),
            dsl::decided_on.eq(after.decided_on),
            dsl::decided_by.eq(after.decided_by),
            dsl::decision_reason.eq(after.decision_reason),
            dsl::hearing_requested_on.eq(after.hearing_requested_on),
            dsl::hearing_on.eq(after.hearing_on),
            dsl::hearing_place.eq(after.hearing_place),
            dsl::hearing_officer.eq(after.hearing_officer),
            dsl::hearing_decided_on.eq(after.hearing_decided_on),
            dsl::findings.eq(after.findings),
            dsl::statement.eq(after.statement),
            dsl::statement_placed_on.eq(after.statement_placed_on),
            dsl::version.eq(after.version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<AmendmentRequest>(&mut conn)
        .await?;
    Ok(stored)
}
