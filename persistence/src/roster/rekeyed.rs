//! Re-keyed people: a source that calls somebody otherwise from one load to the next makes a second record. Such pairs are found here, told in the
//! report and kept for a custodian, who merges them or says that they are two. Nothing is merged by itself.
//!
//! **The rule.** The old record is one that the source has named and does not name any more, or has switched off, as of this load; the new one is named, and
//! came with this load, unless the old one ends with it. Both are students, or neither is. They have one of these in common, and nobody else has it: of
//! several old ones those that end with this load go before.
//!
//! | reason | what |
//! |---|---|
//! | `sameStateId` | the state's identifier |
//! | `sameLocalId` | the district's, and a name or the birth date |
//! | `sameEmail` | the email address and the given name |
//! | `sameNameBirthDateSchool` | both names, the birth date and the school |
//! | `sameNameGuardian` | both names, and a guardian: the same record, or one with the same email address |
//!
//! Two that have different birth dates, or different identifiers of the state, are no pair unless the state's identifier is the same. Twins differ in their
//! given names and numbers, so they are none. A pair is named once: dismissed or not, no later load names it again.

use openilp_domain::kind::Kind;
use openilp_domain::potential_duplicate::DuplicateReason;
use openilp_domain::roster::DuplicateExample;

use super::entity::Entity;
use super::near;
use super::report::EXAMPLES;
use super::work::{Work, column};
use crate::error::{Error, Result};

/// The pairs. They are about no student for the journal: who may merge reads them, and nobody else.
pub(super) const POTENTIAL_DUPLICATES: Entity = Entity {
    table: "potential_duplicates",
    kind: Kind::PotentialDuplicate,
    section: None,
    columns: &["old_id", "new_id", "source", "old_sourced_id", "new_sourced_id", "reasons"],
    once: Some("(district_id, old_id, new_id)"),
    differences: "
        select app_uuid7(), true, 1, null::uuid, f.new_sourced_id, f.old_id, f.new_id, :source, f.old_sourced_id, f.new_sourced_id, f.reasons
          from found_duplicates f
         where not exists (select from potential_duplicates t where t.district_id = :district and t.old_id = f.old_id and t.new_id = f.new_id)
           and not exists (select from potential_duplicates t where t.district_id = :district and t.old_id = f.new_id and t.new_id = f.old_id)",
    ends: None,
};

const TABLES: &str = "
    create temp table found_duplicates (old_id uuid, new_id uuid, old_sourced_id text, new_sourced_id text, reasons text[]) on commit drop;
    create temp table gone_people (id uuid, sourced_id text, now boolean, student boolean) on commit drop;
    create temp table gone_marks (id uuid, reason text, mark text) on commit drop;
    create temp table live_marks (id uuid, sourced_id text, reason text, mark text) on commit drop;";

/// Whether anybody is new, or ends now.
const ANY: &str = "
    select count(*) from (
      (select 1 from known_people where not known limit 1)
      union all (select 1 from ended_identifiers where kind = 'person' limit 1)
      union all (select 1 from staged_users u join known_people k on k.sourced_id = u.sourced_id join people p on p.district_id = :district and p.id = k.id
                  where p.active and not u.active limit 1)) x";

/// Whom the source does not name any more, once each. `in_view` narrows a batch to those near.
const GONE: &str = "
    insert into gone_people
    select distinct on (x.id) x.id, x.sourced_id, x.now, s.id is not null
      from (select id, value as sourced_id, true as now from ended_identifiers where kind = 'person'
            union all
            select k.id, u.sourced_id, p.active from staged_users u join known_people k on k.sourced_id = u.sourced_id and k.known
              join people p on p.district_id = :district and p.id = k.id where not u.active
            union all
            select e.target_id, e.value, false from external_identifiers e
             where e.district_id = :district and e.system = :source and e.kind = 'person' and e.ended_on is not null and in_view) x
      join people o on o.district_id = :district and o.id = x.id
      left join students s on s.district_id = :district and s.id = x.id
     where not exists (select from known_people k join staged_users u on u.sourced_id = k.sourced_id where k.id = x.id and u.active)
       and not exists (select from person_merges m where m.district_id = :district and m.merged_id = x.id and m.undone_at is null)
     order by x.id, x.now desc, x.sourced_id";

/// Both names of a person or user.
macro_rules! names {
    ($of:literal) => {
        concat!("lower(btrim(", $of, ".given_name)), lower(btrim(", $of, ".family_name))")
    };
}

/// What they have.
const GONE_MARKS: &[&str] = &[
    "insert into gone_marks
     select g.id, case e.system when 'localStudentId' then 'sameLocalId' else 'sameStateId' end, concat_ws(chr(10), e.system, e.value)
       from gone_people g join external_identifiers e on e.district_id = :district and e.target_id = g.id
      where e.kind = 'person' and e.system in ('stateStudentId', 'stateStaffId', 'localStudentId')",
    "insert into gone_marks
     select g.id, 'sameEmail', concat_ws(chr(10), lower(btrim(p.email)), lower(btrim(p.given_name)))
       from gone_people g join people p on p.district_id = :district and p.id = g.id where p.email is not null",
    concat!(
        "insert into gone_marks
         select g.id, 'sameNameBirthDateSchool', concat_ws(chr(10), ",
        names!("p"),
        ", s.birth_date, s.school_id)
           from gone_people g join people p on p.district_id = :district and p.id = g.id join students s on s.district_id = :district and s.id = g.id
          where s.birth_date is not null and s.school_id is not null"
    ),
    concat!(
        "insert into gone_marks
         select distinct g.id, 'sameNameGuardian', concat_ws(chr(10), ",
        names!("p"),
        ", x.guardian)
           from gone_people g join people p on p.district_id = :district and p.id = g.id
           join guardian_links l on l.district_id = :district and l.student_id = g.id join people q on q.district_id = :district and q.id = l.guardian_id
          cross join lateral (values (q.id::text), (lower(btrim(q.email)))) x (guardian) where x.guardian is not null"
    ),
    "analyze gone_people",
    "analyze gone_marks",
];

/// What those have whom the source names.
const LIVE_MARKS: &[&str] = &[
    "select n.id, n.sourced_id, 'sameStateId', concat_ws(chr(10), 'stateStudentId', n.state_id) from next_students n where n.state_id is not null
     union
     select k.id, k.sourced_id, 'sameStateId', concat_ws(chr(10), 'stateStaffId', s.identifier)
       from staged_state_ids s join known_people k on k.sourced_id = s.person where s.kind = 'staff'
     union
     select n.id, n.sourced_id, 'sameLocalId', concat_ws(chr(10), 'localStudentId', n.local_id) from next_students n where n.local_id is not null",
    "select k.id, k.sourced_id, 'sameEmail', concat_ws(chr(10), lower(btrim(u.email)), lower(btrim(u.given_name)))
       from staged_users u join known_people k on k.sourced_id = u.sourced_id where u.email is not null",
    concat!(
        "select n.id, n.sourced_id, 'sameNameBirthDateSchool', concat_ws(chr(10), ",
        names!("u"),
        ", coalesce(n.birth_date, t.birth_date), n.school_id)
           from next_students n join staged_users u on u.sourced_id = n.sourced_id left join students t on t.district_id = :district and t.id = n.id
          where coalesce(n.birth_date, t.birth_date) is not null and n.school_id is not null"
    ),
    concat!(
        "select n.id, n.sourced_id, 'sameNameGuardian', concat_ws(chr(10), ",
        names!("u"),
        ", x.guardian)
           from next_students n join staged_users u on u.sourced_id = n.sourced_id join claimed_guardians c on c.student_id = n.id
           join known_people k on k.id = c.guardian_id join staged_users g on g.sourced_id = k.sourced_id
          cross join lateral (values (k.id::text), (lower(btrim(g.email)))) x (guardian) where x.guardian is not null"
    ),
];

/// The pairs, with what speaks for them; then those go that something speaks against.
const FOUND: &[&str] = &[
    "analyze live_marks",
    "insert into found_duplicates
     with gone as (
            select id, reason, mark from (
              select m.id, m.reason, m.mark, rank() over (partition by m.reason, m.mark order by g.now desc) as place,
                     count(*) over (partition by m.reason, m.mark, g.now) as n
                from gone_marks m join gone_people g on g.id = m.id) x where place = 1 and n = 1),
          live as (
            select min(id::text)::uuid as id, min(sourced_id) as sourced_id, reason, mark from live_marks
             group by reason, mark having count(distinct id) = 1)
     select g.id, l.id, min(g.sourced_id), min(l.sourced_id), array_agg(distinct m.reason)
       from gone m join live l on l.reason = m.reason and l.mark = m.mark join gone_people g on g.id = m.id
       join known_people k on k.sourced_id = l.sourced_id
       left join students s on s.district_id = :district and s.id = l.id
      where l.id <> g.id and (g.now or not k.known) and g.student = (k.student or s.id is not null)
      group by g.id, l.id",
    "delete from found_duplicates f
      using (select f.old_id, f.new_id, o.birth_date as old_birth_date, coalesce(n.birth_date, t.birth_date) as new_birth_date,
                    e.value as old_state_id, n.state_id as new_state_id, p.given_name as old_given, p.family_name as old_family, u.given_name, u.family_name
               from found_duplicates f
               join people p on p.district_id = :district and p.id = f.old_id
               join staged_users u on u.sourced_id = f.new_sourced_id
               left join students o on o.district_id = :district and o.id = f.old_id
               left join students t on t.district_id = :district and t.id = f.new_id
               left join next_students n on n.id = f.new_id
               left join (select target_id, min(value) as value from external_identifiers
                           where district_id = :district and system = 'stateStudentId' and kind = 'person'
                             and target_id in (select old_id from found_duplicates) group by target_id) e on e.target_id = f.old_id) x
      where x.old_id = f.old_id and x.new_id = f.new_id and not 'sameStateId' = any(f.reasons)
        and (x.old_birth_date <> x.new_birth_date or x.old_state_id <> x.new_state_id
             or (f.reasons = '{sameLocalId}' and coalesce(x.old_birth_date <> x.new_birth_date, true)
                 and lower(btrim(x.old_given)) <> lower(btrim(x.given_name)) and lower(btrim(x.old_family)) <> lower(btrim(x.family_name))))",
];

/// Finds who may be one person.
pub(super) async fn look(work: &Work) -> Result<()> {
    work.plain(TABLES).await?;
    if work.number(ANY).await? == 0 || work.run(&GONE.replace("in_view", &near::in_view(work, "e.target_id"))).await? == 0 {
        return Ok(());
    }
    for statement in GONE_MARKS {
        work.run(statement).await?;
    }
    for marks in LIVE_MARKS {
        work.run(&format!(
            "insert into live_marks
             select l.* from ({marks}) l (id, sourced_id, reason, mark) join staged_users a on a.sourced_id = l.sourced_id and a.active
              where exists (select from gone_marks m where m.reason = l.reason and m.mark = l.mark)"
        ))
        .await?;
    }
    for statement in FOUND {
        work.run(statement).await?;
    }
    Ok(())
}

/// How many pairs are new, and the first of them.
pub(super) async fn told(work: &Work) -> Result<(i64, Vec<DuplicateExample>)> {
    let changed = POTENTIAL_DUPLICATES.changed();
    let count = work.number(&format!("select count(*) from {changed}")).await?;
    if count == 0 {
        return Ok((0, vec![]));
    }
    let rows = format!("select new_sourced_id, old_sourced_id, reasons from {changed} order by new_sourced_id, old_sourced_id limit {EXAMPLES}");
    let mut examples = vec![];
    for row in &work.rows(&rows).await? {
        let words: Vec<String> = column(row, 2)?;
        let reasons = words.iter().map(|word| word.parse::<DuplicateReason>().map_err(Error::Internal)).collect::<Result<_>>()?;
        examples.push(DuplicateExample { keep_sourced_id: column(row, 0)?, merge_sourced_id: column(row, 1)?, reasons });
    }
    Ok((count, examples))
}
