//! Requirement profiles: what a state asks, as versioned data with citations. A new state is a new file in `profiles/`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::access::AdultBasis;
use crate::goal::Component;
use crate::grade::Grade;
use crate::plan_domain::PlanDomain;

/// What a state's policy asks of its districts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// The id under which districts adopt it, such as `us-ri-ride`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, from 1.
    pub version: u32,
    /// The grade from which on every student has an ILP file.
    pub start_grade: u8,
    /// How it sets the points on which states differ about access.
    pub switches: Switches,
    /// What makes a student hold the rights before 18.
    pub adult_bases: Vec<AdultBasis>,
    /// Within how many days the family may inspect the file that it asks to see (L12). Never more than 45 count.
    pub inspection_days: u8,
    /// What every plan holds at least (R28): a template of a district must ask it.
    pub minimum_program: Vec<MinimumItem>,
    /// Where each setting comes from.
    pub citations: Vec<Citation>,
}

/// One thing that the state asks every plan to hold, in each of these grades.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MinimumItem {
    /// Its key: an item of a template says by it what it covers.
    pub key: String,
    /// What is asked, in one line.
    pub title: String,
    /// The domain, where it is of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub domain: Option<PlanDomain>,
    /// The key component, where it is of one (R167).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub component: Option<Component>,
    /// The first grade.
    pub first_grade: u8,
    /// The last grade.
    pub last_grade: u8,
    /// The requirement it serves, such as `R170`.
    pub requirement: String,
    /// The policy or statute, in short.
    pub source: String,
}

/// The points of access on which states differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Switches {
    /// Whether teachers of the student's classes, as the roster says, are involved educators (R136) without being assigned.
    pub roster_teachers: bool,
    /// Whether all participants read addresses and telephones (R19) and strengths and progress (R31 to R34).
    pub participants_read_contacts: bool,
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Citation {
    /// The setting, by its name in the profile.
    pub of: String,
    /// The requirement it serves, such as `R104`.
    pub requirement: String,
    /// The policy or statute, in short.
    pub source: String,
}

/// The last grade in which a file must exist.
const LAST_GRADE: u8 = 12;

const FILES: [&str; 2] = [include_str!("../profiles/us-ri-ride.json"), include_str!("../profiles/us-ut-ega.json")];

// A test proves that every file can be read.
static ALL: LazyLock<Vec<Profile>> = LazyLock::new(|| FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect());

impl Profile {
    /// Every profile that ships.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The profile with an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|profile| profile.id == id)
    }

    /// Whether an item of the minimum program has this key.
    pub fn asks(&self, key: &str) -> bool {
        self.minimum_program.iter().any(|item| item.key == key)
    }

    /// Whether a student in a grade must have an ILP file. Not in a grade without a number.
    pub fn ilp_file_due(&self, grade: Grade) -> bool {
        grade.number().is_some_and(|number| (self.start_grade..=LAST_GRADE).contains(&number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(id: &str) -> Vec<&'static str> {
        let profile = Profile::find(id).unwrap();
        Grade::ALL.iter().filter(|grade| profile.ilp_file_due(**grade)).map(|grade| grade.word()).collect()
    }

    #[test]
    fn every_profile_file_can_be_read() {
        assert_eq!(Profile::all().len(), FILES.len());
        assert_eq!(Profile::find("us-xx"), None);
    }

    #[test]
    fn r84_in_utah_the_file_begins_in_grade_7() {
        assert_eq!(due("us-ut-ega"), ["07", "08", "09", "10", "11", "12"]);
    }

    #[test]
    fn r104_r108_in_rhode_island_the_file_begins_in_grade_6() {
        assert_eq!(due("us-ri-ride"), ["06", "07", "08", "09", "10", "11", "12"]);
    }

    #[test]
    fn r136_only_rhode_island_counts_roster_teachers_as_involved() {
        assert!(Profile::find("us-ri-ride").unwrap().switches.roster_teachers);
        assert!(!Profile::find("us-ut-ega").unwrap().switches.roster_teachers);
    }

    #[test]
    fn r19_r34_only_utah_opens_contacts_and_progress_to_all_participants() {
        assert!(Profile::find("us-ut-ega").unwrap().switches.participants_read_contacts);
        assert!(!Profile::find("us-ri-ride").unwrap().switches.participants_read_contacts);
    }

    #[test]
    fn l10_l25_everywhere_a_postsecondary_student_is_an_adult_and_in_utah_an_emancipated_or_unaccompanied_one() {
        assert_eq!(Profile::find("us-ri-ride").unwrap().adult_bases, [AdultBasis::Postsecondary]);
        assert_eq!(Profile::find("us-ut-ega").unwrap().adult_bases, AdultBasis::ALL);
    }

    #[test]
    fn every_setting_of_a_profile_is_cited() {
        for profile in Profile::all() {
            for setting in ["startGrade", "rosterTeachers", "participantsReadContacts", "adultBases", "inspectionDays"] {
                assert!(profile.citations.iter().any(|citation| citation.of == setting), "{} of {}", setting, profile.id);
            }
        }
    }
}
