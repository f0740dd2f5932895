//! What a custodian does with roster loads: lets a held one go on, tries one again, takes one back.

use openilp_domain::roster::{RosterImport, RosterRelease};
use openilp_persistence::roster;

use crate::answer::{Accepted, Outcome, accepted};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::guard::{ManageImports, May};
use crate::roster::AtImport;
use crate::routes::{About, Routes};

type Custodian = May<ManageImports>;

fn waiting(import: &RosterImport) -> openilp_persistence::Reply {
    accepted(format!("/v1/roster-imports/{}", import.id), import)
}

async fn release(
    may: Custodian,
    AtImport(id): AtImport,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<RosterRelease>,
) -> Outcome<Accepted<RosterImport>> {
    let Body { value, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| Ok(waiting(&roster::release(tx, Some(granted), id, value.bundle_hash.as_str()).await?)))
        .await?;
    may.call().state.imports.notify_one();
    Ok(reply.into())
}

async fn retry(may: Custodian, AtImport(id): AtImport, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Accepted<RosterImport>> {
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(waiting(&roster::retry(tx, Some(granted), id).await?))).await?;
    may.call().state.imports.notify_one();
    Ok(reply.into())
}

async fn take_back(may: Custodian, AtImport(id): AtImport, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Accepted<RosterImport>> {
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let request_id = Some(may.call().request.request_id.clone());
    let reply =
        may.write(Some(&key.with(hash)), async |tx, granted| Ok(waiting(&roster::take_back(tx, Some(granted), id, request_id).await?))).await?;
    may.call().state.imports.notify_one();
    Ok(reply.into())
}

/// The routes of what people do with loads.
pub fn routes(r: &mut Routes) {
    r.tag("roster");
    r.post(
        "/v1/roster-imports/{rosterImportId}/release",
        release,
        About {
            id: "release_roster_import",
            summary: "Let a held load go on",
            text: "A load is held when it would end more than a tenth (and at least five) of a kind of record at a school, or when it is of a past school \
                   year; `report.hold` says which. Send the hash of the bundle that you have looked at. The first load of a new school year is \
                   usually held, because a whole grade leaves.",
        },
    );
    r.post(
        "/v1/roster-imports/{rosterImportId}/retry",
        retry,
        About {
            id: "retry_roster_import",
            summary: "Try a load again that failed or was refused",
            text: "Not once a later load of its source was applied.",
        },
    );
    r.post(
        "/v1/roster-imports/{rosterImportId}/rollback",
        take_back,
        About {
            id: "roll_back_roster_import",
            summary: "Take a load back",
            text: "The newest load of a source that stands: what it created goes, what it changed becomes what it was. That is a load of its own, with its own \
                   address and history. It is refused, with the reason, when others have changed what the load wrote or have built on it, or when it is no \
                   longer kept what it changed (the last ten loads are).",
        },
    );
}
