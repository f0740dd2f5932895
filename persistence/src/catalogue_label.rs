//! What a district calls the entries of catalogues (R207).

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::catalogue::LocalLabel;
use openilp_domain::catalogue_label::{CatalogueLabel, CatalogueLabelPatch, NewCatalogueLabel};
use openilp_domain::id::CatalogueLabelId;

use crate::door::Tx;
use crate::error::Result;
use crate::schema::catalogue_labels::dsl;

crate::kept! {
    CatalogueLabel (CatalogueLabelId, NewCatalogueLabel, CatalogueLabelPatch) in catalogue_labels {
        id, catalogue, code, language, label, active, version, created_at, updated_at
    }
    by {}
    narrowed |rows, _filter| {}
    impl {
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::ManageProgram];
    }
}

crate::kept_rows! {
    CatalogueLabel (CatalogueLabelId, NewCatalogueLabel, CatalogueLabelPatch) in catalogue_labels
    create |_granted, new| {
        catalogue: new.catalogue,
        code: new.code,
        language: new.language,
        label: new.label,
        active: true,
    }
    amend { label, active }
}

/// The labels of a catalogue that are shown, with the codes that they are of. They are for everybody in the district.
pub async fn of(tx: &Tx<'_>, catalogue: &str) -> Result<Vec<(String, LocalLabel)>> {
    let mut conn = tx.conn;
    let rows = dsl::catalogue_labels
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::catalogue.eq(catalogue))
        .filter(dsl::active)
        .order((dsl::code, dsl::language))
        .select((dsl::code, dsl::language, dsl::label));
    let rows = rows.load::<(String, String, String)>(&mut conn).await?;
    Ok(rows.into_iter().map(|(code, language, label)| (code, LocalLabel { language, label })).collect())
}
