//! A machine client: an operator, a student information system, or the state agency.

use chrono::{DateTime, Utc};

use crate::id::{ClientId, DistrictId};
use crate::identity::KeySource;
use crate::invalid::Invalid;
use crate::principal::ClientKind;
use crate::text::ShortText;

crate::view! {
    /// A machine client.
    MachineClient
    required {
        /// Its `client_id`.
        id: ClientId,
        /// What it is for.
        kind: ClientKind,
        /// What people call it.
        name: ShortText,
        /// Whether it has a secret (`client_secret_basic`).
        has_secret: bool,
        /// Whether it may call. One that may not is refused at once.
        active: bool,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was registered.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The one district of a SIS client.
        district_id: DistrictId,
        /// Its public keys, if it authenticates by `private_key_jwt`.
        keys: KeySource,
        /// Its secret. Only the very answer that makes it has it: it is kept nowhere, and a repeated request does not get it again.
        secret: ShortText,
    }
    example {
        "id": crate::wire_example_id(),
        "kind": "sis",
        "name": "Example SIS",
        "hasSecret": false,
        "active": true,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "districtId": crate::wire_example_id(),
        "keys": { "jwksUrl": "https://sis.example/keys.json" }
    }
}

crate::body! {
    /// A machine client as it is registered: with public keys it authenticates by `private_key_jwt`, without them it gets a secret.
    NewMachineClient
    required {
        /// What it is for.
        kind: ClientKind,
        /// What people call it.
        name: ShortText,
    }
    defaulted {}
    optional {
        /// The one district of a SIS client, and of no other.
        district_id: DistrictId,
        /// Its public keys.
        keys: KeySource,
    }
    example {
        "kind": "sis",
        "name": "Example SIS",
        "districtId": crate::wire_example_id(),
        "keys": { "jwksUrl": "https://sis.example/keys.json" }
    }
    check |new| match (new.kind, new.district_id) {
        (ClientKind::Sis, None) => Invalid::one("/districtId", "missing", "A SIS client belongs to one district."),
        (ClientKind::Operator | ClientKind::State, Some(_)) => Invalid::one("/districtId", "not_for_this_kind", "Only a SIS client belongs to a district."),
        _ => Invalid::default(),
    }
}

crate::change! {
    /// A change to a client: what is absent stays.
    MachineClientPatch
    required {
        /// What people call it.
        name: ShortText,
        /// Whether it may call. False stops it at once.
        active: bool,
    }
    optional {}
    example { "active": false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::{Value, json};

    fn pointers(sent: Value) -> Vec<String> {
        NewMachineClient::read(sent).err().map(|invalid| invalid.0.into_iter().map(|f| f.pointer).collect()).unwrap_or_default()
    }

    #[test]
    fn every_fault_of_a_new_client_is_named() {
        assert_eq!(
            pointers(json!({ "kind": "person", "districtId": "x", "keys": { "jwksUrl": "http://sis.example" }, "secret": "mine" })),
            ["/kind", "/name", "/districtId", "/keys/jwksUrl", "/secret"]
        );
        assert_eq!(pointers(json!({ "kind": "sis", "name": "SIS", "keys": {} })), ["/keys"]);
        assert_eq!(
            pointers(json!({ "kind": "sis", "name": "SIS", "keys": { "jwks": { "keys": [] }, "jwksUrl": "https://sis.example" } })),
            ["/keys"]
        );
    }

    #[test]
    fn a_sis_client_and_no_other_belongs_to_a_district() {
        assert_eq!(pointers(json!({ "kind": "sis", "name": "SIS" })), ["/districtId"]);
        assert_eq!(pointers(json!({ "kind": "state", "name": "Agency", "districtId": crate::wire_example_id() })), ["/districtId"]);
        assert!(NewMachineClient::read(json!({ "kind": "state", "name": "Agency" })).is_ok());
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewMachineClient::read(NewMachineClient::example()).is_ok());
        assert!(MachineClientPatch::read(MachineClientPatch::example()).is_ok());
    }
}
