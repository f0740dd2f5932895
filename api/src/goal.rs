//! Goals of the plan.

use openilp_domain::goal::Goal;

use crate::guard::File;
use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of goals.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<File, Goal>(Paths { beneath: "/v1/ilp-files/{ilpFileId}/goals", one: "/v1/goals/{goalId}", history: "/v1/goals/{goalId}/history" });
}
