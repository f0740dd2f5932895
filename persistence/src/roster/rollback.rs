//! Taking a load back: what it created goes, what it changed becomes what it was. That is a load of its own, journaled like any other.
//!
//! Only the newest load of a source that stands can be taken back, and only while nobody else has changed what it wrote or built on it:
//! otherwise it is refused, with what stands in the way.

use openilp_domain::id::DistrictId;
use openilp_domain::kind::Operation;
use openilp_domain::roster::{Counts, FileReport, Report};

use super::Fault;
use super::apply::keep_positions;
use super::entity::{ENTITIES, Entity};
use super::report::kinds;
use super::work::{Work, column, failed};
use crate::error::Result;
use crate::sequencer;

/// The code of a load that cannot be taken back because others have changed what it wrote.
pub const CHANGED_SINCE: &str = "changed_since";
/// The code of a load that cannot be taken back because records made since refer to what it created.
pub const REFERRED_TO: &str = "referred_to";
/// The code of a load that is not, or no longer, the newest one that stands.
pub const NOT_NEWEST: &str = "not_newest";
/// The code of a load of which it is no longer kept what it changed.
pub const IMAGES_GONE: &str = "images_gone";

/// Whether a load is the newest of its source that stands.
pub(super) const IS_NEWEST: &str = "
    with gone as (select rolls_back as id from roster_imports where district_id = :district and rolls_back is not null and status = 'applied')
    select count(*) from roster_imports l
     where l.district_id = :district and l.id = :load and l.status = 'applied' and l.rolls_back is null and l.id not in (select id from gone)
       and not exists (select from roster_imports n
             where n.district_id = :district and n.source = l.source and n.status = 'applied' and n.rolls_back is null and n.id > l.id
               and n.id not in (select id from gone))";

/// What the load wrote, from its stretch of the feed.
const WRITTEN: &[&str] = &[
    "create temp table rolled (kind text, id uuid, created boolean, student_id uuid, section text, version int4) on commit drop",
    "insert into rolled
     select c.kind, c.resource_id, c.operation = 'created', c.student_id, c.section, c.version
       from roster_imports l join changes c on c.district_id = :district and c.position between l.first_position and l.last_position
      where l.district_id = :district and l.id = :load and c.import_id = l.id",
    "analyze rolled",
];

/// What others have changed since: of the records themselves, and about students who were not there before. Loads that are taken back, and
/// those that took them back, have left nothing.
const CHANGED: &str = "
    select c.kind, count(*) from roster_imports l join changes c
        on c.district_id = :district and (c.position > l.last_position or c.position is null)
     where l.district_id = :district and l.id = :load
       and not exists (select from roster_imports r
             where r.district_id = :district and r.id = c.import_id
               and (r.rolls_back is not null or exists (select from roster_imports b
                     where b.district_id = :district and b.rolls_back = r.id and b.status = 'applied')))
       and (exists (select from rolled r where r.kind = c.kind and r.id = c.resource_id)
         -- Whom an identifier names, a merge says, or its undoing.
         or (c.kind = 'personMerge' and exists (select from person_merges m join roster_images i
               on i.district_id = :district and i.import_id = :load and i.kind = 'externalIdentifier'
              and coalesce(i.before, i.after) ->> 'target_id' in (m.kept_id::text, m.merged_id::text)
             where m.district_id = :district and m.id = c.resource_id))
         or exists (select from rolled r where r.kind = 'student' and r.created and r.id = c.student_id))
     group by c.kind order by c.kind";

const CLASS_TERMS: &[&str] = &[
    "delete from class_terms t using roster_images i
      where i.district_id = :district and i.import_id = :load and i.kind = 'classTerm' and i.after is not null
        and t.district_id = :district and t.class_id = i.record_id and t.academic_session_id = (i.after ->> 'academic_session_id')::uuid",
    "with done as (
       insert into class_terms (district_id, class_id, academic_session_id)
       select :district, i.record_id, (i.before ->> 'academic_session_id')::uuid from roster_images i
        where i.district_id = :district and i.import_id = :load and i.kind = 'classTerm' and i.before is not null
       on conflict do nothing returning 1)
     select count(*) from done",
];

const IDENTIFIERS: &[&str] = &[
    "delete from external_identifiers e using (
       select coalesce(i.after, i.before) as named from roster_images i
        where i.district_id = :district and i.import_id = :load and i.kind = 'externalIdentifier') i
      where e.district_id = :district and e.system = i.named ->> 'system' and e.kind = i.named ->> 'kind' and e.value = i.named ->> 'value'",
    "with done as (
       insert into external_identifiers (district_id, system, kind, value, target_id, ended_on)
       select :district, i.before ->> 'system', i.before ->> 'kind', i.before ->> 'value', (i.before ->> 'target_id')::uuid,
              (i.before ->> 'ended_on')::date
         from roster_images i
        where i.district_id = :district and i.import_id = :load and i.kind = 'externalIdentifier' and i.before is not null
       returning 1)
     select count(*) from done",
    "delete from external_identifiers e using rolled r where e.district_id = :district and e.target_id = r.id and r.created",
];

/// How taking a load back went.
pub(super) enum RolledBack {
    /// Done: what was changed.
    Done(Box<Report>, i64),
    /// Not done: why.
    Refused(Vec<Fault>),
}

fn refused(code: &'static str, detail: String) -> Fault {
    Fault { file: "bundle".into(), row: 0, column: None, code, detail }
}

/// Takes the load `:load` back. Where it is refused, the transaction may hold what was tried: it must not be committed as it is.
pub(super) async fn roll_back(work: &mut Work, mut step: impl AsyncFnMut(i64, i64) -> Result<()>) -> Result<RolledBack> {
    if work.number(IS_NEWEST).await? == 0 {
        let detail = "Only the newest load of a source that stands can be taken back, and there is a newer one.".to_owned();
        return Ok(RolledBack::Refused(vec![refused(NOT_NEWEST, detail)]));
    }
    for statement in WRITTEN {
        work.run(statement).await?;
    }
    let mut faults = Vec::new();
    for row in work.rows(CHANGED).await? {
        let (kind, count): (String, i64) = (column(&row, 0)?, column(&row, 1)?);
        let detail = format!("Of the records of kind {kind} that the load wrote, or of students that it brought, {count} changes were made since.");
        faults.push(refused(CHANGED_SINCE, detail));
    }
    let gone = "select count(*) from rolled r where not r.created and not exists (
                  select from roster_images i where i.district_id = :district and i.import_id = :load and i.kind = r.kind and i.record_id = r.id)";
    if work.number(gone).await? > 0 {
        faults.push(refused(IMAGES_GONE, "It is no longer kept what the load changed.".into()));
    }
    if !faults.is_empty() {
        return Ok(RolledBack::Refused(faults));
    }
    let total = work.number("select count(*) from rolled").await?;
    for statement in CLASS_TERMS {
        work.run(statement).await?;
    }
    for (n, entity) in ENTITIES.iter().rev().enumerate() {
        step(i64::try_from(n).unwrap_or_default(), i64::try_from(ENTITIES.len()).unwrap_or_default()).await?;
        if !undo(work, entity).await? {
            let detail = format!("Records made since refer to a record of kind {} that the load created.", entity.kind);
            return Ok(RolledBack::Refused(vec![refused(REFERRED_TO, detail)]));
        }
    }
    for statement in IDENTIFIERS {
        work.run(statement).await?;
    }
    let report = report(work).await?;
    if total > 0 {
        journal(work).await?;
    }
    Ok(RolledBack::Done(Box::new(report), total))
}

/// What the load changed of one table becomes what it was; what it created goes. False, if something refers to that.
async fn undo(work: &Work, entity: &Entity) -> Result<bool> {
    let (table, kind) = (entity.table, entity.kind.word());
    let set: Vec<String> = entity.columns.iter().map(|column| format!("{column} = i.{column}")).collect();
    work.run(&format!(
        "with done as (
           update {table} t set {}, version = t.version + 1, updated_at = :at
             from (select b.* from roster_images i cross join lateral jsonb_populate_record(null::{table}, i.before) b
                    where i.district_id = :district and i.import_id = :load and i.kind = '{kind}') i
            where t.district_id = :district and t.id = i.id
           returning t.id, t.version)
         update rolled r set version = done.version from done where r.kind = '{kind}' and r.id = done.id",
        set.join(", ")
    ))
    .await?;
    let delete = format!("delete from {table} t using rolled r where t.district_id = :district and t.id = r.id and r.kind = '{kind}' and r.created");
    Ok(work.run_unless_referenced(&delete).await?.is_some())
}

/// File by file: amended is what became what it was, ended what went.
async fn report(work: &Work) -> Result<Report> {
    let mut report = Report { school_year: work.values.year, ..Report::default() };
    for (file, kind) in kinds() {
        let sql = format!("select count(*) filter (where not created), count(*) filter (where created) from rolled where kind = '{kind}'");
        let rows = work.rows(&sql).await?;
        let Some(row) = rows.first() else { continue };
        let counts = Counts { amended: column(row, 0)?, ended: column(row, 1)?, ..Counts::default() };
        if file.is_rostering() || counts != Counts::default() {
            report.files.push(FileReport { file: file.name().to_owned(), counts, ..FileReport::default() });
        }
    }
    Ok(report)
}

/// One row for each record, with its position.
async fn journal(work: &mut Work) -> Result<()> {
    work.values.head = sequencer::sequence_on(&work.client, DistrictId(work.values.district)).await.map_err(|error| failed(&error))?;
    let first = work.values.head + 1;
    let sql = format!(
        "with done as (
           insert into changes (district_id, id, position, at, kind, resource_id, version, operation, student_id, section,
                                person_id, client_id, import_id, request_id)
           select :district, app_uuid7(), :head + row_number() over (), :at, kind, id, version,
                  case when created then '{}' else '{}' end, student_id, section, :person, :client, :import, :request_id
             from rolled
           returning 1)
         select count(*) from done",
        Operation::Removed.word(),
        Operation::Amended.word()
    );
    work.values.head += work.number(&sql).await?;
    work.run("update feeds set head = :head where district_id = :district").await?;
    keep_positions(work, first).await
}
