//! A forger's tools, for tests.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

/// Key pairs of an honest issuer, and one of a forger.
pub(super) struct Keys {
    p256: Vec<u8>,
    p384: Vec<u8>,
    ed: Vec<u8>,
    rsa: Vec<u8>,
    forger: Vec<u8>,
    pub(super) jwks: Value,
}

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn ec_jwk(kid: &str, crv: &str, pair: &EcdsaKeyPair) -> Value {
    let (x, y) = pair.public_key().as_ref()[1..].split_at((pair.public_key().as_ref().len() - 1) / 2);
    json!({ "kty": "EC", "crv": crv, "kid": kid, "use": "sig", "x": base64url(x), "y": base64url(y) })
}

fn ecdsa(algorithm: &'static signature::EcdsaSigningAlgorithm) -> (Vec<u8>, EcdsaKeyPair) {
    let der = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap().as_ref().to_vec();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, &der).unwrap();
    (der, pair)
}

impl Keys {
    pub(super) fn generate() -> Self {
        let (p256, p256_pair) = ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING);
        let (p384, p384_pair) = ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING);
        let (forger, _) = ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING);
        let ed = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref().to_vec();
        let ed_pair = Ed25519KeyPair::from_pkcs8(&ed).unwrap();
        let rsa_pair = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
        // jsonwebtoken signs with PKCS#1, which in PKCS#8 stands after 26 bytes of envelope.
        let pkcs1 = AsDer::<Pkcs8V1Der<'_>>::as_der(&rsa_pair).unwrap().as_ref()[26..].to_vec();
        let public = signature::RsaPublicKeyComponents::<Vec<u8>>::from(rsa_pair.public_key());
        let rsa_jwk = json!({ "kty": "RSA", "kid": "rsa", "n": base64url(&public.n), "e": base64url(&public.e) });
        let jwks = json!({ "keys": [
            ec_jwk("es", "P-256", &p256_pair),
            ec_jwk("es384", "P-384", &p384_pair),
            { "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": base64url(ed_pair.public_key()) },
            rsa_jwk,
            { "kty": "RSA", "kid": "rs-only", "alg": "RS256", "n": base64url(&public.n), "e": base64url(&public.e) },
            { "kty": "RSA", "kid": "for-encryption", "use": "enc", "n": base64url(&public.n), "e": base64url(&public.e) },
            { "kty": "RSA", "kid": "exponent-one", "n": base64url(&public.n), "e": "AQ" },
            { "kty": "RSA", "kid": "short", "n": base64url(&public.n[..128]), "e": "AQAB" },
            { "kty": "oct", "kid": "shared", "k": base64url(b"0123456789abcdef0123456789abcdef") },
        ] });
        Self { p256, p384, ed, rsa: pkcs1, forger, jwks }
    }

    /// A private key and the algorithm it signs with, by name.
    fn signer(&self, name: &str) -> (EncodingKey, Algorithm) {
        match name {
            "ES256" => (EncodingKey::from_ec_der(&self.p256), Algorithm::ES256),
            "forger" => (EncodingKey::from_ec_der(&self.forger), Algorithm::ES256),
            "ES384" => (EncodingKey::from_ec_der(&self.p384), Algorithm::ES384),
            "EdDSA" => (EncodingKey::from_ed_der(&self.ed), Algorithm::EdDSA),
            "RS256" => (EncodingKey::from_rsa_der(&self.rsa), Algorithm::RS256),
            "RS384" => (EncodingKey::from_rsa_der(&self.rsa), Algorithm::RS384),
            "RS512" => (EncodingKey::from_rsa_der(&self.rsa), Algorithm::RS512),
            "PS256" => (EncodingKey::from_rsa_der(&self.rsa), Algorithm::PS256),
            // The oldest trick: the public key as the secret of an HMAC.
            "HS256" => (EncodingKey::from_secret(self.jwks.to_string().as_bytes()), Algorithm::HS256),
            other => panic!("no signer {other}"),
        }
    }

    /// Signs a header and claims as they are, sound or not.
    pub(super) fn sign(&self, signer: &str, head: &str, claims: &str) -> String {
        let (key, algorithm) = self.signer(signer);
        let signed = format!("{}.{}", base64url(head), base64url(claims));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, algorithm).unwrap();
        format!("{signed}.{signature}")
    }
}
