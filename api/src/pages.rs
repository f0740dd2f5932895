//! The description of the API as others read it: two documents, the page that shows them, and a text for each problem.
//! Everything is in the program itself; the page loads nothing from elsewhere.

use std::sync::Arc;

use actix_web::guard;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa_swagger_ui::{Config, Url};

use crate::openapi;
use crate::problem::{Kind, Problem};
use crate::routes::respond_problem;

/// The documents, rendered when they are first asked for.
#[derive(Clone, Debug)]
pub struct Documents {
    /// OpenAPI 3.1.
    pub newest: web::Bytes,
    /// OpenAPI 3.0.
    pub older: web::Bytes,
}

impl Documents {
    /// Of the routes, reached under that origin.
    pub fn of(origin: &str) -> Self {
        let document = openapi::document(crate::app::description(), Some(origin));
        let newest = serde_json::to_vec(&document).unwrap_or_default();
        let older = serde_json::to_vec(&openapi::down(&document)).unwrap_or_default();
        Self { newest: newest.into(), older: older.into() }
    }
}

/// The page runs what it brings and talks to this service alone. Swagger UI sets styles inline.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// How long browsers keep the scripts and styles of the page. They change with the program only.
const ASSETS_FOR: &str = "public, max-age=86400";

/// The documentation page, and the texts that explain problems.
pub fn pages(config: &mut web::ServiceConfig) {
    let urls = [Url::with_primary("OpenAPI 3.1", "/openapi.json", true), Url::new("OpenAPI 3.0", "/openapi-3.0.json")];
    let swagger = Config::new(urls)
        .persist_authorization(false)
        .try_it_out_enabled(true)
        .display_request_duration(true)
        .display_operation_id(false)
        .doc_expansion("list")
        .filter(true)
        .default_models_expand_depth(0)
        // Nothing is sent elsewhere to be checked.
        .validator_url("none");
    let swagger = web::Data::from(Arc::new(swagger));
    let page = move |request: HttpRequest| {
        let swagger = swagger.clone().into_inner();
        async move { file(&request, swagger) }
    };
    config.service(read_only("/docs/{file:.*}").route(reads().to(page)));
    config.service(web::redirect("/docs", "/docs/"));
    config.service(read_only("/problems/{code}").route(reads().to(explain)));
}

fn reads() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn read_only(path: &str) -> actix_web::Resource {
    web::resource(path)
        .default_service(web::to(async |request: HttpRequest| respond_problem(&request, &Problem::method_not_allowed("GET, HEAD".into()))))
}

fn file(request: &HttpRequest, swagger: Arc<Config<'static>>) -> HttpResponse {
    let name = request.match_info().get("file").unwrap_or_default();
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, swagger) else {
        return respond_problem(request, &Problem::new(Kind::NotFound, "The page has no such file."));
    };
    // These two say what the others are, so they are asked for anew.
    let changes = matches!(name, "" | "index.html" | "swagger-initializer.js");
    let mut response = HttpResponse::Ok();
    response
        .content_type(file.content_type)
        .insert_header((header::CACHE_CONTROL, if changes { "no-cache" } else { ASSETS_FOR }))
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header((HeaderName::from_static("referrer-policy"), "no-referrer"));
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    response.body(file.bytes.into_owned())
}

async fn explain(request: HttpRequest) -> HttpResponse {
    let code = request.match_info().get("code").unwrap_or_default();
    match Kind::ALL.iter().find(|kind| kind.code() == code) {
        Some(kind) => {
            HttpResponse::Ok().content_type("text/plain; charset=utf-8").insert_header((header::CACHE_CONTROL, ASSETS_FOR)).body(explanation(*kind))
        }
        None => respond_problem(&request, &Problem::new(Kind::NotFound, "There is no such kind of problem.")),
    }
}

/// What a problem is and what to do about it, for a person.
fn explanation(kind: Kind) -> String {
    let mut text = format!("{}\n{}\n\n", kind.title(), "=".repeat(kind.title().len()));
    text.push_str(&format!("code    {}\nstatus  {}\n\n{}\n", kind.code(), kind.status(), kind.advice()));
    if let Some(fault) = kind.fault_example() {
        text.push_str(&format!("\nEvery fault is named in errors, such as\n\n{}\n", serde_json::to_string_pretty(&fault).unwrap_or_default()));
    }
    text.push_str("\nEvery answer carries X-Correlation-Id. Quote it when you ask for help.\n\nAll problems:\n");
    for other in Kind::ALL {
        text.push_str(&format!("  {}  {}\n", other.status(), other.path()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_explained() {
        for kind in Kind::ALL {
            let text = explanation(*kind);
            assert!(text.starts_with(kind.title()) && text.contains(kind.advice()), "{text}");
            assert!(kind.advice().ends_with('.') && !kind.title().ends_with('.'), "{}", kind.code());
        }
    }
}
