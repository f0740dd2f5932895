//! Comparing: what the bundle says against what is known. It fills the tables of differences and counts them, and changes nothing.

use openilp_domain::kind::Kind;
use openilp_domain::roster::{Counts, FileReport, Report};
use openilp_domain::time::school_year_of;

use super::entity::{ENTITIES, Entity};
use super::staged::RosterFile;
use super::work::{Work, failed};
use crate::error::Result;

/// How many sourcedIds the report names of each kind.
const EXAMPLES: usize = 100;

/// What each sourcedId is here: the id it has had, or a new one.
const KNOWN_TABLES: &str = "
    create temp table known_orgs (sourced_id text, kind text, id uuid, school_id uuid, known boolean) on commit drop;
    create temp table known_sessions (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_courses (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_classes (sourced_id text, id uuid, known boolean) on commit drop;
    create temp table known_people (sourced_id text, id uuid, known boolean, student boolean, guardian boolean, counselor boolean) on commit drop;
    create temp table next_class_terms (class_id uuid, academic_session_id uuid) on commit drop;
    create temp table changed_class_terms (class_id uuid, academic_session_id uuid, added boolean) on commit drop;
    create temp table next_students (id uuid, sourced_id text, school_id uuid, grade text, birth_date date, state_id text, local_id text) on commit drop;
    create temp table next_files (student_id uuid, sourced_id text, school_id uuid, file_id uuid, created boolean, division_id uuid,
      division_created boolean) on commit drop;
    create temp table class_copies (class text, term text, term_title text, term_starts_on date, term_ends_on date, class_title text,
      class_code text, teachers jsonb) on commit drop;";

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
    // A student's school is that of the primary role. Where roles tie, the choice does not depend on the order of the rows.
    "insert into next_students
     select k.id, u.sourced_id, coalesce(r.school_id, o.school_id), u.grade, d.birth_date, u.state_id, u.local_id
       from (select distinct on (r.person) r.person, o.school_id
               from staged_roles r join known_orgs o on o.sourced_id = r.org
              where r.role = 'student'
              order by r.person, r.primary_role desc, o.school_id is null, r.begins_on desc nulls last, r.sourced_id) r
       join staged_users u on u.sourced_id = r.person
       join known_people k on k.sourced_id = r.person
       left join known_orgs o on o.sourced_id = u.primary_org
       left join staged_demographics d on d.sourced_id = u.sourced_id",
    "analyze next_students",
];

/// The school year that today is in, by the sessions of the bundle and those known; else the latest of them. An old bundle does
/// not turn the year back.
const SCHOOL_YEAR: &str = "
    with sessions as (
      select kind, starts_on, ends_on, school_year from staged_sessions
      union all
      select t.kind, t.starts_on, t.ends_on, t.school_year from academic_sessions t
       where t.district_id = :district and t.active and not exists (select from known_sessions k where k.id = t.id))
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
      where case when f.id is null then s.grade = any(:grades) else f.status = 'open' end",
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
    work.plain(KNOWN_TABLES).await?;
    for statement in KNOWN {
        work.run(statement).await?;
    }
    step(1, steps).await?;
    work.values.year = school_year_of(work.values.today);
    work.values.year = i32::try_from(work.number(SCHOOL_YEAR).await?).unwrap_or(work.values.year);
    for statement in COPIES {
        work.run(statement).await?;
    }
    for (n, entity) in ENTITIES.iter().enumerate() {
        step(n + 2, steps).await?;
        let Entity { table, differences, .. } = entity;
        let (changed, columns) = (entity.changed(), entity.column_list());
        work.plain(&format!("create temp table {changed} (like {table}, created boolean not null, about uuid, named text) on commit drop")).await?;
        let fill = format!(
            "insert into {changed} (district_id, created_at, updated_at, id, created, version, about, named, {columns})
             select :district, :at, :at, c.* from ({differences}) c"
        );
        work.run(&fill).await?;
    }
    Ok(())
}

/// Counts the differences.
pub(super) async fn report(work: &Work) -> Result<Report> {
    let mut report = Report { school_year: work.values.year, ..Report::default() };
    for file in RosterFile::ALL {
        report.files.push(file_report(work, file).await?);
    }
    let (created, amended) = changes(work, Kind::Student).await?;
    let rows = work.number("select count(*) from next_students").await?;
    let absent = work
        .number(
            "select count(*) from students t where t.district_id = :district and t.active
        and t.id in (select target_id from external_identifiers where district_id = :district and system = :source and kind = 'person')
        and not exists (select from next_students n where n.id = t.id)",
        )
        .await?;
    report.students = counts(rows, created, amended, absent);
    (report.files_to_open, _) = changes(work, Kind::IlpFile).await?;
    (report.divisions_to_open, _) = changes(work, Kind::Division).await?;
    (report.registrations_to_copy, report.registrations_to_refresh) = changes(work, Kind::Registration).await?;
    (report.guardian_links_to_propose, _) = changes(work, Kind::GuardianLink).await?;
    (report.gatekeepers_to_propose, _) = changes(work, Kind::Assignment).await?;
    Ok(report)
}

fn counts(rows: i64, created: i64, amended: i64, absent: i64) -> Counts {
    Counts { created, amended, unchanged: (rows - created - amended).max(0), absent }
}

/// How many records of a kind are new, and how many amended.
async fn changes(work: &Work, kind: Kind) -> Result<(i64, i64)> {
    let Some(entity) = ENTITIES.iter().find(|entity| entity.kind == kind) else { return Ok((0, 0)) };
    let sql = format!("select count(*) filter (where created), count(*) filter (where not created) from {}", entity.changed());
    let rows = work.rows(&sql).await?;
    let Some(row) = rows.first() else { return Ok((0, 0)) };
    Ok((row.try_get(0).map_err(|error| failed(&error))?, row.try_get(1).map_err(|error| failed(&error))?))
}

/// The records that the rows of a file become, and the kind under which the source's ids of them are kept.
fn becomes(file: RosterFile) -> Option<(Kind, Option<&'static str>)> {
    Some(match file {
        RosterFile::Orgs => (Kind::School, Some("school")),
        RosterFile::AcademicSessions => (Kind::AcademicSession, Some("academicSession")),
        RosterFile::Courses => (Kind::Course, Some("course")),
        RosterFile::Classes => (Kind::Class, Some("class")),
        RosterFile::Users => (Kind::Person, Some("person")),
        RosterFile::Roles => (Kind::Role, None),
        RosterFile::Enrollments => (Kind::Enrollment, None),
        RosterFile::Demographics => return None,
    })
}

async fn file_report(work: &Work, file: RosterFile) -> Result<FileReport> {
    let (name, table) = (file.name().to_owned(), file.table());
    let rows = work.number(&format!("select count(*) from {table}")).await?;
    let Some((kind, identifiers)) = becomes(file) else { return demographics(work, name, rows).await };
    let not_stored = match file {
        RosterFile::Orgs => work.number("select count(*) from staged_orgs where kind <> 'school'").await?,
        _ => 0,
    };
    let (created, amended) = changes(work, kind).await?;
    let absent = match (identifiers, ENTITIES.iter().find(|entity| entity.kind == kind)) {
        (Some(identifiers), _) => format!(
            "select count(*) from external_identifiers e where e.district_id = :district and e.system = :source and e.kind = '{identifiers}'
                and not exists (select from {table} s where s.sourced_id = e.value)"
        ),
        (None, entity) => format!(
            "select count(*) from {} t where t.district_id = :district and t.source = :source and t.active
                and not exists (select from {table} s where s.sourced_id = t.sourced_id)",
            entity.map_or("roles", |entity| entity.table)
        ),
    };
    let absent = work.number(&absent).await?;
    let created_examples = examples(work, kind, true).await?;
    let amended_examples = examples(work, kind, false).await?;
    Ok(FileReport { file: name, rows, counts: counts(rows - not_stored, created, amended, absent), not_stored, created_examples, amended_examples })
}

/// Of demographics only birth dates of students are kept, and they are kept with the student.
async fn demographics(work: &Work, file: String, rows: i64) -> Result<FileReport> {
    let kept = work.number("select count(*) from staged_demographics where sourced_id in (select sourced_id from next_students)").await?;
    let differing = "select count(*) from changed_students c join staged_demographics d on d.sourced_id = c.named";
    let created = work.number(&format!("{differing} where c.created")).await?;
    let amended = work
        .number(&format!("{differing} join students t on t.district_id = :district and t.id = c.id where t.birth_date is distinct from c.birth_date"))
        .await?;
    Ok(FileReport { file, rows, counts: counts(kept, created, amended, 0), not_stored: rows - kept, ..FileReport::default() })
}

async fn examples(work: &Work, kind: Kind, created: bool) -> Result<Vec<String>> {
    let Some(entity) = ENTITIES.iter().find(|entity| entity.kind == kind) else { return Ok(vec![]) };
    let sql = format!("select named from {} where created = {created} and named is not null order by named limit {EXAMPLES}", entity.changed());
    work.rows(&sql).await?.iter().map(|row| row.try_get(0).map_err(|error| failed(&error))).collect()
}
