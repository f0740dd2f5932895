//! The labels of the set-up of a deployment, for operators: no personal data.

use super::Label::{Operational, Registry, Technical};
use super::Labelled;

/// Schema by schema, the properties grouped by label.
#[rustfmt::skip]
pub(super) const PROPERTIES: &[(&str, Labelled)] = &[
    ("District", &[
        (Registry, &["name", "stateCode", "ncesId", "timeZone", "requirementProfile", "rosterTeachers", "guardiansTrusted"]),
        (Registry, &["reportCardCategories"]),
        (Technical, &["id", "version", "createdAt", "updatedAt"]),
    ]),
    ("ReportCardCategory", &[(Registry, &["source", "category"])]),
    ("Issuer", &[
        (Operational("whose tokens of people count"), &["issuer", "audience", "keys", "algorithms", "forFamilies", "matching"]),
        (Technical, &["id", "districtId", "version", "createdAt"]),
    ]),
    ("ClaimMatching", &[(Operational("how logins find their people"), &["claim", "system", "verifiedEmail"])]),
    ("KeySource", &[(Operational("public keys"), &["jwks", "jwksUrl"])]),
    ("MachineClient", &[
        (Operational("which programs may call"), &["kind", "name", "keys", "hasSecret", "active"]),
        (Operational("told once, to the operator who made it"), &["secret"]),
        (Technical, &["id", "districtId", "version", "createdAt", "updatedAt"]),
    ]),
    ("Agreement", &[
        (Registry, &["dataset", "purpose", "startsOn", "endsOn", "destroyBy"]),
        (Technical, &["id", "clientId", "version", "createdAt", "updatedAt"]),
    ]),
];
