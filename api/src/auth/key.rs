//! Public keys of others: read from a JSON Web Key Set (RFC 7517), each bound to what it may verify.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use openilp_domain::identity::SignatureAlgorithm;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// More keys than any issuer needs.
const KEYS_MAX: usize = 100;
const RSA_BITS_MIN: usize = 2048;
const RSA_BITS_MAX: usize = 8192;

/// The keys of one issuer or client that can verify signatures.
#[derive(Default)]
pub(super) struct KeySet(Vec<PublicKey>);

struct PublicKey {
    kid: String,
    /// What its type and curve allow, narrowed by its `alg` if it has one.
    algorithms: Vec<SignatureAlgorithm>,
    key: DecodingKey,
}

impl KeySet {
    /// Reads a key set. Keys that are of no use here (for encryption, without `kid`, of unknown or weak kinds) are passed
    /// over, as RFC 7517 section 5 asks; what is not a key set at all is an error.
    pub(super) fn parse(jwks: &Value) -> Result<Self, String> {
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or("not a JSON Web Key Set: no list of keys")?;
        if keys.len() > KEYS_MAX {
            return Err(format!("more than {KEYS_MAX} keys"));
        }
        Ok(Self(keys.iter().filter_map(|jwk| PublicKey::parse(jwk).ok()).collect()))
    }

    /// Reads a key set that somebody registers: every key must be of use.
    pub(super) fn parse_all(jwks: &Value) -> Result<Self, String> {
        let keys = jwks.get("keys").and_then(Value::as_array).ok_or("not a JSON Web Key Set: no list of keys")?;
        if keys.is_empty() {
            return Err("no keys".into());
        }
        if keys.len() > KEYS_MAX {
            return Err(format!("more than {KEYS_MAX} keys"));
        }
        let parsed: Result<Vec<PublicKey>, String> =
            keys.iter().enumerate().map(|(n, jwk)| PublicKey::parse(jwk).map_err(|fault| format!("key {n}: {fault}"))).collect();
        parsed.map(Self)
    }

    /// Whether there is a key of this id.
    pub(super) fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid == kid)
    }

    /// Checks a signature with the key of this id, and no other: not one that the token brings along (`jwk`, `jku`, `x5u`).
    pub(super) fn verify(&self, kid: &str, algorithm: SignatureAlgorithm, signed: &str, signature: &str) -> Result<(), Refusal> {
        if !self.has(kid) {
            return Err(Refusal::KeyUnknown);
        }
        // Two keys may share an id if their kinds differ (RFC 7517 section 4.5).
        let fits = |key: &&PublicKey| key.kid == kid && key.algorithms.contains(&algorithm);
        let key = self.0.iter().find(fits).ok_or(Refusal::KeyUnfit)?;
        match jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key.key, jose(algorithm)) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Refusal::SignatureWrong),
        }
    }
}

/// jsonwebtoken's name for an algorithm.
pub(super) const fn jose(algorithm: SignatureAlgorithm) -> Algorithm {
    match algorithm {
        SignatureAlgorithm::Es256 => Algorithm::ES256,
        SignatureAlgorithm::Es384 => Algorithm::ES384,
        SignatureAlgorithm::EdDsa => Algorithm::EdDSA,
        SignatureAlgorithm::Ps256 => Algorithm::PS256,
        SignatureAlgorithm::Rs256 => Algorithm::RS256,
        SignatureAlgorithm::Rs384 => Algorithm::RS384,
    }
}

impl PublicKey {
    fn parse(jwk: &Value) -> Result<Self, String> {
        use SignatureAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256, Rs384};
        let jwk = jwk.as_object().ok_or("is not an object")?;
        let kid = text(jwk, "kid")?;
        if kid.is_empty() {
            return Err("has an empty kid".into());
        }
        if jwk.contains_key("d") || jwk.contains_key("k") {
            return Err("is a private or secret key".into());
        }
        if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
            return Err("is not for signatures".into());
        }
        if jwk.get("key_ops").is_some_and(|uses| !uses.as_array().is_some_and(|uses| uses.iter().any(|one| one == "verify"))) {
            return Err("is not for verifying".into());
        }
        let (algorithms, key) = match (text(jwk, "kty")?, jwk.get("crv").and_then(Value::as_str)) {
            ("EC", Some("P-256")) => (vec![Es256], ec(jwk, 32)?),
            ("EC", Some("P-384")) => (vec![Es384], ec(jwk, 48)?),
            ("OKP", Some("Ed25519")) => (vec![EdDsa], DecodingKey::from_ed_der(&bytes(jwk, "x", Some(32))?)),
            ("RSA", _) => (vec![Rs256, Rs384, Ps256], rsa(jwk)?),
            _ => return Err("is of a kind that is not supported".into()),
        };
        let algorithms: Vec<SignatureAlgorithm> = match jwk.get("alg") {
            None => algorithms,
            Some(only) => algorithms.into_iter().filter(|algorithm| only == algorithm.word()).collect(),
        };
        if algorithms.is_empty() {
            return Err("has an alg that is not supported or not of its kind".into());
        }
        Ok(Self { kid: kid.to_owned(), algorithms, key })
    }
}

fn text<'j>(jwk: &'j Map<String, Value>, name: &str) -> Result<&'j str, String> {
    jwk.get(name).and_then(Value::as_str).ok_or_else(|| format!("has no {name}"))
}

fn bytes(jwk: &Map<String, Value>, name: &str, length: Option<usize>) -> Result<Vec<u8>, String> {
    let bytes = URL_SAFE_NO_PAD.decode(text(jwk, name)?).map_err(|_| format!("has a {name} that is not base64url"))?;
    if length.is_some_and(|length| bytes.len() != length) {
        return Err(format!("has a {name} of the wrong length"));
    }
    Ok(bytes)
}

/// A point on a curve, uncompressed (SEC 1 section 2.3.3).
fn ec(jwk: &Map<String, Value>, length: usize) -> Result<DecodingKey, String> {
    let mut point = vec![4];
    point.extend(bytes(jwk, "x", Some(length))?);
    point.extend(bytes(jwk, "y", Some(length))?);
    Ok(DecodingKey::from_ec_der(&point))
}

/// A modulus of 2,048 bits or more (RFC 7518 section 3.3) and an odd exponent above 2^16 (FIPS 186-5, 5.1).
fn rsa(jwk: &Map<String, Value>) -> Result<DecodingKey, String> {
    let (n, e) = (bytes(jwk, "n", None)?, bytes(jwk, "e", None)?);
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits(&n)) {
        return Err("has a modulus of the wrong length".into());
    }
    if bits(&e) <= 16 || e.last().is_none_or(|last| last % 2 == 0) {
        return Err("has an exponent that is too small or even".into());
    }
    Ok(DecodingKey::from_rsa_raw_components(&n, &e))
}

fn bits(number: &[u8]) -> usize {
    let mut rest = number.iter().skip_while(|byte| **byte == 0);
    rest.next().map_or(0, |first| (8 - usize::try_from(first.leading_zeros()).unwrap_or(8)) + 8 * rest.count())
}
