//! Records that may be one person, for the custodian to merge or to dismiss.

use openilp_domain::id::PotentialDuplicateId;
use openilp_domain::potential_duplicate::PotentialDuplicate;
use openilp_persistence::{person_merge, potential_duplicate};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Found, Listed, Outcome, amended};
use crate::body::{IdempotencyKey, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{ManageRelations, May, OnePotentialDuplicate, PathId};
use crate::plain::{Viewed, listed, page_of, parse_bool, seen};
use crate::routes::{About, Doc, Routes};

type Custodian = May<ManageRelations>;

/// Those that wait, or those that were dismissed, and the page.
struct DuplicateParams {
    page: PageParams,
    dismissed: bool,
}

impl Params for DuplicateParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { dismissed: pairs.optional("dismissed", parse_bool).unwrap_or(false), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let dismissed = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "dismissed", false, dismissed, "true: those that were dismissed; if not given, those that wait.", None);
        PageParams::describe(doc);
    }
}

async fn list(may: Custodian, Query(params): Query<DuplicateParams>) -> Outcome<Listed<Viewed<PotentialDuplicate>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .read(async |tx, grant| {
            let found = potential_duplicate::list(tx, grant, params.dismissed, page).await?;
            let students = person_merge::students_among(tx, found.items.iter().flat_map(|pair| [pair.keep_id, pair.merge_id])).await?;
            Ok((found, seen(students, "S1a")))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OnePotentialDuplicate>, _: Query<NoParams>) -> Outcome<Found<Viewed<PotentialDuplicate>>> {
    let found = may
        .read(async |tx, grant| {
            let found = potential_duplicate::read(tx, grant, PotentialDuplicateId(path.id)).await?;
            let students = person_merge::students_among(tx, [found.keep_id, found.merge_id]).await?;
            Ok((found, seen(students, "S1a")))
        })
        .await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn dismiss(
    may: Custodian,
    path: PathId<OnePotentialDuplicate>,
    _: Query<NoParams>,
    key: IdempotencyKey,
) -> Outcome<Amended<Viewed<PotentialDuplicate>>> {
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let pair = potential_duplicate::dismiss(tx, granted, PotentialDuplicateId(path.id)).await?;
            Ok(amended(pair.version, &pair))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of potential duplicates.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get("/v1/potential-duplicates", list, About {
        id: "list_potential_duplicates",
        summary: "List the records that may be one person",
        text: "A load finds them: a source no longer names somebody, and names somebody else with the same identifiers, or the same names and more. Nothing is \
               merged by itself. `keepId` and `mergeId` are the body of `POST /v1/person-merges/preview`.",
    });
    r.get(
        "/v1/potential-duplicates/{potentialDuplicateId}",
        read,
        About { id: "read_potential_duplicate", summary: "Read a pair of records that may be one person", text: "" },
    );
    r.post(
        "/v1/potential-duplicates/{potentialDuplicateId}/dismissal",
        dismiss,
        About { id: "dismiss_potential_duplicate", summary: "Say that they are two people", text: "No load names the two again." },
    );
}
