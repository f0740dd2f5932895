//! Registration is description: the signature of a handler is the one source of its route, its permission and its part of
//! the OpenAPI document. A handler whose first argument is no guard does not compile.

use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::guard::{self, Guard as _};
use actix_web::http::Method;
use actix_web::{Handler, HttpMessage, HttpRequest, HttpResponse, web};
use openilp_domain::wire::Named;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{self, ContentBuilder, HeaderBuilder, RefOr, Required, ResponseBuilder, Schema};

use crate::problem::Problem;
use crate::telemetry::Correlation;

/// The description of one operation while its arguments and answer add to it.
#[derive(Default)]
pub struct Doc {
    operation: OperationBuilder,
    named: Named,
    headers: Vec<(&'static str, &'static str)>,
}

impl Doc {
    fn edit(&mut self, f: impl FnOnce(OperationBuilder) -> OperationBuilder) { self.operation = f(std::mem::take(&mut self.operation)); }

    /// A parameter.
    pub fn parameter(&mut self, place: ParameterIn, name: &str, required: bool, schema: impl Into<RefOr<Schema>>, doc: &str, example: Option<Value>) {
        let parameter = ParameterBuilder::new()
            .parameter_in(place)
            .name(name)
            .required(if required { Required::True } else { Required::False })
            .schema(Some(schema))
            .description(Some(doc))
            .example(example)
            .build();
        self.edit(|o| o.parameter(parameter));
    }

    /// The body.
    pub fn body(&mut self, media: &str, schema: impl Into<RefOr<Schema>>, example: Option<Value>, doc: &str) {
        let content = ContentBuilder::new().schema(Some(schema)).example(example).build();
        let body = RequestBodyBuilder::new().content(media, content).required(Some(Required::True)).description(Some(doc)).build();
        self.edit(|o| o.request_body(Some(body)));
    }

    /// An answer with a body.
    pub fn answer(&mut self, status: u16, doc: &str, media: &str, schema: impl Into<RefOr<Schema>>, example: Option<Value>) {
        let content = ContentBuilder::new().schema(Some(schema)).example(example).build();
        let mut response = ResponseBuilder::new().description(doc).content(media, content);
        for (name, about) in std::mem::take(&mut self.headers) { response = response.header(name, header(about)); }
        let response = response.header("X-Correlation-Id", header("Names this request; quote it when you ask for help.")).build();
        self.edit(|o| o.response(status.to_string(), response));
    }

    /// An answer without a body.
    pub fn empty(&mut self, status: u16, doc: &str) {
        let response = ResponseBuilder::new().description(doc).header("X-Correlation-Id", header("Names this request."));
        self.edit(|o| o.response(status.to_string(), response.build()));
    }

    /// A header of the answer that is described next.
    pub fn header(&mut self, name: &'static str, doc: &'static str) { self.headers.push((name, doc)); }

    /// Problems that this operation can answer with, besides those every operation has.
    pub fn problems(&mut self, statuses: &[(u16, &str)]) {
        for (status, doc) in statuses {
            let content = ContentBuilder::new().schema(Some(openapi::Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new().description(*doc).content("application/problem+json", content);
            self.edit(|o| o.response(status.to_string(), response.build()));
        }
    }

    /// A named schema of the document; returns the reference to it.
    pub fn schema(&mut self, name: &str, schema: impl FnOnce(&mut Named) -> RefOr<Schema>) -> RefOr<Schema> {
        let schema = schema(&mut self.named);
        self.named.push((name.to_owned(), schema));
        openapi::Ref::from_schema_name(name).into()
    }

    /// A schema that utoipa derives.
    pub fn derived<T: utoipa::ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.named);
        self.schema(&T::name(), |_| T::schema())
    }

    /// Who may call: the permission, and in words.
    pub fn permission(&mut self, permission: &str) {
        let requirement = openapi::security::SecurityRequirement::new("bearer", Vec::<String>::new());
        let extensions = openapi::extensions::ExtensionsBuilder::new().add("x-permission", permission).build();
        self.edit(|o| o.security(requirement).extensions(Some(extensions)));
    }

    /// Nobody needs to say who they are.
    pub fn public(&mut self) {
        let extensions = openapi::extensions::ExtensionsBuilder::new().add("x-permission", "public").build();
        self.edit(|o| o.securities(Some(Vec::<openapi::security::SecurityRequirement>::new())).extensions(Some(extensions)));
    }
}

fn header(doc: &str) -> openapi::Header {
    HeaderBuilder::new().schema(Some(openapi::ObjectBuilder::new().schema_type(openapi::schema::Type::String))).description(Some(doc)).build()
}

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
    pub fn tag(&mut self, tag: &'static str) { self.tag = tag; }

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
        doc.problems(&[(400, "The request cannot be read, or a parameter is wrong."), (404, "There is no such record, or it is not for you to see."), (500, "Our mistake; it was logged."), (503, "Not available right now; try again.")]);
        let Doc { operation, named, .. } = doc;
        let mut operation = operation.tag(self.tag).operation_id(Some(about.id)).summary(Some(about.summary));
        if !about.text.is_empty() { operation = operation.description(Some(about.text)); }
        let operation = operation.build();
        self.check(path, &operation, about.id);
        self.paths.add_path_operation(path, vec![http_method(&method)], operation);
        for (name, schema) in named { self.name(name, schema); }
        self.calls.entry(path).or_default().push((method, call(handler, OperationId(about.id))));
    }

    /// A description that does not hold together stops the program at start, and so every test.
    fn check(&mut self, path: &str, operation: &Operation, id: &str) {
        for placeholder in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let described = operation.parameters.iter().flatten().any(|p| serde_json::to_value(p).is_ok_and(|p| p["name"] == placeholder));
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
    where F: Handler<Args, Output = Result<T, Problem>>, Args: Guarded + 'static, T: Answer + 'static {
        self.add(Method::GET, path, handler, about);
    }

    /// Registers a handler that only POST reaches.
    pub fn post<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where F: Handler<Args, Output = Result<T, Problem>>, Args: Guarded + 'static, T: Answer + 'static {
        self.add(Method::POST, path, handler, about);
    }

    /// Registers a handler that only PATCH reaches.
    pub fn patch<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where F: Handler<Args, Output = Result<T, Problem>>, Args: Guarded + 'static, T: Answer + 'static {
        self.add(Method::PATCH, path, handler, about);
    }

    /// Registers a handler that only DELETE reaches.
    pub fn delete<F, Args, T>(&mut self, path: &'static str, handler: F, about: About<'_>)
    where F: Handler<Args, Output = Result<T, Problem>>, Args: Guarded + 'static, T: Answer + 'static {
        self.add(Method::DELETE, path, handler, about);
    }

    /// The described paths and schemas.
    pub fn description(&self) -> (Paths, BTreeMap<String, RefOr<Schema>>) { (self.paths.clone(), self.named.clone()) }

    /// The actix resources: one a path, 405 with `Allow` for methods it does not have.
    pub fn into_services(self, config: &mut web::ServiceConfig) {
        for (path, calls) in self.calls {
            let mut resource = web::resource(path);
            let mut allow: Vec<String> = vec!["OPTIONS".into()];
            for (method, call) in calls {
                allow.push(method.to_string());
                if method == Method::GET { allow.push("HEAD".into()); }
                let wanted = method.clone();
                let matches = guard::fn_guard(move |context| {
                    guard::Method(wanted.clone()).check(context) || (wanted == Method::GET && guard::Head().check(context))
                });
                resource = resource.route(web::route().guard(matches).to(move |request: HttpRequest, payload: web::Payload| call(request, payload.into_inner())));
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
where F: Handler<Args, Output = Result<T, Problem>>, Args: Guarded + 'static, T: Answer + 'static {
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
