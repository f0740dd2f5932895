//! Who am I, and whose files may I open?

use openilp_domain::access::Section;
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::principal::Principal;
use openilp_domain::time::school_year_of;
use openilp_persistence::student;
use openilp_persistence::{Shown as Seen, identity};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Composed, Outcome, derived_shape};
use crate::body::{NoParams, Query};
use crate::guard::Myself;
use crate::routes::{About, Routes};

/// The caller.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The person; absent for a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    person_id: Option<uuid::Uuid>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    given_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    family_name: Option<String>,
    /// The machine client; absent for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_id: Option<uuid::Uuid>,
    /// What the client is for: operator, sis or state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_kind: Option<String>,
    /// The district.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    district: Option<MyDistrict>,
    /// Offices in the district or its schools, such as custodian.
    offices: Vec<String>,
    /// The students whose files you may open, at most 100; search for more.
    students: Vec<MyStudent>,
    /// Whether there are more students than are listed here.
    more_students: bool,
}

/// The caller's district.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyDistrict {
    /// The district.
    id: uuid::Uuid,
    /// Its name.
    name: String,
    /// Its time zone.
    time_zone: String,
    /// The requirement profile it has adopted.
    requirement_profile: String,
    /// The school year that it is there today, named by the year in which it ends: it turns on 1 July.
    school_year: i32,
}

/// A student whose file the caller may open.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyStudent {
    /// The student.
    id: uuid::Uuid,
    /// The given name, if you may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    given_name: Option<String>,
    /// The family name, if you may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    family_name: Option<String>,
    /// The file, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    ilp_file_id: Option<uuid::Uuid>,
    /// The codes of the sections that you read.
    readable_sections: Vec<String>,
}

derived_shape!(Me, {
    let id = openilp_domain::wire_example_id();
    json!({ "personId": id, "givenName": "Greta", "familyName": "Ash",
            "district": { "id": id, "name": "Alder", "timeZone": "America/New_York", "requirementProfile": "us-ri-ride", "schoolYear": 2027 },
            "offices": [], "students": [{ "id": id, "givenName": "Anna", "familyName": "Ash", "ilpFileId": id, "readableSections": ["S0", "S1a", "S2"] }],
            "moreStudents": false })
});

async fn me(myself: Myself, _: Query<NoParams>) -> Outcome<Composed<Me>> {
    let Myself { state, principal, call } = myself;
    if let Principal::Machine { client_id, kind, district_id } = principal {
        let active = state.db.register(async |conn| Ok(identity::client_active(conn, client_id, kind, district_id).await?)).await?;
        if !active {
            return Err(openilp_persistence::Error::Unknown.into());
        }
        return Ok(Composed(Me { client_id: Some(client_id.0), client_kind: Some(kind.word().into()), ..Me::default() }));
    }
    let Some(call) = call else { return Err(openilp_persistence::Error::Unknown.into()) };
    let me = state
        .db
        .browse(&call.request, None, async |tx, grant| {
            let person = grant.person()?;
            let (given_name, family_name, name, time_zone, requirement_profile) = student::whoami(tx, person).await?;
            let page = PageOf { limit: Limit::new(Limit::MAX).unwrap_or_default(), after: None };
            let found = student::known(tx, grant, person, page).await?;
            let students: Vec<_> = found
                .items
                .iter()
                .map(|(student, standing)| MyStudent {
                    id: student.id.0,
                    given_name: student.given_name.clone(),
                    family_name: student.family_name.clone(),
                    ilp_file_id: student.ilp_file_id.map(Into::into),
                    readable_sections: standing.readable_sections().iter().map(|s: Section| s.code().to_owned()).collect(),
                })
                .collect();
            let seen = Seen { students: found.items.iter().map(|(s, _)| s.id).collect(), sections: "S1a".into(), row_count: students.len() };
            let school_year = school_year_of(grant.district().today);
            let district = MyDistrict { id: tx.district.0, name, time_zone, requirement_profile, school_year };
            let offices = grant.offices().map(|relation| relation.word().to_owned()).collect();
            Ok((
                Me {
                    person_id: Some(person.0),
                    given_name: Some(given_name),
                    family_name: Some(family_name),
                    district: Some(district),
                    offices,
                    students,
                    more_students: found.next.is_some(),
                    ..Me::default()
                },
                seen,
            ))
        })
        .await?;
    Ok(Composed(me))
}

/// The routes of the caller.
pub fn routes(r: &mut Routes) {
    r.tag("me");
    r.get("/v1/me", me, About { id: "read_me", summary: "Read who you are, and whose files you may open", text: "" });
}
