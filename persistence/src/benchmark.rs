//! Yearly benchmarks of a goal.

use openilp_domain::benchmark::Benchmark;

use crate::part_of_goal;

part_of_goal! { Benchmark in benchmarks { school_year, description, reached_on } }
