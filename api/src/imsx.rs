//! How the surfaces of 1EdTech standards tell what went wrong: `imsx_StatusInfo`, instead of a problem (RFC 9457).

use openilp_domain::wire::Named;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, Schema};

/// Where such a surface is.
pub fn speaks(path: &str) -> bool {
    path.starts_with("/ims/")
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = imsx_StatusInfo)]
pub struct StatusInfo<'a> {
    /// Always `failure`.
    #[serde(rename = "imsx_codeMajor")]
    code_major: &'static str,
    /// Always `error`.
    #[serde(rename = "imsx_severity")]
    severity: &'static str,
    /// What happened this time, with every fault. Never repeats student data.
    #[serde(rename = "imsx_description")]
    description: &'a str,
    /// Its kind, as a code.
    #[serde(rename = "imsx_codeMinor")]
    code_minor: CodeMinor,
}

/// The kind of error.
#[derive(Serialize, ToSchema)]
#[schema(as = imsx_CodeMinor)]
pub struct CodeMinor {
    /// One code.
    #[serde(rename = "imsx_codeMinorField")]
    fields: [CodeMinorField; 1],
}

/// A code, and whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = imsx_CodeMinorField)]
pub struct CodeMinorField {
    /// Always `TargetEndSystem`: this service.
    #[serde(rename = "imsx_codeMinorFieldName")]
    name: &'static str,
    /// The code.
    #[serde(rename = "imsx_codeMinorFieldValue")]
    value: &'static str,
}

/// The code of a status, of those that the standard has.
fn code_of(status: u16) -> &'static str {
    match status {
        400 => "invalid_selection_field",
        401 => "unauthorised_request",
        403 => "forbidden",
        404 | 405 => "unknownobject",
        429 | 503 => "server_busy",
        _ => "internal_server_error",
    }
}

impl<'a> StatusInfo<'a> {
    /// Of a status, with what happened.
    pub fn of(status: u16, description: &'a str) -> Self {
        let field = CodeMinorField { name: "TargetEndSystem", value: code_of(status) };
        Self { code_major: "failure", severity: "error", description, code_minor: CodeMinor { fields: [field] } }
    }
}

/// The answer of a status in the description.
pub fn response(status: u16, about: &str, named: &mut Named) -> ResponseBuilder {
    StatusInfo::schemas(named);
    named.push(("imsx_StatusInfo".to_owned(), <StatusInfo<'_> as utoipa::PartialSchema>::schema()));
    let schema: RefOr<Schema> = Ref::from_schema_name("imsx_StatusInfo").into();
    let example: Value = json!(StatusInfo::of(status, about));
    ResponseBuilder::new().description(about).content("application/json", ContentBuilder::new().schema(Some(schema)).example(Some(example)).build())
}
