//! Applying: the differences are written, set by set, with their journal, all in the one transaction of the import.

use openilp_domain::id::DistrictId;

use super::entity::{ENTITIES, Entity};
use super::work::{Work, failed};
use crate::error::Result;
use crate::sequencer;

/// What sourcedIds and other identifiers name. The identifiers of a student who is new or different are brought up to date; one
/// that the bundle does not give stays.
const IDENTIFIERS: &[&str] = &[
    "with done as (
       insert into external_identifiers (district_id, system, kind, value, target_id)
       select :district, :source, k.kind, k.sourced_id, k.id
         from (select kind, sourced_id, id from known_orgs where not known and id is not null
               union all select 'academicSession', sourced_id, id from known_sessions where not known
               union all select 'course', sourced_id, id from known_courses where not known
               union all select 'class', sourced_id, id from known_classes where not known
               union all select 'person', sourced_id, id from known_people where not known) k
       returning 1)
     select count(*) from done",
    "delete from external_identifiers e using next_students s join changed_students c on c.id = s.id and not c.created
      where e.district_id = :district and e.kind = 'person' and e.target_id = s.id
        and ((e.system = 'stateStudentId' and e.value <> s.state_id) or (e.system = 'localStudentId' and e.value <> s.local_id))",
    "insert into external_identifiers (district_id, system, kind, value, target_id)
     select :district, i.system, 'person', i.value, i.id
       from (select 'stateStudentId' as system, s.state_id as value, s.id from next_students s join changed_students c on c.id = s.id
             union all
             select 'localStudentId', s.local_id, s.id from next_students s join changed_students c on c.id = s.id) i
      where i.value is not null
     on conflict (district_id, system, kind, value) do update set target_id = excluded.target_id
      where external_identifiers.target_id <> excluded.target_id",
];

const CLASS_TERMS: &[&str] = &[
    "delete from class_terms t using changed_class_terms c
      where not c.added and t.district_id = :district and t.class_id = c.class_id and t.academic_session_id = c.academic_session_id",
    "with done as (
       insert into class_terms (district_id, class_id, academic_session_id)
       select :district, class_id, academic_session_id from changed_class_terms where added
       returning 1)
     select count(*) from done",
];

/// Writes every difference. `step` hears how many records are written. Returns how many there were.
pub(super) async fn apply(work: &mut Work, mut step: impl AsyncFnMut(i64, i64) -> Result<()>) -> Result<i64> {
    let mut sizes = Vec::new();
    for entity in ENTITIES {
        sizes.push(work.number(&format!("select count(*) from {}", entity.changed())).await?);
    }
    // Each record is written once and journalled once.
    let total = sizes.iter().sum::<i64>() * 2;
    let mut done = 0;
    for (entity, size) in ENTITIES.iter().zip(&sizes) {
        step(done, total).await?;
        if *size > 0 {
            write(work, entity).await?;
        }
        if entity.table == "classes" {
            for statement in CLASS_TERMS {
                work.run(statement).await?;
            }
        }
        done += size;
    }
    for statement in IDENTIFIERS {
        work.run(statement).await?;
    }
    if total > 0 {
        journal(work, &sizes, done, total, step).await?;
    }
    Ok(done)
}

async fn write(work: &Work, entity: &Entity) -> Result<()> {
    let (table, changed, columns) = (entity.table, entity.changed(), entity.column_list());
    let all = format!("district_id, id, {columns}, version, created_at, updated_at");
    match entity.once {
        None => {
            work.run(&format!(
                "with done as (insert into {table} ({all}) select {all} from {changed} where created returning 1) select count(*) from done"
            ))
            .await?;
        }
        // Somebody may have made the same one since they were compared: then ours is none.
        Some(once) => {
            work.run(&format!(
                "with done as (insert into {table} ({all}) select {all} from {changed} where created on conflict {once} do nothing returning id)
                 delete from {changed} c where not exists (select from done where done.id = c.id)"
            ))
            .await?;
        }
    }
    let set: Vec<String> = entity.columns.iter().map(|column| format!("{column} = c.{column}")).collect();
    // The record may have moved on since it was compared: the version that counts is the one it gets.
    work.run(&format!(
        "with done as (
           update {table} t set {}, version = t.version + 1, updated_at = :at from {changed} c
            where not c.created and t.district_id = :district and t.id = c.id
           returning t.id, t.version)
         update {changed} c set version = done.version from done where c.id = done.id and c.version <> done.version",
        set.join(", ")
    ))
    .await?;
    Ok(())
}

/// One row for each record, with its position: everything committed so far is numbered first, and the feed stays locked until we are
/// committed too.
async fn journal(work: &mut Work, sizes: &[i64], mut done: i64, total: i64, mut step: impl AsyncFnMut(i64, i64) -> Result<()>) -> Result<()> {
    work.values.head = sequencer::sequence_on(&work.client, DistrictId(work.values.district)).await.map_err(|error| failed(&error))?;
    for (entity, size) in ENTITIES.iter().zip(sizes) {
        step(done, total).await?;
        if *size == 0 {
            continue;
        }
        let (kind, changed) = (entity.kind.word(), entity.changed());
        let section = entity.section.map_or("null".to_owned(), |section| format!("'{}'", section.word()));
        let sql = format!(
            "with done as (
               insert into changes (district_id, id, position, at, kind, resource_id, version, operation, student_id, section,
                                    person_id, client_id, import_id, request_id)
               select :district, app_uuid7(), :head + row_number() over (), :at, '{kind}', id, version,
                      case when created then 'created' else 'amended' end, about, case when about is null then null else {section} end,
                      :person, :client, :import, :request_id
                 from {changed}
               returning 1)
             select count(*) from done"
        );
        work.values.head += work.number(&sql).await?;
        done += size;
    }
    work.run("update feeds set head = :head where district_id = :district").await?;
    Ok(())
}
