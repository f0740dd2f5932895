//! Invitations: how a family without a district login gets in. A code is told once and counts once.

use chrono::{DateTime, Utc};

use crate::id::{InvitationId, PersonId};
use crate::invalid::Invalid;
use crate::plain::no_rules;
use crate::text::ShortText;

/// For how many days an invitation may be open.
pub const DAYS_MAX: i32 = 60;

crate::view! {
    /// An invitation to a person. It gives no right: what the person may see follows from confirmed links, as for everybody.
    Invitation
    required {
        /// The id.
        id: InvitationId,
        /// Who is invited.
        person_id: PersonId,
        /// From when on it is not accepted any more.
        expires_at: DateTime<Utc>,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// When it was redeemed. It counts once.
        redeemed_at: DateTime<Utc>,
        /// The code. Only the very answer that makes it has it: it is kept nowhere, and a repeated request does not get it again.
        code: ShortText,
    }
    example {
        "id": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "expiresAt": "2026-09-15T15:04:05Z",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// An invitation as it is made.
    NewInvitation
    required {
        /// Who is invited: somebody of the district, such as a guardian.
        person_id: PersonId,
    }
    defaulted {
        /// For how many days it is open, 1 to 60; 14 if left out.
        valid_days: i32 = 14,
    }
    optional {}
    example { "personId": crate::wire_example_id(), "validDays": 14 }
    check |new| {
        if (1..=DAYS_MAX).contains(&new.valid_days) { return Invalid::default(); }
        Invalid::one("/validDays", "out_of_range", "Must be 1 to 60.")
    }
}

crate::body! {
    /// The code of an invitation, sent with a token of the login that is to be the person's.
    InvitationRedemption
    required {
        /// The code, as it was told. Blanks, hyphens and case make no difference.
        code: ShortText,
    }
    defaulted {}
    optional {}
    example { "code": "K7Q2F-9XM4T-B3W8N-ZC5HD-6RJ1V" }
    check no_rules
}

impl InvitationRedemption {
    /// The code as it was made: people add blanks, hyphens and lower case, and read O for 0 and I or L for 1.
    pub fn plain_code(&self) -> String {
        let plain = self.code.as_str().chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        plain.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let read = |code: &str| InvitationRedemption::read(json!({ "code": code })).map(|sent| sent.plain_code());
        assert_eq!(read(" k7q2f-9xm4t ").ok(), Some("K7Q2F9XM4T".to_owned()));
        assert_eq!(read("Ool i").ok(), Some("0011".to_owned()));
        assert!(read(" ").is_err());
    }

    #[test]
    fn an_invitation_is_open_for_some_days() {
        let read = |days: i32| NewInvitation::read(json!({ "personId": crate::wire_example_id(), "validDays": days }));
        assert!(read(1).is_ok() && read(60).is_ok() && read(0).is_err() && read(61).is_err());
        assert!(NewInvitation::read(NewInvitation::example()).is_ok_and(|new| new.valid_days == 14));
    }
}
