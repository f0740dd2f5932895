//! What guardian links and assignments have in common: they relate a person to a student, and count once a custodian confirms
//! them. `relation!` gives how they are read, listed and confirmed.

use openilp_domain::id::SchoolId;
use openilp_domain::invalid::Invalid;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::schema::{assignments, guardian_links, students};

diesel::allow_tables_to_appear_in_same_query!(guardian_links, students);
diesel::allow_tables_to_appear_in_same_query!(assignments, students);

/// Which relations to confirm.
#[derive(Clone, Debug)]
pub enum Which {
    /// Those named.
    Named(Vec<Uuid>),
    /// All of a school's students.
    OfSchool(SchoolId),
}

/// A fault, unless the district has the school.
pub(crate) async fn expect_school(tx: &Tx<'_>, id: SchoolId) -> Result<()> {
    use crate::schema::schools::dsl;
    use diesel::QueryDsl;
    use diesel_async::RunQueryDsl;
    let mut conn = tx.conn;
    let there = diesel::select(diesel::dsl::exists(dsl::schools.find((tx.district, id)))).get_result::<bool>(&mut conn).await?;
    if there { Ok(()) } else { Err(Error::Invalid(Invalid::one("/schoolId", "unknown_school", "There is no such school in this district."))) }
}

/// How many, for an answer.
pub(crate) fn count(items: usize) -> i32 {
    i32::try_from(items).unwrap_or(i32::MAX)
}

/// Reads, lists and confirms a relation that is kept in a table. The columns stand in the order of the view's members.
#[macro_export]
macro_rules! relation { (
    $view:ident ($id:ident, $new:ident, $patch:ident) in $table:ident of $person:ident { $($column:ident),* $(,)? }
    narrowed |$rows:ident, $filter:ident| $narrow:block
    impl { $($item:tt)* }
) => {
    $crate::kept! {
        $view ($id, $new, $patch) in $table { $($column),* }
        by { student_id, $person }
        narrowed |$rows, $filter| {
            match $filter.confirmed {
                Some(true) => $rows = $rows.filter(dsl::confirmed_at.is_not_null()),
                Some(false) => $rows = $rows.filter(dsl::confirmed_at.is_null()),
                None => {}
            }
            $narrow
        }
        impl {
            const CONFIRMED: bool = true;
            fn student(&self) -> Option<openilp_domain::id::StudentId> {
                Some(self.student_id)
            }
            $($item)*
        }
    }

    /// Confirms those that are not confirmed yet, and returns them.
    async fn confirm_open(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, ids: Vec<uuid::Uuid>) -> $crate::error::Result<Vec<$view>> {
        let mut conn = tx.conn;
        let open = dsl::$table.filter(dsl::district_id.eq(tx.district)).filter(dsl::id.eq_any(ids)).filter(dsl::confirmed_at.is_null());
        let confirmed = diesel::update(open)
            .set((
                dsl::confirmed_at.eq(Some(tx.at)),
                // The command line and an operator are nobody in the district.
                dsl::confirmed_by.eq(granted.grant().caller().person()),
                dsl::version.eq(dsl::version + 1),
                dsl::updated_at.eq(tx.at),
            ))
            .returning(columns!())
            .get_results::<$view>(&mut conn)
            .await?;
        for record in &confirmed { $crate::kept::note(tx, openilp_domain::kind::Operation::Amended, record).await?; }
        Ok(confirmed)
    }

    /// Confirms one. Confirmed already, it stays as it is.
    pub async fn confirm(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, id: $id) -> $crate::error::Result<$view> {
        if let Some(confirmed) = confirm_open(tx, granted, vec![id.into()]).await?.pop() { return Ok(confirmed); }
        let mut conn = tx.conn;
        dsl::$table.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or($crate::error::Error::NotFound)
    }

    /// Confirms many.
    pub async fn confirm_many(
        tx: &$crate::door::Tx<'_>,
        granted: &$crate::grant::Granted<'_>,
        which: $crate::relation::Which,
    ) -> $crate::error::Result<openilp_domain::guardian_link::Confirmations> {
        use $crate::relation::{Which, count, expect_school};
        use $crate::schema::students;
        let mut conn = tx.conn;
        let all = dsl::$table.filter(dsl::district_id.eq(tx.district)).select((dsl::id, dsl::confirmed_at.is_null()));
        let (found, named) = match which {
            Which::Named(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                (all.filter(dsl::id.eq_any(&ids)).load::<(uuid::Uuid, bool)>(&mut conn).await?, Some(ids.len()))
            }
            Which::OfSchool(school) => {
                expect_school(tx, school).await?;
                let of_school = students::table.filter(students::district_id.eq(tx.district)).filter(students::school_id.eq(school)).select(students::id);
                (all.filter(dsl::student_id.eq_any(of_school)).load(&mut conn).await?, None)
            }
        };
        let known = found.len();
        let open = found.into_iter().filter_map(|(id, open)| open.then_some(id)).collect();
        let confirmed = confirm_open(tx, granted, open).await?.len();
        Ok(openilp_domain::guardian_link::Confirmations {
            confirmed: count(confirmed),
            unchanged: count(known - confirmed),
            unknown: count(named.map_or(0, |named| named - known)),
        })
    }

    /// Confirms the next of the district's that are not confirmed, at most so many. Returns how many there were: none when all are.
    pub async fn confirm_next(tx: &$crate::door::Tx<'_>, granted: &$crate::grant::Granted<'_>, most: i64) -> $crate::error::Result<usize> {
        let mut conn = tx.conn;
        let open = dsl::$table.filter(dsl::district_id.eq(tx.district)).filter(dsl::confirmed_at.is_null());
        let ids = open.order(dsl::id).limit(most).select(dsl::id).load::<uuid::Uuid>(&mut conn).await?;
        Ok(confirm_open(tx, granted, ids).await?.len())
    }
} }
