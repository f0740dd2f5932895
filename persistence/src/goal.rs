//! Goals.

use openilp_domain::goal::Goal;

use crate::record;

record! {
    Goal in goals
    beneath student_id = |located| located.student_id,
    of { plan_id = |tx, granted, _new| crate::plan::id_of(tx, granted.student_id()?).await, student_id = |_tx, granted, _new| granted.student_id() }
    fixed { domain }
    set { title, objective_kind, lifecycle_status, achievement_status, beyond_school_means,
          description, component, standard_framework, standard_item, target_on }
    then crate::framework::expect_cited
}
