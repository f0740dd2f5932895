//! The schools of a district and their classes, as far as the roster still has them.

use diesel::dsl::exists;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, select};
use diesel_async::RunQueryDsl;
use openilp_domain::id::{ClassId, SchoolId};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::school::{Class, School};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Grant;
use crate::schema::{classes, enrollments, schools};

/// A page of the district's schools.
pub async fn list(tx: &Tx<'_>, page: PageOf) -> Result<Page<School>> {
    use schools::dsl;
    let mut conn = tx.conn;
    let rows = dsl::schools.filter(dsl::district_id.eq(tx.district)).filter(dsl::active).filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())));
    let rows = rows.order(dsl::id).limit(page.limit.and_one()).select((dsl::id, dsl::name, dsl::identifier));
    Ok(Page::cut(rows.load(&mut conn).await?, page.limit, |school: &School| school.id.into()))
}

/// Which classes a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassFilter {
    /// Only those of this school.
    pub school_id: Option<SchoolId>,
    /// Only those that the caller teaches today.
    pub taught: bool,
}

/// A page of the district's classes.
pub async fn classes(tx: &Tx<'_>, grant: &Grant, filter: ClassFilter, page: PageOf) -> Result<Page<Class>> {
    use classes::dsl;
    use enrollments::dsl as enrolled;
    let mut conn = tx.conn;
    let rows = dsl::classes.filter(dsl::district_id.eq(tx.district)).filter(dsl::active).filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())));
    let mut rows =
        rows.order(dsl::id).limit(page.limit.and_one()).select((dsl::id, dsl::school_id, dsl::title, dsl::kind, dsl::class_code)).into_boxed();
    if let Some(school) = filter.school_id {
        rows = rows.filter(dsl::school_id.eq(school));
    }
    if filter.taught {
        let today = grant.district().today;
        let taught = enrollments::table
            .filter(enrolled::district_id.eq(tx.district))
            .filter(enrolled::person_id.eq(grant.person()?))
            .filter(enrolled::role.eq("teacher"))
            .filter(enrolled::active)
            .filter(enrolled::begins_on.is_null().or(enrolled::begins_on.le(today)))
            .filter(enrolled::ends_on.is_null().or(enrolled::ends_on.ge(today)));
        let taught: Vec<Uuid> = taught.select(enrolled::class_id).load(&mut conn).await?;
        rows = rows.filter(dsl::id.eq_any(taught));
    }
    Ok(Page::cut(rows.load(&mut conn).await?, page.limit, |class: &Class| class.id.into()))
}

/// Refuses what names a school that is not there.
pub(crate) async fn expect(tx: &Tx<'_>, id: SchoolId) -> Result<()> {
    let mut conn = tx.conn;
    let there: bool = select(exists(schools::table.find((tx.district, id)))).get_result(&mut conn).await?;
    if there { Ok(()) } else { Err(Error::Conflict { code: "school_unknown", detail: "There is no such school in this district." }) }
}

/// Refuses what names a class that is not there.
pub(crate) async fn expect_class(tx: &Tx<'_>, id: ClassId) -> Result<()> {
    let mut conn = tx.conn;
    let there: bool = select(exists(classes::table.find((tx.district, id)))).get_result(&mut conn).await?;
    if there { Ok(()) } else { Err(Error::Conflict { code: "class_unknown", detail: "There is no such class in this district." }) }
}
