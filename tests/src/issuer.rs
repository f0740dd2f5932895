//! An OpenID provider of a district, as far as a service sees one: a key, and tokens that it signs.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openilp_api::state::Clock;
use openilp_domain::id::DistrictId;
use serde_json::{Value, json};

use crate::{Actor, Answer, TestApp};

/// What its tokens for the service under test are for.
const AUDIENCE: &str = "ilp";

/// What they call the application through which people come.
pub const FRONT_END: &str = "front-end";

/// A provider, registered for a district.
pub struct TestIssuer {
    /// Its `iss`.
    pub name: String,
    key: EncodingKey,
}

impl TestIssuer {
    /// Makes one and has the operator register it with these members too, such as `matching`, and approve one front end, for everything.
    pub async fn register(app: &TestApp, district: DistrictId, name: &str, members: Value) -> (Self, Answer) {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "1", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
        let mut body = json!({ "issuer": name, "audience": AUDIENCE, "keys": { "jwks": { "keys": [jwk] } } });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let operator = app.client("operator").await;
        let made = operator.post(&format!("/v1/districts/{district}/issuers"), body).await.expect(201);
        let front_end = json!({ "name": "Front end", "issuer": name, "clientId": FRONT_END, "forOffices": true });
        operator.post(&format!("/v1/districts/{district}/front-ends"), front_end).await.expect(201);
        (Self { name: name.to_owned(), key: EncodingKey::from_ec_der(pkcs8.as_ref()) }, made)
    }

    /// Whoever has a new token of this login, with these claims too; null takes one away.
    pub fn login<'a>(&self, app: &'a TestApp, subject: &str, claims: Value) -> Actor<'a> {
        let at = app.clock.now().timestamp();
        let mut all =
            json!({ "iss": self.name, "aud": AUDIENCE, "azp": FRONT_END, "sub": subject, "iat": at, "exp": at + 600, "jti": uuid::Uuid::now_v7() });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        all.as_object_mut().unwrap().retain(|_, claim| !claim.is_null());
        let mut header = Header::new(Algorithm::ES256);
        (header.typ, header.kid) = (Some("at+jwt".into()), Some("1".into()));
        app.bearer(jsonwebtoken::encode(&header, &all, &self.key).unwrap())
    }
}
