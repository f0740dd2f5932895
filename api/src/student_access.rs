//! Access explained: who reads a student's file and why, for the custodian; what one may do oneself and why no more, for everybody.

use openilp_domain::access::explain::{OwnAccess, OwnRelation, OwnSection, rule};
use openilp_domain::access::{Extent, Relation, Section, WhyNot};
use openilp_domain::id::StudentId;
use openilp_domain::page::PageOf;
use openilp_persistence::Shown as Seen;
use openilp_persistence::reader::{self, ReaderRelation as Related};
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::path::ParameterIn;
use utoipa::{PartialSchema, ToSchema};

use crate::answer::{Composed, Listed, Outcome, derived_shape};
use crate::body::{NoParams, PageParams, Pairs, Params, Query};
use crate::cursor;
use crate::guard::{Can, ExplainAccess, Read, Student as AtStudent};
use crate::routes::{About, Doc, Routes};

/// A person who reads something of the student's file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reader {
    /// The person.
    person_id: uuid::Uuid,
    /// The given name.
    given_name: String,
    /// The family name.
    family_name: String,
    /// How they stand to the student, also by relations that do not count.
    relations: Vec<ReaderRelation>,
    /// The sections they read, and why.
    sections: Vec<ReaderSection>,
}

/// How a reader stands to the student.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReaderRelation {
    /// The relation.
    relation: Relation,
    /// Whether it counts today.
    in_force: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    why_not: Option<WhyNot>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    valid_from: Option<chrono::NaiveDate>,
    /// The day on which it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    valid_to: Option<chrono::NaiveDate>,
    /// When it was confirmed. Offices and classes need no confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confirmed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Who confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confirmed_by: Option<uuid::Uuid>,
}

/// A section that a reader reads.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReaderSection {
    /// The section.
    section: Section,
    /// How much of it.
    extent: Extent,
    /// The relation that allows it.
    relation: Relation,
    /// The rule by which it does.
    rule: String,
}

derived_shape!(Reader, {
    let id = openilp_domain::wire_example_id();
    json!({ "personId": id, "givenName": "Tom", "familyName": "Tamarack",
            "relations": [{ "relation": "teacher", "inForce": true, "validFrom": "2026-08-15", "confirmedAt": "2026-08-20T15:04:05Z", "confirmedBy": id }],
            "sections": [{ "section": "S2", "extent": "all", "relation": "teacher", "rule": "A teacher assigned to the plan is a participant (R40)." }] })
});

/// What the caller may do with a student's file.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyAccess {
    /// The student.
    student_id: uuid::Uuid,
    /// How you stand to the student.
    relations: Vec<OwnRelation>,
    /// Every section, with what you may do there and why no more.
    sections: Vec<OwnSection>,
}

derived_shape!(MyAccess, {
    json!({ "studentId": openilp_domain::wire_example_id(),
            "relations": [{ "relation": "teacher", "inForce": true, "validFrom": "2026-08-15" }],
            "sections": [{ "section": "S10", "title": "Confidential extracts (IEP, 504, ELL, PLP, health)", "actions": [], "ownActions": [],
                           "reasons": [{ "relation": "teacher", "whyNot": "notGranted", "text": "The policy does not open this section to you as teacher." }] }] })
});

impl From<reader::Reader> for Reader {
    fn from(reader: reader::Reader) -> Self {
        let relation = |related: Related| ReaderRelation {
            relation: related.fact.relation,
            in_force: related.why_not.is_none(),
            why_not: related.why_not,
            valid_from: related.fact.valid_from,
            valid_to: related.fact.valid_to,
            confirmed_at: related.confirmed_at,
            confirmed_by: related.confirmed_by.map(|person| person.0),
        };
        let sections = reader.readings.into_iter().map(|reading| ReaderSection {
            section: reading.section,
            extent: reading.extent,
            relation: reading.relation,
            rule: rule(reading.relation, reading.when),
        });
        Self {
            person_id: reader.person_id.0,
            given_name: reader.given_name,
            family_name: reader.family_name,
            relations: reader.relations.into_iter().map(relation).collect(),
            sections: sections.collect(),
        }
    }
}

/// Whose reading is asked for.
struct ReaderParams {
    page: PageParams,
    section: Option<Section>,
}

impl Params for ReaderParams {
    fn read(pairs: &mut Pairs) -> Self {
        let section = pairs.optional("section", |text| text.parse::<Section>().map_err(|e| format!("{e}.")));
        Self { section, page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        doc.parameter(ParameterIn::Query, "section", false, <Section as PartialSchema>::schema(), "Only those who read this section.", None);
        PageParams::describe(doc);
    }
}

async fn readers(can: Can<ExplainAccess, AtStudent>, Query(params): Query<ReaderParams>) -> Outcome<Listed<Reader>> {
    let ReaderParams { page, section } = params;
    let (state, call, student) = (&can.call().state, can.call(), StudentId(can.target().id));
    let of = PageOf { limit: page.limit, after: cursor::open(state, call, page.cursor.as_deref()).await? };
    let found = can
        .read(async |tx, grant| {
            let found = reader::list(tx, grant, section, of).await?;
            let seen = Seen { students: vec![student], sections: "S1a,S14".into(), row_count: found.items.len() };
            Ok((found, seen))
        })
        .await?;
    let next = cursor::seal(state, call, found.next).await?;
    Ok(Listed { items: found.items.into_iter().map(Reader::from).collect(), next, limit: page.limit.get() })
}

async fn my_access(can: Can<Read, AtStudent>, _: Query<NoParams>) -> Outcome<Composed<MyAccess>> {
    let student = StudentId(can.target().id);
    let own = can
        .read_ahead(
            async |_| Ok(()),
            |grant, ()| {
                let OwnAccess { relations, sections } = grant.own_access()?;
                // What the caller learns of the student is that there is a file, and how they stand to it.
                let seen = Seen { students: vec![student], sections: Section::Status.code().into(), row_count: 1 };
                Ok((MyAccess { student_id: student.0, relations, sections }, seen))
            },
        )
        .await?;
    Ok(Composed(own))
}

/// The routes that explain access.
pub fn routes(r: &mut Routes) {
    r.tag("students");
    r.get("/v1/students/{studentId}/readers", readers, About {
        id: "list_student_readers",
        summary: "List who reads a student's file, and why",
        text: "For the custodian. Everybody who would read something of the file if they asked now: by which relation, how much of which section, by which rule of the \
               policy, and who confirmed the relation. It is decided as their own request would be. Of clients, the student information system reads who the student \
               is (S1a), and a state agency pulls under an agreement: `GET /v1/disclosures`.",
    });
    r.get("/v1/students/{studentId}/my-access", my_access, About {
        id: "read_my_access",
        summary: "Read what you may do with a student's file, and why no more",
        text: "Every section: what you may do there and by which relation, or why your relations do not open it. If you read nothing of the file, there is no such \
               student for you.",
    });
}
