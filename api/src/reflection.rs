//! Reflections on a goal.

use openilp_domain::goal::Goal;
use openilp_domain::reflection::Reflection;

use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of reflections.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<Goal, Reflection>(Paths {
        beneath: "/v1/goals/{goalId}/reflections",
        one: "/v1/reflections/{reflectionId}",
        history: "/v1/reflections/{reflectionId}/history",
    });
}
