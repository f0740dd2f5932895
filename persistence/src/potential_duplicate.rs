//! Records of one source that may be one person: found by loads ([`crate::roster`]), merged or dismissed by the custodian.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::PotentialDuplicateId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::potential_duplicate::PotentialDuplicate;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::potential_duplicates::dsl;
use crate::statement;

/// The columns of a pair, with the record to keep before the other: the later one, unless only the earlier one is active.
macro_rules! pairs {
    ($rest:literal) => {
        concat!(
            "select t.id, case when x.turned then t.old_id else t.new_id end, case when x.turned then t.new_id else t.old_id end, t.source,
                    case when x.turned then t.old_sourced_id else t.new_sourced_id end,
                    case when x.turned then t.new_sourced_id else t.old_sourced_id end, t.reasons, t.version, t.created_at, t.updated_at, t.dismissed_at
               from potential_duplicates t
               join people o on o.district_id = $1 and o.id = t.old_id join people n on n.district_id = $1 and n.id = t.new_id
              cross join lateral (select o.active and not n.active as turned) x
              where t.district_id = $1 ",
            $rest
        )
    };
}

statement! {
    /// One pair.
    One { district: SqlUuid = Uuid, id: SqlUuid = Uuid }
    -> (SqlUuid, SqlUuid, SqlUuid, Text, Text, Text, Array<Text>, Int4, Timestamptz, Timestamptz, Nullable<Timestamptz>)
    pairs!("and t.id = $2")
}

statement! {
    /// A page of the pairs that are not settled by a merge, in the order of their ids.
    Open { district: SqlUuid = Uuid, after: SqlUuid = Uuid, dismissed: Bool = bool, most: Int8 = i64 }
    -> (SqlUuid, SqlUuid, SqlUuid, Text, Text, Text, Array<Text>, Int4, Timestamptz, Timestamptz, Nullable<Timestamptz>)
    pairs!("and t.id > $2 and (t.dismissed_at is not null) = $3
              and not exists (select from person_merges m where m.district_id = $1 and m.undone_at is null and m.merged_id in (t.old_id, t.new_id))
            order by t.id limit $4")
}

type Row = (Uuid, Uuid, Uuid, String, String, String, Vec<String>, i32, DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>);

fn pair(row: Row) -> Result<PotentialDuplicate> {
    let (id, keep_id, merge_id, source, keep_sourced_id, merge_sourced_id, reasons, version, created_at, updated_at, dismissed_at) = row;
    let reasons = reasons.iter().map(|word| word.parse().map_err(|_| Error::Internal("a reason that this version does not know".into())));
    Ok(PotentialDuplicate {
        id: id.into(),
        keep_id: keep_id.into(),
        merge_id: merge_id.into(),
        source,
        keep_sourced_id,
        merge_sourced_id,
        reasons: reasons.collect::<Result<_>>()?,
        version,
        created_at,
        updated_at,
        dismissed_at,
    })
}

async fn find(tx: &Tx<'_>, id: PotentialDuplicateId) -> Result<PotentialDuplicate> {
    let mut conn = tx.conn;
    let found = One { district: tx.district.0, id: id.0 }.get_result::<Row>(&mut conn).await.optional()?;
    pair(found.ok_or(Error::NotFound)?)
}

/// One of the district's, settled or not.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: PotentialDuplicateId) -> Result<PotentialDuplicate> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    find(tx, id).await
}

/// A page of those that wait, or of those that were dismissed.
pub async fn list(tx: &Tx<'_>, grant: &Grant, dismissed: bool, page: PageOf) -> Result<Page<PotentialDuplicate>> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let asked = Open { district: tx.district.0, after: page.after.unwrap_or(Uuid::nil()), dismissed, most: page.limit.and_one() };
    let pairs = asked.load::<Row>(&mut conn).await?.into_iter().map(pair).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(pairs, page.limit, |pair| pair.id.0))
}

/// Says that they are two people. Dismissed already, the pair stays as it is.
pub async fn dismiss(tx: &Tx<'_>, _: &Granted<'_>, id: PotentialDuplicateId) -> Result<PotentialDuplicate> {
    let mut conn = tx.conn;
    let now = dsl::potential_duplicates.find((tx.district.0, id.0)).filter(dsl::dismissed_at.is_null());
    let set = (dsl::dismissed_at.eq(tx.at), dsl::updated_at.eq(tx.at), dsl::version.eq(dsl::version + 1));
    let changed = diesel::update(now).set(set).execute(&mut conn).await?;
    let pair = find(tx, id).await?;
    if changed > 0 {
        tx.note(Change::of(Kind::PotentialDuplicate, pair.id, pair.version, Operation::Amended, &pair)?);
    }
    Ok(pair)
}
