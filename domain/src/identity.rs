//! The registers of who may call, as authentication reads them: issuers of people's tokens, and where keys stand.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::code::{ClaimName, WebAddress};
use crate::field::{Field, Members, wrong};
use crate::id::DistrictId;
use crate::invalid::{Fault, Invalid};
use crate::text::ShortText;
use crate::words;

words! {
    /// A signature algorithm (RFC 7518 section 3.1, RFC 8037). There is no HMAC and no `none` here, so neither can be configured.
    SignatureAlgorithm {
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        Es384 = "ES384",
        /// Ed25519.
        EdDsa = "EdDSA",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        Rs256 = "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384 (SMART Backend Services asks for it).
        Rs384 = "RS384",
    }
}

impl SignatureAlgorithm {
    /// What an issuer of people's tokens may sign with.
    pub const FOR_PEOPLE: &[Self] = &[Self::Es256, Self::EdDsa, Self::Ps256, Self::Rs256];
    /// What a client may sign its assertions with.
    pub const FOR_CLIENTS: &[Self] = &[Self::Es256, Self::Es384, Self::Rs384, Self::Ps256, Self::EdDsa];

    /// Reads a list as the registers keep it: words with spaces between.
    pub fn list(text: &str) -> Result<Vec<Self>, String> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

words! {
    /// What a key of this deployment is for.
    KeyPurpose {
        /// Signs the tokens that this deployment issues (ES256).
        TokenSigning = "tokenSigning",
        /// Seals cursors.
        CursorSealing = "cursorSealing",
    }
}

/// Where the public keys of an issuer or a client stand: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum KeySource {
    /// A JSON Web Key Set (RFC 7517) kept in the register.
    Jwks(Value),
    /// The address of one; https, or http on the same machine.
    JwksUrl(String),
}

impl Field for KeySource {
    fn read(value: &Value) -> Result<Self, Invalid> {
        const DETAIL: &str = "Must be an object with either jwks or jwksUrl.";
        let one = value.as_object().filter(|members| members.len() == 1).and_then(|members| members.iter().next());
        match one.map(|(name, value)| (name.as_str(), value)) {
            Some(("jwks", set)) if set.is_object() => Ok(Self::Jwks(set.clone())),
            Some(("jwks", _)) => Err(Invalid::one("/jwks", "not_a_key_set", "Must be a JSON Web Key Set (RFC 7517).")),
            Some(("jwksUrl", url)) => match WebAddress::read(url) {
                Ok(url) => Ok(Self::JwksUrl(url.into())),
                Err(faults) => Err(Invalid(faults.0.into_iter().map(|fault| Fault { pointer: "/jwksUrl".into(), ..fault }).collect())),
            },
            _ => wrong("not_keys", DETAIL),
        }
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("KeySource").into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Type};
        let set = ObjectBuilder::new()
            .schema_type(Type::Object)
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .description(Some("A JSON Web Key Set (RFC 7517), kept in the register."));
        // Two members of which one is given: plainer for clients than a choice between two objects.
        let keys = crate::wire::object("Where public keys stand: in the register, or at an address. Exactly one of the two.");
        let mut keys =
            crate::wire::member::<WebAddress>(keys, "jwks_url", "The address of one; https, or http on the same machine.", false, false, named);
        keys.properties.insert("jwks".into(), set.build().into());
        (keys.min_properties, keys.max_properties) = (Some(1), Some(1));
        named.push(("KeySource".into(), keys.into()));
    }
}

/// Which claim of an issuer's tokens says whose login it is: by an identifier of the person, or by a verified e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimMatching {
    /// The claim.
    pub claim: ClaimName,
    /// Whose identifiers it names: a roster's source, `localStudentId` or `stateStudentId`. None: it is an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<ShortText>,
    /// Whether the issuer has verified that the address is the login's.
    pub verified_email: bool,
}

impl Field for ClaimMatching {
    fn read(value: &Value) -> Result<Self, Invalid> {
        let mut members = Members::of(value.clone()).or_else(|_| wrong("not_an_object", "Must be an object."))?;
        let (claim, system, verified_email) = (members.required("claim"), members.optional("system"), members.change("verified_email"));
        members.finish()?;
        let (Some(claim), verified_email) = (claim, verified_email.unwrap_or(false)) else { return wrong("missing", "Must name a claim.") };
        if system.is_some() == verified_email {
            return wrong("not_one_way", "Must have either system, or verifiedEmail: true.");
        }
        Ok(Self { claim, system, verified_email })
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("ClaimMatching").into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        use crate::wire::{member, object};
        let about = "Which claim says whose login it is. It has either `system`, or `verifiedEmail: true`.";
        let rule = member::<ClaimName>(object(about), "claim", "The claim, such as `employee_id`.", true, false, named);
        let system = "Whose identifiers it names: the source of a roster, `localStudentId` or `stateStudentId`.";
        let rule = member::<ShortText>(rule, "system", system, false, false, named);
        let email = "True: the claim is an e-mail address that the issuer has verified. It counts if exactly one active person has it.";
        let rule = member::<bool>(rule, "verified_email", email, false, false, named);
        named.push(("ClaimMatching".into(), rule.into()));
    }
}

/// An OpenID provider whose access tokens are accepted, and the district that it speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The `iss` of its tokens, compared byte for byte.
    pub issuer: String,
    /// The district for whose people it speaks.
    pub district_id: DistrictId,
    /// The `aud` that its tokens for this service carry.
    pub audience: String,
    /// Its public keys.
    pub keys: KeySource,
    /// The algorithms that it may use.
    pub algorithms: Vec<SignatureAlgorithm>,
    /// How its logins are matched to people by themselves; none: each is linked by somebody.
    pub matching: Option<ClaimMatching>,
    /// Whether families come with its tokens, and may redeem invitations.
    pub for_families: bool,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_algorithms_holds_no_hmac() {
        assert_eq!(SignatureAlgorithm::list("ES256 RS256"), Ok(vec![SignatureAlgorithm::Es256, SignatureAlgorithm::Rs256]));
        assert!(SignatureAlgorithm::list("ES256 HS256").is_err());
        assert!(SignatureAlgorithm::list("none").is_err());
    }
}
