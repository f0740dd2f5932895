//! What goes through the door: a request and what it asks for, and what comes back.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use openilp_domain::access::{Action, Section};
use openilp_domain::id::{DistrictId, StudentId};
use openilp_domain::principal::Principal;

use crate::facts::Target;

/// What a request says of itself, verified.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who calls, as the token says.
    pub principal: Principal,
    /// The district it happens in: the person's, the SIS client's, or the one in the path.
    pub district: DistrictId,
    /// The operation of the API.
    pub operation: &'static str,
    /// The correlation id.
    pub request_id: String,
    /// When, by the injected clock.
    pub at: DateTime<Utc>,
    /// What the answer is to say besides its body.
    pub notice: Notice,
}

/// What a read tells of itself, for the headers of its answer: whoever made the request keeps a clone.
#[derive(Clone, Debug, Default)]
pub struct Notice(Arc<OnceLock<DateTime<Utc>>>);

impl Notice {
    /// The caller reads while they have an emergency access to the student, until then.
    pub(crate) fn in_emergency(&self, until: DateTime<Utc>) {
        // One request reads once.
        let _ = self.0.set(until);
    }

    /// When the emergency access ends that the caller had to the student of the answer.
    pub fn in_emergency_until(&self) -> Option<DateTime<Utc>> {
        self.0.get().copied()
    }
}

/// What is asked of a student's record.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Which record.
    pub target: Target,
    /// To do what. Several: any of them suffices, the first is preferred.
    pub actions: &'static [Action],
    /// In which section, if not the record's own.
    pub section: Option<Section>,
    /// Whether what is beneath the record is listed: each of that is decided by itself.
    pub list: bool,
    /// Whether something is added beneath the record, rather than the record itself touched.
    pub add: bool,
}

/// An answer to a write, ready to leave and to be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `ETag` and `Location`.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: Vec<u8>,
}

/// What a read showed, for its access record. Nothing shown needs none.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The students in the answer.
    pub students: Vec<StudentId>,
    /// The sections, as codes.
    pub sections: String,
    /// How many records.
    pub row_count: usize,
}
