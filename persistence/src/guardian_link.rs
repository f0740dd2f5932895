//! Guardian links.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Section;
use openilp_domain::guardian_link::{GuardianLink, GuardianLinkPatch, NewGuardianLink};
use openilp_domain::id::GuardianLinkId;
use openilp_domain::kind::Operation;
use openilp_domain::text::ShortText;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::kept::note;
use crate::schema::guardian_links::dsl;

crate::relation! {
    GuardianLink (GuardianLinkId, NewGuardianLink, GuardianLinkPatch) in guardian_links of guardian_id {
        id, student_id, guardian_id, rights, valid_from, source, differs, version, created_at, updated_at, order_reference, confirmed_at, confirmed_by,
        valid_to, relationship, evidence, claim_source, claimed_rights, claimed_evidence, claimed_reference, claimed_valid_from, claimed_valid_to,
        claim_ended_on, dependent_until, dependent_reference
    }
    narrowed |rows, filter| {
        if let Some(differs) = filter.differs { rows = rows.filter(dsl::differs.eq(differs)); }
    }
    impl {
        const CLAIMED: bool = true;
        // Who stands to the student how, and with which rights.
        const SECTIONS: &'static str = "S1b,S14";
        fn section(&self) -> Section {
            Section::Privacy
        }
    }
}

/// Takes over what the source says now of those named, whether they are confirmed or not: rights, evidence and days, or that it is over.
/// Returns how many it changed.
pub async fn take_over(tx: &Tx<'_>, _: &Granted<'_>, ids: &[Uuid]) -> Result<usize> {
    let mut conn = tx.conn;
    let named = dsl::guardian_links.filter(dsl::district_id.eq(tx.district)).filter(dsl::id.eq_any(ids)).filter(dsl::differs);
    let found = named.select(columns!()).order(dsl::id).for_update().load::<GuardianLink>(&mut conn).await?;
    let taken = found.len();
    for link in found {
        let reference = link.claimed_reference.as_deref().map(ShortText::parse).transpose().map_err(Error::Internal)?;
        let said = match (link.claim_ended_on, link.claimed_rights) {
            (Some(day), _) => (link.rights, link.evidence, link.order_reference, link.valid_from, Some(day.max(link.valid_from))),
            (None, rights) => {
                let from = link.claimed_valid_from.unwrap_or(link.valid_from);
                let from = link.claimed_valid_to.map_or(from, |to| from.min(to));
                (rights.unwrap_or(link.rights), link.claimed_evidence, reference, from, link.claimed_valid_to)
            }
        };
        let (rights, evidence, reference, from, to) = said;
        let set = (
            dsl::rights.eq(rights),
            dsl::evidence.eq(evidence),
            dsl::order_reference.eq(reference),
            dsl::valid_from.eq(from),
            dsl::valid_to.eq(to),
            dsl::version.eq(link.version + 1),
            dsl::updated_at.eq(tx.at),
        );
        let amended = diesel::update(dsl::guardian_links.find((tx.district, link.id))).set(set).returning(columns!());
        note(tx, Operation::Amended, &amended.get_result::<GuardianLink>(&mut conn).await?).await?;
    }
    Ok(taken)
}

/// Makes one, confirmed.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewGuardianLink) -> Result<GuardianLink> {
    let mut conn = tx.conn;
    let created = diesel::insert_into(dsl::guardian_links)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(new.student_id),
            dsl::guardian_id.eq(new.guardian_id),
            dsl::rights.eq(new.rights),
            dsl::order_reference.eq(new.order_reference),
            dsl::confirmed_at.eq(Some(tx.at)),
            dsl::confirmed_by.eq(granted.grant().caller().person()),
            dsl::valid_from.eq(granted.grant().first_day(new.valid_from, new.valid_to)?),
            dsl::valid_to.eq(new.valid_to),
            dsl::source.eq(granted.relation().word()),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<GuardianLink>(&mut conn)
        .await?;
    note(tx, Operation::Created, &created).await?;
    Ok(created)
}

/// Changes rights, order or end, if it still has the version that the caller saw.
///
/// From then on the link is the custodian's word, so that no load changes it, confirmed or not.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: GuardianLinkId, version: i32, patch: GuardianLinkPatch) -> Result<GuardianLink> {
    let before = current(tx, id, version).await?;
    let faults = before.check(&patch);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut conn = tx.conn;
    let amended = diesel::update(dsl::guardian_links.find((tx.district, id)))
        .set((
            patch.rights.map(|value| dsl::rights.eq(value)),
            patch.order_reference.into_column().map(|value| dsl::order_reference.eq(value)),
            patch.valid_to.into_column().map(|value| dsl::valid_to.eq(value)),
            patch.dependent_until.into_column().map(|value| dsl::dependent_until.eq(value)),
            patch.dependent_reference.into_column().map(|value| dsl::dependent_reference.eq(value)),
            dsl::source.eq(granted.relation().word()),
            dsl::version.eq(version + 1),
            dsl::updated_at.eq(tx.at),
        ))
        .returning(columns!())
        .get_result::<GuardianLink>(&mut conn)
        .await?;
    note(tx, Operation::Amended, &amended).await?;
    Ok(amended)
}
