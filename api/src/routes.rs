//! Registration is description: the signature of a handler is the one source of its route, its permission and its part of
//! the OpenAPI document. A handler whose first argument is no guard does not compile.

use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{Handler, HttpMessage, HttpRequest, HttpResponse};
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::{RefOr, Schema};

pub use crate::doc::Doc;
use crate::doc::{Accepts, Described};
use crate::problem::{Kind, Problem};
use crate::telemetry::Correlation;

/// An argument of a handler: how it comes out of a request, and how it is described.
pub trait Argument: Sized {
    /// Takes it from the request.
    fn extract(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Self, Problem>>;
    /// Adds it to the description.
    fn describe(doc: &mut Doc);
}

/// An argument that says who may call. Every handler's first argument is one, and it is taken first.
pub trait Guard: Argument {}

/// What a handler answers.
pub trait Answer {
    /// The response.
    fn respond(self, request: &HttpRequest) -> HttpResponse;
    /// Adds it to the description.
    fn describe(doc: &mut Doc);
}

/// Argument lists that begin with a guard.
pub trait Guarded: Sized {
    /// Takes them in order: who may call is settled before anything else is read.
    fn extract(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Self, Problem>>;
    /// Adds them to the description.
    fn describe(doc: &mut Doc);
}

macro_rules! arguments { ($($name:ident)*) => {
    impl<G: Guard $(, $name: Argument)*> Guarded for (G, $($name,)*) {
        async fn extract(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Problem> {
            Ok((G::extract(request, payload).await?, $($name::extract(request, payload).await?,)*))
        }
        fn describe(doc: &mut Doc) { G::describe(doc); $($name::describe(doc);)* }
    }
} }
arguments!();
arguments!(A);
arguments!(A B);
arguments!(A B C);
arguments!(A B C D);

type Call = Rc<dyn Fn(HttpRequest, Payload) -> std::pin::Pin<Box<dyn Future<Output = HttpResponse>>>>;

/// Gathers routes and, where it is wanted, their description.
#[derive(Default)]
pub struct Routes {
    calls: BTreeMap<&'static str, Vec<(Method, Call)>>,
    description: Option<Description>,
    tag: &'static str,
}

/// What the routes are like. It is large, so a router is made without it.
#[derive(Default)]
pub struct Description {
    /// Each path with its operations.
    pub paths: Paths,
    /// The schemas that have names.
    pub named: BTreeMap<String, RefOr<Schema>>,
    /// What reads the body of an operation, by the operation's id.
    pub accepts: BTreeMap<&'static str, Accepts>,
    operations: Vec<String>,
}

/// The stable id of the operation that a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct OperationId(pub &'static str);

/// How an operation is called: its stable id, a summary, and more if it needs it.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// `verb_noun`.
    pub id: &'static str,
    /// One line.
    pub summary: &'a str,
    /// The rest, or empty.
    pub text: &'a str,
}

impl Routes {
    /// Routes that are described too.
    pub fn described() -> Self {
        Self { description: Some(Description::default()), ..Self::default() }
    }

    /// The tag of the routes that follow.
    pub fn tag(&mut self, tag: &'static str) {
        self.tag = tag;
    }

    /// Registers an operation, and describes it.
    pub fn add<F, Args, T>(&mut self, method: Method, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args>,
        F::Output: 'static,
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        if let Some(description) = &mut self.description {
            let mut doc = Doc::default();
            Args::describe(&mut doc);
            T::describe(&mut doc);
            description.add(&method, path, self.tag, about, doc.complete(path));
        }
        self.calls.entry(path).or_default().push((method, call(handler, OperationId(about.id))));
    }

    /// Registers a handler that only GET reaches.
    pub fn get<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        self.add(Method::GET, path, handler, about);
    }

    /// Registers a handler that only POST reaches.
    pub fn post<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        self.add(Method::POST, path, handler, about);
    }

    /// Registers a handler that only PATCH reaches.
    pub fn patch<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        self.add(Method::PATCH, path, handler, about);
    }

    /// Registers a handler that only DELETE reaches.
    pub fn delete<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        self.add(Method::DELETE, path, handler, about);
    }

    /// The description; empty unless it was asked for at the start.
    pub fn into_description(self) -> Description {
        self.description.unwrap_or_default()
    }

    /// The router of one thread.
    pub fn into_router(self) -> Router {
        let mut router = Router { paths: matchit::Router::new(), resources: vec![] };
        for (path, calls) in self.calls {
            let added = router.paths.insert(path, router.resources.len());
            assert!(added.is_ok(), "{path} cannot be told from another path");
            let mut allow: Vec<&str> = calls.iter().map(|(method, _)| method.as_str()).chain(["OPTIONS"]).collect();
            if allow.contains(&"GET") {
                allow.push("HEAD");
            }
            allow.sort_unstable();
            router.resources.push(Resource { path, allow: allow.join(", "), calls });
        }
        router
    }
}

impl Description {
    fn add(&mut self, method: &Method, path: &'static str, tag: &'static str, about: About<'_>, described: Described) {
        let Described { operation, named, permission, accepts } = described;
        let text = [about.text, &permission].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        let operation = operation.tag(tag).operation_id(Some(about.id)).summary(Some(about.summary)).description(Some(text)).build();
        self.check(path, &operation, about.id);
        self.paths.add_path_operation(path, vec![http_method(method)], operation);
        for (name, schema) in named {
            self.name(name, schema);
        }
        self.accepts.extend(accepts.map(|accepts| (about.id, accepts)));
    }

    /// A description that does not hold together stops whoever asks for it, and so every run of the tests.
    fn check(&mut self, path: &str, operation: &Operation, id: &str) {
        for placeholder in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let described = operation
                .parameters
                .iter()
                .flatten()
                .any(|p| serde_json::to_value(p).is_ok_and(|p| p.get("name").is_some_and(|name| name == placeholder)));
            assert!(described, "{path}: no argument of {id} describes {{{placeholder}}}");
        }
        assert!(!self.operations.iter().any(|known| known == id), "two operations are called {id}");
        self.operations.push(id.to_owned());
    }

    fn name(&mut self, name: String, schema: RefOr<Schema>) {
        if let Some(known) = self.named.get(&name) {
            let same = serde_json::to_value(known).ok() == serde_json::to_value(&schema).ok();
            assert!(same, "two schemas are called {name}");
        }
        self.named.insert(name, schema);
    }
}

/// A path and what is done there.
struct Resource {
    path: &'static str,
    allow: String,
    calls: Vec<(Method, Call)>,
}

/// Finds the handler of a request by a tree of paths: actix tries one expression a resource, in turn, and ours are many.
pub struct Router {
    paths: matchit::Router<usize>,
    resources: Vec<Resource>,
}

/// The path of a resource as it was registered, and what stands in its placeholders.
#[derive(Clone, Debug)]
pub struct Routed {
    /// Such as `/v1/goals/{goalId}`.
    pub path: &'static str,
    placeholders: Vec<(String, String)>,
}

impl Routed {
    /// What stands in a placeholder.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.placeholders.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Router {
    /// Answers. Where there is no such path, 404; where it has not this method, 405 with `Allow`.
    pub async fn answer(&self, request: HttpRequest, payload: Payload) -> HttpResponse {
        let found = self.paths.at(request.match_info().unprocessed()).ok();
        let Some((resource, placeholders)) = found.and_then(|found| Some((self.resources.get(*found.value)?, found.params))) else {
            return respond_problem(&request, &Problem::new(Kind::NotFound, "There is no such record, or it is not for you to see."));
        };
        let wanted = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let Some((_, call)) = resource.calls.iter().find(|(method, _)| method == wanted) else {
            return respond_problem(&request, &Problem::method_not_allowed(resource.allow.clone()));
        };
        let placeholders = placeholders.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        request.extensions_mut().insert(Routed { path: resource.path, placeholders });
        call(request, payload).await
    }
}

/// A problem as the answer to a request.
pub fn respond_problem(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let correlation = request.extensions().get::<Correlation>().map(|c| c.0.clone()).unwrap_or_default();
    problem.respond(request.path(), &correlation)
}

fn call<F, Args, T>(handler: F, id: OperationId) -> Call
where
    F: Handler<Args, Output = Result<T, Problem>>,
    Args: Guarded + 'static,
    T: Answer + 'static,
{
    Rc::new(move |request: HttpRequest, mut payload: Payload| {
        let handler = handler.clone();
        request.extensions_mut().insert(id);
        Box::pin(async move {
            let answer = match Args::extract(&request, &mut payload).await {
                Ok(arguments) => handler.call(arguments).await,
                Err(problem) => Err(problem),
            };
            match answer {
                Ok(answer) => answer.respond(&request),
                Err(problem) => respond_problem(&request, &problem),
            }
        })
    })
}

fn http_method(method: &Method) -> HttpMethod {
    match *method {
        Method::POST => HttpMethod::Post,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        Method::PUT => HttpMethod::Put,
        _ => HttpMethod::Get,
    }
}
