//! What is near the rows of a batch: so much of the source's roster that the differences that the rows make come out as they would with the
//! whole of it. A batch of a few rows then costs what a few rows cost, in a district of any size.
//!
//! Near are the people and classes that rows name or that have been named so before, everybody with their identifiers, the classes of those
//! people with their teachers, and all students of a class that is to be copied anew: one that is named, or whose teacher is.

use super::staged::RosterFile;
use super::validate::REFERENCES;
use super::work::Work;
use super::{supplement, supplement_check};
use crate::error::Result;

/// The tables of what is near: ids that rows name, ids of records, classes whose copies may change, the sourcedIds of each file, and those of
/// them that the batch neither has nor ends.
const TABLES: &str = "
    create temp table near_names (kind text, value text) on commit drop;
    create temp table near_ids (kind text, id uuid) on commit drop;
    create temp table copied_classes (id uuid) on commit drop;
    create temp table in_view (place text, sourced_id text) on commit drop;
    create index on in_view (sourced_id, place);
    create temp table absent (place text, sourced_id text) on commit drop;";

/// What rows say of themselves, besides what they point at.
const NAMES: &[&str] = &[
    "insert into near_names
     select 'person', sourced_id from staged_users union all select 'class', sourced_id from staged_classes
     union all select 'person', sourced_id from staged_removals where file = 'staged_users'
     union all select 'class', sourced_id from staged_removals where file = 'staged_classes'",
    // The class of what is marked stands with the line item.
    "insert into near_names
     select 'class', t.class_sourced_id from line_items t
      where t.district_id = :district and t.source = :source and t.sourced_id in (select line_item from staged_results)",
    "analyze near_names",
];

/// `n` is the sourcedIds of a file that the batch has.
macro_rules! batch_of {
    ($file:literal) => {
        concat!("(select sourced_id from ", $file, " union select sourced_id from staged_removals where file = '", $file, "') n")
    };
}

/// `e` is who goes.
macro_rules! going {
    () => {
        "staged_removals r join external_identifiers e
           on e.district_id = :district and e.system = :source and e.kind = 'person' and e.value = r.sourced_id and r.file = 'staged_users'"
    };
}

const IDS: &[&str] = &[
    "insert into near_ids
     select n.kind, e.target_id from (select distinct kind, value from near_names) n
       join external_identifiers e on e.district_id = :district and e.system = :source and e.kind = n.kind and e.value = n.value",
    // The same rows as they stand: a role may have been another person's, an enrollment one in another class.
    concat!(
        "insert into near_ids
         select 'person', t.person_id from ",
        batch_of!("staged_roles"),
        " join roles t on t.district_id = :district and t.source = :source and t.sourced_id = n.sourced_id"
    ),
    concat!(
        "insert into near_ids
         select x.kind, x.id from ",
        batch_of!("staged_enrollments"),
        " join enrollments t on t.district_id = :district and t.source = :source and t.sourced_id = n.sourced_id
         cross join lateral (values ('person', t.person_id), ('class', t.class_id)) x (kind, id)"
    ),
    // A guardian may have been that of another student.
    concat!(
        "insert into near_ids
         select 'person', t.student_id from ",
        batch_of!("staged_guardians"),
        " join guardian_claims t on t.district_id = :district and t.source = :source and t.sourced_id = n.sourced_id"
    ),
    // And an assignment one of another student.
    concat!(
        "insert into near_ids
         select 'person', t.student_id from ",
        batch_of!("staged_assignments"),
        " join assignment_claims t on t.district_id = :district and t.source = :source and t.sourced_id = n.sourced_id"
    ),
    // The students of whoever goes.
    concat!(
        "insert into near_ids select 'person', t.student_id from ",
        going!(),
        " join guardian_claims t on t.district_id = :district and t.guardian_id = e.target_id
      where t.source = :source and t.active"
    ),
    concat!(
        "insert into near_ids select 'person', t.student_id from ",
        going!(),
        " join assignment_claims t on t.district_id = :district and t.person_id = e.target_id
      where t.source = :source and t.active"
    ),
    // Who has an identifier that a row gives to somebody.
    "insert into near_ids
     select 'person', e.target_id
       from (select 'localStudentId' as system, local_id as value from staged_users where local_id is not null
             union select 'stateStudentId', state_id from staged_users where state_id is not null
             union select case kind when 'student' then 'stateStudentId' else 'stateStaffId' end, identifier from staged_state_ids) n
       join external_identifiers e on e.district_id = :district and e.system = n.system and e.kind = 'person' and e.value = n.value",
    "analyze near_ids",
    "insert into copied_classes
     select e.target_id from (select value from near_names where kind = 'class') n
       join external_identifiers e on e.district_id = :district and e.system = :source and e.kind = 'class' and e.value = n.value
      where n.value in (select sourced_id from staged_classes union select sourced_id from staged_removals
                        union select class from staged_enrollments where role <> 'student')
     union
     select t.class_id from (select distinct id from near_ids where kind = 'person') n
       join enrollments t on t.district_id = :district and t.person_id = n.id
      where t.source = :source and t.active and t.role <> 'student'",
    "analyze copied_classes",
    "insert into near_ids
     select 'person', t.person_id from copied_classes n join enrollments t on t.district_id = :district and t.class_id = n.id
      where t.source = :source and t.active and t.role = 'student'",
    "analyze near_ids",
    "insert into near_ids
     select 'class', id from copied_classes
     union
     select 'class', t.class_id from (select distinct id from near_ids where kind = 'person') n
       join enrollments t on t.district_id = :district and t.person_id = n.id
      where t.source = :source and t.active",
    "analyze near_ids",
    "insert into near_ids
     select distinct 'teacher', t.person_id from (select distinct id from near_ids where kind = 'class') n
       join enrollments t on t.district_id = :district and t.class_id = n.id
      where t.source = :source and t.active and t.role <> 'student'",
    "insert into near_ids
     select distinct 'teacher', t.guardian_id from (select distinct id from near_ids where kind = 'person') n
       join guardian_claims t on t.district_id = :district and t.student_id = n.id
      where t.source = :source and t.active",
    "insert into near_ids
     select distinct 'teacher', t.person_id from (select distinct id from near_ids where kind = 'person') n
       join assignment_claims t on t.district_id = :district and t.student_id = n.id
      where t.source = :source and t.active",
    "insert into near_ids
     select distinct 'teacher', t.person_id from caseload_claims t where t.district_id = :district and t.source = :source and t.active",
    // There are few of these.
    "insert into near_ids
     select kind, target_id from external_identifiers
      where district_id = :district and system = :source and kind in ('school', 'district', 'academicSession', 'course') and ended_on is null",
    "analyze near_ids",
];

const VIEW: &[&str] = &[
    "insert into in_view
     select case e.kind when 'class' then 'staged_classes' when 'person' then 'staged_users' when 'academicSession' then 'staged_sessions'
                        when 'course' then 'staged_courses' else 'staged_orgs' end, e.value
       from (select distinct id from near_ids) n
       join external_identifiers e on e.district_id = :district and e.target_id = n.id and e.system = :source",
    "insert into in_view
     select 'staged_roles', t.sourced_id from (select distinct id from near_ids where kind in ('person', 'teacher')) n
       join roles t on t.district_id = :district and t.person_id = n.id where t.source = :source and t.active",
    "insert into in_view
     select 'staged_enrollments', t.sourced_id from (select distinct id from near_ids where kind = 'person') n
       join enrollments t on t.district_id = :district and t.person_id = n.id where t.source = :source and t.active
     union
     select 'staged_enrollments', t.sourced_id from (select distinct id from near_ids where kind = 'class') n
       join enrollments t on t.district_id = :district and t.class_id = n.id where t.source = :source and t.active and t.role <> 'student'",
    "insert into in_view
     select 'staged_caseloads', t.sourced_id from caseload_claims t where t.district_id = :district and t.source = :source and t.active",
    "insert into in_view select file, sourced_id from staged_removals union select 'staged_results', sourced_id from staged_results",
    "analyze in_view",
];

/// Whether what a batch names can be seen from near: schools and sessions are part of everything, a course that goes takes all its classes along, and a
/// caseload is of a whole school, also when whoever has it goes.
pub(super) async fn suffices(work: &Work) -> Result<bool> {
    let far = "select (select count(*) from staged_orgs) + (select count(*) from staged_sessions)
                    + (select count(*) from staged_removals where file in ('staged_orgs', 'staged_sessions', 'staged_courses', 'staged_caseloads'))
                    + (select count(*) from staged_caseloads)
                    + (select count(*) from staged_removals r join external_identifiers e
                           on e.district_id = :district and e.system = :source and e.kind = 'person' and e.value = r.sourced_id
                         join caseload_claims t on t.district_id = :district and t.person_id = e.target_id and t.active where r.file = 'staged_users')";
    Ok(work.number(far).await? == 0)
}

/// Looks around.
pub(super) async fn look(work: &Work) -> Result<()> {
    work.plain(TABLES).await?;
    for reference in REFERENCES.iter().chain(supplement_check::REFERENCES) {
        let kind = match reference.target {
            RosterFile::Users => "person",
            RosterFile::Classes => "class",
            _ => continue,
        };
        let (table, cells) = (reference.file.table(), reference.cells());
        work.run(&format!("insert into near_names select '{kind}', cell.id from {table} r {cells} where cell.id is not null")).await?;
    }
    for statement in NAMES.iter().chain(IDS).chain(VIEW).chain(supplement::VIEW) {
        work.run(statement).await?;
    }
    let staged: Vec<String> =
        RosterFile::ALL.into_iter().map(RosterFile::table).map(|table| format!("select '{table}', sourced_id from {table}")).collect();
    work.run(&format!(
        "insert into absent select place, sourced_id from in_view except ({} union all select file, sourced_id from staged_removals)",
        staged.join(" union all ")
    ))
    .await?;
    work.plain("analyze absent").await
}

/// That a record is near.
pub(super) fn in_view(work: &Work, id: &str) -> String {
    if work.near { format!("{id} in (select n.id from near_ids n)") } else { "true".to_owned() }
}

/// That the sourcedId of a file is in view, and that the batch neither has nor ends it.
pub(super) fn is_absent(file: RosterFile, sourced_id: &str) -> String {
    format!("{sourced_id} in (select a.sourced_id from absent a where a.place = '{}')", file.table())
}

/// And that the sourcedId of a file is in view.
pub(super) fn and_seen(work: &Work, file: RosterFile, sourced_id: &str) -> String {
    if !work.near {
        return String::new();
    }
    format!(" and {sourced_id} in (select v.sourced_id from in_view v where v.place = '{}')", file.table())
}
