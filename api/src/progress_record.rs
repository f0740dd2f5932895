//! Records of progress toward a goal.

use openilp_domain::goal::Goal;
use openilp_domain::progress_record::ProgressRecord;

use crate::noun::Paths;
use crate::routes::Routes;

/// The routes of progress records.
pub fn routes(r: &mut Routes) {
    r.tag("plan");
    r.noun::<Goal, ProgressRecord>(Paths {
        beneath: "/v1/goals/{goalId}/progress-records",
        one: "/v1/progress-records/{progressRecordId}",
        history: "/v1/progress-records/{progressRecordId}/history",
    });
}
