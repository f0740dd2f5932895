//! Issuers of people's tokens, as operators register them.

use openilp_domain::id::IssuerId;
use openilp_domain::issuer::{Issuer, NewIssuer};
use openilp_persistence::issuer;

use crate::answer::{Created, Found, Listed, Outcome, Removed, created, removed};
use crate::auth::check_keys;
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Query, fault};
use crate::guard::{May, OneIssuer, Operate, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::routes::{About, Routes};

async fn list(may: May<Operate>, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<Issuer>>> {
    let page = page_of(may.call(), &params).await?;
    let found = may.read(async |tx, grant| Ok((issuer::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: May<Operate>, path: PathId<OneIssuer>, _: Query<NoParams>) -> Outcome<Found<Viewed<Issuer>>> {
    let found = may.read(async |tx, grant| Ok((issuer::read(tx, grant, IssuerId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create(may: May<Operate>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewIssuer>) -> Outcome<Created<Viewed<Issuer>>> {
    let Body { value: new, hash } = body;
    check_keys(&new.keys).map_err(|detail| fault("/keys", "bad_keys", detail))?;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = issuer::create(tx, granted, new).await?;
            Ok(created(made.version, format!("/v1/districts/{}/issuers/{}", tx.district, made.id), &made))
        })
        .await?;
    may.call().state.auth.forget_issuers();
    Ok(reply.into())
}

async fn remove(may: May<Operate>, path: PathId<OneIssuer>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    may.write(None, async |tx, granted| {
        issuer::remove(tx, granted, IssuerId(path.id), version).await?;
        Ok(removed())
    })
    .await?;
    may.call().state.auth.forget_issuers();
    Ok(Removed)
}

/// The routes of issuers.
pub fn routes(r: &mut Routes) {
    r.tag("operator");
    r.get(
        "/v1/districts/{districtId}/issuers",
        list,
        About { id: "list_issuers", summary: "List the issuers of people's tokens of a district", text: "" },
    );
    r.post(
        "/v1/districts/{districtId}/issuers",
        create,
        About {
            id: "create_issuer",
            summary: "Register an issuer of people's tokens",
            text: "Its access tokens are accepted for people of this district, as far as their logins are linked.",
        },
    );
    r.get("/v1/districts/{districtId}/issuers/{issuerId}", read, About { id: "read_issuer", summary: "Read an issuer", text: "" });
    r.delete(
        "/v1/districts/{districtId}/issuers/{issuerId}",
        remove,
        About { id: "remove_issuer", summary: "Remove an issuer", text: "Its tokens are refused within seconds." },
    );
}
