//! What stands in the profiles of the made-up district: options, applications, experiences, results and skills, as students of a grade have them.
//!
//! Like a plan, a profile is made from the seed and the student alone, and played into any period.

use chrono::NaiveDate;
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::Kind;
use openilp_domain::noun::{Body, Noun};
use serde_json::{Value, json};

use super::plans::{Clock, Moment, Period};
use super::random::{About, Random};

macro_rules! parts { ($($table:ident: $module:ident::$noun:ident $placed:tt,)*) => {
    /// A record of a part of the plan, as it is proposed.
    #[derive(Debug)]
    #[allow(missing_docs)]
    pub enum NewPart { $($noun(<openilp_domain::$module::$noun as Noun>::New),)* }

    impl NewPart {
        fn read(kind: Kind, body: Value) -> Result<Self, Invalid> {
            match kind {
                $(Kind::$noun => <openilp_domain::$module::$noun as Noun>::New::read(body).map(Self::$noun),)*
                _ => Err(Invalid::one("", "no_part", "This is no part of a plan.")),
            }
        }
    }
} }

openilp_domain::parts_of_plan!(parts);

/// A record of a profile, and when the student writes it.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct PartScript {
    pub at: Moment,
    pub new: NewPart,
}

/// What a student may write: the part, the first grade, in how many of a hundred profiles, and what it says on that day.
type Template = (Kind, u8, usize, fn(NaiveDate) -> Value);

/// The profile of the student with this number in the grade. An error names what the domain would refuse, which a test rules out.
pub fn profile_for(seed: u64, number: usize, grade: u8, period: &Period) -> Result<Vec<PartScript>, Invalid> {
    let mut random = Random::new(seed, About::Profile, number);
    let mut clock = Clock::start();
    let mut profile = vec![];
    for (kind, from_grade, percent, says) in TEMPLATES {
        if grade >= *from_grade && random.percent(*percent) {
            let at = clock.next(&mut random);
            profile.push(PartScript { at, new: NewPart::read(*kind, says(period.day(at)))? });
        }
    }
    Ok(profile)
}

const TEMPLATES: &[Template] = &[
    (
        Kind::PlannedCourse,
        8,
        45,
        |_| json!({ "schoolYear": 2028, "title": "Chemistry", "subject": "science", "credits": 1.0, "description": "Nursing programs ask for chemistry." }),
    ),
    (Kind::PlannedCourse, 8, 35, |_| json!({ "schoolYear": 2028, "title": "Algebra II", "subject": "mathematics", "credits": 1.0 })),
    (
        Kind::CredentialPlan,
        10,
        30,
        |_| json!({ "kind": "careerTechnical", "title": "Certified Nursing Assistant", "status": "planned", "provider": "The district's career center", "schoolYear": 2027 }),
    ),
    (Kind::PathwayPlan, 9, 35, |_| {
        json!({ "pathway": "Therapeutic services", "cluster": "Health science", "endorsement": "Health science pathway endorsement", "endorsementStatus": "inProgress",
                "progress": "Two of four courses." })
    }),
    (Kind::AssessmentReview, 6, 35, |day| {
        json!({ "assessment": "State mathematics assessment", "reviewedOn": day, "analysis": "Up by a level since last year; ratios are still weak.",
                "needsIntervention": true, "intervention": "Tutoring twice a week until January." })
    }),
    (
        Kind::ProgressStatement,
        6,
        25,
        |day| json!({ "statedOn": day, "goalsMet": "partlyMeets", "onTrack": "onTrack", "statement": "One of two goals is reached." }),
    ),
    (
        Kind::Need,
        6,
        20,
        |_| json!({ "domain": "academic", "kind": "need", "title": "Time to read in English", "status": "supported", "response": "Reading group on Tuesdays." }),
    ),
    (
        Kind::FeedbackEntry,
        9,
        15,
        |_| json!({ "kind": "other", "subject": "Career day", "body": "The hour with the electricians was worth the whole day." }),
    ),
    (
        Kind::Strength,
        6,
        40,
        |day| json!({ "domain": "academic", "kind": "strength", "title": "Explains things so that others understand", "recognizedOn": day }),
    ),
    (
        Kind::Strength,
        6,
        25,
        |day| json!({ "domain": "personalSocial", "kind": "achievement", "title": "Captain of the debating team", "description": "Elected by the team.", "recognizedOn": day }),
    ),
    (Kind::SelfAssessment, 6, 50, |day| {
        json!({ "kind": "interestSurvey", "instrument": "O*NET Interest Profiler", "takenOn": day, "result": "Social, investigative, artistic.",
                "reflection": "Investigative surprised me; I want to visit a laboratory." })
    }),
    (
        Kind::SelfAssessment,
        6,
        35,
        |day| json!({ "kind": "learningStyle", "instrument": "Worksheet of the advisory", "takenOn": day, "result": "By doing, and by telling others." }),
    ),
    (Kind::SelfAssessment, 7, 25, |_| json!({ "kind": "skill", "instrument": "Skills checklist of the counseling office" })),
    (Kind::Participation, 6, 40, |_| {
        json!({ "kind": "club", "title": "Robotics club", "plan": "Build the arm, and speak at the regional final.", "startsOn": "2026-09-08",
                "record": "Programmed the gripper.", "reflection": "Speaking was harder than programming." })
    }),
    (Kind::Participation, 6, 30, |_| json!({ "kind": "athletics", "title": "Cross-country team", "startsOn": "2026-08-24", "hours": 60 })),
    (
        Kind::Participation,
        8,
        20,
        |_| json!({ "kind": "volunteer", "title": "Reading to children in the library", "plan": "Thirty hours by June.", "hours": 12.5 }),
    ),
    (Kind::Participation, 9, 15, |_| json!({ "kind": "leadership", "title": "Student council", "record": "Won longer hours for the library." })),
    (Kind::SkillRecord, 6, 45, |day| {
        json!({ "skill": "problemSolving", "recordedOn": day, "level": "developing", "progress": "Solved the bridge project in three ways and compared them.",
                "reflection": "I give up later than last year." })
    }),
    (
        Kind::SkillRecord,
        6,
        30,
        |day| json!({ "skill": "collaboration", "recordedOn": day, "level": "proficient", "reflection": "Listening was the hard part." }),
    ),
    (Kind::SkillRecord, 6, 15, |day| json!({ "skill": "local", "localSkill": "Craftsmanship", "recordedOn": day, "level": "emerging" })),
    (
        Kind::ResourceRequest,
        9,
        12,
        |_| json!({ "kind": "course", "title": "Anatomy, which the school does not teach", "description": "Nursing programs ask for it." }),
    ),
    (Kind::ResourceRequest, 7, 8, |_| json!({ "kind": "transport", "title": "A bus after the robotics club" })),
    (Kind::LearningExperience, 7, 30, |_| {
        json!({ "kind": "serviceLearning", "title": "The creek behind the school", "plan": "Measure the water every week, and tell the town.", "status": "underway",
                "location": "Mill Creek", "hours": 8, "record": "Four measurements so far." })
    }),
    (Kind::LearningExperience, 10, 20, |_| {
        json!({ "kind": "internship", "title": "Internship in the county laboratory", "plan": "Learn how samples are taken and kept.",
                "withWhom": "The head of the laboratory" })
    }),
    (Kind::CareerOption, 8, 45, |_| {
        json!({ "occupationTitle": "Registered nurse", "occupationCodeSystem": "onet-soc-2019", "occupationCode": "29-1141.00", "interests": "Caring for people; biology.",
                "educationalRequirements": "A bachelor's degree in nursing, and the licensing examination.", "courseworkNeeded": "Biology, chemistry, algebra II, anatomy.",
                "courseworkProgress": "Biology passed, chemistry under way." })
    }),
    (Kind::CareerOption, 8, 35, |_| {
        json!({ "occupationTitle": "Electrician", "occupationCodeSystem": "onet-soc-2019", "occupationCode": "47-2111.00", "standing": "setAside",
                "entryLevelOpportunities": "Apprenticeship of four years, paid from the first day." })
    }),
    (Kind::WorkExperience, 10, 30, |_| {
        json!({ "employer": "County library", "role": "Page", "startsOn": "2026-06-15", "endsOn": "2026-08-14", "hours": 120.5,
                "description": "Shelved books, and read to children on Saturdays.", "reflection": "I like working with children more than with shelves." })
    }),
    (
        Kind::ExamResult,
        10,
        30,
        |day| json!({ "exam": "ACT WorkKeys: Applied Math", "takenOn": day, "score": "5", "scale": "3 to 7", "meaning": "Enough for the apprenticeship." }),
    ),
    (Kind::ExamResult, 11, 25, |day| json!({ "exam": "ASVAB", "takenOn": day, "score": "62", "scale": "1 to 99" })),
    (Kind::PostsecondaryOption, 9, 40, |day| {
        json!({ "kind": "college", "name": "Rhode Island College", "program": "Nursing", "foundIn": "College Navigator", "reviewedOn": day,
                "admissionRequirements": "Four years of English, three of mathematics, biology and chemistry.", "comparison": "Chemistry is missing, all else is there." })
    }),
    (
        Kind::PostsecondaryOption,
        10,
        25,
        |_| json!({ "kind": "apprenticeship", "name": "Electricians' joint training committee", "standing": "chosen", "foundIn": "Career fair" }),
    ),
    (
        Kind::Application,
        12,
        50,
        |day| json!({ "kind": "college", "appliedTo": "Rhode Island College", "program": "Nursing", "status": "submitted", "dueOn": "2026-12-01", "submittedOn": day }),
    ),
    (
        Kind::Application,
        11,
        30,
        |day| json!({ "kind": "job", "appliedTo": "County library", "status": "accepted", "submittedOn": day, "decidedOn": day }),
    ),
    (Kind::Application, 12, 20, |_| json!({ "kind": "militaryService", "appliedTo": "Air National Guard", "status": "inPreparation" })),
    (Kind::FinancialAidPlan, 11, 35, |_| {
        json!({ "kind": "scholarship", "title": "Rhode Island Promise", "amount": 585_000, "currency": "USD", "dueOn": "2027-04-01",
                "description": "FAFSA first; needs a grade average of 2.5." })
    }),
    (
        Kind::ResumeVersion,
        9,
        30,
        |_| json!({ "title": "For a job in summer", "sources": ["workExperience", "participation", "skillRecord"], "summary": "I am on time and good with children." }),
    ),
    (Kind::FinancialAidPlan, 9, 15, |_| json!({ "kind": "savings", "title": "What the family has put aside", "amount": 240_000, "currency": "USD" })),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use openilp_domain::plan_part::PARTS;

    use super::*;

    fn period() -> Period {
        Period { from: "2026-09-07T13:00:00Z".parse().unwrap(), to: "2026-11-21T15:00:00Z".parse().unwrap(), school_year: 2027 }
    }

    #[test]
    fn every_record_of_a_profile_is_accepted_by_the_domain_and_every_part_is_made_up() {
        for (kind, _, _, says) in TEMPLATES {
            NewPart::read(*kind, says("2026-10-01".parse().unwrap())).unwrap_or_else(|faults| panic!("{kind}: {faults}"));
        }
        let made_up: BTreeSet<Kind> = TEMPLATES.iter().map(|(kind, ..)| *kind).collect();
        // What the principal decides is not the student's to make up, nor what a template asks; a translation is made of a goal that is there.
        let others = [Kind::ResourceDecision, Kind::ProgramItem, Kind::Contribution, Kind::Translation];
        let theirs = PARTS.iter().map(|part| part.kind).filter(|kind| !others.contains(kind));
        assert_eq!(made_up, theirs.collect());
    }

    #[test]
    fn the_same_student_has_the_same_profile_and_an_older_one_a_fuller_one() {
        let profile = |number, grade| profile_for(1, number, grade, &period()).unwrap();
        assert_eq!(format!("{:?}", profile(7, 10)), format!("{:?}", profile(7, 10)));
        let records = |grade| (0..200).map(|number| profile(number, grade).len()).sum::<usize>();
        assert!(records(6) > 300 && records(12) > records(9) && records(9) > records(6));
        let in_period = |one: &PartScript| period().at(one.at) < period().to;
        assert!((0..200).all(|number| profile(number, 12).iter().all(in_period)));
    }
}
