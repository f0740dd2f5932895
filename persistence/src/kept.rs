//! Records that the district's custodian keeps: made, changed and ended, never removed. `kept!` states the columns of one and gives how it is
//! read and listed, `kept_rows!` how it is made and changed where that needs no words of its own.

use openilp_domain::access::{DistrictAction, Section};
use openilp_domain::id::StudentId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::noun::Body;
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plain::View;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::Result;
use crate::grant::{Grant, Granted};
use crate::journal::Change;

/// Which of the district's records a list shows: all that it does not leave out.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only confirmed, or only unconfirmed ones.
    pub confirmed: Option<bool>,
    /// Only those of which the source says something else, or only others.
    pub differs: Option<bool>,
    /// Only those that name these: the column, and what stands there.
    pub named: Vec<(&'static str, Uuid)>,
}

impl Filter {
    /// What is to stand in a column, if the list is narrowed by it.
    pub fn named(&self, column: &str) -> Option<Uuid> {
        self.named.iter().find(|(name, _)| *name == column).map(|(_, id)| *id)
    }
}

/// A record that the custodian keeps. [`kept!`](crate::kept!) implements it.
#[allow(async_fn_in_trait, reason = "used by concrete type only, on one thread")]
pub trait Kept: View + Sized + 'static {
    /// As it is made.
    type New: Body + 'static;
    /// As it is changed.
    type Patch: Body + 'static;
    /// Its kind.
    const KIND: Kind;
    /// By which of its columns, all ids, a list may be narrowed.
    const BY: &'static [&'static str];
    /// Whether it counts only once it is confirmed.
    const CONFIRMED: bool = false;
    /// Whether a source may say something else of it.
    const CLAIMED: bool = false;
    /// Who keeps it.
    const KEEPERS: &'static [DistrictAction] = &[DistrictAction::ManageRelations];
    /// What an answer with it shows of students, for the access record.
    const SECTIONS: &'static str = "";

    /// The id.
    fn id(&self) -> Uuid;
    /// The version.
    fn version(&self) -> i32;
    /// The student it is about.
    fn student(&self) -> Option<StudentId> {
        None
    }
    /// The section in which it is journaled with the student.
    fn section(&self) -> Section {
        Section::Status
    }
    /// The students that some of them are about.
    async fn students(_: &Tx<'_>, records: &[Self]) -> Result<Vec<StudentId>> {
        Ok(records.iter().filter_map(Self::student).collect())
    }

    /// Refuses whoever may not read them: all but who keeps them, if nothing else is said.
    async fn expect_reader(_: &Tx<'_>, grant: &Grant) -> Result<()> {
        grant.demand(Self::KEEPERS)
    }

    /// One of the district's.
    async fn read(tx: &Tx<'_>, grant: &Grant, id: Uuid) -> Result<Self>;
    /// A page of the district's.
    async fn list(tx: &Tx<'_>, grant: &Grant, filter: &Filter, page: PageOf) -> Result<Page<Self>>;
    /// Makes one.
    async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: Self::New) -> Result<Self>;
    /// Changes one, if it still has the version that the caller saw.
    async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: Uuid, version: i32, patch: Self::Patch) -> Result<Self>;
}

/// Notes a change for the journal, with the student, so that feeds learn who may see more, or less.
pub(crate) async fn note<K: Kept>(tx: &Tx<'_>, operation: Operation, record: &K) -> Result<()> {
    let change = Change::of(K::KIND, record.id(), record.version(), operation, record)?;
    let about = K::students(tx, std::slice::from_ref(record)).await?;
    tx.note(match about.first() {
        Some(student) => change.about(*student, record.section()),
        None => change,
    });
    Ok(())
}

/// Reads and lists a record that is kept in a table. The columns stand in the order of the view's members; `impl` holds what [`Kept`] leaves to
/// each. The functions `create` and `amend` stand beside.
#[macro_export]
macro_rules! kept { (
    $view:ident ($id:ident, $new:ident, $patch:ident) in $table:ident { $($column:ident),* $(,)? }
    by { $($by:ident),* $(,)? }
    narrowed |$rows:ident, $filter:ident| $narrow:block
    impl { $($item:tt)* }
) => {
    macro_rules! columns { () => { ($(dsl::$column),*) } }

    impl $crate::kept::Kept for $view {
        type New = $new;
        type Patch = $patch;
        const KIND: openilp_domain::kind::Kind = openilp_domain::kind::Kind::$view;
        const BY: &'static [&'static str] = &[$(stringify!($by)),*];
        $($item)*

        fn id(&self) -> uuid::Uuid {
            self.id.into()
        }
        fn version(&self) -> i32 {
            self.version
        }

        async fn read(tx: &$crate::door::Tx<'_>, grant: &$crate::grant::Grant, id: uuid::Uuid) -> $crate::error::Result<Self> {
            use diesel::{OptionalExtension, QueryDsl};
            use diesel_async::RunQueryDsl;
            <Self as $crate::kept::Kept>::expect_reader(tx, grant).await?;
            let mut conn = tx.conn;
            dsl::$table.find((tx.district, $id(id))).select(columns!()).first(&mut conn).await.optional()?.ok_or($crate::error::Error::NotFound)
        }

        async fn list(
            tx: &$crate::door::Tx<'_>,
            grant: &$crate::grant::Grant,
            $filter: &$crate::kept::Filter,
            page: openilp_domain::page::PageOf,
        ) -> $crate::error::Result<openilp_domain::page::Page<Self>> {
            use diesel::{ExpressionMethods, QueryDsl};
            use diesel_async::RunQueryDsl;
            <Self as $crate::kept::Kept>::expect_reader(tx, grant).await?;
            let mut conn = tx.conn;
            #[allow(unused_mut, reason = "not every list may be narrowed")]
            let mut $rows = dsl::$table
                .filter(dsl::district_id.eq(tx.district))
                .filter(dsl::id.gt(page.after.unwrap_or(uuid::Uuid::nil())))
                .order(dsl::id)
                .limit(page.limit.and_one())
                .select(columns!())
                .into_boxed();
            $(if let Some(id) = $filter.named(stringify!($by)) { $rows = $rows.filter(dsl::$by.eq(id)); })*
            $narrow
            let rows = $rows.load::<$view>(&mut conn).await?;
            Ok(openilp_domain::page::Page::cut(rows, page.limit, |record| record.id.into()))
        }

        async fn create(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, new: $new) -> $crate::error::Result<Self> {
            create(tx, granted, new).await
        }

        async fn amend(
            tx: &$crate::door::Tx<'_>,
            granted: &$crate::grant::Granted<'_>,
            id: uuid::Uuid,
            version: i32,
            patch: $patch,
        ) -> $crate::error::Result<Self> {
            amend(tx, granted, $id(id), version, patch).await
        }
    }

    /// One as it is now, locked against other writers, if it has the version that the caller saw.
    async fn current(tx: &$crate::door::Tx<'_>, id: $id, version: i32) -> $crate::error::Result<$view> {
        use diesel::{OptionalExtension, QueryDsl};
        use diesel_async::RunQueryDsl;
        let mut conn = tx.conn;
        let found = dsl::$table.find((tx.district, id)).select(columns!()).for_update().first::<$view>(&mut conn).await.optional()?;
        let found = found.ok_or($crate::error::Error::NotFound)?;
        if found.version == version { Ok(found) } else { Err($crate::error::Error::Stale) }
    }
} }

/// Makes and changes a record of [`kept!`](crate::kept!): `create` says what stands in its columns, `amend` which of them may change, and `then`
/// refuses what the record must not have become.
#[macro_export]
macro_rules! kept_rows { (
    $view:ident ($id:ident, $new:ident, $patch:ident) in $table:ident
    create |$granted:ident, $made:ident| { $($set:ident: $value:expr),* $(,)? }
    amend { $($to:ident),* $(,)? }
    $(then $then:path)?
) => {
    /// Makes one.
    pub async fn create(tx: &$crate::door::Tx<'_>, $granted: &$crate::grant::Granted<'_>, $made: $new) -> $crate::error::Result<$view> {
        use diesel::ExpressionMethods;
        use diesel_async::RunQueryDsl;
        let mut conn = tx.conn;
        let row = (
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            $(dsl::$set.eq($value),)*
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        );
        let created = diesel::insert_into(dsl::$table).values(row).returning(columns!()).get_result::<$view>(&mut conn).await?;
        $($then(tx, &created).await?;)?
        $crate::kept::note(tx, openilp_domain::kind::Operation::Created, &created).await?;
        Ok(created)
    }

    /// Changes one, if it still has the version that the caller saw.
    pub async fn amend(
        tx: &$crate::door::Tx<'_>,
        _: &$crate::grant::Granted<'_>,
        id: $id,
        version: i32,
        patch: $patch,
    ) -> $crate::error::Result<$view> {
        use diesel::{ExpressionMethods, QueryDsl};
        use diesel_async::RunQueryDsl;
        let faults = current(tx, id, version).await?.check(&patch);
        if !faults.0.is_empty() {
            return Err($crate::error::Error::Invalid(faults));
        }
        let mut conn = tx.conn;
        let set = (
            $($crate::record::IntoColumn::into_column(patch.$to).map(|value| dsl::$to.eq(value)),)*
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        );
        let row = diesel::update(dsl::$table.find((tx.district, id))).set(set).returning(columns!());
        let amended = row.get_result::<$view>(&mut conn).await?;
        $($then(tx, &amended).await?;)?
        $crate::kept::note(tx, openilp_domain::kind::Operation::Amended, &amended).await?;
        Ok(amended)
    }
} }
