//! List cursors: opaque outside.

use openilp_persistence::Error;
use uuid::Uuid;

use crate::guard::Call;
use crate::problem::{Kind, Problem};
use crate::state::State;

/// Seals the id after which the next page begins.
pub async fn seal(_state: &State, _call: &Call, next: Option<Uuid>) -> Result<Option<String>, Problem> {
    Ok(next.map(|id| id.simple().to_string()))
}

/// Opens a cursor that the caller sent back.
pub async fn open(_state: &State, _call: &Call, cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let refused = || Problem::new(Kind::BadParameter, "This cursor is not one of ours.");
    cursor.map(|text| Uuid::try_parse(text).map_err(|_| refused())).transpose()
}

#[expect(dead_code, reason = "until sealed")]
fn unused() -> Error { Error::NotFound }
