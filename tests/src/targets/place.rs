//! Where an operation is tried: whose records, in which domain of the plan.

use openilp_domain::id::DistrictId;
use serde_json::Value;

use crate::ids;
use crate::operations::{Operation, every};

/// Whose records are asked for, and in which domain of the plan.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The student, by given name in lower case.
    pub student: &'static str,
    /// The student's number in the cast.
    pub n: u128,
    /// The student's district.
    pub district: DistrictId,
    /// The school, by its last digit.
    pub school: u128,
    /// The domain of goals and what belongs to them.
    pub domain: &'static str,
}

const fn of_alder(student: &'static str, n: u128, school: u128, domain: &'static str) -> Place {
    Place { student, n, district: ids::ALDER, school, domain }
}

/// Anna's in each domain; Ben's, of another school and below grade 9; Cleo's, who is of age; Dan's, whose age nobody
/// knows; Zoe's, of the other district.
pub const PLACES: &[Place] = &[
    of_alder("anna", 1, 2, "academic"),
    of_alder("anna", 1, 2, "career"),
    of_alder("anna", 1, 2, "personalSocial"),
    of_alder("ben", 2, 1, "academic"),
    of_alder("cleo", 3, 2, "academic"),
    of_alder("dan", 4, 2, "academic"),
    Place { student: "zoe", n: 50, district: ids::BIRCH, school: 3, domain: "academic" },
];

/// The operation that adds what a placeholder names, where it goes by its name: `create_goal` for `goalId`.
pub(super) fn adding(placeholder: &str) -> Option<&'static Operation> {
    let kind = placeholder.strip_suffix("Id")?;
    let snake: String = kind.chars().flat_map(|c| c.is_uppercase().then_some('_').into_iter().chain(c.to_lowercase())).collect();
    let id = format!("create_{snake}");
    every().iter().find(|operation| operation.id == id)
}

/// Whether the domain of the plan matters to a request: it says one, or names what stands in one.
fn in_a_domain(operation: &Operation) -> bool {
    let example = operation.body.as_ref().map_or(&Value::Null, |(_, example)| example);
    example.get("domain").is_some()
        || example.get("goal").is_some()
        || operation.placeholders.iter().any(|name| name == "proposalId" || adding(name).is_some_and(in_a_domain))
}

/// Whether it is about what belongs to a goal.
fn is_part_of_goal(operation: &Operation) -> bool {
    let added_to_goal = |adding: &Operation| adding.placeholders == ["goalId"] && adding.id.starts_with("create_");
    operation.placeholders.iter().any(|name| adding(name).is_some_and(added_to_goal))
        || every().iter().any(|adding| added_to_goal(adding) && adding.path == operation.path)
}

/// The placeholders of records that are a district's, and nobody's in it.
const OF_DISTRICTS: &[&str] = &[
    "districtId",
    "rosterImportId",
    "clientId",
    "issuerId",
    "agreementId",
    "appointmentId",
    "guardianLinkId",
    "assignmentId",
    "identityLinkId",
    "alarmId",
    "invitationId",
    "personMergeId",
    "potentialDuplicateId",
    "unlinkedLoginId",
    "restrictionId",
    "partnerId",
    "partnerMemberId",
    "studentGroupId",
    "groupMemberId",
    "frontEndId",
    "adultStatusId",
    "catalogueLabelId",
    "graduationRequirementId",
    "annualNoticeId",
    "templateId",
    "modelPlanId",
    "sharedModelPlanId",
];

impl Place {
    /// Who may suggest something to the student. Nobody to Dan, who has nobody yet, and nobody a personal goal.
    pub(super) fn proposer(self) -> Option<&'static str> {
        match (self.student, self.domain) {
            (_, "personalSocial") => None,
            ("anna" | "ben", _) => Some("greta"),
            ("cleo", _) => Some("bela"),
            ("zoe", _) => Some("zack"),
            _ => None,
        }
    }

    /// The custodian of the district.
    pub(super) fn custodian(self) -> &'static str {
        if self.district == ids::ALDER { "kurt" } else { "zeno" }
    }

    /// The student information system of the district.
    pub(super) fn sis(self) -> &'static str {
        if self.district == ids::ALDER { "sis" } else { "birch-sis" }
    }
}

/// The places at which an operation is tried: where the domain says nothing, one for each student; where no student
/// is named, one for each district, or just one.
pub fn places(operation: &Operation) -> Vec<Place> {
    if operation.placeholders.iter().any(|p| p == "proposalId" || p == "recommendationId") {
        return PLACES.iter().copied().filter(|place| place.proposer().is_some()).collect();
    }
    if in_a_domain(operation) {
        // What belongs to a goal is its students' as the goal is: not every student is asked for again.
        let part = is_part_of_goal(operation);
        return PLACES.iter().copied().filter(|place| !part || !matches!(place.student, "cleo" | "dan")).collect();
    }
    let academic = || PLACES.iter().copied().filter(|place| place.domain == "academic");
    let of_districts = operation.placeholders.iter().any(|p| OF_DISTRICTS.contains(&p.as_str()));
    if of_districts {
        return academic().filter(|place| place.student == "anna" || place.student == "zoe").collect();
    }
    if operation.names_a_record() || operation.body.as_ref().is_some_and(|(_, example)| example.get("studentId").is_some()) {
        return academic().collect();
    }
    vec![PLACES[0]]
}
