//! Words of a record in another language (R30). A translation stands where its record stands, and goes with it.

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::field::camel;
use openilp_domain::id::{RecordId, StudentId, TranslationId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::noun::Noun;
use openilp_domain::translation::{NewTranslation, TranslatedTexts, Translation, TranslationPatch, texts_of};
use serde_json::Value;

use crate::case;
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Granted, section_of};
use crate::journal::Change;
use crate::named_record;
use crate::record;
use crate::schema::translations::dsl;

// It is added where its record is: the granted record is that one.
record! {
    Translation in translations
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, _new| crate::plan::id_of(tx, granted.student_id()?).await,
        student_id = |_tx, granted, _new| granted.student_id(),
        section = |_tx, granted, _new| granted.located().map(section_of),
        record_version = |tx, granted, new| made_of(tx, granted, new).await,
        may_name_others = |_tx, granted, _new| sees_whole(granted),
        goal_id = |_tx, granted, _new| granted.located().map(|located| located.goal),
    }
    again {
        record_version = |tx, _granted, before, change| made_anew(tx, before, change).await,
        may_name_others = |_tx, granted, before, change| if change.texts.is_some() { sees_whole(granted) } else { Ok(before.may_name_others) },
    }
    fixed { record_kind, record_id }
    set { language, texts, original_language }
}

/// Whether the caller sees what is withheld from families where they translate: then they may have said it.
fn sees_whole(granted: &Granted<'_>) -> Result<bool> {
    let (grant, located) = (granted.grant(), granted.located()?);
    Ok(grant.sees_third_parties(section_of(located), &grant.item_at(located)))
}

/// The version of a record that texts are translated from. The record is held, so that it does not go before its translation is there.
async fn made_from(tx: &Tx<'_>, student: StudentId, kind: Kind, id: RecordId, texts: Option<&TranslatedTexts>) -> Result<i32> {
    let row = named_record::hold(tx, student, kind, id).await?.ok_or(Error::NotFound)?;
    if row.get("entered_in_error").and_then(Value::as_bool) != Some(false) {
        return Err(Error::Conflict { code: "entered_in_error", detail: "The record should never have been written: it is not translated." });
    }
    let known = texts_of(kind);
    let mut invalid = Invalid::default();
    for (number, text) in texts.into_iter().flat_map(|texts| &texts.0).enumerate() {
        let column = known.iter().find(|column| camel(column) == text.member.as_str());
        let there = column.and_then(|column| row.get(*column)).is_some_and(Value::is_string);
        invalid.unless(there, &format!("/texts/{number}/member"), "no_text", "The record has no such text now.");
    }
    invalid.or(()).map_err(Error::Invalid)?;
    let version = row.get("version").and_then(Value::as_i64).and_then(|version| i32::try_from(version).ok());
    version.ok_or_else(|| Error::Internal("a record without a version".to_owned()))
}

/// The version that a new one is made from: that which the caller was granted.
async fn made_of(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewTranslation) -> Result<i32> {
    let version = made_from(tx, granted.student_id()?, new.record_kind, new.record_id, Some(&new.texts)).await?;
    if version == granted.located()?.version {
        return Ok(version);
    }
    Err(Error::Conflict { code: "record_changed", detail: "The record was changed at the same time: read it again." })
}

/// The version that it is made from after a change: another, where its texts are. It does not come back from error while its record is in it.
async fn made_anew(tx: &Tx<'_>, before: &Translation, change: &TranslationPatch) -> Result<i32> {
    if change.texts.is_none() && change.entered_in_error != Some(false) {
        return Ok(before.record_version);
    }
    let version = made_from(tx, before.student_id, before.record_kind, before.record_id, change.texts.as_ref()).await?;
    Ok(if change.texts.is_some() { version } else { before.record_version })
}

/// How the row of a change reads.
macro_rules! columns {
    () => {
        record!(@columns plan_id student_id section record_version may_name_others goal_id record_kind record_id language texts original_language)
    };
}
macro_rules! from_row {
    () => {
        record!(@from Translation plan_id student_id section record_version may_name_others goal_id record_kind record_id language texts original_language)
    };
}

type Row = <Translation as Noun>::Row;

/// What a record that should never have been written says in other languages should not have been either.
pub(crate) async fn mistaken_with<N: Noun>(tx: &Tx<'_>, record: &N) -> Result<()> {
    if texts_of(N::KIND).is_empty() {
        return Ok(());
    }
    let of = dsl::translations.filter(dsl::district_id.eq(tx.district)).filter(dsl::record_id.eq(record.id().into()));
    let set = (dsl::entered_in_error.eq(true), dsl::version.eq(dsl::version + 1), dsl::updated_at.eq(tx.at));
    let mut conn = tx.conn;
    let rows = diesel::update(of.filter(dsl::entered_in_error.eq(false))).set(set).returning(columns!()).load::<Row>(&mut conn).await?;
    rows.into_iter().map(from_row!()).try_for_each(|one| record::note(tx, Operation::Amended, &one))
}

/// What a record said in other languages goes with it. What belongs to a goal goes with the goal, in the database.
pub(crate) async fn removed_with<N: Noun>(tx: &Tx<'_>, granted: &Granted<'_>, record: &N) -> Result<()> {
    if texts_of(N::KIND).is_empty() {
        return Ok(());
    }
    let mut conn = tx.conn;
    let of = dsl::translations.filter(dsl::district_id.eq(tx.district)).filter(dsl::record_id.eq(record.id().into()));
    for row in diesel::delete(of).returning(columns!()).load::<Row>(&mut conn).await? {
        let gone = from_row!()(row);
        case::expect_none_open(tx, &granted.moved_to(N::KIND, gone.id, gone.version).borrow()).await?;
        record::note(tx, Operation::Removed, &gone)?;
    }
    Ok(())
}

/// The translations of a record are shown otherwise from now on, because it is: after that was touched, so that none is added meanwhile. Where words of the
/// record are withheld that were not before, any of them may say these.
pub(crate) async fn touch(tx: &Tx<'_>, record: RecordId, why: &str, withheld_anew: bool) -> Result<()> {
    let mut conn = tx.conn;
    let of = dsl::translations.filter(dsl::district_id.eq(tx.district)).filter(dsl::record_id.eq(record));
    let set = (dsl::version.eq(dsl::version + 1), withheld_anew.then(|| dsl::may_name_others.eq(true)));
    let rows = diesel::update(of).set(set).returning(columns!()).load::<Row>(&mut conn).await?;
    for one in rows.into_iter().map(from_row!()) {
        let change = Change::of(Kind::Translation, one.id, one.version, Operation::Amended, &one)?;
        tx.note(Change { reason: Some(why.to_owned()), ..change }.about(one.student_id, one.section));
    }
    Ok(())
}

/// A custodian has gone over a translation and marked what is another student's in it, or has taken a mark back. Whether that is news.
pub(crate) async fn gone_over(tx: &Tx<'_>, id: RecordId, is: bool) -> Result<bool> {
    let mut conn = tx.conn;
    let one = dsl::translations.find((tx.district, TranslationId(id.0))).filter(dsl::may_name_others.eq(is));
    Ok(diesel::update(one).set(dsl::may_name_others.eq(!is)).execute(&mut conn).await? > 0)
}
