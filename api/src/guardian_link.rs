//! Guardian links, as the district's custodian keeps them.

use openilp_domain::guardian_link::{Confirmations, GuardianLink, GuardianLinkConfirmations};
use openilp_domain::id::GuardianLinkId;
use openilp_persistence::guardian_link;
use openilp_persistence::relation::Which;
use uuid::Uuid;

use crate::answer::{Amended, Done, Outcome, amended, done};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::guard::PathId;
use crate::kept::{Custodian, One, Said};
use crate::plain::Viewed;
use crate::routes::{About, Routes};

async fn confirm(may: Custodian, path: PathId<One<GuardianLink>>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<GuardianLink>>> {
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
    r.kept::<GuardianLink>(Said {
        list: (
            "List the guardian links of your district",
            "With `confirmed=false`: those that wait for you. A link from the roster grants nothing until it is confirmed. With `differs=true`: those of which \
             the source says something else now, or nothing any more; a confirmed link is never changed by a roster.",
        ),
        read: ("Read a guardian link", ""),
        create: ("Link a guardian to a student", "The link is confirmed at once."),
        amend: (
            "Change the rights or the end of a guardian link",
            "Rights are taken away by a court order or similar binding document only (34 CFR 99.4): say where it is kept. \
             `validTo` is the day on which the link has ended. Either is in force for every later read.",
        ),
    });
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
