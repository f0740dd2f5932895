//! Marks of report cards, copied into a file (R18). Imports write them; here they are read.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::SqlTypeOf;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{DivisionId, ReportCardId, StudentId};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::report_card::ReportCard;
use serde_json::Value;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Withheld};
use crate::list_of;
use crate::listed::Listed;
use crate::record::filled_with;
use crate::schema::report_cards::dsl;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::student_id,
            dsl::division_id,
            dsl::term_title,
            dsl::term_starts_on,
            dsl::term_ends_on,
            dsl::category_title,
            dsl::class_title,
            dsl::class_code,
            dsl::teachers,
            dsl::title,
            dsl::score_status,
            dsl::score,
            dsl::score_text,
            dsl::scale,
            dsl::scored_on,
            dsl::comment,
            dsl::flags,
            dsl::copy_number,
            dsl::corrects_id,
            dsl::corrected_by_id,
            dsl::withdrawn_on,
            dsl::source,
            dsl::sourced_id,
            dsl::captured_at,
            dsl::version,
        )
    };
}

type Row = (
    ReportCardId,
    StudentId,
    DivisionId,
    String,
    NaiveDate,
    NaiveDate,
    String,
    String,
    Option<String>,
    Value,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<Value>,
    NaiveDate,
    Option<String>,
    Value,
    i32,
    Option<ReportCardId>,
    Option<ReportCardId>,
    Option<NaiveDate>,
    String,
    String,
    DateTime<Utc>,
    i32,
);

fn report_card(row: Row) -> Result<ReportCard> {
    let (
        id,
        student_id,
        division_id,
        term_title,
        term_starts_on,
        term_ends_on,
        category_title,
        class_title,
        class_code,
        teachers,
        title,
        score_status,
        score,
        score_text,
        scale,
        scored_on,
        comment,
        flags,
        copy_number,
        corrects_id,
        corrected_by_id,
        withdrawn_on,
        source,
        sourced_id,
        captured_at,
        version,
    ) = row;
    let unknown = |error: serde_json::Error| Error::Internal(format!("report card {id} cannot be read: {error}"));
    Ok(ReportCard {
        id,
        student_id,
        division_id,
        term_title,
        term_starts_on,
        term_ends_on,
        category_title,
        class_title,
        class_code,
        teachers: serde_json::from_value(teachers).map_err(unknown)?,
        title,
        score_status,
        score,
        score_text,
        scale: scale.map(serde_json::from_value).transpose().map_err(unknown)?,
        scored_on,
        comment,
        flags: serde_json::from_value(flags).map_err(unknown)?,
        copy_number,
        corrects_id,
        corrected_by_id,
        withdrawn_on,
        source,
        sourced_id,
        captured_at,
        version,
    })
}

/// Reads one; it stays withheld until a grant opens it.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<ReportCard>>> {
    let mut conn = tx.conn;
    let row = dsl::report_cards.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(id)).select(columns!());
    row.first::<Row>(&mut conn).await.optional()?.map(|row| report_card(row).map(Withheld::new)).transpose()
}

/// Reads a page of those of the granted record's student, as far as the grant opens them.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<ReportCard>> {
    let student = grant.located()?.student_id;
    filled_with(
        grant,
        page,
        |card: &ReportCard| card.id.0,
        async |after, limit| {
            let mut conn = tx.conn;
            let rows = dsl::report_cards.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::student_id.eq(student));
            let rows = rows.filter(dsl::id.gt(after)).order(dsl::id).limit(limit).select(columns!());
            rows.load::<Row>(&mut conn).await?.into_iter().map(report_card).collect()
        },
    )
    .await
}

/// The latest grading period first, class by class, each mark before the one that corrects it.
impl Listed for ReportCard {
    type Columns = SqlTypeOf<columns!()>;
    type Row = Row;
    fn select() -> String {
        list_of!(
            id student_id division_id term_title term_starts_on term_ends_on category_title class_title class_code teachers title
            score_status score score_text scale scored_on comment flags copy_number corrects_id corrected_by_id withdrawn_on
            source sourced_id captured_at version,
            report_cards, "order by term_starts_on desc, class_title, title, sourced_id, copy_number, id"
        )
    }
    fn of(row: Row) -> Result<Self> {
        report_card(row)
    }
}
