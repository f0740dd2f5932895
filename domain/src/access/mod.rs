//! stub replaced by access branch
crate::words! { /// x
 Section { /// x
 S0="S0", /// x
 S2="S2", /// x
 S4="S4", /// x
 S8="S8" } }
/// x
pub fn section_of_domain(d: crate::plan_domain::PlanDomain) -> Section { match d { crate::plan_domain::PlanDomain::Academic=>Section::S2, crate::plan_domain::PlanDomain::Career=>Section::S4, _=>Section::S8 } }
