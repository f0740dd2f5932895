//! A compact JWS taken apart, strictly (RFC 7515, RFC 8725).
//!
//! jsonwebtoken's own decoder accepts much that it should not by default (claims absent, ill-typed or unchecked), so this
//! service reads tokens itself and leaves to jsonwebtoken what it does well: the signature. Here every member stands once
//! and is read by its type; nothing is coerced, nothing unread is trusted.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// No honest token is longer; it would not pass most proxies either.
pub(super) const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// The last second of the year 9999: no later time is meant.
const SECONDS_MAX: i64 = 253_402_300_799;
const MEMBER_TWICE: &str = "a member stands twice";

/// A token taken apart and not verified: nothing in it may be believed yet.
pub(super) struct Compact<'t> {
    pub(super) head: Members,
    pub(super) claims: Members,
    /// What was signed: header and claims as they were sent.
    pub(super) signed: &'t str,
    /// The signature, in base64url.
    pub(super) signature: &'t str,
}

impl<'t> Compact<'t> {
    /// Takes a token apart.
    pub(super) fn parse(token: &'t str) -> Result<Self, Refusal> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Refusal::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::NotCompact)?;
        let (head, claims) = signed.split_once('.').ok_or(Refusal::NotCompact)?;
        if claims.contains('.') || signature.is_empty() {
            return Err(Refusal::NotCompact);
        }
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::NotCompact);
        bytes(signature)?;
        let head = Members::parse(&bytes(head)?, Refusal::HeadNotJson)?;
        if head.has("crit") || head.has("b64") {
            return Err(Refusal::CriticalHeader);
        }
        let claims = Members::parse(&bytes(claims)?, Refusal::ClaimsNotJson)?;
        Ok(Self { head, claims, signed, signature })
    }
}

/// The members of a JSON object, each standing once.
pub(super) struct Members(Map<String, Value>);

impl Members {
    fn parse(json: &[u8], otherwise: Refusal) -> Result<Self, Refusal> {
        match serde_json::from_slice(json) {
            Ok(Once(Value::Object(members))) => Ok(Self(members)),
            Ok(_) => Err(otherwise),
            Err(error) if error.to_string().starts_with(MEMBER_TWICE) => Err(Refusal::MemberTwice),
            Err(_) => Err(otherwise),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn get(&self, name: &'static str) -> Result<&Value, Refusal> {
        self.0.get(name).ok_or(Refusal::ClaimMissing(name))
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name)?.as_str().ok_or(Refusal::ClaimIllTyped(name))
    }

    /// A claim that nothing else depends on, if it is text.
    pub(super) fn any_text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The texts of a list that nothing else depends on.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let items = self.0.get(name).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// The words of a claim that nothing else depends on: of one text with blanks between, or of a list.
    pub(super) fn words(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::String(text)) => text.split_ascii_whitespace().collect(),
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        }
    }

    /// Whether a claim says false; some issuers write it as text.
    pub(super) fn says_false(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value == false || value == "false")
    }

    /// A text that may be absent, but not of another type.
    pub(super) fn optional_text(&self, name: &'static str) -> Result<Option<&str>, Refusal> {
        if self.has(name) { self.text(name).map(Some) } else { Ok(None) }
    }

    /// A NumericDate that must be there (RFC 7519 section 2), in whole seconds.
    pub(super) fn seconds(&self, name: &'static str) -> Result<i64, Refusal> {
        let seconds = self.get(name)?.as_i64().ok_or(Refusal::ClaimIllTyped(name))?;
        if (0..=SECONDS_MAX).contains(&seconds) { Ok(seconds) } else { Err(Refusal::ClaimIllTyped(name)) }
    }

    /// A NumericDate that may be absent.
    pub(super) fn optional_seconds(&self, name: &'static str) -> Result<Option<i64>, Refusal> {
        if self.has(name) { self.seconds(name).map(Some) } else { Ok(None) }
    }

    /// `aud`: one text or a list of texts (RFC 7519 section 4.1.3).
    pub(super) fn audiences(&self) -> Result<Vec<&str>, Refusal> {
        match self.get("aud")? {
            Value::String(one) => Ok(vec![one]),
            Value::Array(many) => many.iter().map(|one| one.as_str().ok_or(Refusal::ClaimIllTyped("aud"))).collect(),
            _ => Err(Refusal::ClaimIllTyped("aud")),
        }
    }
}

/// Any JSON in which no object names a member twice. Parsers differ in which of the two they take, and a forger lives on
/// the difference.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Once)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Once(value))) = object.next_entry::<String, Once>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom(MEMBER_TWICE));
            }
        }
        Ok(Value::Object(members))
    }
}
