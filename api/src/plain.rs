//! How records that are no part of a plan are answered: as they are, in pages, with what was seen of them.

use openilp_domain::id::{PersonId, StudentId};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::plain::View;
use openilp_domain::wire::Named;
use openilp_persistence::Shown as Seen;
use openilp_persistence::relation::Filter;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Listed, Outcome, Shape};
use crate::body::{PageParams, Pairs, Params};
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

/// Whose relations a list shows, by the name that the parameter has there.
pub trait Related {
    /// `guardianId`, `personId`.
    const PERSON: &'static str;
    /// Whether a source may say something else of one.
    const CLAIMED: bool = false;
}

/// What a list of relations leaves out, and the page.
pub struct RelationParams<R> {
    /// The page.
    pub page: PageParams,
    /// What is left out.
    pub filter: Filter,
    marker: std::marker::PhantomData<R>,
}

/// Reads `true` or `false`.
pub fn parse_bool(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "must be true or false.".to_owned())
}

/// Reads an id.
pub fn parse_id<I: std::str::FromStr>(text: &str) -> Result<I, String> {
    text.parse().map_err(|_| "must be a UUID.".to_owned())
}

impl<R: Related> Params for RelationParams<R> {
    fn read(pairs: &mut Pairs) -> Self {
        let filter = Filter {
            confirmed: pairs.optional("confirmed", parse_bool),
            student_id: pairs.optional("studentId", parse_id::<StudentId>),
            person_id: pairs.optional(R::PERSON, parse_id::<PersonId>),
            differs: if R::CLAIMED { pairs.optional("differs", parse_bool) } else { None },
        };
        Self { page: PageParams::read(pairs), filter, marker: std::marker::PhantomData }
    }
    fn describe(doc: &mut Doc) {
        let confirmed = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "confirmed", false, confirmed, "true: only confirmed ones; false: only those that wait.", None);
        if R::CLAIMED {
            let differs = ObjectBuilder::new().schema_type(Type::Boolean).build();
            let about = "true: only those of which the source says something else now, or nothing any more; false: only others.";
            doc.parameter(ParameterIn::Query, "differs", false, differs, about, None);
        }
        describe_id(doc, "studentId", "Only those to this student.");
        describe_id(doc, R::PERSON, "Only those of this person.");
        PageParams::describe(doc);
    }
}

/// Describes a query parameter that is an id.
pub fn describe_id(doc: &mut Doc, name: &str, about: &str) {
    let schema = <StudentId as utoipa::PartialSchema>::schema();
    doc.parameter(ParameterIn::Query, name, false, schema, about, None);
}
