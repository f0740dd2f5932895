//! Who calls, as a verified token says it. Whether such a person or client still exists is for the door to find out,
//! inside the transaction of the request: a token carries identity and client only (access.md 5.5).

use crate::id::{ClientId, DistrictId};
use crate::words;

/// The caller of a request, after the token was verified and before anything was looked up.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// A person, known by the login that the district's issuer vouches for. The identity link makes it a person's id.
    Person {
        /// The district to which the issuer is bound by configuration, never by a claim.
        district_id: DistrictId,
        /// The token's `iss`.
        issuer: String,
        /// The token's `sub`.
        subject: String,
        /// The application through which they come.
        through: Through,
    },
    /// A machine client with a token of this deployment.
    Machine {
        /// The client.
        client_id: ClientId,
        /// What it is for.
        kind: ClientKind,
        /// The one district of a SIS client; none for operators and the state.
        district_id: Option<DistrictId>,
    },
}

/// The application through which a person comes, as the token says. Whether the district approved it is for the door to find out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Through {
    /// This deployment itself, which gives out tokens for demos and tests.
    Itself,
    /// An application.
    FrontEnd {
        /// What the issuer calls it.
        client_id: String,
        /// Whether the token's scopes are for reading only.
        reads_only: bool,
    },
    /// The token does not say.
    Unnamed,
}

impl Through {
    /// The scope of a token that is for all that the person may do (RFC 6749 section 3.3).
    pub const ALL: &str = "ilp.user";
    /// The scope of a token that is for reading only.
    pub const READING: &str = "ilp.user.read";

    /// What the issuer calls the application.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::FrontEnd { client_id, .. } => Some(client_id),
            Self::Itself | Self::Unnamed => None,
        }
    }
}

// A subject is a personal identifier: it does not print.
impl std::fmt::Debug for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person { district_id, issuer, .. } => write!(f, "Person({district_id}, {issuer}, …)"),
            Self::Machine { client_id, kind, .. } => write!(f, "Machine({client_id}, {kind})"),
        }
    }
}

words! {
    /// What a machine client is for. Each kind has one scope, and its rights still come from relations and agreements.
    ClientKind {
        /// Sets up districts, issuers, clients and agreements.
        Operator = "operator",
        /// A student information system that pushes rosters of its one district.
        Sis = "sis",
        /// The state agency, which pulls collections under agreements.
        State = "state",
    }
}

impl ClientKind {
    /// The OAuth scope that a client of this kind may have (RFC 6749 section 3.3).
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Sis => "sis.roster.write",
            Self::State => "state.dataset.ilp-status",
        }
    }

    /// The kind that has a scope.
    pub fn of_scope(scope: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.scope() == scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_kind_has_its_own_scope() {
        for kind in ClientKind::ALL {
            assert_eq!(ClientKind::of_scope(kind.scope()), Some(*kind));
        }
        assert_eq!(ClientKind::of_scope("operator sis.roster.write"), None);
    }

    #[test]
    fn a_subject_does_not_print() {
        let principal = Principal::Person {
            district_id: Uuid::nil().into(),
            issuer: "https://id.example".into(),
            subject: "maria.7".into(),
            through: Through::Unnamed,
        };
        assert!(!format!("{principal:?}").contains("maria"));
    }
}
