//! Registration is description: the signature of a handler is the one source of its route, its permission and its part of
//! the OpenAPI document. A handler whose first argument is no guard does not compile.

use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::guard::{self, Guard as _};
use actix_web::http::Method;
use actix_web::{Handler, HttpMessage, HttpRequest, HttpResponse, web};
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::{RefOr, Schema};

pub use crate::doc::Doc;
use crate::doc::{Accepts, Described};
use crate::problem::Problem;
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

/// Gathers routes and their description.
#[derive(Default)]
pub struct Routes {
    calls: BTreeMap<&'static str, Vec<(Method, Call)>>,
    paths: Paths,
    named: BTreeMap<String, RefOr<Schema>>,
    operations: Vec<String>,
    accepts: BTreeMap<&'static str, Accepts>,
    tag: &'static str,
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
    /// The tag of the routes that follow.
    pub fn tag(&mut self, tag: &'static str) {
        self.tag = tag;
    }

    /// Registers and describes an operation.
    pub fn add<F, Args, T>(&mut self, method: Method, path: &'static str, handler: F, about: About<'_>)
    where
        F: Handler<Args>,
        F::Output: 'static,
        F: Handler<Args, Output = Result<T, Problem>>,
        Args: Guarded + 'static,
        T: Answer + 'static,
    {
        let mut doc = Doc::default();
        Args::describe(&mut doc);
        T::describe(&mut doc);
        let Described { operation, named, permission, accepts } = doc.complete(path);
        let text = [about.text, &permission].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        let operation = operation.tag(self.tag).operation_id(Some(about.id)).summary(Some(about.summary)).description(Some(text));
        let operation = operation.build();
        self.check(path, &operation, about.id);
        self.paths.add_path_operation(path, vec![http_method(&method)], operation);
        for (name, schema) in named {
            self.name(name, schema);
        }
        if let Some(accepts) = accepts {
            self.accepts.insert(about.id, accepts);
        }
        self.calls.entry(path).or_default().push((method, call(handler, OperationId(about.id))));
    }

    /// A description that does not hold together stops the program at start, and so every test.
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

    /// The described paths and schemas.
    pub fn description(&self) -> (Paths, BTreeMap<String, RefOr<Schema>>) {
        (self.paths.clone(), self.named.clone())
    }

    /// What reads the body of an operation, by the operation's id.
    pub fn accepts(&self) -> &BTreeMap<&'static str, Accepts> {
        &self.accepts
    }

    /// The actix resources: one a path, 405 with `Allow` for methods it does not have.
    pub fn into_services(self, config: &mut web::ServiceConfig) {
        for (path, calls) in self.calls {
            let mut resource = web::resource(path);
            let mut allow: Vec<String> = vec!["OPTIONS".into()];
            for (method, call) in calls {
                allow.push(method.to_string());
                if method == Method::GET {
                    allow.push("HEAD".into());
                }
                let wanted = method.clone();
                let matches = guard::fn_guard(move |context| {
                    guard::Method(wanted.clone()).check(context) || (wanted == Method::GET && guard::Head().check(context))
                });
                resource = resource
                    .route(web::route().guard(matches).to(move |request: HttpRequest, payload: web::Payload| call(request, payload.into_inner())));
            }
            allow.sort();
            let allow = allow.join(", ");
            resource = resource.default_service(web::to(move |request: HttpRequest| {
                let problem = Problem::method_not_allowed(allow.clone());
                async move { respond_problem(&request, &problem) }
            }));
            config.service(resource);
        }
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
