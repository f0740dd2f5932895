//! What may be done to a district, as types: each registered route names one.

use openilp_domain::access::DistrictAction;

/// Which district a deed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The caller's own.
    Own,
    /// The one in the path: so for operators and the state, who belong to none.
    InPath,
    /// None: what operators do in the deployment itself.
    Deployment,
}

/// What may be done to a district, as a type.
pub trait DistrictDeed: 'static {
    /// The action.
    const ACTION: DistrictAction;
    /// To which district.
    const WHOSE: Whose;
}

macro_rules! district_deeds { ($($(#[$doc:meta])* $name:ident = $action:ident, $whose:ident;)*) => { $(
    $(#[$doc])*
    pub struct $name;
    impl DistrictDeed for $name {
        const ACTION: DistrictAction = DistrictAction::$action;
        const WHOSE: Whose = Whose::$whose;
    }
)* } }

district_deeds! {
    /// Set up the district in the path.
    Operate = Operate, InPath;
    /// Set up districts and clients.
    OperateDeployment = Operate, Deployment;
    /// Hand in a roster.
    ImportRoster = ImportRoster, Own;
    /// See imports.
    ReadImports = ReadImports, Own;
    /// Have the roster of a source, whole.
    ExportRoster = ExportRoster, Own;
    /// Let a held roster load go on, try one again, take one back.
    ManageImports = ManageImports, Own;
    /// Confirm guardian links and caseloads.
    ManageRelations = ManageRelations, Own;
    /// Keep what the programme asks of all students.
    ManageProgram = ManageProgram, Own;
    /// See disclosures.
    ReadDisclosures = ReadDisclosures, Own;
    /// Have unmet needs counted.
    CountNeeds = CountNeeds, Own;
    /// Pull a collection.
    PullCollection = PullCollection, InPath;
}
