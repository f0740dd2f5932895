//! Links of logins to people: by operators for the district in the path, by the custodian for their own.

use openilp_domain::id::{IdentityLinkId, PersonId};
use openilp_domain::identity_link::{IdentityLink, IdentityLinksMade, LoginOutcome, NewIdentityLink, NewIdentityLinks, NewLogins};
use openilp_persistence::identity_link;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Created, Done, Found, Listed, Outcome, Removed, created, derived_shape, done, removed};
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{DistrictDeed, ManageRelations, May, OneIdentityLink, Operate, PathId};
use crate::plain::{Viewed, describe_id, listed, nothing_seen, page_of, parse_id};
use crate::routes::{About, Doc, Routes};

/// What came of each login of a list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoginsLinked {
    /// One for each login, in their order.
    results: Vec<LoginResult>,
}

/// What came of one login.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoginResult {
    /// Its place in the list, from 1.
    line: usize,
    /// What came of it.
    #[schema(schema_with = outcome)]
    outcome: LoginOutcome,
    /// The person that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    person_id: Option<uuid::Uuid>,
}

/// The vocabulary, where it stands.
fn outcome() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    <LoginOutcome as utoipa::PartialSchema>::schema()
}

derived_shape!(
    LoginsLinked,
    json!({ "results": [{ "line": 1, "outcome": "created", "personId": openilp_domain::wire_example_id() }, { "line": 2, "outcome": "unknownPerson" }] })
);

/// Whose links, and the page.
struct LinkParams {
    page: PageParams,
    person_id: Option<PersonId>,
}

impl Params for LinkParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { person_id: pairs.optional("personId", parse_id), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        describe_id(doc, "personId", "Only those of this person.");
        PageParams::describe(doc);
    }
}

async fn list<D: DistrictDeed>(may: May<D>, Query(params): Query<LinkParams>) -> Outcome<Listed<Viewed<IdentityLink>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may.read(async |tx, grant| Ok((identity_link::list(tx, grant, params.person_id, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read<D: DistrictDeed>(may: May<D>, path: PathId<OneIdentityLink>, _: Query<NoParams>) -> Outcome<Found<Viewed<IdentityLink>>> {
    let found = may.read(async |tx, grant| Ok((identity_link::read(tx, grant, IdentityLinkId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create<D: DistrictDeed>(
    may: May<D>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewIdentityLink>,
) -> Outcome<Created<Viewed<IdentityLink>>> {
    let Body { value: new, hash } = body;
    let beneath = may.call().path.clone();
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = identity_link::create(tx, granted, new).await?;
            Ok(created(made.version, format!("{beneath}/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn create_many<D: DistrictDeed>(
    may: May<D>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewIdentityLinks>,
) -> Outcome<Done<Viewed<IdentityLinksMade>>> {
    let Body { value: new, hash } = body;
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(done(&identity_link::create_many(tx, granted, new).await?))).await?;
    Ok(reply.into())
}

async fn link_each<D: DistrictDeed>(may: May<D>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewLogins>) -> Outcome<Done<LoginsLinked>> {
    let Body { value: NewLogins { logins, dry_run }, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let lines = identity_link::link_each(tx, granted, logins, dry_run).await?;
            let result = |(number, (outcome, person)): (usize, identity_link::Line)| LoginResult {
                line: number + 1,
                outcome,
                person_id: person.map(|id| id.0),
            };
            Ok(done(&LoginsLinked { results: lines.into_iter().enumerate().map(result).collect() }))
        })
        .await?;
    Ok(reply.into())
}

async fn remove<D: DistrictDeed>(may: May<D>, path: PathId<OneIdentityLink>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    may.write(None, async |tx, granted| {
        identity_link::remove(tx, granted, IdentityLinkId(path.id), version).await?;
        Ok(removed())
    })
    .await?;
    Ok(Removed)
}

const MANY: &str = "All or none: if one cannot be linked, every one that cannot is named. What is linked to the same person already stays.";
const EACH: &str = "By the person's id, or by what a roster's source, `localStudentId` or `stateStudentId` calls them. What cannot be linked keeps nothing else back: \
                    `results` says what came of each. With `dryRun` it says what would, and links nothing.";
const REMOVED: &str =
    "The login is nobody's from then on, whatever tokens it has. Where its issuer matches by a claim it is not matched again by itself.";

/// The routes of identity links.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get(
        "/v1/identity-links",
        list::<ManageRelations>,
        About { id: "list_identity_links", summary: "List the linked logins of your district", text: "" },
    );
    r.post(
        "/v1/identity-links",
        create::<ManageRelations>,
        About { id: "create_identity_link", summary: "Link a login to a person of your district", text: "" },
    );
    r.post(
        "/v1/identity-links/batch",
        create_many::<ManageRelations>,
        About { id: "create_identity_links", summary: "Link many logins to people of your district", text: MANY },
    );
    r.post(
        "/v1/identity-links/lines",
        link_each::<ManageRelations>,
        About { id: "link_logins", summary: "Link logins one by one, with a result for each", text: EACH },
    );
    r.get(
        "/v1/identity-links/{identityLinkId}",
        read::<ManageRelations>,
        About { id: "read_identity_link", summary: "Read the link of a login", text: "" },
    );
    r.delete(
        "/v1/identity-links/{identityLinkId}",
        remove::<ManageRelations>,
        About { id: "remove_identity_link", summary: "Remove the link of a login", text: REMOVED },
    );
    r.tag("operator");
    r.get(
        "/v1/districts/{districtId}/identity-links",
        list::<Operate>,
        About { id: "list_district_identity_links", summary: "List the linked logins of a district", text: "" },
    );
    r.post(
        "/v1/districts/{districtId}/identity-links",
        create::<Operate>,
        About { id: "create_district_identity_link", summary: "Link a login to a person of a district", text: "" },
    );
    r.post(
        "/v1/districts/{districtId}/identity-links/batch",
        create_many::<Operate>,
        About { id: "create_district_identity_links", summary: "Link many logins to people of a district", text: MANY },
    );
    r.get(
        "/v1/districts/{districtId}/identity-links/{identityLinkId}",
        read::<Operate>,
        About { id: "read_district_identity_link", summary: "Read the link of a login in a district", text: "" },
    );
    r.delete(
        "/v1/districts/{districtId}/identity-links/{identityLinkId}",
        remove::<Operate>,
        About { id: "remove_district_identity_link", summary: "Remove the link of a login in a district", text: REMOVED },
    );
}
