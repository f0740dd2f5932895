//! Logins that came with a valid token and are nobody's: what the custodian looks through.

use chrono::{DateTime, Utc};

use crate::code::{Subject, WebAddress};
use crate::id::{PersonId, UnlinkedLoginId};
use crate::plain::no_rules;
use crate::text::ShortText;

crate::words! {
    /// Why a login was not linked by itself.
    UnlinkedReason {
        /// The token does not carry the claim, or not as text of at most 200 characters.
        NoClaim = "noClaim",
        /// Nobody has what the claim says.
        Nobody = "nobody",
        /// Several active people have it.
        Several = "several",
        /// Whoever has it is not active.
        Inactive = "inactive",
        /// The person has another login of the same issuer.
        LinkedAlready = "linkedAlready",
        /// It was linked, and the link was taken away.
        LinkRemoved = "linkRemoved",
        /// It was linked to a record that was merged since, or names one into which another was merged.
        PersonMerged = "personMerged",
    }
}

crate::view! {
    /// A login that is nobody's. It leaves this list when it is linked.
    UnlinkedLogin
    required {
        /// The id.
        id: UnlinkedLoginId,
        /// The `iss` of its tokens.
        issuer: WebAddress,
        /// The `sub` of its tokens.
        subject: Subject,
        /// Why it was not linked.
        reason: UnlinkedReason,
        /// How often it came, counted once a minute at most.
        times_seen: i32,
        /// When it first came.
        first_seen_at: DateTime<Utc>,
        /// When it last came.
        last_seen_at: DateTime<Utc>,
        /// The version. It is the entity tag.
        version: i32,
    }
    optional {
        /// What the claim said.
        claim_value: ShortText,
        /// When it was dismissed. One that is dismissed is not matched again by itself.
        dismissed_at: DateTime<Utc>,
    }
    example {
        "id": crate::wire_example_id(),
        "issuer": "https://id.canyonview.example",
        "subject": "00u1a2b3c4",
        "reason": "nobody",
        "timesSeen": 2,
        "firstSeenAt": "2026-09-01T15:04:05Z",
        "lastSeenAt": "2026-09-01T15:14:05Z",
        "version": 2,
        "claimValue": "910001"
    }
}

crate::body! {
    /// Whose login it is.
    LoginResolution
    required {
        /// The person.
        person_id: PersonId,
    }
    defaulted {}
    optional {}
    example { "personId": crate::wire_example_id() }
    check no_rules
}
