//! Applications through which the district's people come, and what people may do at most who come through one.

use chrono::NaiveDate;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::{Ceiling, DistrictAction, Section, Sections};
use openilp_domain::front_end::{self as domain, Approval, FrontEnd, FrontEndPatch, NewFrontEnd, NotApproved};
use openilp_domain::id::FrontEndId;
use openilp_domain::principal::{Principal, Through};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::facts::{District, parse};
use crate::schema::front_ends::dsl;
use crate::statement;

crate::kept! {
    FrontEnd (FrontEndId, NewFrontEnd, FrontEndPatch) in front_ends {
        id, name, issuer, client_id, sections, may_write, for_offices, valid_from, version, created_at, updated_at, valid_to
    }
    by {}
    narrowed |rows, _filter| {}
    impl {
        // The custodian comes through one too: an operator approves the first.
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::Operate, DistrictAction::ManageRelations];
    }
}

crate::kept_rows! {
    FrontEnd (FrontEndId, NewFrontEnd, FrontEndPatch) in front_ends
    create |granted, new| {
        name: new.name,
        issuer: new.issuer,
        client_id: new.client_id,
        sections: new.sections,
        may_write: new.may_write,
        for_offices: new.for_offices,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { name, sections, may_write, for_offices, valid_to }
}

/// The columns of an approval, where there is one.
pub(crate) type ApprovalSql = (Nullable<Array<Text>>, Nullable<Bool>, Nullable<Bool>, Nullable<Date>, Nullable<Date>);

/// What the district approved an application for: the sections, writing, offices, from and to which day.
pub(crate) type ApprovalRow = (Option<Vec<String>>, Option<bool>, Option<bool>, Option<NaiveDate>, Option<NaiveDate>);

statement! {
    /// The approval of an application.
    Approved { district: SqlUuid = Uuid, issuer: Text = String, client: Text = String }
    -> (Nullable<Array<Text>>, Nullable<Bool>, Nullable<Bool>, Nullable<Date>, Nullable<Date>)
    "select sections, may_write, for_offices, valid_from, valid_to from front_ends where district_id = $1 and issuer = $2 and client_id = $3"
}

/// What whoever comes through the application may do at most.
pub(crate) fn ceiling(through: &Through, row: ApprovalRow, today: NaiveDate) -> Result<Option<Ceiling>> {
    let approval = match row {
        (Some(sections), Some(writes), Some(offices), Some(valid_from), valid_to) => {
            let sections = sections.iter().map(|word| parse::<Section>(word)).collect::<Result<Sections>>()?;
            Some(Approval { ceiling: Ceiling { sections, writes, offices }, valid_from, valid_to })
        }
        _ => None,
    };
    domain::ceiling(through, approval, today).map_err(|NotApproved| Error::FrontEndNotApproved)
}

/// The same, where nothing else is looked up with it.
pub(crate) async fn ceiling_of(mut conn: &AsyncPgConnection, principal: &Principal, district: &District) -> Result<Option<Ceiling>> {
    use diesel::OptionalExtension;
    let Principal::Person { issuer, through, .. } = principal else { return Ok(None) };
    let row = match through.client_id() {
        Some(client) => {
            let asked = Approved { district: district.id.0, issuer: issuer.clone(), client: client.to_owned() };
            asked.get_result::<ApprovalRow>(&mut conn).await.optional()?.unwrap_or_default()
        }
        None => ApprovalRow::default(),
    };
    ceiling(through, row, district.today)
}
