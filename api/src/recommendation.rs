//! Recommendations toward a goal.

use openilp_domain::goal::Goal;
use openilp_domain::recommendation::Recommendation;

use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of recommendations.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<Goal, Recommendation>(Paths {
        beneath: "/v1/goals/{goalId}/recommendations",
        one: "/v1/recommendations/{recommendationId}",
        history: "/v1/recommendations/{recommendationId}/history",
    });
}
