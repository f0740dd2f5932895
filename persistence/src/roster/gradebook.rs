//! The gradebook: categories and line items are kept as the source has them, so that a delta can name one; of its results those become marks
//! of report cards (R18) that are in a category the district names and of a student with a file.
//!
//! A mark is a copy and is never written over. One that the source gives otherwise is added beside it, and the two name each other; one
//! that the source takes away is marked and stays. What makes a mark another is its value: status, score, words, comment, flags. A class
//! or a session that is called otherwise later is no reason for a copy.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;
use openilp_domain::roster::{Counts, FileReport, Report};

use super::Parsed;
use super::entity::Entity;
use super::report::examples;
use super::staged::RosterFile;
use super::work::{Work, column};
use crate::error::Result;

pub(super) const CATEGORIES: Entity = Entity {
    table: "categories",
    kind: Kind::Category,
    section: None,
    columns: &["title", "active", "source", "sourced_id"],
    once: None,
    differences: "
        select coalesce(t.id, s.new_id), t.id is null, coalesce(t.version, 0) + 1, null::uuid, s.sourced_id, s.title, true, :source, s.sourced_id
          from staged_categories s
          left join categories t on t.district_id = :district and t.source = :source and t.sourced_id = s.sourced_id
         where t.id is null or (t.title, t.active) is distinct from (s.title, true)",
    ends: Some(
        "
        select t.id, false, t.version + 1, null::uuid, t.sourced_id, t.title, false, t.source, t.sourced_id
          from categories t
         where t.district_id = :district and t.source = :source and t.active
           and not exists (select from staged_categories s where s.sourced_id = t.sourced_id)
           and (exists (select from whole_files where file = 'staged_categories')
             or t.sourced_id in (select x.sourced_id from staged_removals x where x.file = 'staged_categories'))",
    ),
};

pub(super) const LINE_ITEMS: Entity = Entity {
    table: "line_items",
    kind: Kind::LineItem,
    section: None,
    columns: &["title", "class_sourced_id", "category_sourced_id", "session_sourced_id", "scale", "active", "source", "sourced_id"],
    once: None,
    // A scale is not forgotten because a bundle came without scales.
    differences: "
        select coalesce(t.id, s.new_id), t.id is null, coalesce(t.version, 0) + 1, null::uuid, s.sourced_id,
               s.title, s.class, s.category, s.session, coalesce(t.scale || s.scale, s.scale, t.scale), true, :source, s.sourced_id
          from next_line_items s
          left join line_items t on t.district_id = :district and t.source = :source and t.sourced_id = s.sourced_id
         where t.id is null or (t.title, t.class_sourced_id, t.category_sourced_id, t.session_sourced_id, t.scale, t.active)
               is distinct from (s.title, s.class, s.category, s.session, coalesce(t.scale || s.scale, s.scale, t.scale), true)",
    ends: Some(
        "
        select t.id, false, t.version + 1, null::uuid, t.sourced_id, t.title, t.class_sourced_id, t.category_sourced_id, t.session_sourced_id,
               t.scale, false, t.source, t.sourced_id
          from line_items t
         where t.district_id = :district and t.source = :source and t.active
           and not exists (select from staged_line_items s where s.sourced_id = t.sourced_id)
           and (exists (select from whole_files where file = 'staged_line_items')
             or t.sourced_id in (select x.sourced_id from staged_removals x where x.file = 'staged_line_items'))",
    ),
};

/// The columns of a mark that is there, with what becomes of the three that may change.
macro_rules! as_it_is {
    ($corrected_by:literal, $withdrawn:literal) => {
        concat!(
            "t.id, false, t.version + 1, t.student_id, t.sourced_id,
             t.student_id, t.division_id, t.term_title, t.term_starts_on, t.term_ends_on, t.category_title, t.class_title, t.class_code, t.teachers,
             t.title, t.score_status, t.score, t.score_text, t.scale, t.scored_on, t.comment, t.flags, t.copy_number, t.corrects_id, ",
            $corrected_by,
            ", ",
            $withdrawn,
            ", t.source, t.sourced_id, t.line_item_sourced_id, t.session_sourced_id, t.captured_at"
        )
    };
}

pub(super) const REPORT_CARDS: Entity = Entity {
    table: "report_cards",
    kind: Kind::ReportCard,
    section: Some(Section::SchoolRecords),
    columns: &[
        "student_id", "division_id", "term_title", "term_starts_on", "term_ends_on", "category_title", "class_title", "class_code", "teachers",
        "title", "score_status", "score", "score_text", "scale", "scored_on", "comment", "flags", "copy_number", "corrects_id", "corrected_by_id",
        "withdrawn_on", "source", "sourced_id", "line_item_sourced_id", "session_sourced_id", "captured_at",
    ],
    once: None,
    differences: concat!(
        "
        select r.new_id, true, 1, r.student_id, r.sourced_id,
               r.student_id, r.division_id, r.term_title, r.term_starts_on, r.term_ends_on, r.category_title, r.class_title, r.class_code, r.teachers,
               r.title, r.score_status, r.score, r.score_text, r.scale, r.scored_on, r.comment, r.flags, r.copy_number, r.current_id, null::uuid,
               null::date, :source, r.sourced_id, r.line_item, r.session, :at
          from next_report_cards r where not r.same
        union all
        select ",
        as_it_is!("r.new_id", "t.withdrawn_on"),
        " from next_report_cards r join report_cards t on t.district_id = :district and t.id = r.current_id where not r.same
        union all
        select ",
        as_it_is!("t.corrected_by_id", "null::date"),
        " from next_report_cards r join report_cards t on t.district_id = :district and t.id = r.current_id
         where r.same and t.withdrawn_on is not null"
    ),
    // A bundle may have the results of one grading period alone: those of another are not missed. Only the present school year is looked at.
    ends: Some(concat!(
        "select ",
        as_it_is!("t.corrected_by_id", ":today"),
        " from report_cards t
          join divisions d on d.district_id = :district and d.id = t.division_id and d.school_year = :year
         where t.district_id = :district and t.source = :source and t.corrected_by_id is null and t.withdrawn_on is null
           and not exists (select from staged_results r join known_people k on k.sourced_id = r.person
                            where r.sourced_id = t.sourced_id and k.id = t.student_id)
           and (t.session_sourced_id in (select session from whole_sessions)
             or t.sourced_id in (select sourced_id from staged_results)
             or t.sourced_id in (select sourced_id from staged_removals where file = 'staged_results'))"
    )),
};

/// Completes line items and categories as far as rows are of them, and notes which files are there whole. What else is known of them, and
/// what a file that is not whole does not name, stays as it is.
pub(super) async fn complete(work: &Work, parsed: &Parsed) -> Result<()> {
    work.plain(TABLES).await?;
    if parsed.fault_count > 0 {
        return Ok(());
    }
    for (file, statement) in KNOWN {
        let table = file.table();
        if parsed.bulk.contains(file) {
            work.run(&format!("insert into whole_files values ('{table}')")).await?;
        } else {
            work.run(statement).await?;
            work.plain(&format!("analyze {table}")).await?;
        }
    }
    if parsed.bulk.contains(&RosterFile::Results) {
        let sessions = "insert into whole_sessions
                        select distinct i.session from staged_results r join staged_line_items i on i.sourced_id = r.line_item";
        work.run(sessions).await?;
    }
    Ok(())
}

const TABLES: &str = "
    create temp table whole_files (file text) on commit drop;
    create temp table whole_sessions (session text) on commit drop;";

/// Line items come first: they say which categories are asked for.
const KNOWN: &[(RosterFile, &str)] = &[
    (
        RosterFile::LineItems,
        "insert into staged_line_items (line, sourced_id, title, class, category, session)
         select 0, t.sourced_id, t.title, t.class_sourced_id, t.category_sourced_id, t.session_sourced_id from line_items t
          where t.district_id = :district and t.source = :source and t.active
            and t.sourced_id in (select r.line_item from staged_results r)
            and not exists (select from staged_line_items x where x.sourced_id = t.sourced_id)
            and not exists (select from staged_removals x where x.file = 'staged_line_items' and x.sourced_id = t.sourced_id)",
    ),
    (
        RosterFile::Categories,
        "insert into staged_categories (line, sourced_id, title)
         select 0, t.sourced_id, t.title from categories t
          where t.district_id = :district and t.source = :source and t.active
            and t.sourced_id in (select i.category from staged_line_items i)
            and not exists (select from staged_categories x where x.sourced_id = t.sourced_id)
            and not exists (select from staged_removals x where x.file = 'staged_categories' and x.sourced_id = t.sourced_id)",
    ),
];

/// What results would become. The scale of a result is its own, or that of what it is a result of.
const NEXT: &[&str] = &[
    "create temp table named_categories (sourced_id text, title text) on commit drop",
    "insert into named_categories
     select c.sourced_id, c.title from staged_categories c
      where exists (select from districts d cross join jsonb_array_elements(d.report_card_categories) n
             where d.id = :district and coalesce(n ->> 'source', :source) = :source
               and (n ->> 'category' = c.sourced_id or lower(n ->> 'category') = lower(btrim(c.title))))",
    "create temp table scales (line_item text, result text, scale jsonb) on commit drop",
    "insert into scales
     select distinct on (o.line_item, o.result) o.line_item, o.result, jsonb_build_object('title', s.title, 'marks', s.marks::jsonb)
       from staged_scales_of o join staged_scales s on s.sourced_id = o.scale order by o.line_item, o.result, o.line",
    "analyze scales",
    "create temp table next_line_items (sourced_id text, title text, class text, category text, session text, scale jsonb, new_id uuid) on commit drop",
    "insert into next_line_items
     select i.sourced_id, i.title, i.class, i.category, i.session,
            case when s.scale is not null or i.score_min is not null or i.score_max is not null
                 then coalesce(s.scale, '{}') || jsonb_strip_nulls(jsonb_build_object('min', i.score_min, 'max', i.score_max)) end,
            coalesce(i.new_id, app_uuid7())
       from staged_line_items i left join scales s on s.line_item = i.sourced_id",
    "analyze next_line_items",
    "create temp table next_report_cards (sourced_id text, new_id uuid, student_id uuid, division_id uuid, line_item text, session text, term_title text,
       term_starts_on date, term_ends_on date, category_title text, class_title text, class_code text, teachers jsonb, title text,
       score_status text, score text, score_text text, scale jsonb, scored_on date, comment text, flags jsonb, current_id uuid,
       copy_number int4, same boolean) on commit drop",
    "insert into next_report_cards
     select r.sourced_id, r.new_id, n.student_id, v.division_id, r.line_item, i.session, s.title, s.starts_on, s.ends_on, c.title, k.title, k.class_code,
            coalesce(e.teachers, '[]'), i.title, r.score_status, r.score, r.score_text,
            case when a.scale is null then l.scale else a.scale || (coalesce(l.scale, '{}') - 'title' - 'marks') end, r.scored_on, r.comment,
            to_jsonb(r.flags), t.id, coalesce(t.copy_number, 0) + 1,
            t.id is not null and (t.score_status, t.score::numeric, t.score_text, t.comment, t.flags)
              is not distinct from (r.score_status, r.score::numeric, r.score_text, r.comment, to_jsonb(r.flags))
       from staged_results r
       join next_line_items i on i.sourced_id = r.line_item
       join named_categories c on c.sourced_id = i.category
       join staged_sessions s on s.sourced_id = i.session
       join staged_classes k on k.sourced_id = i.class
       join known_people p on p.sourced_id = r.person
       join next_files n on n.student_id = p.id
       left join divisions d on d.district_id = :district and d.file_id = n.file_id and d.school_year = s.school_year
       join lateral (select case when s.school_year = :year then n.division_id else d.id end as division_id) v on v.division_id is not null
       left join (select distinct on (class) class, teachers from class_copies order by class) e on e.class = i.class
       left join scales a on a.result = r.sourced_id
       left join line_items m on m.district_id = :district and m.source = :source and m.sourced_id = i.sourced_id
       join lateral (select coalesce(m.scale || i.scale, i.scale, m.scale) as scale) l on true
       left join report_cards t on t.district_id = :district and t.division_id = v.division_id and t.source = :source
        and t.sourced_id = r.sourced_id and t.corrected_by_id is null",
    "analyze next_report_cards",
];

/// Finds what results would become.
pub(super) async fn compare(work: &Work) -> Result<()> {
    for statement in NEXT {
        work.run(statement).await?;
    }
    Ok(())
}

/// Counts the marks, and the results that are in no category that the district names.
pub(super) async fn report(work: &Work, report: &mut Report) -> Result<()> {
    let unnamed = "select count(*) from staged_results r join staged_line_items i on i.sourced_id = r.line_item
                    where not exists (select from named_categories c where c.sourced_id = i.category)";
    report.results_in_no_named_category = work.number(unnamed).await?;
    let [copied, corrected, withdrawn, _] = counted(work).await?;
    (report.report_cards_to_copy, report.report_cards_to_correct, report.report_cards_to_withdraw) = (copied, corrected, withdrawn);
    Ok(())
}

/// First copies, corrected copies, those that the source no longer has, and those that it has again.
async fn counted(work: &Work) -> Result<[i64; 4]> {
    let sql = "select count(*) filter (where created and corrects_id is null), count(*) filter (where created and corrects_id is not null),
                      count(*) filter (where not created and withdrawn_on is not null and corrected_by_id is null),
                      count(*) filter (where not created and withdrawn_on is null and corrected_by_id is null)
                 from changed_report_cards";
    let rows = work.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok([0; 4]) };
    Ok([column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?])
}

/// What becomes of the rows of `results.csv`.
pub(super) async fn results(work: &Work, file: String, rows: i64) -> Result<FileReport> {
    let kept = work.number("select count(*) from next_report_cards").await?;
    let [created, corrected, ended, again] = counted(work).await?;
    let amended = corrected + again;
    Ok(FileReport {
        file,
        rows,
        counts: Counts { created, amended, ended, unchanged: (kept - created - amended).max(0) },
        not_stored: rows - kept,
        created_examples: examples(work, Kind::ReportCard, "created and corrects_id is null").await?,
        amended_examples: examples(work, Kind::ReportCard, "created and corrects_id is not null").await?,
        ended_examples: examples(work, Kind::ReportCard, "not created and withdrawn_on is not null and corrected_by_id is null").await?,
    })
}
