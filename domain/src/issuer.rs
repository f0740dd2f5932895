//! An issuer of people's tokens, bound to the one district for whose people it speaks.

use chrono::{DateTime, Utc};

use crate::code::{Audience, WebAddress};
use crate::id::{DistrictId, IssuerId};
use crate::identity::{KeySource, SignatureAlgorithm};
use crate::invalid::Invalid;

crate::view! {
    /// An OpenID provider whose access tokens are accepted. It is never changed: remove it and register another.
    Issuer
    required {
        /// The id. It follows from `issuer`.
        id: IssuerId,
        /// The `iss` of its tokens, compared byte for byte.
        issuer: WebAddress,
        /// The district for whose people it speaks.
        district_id: DistrictId,
        /// The `aud` that its tokens for this service carry.
        audience: Audience,
        /// Its public keys.
        keys: KeySource,
        /// The algorithms that it may use.
        algorithms: Vec<SignatureAlgorithm>,
        /// The version, always 1. It is the entity tag.
        version: i32,
        /// When it was registered.
        created_at: DateTime<Utc>,
    }
    optional {}
    example {
        "id": crate::wire_example_id(),
        "issuer": "https://id.canyonview.example",
        "districtId": crate::wire_example_id(),
        "audience": "https://ilp.example",
        "keys": { "jwksUrl": "https://id.canyonview.example/keys.json" },
        "algorithms": ["ES256", "RS256"],
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// An issuer as it is registered.
    NewIssuer
    required {
        /// The `iss` of its tokens, compared byte for byte.
        issuer: WebAddress,
        /// The `aud` that its tokens for this service carry.
        audience: Audience,
        /// Its public keys.
        keys: KeySource,
    }
    defaulted {
        /// The algorithms that it may use; all that are accepted from people if left out.
        algorithms: Vec<SignatureAlgorithm> = SignatureAlgorithm::FOR_PEOPLE.to_vec(),
    }
    optional {}
    example {
        "issuer": "https://id.canyonview.example",
        "audience": "https://ilp.example",
        "keys": { "jwksUrl": "https://id.canyonview.example/keys.json" },
        "algorithms": ["ES256", "RS256"]
    }
    check |new| {
        let mut invalid = Invalid::default();
        for (number, algorithm) in new.algorithms.iter().enumerate() {
            let pointer = format!("/algorithms/{number}");
            if !SignatureAlgorithm::FOR_PEOPLE.contains(algorithm) { invalid.push(&pointer, "not_for_people", "Not accepted for tokens of people."); }
            if new.algorithms.iter().take(number).any(|known| known == algorithm) { invalid.push(&pointer, "twice", "Is listed twice."); }
        }
        invalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_new_issuer_is_named() {
        let Err(invalid) = NewIssuer::read(json!({ "issuer": "id.example", "audience": "a b", "keys": { "file": 1 }, "algorithms": ["HS256"] }))
        else {
            panic!("accepted")
        };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/issuer", "/audience", "/keys", "/algorithms/0"]);
    }

    #[test]
    fn an_issuer_of_peoples_tokens_signs_with_what_is_accepted_from_people() {
        let mut sent = NewIssuer::example();
        sent["algorithms"] = json!(["ES256", "ES384", "ES256"]);
        let Err(invalid) = NewIssuer::read(sent) else { panic!("accepted") };
        let faults: Vec<_> = invalid.0.iter().map(|f| (f.pointer.as_str(), f.code)).collect();
        assert_eq!(faults, [("/algorithms/1", "not_for_people"), ("/algorithms/2", "twice")]);
    }

    #[test]
    fn the_example_is_accepted() {
        assert!(NewIssuer::read(NewIssuer::example()).is_ok());
    }
}
