//! Recommendations toward a goal.

use openilp_domain::recommendation::Recommendation;

use crate::part_of_goal;

part_of_goal! { Recommendation in recommendations { kind, title, advice, follow_up_on } }
