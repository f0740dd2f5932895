//! An issuer of people's tokens, bound to the one district for whose people it speaks.

use chrono::{DateTime, Utc};

use crate::code::{Audience, WebAddress};
use crate::id::{DistrictId, IssuerId};
use crate::identity::{ClaimMatching, KeySource, SignatureAlgorithm};
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
        /// Whether families come with its tokens: only such logins may redeem invitations.
        for_families: bool,
        /// The version, always 1. It is the entity tag.
        version: i32,
        /// When it was registered.
        created_at: DateTime<Utc>,
    }
    optional {
        /// How its logins are matched to people by themselves. Absent: each is linked by somebody.
        matching: ClaimMatching,
    }
    example {
        "id": crate::wire_example_id(),
        "issuer": "https://id.canyonview.example",
        "districtId": crate::wire_example_id(),
        "audience": "https://ilp.example",
        "keys": { "jwksUrl": "https://id.canyonview.example/keys.json" },
        "algorithms": ["ES256", "RS256"],
        "forFamilies": false,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "matching": { "claim": "employee_id", "system": "sis", "verifiedEmail": false }
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
        /// Whether families come with its tokens: only such logins may redeem invitations.
        for_families: bool = false,
    }
    optional {
        /// How its logins are matched to people by themselves. Left out: each is linked by somebody.
        matching: ClaimMatching,
    }
    example {
        "issuer": "https://id.canyonview.example",
        "audience": "https://ilp.example",
        "keys": { "jwksUrl": "https://id.canyonview.example/keys.json" },
        "algorithms": ["ES256", "RS256"],
        "forFamilies": false,
        "matching": { "claim": "employee_id", "system": "sis" }
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
    fn a_claim_names_an_identifier_or_a_verified_address() {
        let read = |matching: serde_json::Value| {
            let mut sent = NewIssuer::example();
            sent["matching"] = matching;
            NewIssuer::read(sent).map_err(|invalid| invalid.0.into_iter().map(|f| f.pointer).collect::<Vec<_>>())
        };
        assert!(read(json!({ "claim": "employee_id", "system": "sis" })).is_ok());
        assert!(read(json!({ "claim": "email", "verifiedEmail": true })).is_ok());
        assert!(read(json!(null)).is_ok_and(|new| new.matching.is_none()));
        for bad in [json!({ "claim": "email" }), json!({ "claim": "email", "system": "sis", "verifiedEmail": true }), json!("email")] {
            assert_eq!(read(bad.clone()), Err(vec!["/matching".to_owned()]), "{bad}");
        }
        assert_eq!(read(json!({ "system": "sis", "colour": 1 })), Err(vec!["/matching/claim".to_owned(), "/matching/colour".to_owned()]));
    }

    #[test]
    fn the_example_is_accepted() {
        assert!(NewIssuer::read(NewIssuer::example()).is_ok());
    }
}
