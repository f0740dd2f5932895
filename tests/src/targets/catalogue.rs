//! Catalogues, templates and model plans, and what districts have of them.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Place, Targets};

impl Targets<'_> {
    /// The id of a catalogue, or of what a district keeps beside one.
    pub(super) fn of_a_catalogue<'s>(&'s self, name: &str, place: Place) -> Option<BoxFuture<'s, String>> {
        Some(match name {
            "catalogueId" => std::future::ready("components".to_owned()).boxed(),
            "catalogueLabelId" => self.added("create_catalogue_label", place.custodian(), place).boxed(),
            "cfDocumentId" => self.new_framework(place).map(|made| made.0).boxed(),
            "cfItemId" => self.new_framework(place).map(|made| made.1).boxed(),
            "cfAssociationId" => self.new_framework(place).map(|made| made.2).boxed(),
            "templateId" => self.new_template(place).boxed(),
            "modelPlanId" => self.new_model_plan(place).boxed(),
            "sharedModelPlanId" => self.added("create_shared_model_plan", "operator", place).boxed(),
            _ => return None,
        })
    }

    /// A framework of the district of the place, with an item that is related to itself: their identifiers.
    async fn new_framework(&self, place: Place) -> (String, String, String) {
        let ids @ [document, item, association] = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
        let at = "2026-09-01T00:00:00Z";
        let content = |id: Uuid, more: Value| {
            openilp_domain::noun::with(json!({ "identifier": id, "uri": "https://x.example", "lastChangeDateTime": at }), more)
        };
        let framework = content(document, json!({ "creator": "Made", "title": "Made" }));
        let node = json!({ "title": "M", "identifier": item, "uri": "https://x.example" });
        let related = json!({ "associationType": "isRelatedTo", "originNodeURI": node, "destinationNodeURI": node });
        let (item_row, association_row) = (content(item, json!({ "fullStatement": "M" })), content(association, related));
        let insert = "insert into frameworks (district_id, id, title, creator, last_change, item_count, withdrawn_count, association_count, document, more, hash, version, created_at, updated_at)
                      values ($1, $2, 'Made', 'Made', '2026-09-01Z', 1, 0, 1, $3, '{}', '', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &document, &framework]).await;
        let insert = "insert into framework_items (district_id, id, framework_id, position, content) values ($1, $2, $3, 1, $4)";
        self.insert(insert, &[&place.district.0, &item, &document, &item_row]).await;
        let insert = "insert into framework_associations (district_id, id, framework_id, position, origin, destination, content) values ($1, $2, $3, 1, $4, $4, $5)";
        self.insert(insert, &[&place.district.0, &association, &document, &item.to_string(), &association_row]).await;
        ids.map(|id| id.to_string()).into()
    }
}
