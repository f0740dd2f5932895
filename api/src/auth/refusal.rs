//! Why a caller was not let in: in full for the log, in three words for the caller.

use std::fmt;

/// Why a token or a client was refused. It never holds anything from the token, which may be a secret or forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No Authorization header.
    Missing,
    /// The header is not `Bearer` and one token (RFC 6750 section 2.1).
    NotBearer,
    /// Longer than any honest token.
    TooLong,
    /// Not three parts of unpadded base64url (RFC 7515 section 7.1).
    NotCompact,
    /// The header is not a JSON object.
    HeadNotJson,
    /// The claims are not a JSON object.
    ClaimsNotJson,
    /// A member stands twice in the header or the claims (RFC 7515 section 4, RFC 7519 section 4).
    MemberTwice,
    /// A header that must be understood, and is not (RFC 7515 section 4.1.11).
    CriticalHeader,
    /// No `alg`, `none`, HMAC, or one that this service does not know.
    AlgorithmUnknown,
    /// An algorithm that this issuer or client may not use.
    AlgorithmNotAllowed,
    /// Another kind of token (RFC 8725 section 3.11).
    TypeWrong,
    /// No `kid`.
    KeyIdMissing,
    /// The issuer has no such key.
    KeyUnknown,
    /// The key is not for this algorithm.
    KeyUnfit,
    /// The signature does not hold.
    SignatureWrong,
    /// Nobody registered this issuer.
    IssuerUnknown,
    /// A claim that must be there is not.
    ClaimMissing(&'static str),
    /// A claim of the wrong type.
    ClaimIllTyped(&'static str),
    /// A claim whose value is not allowed.
    ClaimWrong(&'static str),
    /// For somebody else.
    AudienceWrong,
    /// It has expired.
    Expired,
    /// `nbf` is ahead.
    NotYetValid,
    /// `iat` is ahead.
    IssuedAhead,
    /// It lives longer than is allowed, or ends before it begins.
    LifetimeWrong,
    /// A token of another use, such as an ID token or a logout token.
    UseWrong,
    /// The client assertion was used before (RFC 7523 section 3, point 7).
    Replayed,
    /// No such client, or it was stopped.
    ClientUnknown,
    /// The client has no secret or not this one.
    SecretWrong,
    /// The issuer's keys could not be had, and none are kept.
    KeysUnavailable,
    /// The database did not answer, or a key of this deployment is damaged.
    Unavailable,
}

/// What the caller is told. More would help whoever forges tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// There was no token.
    Missing,
    /// The token is not good.
    Invalid,
    /// It was good and has expired: get a new one.
    Expired,
    /// It cannot be checked at present: 503.
    Unavailable,
}

/// The caller could not be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthError {
    /// For the log.
    pub reason: Refusal,
}

impl From<Refusal> for AuthError {
    fn from(reason: Refusal) -> Self {
        Self { reason }
    }
}

impl AuthError {
    /// What the caller may know.
    pub fn told(self) -> Told {
        match self.reason {
            Refusal::Missing => Told::Missing,
            Refusal::Expired => Told::Expired,
            Refusal::KeysUnavailable | Refusal::Unavailable => Told::Unavailable,
            _ => Told::Invalid,
        }
    }
}

impl Told {
    /// One sentence for the caller.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Missing => "Send an access token: Authorization: Bearer ….",
            Self::Invalid => "The access token is not valid.",
            Self::Expired => "The access token has expired.",
            Self::Unavailable => "The access token cannot be checked at present.",
        }
    }

    /// The `WWW-Authenticate` header of a 401 (RFC 6750 section 3). Without a token there is no error code in it;
    /// `resource_metadata` leads a client to who issues tokens (RFC 9728 section 5.1).
    pub fn www_authenticate(self, resource_metadata: &str) -> String {
        match self {
            Self::Missing => format!("Bearer resource_metadata=\"{resource_metadata}\""),
            _ => format!("Bearer error=\"invalid_token\", error_description=\"{}\", resource_metadata=\"{resource_metadata}\"", self.sentence()),
        }
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for AuthError {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClaimMissing(claim) => write!(f, "claim missing: {claim}"),
            Self::ClaimIllTyped(claim) => write!(f, "claim of the wrong type: {claim}"),
            Self::ClaimWrong(claim) => write!(f, "claim not allowed: {claim}"),
            other => f.write_str(match other {
                Self::Missing => "no token",
                Self::NotBearer => "not a bearer token",
                Self::TooLong => "token too long",
                Self::NotCompact => "not a compact JWS",
                Self::HeadNotJson => "header is not a JSON object",
                Self::ClaimsNotJson => "claims are not a JSON object",
                Self::MemberTwice => "a member stands twice",
                Self::CriticalHeader => "critical header not understood",
                Self::AlgorithmUnknown => "algorithm unknown",
                Self::AlgorithmNotAllowed => "algorithm not allowed for this issuer",
                Self::TypeWrong => "wrong type of token",
                Self::KeyIdMissing => "no key id",
                Self::KeyUnknown => "key unknown",
                Self::KeyUnfit => "key is not for this algorithm",
                Self::SignatureWrong => "signature does not hold",
                Self::IssuerUnknown => "issuer unknown",
                Self::AudienceWrong => "audience is another",
                Self::Expired => "expired",
                Self::NotYetValid => "not yet valid",
                Self::IssuedAhead => "issued in the future",
                Self::LifetimeWrong => "lifetime not allowed",
                Self::UseWrong => "token of another use",
                Self::Replayed => "assertion used before",
                Self::ClientUnknown => "client unknown or stopped",
                Self::SecretWrong => "secret wrong",
                Self::KeysUnavailable => "issuer's keys unavailable",
                _ => "unavailable",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_without_a_token_is_sent_to_the_metadata_without_an_error_code() {
        let metadata = "https://ilp.example/.well-known/oauth-protected-resource";
        assert_eq!(Told::Missing.www_authenticate(metadata), format!("Bearer resource_metadata=\"{metadata}\""));
        assert_eq!(
            Told::Expired.www_authenticate(metadata),
            format!("Bearer error=\"invalid_token\", error_description=\"The access token has expired.\", resource_metadata=\"{metadata}\"")
        );
    }

    #[test]
    fn a_caller_learns_no_reason() {
        for reason in [Refusal::SignatureWrong, Refusal::KeyUnknown, Refusal::IssuerUnknown, Refusal::ClientUnknown] {
            assert_eq!(AuthError::from(reason).told(), Told::Invalid);
        }
        assert_eq!(AuthError::from(Refusal::KeysUnavailable).told(), Told::Unavailable);
    }
}
