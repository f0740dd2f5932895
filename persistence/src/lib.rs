//! How OpenILP remembers: the door, the nouns' tables, bulk work, the feed, and the embedded PostgreSQL.

pub mod backup;
pub mod collection;
pub mod connect;
pub mod cursor;
pub mod embedded;
pub mod identity;
pub mod intake;
pub mod migrate;
pub mod model_plan;
pub mod schema;

mod access_record;
pub mod alarm;
pub mod cap;
pub mod case;
mod door;
pub mod error;
pub mod fact;
pub mod facts;
pub mod feed;
pub mod grant;
pub mod history;
pub mod housekeeping;
pub mod idempotency;
pub mod journal;
pub mod kept;
mod listed;
pub mod mark;
mod named_record;
mod pool;
pub mod record;
pub mod relation;
mod request;
pub mod sequencer;
mod stated;
mod statement;

pub mod activity;
pub mod adult_status;
pub mod agreement;
pub mod amendment_request;
pub mod annual_notice;
pub mod appointment;
pub mod assignment;
pub mod benchmark;
pub mod catalogue_label;
pub mod client;
pub mod consent;
pub mod course_plan;
pub mod disclosure;
pub mod district;
pub mod emergency_access;
pub mod framework;
pub mod front_end;
pub mod goal;
pub mod graduation;
pub mod group_member;
pub mod guardian_link;
pub mod identity_link;
pub mod ilp_file;
pub mod inspection_request;
pub mod invitation;
pub mod issuer;
pub mod notice;
pub mod partner;
pub mod partner_member;
pub mod person_merge;
pub mod plan;
pub mod plan_job;
pub mod plan_part;
pub mod potential_duplicate;
pub mod privacy_preference;
pub mod program;
pub mod progress_record;
pub mod proposal;
pub mod reader;
pub mod recommendation;
pub mod redaction;
pub mod reflection;
pub mod report_card;
mod resource;
pub mod restriction;
mod resume;
mod retold;
pub mod roster;
pub mod school;
pub mod setup;
pub mod student;
pub mod student_group;
pub mod template;
pub mod translation;
pub mod unlinked_login;
pub mod unmet_need;
pub mod watch;

pub use door::{Db, Tx, request_hash};
pub use error::{Error, Result};
pub use request::{Ask, Notice, Reply, Request, Shown};

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Orders ids that are made within one millisecond: a list goes by id, and so by time of creation.
static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// A new id of version 7 for something made at that instant.
pub fn new_id(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, at.timestamp_subsec_nanos()))
}
