//! Rows of the gradebook on their way to where persistence stages them.

use std::io;

use openilp_domain::report_card::{ReportCardFlag, ScoreMark};
use openilp_persistence::roster::{Rows, Staged};

use crate::oneroster::rows::{Decimal, LineItemRow, ResultRow, Row, ScoreScaleRow, SourcedId};

/// Hands over a row of the gradebook, or of what is no roster either.
pub(crate) fn stage(row: &Row, rows: &mut Rows) -> io::Result<()> {
    match row {
        Row::Category(category) => {
            rows.push(&Staged::Category { line: category.line, sourced_id: category.sourced_id.as_str(), title: &category.title })
        }
        Row::LineItem(item) => stage_line_item(item, rows),
        Row::Result(result) => stage_result(result, rows),
        Row::ScoreScale(scale) => stage_scale(scale, rows),
        Row::LineItemScoreScale(link) => rows.push(&Staged::ScaleOf {
            line: link.line,
            line_item: Some(link.line_item_sourced_id.as_str()),
            result: None,
            scale: link.score_scale_sourced_id.as_str(),
        }),
        Row::ResultScoreScale(link) => rows.push(&Staged::ScaleOf {
            line: link.line,
            line_item: None,
            result: Some(link.result_sourced_id.as_str()),
            scale: link.score_scale_sourced_id.as_str(),
        }),
        other => crate::roster_supplement::stage(other, rows),
    }
}

fn stage_line_item(item: &LineItemRow, rows: &mut Rows) -> io::Result<()> {
    rows.push(&Staged::LineItem {
        line: item.line,
        sourced_id: item.sourced_id.as_str(),
        title: &item.title,
        class: item.class_sourced_id.as_str(),
        category: item.category_sourced_id.as_str(),
        session: item.academic_session_sourced_id.as_str(),
        school: item.school_sourced_id.as_ref().map(SourcedId::as_str),
        score_min: item.result_value_min.as_ref().map(Decimal::as_str),
        score_max: item.result_value_max.as_ref().map(Decimal::as_str),
    })
}

fn stage_result(result: &ResultRow, rows: &mut Rows) -> io::Result<()> {
    let flags = [
        (ReportCardFlag::InProgress, result.in_progress),
        (ReportCardFlag::Incomplete, result.incomplete),
        (ReportCardFlag::Late, result.late),
        (ReportCardFlag::Missing, result.missing),
    ];
    rows.push(&Staged::Result {
        line: result.line,
        sourced_id: result.sourced_id.as_str(),
        line_item: result.line_item_sourced_id.as_str(),
        person: result.student_sourced_id.as_str(),
        class: result.class_sourced_id.as_ref().map(SourcedId::as_str),
        score_status: result.score_status.word(),
        score: result.score.as_ref().map(Decimal::as_str),
        score_text: result.text_score.as_deref(),
        scored_on: result.score_date,
        comment: result.comment.as_deref(),
        flags: flags.iter().filter(|(_, said)| *said == Some(true)).map(|(flag, _)| flag.word()).collect(),
    })
}

fn stage_scale(scale: &ScoreScaleRow, rows: &mut Rows) -> io::Result<()> {
    let marks: Vec<_> = scale.values.iter().map(|pair| ScoreMark { mark: pair.mark.clone(), value: pair.value.clone() }).collect();
    let marks = serde_json::to_string(&marks)?;
    rows.push(&Staged::ScoreScale { line: scale.line, sourced_id: scale.sourced_id.as_str(), title: &scale.title, marks: &marks })
}
