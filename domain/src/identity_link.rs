//! The link of a login to a person: the one way from a token to a person, never e-mail.

use chrono::{DateTime, Utc};

use crate::code::{Subject, WebAddress};
use crate::id::{IdentityLinkId, PersonId};
use crate::invalid::Invalid;
use crate::noun::Body;
use crate::plain::no_rules;
use crate::text::ShortText;

/// Has a body stand inside another one.
macro_rules! nested {
    ($name:ident) => {
        impl crate::field::Field for $name {
            fn read(value: &serde_json::Value) -> Result<Self, Invalid> {
                <Self as Body>::read(value.clone())
            }
            #[cfg(feature = "wire")]
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::Ref::from_schema_name(<Self as Body>::NAME).into()
            }
            #[cfg(feature = "wire")]
            fn schemas(named: &mut crate::wire::Named) {
                let schema = <Self as Body>::schema(named);
                named.push((<Self as Body>::NAME.to_owned(), schema.into()));
            }
        }
    };
}

crate::view! {
    /// The link of a login to a person. It is never moved: remove it and make another.
    IdentityLink
    required {
        /// The id.
        id: IdentityLinkId,
        /// The `iss` of the person's tokens.
        issuer: WebAddress,
        /// The `sub` of the person's tokens.
        subject: Subject,
        /// The person.
        person_id: PersonId,
        /// The version. It is the entity tag.
        version: i32,
        /// When it was made.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "issuer": "https://id.canyonview.example",
        "subject": "00u1a2b3c4",
        "personId": crate::wire_example_id(),
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A login as it is linked to a person.
    NewIdentityLink
    required {
        /// The `iss` of the person's tokens.
        issuer: WebAddress,
        /// The `sub` of the person's tokens, exactly as they carry it.
        subject: Subject,
        /// The person.
        person_id: PersonId,
    }
    defaulted {}
    optional {}
    example { "issuer": "https://id.canyonview.example", "subject": "00u1a2b3c4", "personId": crate::wire_example_id() }
    check no_rules
}

crate::body! {
    /// Many logins, to be linked all at once or, if one of them cannot be, none.
    NewIdentityLinks
    required {
        /// The links, at most 1000.
        links: Vec<NewIdentityLink>,
    }
    defaulted {}
    optional {}
    example { "links": [{ "issuer": "https://id.canyonview.example", "subject": "00u1a2b3c4", "personId": crate::wire_example_id() }] }
    check |new| {
        let mut invalid = Invalid::default();
        let mut seen = std::collections::HashSet::new();
        for (number, link) in new.links.iter().enumerate() {
            if !seen.insert((&link.issuer, &link.subject)) { invalid.push(format!("/links/{number}"), "twice", "This login is in the list twice."); }
        }
        invalid
    }
}

nested!(NewIdentityLink);
nested!(PersonIdentifier);
nested!(NewLogin);

crate::body! {
    /// What another system calls a person.
    PersonIdentifier
    required {
        /// The system: the source of a roster, `localStudentId` or `stateStudentId`.
        system: ShortText,
        /// The identifier there, exactly.
        value: ShortText,
    }
    defaulted {}
    optional {}
    example { "system": "sis", "value": "910001" }
    check no_rules
}

crate::body! {
    /// A login and whose it is: a person of the district, by id or by what another system calls them.
    NewLogin
    required {
        /// The `iss` of its tokens.
        issuer: WebAddress,
        /// The `sub` of its tokens, exactly as they carry it.
        subject: Subject,
    }
    defaulted {}
    optional {
        /// The person.
        person_id: PersonId,
        /// What another system calls the person.
        identifier: PersonIdentifier,
    }
    example { "issuer": "https://id.canyonview.example", "subject": "00u1a2b3c4", "personId": crate::wire_example_id() }
    check |new| {
        if new.person_id.is_some() != new.identifier.is_some() { return Invalid::default(); }
        Invalid::one("", "not_one_way", "Must have either personId or identifier.")
    }
}

crate::body! {
    /// Logins to be linked one by one: what cannot be linked keeps nothing else back.
    NewLogins
    required {
        /// The logins, at most 1000.
        logins: Vec<NewLogin>,
    }
    defaulted {
        /// Whether to say only what would come of it.
        dry_run: bool = false,
    }
    optional {}
    example {
        "logins": [{ "issuer": "https://id.canyonview.example", "subject": "00u1a2b3c4", "personId": crate::wire_example_id() }],
        "dryRun": false
    }
    check no_rules
}

crate::words! {
    /// What came of one login.
    LoginOutcome {
        /// It is linked now and was not before.
        Created = "created",
        /// It was linked to the same person already.
        Unchanged = "unchanged",
        /// It was listed before, or is linked to another person.
        LinkedToAnother = "linkedToAnother",
        /// There is no such person in the district.
        UnknownPerson = "unknownPerson",
        /// The person is not active.
        Inactive = "inactive",
    }
}

crate::view! {
    /// What was made of many logins.
    IdentityLinksMade
    required {
        /// How many are linked now and were not before.
        created: i32,
        /// How many were linked to the same person already.
        unchanged: i32,
    }
    optional {}
    example { "created": 412, "unchanged": 3 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fault_of_many_links_is_named() {
        let good = <NewIdentityLink as Body>::example();
        let sent = json!({ "links": [good, { "issuer": "x", "subject": "", "personId": 1, "email": "a@b.example" }, good] });
        let Err(invalid) = NewIdentityLinks::read(sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/links/1/issuer", "/links/1/subject", "/links/1/personId", "/links/1/email"]);
        let Err(invalid) = NewIdentityLinks::read(json!({ "links": [good, good] })) else { panic!("accepted") };
        assert_eq!(invalid.0[0].pointer, "/links/1");
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(<NewIdentityLink as Body>::read(<NewIdentityLink as Body>::example()).is_ok());
        assert!(NewIdentityLinks::read(NewIdentityLinks::example()).is_ok());
    }
}
