//! That students hold the rights before 18. In force for the next decision, which reads it with the student.

use diesel::ExpressionMethods;
use diesel::QueryDsl;
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, AdultPeriod, Item, RightsStanding, Section, rights_standing};
use openilp_domain::adult_status::{AdultStatus, AdultStatusPatch, NewAdultStatus};
use openilp_domain::id::{AdultStatusId, StudentId};
use openilp_domain::kind::Operation;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::parse;
use crate::grant::{Grant, Granted};
use crate::kept::note;
use crate::schema::adult_statuses::dsl;

crate::kept! {
    AdultStatus (AdultStatusId, NewAdultStatus, AdultStatusPatch) in adult_statuses {
        id, student_id, basis, document_reference, valid_from, version, created_at, updated_at, valid_to, created_by
    }
    by { student_id }
    narrowed |rows, filter| {}
    impl {
        const SECTIONS: &'static str = "S14";
        fn student(&self) -> Option<StudentId> {
            Some(self.student_id)
        }
        fn section(&self) -> Section {
            Section::Privacy
        }
    }
}

/// Makes one.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewAdultStatus) -> Result<AdultStatus> {
    let district = granted.grant().district();
    new.check(district.profile).or(()).map_err(Error::Invalid)?;
    let mut conn = tx.conn;
    let row = (
        dsl::district_id.eq(tx.district),
        dsl::id.eq(tx.id()),
        dsl::student_id.eq(new.student_id),
        dsl::basis.eq(new.basis),
        dsl::document_reference.eq(new.document_reference),
        dsl::valid_from.eq(granted.grant().first_day(new.valid_from, new.valid_to)?),
        dsl::valid_to.eq(new.valid_to),
        dsl::created_by.eq(granted.grant().caller().person()),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
    );
    let created = diesel::insert_into(dsl::adult_statuses).values(row).returning(columns!()).get_result::<AdultStatus>(&mut conn).await?;
    note(tx, Operation::Created, &created).await?;
    Ok(created)
}

/// Changes one, if it still has the version that the caller saw.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: AdultStatusId, version: i32, patch: AdultStatusPatch) -> Result<AdultStatus> {
    current(tx, id, version).await?.check(&patch, granted.grant().district().profile).or(()).map_err(Error::Invalid)?;
    let mut conn = tx.conn;
    let set = (
        patch.basis.map(|value| dsl::basis.eq(value)),
        patch.document_reference.map(|value| dsl::document_reference.eq(value)),
        patch.valid_from.map(|value| dsl::valid_from.eq(value)),
        patch.valid_to.into_column().map(|value| dsl::valid_to.eq(value)),
        dsl::version.eq(version + 1),
        dsl::updated_at.eq(tx.at),
    );
    let row = diesel::update(dsl::adult_statuses.find((tx.district, id))).set(set).returning(columns!());
    let amended = row.get_result::<AdultStatus>(&mut conn).await?;
    note(tx, Operation::Amended, &amended).await?;
    Ok(amended)
}

/// A period as the statements of facts give it: basis, first day and, if it ends, the day on which it has, as one text.
pub(crate) fn period(text: &str) -> Result<AdultPeriod> {
    let mut words = text.split(' ');
    let mut next = || words.next().unwrap_or_default();
    let (basis, from) = (parse(next())?, parse(next())?);
    Ok(AdultPeriod { basis, from, to: words.next().map(parse).transpose()? })
}

/// Who holds the rights over the file of the student that was asked for, and when that changes.
pub fn standing(grant: &Grant) -> Result<RightsStanding> {
    grant.relation_for(Action::Read, Section::Privacy, &Item::default()).ok_or(Error::Forbidden)?;
    Ok(rights_standing(grant.student()?, grant.district().today))
}
