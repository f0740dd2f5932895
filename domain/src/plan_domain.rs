//! The three domains of a plan.

crate::words! {
    /// The domain of a goal (R162; American School Counselor Association, 2004). It decides the section, and so who reads it.
    PlanDomain {
        /// Learning, coursework, graduation.
        Academic = "academic",
        /// The world of work and what leads to it.
        Career = "career",
        /// The person: self, others, decisions.
        PersonalSocial = "personalSocial",
    }
}
