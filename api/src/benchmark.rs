//! Yearly benchmarks of a goal.

use openilp_domain::benchmark::Benchmark;
use openilp_domain::goal::Goal;

use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of benchmarks.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<Goal, Benchmark>(Paths {
        beneath: "/v1/goals/{goalId}/benchmarks",
        one: "/v1/benchmarks/{benchmarkId}",
        history: "/v1/benchmarks/{benchmarkId}/history",
    });
}
