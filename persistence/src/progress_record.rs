//! Records of progress toward a goal.

use openilp_domain::progress_record::ProgressRecord;

use crate::part_of_goal;

part_of_goal! { ProgressRecord in progress_records { kind, recorded_on, summary, score } }
