//! Comparing: what the bundle says against what is known. It fills the tables of differences, and changes nothing.

use openilp_domain::time::school_year_of;

use super::entity::{ENTITIES, Entity};
use super::gradebook;
use super::staged::RosterFile;
use super::work::Work;
use super::{assignment, guardian, near, rekeyed, report, supplement};
use crate::error::Result;

/// What each sourcedId is here: the id it has had, or a new one.
const KNOWN_TABLES: &str = "
    create temp table known_orgs (sourced_id text, kind text, id uuid, school_id uuid, known boolean) on commit drop;
    create temp table known_sessions (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_courses (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_classes (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_people (sourced_id text, id uuid, known boolean, student boolean, guardian boolean, counselor boolean) on commit drop;
    create temp table next_class_terms (class_id uuid, academic_session_id uuid) on commit drop;
    create temp table changed_class_terms (class_id uuid, academic_session_id uuid, added boolean) on commit drop;
    create temp table next_students (id uuid, sourced_id text, school_id uuid, grade text, birth_date date, state_id text, local_id text,
      active boolean) on commit drop;
    create temp table reopened_identifiers (kind text, value text, id uuid) on commit drop;
    create temp table ended_identifiers (kind text, value text, id uuid) on commit drop;
    create temp table ended_targets (kind text, value text, id uuid) on commit drop;
    create temp table ended_students (id uuid, value text) on commit drop;
    create temp table next_files (student_id uuid, sourced_id text, school_id uuid, file_id uuid, created boolean, division_id uuid,
      division_created boolean) on commit drop;
    create temp table class_copies (class text, term text, term_title text, term_starts_on date, term_ends_on date, class_title text,
      class_code text, teachers jsonb) on commit drop;
    create temp table left_alone (id uuid) on commit drop;";

/// Sourced ids of one kind. An org of type district is the district; orgs of other types are not kept.
const KNOWN: &[&str] = &[
    "insert into known_orgs
     select k.sourced_id, k.kind, k.id, case when k.kind = 'school' then k.id end, k.known
       from (select s.sourced_id, s.kind, e.target_id is not null as known,
                    case s.kind when 'school' then coalesce(e.target_id, s.new_id) when 'district' then :district end as id
               from staged_orgs s left join external_identifiers e
                 on e.district_id = :district and e.system = :source and e.kind = s.kind and e.value = s.sourced_id) k",
    "insert into known_sessions
     select s.sourced_id, coalesce(e.target_id, s.new_id), e.target_id is not null from staged_sessions s left join external_identifiers e
         on e.district_id = :district and e.system = :source and e.kind = 'academicSession' and e.value = s.sourced_id",
    "insert into known_courses
     select s.sourced_id, coalesce(e.target_id, s.new_id), e.target_id is not null from staged_courses s left join external_identifiers e
         on e.district_id = :district and e.system = :source and e.kind = 'course' and e.value = s.sourced_id",
    "insert into known_classes
     select s.sourced_id, coalesce(e.target_id, s.new_id), e.target_id is not null from staged_classes s left join external_identifiers e
         on e.district_id = :district and e.system = :source and e.kind = 'class' and e.value = s.sourced_id",
    "insert into known_people
     select s.sourced_id, coalesce(e.target_id, s.new_id), e.target_id is not null,
            coalesce(r.student, false), coalesce(r.guardian, false), coalesce(r.counselor, false)
       from staged_users s
       left join (select person, bool_or(role = 'student') as student, bool_or(role in ('guardian', 'parent', 'relative')) as guardian,
                         bool_or(role = 'counselor') as counselor from staged_roles group by person) r on r.person = s.sourced_id
       left join external_identifiers e
         on e.district_id = :district and e.system = :source and e.kind = 'person' and e.value = s.sourced_id",
    "analyze known_orgs",
    "analyze known_sessions",
    "analyze known_courses",
    "analyze known_classes",
    "analyze known_people",
    "insert into next_class_terms
     select distinct k.id, t.id
       from staged_classes s join known_classes k on k.sourced_id = s.sourced_id
      cross join unnest(s.terms) as term (sourced_id) join known_sessions t on t.sourced_id = term.sourced_id",
    "insert into changed_class_terms
     select n.class_id, n.academic_session_id, true from next_class_terms n
      where not exists (select from class_terms t
             where t.district_id = :district and t.class_id = n.class_id and t.academic_session_id = n.academic_session_id)",
    "insert into changed_class_terms
     select t.class_id, t.academic_session_id, false from class_terms t join known_classes k on k.id = t.class_id
      where t.district_id = :district
        and not exists (select from next_class_terms n where n.class_id = t.class_id and n.academic_session_id = t.academic_session_id)",
    // A student may hold several roles: one at each school, or an earlier one that has ended. The school is that of a role in force
    // before one that is over, of one that has begun before one that is to come, of the primary one, of the latest begun; where roles
    // tie, the choice does not depend on the order of the rows. A student all of whose roles are over is one no longer.
    "insert into next_students
     select k.id, u.sourced_id, coalesce(r.school_id, o.school_id), u.grade, d.birth_date, coalesce(i.identifier, u.state_id), u.local_id,
            r.in_force or exists (select from roles t where t.district_id = :district and t.person_id = k.id and t.source <> :source
                                     and t.role = 'student' and t.active and coalesce(t.ends_on >= :today, true))
       from (select distinct on (r.person) r.person, o.school_id, coalesce(r.ends_on >= :today, true) as in_force
               from staged_roles r join known_orgs o on o.sourced_id = r.org
              where r.role = 'student'
              order by r.person, coalesce(r.ends_on >= :today, true) desc, coalesce(r.begins_on <= :today, true) desc, r.primary_role desc,
                       o.school_id is null, r.begins_on desc nulls last, r.sourced_id) r
       join staged_users u on u.sourced_id = r.person
       join known_people k on k.sourced_id = r.person
       left join known_orgs o on o.sourced_id = u.primary_org
       left join staged_demographics d on d.sourced_id = u.sourced_id
       left join (select distinct on (s.person) s.person, s.identifier from staged_state_ids s where s.kind = 'student'
                   order by s.person, s.line = 0, s.sourced_id) i on i.person = u.sourced_id",
    "analyze next_students",
];

/// What the source no longer names. A record ends when no source names it any more; the identifiers that a state or a district gives name
/// nothing by themselves. A student ends when no source holds a student's role.
const ENDED: &[&str] = &[
    "insert into ended_targets
     select distinct on (x.kind, x.id) x.kind, x.value, x.id from ended_identifiers x
      where not exists (select from reopened_identifiers r where r.kind = x.kind and r.id = x.id)
        and not exists (select from external_identifiers e
             where e.district_id = :district and e.kind = x.kind and e.target_id = x.id and e.ended_on is null
               and e.system not in ('stateStudentId', 'localStudentId', 'stateStaffId')
               and not exists (select from ended_identifiers y where e.system = :source and y.kind = e.kind and y.value = e.value))
      order by x.kind, x.id, x.value",
    "insert into ended_students
     select t.id, min(e.value)
       from students t join external_identifiers e on e.district_id = :district and e.system = :source and e.kind = 'person' and e.target_id = t.id
      where t.district_id = :district and t.active and seen(e.value)
        and not exists (select from next_students n where n.id = t.id)
        and not exists (select from roles r where r.district_id = :district and r.person_id = t.id and r.source <> :source
                           and r.role = 'student' and r.active and coalesce(r.ends_on >= :today, true))
      group by t.id",
    "analyze ended_targets",
];

/// The kinds of record that the source's ids name, and where those ids are staged. A district is never ended.
const NAMED: [(&str, RosterFile); 5] = [
    ("school", RosterFile::Orgs),
    ("academicSession", RosterFile::AcademicSessions),
    ("course", RosterFile::Courses),
    ("class", RosterFile::Classes),
    ("person", RosterFile::Users),
];

async fn find_ended(work: &Work) -> Result<()> {
    for (kind, file) in NAMED {
        let (table, seen) = (file.table(), near::and_seen(work, file, "e.value"));
        let of_kind = if kind == "school" { "and s.kind = 'school'" } else { "" };
        let of = format!(
            "select e.kind, e.value, e.target_id from external_identifiers e where e.district_id = :district and e.system = :source and e.kind = '{kind}'"
        );
        let staged = format!("exists (select from {table} s where s.sourced_id = e.value {of_kind})");
        work.run(&format!("insert into ended_identifiers {of} and e.ended_on is null and not {staged}{seen}")).await?;
        work.run(&format!("insert into reopened_identifiers {of} and e.ended_on is not null and {staged}")).await?;
    }
    work.plain("analyze ended_identifiers").await?;
    work.plain("analyze reopened_identifiers").await?;
    let seen = near::and_seen(work, RosterFile::Users, "e.value");
    for statement in ENDED {
        work.run(&statement.replace(" and seen(e.value)", &seen)).await?;
    }
    Ok(())
}

/// The school year that today is in, by the sessions of the bundle and those known; else the latest of them. An old bundle does
/// not turn the year back.
const SCHOOL_YEAR: &str = "
    with sessions as (
      select kind, starts_on, ends_on, school_year from staged_sessions
      union all
      select t.kind, t.starts_on, t.ends_on, t.school_year from academic_sessions t
       where t.district_id = :district and t.active and not exists (select from known_sessions k where k.id = t.id)
         and not exists (select from ended_targets x where x.kind = 'academicSession' and x.id = t.id))
    select coalesce(
      (select school_year from sessions where :today between starts_on and ends_on order by kind = 'schoolYear' desc, school_year desc limit 1),
      (select max(school_year) from sessions),
      :year)::int8";

/// What follows from the school year: files and divisions, and what is copied of each class.
const COPIES: &[&str] = &[
    "insert into next_files
     select s.id, s.sourced_id, s.school_id, coalesce(f.id, app_uuid7()), f.id is null, coalesce(d.id, app_uuid7()), d.id is null
       from next_students s
       left join ilp_files f on f.district_id = :district and f.student_id = s.id
       left join divisions d on d.district_id = :district and d.file_id = f.id and d.school_year = :year
       left join students t on t.district_id = :district and t.id = s.id
      where s.active and case when f.id is null then s.grade = any(:grades) else f.status = 'open' or not t.active end",
    "analyze next_files",
    "insert into class_copies
     select s.sourced_id, t.sourced_id, t.title, t.starts_on, t.ends_on, s.title, s.class_code, coalesce(e.teachers, '[]')
       from staged_classes s
       join (select distinct c.sourced_id as class, term.sourced_id from staged_classes c cross join unnest(c.terms) as term (sourced_id)) m
         on m.class = s.sourced_id
       join staged_sessions t on t.sourced_id = m.sourced_id and t.school_year = :year
       left join (select l.class, jsonb_agg(jsonb_build_object('givenName', u.given_name, 'familyName', u.family_name,
                                                               'telephone', coalesce(u.telephone, u.sms))
                                            order by l.primary_teacher desc, u.family_name, u.given_name, u.sourced_id) as teachers
                    from (select class, person, bool_or(primary_teacher) as primary_teacher from staged_enrollments
                           where role = 'teacher' group by class, person) l
                    join staged_users u on u.sourced_id = l.person group by l.class) e on e.class = s.sourced_id",
    "analyze class_copies",
];

/// Finds every difference.
pub(super) async fn compare(work: &mut Work, mut step: impl AsyncFnMut(usize, usize) -> Result<()>) -> Result<()> {
    let steps = ENTITIES.len() + 2;
    supplement::merge(work).await?;
    work.plain(KNOWN_TABLES).await?;
    for statement in KNOWN {
        work.run(statement).await?;
    }
    super::merged::unify(work).await?;
    find_ended(work).await?;
    step(1, steps).await?;
    work.values.year = school_year_of(work.values.today);
    work.values.year = i32::try_from(work.number(SCHOOL_YEAR).await?).unwrap_or(work.values.year);
    for statement in COPIES {
        work.run(statement).await?;
    }
    gradebook::compare(work).await?;
    guardian::look(work).await?;
    assignment::look(work).await?;
    rekeyed::look(work).await?;
    for (n, entity) in ENTITIES.iter().enumerate() {
        step(n + 2, steps).await?;
        let Entity { table, differences, ends, .. } = entity;
        let (changed, columns) = (entity.changed(), entity.column_list());
        work.plain(&format!(
            "create temp table {changed} (like {table} including generated, created boolean not null, ended boolean not null, about uuid, named text) on commit drop"
        ))
        .await?;
        let insert = |select: &str, ended: bool, seen: &str| {
            format!(
                "insert into {changed} (district_id, created_at, updated_at, ended, id, created, version, about, named, {columns})
                 select :district, :at, :at, {ended}, c.* from ({select}) c (id, created, version, about, named, {columns}) where true{seen}"
            )
        };
        work.run(&insert(differences, false, "")).await?;
        if let Some(ends) = ends {
            // Of what a file names, only what is in view can be missing.
            let seen = report::file_of(entity.kind).map(|file| near::and_seen(work, file, "c.named")).unwrap_or_default();
            work.run(&insert(ends, entity.has_active(), &seen)).await?;
        }
        if *table == "people" {
            super::merged::once(work).await?;
        }
        if entity.has_active() {
            // What is there and is switched off ends too.
            work.run(&format!(
                "update {changed} c set ended = true from {table} t
                  where not c.created and not c.ended and not c.active and t.district_id = :district and t.id = c.id and t.active"
            ))
            .await?;
        }
    }
    Ok(())
}
