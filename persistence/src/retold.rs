//! What says the words of another record again stands where that does: how the door finds out.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;
use openilp_domain::noun::{PROGRESS, Retold};
use openilp_domain::plan_part::{Part, Placed};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A record whose words another says again, which stands where that does: a translation.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetoldAt {
    pub(crate) section: Section,
    record_kind: Kind,
    record_id: Uuid,
    may_name_others: bool,
}

impl RetoldAt {
    /// What was read by the text of [`retold`].
    pub(crate) fn of(column: Option<serde_json::Value>) -> Result<Option<Self>> {
        column.map(serde_json::from_value).transpose().map_err(|error| Error::Internal(format!("where a record stands: {error}")))
    }
    /// Whether that is one of the records of strengths or progress.
    pub(crate) fn is_progress(self) -> bool {
        PROGRESS.contains(&self.record_kind)
    }
    /// The record.
    pub fn retold(self) -> Retold {
        Retold { record: self.record_id, may_name_others: self.may_name_others }
    }
}

/// How [`RetoldAt`] is read of a record of a kind, `r`: null for what says nothing again.
pub(crate) fn retold(kind: Kind) -> &'static str {
    let retells = Part::of(kind).is_some_and(|part| part.placed == Placed::WithRecord);
    if retells {
        "jsonb_build_object('section', r.section, 'recordKind', r.record_kind, 'recordId', r.record_id, 'mayNameOthers', r.may_name_others)"
    } else {
        "null::jsonb"
    }
}
