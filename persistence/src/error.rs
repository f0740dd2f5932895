//! What can go wrong below the API, and what a constraint means.

use openilp_domain::invalid::Invalid;

/// A failure, named by what it means to the caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the caller may not know that there is: the two are told alike.
    #[error("not found")]
    NotFound,
    /// The caller may know the record, but not do this to it.
    #[error("not permitted")]
    Forbidden,
    /// The token is of nobody we know: no identity link, a deactivated person or client.
    #[error("the caller is not known here")]
    Unknown,
    /// The token is good, and its login is nobody's yet.
    #[error("the login is not linked to anybody")]
    NotLinked,
    /// The district has not approved the application through which the caller comes.
    #[error("the application is not approved")]
    FrontEndNotApproved,
    /// Tried too often.
    #[error("tried too often")]
    TooOften,
    /// As many as may be were read or exported.
    #[error("a cap is reached")]
    CapReached {
        /// When to try again.
        seconds: u64,
        /// One sentence.
        detail: &'static str,
    },
    /// The record has moved on: its version is no longer the one that the caller saw.
    #[error("the record has changed")]
    Stale,
    /// The state of things does not allow it.
    #[error("{detail}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// One sentence.
        detail: &'static str,
    },
    /// What was sent breaks a rule.
    #[error("{0}")]
    Invalid(Invalid),
    /// The Idempotency-Key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// The first request with this Idempotency-Key is still at work.
    #[error("the first request with this key is still at work")]
    KeyInUse,
    /// The cursor is none of ours, or was made for another district, caller or stream.
    #[error("the cursor is not one of ours")]
    BadCursor,
    /// The cursor is of another history (a restore) or expired.
    #[error("the cursor has expired")]
    CursorGone,
    /// Too much at once; trying again helps.
    #[error("the service is busy")]
    Busy,
    /// The database is not there.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something that should not happen.
    #[error("database error")]
    Database(#[source] diesel::result::Error),
    /// Something that should not happen, outside a statement.
    #[error("{0}")]
    Internal(String),
}

/// What breaking a named constraint means. One row each; one that is not here is our mistake, and a 500.
const CONSTRAINTS: &[(&str, &str, &str)] = &[
    ("identity_links_subject_once", "subject_linked", "This subject is linked to a person already."),
    ("issuers_pkey", "issuer_exists", "This issuer is configured already."),
    ("districts_pkey", "district_exists", "This district exists already."),
    ("guardian_links_once", "link_exists", "This person is linked to this student as guardian already."),
    ("guardian_links_guardian", "person_unknown", "There is no such person in this district."),
    ("guardian_links_student", "student_unknown", "There is no such student in this district."),
    ("guardian_links_not_self", "own_guardian", "A student cannot be their own guardian."),
    ("assignments_once", "assignment_exists", "This person has this assignment to this student from that day already."),
    ("assignments_person", "person_unknown", "There is no such person in this district."),
    ("assignments_student", "student_unknown", "There is no such student in this district."),
    ("assignments_not_self", "own_staff", "A student cannot be assigned to themself."),
    ("restrictions_person", "person_unknown", "There is no such person in this district."),
    ("restrictions_student", "student_unknown", "There is no such student in this district."),
    ("restrictions_not_self", "own_restriction", "No order keeps a student from their own file."),
    ("adult_statuses_student", "student_unknown", "There is no such student in this district."),
    ("privacy_preferences_once", "preference_exists", "This is asked already."),
    ("resource_decisions_request", "request_decided", "Something was decided about it. Mark it `enteredInError`."),
    ("contributions_program_item", "item_answered", "Something was added to this item. Waive it, or mark it `enteredInError`."),
    ("templates_school", "school_unknown", "There is no such school."),
    ("templates_revises", "template_unknown", "There is no such template."),
    ("graduation_requirements_once", "requirement_exists", "There is a requirement of this subject from this graduating class on: change that."),
    ("catalogue_labels_once", "label_exists", "This entry has a label in this language already: change that."),
    ("frameworks_pkey", "framework_exists", "This framework is being imported already. Try again."),
    ("framework_items_pkey", "framework_exists", "An item of this framework is being imported already. Try again."),
    ("framework_associations_pkey", "framework_exists", "An association of this framework is being imported already. Try again."),
    ("front_ends_once", "front_end_exists", "This application of this issuer is approved here already: change that."),
    ("partner_members_once", "member_exists", "This person works for this partner from that day already."),
    ("partner_members_partner", "partner_unknown", "There is no such partner in this district."),
    ("partner_members_person", "person_unknown", "There is no such person in this district."),
    ("student_groups_school", "school_unknown", "There is no such school in this district."),
    ("group_members_once", "member_exists", "This person is in this group from that day already."),
    ("group_members_group", "group_unknown", "There is no such group in this district."),
    ("group_members_person", "person_unknown", "There is no such person in this district."),
    ("appointments_person", "person_unknown", "There is no such person in this district."),
    ("appointments_school", "school_unknown", "There is no such school in this district."),
    ("identity_links_person", "person_unknown", "There is no such person in this district."),
    ("invitations_person", "person_unknown", "There is no such person in this district."),
    ("agreements_district", "district_unknown", "There is no such district."),
    ("benchmarks_goal", "goal_gone", "The goal is gone."),
    ("activities_goal", "goal_gone", "The goal is gone."),
    ("progress_records_goal", "goal_gone", "The goal is gone."),
    ("recommendations_goal", "goal_gone", "The goal is gone."),
    ("reflections_goal", "goal_gone", "The goal is gone."),
    ("translations_goal", "goal_gone", "The goal is gone."),
    ("proposals_goal", "goal_has_proposals", "A proposal refers to this goal."),
];

impl Error {
    /// Whether the request was refused, rather than anything having failed: the connection is as good as before.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(self, Self::Busy | Self::Unavailable(_) | Self::Database(_) | Self::Internal(_))
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error as Diesel};
        match &error {
            Diesel::DatabaseError(Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::CheckViolation | Kind::RestrictViolation, info) => {
                let name = info.constraint_name().unwrap_or_default();
                match CONSTRAINTS.iter().find(|(constraint, ..)| *constraint == name) {
                    Some((_, code, detail)) => Self::Conflict { code, detail },
                    // A goal's, or that of a part of the plan.
                    None if name.ends_with("_plan") => Self::Conflict { code: "plan_gone", detail: "The plan is gone." },
                    None => Self::Database(error),
                }
            }
            Diesel::DatabaseError(Kind::SerializationFailure | Kind::ReadOnlyTransaction, _) => Self::Busy,
            Diesel::DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _) => Self::Unavailable(Box::new(error)),
            Diesel::DatabaseError(_, info) if is_transient(info.message()) => Self::Busy,
            Diesel::DatabaseError(_, info) if is_shutdown(info.message()) => Self::Unavailable(Box::new(error)),
            _ => Self::Database(error),
        }
    }
}

/// Deadlocks, lock and statement time-outs: diesel tells them only by message.
fn is_transient(message: &str) -> bool {
    ["deadlock detected", "canceling statement due to", "could not obtain lock"].iter().any(|start| message.starts_with(start))
}

/// The server going down or coming up, and a connection cut under us.
fn is_shutdown(message: &str) -> bool {
    ["terminating connection", "the database system is", "connection closed", "error communicating with the server"]
        .iter()
        .any(|part| message.contains(part))
}

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;
