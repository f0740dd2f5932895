//! Assignments of staff from what sources say: one by one, by caseload, and by homeroom. A roster only proposes: a new assignment is unconfirmed, and an
//! unconfirmed one follows its source. Of one that a custodian has confirmed, the source brings the end nearer and never further: what it says beyond is
//! proposed anew. One that a custodian has made or changed is the custodian's.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;

use super::entity::Entity;
use super::work::Work;
use crate::error::Result;

/// What the source says of each student, person and kind; the assignments of each that are there, with the one before; and those that the source has
/// ended.
const TABLES: &str = "
    create temp table claimed_assignments (student_id uuid, person_id uuid, kind text, begins_on date, ends_before date, stated boolean, named text)
      on commit drop;
    create temp table known_assignments (student_id uuid, person_id uuid, kind text, id uuid, version int4, valid_from date, valid_to date, own boolean,
      stated boolean, confirmed boolean, newest boolean, after_from date, after_to date) on commit drop;
    create temp table ended_assignments (id uuid) on commit drop;";

/// A row of its own goes before a caseload, and that before a homeroom: a counselor who leads it is proposed as gatekeeper (R71). Of several rows that
/// which lasts longest. Names are compared without regard to case, letter by letter; the last name stands for all that begin so.
const CLAIMED: &str = "
    insert into claimed_assignments
    select distinct on (c.student_id, c.person_id, c.kind) c.student_id, c.person_id, c.kind, c.begins_on, c.ends_before, c.place < 2, c.named
      from (select n.student_id, p.id as person_id, s.kind, s.begins_on, s.ends_on + 1 as ends_before, 0 as place, n.sourced_id as named, s.sourced_id
              from staged_assignments s join known_people k on k.sourced_id = s.person join known_people p on p.sourced_id = s.staff
              join next_files n on n.student_id = k.id
             where s.kind in ('gatekeeper', 'teacher', 'careerReviewer')
            union all
            select n.student_id, p.id, 'gatekeeper', s.begins_on, s.ends_on + 1, 1, n.sourced_id, s.sourced_id
              from staged_caseloads s join known_people p on p.sourced_id = s.person join known_orgs o on o.sourced_id = s.school
              join next_students x on x.school_id = o.school_id join next_files n on n.student_id = x.id
              join staged_users u on u.sourced_id = x.sourced_id
             where (s.grades = '{}' or x.grade = any(s.grades))
               and coalesce(upper(u.family_name) collate \"C\" >= upper(s.family_name_from), true)
               and coalesce(left(upper(u.family_name), length(s.family_name_to)) collate \"C\" <= upper(s.family_name_to), true)
            union all
            select n.student_id, c.id, 'gatekeeper', null, null, 2, n.sourced_id, h.sourced_id
              from staged_classes h
              join staged_enrollments l on l.class = h.sourced_id and l.role = 'teacher' and coalesce(l.ends_on >= :today, true)
              join known_people c on c.sourced_id = l.person and c.counselor
              join staged_enrollments e on e.class = h.sourced_id and e.role = 'student' and coalesce(e.ends_on >= :today, true)
              join known_people k on k.sourced_id = e.person
              join next_files n on n.student_id = k.id
             where h.kind = 'homeroom') c
     where c.student_id <> c.person_id
     order by c.student_id, c.person_id, c.kind, c.place, c.ends_before desc nulls first, c.begins_on desc nulls last, c.sourced_id";

const KNOWN: &str = "
    insert into known_assignments
    select t.student_id, t.person_id, t.kind, t.id, t.version, t.valid_from, t.valid_to, t.source = :source, t.stated, t.confirmed_at is not null,
           lead(t.id) over w is null, lag(t.valid_from) over w, lag(t.valid_to) over w
      from assignments t join claimed_assignments c on c.student_id = t.student_id and c.person_id = t.person_id and c.kind = t.kind
     where t.district_id = :district
    window w as (partition by t.student_id, t.person_id, t.kind order by t.valid_from, t.id)";

const ENDED: &str = "
    insert into ended_assignments
    select t.id from assignments t
     where t.district_id = :district and t.source = :source and t.stated and coalesce(t.valid_to > greatest(:today, t.valid_from), true)
       and not exists (select from claimed_assignments c where c.student_id = t.student_id and c.person_id = t.person_id and c.kind = t.kind)";

/// Finds what the source says, before it is held against what is there.
pub(super) async fn look(work: &Work) -> Result<()> {
    work.plain(TABLES).await?;
    work.run(CLAIMED).await?;
    // Of whoever is only near as staff, not all is in view that is said of them as a student.
    let near = if work.near { " and t.student_id in (select n.id from near_ids n where n.kind = 'person')" } else { "" };
    if work.near {
        work.run(&format!("delete from claimed_assignments t where not (true{near})")).await?;
    }
    work.run("analyze claimed_assignments").await?;
    work.run(KNOWN).await?;
    work.run("analyze known_assignments").await?;
    work.run(&format!("{ENDED}{near}")).await?;
    Ok(())
}

/// The assignments.
pub(super) const ASSIGNMENTS: Entity = Entity {
    table: "assignments",
    kind: Kind::Assignment,
    section: Some(Section::Status),
    columns: &["student_id", "person_id", "kind", "valid_from", "valid_to", "stated", "source"],
    once: Some("(district_id, student_id, person_id, kind, valid_from, program)"),
    // New: where there is none; where the source goes on beyond what was confirmed of it; where it begins anew after what the custodian has ended.
    // A homeroom proposes once. Then: what waits follows, behind what was confirmed before; what was confirmed ends no later than the source says.
    differences: "
        select app_uuid7(), true, 1, d.student_id, d.named, d.student_id, d.person_id, d.kind, d.begins, d.ends_before, d.stated, :source
          from (select c.*, t.valid_from,
                       case when t.id is null then coalesce(c.begins_on, :today)
                            when c.stated and t.own and t.confirmed then greatest(t.valid_to, coalesce(c.begins_on, :today))
                            when c.stated and not t.own and c.begins_on >= t.valid_to then c.begins_on
                       end as begins, t.id is null or t.valid_to is not null as due
                  from claimed_assignments c
                  left join known_assignments t on t.newest and t.student_id = c.student_id and t.person_id = c.person_id and t.kind = c.kind) d
         where d.due and d.begins is not null and coalesce(d.begins > d.valid_from, true) and coalesce(d.ends_before > greatest(d.begins, :today), true)
        union all
        select d.id, false, d.version + 1, d.student_id, d.named, d.student_id, d.person_id, d.kind, d.begins, d.ends, d.states, :source
          from (select t.*, c.named, c.stated as states, x.begins,
                       case when not t.confirmed then case when c.ends_before is not null then greatest(c.ends_before, x.begins) end
                            when c.ends_before is null then t.valid_to
                            else least(t.valid_to, greatest(c.ends_before, t.valid_from)) end as ends
                  from claimed_assignments c
                  join known_assignments t on t.student_id = c.student_id and t.person_id = c.person_id and t.kind = c.kind
                 cross join lateral (
                   select case when t.confirmed or not c.stated then t.valid_from
                               when t.after_from is null then coalesce(c.begins_on, t.valid_from)
                               else greatest(coalesce(c.begins_on, least(t.valid_from, greatest(t.after_to, :today))),
                                             case when c.ends_before is null then t.after_to else least(t.after_to, greatest(c.ends_before, t.after_from)) end, t.after_from + 1) end as begins) x
                 where t.own and (c.stated or t.stated) and (t.newest or t.confirmed)) d
         where (d.begins, d.ends, d.states) is distinct from (d.valid_from, d.valid_to, d.stated)",
    ends: Some(
        "
        select t.id, false, t.version + 1, t.student_id, null::text, t.student_id, t.person_id, t.kind, t.valid_from,
               least(t.valid_to, greatest(:today, t.valid_from)), t.stated, t.source
          from ended_assignments x join assignments t on t.district_id = :district and t.id = x.id",
    ),
};
