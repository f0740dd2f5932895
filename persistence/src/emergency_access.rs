//! Access in a health or safety emergency: declared, ended, reviewed. What it opens is decided where all access is, from the view
//! `student_relations`; that it was opened is on record here and as a disclosure (34 CFR 99.32(a)(5)).

use chrono::TimeDelta;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, DistrictAction, EmergencyDeed, Item, Section};
use openilp_domain::emergency_access::{EmergencyAccess, EmergencyAccessReview, EmergencyReason, NewEmergencyAccess, OPEN_MAX, review_due_on};
use openilp_domain::id::{EmergencyAccessId, PersonId};
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::disclosure;
use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::Target;
use crate::grant::{Grant, Granted, Withheld};
use crate::idempotency::Key;
use crate::journal::Change;
use crate::notice::{self, Whom};
use crate::request::{Reply, Request};
use crate::schema::emergency_accesses::dsl;
use crate::schema::people;

/// The columns, in the order of the view's members.
macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::student_id,
            dsl::person_id,
            dsl::relation,
            dsl::reason,
            dsl::threat,
            dsl::recipients,
            dsl::sections,
            dsl::expires_at,
            dsl::family_not_told,
            dsl::review_due_on,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::ended_at,
            dsl::reviewed_at,
            dsl::reviewed_by,
            dsl::justified,
            dsl::review_note,
        )
    };
}

impl Db {
    /// Declares an emergency of the student that is the target, or ends or reviews the one that is.
    pub async fn write_about_emergency(
        &self,
        request: &Request,
        target: Target,
        deed: EmergencyDeed,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        self.change(request, target, key, |grant| grant.about_emergency(deed), work).await
    }
}

fn note(tx: &Tx<'_>, operation: Operation, access: &EmergencyAccess) -> Result<()> {
    let change = Change::of(Kind::EmergencyAccess, access.id, access.version, operation, access)?;
    tx.note(change.about(access.student_id, Section::Privacy));
    Ok(())
}

/// Declares one, and records the disclosure. Not while [`OPEN_MAX`] of the person wait for their review.
pub async fn declare(tx: &Tx<'_>, granted: &Granted<'_>, request_id: &str, new: NewEmergencyAccess) -> Result<EmergencyAccess> {
    let (person, student) = (granted.person()?, granted.student_id()?);
    expect_few_open(tx, person).await?;
    let mut conn = tx.conn;
    let access = diesel::insert_into(dsl::emergency_accesses)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(student),
            dsl::person_id.eq(person),
            dsl::relation.eq(granted.relation()),
            dsl::reason.eq(new.reason),
            dsl::threat.eq(new.threat),
            dsl::recipients.eq(new.recipients),
            dsl::sections.eq(new.sections),
            dsl::expires_at.eq(tx.at + TimeDelta::minutes(new.minutes.0.into())),
            dsl::family_not_told.eq(new.family_not_told),
            dsl::review_due_on.eq(review_due_on(granted.grant().district().today)),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<EmergencyAccess>(&mut conn)
        .await?;
    disclosure::record_emergency(tx, &access, purpose(access.reason), request_id).await?;
    note(tx, Operation::Created, &access)?;
    let district = granted.grant().district();
    notice::tell_of_emergency(tx, district, &access, Whom::Custodians).await?;
    if !access.family_not_told {
        notice::tell_of_emergency(tx, district, &access, Whom::Family).await?;
    }
    Ok(access)
}

fn purpose(reason: EmergencyReason) -> &'static str {
    match reason {
        EmergencyReason::Health => "Health emergency",
        EmergencyReason::Safety => "Safety emergency",
    }
}

/// Refuses while too many of the person wait for their review. The person's row makes those who declare at once wait for each other.
async fn expect_few_open(tx: &Tx<'_>, person: PersonId) -> Result<()> {
    let mut conn = tx.conn;
    people::table.find((tx.district, person)).select(people::version).for_no_key_update().first::<i32>(&mut conn).await?;
    let open = dsl::emergency_accesses.filter(dsl::district_id.eq(tx.district)).filter(dsl::person_id.eq(person)).filter(dsl::reviewed_at.is_null());
    if open.count().get_result::<i64>(&mut conn).await? < OPEN_MAX {
        return Ok(());
    }
    Err(Error::Conflict { code: "too_many_open", detail: "Three of your emergency accesses wait for their review." })
}

/// One, to show to whoever may see it.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<EmergencyAccess>>> {
    let mut conn = tx.conn;
    let found = dsl::emergency_accesses.find((tx.district, id)).select(columns!()).first::<EmergencyAccess>(&mut conn).await.optional()?;
    Ok(found.map(Withheld::new))
}

/// Opens one to a custodian, or to who declared it.
pub fn open(grant: &Grant, withheld: Option<Withheld<EmergencyAccess>>) -> Result<EmergencyAccess> {
    grant.about_emergency(EmergencyDeed::Read)?;
    // What was asked for is what was decided about: the door found it by the same id.
    withheld.map(|withheld| withheld.into_asked_for(grant)).ok_or(Error::NotFound)
}

/// A page of the district's: all, those that were reviewed, or those that wait.
pub async fn list(tx: &Tx<'_>, grant: &Grant, reviewed: Option<bool>, page: PageOf) -> Result<Page<EmergencyAccess>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut rows = dsl::emergency_accesses
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    match reviewed {
        Some(true) => rows = rows.filter(dsl::reviewed_at.is_not_null()),
        Some(false) => rows = rows.filter(dsl::reviewed_at.is_null()),
        None => {}
    }
    let mut conn = tx.conn;
    Ok(Page::cut(rows.load::<EmergencyAccess>(&mut conn).await?, page.limit, |access| access.id.0))
}

/// A page of a student's, for whoever reads what is private about the file (S14). What the family is not told of before its review, only a
/// custodian and who declared it see before.
pub async fn list_of_student(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<EmergencyAccess>> {
    let (student, caller) = (grant.located()?.student_id, grant.person()?);
    grant.relation_for(Action::Read, Section::Privacy, &Item::default()).ok_or(Error::Forbidden)?;
    let mut rows = dsl::emergency_accesses
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(student))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    if grant.relation_for(Action::Administer, Section::Privacy, &Item::default()).is_none() {
        let told = dsl::family_not_told.eq(false).or(dsl::reviewed_at.is_not_null()).or(dsl::person_id.eq(caller));
        rows = rows.filter(told);
    }
    let mut conn = tx.conn;
    Ok(Page::cut(rows.load::<EmergencyAccess>(&mut conn).await?, page.limit, |access| access.id.0))
}

/// The one that was granted, locked against other writers.
async fn current(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<EmergencyAccess> {
    let id = EmergencyAccessId(granted.located()?.id);
    let mut conn = tx.conn;
    let found = dsl::emergency_accesses.find((tx.district, id)).select(columns!()).for_update().first(&mut conn).await.optional()?;
    found.ok_or(Error::NotFound)
}

/// Ends one now. One that is over stays as it is.
pub async fn end(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<EmergencyAccess> {
    let access = current(tx, granted).await?;
    if access.ended_at.is_some() || access.expires_at <= tx.at {
        return Ok(access);
    }
    let mut conn = tx.conn;
    let ended = diesel::update(dsl::emergency_accesses.find((tx.district, access.id)))
        .set((dsl::ended_at.eq(Some(tx.at)), dsl::version.eq(access.version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<EmergencyAccess>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &ended)?;
    Ok(ended)
}

/// Says what the review found, once. It ends what has not ended.
pub async fn review(tx: &Tx<'_>, granted: &Granted<'_>, review: EmergencyAccessReview) -> Result<EmergencyAccess> {
    let access = current(tx, granted).await?;
    if access.reviewed_at.is_some() {
        return Err(Error::Conflict { code: "reviewed", detail: "This emergency access was reviewed already." });
    }
    let ended_at = access.ended_at.or((access.expires_at > tx.at).then_some(tx.at));
    let mut conn = tx.conn;
    let reviewed = diesel::update(dsl::emergency_accesses.find((tx.district, access.id)))
        .set((
            dsl::ended_at.eq(ended_at),
            dsl::reviewed_at.eq(Some(tx.at)),
            dsl::reviewed_by.eq(Some(granted.person()?)),
            dsl::justified.eq(Some(review.justified)),
            dsl::review_note.eq(Some(review.note)),
            dsl::version.eq(access.version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<EmergencyAccess>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &reviewed)?;
    if reviewed.family_not_told {
        notice::tell_of_emergency(tx, granted.grant().district(), &reviewed, Whom::Family).await?;
    }
    Ok(reviewed)
}
