//! Students whom the caller may see.

use openilp_domain::access::Action;
use openilp_domain::grade::Grade;
use openilp_domain::id::StudentId;
use openilp_domain::noun::Sectioned;
use openilp_domain::page::PageOf;
use openilp_domain::student::Student;
use openilp_domain::wire::Named;
use openilp_persistence::grant::Grant;
use openilp_persistence::mark::Marked;
use openilp_persistence::student::{self, Search};
use openilp_persistence::{Error, Shown as Seen};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::PartialSchema;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::answer::{Found, Listed, Outcome, Shape, with_allowed_actions, with_statements};
use crate::body::{NoParams, PageParams, Pairs, Params, Query};
use crate::cursor;
use crate::guard::{Anyone, Can, Read, Student as AtStudent};
use crate::routes::{About, Doc, Routes};

/// A student, with what the caller may do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownStudent {
    #[serde(flatten)]
    student: Marked<Student>,
    allowed_actions: Vec<Action>,
}

impl ShownStudent {
    fn by(grant: &Grant, student: Student) -> Self {
        Self { allowed_actions: grant.allowed_actions(&student), student: grant.marked(student.id, student) }
    }
}

impl Shape for ShownStudent {
    fn name() -> String {
        "ShownStudent".into()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        use openilp_domain::field::Field;
        Grade::schemas(named);
        match Student::schema() {
            RefOr::T(Schema::Object(object)) => with_allowed_actions(with_statements(object, named), named).into(),
            other => other,
        }
    }
    fn example() -> Value {
        let id = openilp_domain::wire_example_id();
        json!({ "id": id, "givenName": "Anna", "familyName": "Ash", "grade": "10", "birthDate": "2010-11-20", "schoolId": id, "ilpFileId": id,
                "active": true, "version": 1, "allowedActions": [] })
    }
}

/// The most characters of the words to look for.
const WORDS_CHARACTERS_MAX: usize = 100;

/// What to look for.
struct SearchParams {
    page: PageParams,
    search: Search,
}

impl Params for SearchParams {
    fn read(pairs: &mut Pairs) -> Self {
        let words = pairs.optional("q", |text| {
            if text.chars().count() <= WORDS_CHARACTERS_MAX && !text.contains(char::is_control) {
                Ok(text.split_whitespace().map(str::to_owned).collect())
            } else {
                Err(format!("must have at most {WORDS_CHARACTERS_MAX} characters, none of them a control character."))
            }
        });
        let grade = pairs.optional("grade", |text| text.parse::<Grade>().map_err(|e| format!("{e}.")));
        let school_id = pairs.optional("schoolId", |text| text.parse().map_err(|_| "must be a UUID.".to_owned()));
        Self { search: Search { words: words.unwrap_or_default(), grade, school_id }, page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let words = ObjectBuilder::new().schema_type(Type::String).max_length(Some(WORDS_CHARACTERS_MAX)).pattern(Some(r"^[^\x00-\x1F\x7F-\x9F]*$"));
        doc.parameter(ParameterIn::Query, "q", false, words.build(), "Words that stand in the name, in any order.", None);
        doc.parameter(ParameterIn::Query, "grade", false, <Grade as PartialSchema>::schema(), "The grade.", None);
        doc.parameter(ParameterIn::Query, "schoolId", false, <openilp_domain::id::SchoolId as PartialSchema>::schema(), "The school.", None);
        PageParams::describe(doc);
    }
}

async fn search(anyone: Anyone, Query(params): Query<SearchParams>) -> Outcome<Listed<ShownStudent>> {
    let SearchParams { page, search } = params;
    let (state, call) = (&anyone.call().state, anyone.call());
    let of = PageOf { limit: page.limit, after: cursor::open(state, call, page.cursor.as_deref()).await? };
    let (items, next) = anyone
        .browse(async |tx, grant| {
            let Some(person) = grant.caller().person() else { return Err(Error::Forbidden) };
            let found = student::search(tx, grant, person, &search, of).await?;
            let students: Vec<StudentId> = found.items.iter().map(|(student, _)| student.id).collect();
            let seen = Seen { row_count: students.len(), students, sections: "S1a".into() };
            let items: Vec<_> = found.items.into_iter().map(|(student, standing)| ShownStudent::by(&standing, student)).collect();
            Ok(((items, found.next), seen))
        })
        .await?;
    Ok(Listed { items, next: cursor::seal(state, call, next).await?, limit: page.limit.get() })
}

async fn read(can: Can<Read, AtStudent>, _: Query<NoParams>) -> Outcome<Found<ShownStudent>> {
    let id = StudentId(can.target().id);
    let shown = can
        .read_ahead(
            async |tx| student::read(tx, id).await,
            |grant, withheld| {
                let student = withheld.and_then(|w| grant.open(w)).ok_or(Error::NotFound)?;
                let seen = Seen { students: vec![student.id], sections: student.section().code().into(), row_count: 1 };
                Ok((ShownStudent::by(grant, student), seen))
            },
        )
        .await?;
    Ok(Found { version: shown.student.version, shown })
}

/// The routes of students.
pub fn routes(r: &mut Routes) {
    r.tag("students");
    r.get("/v1/students", search, About { id: "search_students", summary: "Search the students whom you may see", text: "" });
    r.get("/v1/students/{studentId}", read, About { id: "read_student", summary: "Read a student", text: "" });
}
