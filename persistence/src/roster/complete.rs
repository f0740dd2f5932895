//! Completing: a file that does not name everything there is (a delta, or one that is not in the bundle) is completed from what is known
//! of its source, so that all that follows sees a whole roster. Rows that are completed have no line. A batch of single rows is completed
//! with what is near them only ([`super::near`]).

use super::staged::RosterFile;
use super::work::Work;
use super::{Parsed, near, supplement};
use crate::error::Result;

/// Where the rows of a file are known. `not taken` says that the bundle neither has the id itself nor ends it, and that it is in view.
fn known(file: RosterFile) -> Option<&'static str> {
    Some(match file {
        RosterFile::Orgs => {
            "insert into staged_orgs (line, sourced_id, name, kind, identifier)
             select 0, e.value, t.name, 'school', t.identifier from external_identifiers e join schools t on t.district_id = :district and t.id = e.target_id
              where e.district_id = :district and e.system = :source and e.kind = 'school' and e.ended_on is null and not taken(e.value)
             union all
             select 0, e.value, 'district', 'district', null from external_identifiers e
              where e.district_id = :district and e.system = :source and e.kind = 'district' and not taken(e.value)"
        }
        RosterFile::AcademicSessions => {
            "insert into staged_sessions (line, sourced_id, title, kind, starts_on, ends_on, parent, school_year)
             select 0, e.value, t.title, t.kind, t.starts_on, t.ends_on, p.value, t.school_year
               from external_identifiers e join academic_sessions t on t.district_id = :district and t.id = e.target_id
               left join (select target_id, min(value) as value from external_identifiers
                           where district_id = :district and system = :source and kind = 'academicSession' group by target_id) p on p.target_id = t.parent_id
              where e.district_id = :district and e.system = :source and e.kind = 'academicSession' and e.ended_on is null and not taken(e.value)"
        }
        RosterFile::Courses => {
            "insert into staged_courses (line, sourced_id, title, course_code)
             select 0, e.value, t.title, t.course_code from external_identifiers e join courses t on t.district_id = :district and t.id = e.target_id
              where e.district_id = :district and e.system = :source and e.kind = 'course' and e.ended_on is null and not taken(e.value)"
        }
        RosterFile::Classes => {
            "insert into staged_classes (line, sourced_id, title, course, class_code, kind, location, school, terms, periods)
             select 0, e.value, t.title, c.value, t.class_code, t.kind, t.location, s.value, coalesce(m.terms, '{}'), t.periods
               from external_identifiers e join classes t on t.district_id = :district and t.id = e.target_id
               join named_targets c on c.kind = 'course' and c.id = t.course_id
               join named_targets s on s.kind = 'school' and s.id = t.school_id
               left join terms_of_classes m on m.class_id = t.id
              where e.district_id = :district and e.system = :source and e.kind = 'class' and e.ended_on is null and not taken(e.value)"
        }
        RosterFile::Users => {
            "insert into staged_users (line, sourced_id, active, given_name, family_name, middle_name, preferred_given_name, preferred_family_name,
                                       pronouns, email, telephone, sms, local_id, state_id, grade, agents)
             select 0, e.value, t.active, t.given_name, t.family_name, t.middle_name, t.preferred_given_name, t.preferred_family_name,
                    t.pronouns, t.email, t.telephone, t.sms, i.local_id, i.state_id, s.grade, '{}'
               from external_identifiers e join people t on t.district_id = :district and t.id = e.target_id
               left join students s on s.district_id = :district and s.id = t.id
               left join identifiers_of_people i on i.id = t.id
              where e.district_id = :district and e.system = :source and e.kind = 'person' and e.ended_on is null and not taken(e.value)"
        }
        RosterFile::Roles => {
            "insert into staged_roles (line, sourced_id, person, role, primary_role, begins_on, ends_on, org)
             select 0, t.sourced_id, p.value, t.role, t.primary_role, t.begins_on, t.ends_on, coalesce(o.value, d.value)
               from roles t join named_targets p on p.kind = 'person' and p.id = t.person_id
               left join named_targets o on o.kind = 'school' and o.id = t.school_id
               left join (select min(value) as value from named_targets where kind = 'district') d on t.school_id is null
              where t.district_id = :district and t.source = :source and t.active and not taken(t.sourced_id)"
        }
        RosterFile::Enrollments => {
            "insert into staged_enrollments (line, sourced_id, class, school, person, role, primary_teacher, begins_on, ends_on)
             select 0, t.sourced_id, c.value, s.value, p.value, t.role, t.primary_teacher, t.begins_on, t.ends_on
               from enrollments t join named_targets p on p.kind = 'person' and p.id = t.person_id
               join named_targets c on c.kind = 'class' and c.id = t.class_id
               join classes k on k.district_id = :district and k.id = t.class_id
               join named_targets s on s.kind = 'school' and s.id = k.school_id
              where t.district_id = :district and t.source = :source and t.active and not taken(t.sourced_id)"
        }
        // A birth date that is not given is not forgotten.
        RosterFile::Demographics => return None,
        // The gradebook completes its own.
        RosterFile::Categories | RosterFile::LineItems | RosterFile::Results => return None,
        of_supplement => return supplement::known(of_supplement),
    })
}

/// What a source calls the records that rows point at, one id where it has several; the terms of classes; what state and district call
/// people.
const LOOKUPS: &[&str] = &[
    // A part for each kind: taken together, the planner would count the schools among the people.
    "create temp table named_targets (kind text, id uuid, value text) partition by list (kind) on commit drop",
    "create temp table named_schools partition of named_targets for values in ('school') on commit drop",
    "create temp table named_sessions partition of named_targets for values in ('academicSession') on commit drop",
    "create temp table named_courses partition of named_targets for values in ('course') on commit drop",
    "create temp table named_classes partition of named_targets for values in ('class') on commit drop",
    "create temp table named_people partition of named_targets for values in ('person') on commit drop",
    "create temp table named_others partition of named_targets default on commit drop",
    "create temp table terms_of_classes (class_id uuid, terms text[]) on commit drop",
    "create temp table identifiers_of_people (id uuid, local_id text, state_id text) on commit drop",
    "insert into named_targets
     select kind, target_id, min(value) from external_identifiers e
      where district_id = :district and system = :source and ended_on is null and in_view(target_id) group by kind, target_id",
    "create index on named_targets (id)",
    "analyze named_targets",
    "insert into terms_of_classes
     select k.class_id, array_agg(n.value) from class_terms k join named_targets n on n.kind = 'academicSession' and n.id = k.academic_session_id
      where k.district_id = :district and in_view(k.class_id) group by k.class_id",
    "insert into identifiers_of_people
     select target_id, min(value) filter (where system = 'localStudentId'), min(value) filter (where system = 'stateStudentId')
       from external_identifiers
      where district_id = :district and kind = 'person' and system in ('localStudentId', 'stateStudentId') and in_view(target_id)
      group by target_id",
    "analyze terms_of_classes",
    "analyze identifiers_of_people",
];

/// A completed row that points at what the bundle has ended ends with it.
const ORPHANS: &[&str] = &[
    "delete from staged_classes r where r.line = 0 and not (
       exists (select from staged_orgs o where o.sourced_id = r.school) and exists (select from staged_courses c where c.sourced_id = r.course))",
    "delete from staged_roles r where r.line = 0 and not (
       exists (select from staged_users u where u.sourced_id = r.person) and exists (select from staged_orgs o where o.sourced_id = r.org))",
    "delete from staged_enrollments r where r.line = 0 and not (
       exists (select from staged_users u where u.sourced_id = r.person) and exists (select from staged_classes c where c.sourced_id = r.class))",
];

/// Completes the files that are not there whole.
pub(super) async fn complete(work: &Work, parsed: &Parsed) -> Result<()> {
    // A bundle that is refused is not completed: what was not read is not known to be absent.
    if parsed.fault_count > 0 {
        return Ok(());
    }
    let partial: Vec<RosterFile> = RosterFile::ALL.into_iter().filter(|file| !parsed.bulk.contains(file) && known(*file).is_some()).collect();
    if partial.is_empty() {
        return Ok(());
    }
    for statement in LOOKUPS {
        work.run(&marked(statement, "in_view(", |of| near::in_view(work, of))).await?;
    }
    for file in partial {
        let Some(statement) = known(file) else { continue };
        work.run(&marked(statement, "not taken(", |id| fresh(work, file, id))).await?;
    }
    for statement in ORPHANS.iter().chain(supplement::ORPHANS) {
        work.run(statement).await?;
    }
    for file in RosterFile::ALL {
        work.plain(&format!("analyze {}", file.table())).await?;
    }
    Ok(())
}

/// That neither the bundle has the id nor ends it, and that it is in view.
fn fresh(work: &Work, file: RosterFile, id: &str) -> String {
    if work.near {
        return near::is_absent(file, id);
    }
    let table = file.table();
    format!(
        "not exists (select from {table} x where x.sourced_id = {id})
         and not exists (select from staged_removals x where x.file = '{table}' and x.sourced_id = {id})"
    )
}

/// Says what a mark in a statement means, such as `not taken(id)`.
fn marked(statement: &str, mark: &str, meaning: impl Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(statement.len() + 256);
    let mut rest = statement;
    while let Some((before, after)) = rest.split_once(mark) {
        let Some((of, after)) = after.split_once(')') else { break };
        text.push_str(before);
        text.push_str(&meaning(of));
        rest = after;
    }
    text.push_str(rest);
    text
}
