//! What the requests of a family about its records have in common: who does what about them, and how the district's are listed.

use std::marker::PhantomData;

use actix_web::http::Method;
use openilp_domain::access::{Action, Section};
use openilp_domain::id::StudentId;
use openilp_domain::kind::Kind;
use openilp_persistence::Error;
use openilp_persistence::case::Case;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Found, Listed, Outcome};
use crate::body::{NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{Can, Deed, ManageRelations, May, Place, Read, Student as AtStudent};
use crate::noun::path_of;
use crate::plain::{Viewed, listed, page_of, parse_bool, seen};
use crate::routes::{About, Doc, Routes};

/// Where requests stand.
pub const SECTION: &str = Section::Privacy.code();

/// Sees the requests about the student: they stand in S14.
struct ReadCases;
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

/// The request in the path.
pub struct OneCase<C>(PhantomData<C>);
impl<C: Case> Place for OneCase<C> {
    const KIND: Kind = C::KIND;
}

/// Where one has its address.
pub fn location<C: Case>(case: &C) -> String {
    format!("/v1/{}/{}", path_of(C::KIND), case.id())
}

async fn list_of_student<C: Case>(can: Can<ReadCases, AtStudent>, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<C>>> {
    let (of, student) = (page_of(can.call(), &page).await?, StudentId(can.target().id));
    let found = can
        .read(async |tx, grant| {
            let found = C::list_of_student(tx, grant, of).await?;
            let seen = seen(found.items.iter().map(|_| student), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, of).await
}

async fn list<C: Case>(may: May<ManageRelations>, Query(params): Query<CaseParams>) -> Outcome<Listed<Viewed<C>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .read(async |tx, grant| {
            let found = C::list(tx, grant, params.open, page).await?;
            let seen = seen(found.items.iter().map(Case::student_id), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read<C: Case>(can: Can<Read, OneCase<C>>, _: Query<NoParams>) -> Outcome<Found<Viewed<C>>> {
    let id = can.target().id;
    let case = can
        .read_ahead(
            async |tx| C::read(tx, id).await,
            |grant, withheld| {
                let case = withheld.and_then(|withheld| grant.open_as(Section::Privacy, withheld)).ok_or(Error::NotFound)?;
                let seen = seen([case.student_id()], SECTION);
                Ok((case, seen))
            },
        )
        .await?;
    Ok(Found { version: case.version(), shown: Viewed(case) })
}

impl Routes {
    /// Registers how requests of a kind are read and listed: `of_student`, `list` and `read` say how each is called.
    pub fn case<C: Case>(&mut self, of_student: About, list_about: About, read_about: About) {
        let many = path_of(C::KIND);
        // Registered once a thread, for the life of the program, as the ids of operations are.
        let path = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        self.add(Method::GET, path(format!("/v1/students/{{studentId}}/{many}")), list_of_student::<C>, of_student);
        self.add(Method::GET, path(format!("/v1/{many}")), list::<C>, list_about);
        self.add(Method::GET, path(format!("/v1/{many}/{{{}}}", OneCase::<C>::parameter())), read::<C>, read_about);
    }
}

/// Those that wait for the district, the others, or all; and the page.
struct CaseParams {
    page: PageParams,
    open: Option<bool>,
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
