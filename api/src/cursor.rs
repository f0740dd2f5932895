//! List cursors: opaque outside, bound to the district, the caller and the list.

use openilp_persistence::cursor::{Bound, Cursors};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::guard::Call;
use crate::problem::Problem;
use crate::state::State;

/// The keys of cursors, read when first needed: the service starts while the database does.
#[derive(Default)]
pub struct CursorKeys(OnceCell<Cursors>);

impl CursorKeys {
    /// The keys.
    pub async fn get(&self, state: &State) -> Result<&Cursors, Problem> {
        Ok(self.0.get_or_try_init(|| Cursors::load(&state.db, state.clock.now())).await?)
    }
}

fn bound(call: &Call) -> Bound<'_> {
    Bound { district: call.request.district, caller: &call.request.principal, stream: &call.path }
}

/// Seals the id after which the next page begins.
pub async fn seal(state: &State, call: &Call, next: Option<Uuid>) -> Result<Option<String>, Problem> {
    let Some(id) = next else { return Ok(None) };
    Ok(Some(state.cursors.get(state).await?.seal_id(&bound(call), id)?))
}

/// Opens a cursor that the caller sent back.
pub async fn open(state: &State, call: &Call, cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    Ok(Some(state.cursors.get(state).await?.open_id(&bound(call), text)?))
}
