//! Frameworks of standards that are imported: a coordinator's for the district, an operator's for all (R39, R72). They are read as CASE has them.

use openilp_domain::framework::imported::FrameworkImport;
use openilp_domain::framework::package::Package;
use openilp_persistence::framework;

use crate::answer::{Done, Outcome, done};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::guard::{DistrictDeed, ManageProgram, May, OperateDeployment};
use crate::plain::Viewed;
use crate::routes::{About, Routes};

async fn import<D: DistrictDeed>(
    may: May<D>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<Package>,
) -> Outcome<Done<Viewed<FrameworkImport>>> {
    let Body { value: package, hash } = body;
    let reply = may.write(Some(&key.with(hash)), async |tx, granted| Ok(done(&framework::import(tx, granted, package).await?))).await?;
    Ok(reply.into())
}

const IMPORT: &str = "The body is a CASE 1.1 `CFPackage`, as its provider gives it out. It is held against what the standard demands, every fault is named, and all of it is \
                      taken or nothing; at most 8 MiB, 20,000 items and as many associations. The same package again changes nothing; another of the same document is taken \
                      if its `lastChangeDateTime` is later. Items that it has no more stay readable, with an end of their status, for the goals that cite them. `extensions` \
                      are taken and not kept. Goals name the framework by the identifier of its document, and an item by its identifier or its human coding scheme.";

/// The routes of frameworks.
pub fn routes(r: &mut Routes) {
    r.tag("program");
    r.post(
        "/v1/frameworks",
        import::<ManageProgram>,
        About { id: "import_framework", summary: "Import a framework of standards for your district", text: IMPORT },
    );
    r.tag("operator");
    r.post(
        "/v1/shared/frameworks",
        import::<OperateDeployment>,
        About { id: "import_shared_framework", summary: "Import a framework of standards for all districts", text: IMPORT },
    );
}
