//! Catalogues that ship (R162 to R174), and what districts call their entries (R207).

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use openilp_domain::catalogue::Catalogue;
use openilp_domain::catalogue_label::CatalogueLabel;
use openilp_domain::code::CatalogueId;
use openilp_domain::field::Field;
use openilp_domain::grade::Grade;
use openilp_persistence::{Error, catalogue_label};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::ParameterIn;

use crate::answer::{Composed, Outcome, derived_shape};
use crate::body::{NoParams, Pairs, Params, Query};
use crate::guard::Anyone;
use crate::kept::Said;
use crate::plain::nothing_seen;
use crate::problem::Problem;
use crate::routes::{About, Argument, Doc, Routed, Routes};

/// What a catalogue is, without its entries.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueSummary {
    /// The id, such as `components`.
    id: &'static str,
    /// What it is.
    title: &'static str,
    /// The edition of what it lists.
    edition: &'static str,
    /// The version of this catalogue, from 1.
    version: u32,
    /// Where it comes from.
    source: &'static str,
    /// What there is to know about it.
    description: &'static str,
    /// How many entries it has.
    entry_count: usize,
}

impl From<&'static Catalogue> for CatalogueSummary {
    fn from(catalogue: &'static Catalogue) -> Self {
        let Catalogue { id, title, edition, version, source, description, entries } = catalogue;
        Self { id, title, edition, version: *version, source, description, entry_count: entries.len() }
    }
}

/// Every catalogue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueList {
    /// In a fixed order.
    catalogues: Vec<CatalogueSummary>,
}

derived_shape!(CatalogueList, {
    let source = "RIDE ILP framework";
    let about = "The five components that every plan has, whatever the system.";
    json!({ "catalogues": [{ "id": "components", "title": "Key components of a plan", "edition": "1", "version": 1, "source": source, "description": about, "entryCount": 5 }] })
});

derived_shape!(Catalogue, {
    let entry = json!({ "code": "coursework.graduation", "label": "Courses toward graduation", "component": "secondaryCoursework", "domains": ["academic"],
        "strands": ["planning"], "grades": ["09", "10"], "resource": "planned-courses", "citations": ["R168", "R175"],
        "localLabels": [{ "language": "es", "label": "Cursos para graduarse" }] });
    json!({ "id": "benchmark-activities", "title": "Benchmark activities by component", "edition": "1", "version": 1, "source": "RIDE ILP framework",
            "description": "The lines of each component.", "entries": [entry] })
});

/// The catalogue in the path. One that does not ship is 404.
struct InPath(&'static Catalogue);

const CATALOGUE: &str = "catalogueId";

impl Argument for InPath {
    async fn extract(request: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let routed = request.extensions();
        let id = routed.get::<Routed>().and_then(|routed| routed.get(CATALOGUE)).unwrap_or_default();
        Ok(Self(Catalogue::find(id).ok_or(Error::NotFound)?))
    }
    fn describe(doc: &mut Doc) {
        doc.parameter(ParameterIn::Path, CATALOGUE, true, CatalogueId::schema(), "The id of the catalogue.", Some("components".into()));
    }
}

/// The grade that entries are to suit.
struct OfGrade(Option<Grade>);

impl Params for OfGrade {
    fn read(pairs: &mut Pairs) -> Self {
        Self(pairs.optional("grade", str::parse))
    }
    fn describe(doc: &mut Doc) {
        let schema = doc.derived::<Grade>();
        doc.parameter(ParameterIn::Query, "grade", false, schema, "Only entries that suit this grade.", None);
    }
}

async fn list(anyone: Anyone, _: Query<NoParams>) -> Outcome<Composed<CatalogueList>> {
    // Who asks is somebody of a district, or a client of one.
    anyone.browse(async |_, _| Ok(((), nothing_seen()))).await?;
    Ok(Composed(CatalogueList { catalogues: Catalogue::all().iter().map(CatalogueSummary::from).collect() }))
}

async fn read(anyone: Anyone, InPath(catalogue): InPath, Query(of): Query<OfGrade>) -> Outcome<Composed<Catalogue>> {
    let labels = anyone.browse(async |tx, _| Ok((catalogue_label::of(tx, &catalogue.id).await?, nothing_seen()))).await?;
    let mut shown = catalogue.clone();
    shown.entries.retain(|entry| of.0.is_none_or(|grade| entry.suits(grade)));
    for entry in &mut shown.entries {
        entry.local_labels = labels.iter().filter(|(code, _)| *code == entry.code).map(|(_, label)| label.clone()).collect();
    }
    Ok(Composed(shown))
}

/// The routes of catalogues.
pub fn routes(r: &mut Routes) {
    r.tag("program");
    r.get("/v1/catalogues", list, About {
        id: "list_catalogues",
        summary: "List the catalogues",
        text: "Domains, key components, benchmark activities, career clusters, option lists (R162 to R193). They ship with the service and are the same in every district.",
    });
    r.get("/v1/catalogues/{catalogueId}", read, About {
        id: "read_catalogue",
        summary: "Read a catalogue",
        text: "Its entries, with a code that means the same everywhere, a short label of our own, where it comes from, and what other standards call it. `localLabels` is what \
               your district calls it (R207).",
    });
    r.kept_by_coordinator::<CatalogueLabel>(Said {
        list: ("List what your district calls the entries of catalogues", ""),
        read: ("Read a label", ""),
        create: (
            "Enter what your district calls an entry of a catalogue",
            "One label an entry and language. It is shown beside our label; the code, and so the meaning, stays (R207).",
        ),
        amend: ("Change a label", "`active`: false takes it away."),
    });
}
