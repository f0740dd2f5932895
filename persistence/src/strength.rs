//! Strengths and achievements.

use openilp_domain::strength::Strength;

use crate::record;

record! {
    Strength in strengths
    beneath student_id = |located| located.student_id,
    of { plan_id = |tx, granted| crate::plan::id_of(tx, granted.student_id()?).await, student_id = |_tx, granted| granted.student_id() }
    fixed { domain }
    set { kind, title, description, recognized_on }
}
