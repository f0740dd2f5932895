//! What the requests of a family about its records have in common: who does what about them, and how the district's are listed.

use openilp_domain::access::{Action, Section};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::body::{PageParams, Pairs, Params};
use crate::guard::Deed;
use crate::plain::parse_bool;
use crate::routes::Doc;

/// Where requests stand.
pub const SECTION: &str = Section::Privacy.code();

/// Sees the requests about the student: they stand in S14.
pub struct ReadCases;
impl Deed for ReadCases {
    const WORD: &'static str = "listRequests";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// Runs what only a custodian sees: which words are withheld from a family.
pub struct KeepPrivacy;
impl Deed for KeepPrivacy {
    const WORD: &'static str = "keepPrivacy";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Administer]
    }
}

/// Makes a request, or goes on with it. Decided by a rule of its own, see [`openilp_domain::access::decide_case`]: no action of the table allows it.
pub struct AskCase;
impl Deed for AskCase {
    const WORD: &'static str = "ask";
    fn actions() -> &'static [Action] {
        &[]
    }
}

/// Answers or decides a request. Likewise.
pub struct DecideCase;
impl Deed for DecideCase {
    const WORD: &'static str = "decideRequest";
    fn actions() -> &'static [Action] {
        &[]
    }
}

/// Those that wait for the district, the others, or all; and the page.
pub struct CaseParams {
    /// The page.
    pub page: PageParams,
    /// Whether they wait.
    pub open: Option<bool>,
}

impl Params for CaseParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { open: pairs.optional("open", parse_bool), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let open = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "open", false, open, "true: only those that wait for the district; false: only others.", None);
        PageParams::describe(doc);
    }
}
