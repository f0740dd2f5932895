//! What students ask about sections of their file. In force for the next decision, which reads them with the student.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Section;
use openilp_domain::id::PrivacyPreferenceId;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::privacy_preference::{NewPrivacyPreference, PrivacyPreference};

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted, Withheld};
use crate::journal::Change;
use crate::schema::privacy_preferences::dsl;

macro_rules! columns {
    () => {
        (dsl::id, dsl::student_id, dsl::section, dsl::relation, dsl::choice, dsl::created_by, dsl::version, dsl::created_at, dsl::updated_at)
    };
}

fn note(tx: &Tx<'_>, operation: Operation, preference: &PrivacyPreference) -> Result<()> {
    let change = Change::of(Kind::PrivacyPreference, preference.id, preference.version, operation, preference)?;
    tx.note(change.about(preference.student_id, Section::Privacy));
    Ok(())
}

/// Reads one; it stays withheld until a grant opens it.
pub async fn read(tx: &Tx<'_>, id: PrivacyPreferenceId) -> Result<Option<Withheld<PrivacyPreference>>> {
    let mut conn = tx.conn;
    let row = dsl::privacy_preferences.find((tx.district, id)).select(columns!());
    Ok(row.first::<PrivacyPreference>(&mut conn).await.optional()?.map(Withheld::new))
}

/// A page of a student's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<PrivacyPreference>> {
    let student = grant.located()?.student_id;
    crate::record::filled_with(
        grant,
        page,
        |preference: &PrivacyPreference| preference.id.into(),
        async |after, limit| {
            let mut conn = tx.conn;
            let rows = dsl::privacy_preferences.filter(dsl::district_id.eq(tx.district)).filter(dsl::student_id.eq(student));
            Ok(rows.filter(dsl::id.gt(after)).order(dsl::id).limit(limit).select(columns!()).load::<PrivacyPreference>(&mut conn).await?)
        },
    )
    .await
}

/// Keeps what the student asks. What is asked already stays as it is.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewPrivacyPreference) -> Result<PrivacyPreference> {
    let student = granted.own_student()?;
    let mut conn = tx.conn;
    let there = dsl::privacy_preferences.filter(dsl::district_id.eq(tx.district)).filter(dsl::student_id.eq(student));
    let there = there.filter(dsl::section.eq(new.section)).filter(dsl::relation.eq(new.relation)).filter(dsl::choice.eq(new.choice));
    if let Some(there) = there.select(columns!()).first::<PrivacyPreference>(&mut conn).await.optional()? {
        return Ok(there);
    }
    let row = (
        dsl::district_id.eq(tx.district),
        dsl::id.eq(tx.id()),
        dsl::student_id.eq(student),
        dsl::section.eq(new.section),
        dsl::relation.eq(new.relation),
        dsl::choice.eq(new.choice),
        dsl::created_by.eq(granted.person()?),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
    );
    let created = diesel::insert_into(dsl::privacy_preferences).values(row).returning(columns!());
    let created = created.get_result::<PrivacyPreference>(&mut conn).await?;
    note(tx, Operation::Created, &created)?;
    Ok(created)
}

/// Takes one back: from then on the policy alone decides.
pub async fn remove(tx: &Tx<'_>, granted: &Granted<'_>, version: i32) -> Result<()> {
    granted.own_student()?;
    let mut conn = tx.conn;
    let row = dsl::privacy_preferences.find((tx.district, PrivacyPreferenceId(granted.located()?.id))).filter(dsl::version.eq(version));
    let removed = diesel::delete(row).returning(columns!()).get_result::<PrivacyPreference>(&mut conn).await.optional()?;
    note(tx, Operation::Removed, &removed.ok_or(Error::Stale)?)
}
