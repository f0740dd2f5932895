//! Everybody who calls in the enumerating tests, and who they are.

use crate::operations::Operation;
use crate::{Actor, TestApp, ids};

/// Who somebody is, towards Anna and in their district.
pub struct Part {
    /// The name: a person's given name in lower case, a client's name, or `nobody`.
    pub name: &'static str,
    /// Who they are.
    pub is: &'static str,
    how: How,
}

enum How {
    Alder,
    Birch,
    Client,
    Nobody,
}

const fn part(name: &'static str, how: How, is: &'static str) -> Part {
    Part { name, is, how }
}

/// The whole cast.
pub const CAST: &[Part] = &[
    part("anna", How::Alder, "the student: grade 10, 15 years old, of Alder High School"),
    part("ben", How::Alder, "her brother, grade 7, of Alder Middle School"),
    part("cleo", How::Alder, "another student: grade 12, 18 years old"),
    part("dan", How::Alder, "another student: grade 11, birth date unknown"),
    part("greta", How::Alder, "guardian of Anna and Ben"),
    part("gus", How::Alder, "guardian of Anna, not confirmed"),
    part("gil", How::Alder, "guardian of Anna with no rights, by a court order"),
    part("gwen", How::Alder, "guardian of Cleo, who is of age"),
    part("dora", How::Alder, "guardian of Dan, not confirmed"),
    part("bela", How::Alder, "gatekeeper (counselor) of Anna, Ben and Cleo"),
    part("tom", How::Alder, "teacher assigned to Anna's plan"),
    part("cara", How::Alder, "reviewer of Anna's career objectives"),
    part("rita", How::Alder, "teaches Anna, as the roster says"),
    part("uma", How::Alder, "staff without any relation"),
    part("pam", How::Alder, "school manager of Alder High School"),
    part("cora", How::Alder, "coordinator of the district"),
    part("kurt", How::Alder, "custodian of the district"),
    part("past", How::Alder, "was Anna's gatekeeper last year"),
    part("next", How::Alder, "will be Anna's gatekeeper next year"),
    part("zoe", How::Birch, "a student of the other district"),
    part("zack", How::Birch, "Zoe's guardian"),
    part("zita", How::Birch, "Zoe's gatekeeper"),
    part("zeno", How::Birch, "custodian of the other district"),
    part("operator", How::Client, "runs the service"),
    part("sis", How::Client, "the student information system of Alder"),
    part("state", How::Client, "the state agency, with an agreement with Alder"),
    part("birch-sis", How::Client, "the student information system of the other district"),
    part("nobody", How::Nobody, "has no token"),
];

/// Everybody, with tokens.
pub async fn cast(app: &TestApp) -> Vec<(&'static str, Actor<'_>)> {
    let mut all = vec![];
    for part in CAST {
        let actor = match part.how {
            How::Alder => app.person(part.name).await,
            How::Birch => app.person_of(ids::BIRCH, part.name).await,
            How::Client => app.client(part.name).await,
            How::Nobody => app.anonymous(),
        };
        all.push((part.name, actor));
    }
    all
}

/// Who is likely to get through with an operation on Anna's records, first of all.
pub fn likely(operation: &Operation) -> Vec<&'static str> {
    let first = match operation.permission.as_str() {
        "district:operate" => "operator",
        "district:importRoster" | "district:readImports" => "sis",
        "district:pullCollection" => "state",
        "district:countNeeds" => "cora",
        permission if permission.starts_with("district:") => "kurt",
        permission if permission.starts_with("proposal:") || permission.ends_with(":propose") => "greta",
        _ => "anna",
    };
    let rest = ["anna", "greta", "kurt", "pam", "operator", "sis", "state"];
    [first].into_iter().chain(rest.into_iter().filter(|name| *name != first)).collect()
}
