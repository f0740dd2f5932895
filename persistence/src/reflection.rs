//! Reflections on a goal.

use openilp_domain::reflection::Reflection;

use crate::part_of_goal;

part_of_goal! { Reflection in reflections { body } }
