//! How a noun of the plan is kept: `record!` states its columns once, and gives read, list, create, amend and remove.

use openilp_domain::id::RecordId;
use openilp_domain::noun::{Noun, Sectioned};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::facts::Target;
use crate::grant::{Grant, Granted, Withheld};
use crate::named_record::NamedRecord;

/// A noun that is kept in a table of its own. [`record!`](crate::record!) implements it.
#[allow(async_fn_in_trait, reason = "used by concrete type only, on one thread")]
pub trait Record: Noun {
    /// Reads one; it stays withheld until a grant opens it.
    async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Self>>>;

    /// Reads a page of those beneath a record, as far as the grant opens them.
    async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Self>>;

    /// Creates one beneath the granted record.
    async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: Self::New) -> Result<Self>;

    /// Changes the granted record, if it still has the version that the caller saw.
    async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, version: i32, patch: Self::Patch) -> Result<Self>;

    /// Removes the granted record, if it still has the version that the caller saw.
    async fn remove(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<Self>;
}

/// A column of a change: nothing, null or a value.
pub(crate) trait IntoColumn {
    /// What the column takes.
    type Column;
    /// Nothing, or what to set.
    fn into_column(self) -> Option<Self::Column>;
}

impl<T> IntoColumn for Option<T> {
    type Column = T;
    fn into_column(self) -> Option<T> {
        self
    }
}

impl<T> IntoColumn for openilp_domain::patch::Patch<T> {
    type Column = Option<T>;
    fn into_column(self) -> Option<Option<T>> {
        Self::into_column(self)
    }
}

/// Keeps a noun in a table. The columns stand in the order of the noun's members; `beneath` says how
/// those beneath a record are found, `of` how the members are had that are not sent: from that record, or made of what is sent; `again` which of
/// these are made anew by a change. `then` refuses what the record must not have become.
#[macro_export]
macro_rules! record { (
    $noun:ident in $table:ident
    beneath $parent:ident = |$located:ident| $parent_value:expr,
    of { $($of:ident = |$tx:ident, $granted:ident, $made:ident| $of_value:expr),* $(,)? }
    $(again { $($again:ident = |$again_tx:ident, $again_granted:ident, $before:ident, $change:ident| $again_value:expr),* $(,)? })?
    fixed { $($fixed:ident),* $(,)? }
    set { $($set:ident),* $(,)? }
    $(then $then:path)?
) => {
    #[allow(clippy::redundant_closure_call)]
    impl $crate::record::Record for $noun {
        async fn read(tx: &$crate::door::Tx<'_>, id: uuid::Uuid) -> $crate::error::Result<Option<$crate::grant::Withheld<Self>>> {
            use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
            use $crate::schema::$table::dsl;
            let mut conn = tx.conn;
            let row = diesel_async::RunQueryDsl::first::<<Self as openilp_domain::noun::Noun>::Row>(
                dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(id)).select($crate::record!(@columns $($of)* $($fixed)* $($set)*)),
                &mut conn,
            ).await.optional()?;
            Ok(row.map($crate::record!(@from $noun $($of)* $($fixed)* $($set)*)).map($crate::grant::Withheld::new))
        }

        async fn list(tx: &$crate::door::Tx<'_>, grant: &$crate::grant::Grant, page: openilp_domain::page::PageOf)
            -> $crate::error::Result<openilp_domain::page::Page<Self>>
        {
            use diesel::{ExpressionMethods, QueryDsl};
            use $crate::schema::$table::dsl;
            let $located = grant.located()?;
            let parent = $parent_value;
            $crate::record::filled(grant, page, async |after, limit| {
                let mut conn = tx.conn;
                let rows = dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::$parent.eq(parent))
                    .filter(dsl::id.gt(after)).order(dsl::id).limit(limit).select($crate::record!(@columns $($of)* $($fixed)* $($set)*));
                let rows = diesel_async::RunQueryDsl::load::<<Self as openilp_domain::noun::Noun>::Row>(rows, &mut conn).await?;
                Ok(rows.into_iter().map($crate::record!(@from $noun $($of)* $($fixed)* $($set)*)).collect())
            }).await
        }

        async fn create(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, new: Self::New) -> $crate::error::Result<Self> {
            use diesel::ExpressionMethods;
            use $crate::schema::$table::dsl;
            $(let $of = (async |$tx: &$crate::door::Tx<'_>, $granted: &$crate::grant::Granted<'_>, $made: &Self::New| $of_value)(tx, granted, &new).await?;)*
            let mut conn = tx.conn;
            let row = diesel::insert_into(dsl::$table).values((
                dsl::district_id.eq(tx.district.0), dsl::id.eq(tx.id()),
                $(dsl::$of.eq($of),)* $(dsl::$fixed.eq(new.$fixed),)* $(dsl::$set.eq(new.$set),)*
                dsl::created_by.eq(granted.person()?), dsl::entered_in_error.eq(false), dsl::version.eq(1),
                dsl::created_at.eq(tx.at), dsl::updated_at.eq(tx.at),
            )).returning($crate::record!(@columns $($of)* $($fixed)* $($set)*));
            let row = diesel_async::RunQueryDsl::get_result::<<Self as openilp_domain::noun::Noun>::Row>(row, &mut conn).await?;
            let created = $crate::record!(@from $noun $($of)* $($fixed)* $($set)*)(row);
            $($then(tx, None, &created).await?;)?
            $crate::record::note(tx, openilp_domain::kind::Operation::Created, &created)?;
            Ok(created)
        }

        async fn amend(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, version: i32, patch: Self::Patch) -> $crate::error::Result<Self> {
            use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
            use $crate::record::IntoColumn;
            use $crate::schema::$table::dsl;
            let before = $crate::record::current::<Self>(tx, granted, version).await?;
            let faults = <Self as openilp_domain::noun::Noun>::check_patch(&before, &patch);
            if !faults.0.is_empty() { return Err($crate::error::Error::Invalid(faults)); }
            $($(let $again = (async |$again_tx: &$crate::door::Tx<'_>, $again_granted: &$crate::grant::Granted<'_>, $before: &Self, $change: &Self::Patch| {
                $again_value
            })(tx, granted, &before, &patch).await?;)*)?
            let mut conn = tx.conn;
            let row = diesel::update(dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(granted.located()?.id)).filter(dsl::version.eq(version)))
                .set((
                    $(patch.$set.into_column().map(|value| dsl::$set.eq(value)),)*
                    $($(dsl::$again.eq($again),)*)?
                    patch.entered_in_error.map(|value| dsl::entered_in_error.eq(value)),
                    dsl::version.eq(version + 1), dsl::updated_at.eq(tx.at),
                )).returning($crate::record!(@columns $($of)* $($fixed)* $($set)*));
            let row = diesel_async::RunQueryDsl::get_result::<<Self as openilp_domain::noun::Noun>::Row>(row, &mut conn).await.optional()?;
            let amended = $crate::record!(@from $noun $($of)* $($fixed)* $($set)*)(row.ok_or($crate::error::Error::Stale)?);
            $($then(tx, Some(&before), &amended).await?;)?
            $crate::record::note(tx, openilp_domain::kind::Operation::Amended, &amended)?;
            if patch.entered_in_error == Some(true) { $crate::translation::mistaken_with(tx, &amended).await?; }
            Ok(amended)
        }

        async fn remove(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, version: i32) -> $crate::error::Result<Self> {
            use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
            use $crate::schema::$table::dsl;
            $crate::case::expect_none_open(tx, granted).await?;
            let mut conn = tx.conn;
            let row = diesel::delete(dsl::$table.filter(dsl::district_id.eq(tx.district.0)).filter(dsl::id.eq(granted.located()?.id)).filter(dsl::version.eq(version)))
                .returning($crate::record!(@columns $($of)* $($fixed)* $($set)*));
            let row = diesel_async::RunQueryDsl::get_result::<<Self as openilp_domain::noun::Noun>::Row>(row, &mut conn).await.optional()?;
            let removed = $crate::record!(@from $noun $($of)* $($fixed)* $($set)*)(row.ok_or($crate::error::Error::Stale)?);
            $crate::record::note(tx, openilp_domain::kind::Operation::Removed, &removed)?;
            $crate::translation::removed_with(tx, granted, &removed).await?;
            Ok(removed)
        }
    }

    const _: () = {
        use $crate::schema::$table::dsl;
        impl $crate::listed::Listed for $noun {
            type Columns = diesel::dsl::SqlTypeOf<$crate::record!(@columns $($of)* $($fixed)* $($set)*)>;
            type Row = <Self as openilp_domain::noun::Noun>::Row;
            fn select() -> String {
                $crate::list_of!(id $($of)* $($fixed)* $($set)* created_by entered_in_error version created_at updated_at, $table, "order by id")
            }
            fn of(row: Self::Row) -> $crate::error::Result<Self> {
                Ok($crate::record!(@from $noun $($of)* $($fixed)* $($set)*)(row))
            }
        }
    };
};
(@columns $($column:ident)*) => { (dsl::id, $(dsl::$column,)* dsl::created_by, dsl::entered_in_error, dsl::version, dsl::created_at, dsl::updated_at) };
(@from $noun:ident $($column:ident)*) => {
    |(id, $($column,)* created_by, entered_in_error, version, created_at, updated_at): <$noun as openilp_domain::noun::Noun>::Row|
        $noun { id, $($column,)* created_by, entered_in_error, version, created_at, updated_at }
};
}

/// Refuses, unless the record of the path is of the student whose record was granted: what is not there is told no apart from it.
pub async fn expect_same_student(tx: &Tx<'_>, granted: &Granted<'_>, path: Target) -> Result<()> {
    let found = NamedRecord::find(tx, granted.student_id()?, path.kind, RecordId(path.id), None).await?;
    found.map(|_| ()).ok_or(crate::error::Error::NotFound)
}

/// Notes a change of a noun in the journal.
pub(crate) fn note<N: Noun>(tx: &Tx<'_>, operation: openilp_domain::kind::Operation, record: &N) -> Result<()> {
    let change = crate::journal::Change::of(N::KIND, record.id(), record.version(), operation, record)?;
    tx.note(change.about(record.student_id(), record.section()));
    Ok(())
}

/// The granted record as it is now, locked against other writers, if it has the version that the caller saw.
pub(crate) async fn current<N: Record>(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<N> {
    let found = N::read(tx, granted.located()?.id).await?.ok_or(crate::error::Error::NotFound)?;
    // The grant covers this very record, so that it may be opened here.
    let found = found.into_granted(granted);
    if found.version() == version { Ok(found) } else { Err(crate::error::Error::Stale) }
}

/// Fills a page with what the grant opens: rows are read on until the page is full, so that what is hidden neither
/// shortens a page nor shows in its cursor.
pub(crate) async fn filled<N: Noun>(grant: &Grant, page: PageOf, rows: impl AsyncFn(Uuid, i64) -> Result<Vec<N>>) -> Result<Page<N>> {
    filled_with(grant, page, |record| record.id().into(), rows).await
}

/// The same for what is no [`Noun`].
pub(crate) async fn filled_with<N: Sectioned>(
    grant: &Grant,
    page: PageOf,
    id: impl Fn(&N) -> Uuid,
    rows: impl AsyncFn(Uuid, i64) -> Result<Vec<N>>,
) -> Result<Page<N>> {
    let mut items = Vec::with_capacity(page.limit.get() + 1);
    let mut after = page.after.unwrap_or(Uuid::nil());
    loop {
        let batch = rows(after, page.limit.and_one()).await?;
        let exhausted = batch.len() < page.limit.get() + 1;
        let Some(last) = batch.last() else { break };
        after = id(last);
        items.extend(grant.sift(batch.into_iter().map(Withheld::new).collect()));
        if exhausted || items.len() > page.limit.get() {
            break;
        }
    }
    Ok(Page::cut(items, page.limit, id))
}

/// Keeps a part of a goal: goal, student and domain come from the goal that it is added to.
#[macro_export]
macro_rules! part_of_goal { ($noun:ident in $table:ident { $($set:ident),* $(,)? }) => {
    $crate::record! {
        $noun in $table
        beneath goal_id = |located| openilp_domain::id::GoalId(located.id),
        of {
            goal_id = |_tx, granted, _new| granted.located().map(|l| openilp_domain::id::GoalId(l.id)),
            student_id = |_tx, granted, _new| granted.student_id(),
            domain = |_tx, granted, _new| granted.located().and_then(|l| l.domain.ok_or($crate::error::Error::NotFound)),
        }
        fixed {}
        set { $($set),* }
    }
} }
