//! How records that are no part of a plan are answered: as they are, in pages, with what was seen of them.

use openilp_domain::id::StudentId;
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plain::View;
use openilp_domain::wire::Named;
use openilp_persistence::Shown as Seen;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Listed, Outcome, Shape};
use crate::body::PageParams;
use crate::cursor;
use crate::guard::Call;
use crate::problem::Problem;
use crate::routes::Doc;

/// A record, shown as it is.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Viewed<V>(pub V);

impl<V: View> Shape for Viewed<V> {
    fn name() -> String {
        V::NAME.to_owned()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        V::schema(named).into()
    }
    fn example() -> Value {
        V::example()
    }
}

/// The page that was asked for.
pub async fn page_of(call: &Call, page: &PageParams) -> Result<PageOf, Problem> {
    Ok(PageOf { limit: page.limit, after: cursor::open(&call.state, call, page.cursor.as_deref()).await? })
}

/// A page as it is answered.
pub async fn listed<V>(call: &Call, found: Page<V>, page: PageOf) -> Outcome<Listed<Viewed<V>>> {
    let next = cursor::seal(&call.state, call, found.next).await?;
    Ok(Listed { items: found.items.into_iter().map(Viewed).collect(), next, limit: page.limit.get() })
}

/// What was seen of students, in these sections.
pub fn seen(students: impl IntoIterator<Item = StudentId>, sections: &str) -> Seen {
    let mut students: Vec<_> = students.into_iter().collect();
    let row_count = students.len();
    students.sort_unstable();
    students.dedup();
    Seen { students, sections: sections.to_owned(), row_count }
}

/// Nothing about students was seen.
pub fn nothing_seen() -> Seen {
    Seen::default()
}

/// Reads `true` or `false`.
pub fn parse_bool(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "must be true or false.".to_owned())
}

/// Reads an id.
pub fn parse_id<I: std::str::FromStr>(text: &str) -> Result<I, String> {
    text.parse().map_err(|_| "must be a UUID.".to_owned())
}

/// Describes a query parameter that is an id.
pub fn describe_id(doc: &mut Doc, name: &str, about: &str) {
    let schema = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    doc.parameter(ParameterIn::Query, name, false, schema.build(), about, None);
}
