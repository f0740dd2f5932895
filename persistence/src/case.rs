//! What the requests of a family about its records have in common: who asks, when it came, how they are read and listed, and what may not be removed
//! meanwhile (L12, L14).

use chrono::{Days, NaiveDate};
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{CaseDeed, Relation, Section, decide_case};
use openilp_domain::id::{PersonId, StudentId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plain::View;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{self, Target};
use crate::grant::{Grant, Granted, Withheld, section_of};
use crate::idempotency::Key;
use crate::journal::Change;
use crate::request::{Reply, Request};
use crate::statement;

/// How many days back a letter may have come that a custodian writes down.
const LETTER_DAYS_MAX: u64 = 366;

impl Db {
    /// Makes a request about the file of the student that is the target, or goes on with the one that is.
    pub async fn write_about_case(
        &self,
        request: &Request,
        target: Target,
        deed: CaseDeed,
        key: &Key,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        self.change(request, target, Some(key), |grant| grant.about_case(deed), work).await
    }
}

/// A request of a family about its records. `case!` implements it.
#[allow(async_fn_in_trait, reason = "used by concrete type only, on one thread")]
pub trait Case: View + Sized + 'static {
    /// Its kind.
    const KIND: Kind;

    /// The id.
    fn id(&self) -> Uuid;
    /// The version.
    fn version(&self) -> i32;
    /// Whose file it is about.
    fn student_id(&self) -> StudentId;

    /// One, to show to whoever reads what is private about the student.
    async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Self>>>;
    /// A page of those about the student that the grant is about.
    async fn list_of_student(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Self>>;
    /// A page of the district's, for its custodian: those that wait for the district, the others, or all.
    async fn list(tx: &Tx<'_>, grant: &Grant, open: Option<bool>, page: PageOf) -> Result<Page<Self>>;
}

/// Notes a change of a request for the journal.
pub(crate) fn note<C: Case>(tx: &Tx<'_>, operation: Operation, request: &C) -> Result<()> {
    let change = Change::of(C::KIND, request.id(), request.version(), operation, request)?;
    tx.note(change.about(request.student_id(), Section::Privacy));
    Ok(())
}

/// Reads and lists requests that are kept in a table. The columns stand in the order of the view's members.
macro_rules! case { ($view:ident ($id:ident, $status:ident) in $table:ident { $($column:ident),* $(,)? }) => {
    macro_rules! columns { () => { ($(dsl::$column),*) } }

    impl $crate::case::Case for $view {
        const KIND: openilp_domain::kind::Kind = openilp_domain::kind::Kind::$view;

        fn id(&self) -> uuid::Uuid {
            self.id.0
        }
        fn version(&self) -> i32 {
            self.version
        }
        fn student_id(&self) -> openilp_domain::id::StudentId {
            self.student_id
        }

        async fn read(tx: &Tx<'_>, id: uuid::Uuid) -> Result<Option<$crate::grant::Withheld<Self>>> {
            let mut conn = tx.conn;
            let found = dsl::$table.find((tx.district, $id(id))).select(columns!()).first::<Self>(&mut conn).await.optional()?;
            Ok(found.map($crate::grant::Withheld::new))
        }

        async fn list_of_student(tx: &Tx<'_>, grant: &$crate::grant::Grant, page: PageOf) -> Result<Page<Self>> {
            let mut conn = tx.conn;
            let rows = dsl::$table
                .filter(dsl::district_id.eq(tx.district))
                .filter(dsl::student_id.eq(grant.located()?.student_id))
                .filter(dsl::id.gt(page.after.unwrap_or(uuid::Uuid::nil())))
                .order(dsl::id)
                .limit(page.limit.and_one())
                .select(columns!())
                .load::<Self>(&mut conn)
                .await?;
            let privacy = openilp_domain::access::Section::Privacy;
            let open = grant.open_as(privacy, $crate::grant::Withheld::new(rows)).ok_or(Error::Forbidden)?;
            Ok(Page::cut(open, page.limit, $crate::case::Case::id))
        }

        async fn list(tx: &Tx<'_>, grant: &$crate::grant::Grant, open: Option<bool>, page: PageOf) -> Result<Page<Self>> {
            grant.demand(&[openilp_domain::access::DistrictAction::ManageRelations])?;
            let listed = |status: &$status| open.is_none_or(|open| status.is_open() == open);
            let mut conn = tx.conn;
            let rows = dsl::$table
                .filter(dsl::district_id.eq(tx.district))
                .filter(dsl::id.gt(page.after.unwrap_or(uuid::Uuid::nil())))
                .filter(dsl::status.eq_any($status::ALL.iter().copied().filter(listed).collect::<Vec<_>>()))
                .order(dsl::id)
                .limit(page.limit.and_one())
                .select(columns!())
                .load::<Self>(&mut conn)
                .await?;
            Ok(Page::cut(rows, page.limit, $crate::case::Case::id))
        }
    }

    /// The one that was granted, locked against other writers.
    async fn current(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<$view> {
        let mut conn = tx.conn;
        let one = dsl::$table.find((tx.district, $id(granted.located()?.id))).select(columns!());
        one.for_update().first::<$view>(&mut conn).await.optional()?.ok_or(Error::NotFound)
    }
} }
pub(crate) use case;

/// Who asks, and since when the district knows.
pub(crate) struct Asked {
    pub(crate) requested_by: PersonId,
    /// The custodian who wrote it down.
    pub(crate) recorded_by: Option<PersonId>,
    pub(crate) received_on: NaiveDate,
}

/// The family asks for itself, today. A custodian says who asked, and when the letter came.
pub(crate) async fn asked(tx: &Tx<'_>, granted: &Granted<'_>, requested_by: Option<PersonId>, received_on: Option<NaiveDate>) -> Result<Asked> {
    let (caller, today) = (granted.person()?, granted.grant().district().today);
    let mut invalid = Invalid::default();
    if granted.relation() != Relation::Custodian {
        invalid.unless(requested_by.is_none_or(|person| person == caller), "/requestedBy", "another", "You ask in your own name: leave it out.");
        invalid.unless(received_on.is_none_or(|day| day == today), "/receivedOn", "not_today", "You ask today: leave it out.");
        return invalid.or(Asked { requested_by: caller, recorded_by: None, received_on: today }).map_err(Error::Invalid);
    }
    let received_on = received_on.unwrap_or(today);
    let first = today.checked_sub_days(Days::new(LETTER_DAYS_MAX)).unwrap_or(today);
    invalid.unless((first..=today).contains(&received_on), "/receivedOn", "out_of_range", "Must be within the last year, and not after today.");
    let requested_by = requested_by.unwrap_or(granted.student_id()?.into());
    let may = may_ask(tx, granted, requested_by).await?;
    invalid.unless(may, "/requestedBy", "not_entitled", "This is neither the student nor a guardian who holds the rights today.");
    invalid.or(Asked { requested_by, recorded_by: Some(caller), received_on }).map_err(Error::Invalid)
}

async fn may_ask(tx: &Tx<'_>, granted: &Granted<'_>, person: PersonId) -> Result<bool> {
    let student = granted.student_id()?;
    let known = facts::of_students(tx.conn, tx.district, person, vec![student]).await?.remove(&student);
    let context = granted.grant().district().context(None);
    let by = known.and_then(|(facts, _)| decide_case(CaseDeed::Ask, &facts, &context).ok());
    Ok(matches!(by, Some(Relation::Student | Relation::Guardian)))
}

statement! {
    /// Whether an open request of the family is about a record, or about its section.
    Held { district: SqlUuid = Uuid, student: SqlUuid = Uuid, section: Text = String, record: SqlUuid = Uuid } -> (Bool)
    "select exists (select from inspection_requests
                     where district_id = $1 and student_id = $2 and status = 'open' and $3 = any(sections))
         or exists (select from amendment_requests
                     where district_id = $1 and student_id = $2 and status in ('open', 'hearingRequested', 'hearingSet') and record_id = $4)"
}

/// Refuses to remove the granted record while the family asks to see it, or to have it amended (34 CFR 99.10(e)).
pub(crate) async fn expect_none_open(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<()> {
    let located = granted.located()?;
    let StudentId(student) = located.student_id;
    let held = Held { district: tx.district.0, student, section: section_of(located).word().to_owned(), record: located.id };
    let mut conn = tx.conn;
    match held.get_result::<(bool,)>(&mut conn).await? {
        (false,) => Ok(()),
        (true,) => Err(Error::Conflict {
            code: "request_open",
            detail: "The family asks to inspect or to amend this. Nothing of it is removed before it is answered; mark it `enteredInError` instead.",
        }),
    }
}
