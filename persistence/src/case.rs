//! What the requests of a family about its records have in common: who asks, when it came, and what may not be removed meanwhile (L12, L14).

use chrono::{Days, NaiveDate};
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{CaseDeed, Relation, decide_case};
use openilp_domain::id::{PersonId, StudentId};
use openilp_domain::invalid::Invalid;
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{self, Target};
use crate::grant::{Granted, section_of};
use crate::idempotency::Key;
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
