//! Goals that students of grades 6 to 12 might have, as data: what the plans of the made-up district are put together from.

use openilp_domain::activity::Provider::{self, Family, Other, School, Student};
use openilp_domain::goal::Component::{
    self, AppliedLearningSkills as Skills, CareerExploration as Exploration, PostsecondaryAndCareerPlanning as Planning,
    SecondaryCoursework as Coursework, SelfAwareness as Awareness,
};
use openilp_domain::goal::ObjectiveKind::{self, Occupational, Other as General, Postsecondary};
use openilp_domain::plan_domain::PlanDomain::{self, Academic, Career, PersonalSocial};
use openilp_domain::progress_record::ProgressKind::{self, Grade, Journal, Narrative, Other as Evidence, Score};

/// By when a goal is to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Until {
    ThisYear,
    Graduation,
}
use Until::{Graduation, ThisYear};

/// A goal as it might be written, and what might come of it.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Template {
    pub grades: (u8, u8),
    pub domain: PlanDomain,
    pub component: Component,
    pub objective: ObjectiveKind,
    /// Edition and item.
    pub standard: (&'static str, &'static str),
    pub until: Until,
    pub title: &'static str,
    pub description: &'static str,
    /// True if it exceeds the means of the school (R91).
    pub beyond_school_means: bool,
    pub activities: &'static [(Provider, &'static str)],
    /// One a school year, from this one on.
    pub benchmarks: &'static [&'static str],
    /// What it is, what it says, the score or mark.
    pub progress: &'static [(ProgressKind, &'static str, &'static str)],
    pub reflection: &'static str,
}

const OLD: &str = "asca-2004";
const NEW: &str = "asca-2021";

macro_rules! goals { ($(
    $low:literal..=$high:literal $domain:ident $component:ident $objective:ident $until:ident $edition:ident $item:literal $(beyond $beyond:literal)?
    $title:literal : $description:literal
    do [$($activity:expr),* $(,)?]
    reach [$($benchmark:literal),* $(,)?]
    seen [$($progress:expr),* $(,)?]
    said $reflection:literal
)*) => { &[$(Template {
    grades: ($low, $high), domain: $domain, component: $component, objective: $objective, standard: ($edition, $item), until: $until,
    title: $title, description: $description, beyond_school_means: false $(|| $beyond)?,
    activities: &[$($activity),*], benchmarks: &[$($benchmark),*], progress: &[$($progress),*], reflection: $reflection,
}),*] } }

/// What some goals are called in the Spanish of the families that have put them so (R30).
pub const IN_SPANISH: &[(&str, &str)] = &[
    ("Write down homework every day", "Apuntar la tarea todos los días"),
    ("Bring mathematics up to a B", "Subir matemáticas a una B"),
    ("Keep on track for graduation", "Avanzar a tiempo hacia la graduación"),
    ("Pass Chemistry with a B or better", "Aprobar Química con B o mejor"),
    ("Learn enough Spanish to help at the clinic", "Aprender suficiente español para ayudar en la clínica"),
];

/// Every goal there is.
pub const GOALS: &[Template] = goals! {
    // ---- academic
    6..=8 Academic Coursework General ThisYear NEW "B-LS 3"
    "Write down homework every day": "Use the planner in every class, and look at it with a parent on Sunday evening."
    do [(Student, "Fill in the planner before leaving each class"), (Family, "Look through the planner on Sundays")]
    reach ["No homework missing for six weeks in a row."]
    seen [(Narrative, "Two assignments missing this month, down from seven in September.", ""), (Journal, "The planner is in the backpack now, not in the locker.", "")]
    said "It is less work than being asked where it is."

    6..=8 Academic Coursework General ThisYear OLD "A:A"
    "Read twenty books this year": "At least five that are not fiction."
    do [(School, "Silent reading on Tuesdays and Thursdays"), (Family, "Library card and a visit every second week")]
    reach ["Ten books by winter break, twenty by June."]
    seen [(Evidence, "Reading log: eight books, two of them not fiction.", ""), (Score, "Reading inventory, fall", "Lexile 910")]
    said "I did not know that a book about bridges could be good."

    6..=8 Academic Skills General ThisYear NEW "B-LS 7"
    "Bring mathematics up to a B": "Ask when something is unclear instead of waiting for the test."
    do [(School, "After-school mathematics help on Wednesdays"), (Student, "Redo every problem that was wrong on a quiz")]
    reach ["B or better in the second semester."]
    seen [(Grade, "Quarter 1, mathematics", "C+"), (Narrative, "Came to help four times in October; fractions are secure now.", "")]
    said "Asking is the hard part. After that it is only mathematics."

    7..=9 Academic Coursework General ThisYear NEW "M 5"
    "Get ready for Algebra I": "Know ratios, percent and signed numbers well enough to start algebra without review."
    do [(School, "Placement review with the mathematics teacher"), (Other, "Summer bridge program at the community college")]
    reach ["Pass the placement test in the spring."]
    seen [(Score, "Placement test, practice form", "71 of 100")]
    said "I thought that I was bad at this, but I only skipped some of it."

    9..=10 Academic Coursework General Graduation OLD "A:B"
    "Keep on track for graduation": "Six credits a year, no class failed."
    do [(School, "Credit check with the counselor each semester"), (Family, "Talk about report cards at home")]
    reach ["Six credits by June.", "Twelve credits by June.", "Eighteen credits by June."]
    seen [(Grade, "Quarter 1, all classes passed", "3.1"), (Narrative, "All credits of the first year earned.", "")]
    said "Counting credits makes four years look shorter."

    9..=12 Academic Coursework General ThisYear NEW "B-LS 4"
    "Pass Chemistry with a B or better": "Chemistry is asked for by every nursing program that I looked at."
    do [(School, "Study group in the library, Mondays"), (Student, "Finish each lab report on the day of the lab"), (Other, "Tutoring by volunteers of the public library")]
    reach ["B or better in both semesters."]
    seen [(Grade, "Quarter 1, Chemistry", "B-"), (Score, "Unit test 2, stoichiometry", "84")]
    said "The study group helps because I have to explain things."

    10..=12 Academic Coursework Postsecondary ThisYear OLD "A:B"
    "Earn college credit before graduation": "Take a dual enrollment course and pass it."
    do [(School, "Register for College Composition"), (Other, "Placement test at the community college"), (Family, "Sort out how to get to the evening class")]
    reach ["Three credits by June."]
    seen [(Score, "College placement test, writing", "Ready"), (Grade, "College Composition, midterm", "B+")]
    said "The first essay came back with more ink from the teacher than from me."

    9..=11 Academic Coursework General ThisYear NEW "B-LS 9"
    "Learn enough Spanish to help at the clinic": "My grandmother's clinic needs people who can answer the telephone in Spanish."
    do [(School, "Spanish II, then Spanish III"), (Family, "Speak only Spanish at dinner on Fridays"), (Student, "One Spanish podcast a week")]
    reach ["Hold a conversation of five minutes without notes.", "Take the proficiency test for the Seal of Biliteracy."]
    seen [(Score, "Speaking assessment", "Intermediate low"), (Journal, "Answered two calls today. Only one was a wrong number.", "")]
    said "I understand everybody except my uncle."

    11..=12 Academic Coursework Postsecondary ThisYear NEW "B-SMS 5"
    "Raise the SAT mathematics score by 60 points": "The engineering program asks for 620."
    do [(School, "SAT preparation elective"), (Student, "Two practice sections a week")]
    reach ["Score of 620 or better in March."]
    seen [(Score, "Practice test, October", "570"), (Score, "Practice test, November", "590")]
    said "The clock is worse than the questions."

    8..=12 Academic Skills General ThisYear NEW "B-SMS 8"
    "Plan the week so that work and school both fit": "I work twelve hours a week and want to keep my grades."
    do [(Student, "Calendar with shifts, tests and sleep"), (Other, "Ask the manager for no shifts on Thursdays"), (Family, "Quiet hours at home until eight")]
    reach ["No grade below C in any quarter."]
    seen [(Narrative, "Shifts moved to the weekend; English is up by a full grade.", ""), (Grade, "Quarter 1, English", "B-")]
    said "Sleep was the thing that I had not put into the calendar."

    6..=8 Academic Coursework General ThisYear NEW "B-LS 5"
    "Use the computer for more than games": "Make one slide show and one table for real school work each quarter."
    do [(School, "Technology Education"), (Student, "Make the table for the science fair")]
    reach ["Eight pieces of work in the portfolio."]
    seen [(Evidence, "Portfolio: three pieces.", "")]
    said "Tables are all right once they do the adding."

    10..=12 Academic Coursework General Graduation NEW "M 6" beyond true
    "Take Mandarin through the state's online school": "Our school does not teach it. The online school has places but asks for a fee."
    do [(Other, "Enroll in Mandarin I at the online school"), (Family, "Apply for the fee waiver"), (School, "A place in the library in period 6")]
    reach ["Pass Mandarin I.", "Pass Mandarin II."]
    seen [(Narrative, "The waiver came through; the course starts in January.", "")]
    said "Nobody here can help me with the tones, so I record myself."

    // ---- career
    6..=8 Career Exploration General ThisYear OLD "C:A"
    "Find three occupations that I could imagine": "From three different career clusters."
    do [(School, "Interest inventory in advisory"), (Family, "Ask four grown-ups about their working day"), (Student, "Write one page on each occupation")]
    reach ["Three pages in the portfolio by March."]
    seen [(Evidence, "Interest inventory: builds things, helps people.", "RIS"), (Journal, "My aunt fixes elevators. She is never bored.", "")]
    said "The job with the best name was not the best job."

    6..=7 Career Exploration Occupational Graduation OLD "C:A"
    "Find out how buildings are designed": "I build them in a game every day."
    do [(Other, "Ask the town's architect three questions"), (School, "Technology Education"), (Student, "Draw our kitchen to scale")]
    reach ["A drawing to scale, and the three answers."]
    seen [(Evidence, "The kitchen, 1 to 20.", ""), (Journal, "The architect said that most of it is listening.", "")]
    said "A wall has to stand on something."

    7..=9 Career Exploration Occupational Graduation OLD "C:A"
    "Find out what a veterinary technician does": "I like animals, but do I like the job?"
    do [(Other, "Half a day at the animal hospital"), (School, "Career Exploration elective"), (Student, "Compare two training programs")]
    reach ["Half a day at the animal hospital.", "Volunteer at the shelter for a summer."]
    seen [(Narrative, "Visited the animal hospital; stayed when a dog was sewn up.", "")]
    said "Most of it is cleaning, and I still want to."

    9..=12 Career Exploration Occupational Graduation OLD "C:B"
    "Become a registered nurse": "My mother is a nursing assistant, and I want to go further on the same road."
    do [(School, "Health Careers I and II"), (Other, "Job shadowing at the county hospital"), (Family, "Talk with my mother about night shifts"), (Student, "Certificate in first aid")]
    reach ["Pass Biology with a B or better.", "Finish Health Careers I.", "Nursing assistant license."]
    seen [(Narrative, "Shadowed two days in the emergency department.", ""), (Score, "First aid certificate", "Passed"), (Grade, "Quarter 1, Health Careers I", "A-")]
    said "I liked the hospital more than I thought, and chemistry matters more than I thought."

    9..=12 Career Planning Occupational Graduation NEW "B-LS 8"
    "Start an apprenticeship as an electrician": "The union takes applicants at 18 with Algebra I."
    do [(School, "Construction Trades"), (Other, "Open day of the apprenticeship school"), (Student, "Driver's license")]
    reach ["Algebra I passed.", "Visit the apprenticeship school.", "Application handed in."]
    seen [(Narrative, "Talked with two apprentices at the open day.", ""), (Grade, "Quarter 1, Construction Trades", "A")]
    said "They asked more about being on time than about electricity."

    9..=12 Career Exploration Occupational Graduation NEW "M 4"
    "Become a software developer": "Make things that people in my family use."
    do [(School, "Introduction to Computer Science"), (Student, "A program for my uncle's bakery orders"), (Other, "Coding evenings at the public library")]
    reach ["Finish the bakery program.", "Internship in the summer after grade 11."]
    seen [(Evidence, "The order program runs on the bakery's tablet.", ""), (Journal, "Spent the evening on one missing comma.", "")]
    said "My uncle is the hardest customer."

    10..=12 Career Planning Occupational Graduation OLD "C:C"
    "Work as an elementary school teacher": "I look after my cousins and they learn from me."
    do [(School, "Help in a second grade room once a week"), (Other, "Visit the teachers' college"), (Family, "Cousins' homework on Wednesdays")]
    reach ["Twenty hours in the classroom.", "Application to a teachers' college."]
    seen [(Narrative, "Read aloud to the second grade; kept the back row listening.", "")]
    said "You have to know it three ways before you can say it once."

    9..=11 Career Exploration Occupational Graduation NEW "B-SMS 4"
    "Cook in a real kitchen": "Not on television."
    do [(School, "Culinary Arts"), (Other, "Saturday job at the diner"), (Family, "Cook for the family on Mondays")]
    reach ["Food handler card.", "A summer in a kitchen."]
    seen [(Score, "Food handler card", "Passed"), (Narrative, "Three months at the diner; allowed at the grill.", "")]
    said "I like the noise."

    10..=12 Career Planning Postsecondary Graduation OLD "C:B"
    "Choose four colleges and visit two": "One near home, one with a good engineering school."
    do [(School, "College fair"), (Family, "Visit the state university in spring break"), (Student, "Table of costs, distance and programs")]
    reach ["List of eight.", "List of four; two visits."]
    seen [(Journal, "The engineering building has a bridge inside it.", ""), (Evidence, "Table of costs, eight colleges.", "")]
    said "The one that I liked best was not on my list."

    11..=12 Career Planning Postsecondary ThisYear NEW "B-SMS 6"
    "Finish the application for financial aid": "With my mother, before the priority date."
    do [(School, "Financial aid evening"), (Family, "Bring the tax papers"), (Student, "Make an account and list six colleges")]
    reach ["Application sent by December."]
    seen [(Narrative, "Account made; two signatures are missing.", "")]
    said "Nobody in my family has done this before, so we read everything twice."

    9..=10 Career Planning Postsecondary Graduation OLD "C:B"
    "Be the first in the family to go to college": "Find out what it takes, and what it costs."
    do [(School, "Talk with the counselor about required courses"), (Other, "Join the college access program"), (Family, "Evening for parents at the community college")]
    reach ["Join the college access program.", "Visit one campus.", "Four applications."]
    seen [(Narrative, "Accepted into the college access program.", ""), (Journal, "My father asked more questions than I did.", "")]
    said "It is far away, but now I know the way."

    11..=12 Career Planning Postsecondary Graduation NEW "B-LS 10"
    "Enter the automotive program of the technical college": "Two years, with paid work in the second."
    do [(Other, "Tour of the technical college"), (School, "Apply through the counselor's office"), (Student, "Letter about my own car")]
    reach ["Application in by March."]
    seen [(Evidence, "Letter, second draft.", ""), (Narrative, "Toured the shop; the instructor knew our school.", "")]
    said "They have the lift that I have only seen in videos."

    12..=12 Career Planning Postsecondary ThisYear OLD "C:B"
    "Decide between work and college by spring": "Both are possible. I want to choose, not drift."
    do [(School, "Two talks with the counselor"), (Family, "Look at a budget for each"), (Other, "A week at the boatyard in February")]
    reach ["Decision by 1 May."]
    seen [(Journal, "Pro and con lists are of the same length.", "")]
    said "Writing it down made it smaller."

    8..=10 Career Skills General ThisYear NEW "B-SS 1"
    "Speak in front of people without reading": "Careers that interest me all have meetings."
    do [(School, "Three short talks in advisory"), (Family, "Practise at dinner")]
    reach ["Five minutes with one card of notes."]
    seen [(Narrative, "First talk: four minutes, two looks at the card.", "")]
    said "The floor is not interesting, and I looked at it anyway."

    10..=12 Career Exploration Occupational Graduation NEW "M 3" beyond true
    "Learn to fly": "Lessons are at an airfield forty miles away, and dear."
    do [(Other, "Introductory flight"), (Family, "Find out about scholarships of the pilots' association"), (Student, "Study for the written test")]
    reach ["Written test passed.", "First flight alone."]
    seen [(Evidence, "Logbook: one hour.", "")]
    said "It was louder and slower than I thought, and I want to go again tomorrow."

    9..=12 Career Exploration Occupational Graduation OLD "C:A"
    "Work outdoors, in forestry or parks": "I have been in a classroom for ten years."
    do [(Other, "Summer crew of the state park"), (School, "Environmental Science"), (Student, "Learn fifty trees")]
    reach ["Fifty trees.", "Summer crew."]
    seen [(Score, "Tree quiz of the nature center", "41 of 50")]
    said "Oaks are difficult."

    9..=12 Career Exploration Occupational Graduation NEW "B-SMS 2"
    "Join the fire department": "First as a volunteer at 16, then for pay."
    do [(Other, "Junior firefighter evenings"), (Student, "Certificate in CPR"), (Family, "Talk with my mother, who is against it")]
    reach ["CPR certificate.", "A year with the junior firefighters."]
    seen [(Score, "CPR certificate", "Passed"), (Narrative, "Four evenings; can carry the hose and can say why one waits.", "")]
    said "Most calls are people who fell."

    // ---- personal and social
    6..=8 PersonalSocial Awareness General ThisYear OLD "PS:A"
    "Make two friends in the new school": "Most of my old class went to the other school."
    do [(School, "Lunch group with the counselor"), (Student, "Join one club")]
    reach ["Know ten names by winter break."]
    seen [(Journal, "Sat with the same people for a week.", "")]
    said "Chess club is louder than people think."

    6..=9 PersonalSocial Awareness General ThisYear NEW "B-SS 9"
    "Say no without shouting": "When my sister or my friends want something that I do not."
    do [(School, "Small group on solving conflicts"), (Family, "A code word at home")]
    reach ["A month without a call home about an argument."]
    seen [(Journal, "Counted to ten. Got to four.", "")]
    said "It works better when I am not hungry."

    6..=8 PersonalSocial Awareness General ThisYear OLD "PS:C"
    "Know what to do online when somebody is mean": "And do not answer at night."
    do [(School, "Unit on staying safe online"), (Family, "Telephones in the kitchen after nine")]
    reach ["Three rules written by myself."]
    seen [(Evidence, "My three rules are on the fridge.", "")]
    said "Nothing is as urgent at breakfast."

    9..=12 PersonalSocial Awareness General ThisYear OLD "PS:B"
    "Handle stress before tests": "I know the material and then I do not."
    do [(Student, "Breathing exercise before each test"), (School, "Workshop on studying and stress")]
    reach ["Use it before every test of a quarter."]
    seen [(Journal, "Hands were steady in history.", "")]
    said "It feels silly and it helps."

    9..=12 PersonalSocial Awareness General ThisYear NEW "B-SS 5"
    "Lead the robotics team without doing everything myself": "Last year I took it home and did it at night."
    do [(Student, "Give each member a part of the robot"), (School, "Robotics club")]
    reach ["Robot ready a week before the meet."]
    seen [(Journal, "The arm is not as I would have built it. It is better.", "")]
    said "Waiting is a skill."

    9..=12 PersonalSocial Awareness General ThisYear NEW "M 1"
    "Run five kilometers without stopping": "For sleep and for temper."
    do [(Student, "Three runs a week"), (Family, "Run with my brother on Sundays")]
    reach ["Five kilometers by May."]
    seen [(Score, "Longest run so far", "3.4 km")]
    said "I am nicer on the days on which I run."

    10..=12 PersonalSocial Skills General Graduation OLD "PS:C"
    "Live on a budget": "Learn it before I need it."
    do [(Family, "Take over the grocery shopping for a month"), (Student, "Write down every dollar for four weeks")]
    reach ["A month with something left over."]
    seen [(Evidence, "Four weeks of notes: most of it was snacks.", "")]
    said "Small things are the big thing."

    7..=12 PersonalSocial Awareness General ThisYear OLD "PS:A"
    "Help at the food pantry twice a month": "They know my family there, and I want to be on the other side of the table."
    do [(Other, "Saturday shift at the pantry"), (Family, "A ride there and back")]
    reach ["Twenty hours of service."]
    seen [(Evidence, "Signed for eight hours.", ""), (Journal, "An old man taught me to stack cans.", "")]
    said "Everybody there is busy, so nobody is ashamed."

    9..=12 PersonalSocial Skills General ThisYear NEW "B-SMS 7"
    "Get up by myself": "No more being driven because the bus has left."
    do [(Student, "Alarm across the room"), (Family, "Nobody wakes me")]
    reach ["Four weeks without a missed bus."]
    seen [(Narrative, "Eleven days in a row.", "")]
    said "The bus is early in winter or it feels so."

    6..=12 PersonalSocial Awareness General ThisYear NEW "B-SMS 10"
    "Keep going with the trombone after moving": "New school, new band, and I am the only one."
    do [(School, "Concert Band"), (Student, "Twenty minutes a day"), (Family, "Find a teacher")]
    reach ["Play in the spring concert."]
    seen [(Journal, "The band teacher gave me a solo of eight bars.", "")]
    said "Eight bars is long."

    8..=12 Academic Skills General ThisYear NEW "B-LS 1"
    "Check a source before I use it": "For every paper: who says so, and how do they know?"
    do [(School, "Library session on sources"), (Student, "Two good sources in every paper")]
    reach ["No source marked as weak in a paper."]
    seen [(Grade, "History paper, use of sources", "B+")]
    said "The first answer is the loudest one."

    6..=8 Career Exploration Postsecondary Graduation OLD "C:C"
    "See what a college looks like from inside": "I have only seen the stadium."
    do [(School, "Grade 8 visit to the community college"), (Family, "Talk with my cousin who studies there")]
    reach ["One visit, and one page about it."]
    seen [(Journal, "The library has a room where you may shout.", "")]
    said "There are people there as old as my father."
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_cover_domains_components_providers_and_kinds_of_progress_and_cite_items_that_exist() {
        assert!(GOALS.len() >= 40, "{}", GOALS.len());
        for domain in PlanDomain::ALL {
            assert!(GOALS.iter().any(|goal| goal.domain == *domain));
        }
        for component in Component::ALL {
            assert!(GOALS.iter().any(|goal| goal.component == *component));
        }
        for provider in Provider::ALL {
            assert!(GOALS.iter().flat_map(|goal| goal.activities).any(|(by, _)| by == provider));
        }
        for kind in ProgressKind::ALL {
            assert!(GOALS.iter().flat_map(|goal| goal.progress).any(|(of, ..)| of == kind));
        }
        for goal in GOALS {
            let (edition, item) = goal.standard;
            assert!(
                openilp_domain::framework::Framework::find(edition).is_some_and(|framework| framework.item(item).is_some()),
                "{}: {edition} {item}",
                goal.title
            );
            assert!(!goal.activities.is_empty() && !goal.benchmarks.is_empty() && !goal.progress.is_empty());
        }
        for grade in 6..=12 {
            for domain in PlanDomain::ALL {
                assert!(
                    GOALS.iter().filter(|goal| goal.domain == *domain && (goal.grades.0..=goal.grades.1).contains(&grade)).count() >= 3,
                    "{grade} {domain:?}"
                );
            }
        }
    }
}
