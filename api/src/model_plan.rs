//! Model plans: the state's inventory (R38), and what districts offer one another (R39).

use openilp_domain::model_plan::ModelPlan;

use crate::kept::Said;
use crate::routes::Routes;

/// The routes of model plans.
pub fn routes(r: &mut Routes) {
    r.tag("program");
    r.kept_by_coordinator_for_others::<ModelPlan>(Said {
        list: (
            "List the model plans",
            "Those of the state, those that other districts offer, and your district's own. For staff (R38): by an office, an assignment or a role in the roster.",
        ),
        read: ("Read a model plan", "A template drafted from it names it as its `modelPlanId`."),
        create: ("Enter a model plan of your district", "`offered`: true lets the staff of all districts read it (R39). It holds nothing about students."),
        amend: ("Change a model plan of your district", "`active`: false takes it out of everybody else's list."),
    });
    r.tag("operator");
    r.kept_for_all_districts::<ModelPlan>(Said {
        list: ("List the state's model plans", "And those that districts offer."),
        read: ("Read one of the state's model plans", ""),
        create: ("Enter a model plan of the state", "The staff of all districts read it (R38)."),
        amend: ("Change a model plan of the state", ""),
    });
}
