//! The operations of the API, as the OpenAPI document names them: what the enumerating tests walk.

use std::sync::LazyLock;

use openilp_api::{app, openapi};
use reqwest::Method;
use serde_json::Value;

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id, such as `amend_goal`.
    pub id: String,
    /// The method.
    pub method: Method,
    /// The path with its placeholders.
    pub path: String,
    /// The placeholders in the path.
    pub placeholders: Vec<String>,
    /// The permission, or `public`.
    pub permission: String,
    /// The media type and the documented example of the body.
    pub body: Option<(String, Value)>,
    /// The names of the headers that it needs.
    pub headers: Vec<String>,
    /// The names of its query parameters.
    pub query: Vec<String>,
}

impl Operation {
    /// Whether anybody may call.
    pub fn is_public(&self) -> bool {
        self.permission == "public"
    }
    /// Whether it changes something.
    pub fn writes(&self) -> bool {
        self.method != Method::GET
    }
    /// Whether a record's id is in the path. A catalogue that ships is no record: it is the same in every district.
    pub fn names_a_record(&self) -> bool {
        self.placeholders.iter().any(|name| name != "catalogueId")
    }
    /// Whether it is about catalogues, frameworks of standards, templates, model plans, schools or classes: those who have no relation to a student read them,
    /// and they are nobody's.
    pub fn is_of_catalogues(&self) -> bool {
        ["/v1/catalogues", "/ims/case/", "/v1/templates", "/v1/model-plans", "/v1/schools", "/v1/classes"]
            .iter()
            .any(|path| self.path.starts_with(path))
    }
    /// Whether what goes wrong is told as 1EdTech standards tell it, instead of as a problem.
    pub fn speaks_imsx(&self) -> bool {
        self.path.starts_with("/ims/")
    }
    /// Whether it needs this header.
    pub fn needs(&self, header: &str) -> bool {
        self.headers.iter().any(|known| known.eq_ignore_ascii_case(header))
    }
    /// The path with some id in every placeholder.
    pub fn path_with(&self, id: impl Fn(&str) -> String) -> String {
        self.placeholders.iter().fold(self.path.clone(), |path, name| path.replace(&format!("{{{name}}}"), &id(name)))
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method, self.path)
    }
}

/// The document, as JSON.
pub fn document() -> Value {
    serde_json::to_value(openapi::document(app::description(), None)).unwrap()
}

/// Every operation, in the order of their paths.
pub fn operations() -> Vec<Operation> {
    every().to_vec()
}

/// The same, for what looks through them at every request. The document is made once: that takes a while.
pub fn every() -> &'static [Operation] {
    static ALL: LazyLock<Vec<Operation>> = LazyLock::new(read);
    &ALL
}

fn read() -> Vec<Operation> {
    let document = document();
    let mut all = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            all.push(of(path, method, operation));
        }
    }
    assert!(all.len() > 20, "the document has almost no operations");
    all
}

fn of(path: &str, method: &str, operation: &Value) -> Operation {
    let named = |place: &str, only_required: bool| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let fit = parameters.filter(|p| p["in"] == place && (!only_required || p["required"] == true));
        fit.map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let content = operation["requestBody"]["content"].as_object();
    Operation {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: method.to_uppercase().parse().unwrap(),
        path: path.to_owned(),
        placeholders: named("path", true),
        permission: operation["x-permission"].as_str().unwrap_or("none").to_owned(),
        body: content.and_then(|c| c.iter().next()).map(|(media, content)| (media.clone(), content["example"].clone())),
        headers: named("header", true),
        query: named("query", false),
    }
}
