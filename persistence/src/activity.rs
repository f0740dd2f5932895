//! Activities toward a goal.

use openilp_domain::activity::Activity;

use crate::part_of_goal;

part_of_goal! { Activity in activities { title, provider, status, description, starts_on, ends_on } }
