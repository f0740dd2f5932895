//! Strengths and achievements.

use openilp_domain::strength::Strength;

use crate::guard::File;
use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of strengths.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<File, Strength>(Paths {
        beneath: "/v1/ilp-files/{ilpFileId}/strengths",
        one: "/v1/strengths/{strengthId}",
        history: "/v1/strengths/{strengthId}/history",
    });
}
