//! Rows of one source that name one person, because two records were made one: the row that counts is chosen, and the others say the same.

use openilp_domain::roster::{Repair, RepairPlace};

use super::work::{Work, column};
use crate::error::Result;

/// How many places the report names.
const PLACES_MAX: i64 = 10;

/// Whether several rows name one person.
const ANY: &str = "select count(*) from (select id from known_people group by id having count(*) > 1) x";

/// An active row goes before one that is not, a row that named the person before the merge before one that the merge moved; then by sourcedId.
/// What the row that counts says of the person, the others say too.
const UNIFY: &[&str] = &[
    "insert into merged_rows
     select k.sourced_id, first_value(k.sourced_id) over (partition by k.id order by s.active desc, i.merge_id is not null, k.sourced_id)
       from known_people k join staged_users s on s.sourced_id = k.sourced_id
       left join (select i.before ->> 'value' as value, min(i.merge_id::text) as merge_id from person_merge_images i
                    join person_merges m on m.district_id = :district and m.id = i.merge_id and m.undone_at is null
                   where i.district_id = :district and i.kind = 'external_identifiers' and i.before ->> 'system' = :source
                   group by i.before ->> 'value') i on i.value = k.sourced_id
      where k.id in (select id from known_people group by id having count(*) > 1)",
    "delete from merged_rows where sourced_id = by_id",
    "update staged_users s
        set active = c.active, given_name = c.given_name, family_name = c.family_name, middle_name = c.middle_name,
            preferred_given_name = c.preferred_given_name, preferred_family_name = c.preferred_family_name, pronouns = c.pronouns, email = c.email,
            telephone = c.telephone, sms = c.sms, local_id = c.local_id, state_id = c.state_id, grade = c.grade, primary_org = c.primary_org
       from merged_rows m join staged_users c on c.sourced_id = m.by_id
      where s.sourced_id = m.sourced_id",
    "delete from next_students n using next_students o where o.id = n.id and o.ctid <> n.ctid
        and (o.active, o.sourced_id not in (select sourced_id from merged_rows), n.sourced_id)
          > (n.active, n.sourced_id not in (select sourced_id from merged_rows), o.sourced_id)",
    "update next_students n set state_id = s.state_id, local_id = s.local_id, grade = s.grade from staged_users s
      where s.sourced_id = n.sourced_id and n.id in (select k.id from known_people k join merged_rows m on m.sourced_id = k.sourced_id)",
];

/// Has all rows of a person say the same.
pub(super) async fn unify(work: &Work) -> Result<()> {
    work.plain("create temp table merged_rows (sourced_id text, by_id text) on commit drop").await?;
    if work.number(ANY).await? == 0 {
        return Ok(());
    }
    for statement in UNIFY {
        work.run(statement).await?;
    }
    Ok(())
}

/// Leaves one difference of a person of whom several rows tell.
pub(super) async fn once(work: &Work) -> Result<()> {
    let several = "select count(*) from merged_rows";
    if work.number(several).await? > 0 {
        work.run("delete from changed_people c using changed_people d where d.id = c.id and d.named < c.named").await?;
    }
    Ok(())
}

/// What the report says of it.
pub(super) async fn told(work: &Work) -> Result<Option<Repair>> {
    let count = work.number("select count(*) from merged_rows").await?;
    if count == 0 {
        return Ok(None);
    }
    let rows = format!(
        "select s.line from merged_rows m join staged_users s on s.sourced_id = m.sourced_id where s.line > 0 order by s.line limit {PLACES_MAX}"
    );
    let mut places = vec![];
    for row in &work.rows(&rows).await? {
        places.push(RepairPlace { row: u32::try_from(column::<i32>(row, 0)?).unwrap_or(0), before: None, after: None });
    }
    Ok(Some(Repair { file: "users.csv".into(), column: Some("sourcedId".into()), code: "person_merged".into(), count, places }))
}
