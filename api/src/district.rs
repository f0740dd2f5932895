//! Districts, as operators set them up.

use openilp_domain::district::{District, DistrictPatch, NewDistrict};
use openilp_persistence::district;

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Query};
use crate::guard::{May, Operate, OperateDeployment};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::routes::{About, Routes};

async fn list(may: May<OperateDeployment>, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<District>>> {
    let page = page_of(may.call(), &params).await?;
    let found = may.read(async |tx, grant| Ok((district::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn create(may: May<OperateDeployment>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewDistrict>) -> Outcome<Created<Viewed<District>>> {
    let Body { value: new, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = district::create(tx, granted, new).await?;
            Ok(created(made.version, format!("/v1/districts/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn read(may: May<Operate>, _: Query<NoParams>) -> Outcome<Found<Viewed<District>>> {
    let found = may.read(async |tx, grant| Ok((district::read(tx, grant).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn amend(
    may: May<Operate>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<DistrictPatch>,
) -> Outcome<Amended<Viewed<District>>> {
    let reply = may
        .write(None, async |tx, granted| {
            let changed = district::amend(tx, granted, version, patch).await?;
            Ok(amended(changed.version, &changed))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of districts.
pub fn routes(r: &mut Routes) {
    r.tag("operator");
    r.get("/v1/districts", list, About { id: "list_districts", summary: "List all districts", text: "" });
    r.post(
        "/v1/districts",
        create,
        About {
            id: "create_district",
            summary: "Set up a district",
            text: "Next: register its issuer, a client for its student information system, its agreement with the state; \
               after the first roster link a login to its records custodian and appoint them.",
        },
    );
    r.get("/v1/districts/{districtId}", read, About { id: "read_district", summary: "Read a district", text: "" });
    r.patch(
        "/v1/districts/{districtId}",
        amend,
        About {
            id: "amend_district",
            summary: "Change a district",
            text: "Adopting another requirement profile adopts its access switches, for every later read.",
        },
    );
}
