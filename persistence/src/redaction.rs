//! Redactions: words about other students, marked by a custodian, withheld from the student's family (34 CFR 99.12(a), L13).

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, Item, Section};
use openilp_domain::id::RedactionId;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::redaction::{NewRedaction, Redaction};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted, Withheld};
use crate::journal::Change;
use crate::named_record::{self, NamedRecord};
use crate::schema::redactions::dsl;
use crate::translation;

/// The columns, in the order of the view's members.
macro_rules! columns {
    () => {
        (dsl::id, dsl::student_id, dsl::record_kind, dsl::record_id, dsl::words, dsl::created_by, dsl::version, dsl::created_at, dsl::updated_at)
    };
}

/// What the journal says of the record itself, which the family reads.
const WHY: &str = "What of it is about another student was marked, or is shown again.";

async fn noted(tx: &Tx<'_>, operation: Operation, redaction: &Redaction) -> Result<()> {
    let change = Change::of(Kind::Redaction, redaction.id, redaction.version, operation, redaction)?;
    tx.note(change.about(redaction.student_id, Section::Privacy));
    let (kind, record) = (redaction.record_kind, redaction.record_id);
    if kind == Kind::Translation {
        // The custodian has gone over it, or has not any more.
        translation::gone_over(tx, record, operation != Operation::Removed).await?;
    }
    named_record::touch(tx, redaction.student_id, kind, record, WHY).await?;
    translation::touch(tx, record, WHY, operation == Operation::Created).await
}

/// Marks words of a record that the custodian reads in an open request. What is marked already stays as it is.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewRedaction) -> Result<Redaction> {
    let student = granted.student_id()?;
    let record = NamedRecord::find(tx, student, new.record_kind, new.record_id, Some(new.words.as_str())).await?;
    let record = record.filter(|record| record.is_read_by(granted.grant()));
    let fault = |pointer: &str, code, detail: &str| Error::Invalid(Invalid::one(pointer, code, detail));
    let unknown = || fault("/recordId", "unknown_record", "There is no such record that you read: you do while a request of the family is open.");
    if !record.ok_or_else(unknown)?.has_words {
        return Err(fault("/words", "not_there", "These words do not stand in the record, letter by letter."));
    }
    let mut conn = tx.conn;
    let words = new.words.clone();
    // Two who mark the same at once make one mark.
    let made = diesel::insert_into(dsl::redactions)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(student),
            dsl::record_kind.eq(new.record_kind),
            dsl::record_id.eq(new.record_id),
            dsl::words.eq(new.words),
            dsl::created_by.eq(granted.person()?),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .on_conflict((dsl::district_id, dsl::student_id, dsl::record_id, dsl::words))
        .do_nothing()
        .returning(columns!())
        .get_result::<Redaction>(&mut conn)
        .await
        .optional()?;
    if let Some(made) = made {
        noted(tx, Operation::Created, &made).await?;
        return Ok(made);
    }
    if new.record_kind == Kind::Translation && translation::gone_over(tx, new.record_id, true).await? {
        named_record::touch(tx, student, new.record_kind, new.record_id, WHY).await?;
    }
    let there = dsl::redactions
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(student))
        .filter(dsl::record_id.eq(new.record_id))
        .filter(dsl::words.eq(words))
        .select(columns!());
    // Who marked it may have taken that back meanwhile.
    there
        .first(&mut conn)
        .await
        .optional()?
        .ok_or(Error::Conflict { code: "mark_changed", detail: "The mark was changed at the same time: try again." })
}

/// One, for the custodian: whoever sees it sees the words.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Redaction>>> {
    let mut conn = tx.conn;
    let found = dsl::redactions.find((tx.district, RedactionId(id))).select(columns!()).first::<Redaction>(&mut conn).await.optional()?;
    Ok(found.map(Withheld::new))
}

/// Opens one to a custodian.
pub fn open(grant: &Grant, withheld: Option<Withheld<Redaction>>) -> Result<Redaction> {
    let found = withheld.ok_or(Error::NotFound)?;
    match grant.relation_for(Action::Read, Section::Privacy, &Item::default()) {
        Some(_) if grant.keeps_privacy() => Ok(found.into_asked_for(grant)),
        Some(_) => Err(Error::Forbidden),
        None => Err(Error::NotFound),
    }
}

/// A page of those in the file of the student that the grant is about, for the custodian.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Redaction>> {
    if !grant.keeps_privacy() {
        return Err(Error::Forbidden);
    }
    let mut conn = tx.conn;
    let rows = dsl::redactions
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(grant.located()?.student_id))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .load::<Redaction>(&mut conn)
        .await?;
    Ok(Page::cut(rows, page.limit, |redaction| redaction.id.0))
}

/// Shows the words again.
pub async fn remove(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<()> {
    let mut conn = tx.conn;
    let one = dsl::redactions.find((tx.district, RedactionId(granted.located()?.id)));
    let gone = diesel::delete(one.filter(dsl::version.eq(version))).returning(columns!()).get_result::<Redaction>(&mut conn).await.optional()?;
    noted(tx, Operation::Removed, &gone.ok_or(Error::Stale)?).await
}
