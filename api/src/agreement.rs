//! Agreements of a district with state clients, as operators enter them.

use openilp_domain::agreement::{Agreement, AgreementPatch, NewAgreement};
use openilp_domain::id::AgreementId;
use openilp_persistence::agreement;

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Query};
use crate::guard::{May, OneAgreement, Operate, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::routes::{About, Routes};

async fn list(may: May<Operate>, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<Agreement>>> {
    let page = page_of(may.call(), &params).await?;
    let found = may.read(async |tx, grant| Ok((agreement::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: May<Operate>, path: PathId<OneAgreement>, _: Query<NoParams>) -> Outcome<Found<Viewed<Agreement>>> {
    let found = may.read(async |tx, grant| Ok((agreement::read(tx, grant, AgreementId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create(may: May<Operate>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewAgreement>) -> Outcome<Created<Viewed<Agreement>>> {
    let Body { value: new, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = agreement::create(tx, granted, new).await?;
            Ok(created(made.version, format!("/v1/districts/{}/agreements/{}", tx.district, made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn amend(
    may: May<Operate>,
    path: PathId<OneAgreement>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<AgreementPatch>,
) -> Outcome<Amended<Viewed<Agreement>>> {
    let reply = may
        .write(None, async |tx, granted| {
            let changed = agreement::amend(tx, granted, AgreementId(path.id), version, patch).await?;
            Ok(amended(changed.version, &changed))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of agreements.
pub fn routes(r: &mut Routes) {
    r.tag("operator");
    r.get(
        "/v1/districts/{districtId}/agreements",
        list,
        About { id: "list_agreements", summary: "List the agreements of a district with state clients", text: "" },
    );
    r.post(
        "/v1/districts/{districtId}/agreements",
        create,
        About {
            id: "create_agreement",
            summary: "Enter an agreement with a state client",
            text: "Without one the client reads nothing of the district (34 CFR 99.35).",
        },
    );
    r.get("/v1/districts/{districtId}/agreements/{agreementId}", read, About { id: "read_agreement", summary: "Read an agreement", text: "" });
    r.patch(
        "/v1/districts/{districtId}/agreements/{agreementId}",
        amend,
        About {
            id: "amend_agreement",
            summary: "Change the end of an agreement, or the day of destruction",
            text: "A day in the past ends it at once.",
        },
    );
}
