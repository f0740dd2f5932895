//! Requests to inspect a file: made, answered, withdrawn (34 CFR 99.10). What an open one lets a custodian read is decided where all access is, from the
//! view `student_relations`.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::id::InspectionRequestId;
use openilp_domain::inspection_request::{InspectionAnswer, InspectionRequest, InspectionStatus, NewInspectionRequest, due_on};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::Operation;
use openilp_domain::page::{Page, PageOf};

use crate::case::{self, Asked, case, note};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::notice;
use crate::schema::inspection_requests::dsl;

case! {
    InspectionRequest (InspectionRequestId, InspectionStatus) in inspection_requests {
        id, student_id, requested_by, received_on, due_on, sections, status, version, created_at, updated_at, wish, recorded_by, answered_on,
        answered_by, method, answer
    }
}

/// Makes one. The custodians are told; the family is, where a custodian wrote it down.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewInspectionRequest) -> Result<InspectionRequest> {
    let Asked { requested_by, recorded_by, received_on } = case::asked(tx, granted, new.requested_by, new.received_on).await?;
    let district = granted.grant().district();
    let mut conn = tx.conn;
    let made = diesel::insert_into(dsl::inspection_requests)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(granted.student_id()?),
            dsl::requested_by.eq(requested_by),
            dsl::recorded_by.eq(recorded_by),
            dsl::received_on.eq(received_on),
            dsl::due_on.eq(due_on(received_on, district.profile)),
            dsl::sections.eq(new.sections()),
            dsl::wish.eq(new.wish),
            dsl::status.eq(InspectionStatus::Open),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<InspectionRequest>(&mut conn)
        .await?;
    note(tx, Operation::Created, &made)?;
    notice::tell_of_inspection(tx, district, &made).await?;
    Ok(made)
}

/// The one that was granted, while it is open.
async fn open(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<InspectionRequest> {
    let found = current(tx, granted).await?;
    let closed = Error::Conflict { code: "closed", detail: "This request was answered or withdrawn already." };
    if found.status.is_open() { Ok(found) } else { Err(closed) }
}

/// Answers one.
pub async fn answer(tx: &Tx<'_>, granted: &Granted<'_>, answer: InspectionAnswer) -> Result<InspectionRequest> {
    let (request, today) = (open(tx, granted).await?, granted.grant().district().today);
    let answered_on = answer.answered_on.unwrap_or(today);
    let mut invalid = Invalid::default();
    let between = (request.received_on..=today).contains(&answered_on);
    invalid.unless(between, "/answeredOn", "out_of_range", "Must be a day from that on which the request came to today.");
    invalid.or(()).map_err(Error::Invalid)?;
    let mut conn = tx.conn;
    let answered = diesel::update(dsl::inspection_requests.find((tx.district, request.id)))
        .set((
            dsl::status.eq(InspectionStatus::Answered),
            dsl::answered_on.eq(Some(answered_on)),
            dsl::answered_by.eq(Some(granted.person()?)),
            dsl::method.eq(Some(answer.method)),
            dsl::answer.eq(answer.answer),
            dsl::version.eq(request.version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<InspectionRequest>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &answered)?;
    Ok(answered)
}

/// Takes one back.
pub async fn withdraw(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<InspectionRequest> {
    let request = open(tx, granted).await?;
    let mut conn = tx.conn;
    let withdrawn = diesel::update(dsl::inspection_requests.find((tx.district, request.id)))
        .set((dsl::status.eq(InspectionStatus::Withdrawn), dsl::version.eq(request.version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<InspectionRequest>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &withdrawn)?;
    Ok(withdrawn)
}
