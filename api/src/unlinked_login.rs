//! Logins with a valid token that are nobody's, for the custodian to look through.

use openilp_domain::id::UnlinkedLoginId;
use openilp_domain::identity_link::IdentityLink;
use openilp_domain::unlinked_login::{LoginResolution, UnlinkedLogin};
use openilp_persistence::unlinked_login;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{ManageRelations, May, OneUnlinkedLogin, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of, parse_bool};
use crate::routes::{About, Doc, Routes};

type Custodian = May<ManageRelations>;

/// Those that wait, or those that were dismissed, and the page.
struct LoginParams {
    page: PageParams,
    dismissed: bool,
}

impl Params for LoginParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { dismissed: pairs.optional("dismissed", parse_bool).unwrap_or(false), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let dismissed = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "dismissed", false, dismissed, "true: those that were dismissed; if not given, those that wait.", None);
        PageParams::describe(doc);
    }
}

async fn list(may: Custodian, Query(params): Query<LoginParams>) -> Outcome<Listed<Viewed<UnlinkedLogin>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may.read(async |tx, grant| Ok((unlinked_login::list(tx, grant, params.dismissed, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OneUnlinkedLogin>, _: Query<NoParams>) -> Outcome<Found<Viewed<UnlinkedLogin>>> {
    let found = may.read(async |tx, grant| Ok((unlinked_login::read(tx, grant, UnlinkedLoginId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn dismiss(may: Custodian, path: PathId<OneUnlinkedLogin>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<UnlinkedLogin>>> {
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let login = unlinked_login::dismiss(tx, granted, UnlinkedLoginId(path.id)).await?;
            Ok(amended(login.version, &login))
        })
        .await?;
    Ok(reply.into())
}

async fn link(
    may: Custodian,
    path: PathId<OneUnlinkedLogin>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<LoginResolution>,
) -> Outcome<Created<Viewed<IdentityLink>>> {
    let Body { value: resolution, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = unlinked_login::link(tx, granted, UnlinkedLoginId(path.id), resolution.person_id).await?;
            Ok(created(made.version, format!("/v1/identity-links/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of unlinked logins.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get(
        "/v1/unlinked-logins",
        list,
        About {
            id: "list_unlinked_logins",
            summary: "List the logins that nobody in your district goes by",
            text: "Logins that came with a valid token of an issuer that matches by a claim, and could not be matched. At most 1000 of an issuer wait.",
        },
    );
    r.get("/v1/unlinked-logins/{unlinkedLoginId}", read, About { id: "read_unlinked_login", summary: "Read a login that nobody goes by", text: "" });
    r.post(
        "/v1/unlinked-logins/{unlinkedLoginId}/link",
        link,
        About { id: "link_unlinked_login", summary: "Say whose login it is", text: "It leaves the list with that." },
    );
    r.post(
        "/v1/unlinked-logins/{unlinkedLoginId}/dismissal",
        dismiss,
        About { id: "dismiss_unlinked_login", summary: "Say that it is nobody's", text: "It is not matched again by itself; you may still link it." },
    );
}
