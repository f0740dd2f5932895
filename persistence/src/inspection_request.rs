//! Requests to inspect a file: made, answered, withdrawn (34 CFR 99.10). What an open one lets a custodian read is decided where all access is, from the
//! view `student_relations`.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{DistrictAction, Section};
use openilp_domain::id::InspectionRequestId;
use openilp_domain::inspection_request::{InspectionAnswer, InspectionRequest, InspectionStatus, NewInspectionRequest, due_on};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::case::{self, Asked};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted, Withheld};
use crate::journal::Change;
use crate::notice;
use crate::schema::inspection_requests::dsl;

/// The columns, in the order of the view's members.
macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::student_id,
            dsl::requested_by,
            dsl::received_on,
            dsl::due_on,
            dsl::sections,
            dsl::status,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::wish,
            dsl::recorded_by,
            dsl::answered_on,
            dsl::answered_by,
            dsl::method,
            dsl::answer,
        )
    };
}

fn note(tx: &Tx<'_>, operation: Operation, request: &InspectionRequest) -> Result<()> {
    let change = Change::of(Kind::InspectionRequest, request.id, request.version, operation, request)?;
    tx.note(change.about(request.student_id, Section::Privacy));
    Ok(())
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

/// One, to show to whoever reads what is private about the student.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<InspectionRequest>>> {
    let mut conn = tx.conn;
    let found = dsl::inspection_requests.find((tx.district, InspectionRequestId(id))).select(columns!()).first(&mut conn).await.optional()?;
    Ok(found.map(Withheld::new))
}

/// A page of those about the student that the grant is about.
pub async fn list_of_student(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<InspectionRequest>> {
    let mut conn = tx.conn;
    let rows = dsl::inspection_requests
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(grant.located()?.student_id))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .load::<InspectionRequest>(&mut conn)
        .await?;
    let open = grant.open_as(Section::Privacy, Withheld::new(rows)).ok_or(Error::Forbidden)?;
    Ok(Page::cut(open, page.limit, |request| request.id.0))
}

/// A page of the district's, for its custodian: the open ones, the others, or all.
pub async fn list(tx: &Tx<'_>, grant: &Grant, open: Option<bool>, page: PageOf) -> Result<Page<InspectionRequest>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut rows = dsl::inspection_requests
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    rows = match open {
        Some(true) => rows.filter(dsl::status.eq(InspectionStatus::Open)),
        Some(false) => rows.filter(dsl::status.ne(InspectionStatus::Open)),
        None => rows,
    };
    let mut conn = tx.conn;
    Ok(Page::cut(rows.load::<InspectionRequest>(&mut conn).await?, page.limit, |request| request.id.0))
}

/// The one that was granted, locked against other writers, while it is open.
async fn open(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<InspectionRequest> {
    let id = InspectionRequestId(granted.located()?.id);
    let mut conn = tx.conn;
    let found = dsl::inspection_requests.find((tx.district, id)).select(columns!()).for_update().first::<InspectionRequest>(&mut conn).await;
    let found = found.optional()?.ok_or(Error::NotFound)?;
    match found.status {
        InspectionStatus::Open => Ok(found),
        InspectionStatus::Answered | InspectionStatus::Withdrawn => {
            Err(Error::Conflict { code: "closed", detail: "This request was answered or withdrawn already." })
        }
    }
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
