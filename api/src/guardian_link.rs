//! Guardian links, as the district's custodian keeps them.

use openilp_domain::access::Section;
use openilp_domain::guardian_link::{Confirmations, GuardianLink, GuardianLinkConfirmations, GuardianLinkPatch, NewGuardianLink};
use openilp_domain::id::GuardianLinkId;
use openilp_persistence::guardian_link;
use openilp_persistence::relation::Which;
use uuid::Uuid;

use crate::answer::{Amended, Created, Done, Found, Listed, Outcome, amended, created, done};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, Query};
use crate::guard::{ManageRelations, May, OneGuardianLink, PathId};
use crate::plain::{Related, RelationParams, Viewed, listed, page_of, seen};
use crate::routes::{About, Routes};

type Custodian = May<ManageRelations>;

/// The names of its parameters.
struct Links;
impl Related for Links {
    const PERSON: &'static str = "guardianId";
    const CLAIMED: bool = true;
}

/// What an answer with links shows: who stands to the student how (S1b), and with which rights (S14).
fn sections() -> String {
    format!("{},{}", Section::Contacts.code(), Section::Privacy.code())
}

async fn list(may: Custodian, Query(params): Query<RelationParams<Links>>) -> Outcome<Listed<Viewed<GuardianLink>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .read(async |tx, grant| {
            let found = guardian_link::list(tx, grant, params.filter, page).await?;
            let seen = seen(found.items.iter().map(|link| link.student_id), &sections());
            Ok((found, seen))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OneGuardianLink>, _: Query<NoParams>) -> Outcome<Found<Viewed<GuardianLink>>> {
    let id = GuardianLinkId(path.id);
    let link = may
        .read(async |tx, grant| {
            let link = guardian_link::read(tx, grant, id).await?;
            let seen = seen([link.student_id], &sections());
            Ok((link, seen))
        })
        .await?;
    Ok(Found { version: link.version, shown: Viewed(link) })
}

async fn create(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewGuardianLink>) -> Outcome<Created<Viewed<GuardianLink>>> {
    let Body { value: new, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let link = guardian_link::create(tx, granted, new).await?;
            Ok(created(link.version, format!("/v1/guardian-links/{}", link.id), &link))
        })
        .await?;
    Ok(reply.into())
}

async fn amend(
    may: Custodian,
    path: PathId<OneGuardianLink>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<GuardianLinkPatch>,
) -> Outcome<Amended<Viewed<GuardianLink>>> {
    let id = GuardianLinkId(path.id);
    let reply = may
        .write(None, async |tx, granted| {
            let link = guardian_link::amend(tx, granted, id, version, patch).await?;
            Ok(amended(link.version, &link))
        })
        .await?;
    Ok(reply.into())
}

async fn confirm(may: Custodian, path: PathId<OneGuardianLink>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<GuardianLink>>> {
    let id = GuardianLinkId(path.id);
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let link = guardian_link::confirm(tx, granted, id).await?;
            Ok(amended(link.version, &link))
        })
        .await?;
    Ok(reply.into())
}

async fn confirm_many(
    may: Custodian,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<GuardianLinkConfirmations>,
) -> Outcome<Done<Viewed<Confirmations>>> {
    let Body { value: GuardianLinkConfirmations { guardian_link_ids, school_id, as_claimed }, hash } = body;
    let which = match school_id {
        Some(school) => Which::OfSchool(school),
        None => Which::Named(guardian_link_ids.unwrap_or_default().into_iter().map(Uuid::from).collect()),
    };
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            if let (true, Which::Named(ids)) = (as_claimed, &which) {
                guardian_link::take_over(tx, granted, ids).await?;
            }
            Ok(done(&guardian_link::confirm_many(tx, granted, which).await?))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of guardian links.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get(
        "/v1/guardian-links",
        list,
        About {
            id: "list_guardian_links",
            summary: "List the guardian links of your district",
            text: "With `confirmed=false`: those that wait for you. A link from the roster grants nothing until it is confirmed. With `differs=true`: those of which \
                   the source says something else now, or nothing any more; a confirmed link is never changed by a roster.",
        },
    );
    r.post(
        "/v1/guardian-links",
        create,
        About { id: "create_guardian_link", summary: "Link a guardian to a student", text: "The link is confirmed at once." },
    );
    r.get("/v1/guardian-links/{guardianLinkId}", read, About { id: "read_guardian_link", summary: "Read a guardian link", text: "" });
    r.patch(
        "/v1/guardian-links/{guardianLinkId}",
        amend,
        About {
            id: "amend_guardian_link",
            summary: "Change the rights or the end of a guardian link",
            text: "Rights are taken away by a court order or similar binding document only (34 CFR 99.4): say where it is kept. \
               `validTo` is the day on which the link has ended. Either is in force for every later read.",
        },
    );
    r.post(
        "/v1/guardian-links/{guardianLinkId}/confirmation",
        confirm,
        About { id: "confirm_guardian_link", summary: "Confirm a guardian link", text: "One that is confirmed already stays as it is." },
    );
    r.post(
        "/v1/guardian-links/confirmations",
        confirm_many,
        About {
            id: "confirm_guardian_links",
            summary: "Confirm many guardian links",
            text: "Those named, or all unconfirmed ones of a school's students. Ids that name nothing in the district are counted, not refused. \
                   With `asClaimed`, rights, evidence and days of the links named are taken over as the source gives them now, \
                   of confirmed ones too.",
        },
    );
}
