//! Guards: who may call. A handler's first argument is one; it holds the ask, and only the door turns it into a grant.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{HttpMessage, HttpRequest, web};
use openilp_domain::access::{Action, Section, allowed_to, relation_of};
use openilp_domain::id::DistrictId;
use openilp_domain::kind::Kind as RecordKind;
use openilp_domain::noun::Noun;
use openilp_domain::principal::{ClientKind, Principal};
use openilp_persistence::facts::Target;
use openilp_persistence::grant::{Grant, Granted};
use openilp_persistence::idempotency::Key;
use openilp_persistence::{Ask, Notice, Reply, Request, Shown, Tx};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use uuid::Uuid;

use crate::auth::{self, Told};
pub use crate::district_deed::*;
use crate::problem::{Kind, Problem};
use crate::routes::{Argument, Doc, Guard, OperationId, Routed};
use crate::state::State;
use crate::telemetry::Correlation;

/// What a caller does with the record that the path names.
pub trait Deed {
    /// As a permission has it: `read`, `amend` …
    const WORD: &'static str;
    /// The actions any of which suffices.
    fn actions() -> &'static [Action];
    /// Whether something is added beneath the record.
    const ADDS: bool = false;
    /// Whether what is beneath the record is listed.
    const LISTS: bool = false;
    /// The section that it is done in, if not the record's own.
    const SECTION: Option<Section> = None;
}

/// Sees the record.
pub struct Read;
/// Sees who else sees the record, and why.
pub struct ExplainAccess;
/// Sees what is beneath the record.
pub struct List<N>(PhantomData<N>);
/// Adds a new one beneath the record.
pub struct Create<N>(PhantomData<N>);
/// Changes the record.
pub struct Amend<N>(PhantomData<N>);
/// Removes the record.
pub struct Remove<N>(PhantomData<N>);

impl Deed for Read {
    const WORD: &'static str = "read";
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}
impl Deed for ExplainAccess {
    const WORD: &'static str = "explainAccess";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Administer]
    }
}
impl<N> Deed for List<N> {
    const WORD: &'static str = "list";
    const LISTS: bool = true;
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}
impl<N: Noun> Deed for Create<N> {
    const WORD: &'static str = "create";
    const ADDS: bool = true;
    fn actions() -> &'static [Action] {
        N::written_by()
    }
}
impl<N: Noun> Deed for Amend<N> {
    const WORD: &'static str = "amend";
    fn actions() -> &'static [Action] {
        N::written_by()
    }
}
impl<N: Noun> Deed for Remove<N> {
    const WORD: &'static str = "remove";
    fn actions() -> &'static [Action] {
        N::written_by()
    }
}

/// A record that a path names by its id.
pub trait Place: 'static {
    /// Its kind.
    const KIND: RecordKind;
    /// The name of the path parameter.
    fn parameter() -> String {
        format!("{}Id", Self::KIND.word())
    }
    /// The id that the path names.
    fn id(request: &HttpRequest) -> Result<Uuid, Problem> {
        path_id(request, &Self::parameter())
    }
    /// Describes the path parameter.
    fn describe(doc: &mut Doc) {
        describe_path_id(doc, &Self::parameter());
    }
}

impl<N: Noun> Place for N {
    const KIND: RecordKind = N::KIND;
}

/// The ILP file in the path.
pub struct File;
impl Place for File {
    const KIND: RecordKind = RecordKind::IlpFile;
}

/// The student in the path.
pub struct Student;
impl Place for Student {
    const KIND: RecordKind = RecordKind::Student;
}

macro_rules! places { ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => { $(
    $(#[$doc])*
    pub struct $name;
    impl Place for $name {
        const KIND: RecordKind = RecordKind::$kind;
    }
)* } }

places! {
    /// The alarm in the path.
    OneAlarm = Alarm;
    /// The agreement in the path.
    OneAgreement = Agreement;
    /// The office in the path.
    OneAppointment = Appointment;
    /// The client in the path.
    OneClient = Client;
    /// The consent in the path.
    OneConsent = Consent;
    /// The identity link in the path.
    OneIdentityLink = IdentityLink;
    /// The invitation in the path.
    OneInvitation = Invitation;
    /// The issuer in the path.
    OneIssuer = Issuer;
    /// The notice in the path.
    OneNotice = Notice;
    /// The merge in the path.
    OnePersonMerge = PersonMerge;
    /// The pair in the path.
    OnePotentialDuplicate = PotentialDuplicate;
    /// The unlinked login in the path.
    OneUnlinkedLogin = UnlinkedLogin;
}

/// The id of the record in the path, where the guard is about the district and not about that record.
pub struct PathId<P> {
    /// The id.
    pub id: Uuid,
    marker: PhantomData<P>,
}

impl<P: Place> Argument for PathId<P> {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self { id: P::id(http)?, marker: PhantomData })
    }
    fn describe(doc: &mut Doc) {
        P::describe(doc);
    }
}

/// An id in the path. One that is malformed names nothing, so it is 404.
pub fn path_id(request: &HttpRequest, name: &str) -> Result<Uuid, Problem> {
    let routed = request.extensions();
    let text = routed.get::<Routed>().and_then(|routed| routed.get(name)).unwrap_or_default();
    Uuid::try_parse(text).map_err(|_| openilp_persistence::Error::NotFound.into())
}

/// A name in lower camel case as words: `progressRecord` is `progress record`.
pub fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words.replace("ilp ", "ILP ")
}

/// Describes an id in the path.
pub fn describe_path_id(doc: &mut Doc, name: &str) {
    let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).build();
    let about = format!("The id of the {}. A malformed one names nothing: 404.", words(name.strip_suffix("Id").unwrap_or(name)));
    doc.parameter(ParameterIn::Path, name, true, schema, &about, Some(openilp_domain::wire_example_id().into()));
}

/// What every guard finds out first.
pub struct Call {
    /// What this thread can reach.
    pub state: web::Data<State>,
    /// What the request says of itself.
    pub request: Request,
    /// The path that was asked for.
    pub path: String,
}

impl Call {
    pub(crate) async fn of(http: &HttpRequest, district: impl FnOnce(&Principal) -> Result<DistrictId, Problem>) -> Result<Self, Problem> {
        let state = state(http)?;
        let at = state.clock.now();
        let address = http.peer_addr().map(|address| address.ip());
        state.within(state.limits.heed(address))?;
        let principal = state.auth.principal(&state.db, auth::http::authorization(http), at).await.map_err(|error| {
            if error.told() != Told::Unavailable {
                state.limits.note_refusal(address);
            }
            refused(&state, &error)
        })?;
        state.within(state.limits.admit(&principal))?;
        let district = district(&principal)?;
        let operation = http.extensions().get::<OperationId>().map_or("", |id| id.0);
        let request_id = http.extensions().get::<Correlation>().map(|c| c.0.clone()).unwrap_or_default();
        let notice = Notice::default();
        http.extensions_mut().insert(notice.clone());
        let request = Request { principal, district, operation, request_id, at, notice };
        Ok(Self { state, request, path: http.path().to_owned() })
    }
}

/// The state of this thread.
pub fn state(http: &HttpRequest) -> Result<web::Data<State>, Problem> {
    http.app_data::<web::Data<State>>().cloned().ok_or_else(|| Problem::new(Kind::Internal, "The service is not set up."))
}

pub(crate) fn refused(state: &State, error: &auth::AuthError) -> Problem {
    tracing::debug!(%error, "a caller was refused");
    if error.told() == Told::Unavailable {
        return Problem::new(Kind::Unavailable, "Tokens cannot be checked right now. Try again.");
    }
    let detail = match error.told() {
        Told::Missing => "Send an access token in the Authorization header: Bearer …",
        Told::Expired => "The access token has expired.",
        _ => "The access token is not accepted.",
    };
    Problem::unauthenticated(state.auth.config().challenge(error), detail)
}

/// The district that a person or SIS client belongs to. Others name theirs in the path.
pub(crate) fn home(principal: &Principal) -> Result<DistrictId, Problem> {
    match principal {
        Principal::Person { district_id, .. } => Ok(*district_id),
        Principal::Machine { district_id: Some(district_id), .. } => Ok(*district_id),
        Principal::Machine { .. } => Err(Problem::new(Kind::Forbidden, "This client has no business with the records of a district.")),
    }
}

/// The path parameter that names a district.
const DISTRICT: &str = "districtId";

/// A permission, as the description shows it: `goal:amend`.
fn permission(place: &str, deed: &str) -> String {
    format!("{place}:{deed}")
}

/// The caller wants to do `D` with the record of kind `P` that the path names.
pub struct Can<D, P> {
    call: Call,
    target: Target,
    marker: PhantomData<(D, P)>,
}

impl<D: Deed + 'static, P: Place> Argument for Can<D, P> {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let call = Call::of(http, home).await?;
        Ok(Self { target: Target { kind: P::KIND, id: P::id(http)? }, call, marker: PhantomData })
    }
    fn describe(doc: &mut Doc) {
        P::describe(doc);
        doc.permission(&permission(P::KIND.word(), D::WORD));
        doc.problems(&[(401, "A valid access token is needed."), (403, "You may know the record, but not do this to it.")]);
    }
}
impl<D: Deed + 'static, P: Place> Guard for Can<D, P> {}

impl<D: Deed, P: Place> Can<D, P> {
    /// Where the record stands.
    pub fn target(&self) -> Target {
        self.target
    }
    /// The call.
    pub fn call(&self) -> &Call {
        &self.call
    }

    fn ask(&self, section: Option<Section>) -> Ask {
        Ask { target: self.target, actions: D::actions(), section, list: D::LISTS, add: D::ADDS }
    }

    /// Reads in one flight; see [`openilp_persistence::Db::read_ahead`].
    pub async fn read_ahead<C, T>(
        &self,
        content: impl AsyncFnOnce(&Tx<'_>) -> openilp_persistence::Result<C>,
        show: impl FnOnce(&Grant, C) -> openilp_persistence::Result<(T, Shown)>,
    ) -> Result<T, Problem> {
        Ok(self.call.state.db.read_ahead(&self.call.request, self.target, content, show).await?)
    }

    /// Decides, then reads.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem> {
        Ok(self.call.state.db.read(&self.call.request, self.ask(D::SECTION), work).await?)
    }

    /// Decides, then writes.
    pub async fn write(
        &self,
        section: Option<Section>,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> openilp_persistence::Result<Reply>,
    ) -> Result<Reply, Problem> {
        self.write_about(None, section, key, work).await
    }

    /// Decides by another record, if one is given, then writes.
    pub async fn write_about(
        &self,
        about: Option<Target>,
        section: Option<Section>,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> openilp_persistence::Result<Reply>,
    ) -> Result<Reply, Problem> {
        let ask = self.ask(section.or(D::SECTION));
        let ask = Ask { target: about.unwrap_or(ask.target), ..ask };
        Ok(self.call.state.db.write(&self.call.request, ask, key, work).await?)
    }
}

/// The caller wants to do `D` to the district.
pub struct May<D> {
    call: Call,
    marker: PhantomData<D>,
}

impl<D: DistrictDeed> Argument for May<D> {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let forbidden = |detail| Err(Problem::new(Kind::Forbidden, detail));
        let district = |principal: &Principal| match (D::WHOSE, principal) {
            (Whose::Own, _) => home(principal),
            // A wrong id is told only to those who name districts.
            (Whose::InPath, Principal::Machine { kind: ClientKind::Operator | ClientKind::State, .. }) => path_id(http, DISTRICT).map(DistrictId),
            (Whose::InPath, _) => forbidden("This is for operators and state agencies."),
            (Whose::Deployment, Principal::Machine { kind: ClientKind::Operator, .. }) => Ok(DistrictId::DEPLOYMENT),
            (Whose::Deployment, _) => forbidden("This is for operators."),
        };
        Ok(Self { call: Call::of(http, district).await?, marker: PhantomData })
    }
    fn describe(doc: &mut Doc) {
        if D::WHOSE == Whose::InPath {
            describe_path_id(doc, DISTRICT);
        }
        doc.permission(&permission("district", D::ACTION.word()));
        doc.relations(allowed_to(D::ACTION));
        for kind in ClientKind::ALL.iter().filter(|kind| allowed_to(D::ACTION).contains(&relation_of(**kind))) {
            doc.machine(kind.scope());
        }
        doc.problems(&[(401, "A valid access token is needed."), (403, "Your role does not allow this.")]);
    }
}
impl<D: DistrictDeed> Guard for May<D> {}

impl<D: DistrictDeed> May<D> {
    /// The call.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Decides, then reads.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem> {
        Ok(self.call.state.db.browse(&self.call.request, Some(D::ACTION), work).await?)
    }

    /// Decides, then writes.
    pub async fn write(
        &self,
        key: Option<&Key>,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> openilp_persistence::Result<Reply>,
    ) -> Result<Reply, Problem> {
        Ok(self.call.state.db.write_district(&self.call.request, D::ACTION, key, work).await?)
    }
}

/// Who reads what is the district's and about no one student.
#[allow(async_fn_in_trait, reason = "used by concrete type only, on one thread")]
pub trait Browsing: Guard + 'static {
    /// The call.
    fn call(&self) -> &Call;
    /// Decides, then reads.
    async fn see<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem>;
}

impl<D: DistrictDeed> Browsing for May<D> {
    fn call(&self) -> &Call {
        &self.call
    }
    async fn see<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem> {
        self.read(work).await
    }
}

impl Browsing for Anyone {
    fn call(&self) -> &Call {
        &self.call
    }
    async fn see<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem> {
        self.browse(work).await
    }
}

/// Whoever has a token: what they see is decided row by row.
pub struct Anyone {
    call: Call,
}

impl Argument for Anyone {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self { call: Call::of(http, home).await? })
    }
    fn describe(doc: &mut Doc) {
        doc.permission("any");
        doc.problems(&[(401, "A valid access token is needed."), (403, "This client has no business here.")]);
    }
}
impl Guard for Anyone {}

impl Anyone {
    /// The call.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Reads across students; `work` asks for the standing towards each.
    pub async fn browse<T>(&self, work: impl AsyncFnOnce(&Tx<'_>, &Grant) -> openilp_persistence::Result<(T, Shown)>) -> Result<T, Problem> {
        Ok(self.call.state.db.browse(&self.call.request, None, work).await?)
    }
}

/// Whoever has a token, of whatever kind: they learn only about themselves.
pub struct Myself {
    /// What this thread can reach.
    pub state: web::Data<State>,
    /// Who calls, as the token says.
    pub principal: Principal,
    /// The call, for those who belong to a district.
    pub call: Option<Call>,
}

impl Argument for Myself {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let call = Call::of(http, |principal| Ok(home(principal).unwrap_or(DistrictId(Uuid::nil())))).await?;
        let principal = call.request.principal.clone();
        let has_home = call.request.district != DistrictId(Uuid::nil());
        Ok(Self { state: call.state.clone(), principal, call: has_home.then_some(call) })
    }
    fn describe(doc: &mut Doc) {
        doc.permission("any");
        doc.problems(&[(401, "A valid access token is needed."), (403, "The login is not linked to anybody yet.")]);
    }
}
impl Guard for Myself {}

/// Nobody needs to say who they are. `grep Public` shows the whole unauthenticated surface.
pub struct Public {
    /// What this thread can reach.
    pub state: web::Data<State>,
}

impl Argument for Public {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        Ok(Self { state: state(http)? })
    }
    fn describe(doc: &mut Doc) {
        doc.public();
    }
}
impl Guard for Public {}
