//! Applying: the differences are written, set by set, with their journal, all in the one transaction of the import.

use openilp_domain::id::DistrictId;
use tokio_postgres::types::ToSql;

use super::entity::{ENTITIES, Entity};
use super::work::{Work, failed};
use crate::error::Result;
use crate::sequencer;

/// What sourcedIds and other identifiers name. The identifiers of a student who is new or different are brought up to date; one
/// that the bundle does not give stays. Those that the source names no more are marked so, and those it names again are open again.
const IDENTIFIERS: &[&str] = &[
    "create temp table changed_identifiers (system text, kind text, value text, target_id uuid, ended_on date, gone boolean) on commit drop",
    "insert into changed_identifiers
     select :source, x.kind, x.value, x.id, :today, false from ended_identifiers x
     union all
     select :source, x.kind, x.value, x.id, null, false from reopened_identifiers x
     union all
     select :source, k.kind, k.sourced_id, k.id, null, false from known_orgs k where not k.known and k.kind = 'district'
     union all
     select e.system, e.kind, e.value, e.target_id, null, true
       from external_identifiers e join next_students s on e.target_id = s.id join changed_students c on c.id = s.id and not c.created
      where e.district_id = :district and e.kind = 'person'
        and ((e.system = 'stateStudentId' and e.value <> s.state_id) or (e.system = 'localStudentId' and e.value <> s.local_id))
        and not exists (select from (select 'stateStudentId' as system, n.state_id as value from next_students n
                                     union all select 'localStudentId', n.local_id from next_students n) n
                         where n.system = e.system and n.value = e.value)",
    "insert into changed_identifiers
     select i.system, 'person', i.value, i.id, null, false
       from (select 'stateStudentId' as system, s.state_id as value, s.id from next_students s join changed_students c on c.id = s.id
             union all
             select 'localStudentId', s.local_id, s.id from next_students s join changed_students c on c.id = s.id) i
       left join external_identifiers e on e.district_id = :district and e.system = i.system and e.kind = 'person' and e.value = i.value
      where i.value is not null and e.target_id is distinct from i.id",
    // What the state calls staff: what is named no more is marked so, what is named otherwise goes.
    "insert into changed_identifiers
     select distinct on (c.identifier) 'stateStaffId', 'person', c.identifier, c.person_id, case when c.ended then :today end, false
       from changed_state_identifiers c where c.kind = 'staff' order by c.identifier, c.ended, c.sourced_id",
    "insert into changed_identifiers
     select e.system, e.kind, e.value, e.target_id, null, true from external_identifiers e
      where e.district_id = :district and e.system = 'stateStaffId' and e.kind = 'person'
        and e.target_id in (select c.person_id from changed_state_identifiers c where c.kind = 'staff')
        and not exists (select from state_identifiers i
             where i.district_id = :district and i.kind = 'staff' and i.person_id = e.target_id and i.identifier = e.value)
        and not exists (select from changed_identifiers c where c.system = e.system and c.value = e.value)",
    // Identifiers of what this load creates go with it; they need no image.
    "with done as (
       insert into roster_images (district_id, import_id, kind, number, record_id, before, after)
       select :district, :import, 'externalIdentifier', row_number() over (), c.target_id, to_jsonb(e), case when not c.gone then to_jsonb(c) end
         from changed_identifiers c left join external_identifiers e
           on e.district_id = :district and e.system = c.system and e.kind = c.kind and e.value = c.value
        where e.value is not null or not exists (select from changed_students n where n.created and n.id = c.target_id)
       returning 1)
     select count(*) from done",
    "delete from external_identifiers e using changed_identifiers c
      where c.gone and e.district_id = :district and e.system = c.system and e.kind = c.kind and e.value = c.value",
    "insert into external_identifiers (district_id, system, kind, value, target_id, ended_on)
     select :district, c.system, c.kind, c.value, c.target_id, c.ended_on from changed_identifiers c where not c.gone
     on conflict (district_id, system, kind, value) do update set target_id = excluded.target_id, ended_on = excluded.ended_on",
    "with done as (
       insert into external_identifiers (district_id, system, kind, value, target_id)
       select :district, :source, k.kind, k.sourced_id, k.id
         from (select kind, sourced_id, id from known_orgs where not known and kind = 'school'
               union all select 'academicSession', sourced_id, id from known_sessions where not known
               union all select 'course', sourced_id, id from known_courses where not known
               union all select 'class', sourced_id, id from known_classes where not known
               union all select 'person', sourced_id, id from known_people where not known) k
       returning 1)
     select count(*) from done",
];

const CLASS_TERMS: &[&str] = &[
    "with done as (
       insert into roster_images (district_id, import_id, kind, number, record_id, before, after)
       select :district, :import, 'classTerm', row_number() over (), c.class_id, case when not c.added then to_jsonb(c) end,
              case when c.added then to_jsonb(c) end
         from changed_class_terms c where not exists (select from changed_classes n where n.created and n.id = c.class_id)
       returning 1)
     select count(*) from done",
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
        keep_images(work, entity).await?;
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

/// Keeps what is about to be changed, so that the load can be taken back.
async fn keep_images(work: &Work, entity: &Entity) -> Result<()> {
    let (table, changed, kind) = (entity.table, entity.changed(), entity.kind.word());
    if work.number(&format!("select count(*) from (select from {changed} where not created limit 1) c")).await? == 0 {
        return Ok(());
    }
    work.run(&format!(
        "with done as (
           insert into roster_images (district_id, import_id, kind, number, record_id, before)
           select :district, :import, '{kind}', row_number() over (), t.id, to_jsonb(t)
             from {table} t join {changed} c on c.id = t.id where t.district_id = :district and not c.created
           returning 1)
         select count(*) from done"
    ))
    .await?;
    Ok(())
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
                "with done as (insert into {table} ({all}) select {all} from {changed} where created on conflict {once} do nothing returning id),
                      gone as (delete from {changed} c where c.created and not exists (select from done where done.id = c.id) returning c.id)
                 insert into left_alone select id from gone"
            ))
            .await?;
        }
    }
    let set: Vec<String> = entity.columns.iter().map(|column| format!("{column} = c.{column}")).collect();
    let set = set.join(", ");
    if entity.once.is_some() {
        return write_beside_people(work, entity, &set).await;
    }
    // The record may have moved on since it was compared: the version that counts is the one it gets.
    work.run(&format!(
        "with done as (
           update {table} t set {set}, version = t.version + 1, updated_at = :at from {changed} c
            where not c.created and t.district_id = :district and t.id = c.id
           returning t.id, t.version)
         update {changed} c set version = done.version from done where c.id = done.id and c.version <> done.version"
    ))
    .await?;
    Ok(())
}

/// Where people decide beside the load, what they have decided since it was compared stays: the load has not written it, and does not take it
/// back. The next one looks again.
async fn write_beside_people(work: &Work, entity: &Entity, set: &str) -> Result<()> {
    let (table, changed, kind) = (entity.table, entity.changed(), entity.kind.word());
    work.run(&format!(
        "with done as (
           update {table} t set {set}, version = c.version, updated_at = :at from {changed} c
            where not c.created and t.district_id = :district and t.id = c.id and t.version = c.version - 1
           returning t.id),
              gone as (delete from {changed} c where not c.created and not exists (select from done where done.id = c.id) returning c.id)
         insert into left_alone select id from gone"
    ))
    .await?;
    work.run(&format!(
        "delete from roster_images i where i.district_id = :district and i.import_id = :import and i.kind = '{kind}'
            and not exists (select from {changed} c where c.id = i.record_id)"
    ))
    .await?;
    Ok(())
}

/// One row for each record, with its position: everything committed so far is numbered first, and the feed stays locked until we are
/// committed too.
async fn journal(work: &mut Work, sizes: &[i64], mut done: i64, total: i64, mut step: impl AsyncFnMut(i64, i64) -> Result<()>) -> Result<()> {
    work.values.head = sequencer::sequence_on(&work.client, DistrictId(work.values.district)).await.map_err(|error| failed(&error))?;
    let first = work.values.head + 1;
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
    keep_positions(work, first).await
}

/// Notes where the load's changes stand in the feed.
pub(super) async fn keep_positions(work: &Work, first: i64) -> Result<()> {
    let sql = "update roster_imports set first_position = $3, last_position = $4 where district_id = $1 and id = $2";
    let values: [&(dyn ToSql + Sync); 4] = [&work.values.district, &work.values.import, &first, &work.values.head];
    work.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
    Ok(())
}
