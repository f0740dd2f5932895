//! A merge taken back: every row that it changed becomes what it was, unless something has come about since that this would tear apart.

use diesel::QueryDsl;
use diesel::{ExpressionMethods, OptionalExtension};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use openilp_domain::id::PersonMergeId;
use openilp_domain::kind::{Kind, Operation};

use super::moves::{Table, of_plans, tables};
use super::{Pair, PersonMerge, Row, merge, note};
use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::schema::person_merges::dsl;

/// The rows of a table that the merge changed: what they were before it and what they were after it, each column once.
fn images(table: &str) -> String {
    format!(
        "select i.record_id, jsonb_object_agg(b.key, b.value order by i.seq desc) as before, jsonb_object_agg(a.key, a.value order by i.seq) as after
           from person_merge_images i cross join lateral jsonb_each(i.before) b join lateral jsonb_each(i.after) a on a.key = b.key
          where i.district_id = :district and i.merge_id = :merge and i.kind = '{table}' group by i.record_id"
    )
}

/// What stands in the way, in the order in which it is looked for. `{OF_PLANS}` is all that belongs to plans.
const IN_THE_WAY: &[(&str, &str, &str)] = &[
    (
        "later_merge",
        "One of the two was merged again since: undo that first.",
        "exists (select from person_merges l join person_merges m on m.district_id = :district and m.id = :merge
                  where l.district_id = :district and l.id > m.id and l.undone_at is null
                    and (l.kept_id in (:kept, :merged) or l.merged_id in (:kept, :merged)))",
    ),
    (
        "login_linked",
        "A login that was unlinked is linked to somebody again: remove that link first.",
        "exists (select from person_merge_images i join identity_links l on l.district_id = :district
                    and l.issuer = i.before ->> 'issuer' and l.subject = i.before ->> 'subject'
                  where i.district_id = :district and i.merge_id = :merge and i.kind = 'identity_links')",
    ),
    (
        "identifier_moved",
        "An identifier of the merged record names somebody else by now.",
        "exists (select from person_merge_images i join external_identifiers e on e.district_id = :district and e.kind = 'person'
                    and e.system = i.before ->> 'system' and e.value = i.before ->> 'value' and e.target_id <> :kept
                  where i.district_id = :district and i.merge_id = :merge and i.kind = 'external_identifiers')",
    ),
    (
        "added_since",
        "Something was added since to what would move back: to a goal, or to a plan that moved whole.",
        "exists (select from {OF_PLANS} g join (select record_id from person_merge_images where district_id = :district and merge_id = :merge and kind = 'plans') p
                    on p.record_id = g.plan_id
                  where g.id not in (select record_id from person_merge_images where district_id = :district and merge_id = :merge))
         or exists (select from (select id, goal_id from benchmarks where district_id = :district union all select id, goal_id from activities where district_id = :district
                                 union all select id, goal_id from progress_records where district_id = :district
                                 union all select id, goal_id from reflections where district_id = :district
                                 union all select id, goal_id from recommendations where district_id = :district
                                 union all select id, goal_id from proposals where district_id = :district) x
                    join (select record_id from person_merge_images where district_id = :district and merge_id = :merge and kind = 'goals') g on g.record_id = x.goal_id
                  where x.id not in (select record_id from person_merge_images where district_id = :district and merge_id = :merge))",
    ),
];

/// The columns whose later change does not matter: who has confirmed what since is put back to what it was.
const CONFIRMATION: &str = "array['confirmed_at', 'confirmed_by', 'reconfirm', 'valid_to']";

/// Takes a merge back. The journal has both; the logins are linked again as they were.
pub async fn undo(tx: &Tx<'_>, granted: &Granted<'_>, id: PersonMergeId) -> Result<PersonMerge> {
    let mut conn = tx.conn;
    let found = dsl::person_merges.find((tx.district.0, id.0)).select(columns!()).for_update().first::<Row>(&mut conn).await.optional()?;
    let found = merge(found.ok_or(Error::NotFound)?)?;
    if found.undone_at.is_some() {
        return Err(Error::Conflict { code: "undone_already", detail: "This merge was undone already." });
    }
    let pair = Pair::of(tx, granted, id.0, found.kept_id.0, found.merged_id.0);
    pair.number(
        tx,
        "with p as (select id from people where district_id = :district and id in (:kept, :merged) order by id for update) select count(*) from p",
    )
    .await?;
    for (code, detail, condition) in IN_THE_WAY {
        if pair.holds(tx, &condition.replace("{OF_PLANS}", &of_plans())).await? {
            return Err(Error::Conflict { code, detail });
        }
    }
    for table in tables() {
        expect_unchanged(tx, &pair, &table).await?;
    }
    conn.batch_execute(super::MOVED_TOGETHER).await?;
    for table in tables() {
        put_back(tx, &pair, &table).await?;
    }
    // Copies of the roster that were made since go with the division that they are in.
    pair.number(
        tx,
        "with n as (update registrations t set student_id = d.student_id, file_id = d.file_id, version = t.version + 1, updated_at = :at from divisions d
                     where t.district_id = :district and d.district_id = :district and d.id = t.division_id and t.student_id <> d.student_id
                       and d.student_id in (:kept, :merged) returning t.id) select count(*) from n",
    )
    .await?;
    pair.number(
        tx,
        "with n as (update report_cards t set student_id = d.student_id, version = t.version + 1, updated_at = :at from divisions d
                     where t.district_id = :district and d.district_id = :district and d.id = t.division_id and t.student_id <> d.student_id
                       and d.student_id in (:kept, :merged) returning t.id) select count(*) from n",
    )
    .await?;
    identifiers(tx, &pair).await?;
    logins(tx, &pair).await?;
    let row = diesel::update(dsl::person_merges.find((tx.district.0, id.0)))
        .set((dsl::undone_at.eq(Some(tx.at)), dsl::version.eq(found.version + 1), dsl::updated_at.eq(tx.at)))
        .returning(columns!())
        .get_result::<Row>(&mut conn)
        .await?;
    let undone = merge(row)?;
    note(tx, Operation::Amended, &undone)?;
    Ok(undone)
}

async fn expect_unchanged(tx: &Tx<'_>, pair: &Pair, table: &Table) -> Result<()> {
    let (name, images) = (table.name, images(table.name));
    let changed = format!(
        "exists (select from ({images}) i left join {name} t on t.district_id = :district and t.id = i.record_id
                  where t.id is null or not to_jsonb(t) @> (i.after - {CONFIRMATION}))"
    );
    if pair.holds(tx, &changed).await? {
        return Err(Error::Conflict { code: "changed_since", detail: "What the merge moved has been moved, ended or removed since." });
    }
    Ok(())
}

async fn put_back(tx: &Tx<'_>, pair: &Pair, table: &Table) -> Result<()> {
    let (name, images, journal) = (table.name, images(table.name), table.journal());
    let set = table.columns.iter().map(|column| format!("{column} = r.{column}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "with i as materialized ({images}), o as materialized (select t.* from {name} t join i on i.record_id = t.id where t.district_id = :district),
              n as (update {name} t set {set}, version = t.version + 1, updated_at = :at
                      from i join o on o.id = i.record_id cross join lateral jsonb_populate_record(cast(o as {name}), i.before) r
                     where t.district_id = :district and t.id = i.record_id returning t.*),
              j as ({journal})
         select count(*) from n"
    );
    pair.number(tx, &text).await?;
    Ok(())
}

async fn identifiers(tx: &Tx<'_>, pair: &Pair) -> Result<()> {
    pair.number(
        tx,
        "with n as (insert into external_identifiers as e (district_id, system, kind, value, target_id, ended_on)
                    select :district, i.before ->> 'system', 'person', i.before ->> 'value', :merged, (i.before ->> 'ended_on')::date
                      from person_merge_images i where i.district_id = :district and i.merge_id = :merge and i.kind = 'external_identifiers'
                    on conflict (district_id, system, kind, value) do update set target_id = excluded.target_id returning e.value)
         select count(*) from n",
    )
    .await?;
    Ok(())
}

async fn logins(tx: &Tx<'_>, pair: &Pair) -> Result<()> {
    let text = format!(
        "with n as (insert into identity_links select r.* from person_merge_images i cross join lateral jsonb_populate_record(null::identity_links, i.before) r
                     where i.district_id = :district and i.merge_id = :merge and i.kind = 'identity_links' returning *),
              u as (delete from unlinked_logins u using n where u.district_id = :district and u.issuer = n.issuer and u.subject = n.subject),
              j as (insert into changes (district_id, id, at, kind, resource_id, version, operation, person_id, client_id, relation, reason)
                    select :district, app_uuid7(), :at, '{}', n.id, n.version, 'created', :person, :client, :relation, :reason from n)
         select count(*) from n",
        Kind::IdentityLink
    );
    pair.number(tx, &text).await?;
    Ok(())
}
