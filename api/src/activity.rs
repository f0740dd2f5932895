//! Activities toward a goal.

use openilp_domain::activity::Activity;
use openilp_domain::goal::Goal;

use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of activities.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<Goal, Activity>(Paths {
        beneath: "/v1/goals/{goalId}/activities",
        one: "/v1/activities/{activityId}",
        history: "/v1/activities/{activityId}/history",
    });
}
