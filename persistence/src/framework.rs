//! Frameworks of standards that were imported, a district's own and those of all (R39, R72).
//!
//! Rows of the deployment stand under the nil district: whoever is inside a district reads them beside its own, and its own come first. They are
//! written from within the deployment alone, by the same code: the wall is the database's.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::NaiveDate;
use diesel::sql_types::{Array, BigInt, Date, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::framework::Framework;
use openilp_domain::framework::imported::{FrameworkImport, FrameworkOutcome, ImportedFramework};
use openilp_domain::framework::package::{Package, identifier};
use openilp_domain::goal::Goal;
use openilp_domain::id::FrameworkId;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use serde_json::Value;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::schema::frameworks::dsl;
use crate::statement;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::title,
            dsl::creator,
            dsl::last_change,
            dsl::item_count,
            dsl::withdrawn_count,
            dsl::association_count,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
        )
    };
}

/// Two packages that say the same have the same hash, in whichever order.
fn hash(package: &Package) -> Vec<u8> {
    let sorted = |rows: &[Value]| {
        let mut rows: Vec<_> = rows.iter().collect();
        rows.sort_by_key(|row| identifier(row));
        serde_json::to_vec(&rows).unwrap_or_default()
    };
    let whole = serde_json::to_vec(&(&package.document, &package.more)).unwrap_or_default();
    digest(&SHA256, &[whole, sorted(&package.items), sorted(&package.associations)].concat()).as_ref().to_vec()
}

/// Takes a package in, all or nothing. One that says what is there already changes nothing; another is taken if it says that it is later.
pub async fn import(tx: &Tx<'_>, granted: &Granted<'_>, package: Package) -> Result<FrameworkImport> {
    let (id, hash) = (FrameworkId(package.identifier), hash(&package));
    let mut conn = tx.conn;
    let before = dsl::frameworks.find((tx.district, id)).select((columns!(), dsl::hash)).for_update();
    let before = before.first::<(ImportedFramework, Vec<u8>)>(&mut conn).await.optional()?;
    let version = match &before {
        None => 1,
        Some((framework, known)) if *known == hash => return Ok(FrameworkImport::of(framework, FrameworkOutcome::Unchanged, (0, 0, 0))),
        Some((framework, _)) if framework.last_change < package.last_change => framework.version + 1,
        Some(_) => {
            return Err(Error::Conflict {
                code: "not_later",
                detail: "The framework is here, and is another. The document must say a later lastChangeDateTime than it has here.",
            });
        }
    };
    let Package { items, associations, .. } = &package;
    elsewhere(tx, id, items, associations).await?;
    let rows = Rows { district: tx.district.0, framework: id.0, rows: Value::Array(items.clone()) };
    let (added, changed, left, left_now) = Compared::of(&rows).get_result::<(i64, i64, i64, i64)>(&mut conn).await?;
    let count = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let length = |rows: &[Value]| i32::try_from(rows.len()).unwrap_or(i32::MAX);
    let set = (
        dsl::title.eq(&package.title),
        dsl::creator.eq(&package.creator),
        dsl::last_change.eq(package.last_change),
        dsl::item_count.eq(length(items)),
        dsl::withdrawn_count.eq(count(left)),
        dsl::association_count.eq(length(associations)),
        dsl::document.eq(&package.document),
        dsl::more.eq(&package.more),
        dsl::hash.eq(&hash),
        dsl::version.eq(version),
        dsl::updated_at.eq(tx.at),
    );
    let framework = match &before {
        None => {
            let row = (dsl::district_id.eq(tx.district), dsl::id.eq(id), dsl::created_at.eq(tx.at), set);
            diesel::insert_into(dsl::frameworks).values(row).returning(columns!()).get_result::<ImportedFramework>(&mut conn).await?
        }
        Some(_) => diesel::update(dsl::frameworks.find((tx.district, id))).set(set).returning(columns!()).get_result(&mut conn).await?,
    };
    PutItems::of(&rows).execute(&mut conn).await?;
    let today = granted.grant().district().today;
    let kept = |rows: &[Value]| rows.iter().filter_map(identifier).collect::<Vec<_>>();
    Withdraw { district: tx.district.0, framework: id.0, kept: kept(items), today }.execute(&mut conn).await?;
    DropAssociations { district: tx.district.0, framework: id.0, kept: kept(associations) }.execute(&mut conn).await?;
    PutAssociations { district: tx.district.0, framework: id.0, rows: Value::Array(associations.clone()) }.execute(&mut conn).await?;
    let (operation, outcome) = match before {
        None => (Operation::Created, FrameworkOutcome::Created),
        Some(_) => (Operation::Amended, FrameworkOutcome::Updated),
    };
    tx.note(Change::of(Kind::Framework, id, version, operation, &framework)?);
    Ok(FrameworkImport::of(&framework, outcome, (count(added), count(changed), count(left_now))))
}

/// An identifier is never used again: what stands in another framework here is in no second one.
async fn elsewhere(tx: &Tx<'_>, id: FrameworkId, items: &[Value], associations: &[Value]) -> Result<()> {
    let mut conn = tx.conn;
    let of = |rows: &[Value]| (tx.district.0, id.0, Value::Array(rows.to_vec()));
    let ((district, framework, rows), (_, _, others)) = (of(items), of(associations));
    let in_items = ItemsElsewhere { district, framework, rows }.load::<(i64,)>(&mut conn).await?;
    let in_associations = AssociationsElsewhere { district, framework, rows: others }.load::<(i64,)>(&mut conn).await?;
    let mut invalid = Invalid::default();
    for (name, found) in [("CFItems", in_items), ("CFAssociations", in_associations)] {
        for (number,) in found {
            invalid.push(format!("/{name}/{number}/identifier"), "elsewhere", "This identifier stands in another framework here.");
        }
    }
    invalid.or(()).map_err(Error::Invalid)
}

/// The items of a package.
struct Rows {
    district: Uuid,
    framework: Uuid,
    rows: Value,
}

impl Compared {
    fn of(rows: &Rows) -> Self {
        Self { district: rows.district, framework: rows.framework, rows: rows.rows.clone() }
    }
}

impl PutItems {
    fn of(rows: &Rows) -> Self {
        Self { district: rows.district, framework: rows.framework, rows: rows.rows.clone() }
    }
}

statement! {
    /// How many items are new, how many another, how many are no more in all, and how many of these were there until now.
    Compared { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, rows: Jsonb = Value } -> (BigInt, BigInt, BigInt, BigInt)
    "with e as (select (value->>'identifier')::uuid as id, value from jsonb_array_elements($3)),
          i as (select id, content, withdrawn_on from framework_items where district_id = $1 and framework_id = $2)
     select count(*) filter (where e.id is not null and i.id is null),
            count(*) filter (where e.id is not null and i.id is not null and (i.content <> e.value or i.withdrawn_on is not null)),
            count(*) filter (where e.id is null),
            count(*) filter (where e.id is null and i.withdrawn_on is null)
       from e full join i on i.id = e.id"
}

statement! {
    /// Which of the items stand in another framework here.
    ItemsElsewhere { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, rows: Jsonb = Value } -> (BigInt)
    "select e.n - 1 from jsonb_array_elements($3) with ordinality e(value, n)
       join framework_items i on i.district_id = $1 and i.id = (e.value->>'identifier')::uuid and i.framework_id <> $2 order by e.n"
}

statement! {
    /// Which of the associations do.
    AssociationsElsewhere { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, rows: Jsonb = Value } -> (BigInt)
    "select e.n - 1 from jsonb_array_elements($3) with ordinality e(value, n)
       join framework_associations a on a.district_id = $1 and a.id = (e.value->>'identifier')::uuid and a.framework_id <> $2 order by e.n"
}

statement! {
    /// Puts the items there that are not so already.
    PutItems { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, rows: Jsonb = Value } -> ()
    "insert into framework_items (district_id, id, framework_id, position, code, content)
     select $1, (e.value->>'identifier')::uuid, $2, e.n::integer, e.value->>'humanCodingScheme', e.value
       from jsonb_array_elements($3) with ordinality e(value, n)
     on conflict (district_id, id) do update set position = excluded.position, code = excluded.code, content = excluded.content, withdrawn_on = null"
}

statement! {
    /// Items that the package has no more are marked: goals may cite them.
    Withdraw { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, kept: Array<SqlUuid> = Vec<Uuid>, today: Date = NaiveDate } -> ()
    "update framework_items set withdrawn_on = $4 where district_id = $1 and framework_id = $2 and withdrawn_on is null and id <> all($3)"
}

statement! {
    /// Associations that the package has no more are gone: nothing cites them.
    DropAssociations { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, kept: Array<SqlUuid> = Vec<Uuid> } -> ()
    "delete from framework_associations where district_id = $1 and framework_id = $2 and id <> all($3)"
}

statement! {
    /// Puts the associations there.
    PutAssociations { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, rows: Jsonb = Value } -> ()
    "insert into framework_associations (district_id, id, framework_id, position, origin, destination, content)
     select $1, (e.value->>'identifier')::uuid, $2, e.n::integer, lower(e.value->'originNodeURI'->>'identifier'),
            lower(e.value->'destinationNodeURI'->>'identifier'), e.value
       from jsonb_array_elements($3) with ordinality e(value, n)
     on conflict (district_id, id) do update
       set position = excluded.position, origin = excluded.origin, destination = excluded.destination, content = excluded.content"
}

// ---- read by whoever is inside the district

statement! {
    /// Documents that the district may cite, its own rather than one of all with the same identifier; and how many there are.
    Documents { district: SqlUuid = Uuid, limit: BigInt = i64, offset: BigInt = i64 } -> (Nullable<Jsonb>, BigInt)
    "with d as (select f.id, f.document from frameworks f
                 where f.district_id = $1
                    or f.district_id = '00000000-0000-0000-0000-000000000000' and not exists (select from frameworks o where o.district_id = $1 and o.id = f.id))
     select p.document, n.count from (select count(*) from d) n left join (select document, id from d order by id limit $2 offset $3) p on true order by p.id"
}

/// Some of the documents that were imported, and how many there are in all.
pub async fn documents(tx: &Tx<'_>, _: &Grant, limit: i64, offset: i64) -> Result<(Vec<Value>, i64)> {
    let mut conn = tx.conn;
    let rows = Documents { district: tx.district.0, limit, offset }.load::<(Option<Value>, i64)>(&mut conn).await?;
    let total = rows.iter().map(|(_, total)| *total).next().unwrap_or(0);
    Ok((rows.into_iter().filter_map(|(document, _)| document).collect(), total))
}

statement! {
    /// A document, and whose it is.
    Document { district: SqlUuid = Uuid, id: SqlUuid = Uuid } -> (SqlUuid, Jsonb, Jsonb)
    "select district_id, document, more from frameworks where district_id in ($1, '00000000-0000-0000-0000-000000000000') and id = $2
      order by district_id = $1 desc limit 1"
}

/// A document that was imported.
pub async fn document(tx: &Tx<'_>, _: &Grant, id: Uuid) -> Result<Value> {
    let mut conn = tx.conn;
    let found = Document { district: tx.district.0, id }.get_result::<(Uuid, Value, Value)>(&mut conn).await.optional()?;
    Ok(found.ok_or(Error::NotFound)?.1)
}

statement! {
    /// The items of a framework that are in it.
    ItemsOf { district: SqlUuid = Uuid, framework: SqlUuid = Uuid } -> (Jsonb)
    "select content from framework_items where district_id = $1 and framework_id = $2 and withdrawn_on is null order by position"
}

statement! {
    /// The associations of a framework.
    AssociationsOf { district: SqlUuid = Uuid, framework: SqlUuid = Uuid } -> (Jsonb)
    "select content from framework_associations where district_id = $1 and framework_id = $2 order by position"
}

/// A framework that was imported, whole, as it was sent: the document, items, associations, and whatever else was in the package.
pub async fn package(tx: &Tx<'_>, _: &Grant, id: Uuid) -> Result<Value> {
    let mut conn = tx.conn;
    let found = Document { district: tx.district.0, id }.get_result::<(Uuid, Value, Value)>(&mut conn).await.optional()?;
    let (district, document, mut whole) = found.ok_or(Error::NotFound)?;
    let items = ItemsOf { district, framework: id }.load::<(Value,)>(&mut conn).await?;
    let associations = AssociationsOf { district, framework: id }.load::<(Value,)>(&mut conn).await?;
    let list = |rows: Vec<(Value,)>| Value::Array(rows.into_iter().map(|(content,)| content).collect());
    if let Some(members) = whole.as_object_mut() {
        members.extend([("CFDocument".to_owned(), document), ("CFItems".to_owned(), list(items)), ("CFAssociations".to_owned(), list(associations))]);
    }
    Ok(whole)
}

statement! {
    /// An item, since when it is no more in its framework, and that one's document.
    ItemWith { district: SqlUuid = Uuid, id: SqlUuid = Uuid } -> (Jsonb, Nullable<Date>, Jsonb)
    "select i.content, i.withdrawn_on, f.document from framework_items i join frameworks f on f.district_id = i.district_id and f.id = i.framework_id
      where i.district_id in ($1, '00000000-0000-0000-0000-000000000000') and i.id = $2 order by i.district_id = $1 desc limit 1"
}

/// An item that was imported, since when it is no more in its framework, and that one's document.
pub async fn item(tx: &Tx<'_>, _: &Grant, id: Uuid) -> Result<(Value, Option<NaiveDate>, Value)> {
    let mut conn = tx.conn;
    ItemWith { district: tx.district.0, id }.get_result(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

statement! {
    /// An association, and the document of its framework.
    AssociationWith { district: SqlUuid = Uuid, id: SqlUuid = Uuid } -> (Jsonb, Jsonb)
    "select a.content, f.document from framework_associations a join frameworks f on f.district_id = a.district_id and f.id = a.framework_id
      where a.district_id in ($1, '00000000-0000-0000-0000-000000000000') and a.id = $2 order by a.district_id = $1 desc limit 1"
}

/// An association that was imported, and the document of its framework.
pub async fn association(tx: &Tx<'_>, _: &Grant, id: Uuid) -> Result<(Value, Value)> {
    let mut conn = tx.conn;
    AssociationWith { district: tx.district.0, id }.get_result(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

statement! {
    /// The associations that an item begins or ends, each once.
    AssociationsWith { district: SqlUuid = Uuid, item: Text = String } -> (Jsonb)
    "select distinct on (a.id) a.content from framework_associations a
      where a.district_id in ($1, '00000000-0000-0000-0000-000000000000') and (a.origin = $2 or a.destination = $2) order by a.id, a.district_id = $1 desc"
}

/// The associations that were imported of an item, whichever framework it is of.
pub async fn associations_with(tx: &Tx<'_>, _: &Grant, item: Uuid) -> Result<Vec<Value>> {
    let mut conn = tx.conn;
    let rows = AssociationsWith { district: tx.district.0, item: item.to_string() }.load::<(Value,)>(&mut conn).await?;
    Ok(rows.into_iter().map(|(content,)| content).collect())
}

// ---- cited by goals

statement! {
    /// Whether a framework that the district may cite has an item, by its identifier or its code, and whether that is in it no more.
    Cited { district: SqlUuid = Uuid, framework: SqlUuid = Uuid, item: Text = String, id: Nullable<SqlUuid> = Option<Uuid> } -> (Integer, Integer)
    "select (i.id is not null)::integer, (i.withdrawn_on is not null)::integer
       from frameworks f left join lateral (
              select i.id, i.withdrawn_on from framework_items i
               where i.district_id = f.district_id and i.framework_id = f.id and (i.code = $3 or i.id = $4) order by i.withdrawn_on nulls first limit 1) i on true
      where f.district_id in ($1, '00000000-0000-0000-0000-000000000000') and f.id = $2 order by f.district_id = $1 desc limit 1"
}

/// A goal that comes to cite an item cites one that its district knows. What it cited before it may go on to cite.
pub(crate) async fn expect_cited(tx: &Tx<'_>, before: Option<&Goal>, goal: &Goal) -> Result<()> {
    let (Some(framework), Some(item)) = (&goal.standard_framework, &goal.standard_item) else { return Ok(()) };
    let was = before.map(|before| (&before.standard_framework, &before.standard_item));
    // What ships is known without the database.
    if was == Some((&goal.standard_framework, &goal.standard_item)) || Framework::find(framework.as_str()).is_some() {
        return Ok(());
    }
    let refuse = |pointer, code, detail: String| Err(Error::Invalid(Invalid::one(pointer, code, detail)));
    let unknown = || format!("Known editions: {}. Others go by the identifier of their CASE document.", Framework::editions());
    let Ok(named) = Uuid::try_parse(framework.as_str()) else { return refuse("/standardFramework", "unknown_framework", unknown()) };
    let item = item.as_str().to_owned();
    let cited = Cited { district: tx.district.0, framework: named, id: Uuid::try_parse(&item).ok(), item };
    let mut conn = tx.conn;
    match cited.get_result::<(i32, i32)>(&mut conn).await.optional()? {
        None => refuse("/standardFramework", "unknown_framework", unknown()),
        Some((0, _)) => refuse("/standardItem", "unknown_item", "This framework has no such item.".into()),
        Some((_, 0)) => Ok(()),
        Some(_) => refuse("/standardItem", "withdrawn_item", "This item is in the framework no more.".into()),
    }
}
