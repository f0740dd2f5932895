//! CASE 1.1 (Competencies and Academic Standards Exchange), as a provider: the frameworks that ship, those of all districts and the district's own, in
//! the standard's own shapes. Errors are `imsx_StatusInfo` (`imsx.rs`).

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use openilp_domain::framework::case::{Addresses, BASE, link_to, with, withdrawn};
use openilp_domain::framework::class::{self, Class};
use openilp_domain::framework::package::identifier;
use openilp_domain::framework::{Framework, association, item};
use openilp_domain::page::Limit;
use openilp_domain::wire::Named;
use openilp_persistence::{Error, framework};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

use crate::answer::{Composed, Outcome, Shape, describe_shape};
use crate::body::{NoParams, Pairs, Params, Query, whole_number};
use crate::guard::{Anyone, describe_path_id, path_id};
use crate::plain::nothing_seen;
use crate::problem::Problem;
use crate::routes::{About, Answer, Argument, Doc, Routes};

/// A class of the standard, as an answer.
pub trait Answered: 'static {
    /// The class.
    fn class() -> &'static Class;
    /// One of them.
    fn example(at: Addresses<'_>) -> Value;
}

/// An answer of a class.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Cased<C>(Value, #[serde(skip)] PhantomData<C>);

impl<C: Answered> Shape for Cased<C> {
    fn name() -> String {
        C::class().name.to_owned()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        C::class().schema(named).into()
    }
    fn example() -> Value {
        // A short one, and of this program's own: the first edition that ships.
        C::example(Addresses("https://ilp.example"))
    }
}

fn cased<C>(value: Value) -> Composed<Cased<C>> {
    Composed(Cased(value, PhantomData))
}

macro_rules! answers { ($($(#[$doc:meta])* $name:ident = $class:ident |$at:ident, $framework:ident| $example:expr;)*) => { $(
    $(#[$doc])*
    pub struct $name;
    impl Answered for $name {
        fn class() -> &'static Class {
            &class::$class
        }
        fn example($at: Addresses<'_>) -> Value {
            Framework::all().first().map_or(Value::Null, |$framework| $example)
        }
    }
)* } }

answers! {
    /// A document.
    Document = DOCUMENT |at, framework| document_of(at, at.document(framework));
    /// A list of documents.
    DocumentSet = DOCUMENT_SET |at, framework| json!({ "CFDocuments": [document_of(at, at.document(framework))] });
    /// A whole framework.
    Package = PACKAGE |at, framework| json!({ "CFDocument": at.document(framework), "CFItems": framework.items.first().map(|item| at.item(framework, item)) .into_iter().collect::<Vec<_>>() });
    /// An item.
    Item = ITEM |at, framework| framework.items.first().map_or(Value::Null, |item| item_of(at.item(framework, item), &at.document(framework)));
    /// An item with how it stands to others.
    AssociationSet = ASSOCIATION_SET |at, framework| {
        let associations: Vec<_> = framework.associations.first().map(|association| at.association(framework, association)).into_iter().collect();
        json!({ "CFItem": Item::example(at), "CFAssociations": associations })
    };
    /// An association.
    Association = ASSOCIATION |at, framework| {
        framework.associations.first().map_or(Value::Null, |association| item_of(at.association(framework, association), &at.document(framework)))
    };
}

/// A document as it is answered alone: with the link to its package.
fn document_of(at: Addresses<'_>, document: Value) -> Value {
    let title = document.get("title").and_then(Value::as_str).unwrap_or_default();
    let package = at.package(title, identifier(&document).unwrap_or_default());
    with(document, "CFPackageURI", package)
}

/// An item or an association as it is answered alone: with the link to its document.
fn item_of(item: Value, document: &Value) -> Value {
    with(item, "CFDocumentURI", link_to(document))
}

/// The identifier in the path.
macro_rules! identifiers { ($($(#[$doc:meta])* $name:ident = $parameter:literal;)*) => { $(
    $(#[$doc])*
    pub struct $name(Uuid);
    impl Argument for $name {
        async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
            path_id(request, $parameter).map(Self)
        }
        fn describe(doc: &mut Doc) {
            describe_path_id(doc, $parameter);
        }
    }
)* } }

identifiers! {
    /// A document's, and its package's.
    DocumentId = "cfDocumentId";
    /// An item's.
    ItemId = "cfItemId";
    /// An association's.
    AssociationId = "cfAssociationId";
}

/// Which documents of the list.
pub struct Window {
    limit: usize,
    offset: usize,
}

/// The greatest offset.
const OFFSET_MAX: i32 = 1_000_000;

impl Params for Window {
    fn read(pairs: &mut Pairs) -> Self {
        let mut number = |name, min, max| pairs.number(name, min, max).and_then(|n| usize::try_from(n).ok());
        let limit = number("limit", 1, i64::from(Limit::MAX));
        Self { limit: limit.unwrap_or(usize::from(Limit::MAX)), offset: number("offset", 0, i64::from(OFFSET_MAX)).unwrap_or(0) }
    }
    fn describe(doc: &mut Doc) {
        let limit = whole_number(1, f64::from(Limit::MAX));
        doc.parameter(ParameterIn::Query, "limit", false, limit, "How many documents, 1 to 100; 100 if not given.", None);
        doc.parameter(ParameterIn::Query, "offset", false, whole_number(0, f64::from(OFFSET_MAX)), "How many to leave out first.", None);
    }
}

/// Some of the documents, and how many there are.
pub struct Documents {
    shown: Cased<DocumentSet>,
    total: usize,
    next: Option<String>,
}

impl Answer for Documents {
    fn respond(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header(("x-total-count", self.total.to_string()));
        if let Some(link) = self.next.and_then(|next| HeaderValue::from_str(&next).ok()) {
            response.insert_header((header::LINK, link));
        }
        response.json(&self.shown)
    }
    fn describe(doc: &mut Doc) {
        doc.header("X-Total-Count", "How many documents there are.");
        doc.header("Link", "rel=\"next\" to the documents after these, if there are any (RFC 8288).");
        describe_shape::<Cased<DocumentSet>>(doc, 200, "The documents.");
        doc.problems(&[(404, "There are none after so many.")]);
    }
}

async fn documents(anyone: Anyone, Query(some): Query<Window>) -> Outcome<Documents> {
    let origin = &anyone.call().state.auth.config().origin;
    let at = Addresses(origin);
    let shipped = Framework::all();
    let mut shown: Vec<_> = shipped.iter().skip(some.offset).take(some.limit).map(|framework| at.document(framework)).collect();
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (limit, offset) = (whole(some.limit.saturating_sub(shown.len())), whole(some.offset.saturating_sub(shipped.len())));
    let (imported, total) = anyone.browse(async |tx, grant| Ok((framework::documents(tx, grant, limit, offset).await?, nothing_seen()))).await?;
    shown.extend(imported);
    let total = shipped.len() + usize::try_from(total).unwrap_or_default();
    // The standard has no empty list.
    if shown.is_empty() {
        return Err(Error::NotFound.into());
    }
    let after = some.offset + shown.len();
    let next = (after < total).then(|| format!("<{origin}{BASE}/CFDocuments?limit={}&offset={after}>; rel=\"next\"", some.limit));
    let shown: Vec<_> = shown.into_iter().map(|document| document_of(at, document)).collect();
    Ok(Documents { shown: Cased(json!({ "CFDocuments": shown }), PhantomData), total, next })
}

/// What ships is read without the database; who asks is somebody of a district even so.
async fn shipped_or<T>(
    anyone: &Anyone,
    shipped: Option<T>,
    imported: impl AsyncFnOnce(&openilp_persistence::Tx<'_>, &openilp_persistence::grant::Grant) -> openilp_persistence::Result<T>,
) -> Outcome<T> {
    anyone
        .browse(async |tx, grant| match shipped {
            Some(shipped) => Ok((shipped, nothing_seen())),
            None => Ok((imported(tx, grant).await?, nothing_seen())),
        })
        .await
}

fn edition(id: Uuid) -> Option<&'static Framework> {
    Framework::all().iter().find(|framework| framework.identifier == id)
}

async fn document(anyone: Anyone, id: DocumentId, _: Query<NoParams>) -> Outcome<Composed<Cased<Document>>> {
    let at = Addresses(&anyone.call().state.auth.config().origin);
    let shipped = edition(id.0).map(|framework| at.document(framework));
    let found = shipped_or(&anyone, shipped, async |tx, grant| framework::document(tx, grant, id.0).await).await?;
    Ok(cased(document_of(at, found)))
}

async fn package(anyone: Anyone, id: DocumentId, _: Query<NoParams>) -> Outcome<Composed<Cased<Package>>> {
    let at = Addresses(&anyone.call().state.auth.config().origin);
    let shipped = edition(id.0).map(|framework| at.whole(framework));
    Ok(cased(shipped_or(&anyone, shipped, async |tx, grant| framework::package(tx, grant, id.0).await).await?))
}

/// An item, with the link to its document.
async fn found_item(anyone: &Anyone, at: Addresses<'_>, id: Uuid) -> Outcome<Value> {
    let shipped = item(id).map(|(framework, item)| item_of(at.item(framework, item), &at.document(framework)));
    shipped_or(anyone, shipped, async |tx, grant| {
        let (item, ended, document) = framework::item(tx, grant, id).await?;
        let item = ended.map_or_else(|| item.clone(), |on| withdrawn(item.clone(), on));
        Ok(item_of(item, &document))
    })
    .await
}

async fn read_item(anyone: Anyone, id: ItemId, _: Query<NoParams>) -> Outcome<Composed<Cased<Item>>> {
    let at = Addresses(&anyone.call().state.auth.config().origin);
    Ok(cased(found_item(&anyone, at, id.0).await?))
}

async fn item_associations(anyone: Anyone, id: ItemId, _: Query<NoParams>) -> Outcome<Composed<Cased<AssociationSet>>> {
    let at = Addresses(&anyone.call().state.auth.config().origin);
    let found = found_item(&anyone, at, id.0).await?;
    let shipped = Framework::all().iter().flat_map(|framework| framework.associations.iter().map(move |association| (framework, association)));
    let of_it = shipped.filter(|(_, association)| association.origin == id.0 || association.destination == id.0);
    let mut associations: Vec<_> = of_it.map(|(framework, association)| at.association(framework, association)).collect();
    associations.extend(anyone.browse(async |tx, grant| Ok((framework::associations_with(tx, grant, id.0).await?, nothing_seen()))).await?);
    // The standard has no empty set: of what stands alone there is nothing to say.
    if associations.is_empty() {
        return Err(Error::NotFound.into());
    }
    Ok(cased(json!({ "CFItem": found, "CFAssociations": associations })))
}

async fn read_association(anyone: Anyone, id: AssociationId, _: Query<NoParams>) -> Outcome<Composed<Cased<Association>>> {
    let at = Addresses(&anyone.call().state.auth.config().origin);
    let shipped = association(id.0).map(|(framework, association)| item_of(at.association(framework, association), &at.document(framework)));
    let found = shipped_or(&anyone, shipped, async |tx, grant| {
        let (association, document) = framework::association(tx, grant, id.0).await?;
        Ok(item_of(association, &document))
    });
    Ok(cased(found.await?))
}

/// The routes of CASE.
pub fn routes(r: &mut Routes) {
    r.tag("case");
    let about = |id, summary, text| About { id, summary, text };
    r.get(
        "/ims/case/v1p1/CFDocuments",
        documents,
        about(
            "list_case_documents",
            "List the frameworks of standards that goals may cite",
            "Those that ship, those of all districts and your district's own, as CASE 1.1 `CFDocuments`.",
        ),
    );
    r.get("/ims/case/v1p1/CFDocuments/{cfDocumentId}", document, about("read_case_document", "Read a framework's CASE document", ""));
    r.get(
        "/ims/case/v1p1/CFPackages/{cfDocumentId}",
        package,
        about(
            "read_case_package",
            "Read a framework whole, as a CASE package",
            "The document with its items and associations. Items that were withdrawn are not in it.",
        ),
    );
    r.get(
        "/ims/case/v1p1/CFItems/{cfItemId}",
        read_item,
        about("read_case_item", "Read an item of a framework", "One that was withdrawn has an end of its status."),
    );
    r.get(
        "/ims/case/v1p1/CFItemAssociations/{cfItemId}",
        item_associations,
        about(
            "read_case_item_associations",
            "Read an item with how it stands to others",
            "Crosswalks of other frameworks too. 404 if it stands alone: CASE has no empty set.",
        ),
    );
    r.get(
        "/ims/case/v1p1/CFAssociations/{cfAssociationId}",
        read_association,
        about("read_case_association", "Read how an item stands to another", ""),
    );
}
