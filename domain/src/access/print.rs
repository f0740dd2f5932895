//! The table in words, for a privacy officer to read and sign. docs/access-matrix.md is what this prints; a test compares them.

use super::district::{DistrictAction, TABLE};
use super::matrix::{Grant, When, cell};
use super::{Action, Relation, Section};

/// The situations in which the table reads differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Situation {
    Minor,
    MinorBelowGrade9,
    Eligible,
}

impl Situation {
    const ALL: [Self; 3] = [Self::Minor, Self::MinorBelowGrade9, Self::Eligible];

    fn title(self) -> &'static str {
        match self {
            Self::Minor => "A minor in grade 9 or later",
            Self::MinorBelowGrade9 => "A minor below grade 9",
            Self::Eligible => "An eligible student (18, or at a postsecondary institution), in grade 9 or later",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Self::Minor => "The plan is the student's responsibility (R41): the student decides what others suggest.",
            Self::MinorBelowGrade9 => {
                "Student, family and teacher supplement the plan together (R37): the gatekeeper decides what is suggested. \
                 Kindergarten and before are below grade 9, postsecondary is not. \
                 The gatekeeper also decides where the grade is unknown or the student in none; otherwise such a student is treated as in the table above."
            }
            Self::Eligible => {
                "All rights are the student's (34 CFR 99.5). A guardian has none, but what the student consents to (see those invited)."
            }
        }
    }

    /// Whether a grant exists in it, and with which note.
    fn note(self, grant: &Grant) -> Option<Option<Note>> {
        let below = self == Self::MinorBelowGrade9;
        match grant.when {
            When::Always => Some(None),
            When::BelowGrade9 | When::NotFromGrade9 => below.then_some(None),
            When::FromGrade9 => (!below).then_some(None),
            When::Own => Some(Some(Note::Own)),
            When::OwnConsent => Some(Some(Note::OwnConsent)),
            When::ParticipantsReadContacts => Some(Some(Note::ContactsSwitch)),
            When::ProgressForParticipants => Some(Some(Note::ProgressSwitch)),
            When::UnlessHidden => Some(Some(Note::UnlessHidden)),
            When::OpenedByStudent => Some(Some(Note::Opened)),
            When::NamedOnIt => Some(Some(Note::Named)),
            When::InCase => Some(Some(Note::Case)),
            When::ScheduleOnly => Some(Some(Note::Schedule)),
            When::Within => Some(Some(Note::Within)),
            When::FirstName => Some(Some(Note::FirstName)),
            When::OwnProgram => Some(Some(Note::OwnProgram)),
        }
    }
}

/// A footnote.
#[derive(Clone, Copy)]
enum Note {
    Own,
    OwnConsent,
    ContactsSwitch,
    ProgressSwitch,
    UnlessHidden,
    Opened,
    Named,
    Case,
    Schedule,
    Within,
    FirstName,
    OwnProgram,
}

impl Note {
    const ALL: [Self; 12] = [
        Self::Own,
        Self::OwnConsent,
        Self::ContactsSwitch,
        Self::ProgressSwitch,
        Self::UnlessHidden,
        Self::Opened,
        Self::Named,
        Self::Case,
        Self::Schedule,
        Self::Within,
        Self::FirstName,
        Self::OwnProgram,
    ];

    fn mark(self) -> char {
        match self {
            Self::Own => 'a',
            Self::OwnConsent => 'b',
            Self::ContactsSwitch => 'c',
            Self::ProgressSwitch => 'd',
            Self::UnlessHidden => 'e',
            Self::Opened => 'f',
            Self::Named => 'g',
            Self::Case => 'h',
            Self::Schedule => 'i',
            Self::Within => 'j',
            Self::FirstName => 'k',
            Self::OwnProgram => 'l',
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Own => "Only what is one's own: one's own contact entry, one's own request.",
            Self::OwnConsent => "Only one's own consent, and not while the student's date of birth is unknown: then it is not known who may consent.",
            Self::ContactsSwitch => {
                "Only where the district's profile opens addresses and telephones to all participants (R19): Utah yes, Rhode Island no."
            }
            Self::ProgressSwitch => {
                "Only strengths and records of progress (R31 to R34), and only where the district's profile opens these to all participants: \
                 Utah yes, Rhode Island no."
            }
            Self::UnlessHidden => "Unless the student has hidden the section from those who stand so.",
            Self::Opened => "If the student has opened the section to those who stand so.",
            Self::Named => "If the record names the reader. This version cannot name one yet: the record stays closed.",
            Self::Case => "Inside an open inspection, amendment or disclosure case. This version has no cases yet: the record stays closed.",
            Self::Schedule => "The schedule of conferences, without their content. This version has no schedule yet.",
            Self::Within => {
                "Only the sections that the consent, or the emergency, names; where a consent is limited to one goal, only that goal and what belongs to it. \
                 What is shared by consent the student may hide again, section by section."
            }
            Self::FirstName => "Only the student's first name.",
            Self::OwnProgram => "Only papers of the specialist's own support programme (R22). This version keeps no such papers yet.",
        }
    }
}

const PEOPLE: [(Relation, &str); 10] = [
    (Relation::Student, "Student"),
    (Relation::Guardian, "Guardian"),
    (Relation::Gatekeeper, "Gatekeeper (counselor, advisor)"),
    (Relation::Teacher, "Assigned teacher"),
    (Relation::CareerReviewer, "Career reviewer"),
    (Relation::SupportSpecialist, "Support specialist of a programme"),
    (Relation::RosterTeacher, "Class teacher by roster"),
    (Relation::SchoolManager, "School manager (principal)"),
    (Relation::Coordinator, "Coordinator"),
    (Relation::Custodian, "Records custodian"),
];

const INVITED: [(Relation, &str); 5] = [
    (Relation::ConsentedGuardian, "Parent of an eligible student"),
    (Relation::Partner, "Partner's staff"),
    (Relation::Mentor, "Mentor"),
    (Relation::GroupMember, "Member of a group"),
    (Relation::Emergency, "In an emergency"),
];

const MACHINES: [(Relation, &str); 3] =
    [(Relation::SisClient, "Student information system"), (Relation::StateClient, "State agency"), (Relation::Operator, "Operator of the service")];

const RULES: [&str; 14] = [
    "Nothing is allowed without a relation to the student that is confirmed and in force today. A relation counts from its first day and \
     not on the day it ends; days are those of the district's time zone.",
    "A roster alone grants nothing. An assignment counts once the district has confirmed it; a guardian's link once a custodian has confirmed \
     it, or where the district trusts the links of its roster.",
    "While the date of birth is unknown, a guardian's link counts only once a custodian has confirmed it.",
    "A guardian with no rights (court order or similar) is shut out entirely, whatever other relation the same person has, and whether or not \
     the link is confirmed.",
    "An order may also keep one person from all or some sections of a student's file, whatever their relations; the student never.",
    "From the day of turning 18, and before while the student is recorded as an adult (at a postsecondary institution; emancipated or qualifying under \
     McKinney-Vento, where the district's profile knows it), the rights are the student's and a guardian has none, \
     but still reads while the student is documented as a dependent for taxes (34 CFR 99.31(a)(8)). \
     Who was born on 29 February turns 18 on 1 March in a common year.",
    "A consent counts while it is signed by all who must: for a minor the student and a guardian with full rights, and no such guardian objects; \
     for an eligible student the student alone, who signed since the rights passed. While it is not known who holds the rights, none counts.",
    "What the student asks to be hidden stays hidden from all but the holders of the rights, the custodian, and who acts in an emergency.",
    "An application opens no more to those who use it than the district allows it, and never more than they may do themselves.",
    "After the student has left, student and guardian still read what they read before; the custodian and the student information system go on; \
     every other relation has ended.",
    "Class teachers by roster count only where the district's profile calls them involved educators (R136): Rhode Island yes, Utah no.",
    "A goal is in S2, S4 or S8 by its domain (academic, career, personal and social); its activities, benchmarks, progress, reflections and \
     suggestions go with it.",
    "To comment is to add words of one's own; only these can be changed or taken back. The same holds for suggestions (R47).",
    "A person with several relations may do what any of them allows.",
];

/// The table as a privacy officer reads and signs it, in Markdown.
pub fn print_matrix() -> String {
    let mut text = String::from(
        "# Who may do what in an ILP file\n\n\
         This page is written by the program from the table that it decides by; a test keeps them alike. To change it, change \
         `domain/src/access/matrix.rs` and run `UPDATE=1 cargo test -p openilp-domain access_matrix`.\n\n",
    );
    for (n, rule) in RULES.iter().enumerate() {
        text.push_str(&format!("{}. {rule}\n", n + 1));
    }
    text.push_str(
        "\nWords: **read**; **comment**; **suggest** a change that waits for a decision; **write** (create, amend, remove); **decide** on a \
         suggestion or request; **sign** (acknowledge); **manage** (S0: staff and participants; S11: conferences; S14: guardian links). \
         A dash: nothing.\n\n\
         For one student, the program says the same with names: the custodian asks who reads what, by which relation and rule \
         (`GET /v1/students/{studentId}/readers`), and everybody what is open to themselves and why the rest is not \
         (`GET /v1/students/{studentId}/my-access`). Both are decided by this table, never by a second one.\n",
    );
    for situation in Situation::ALL {
        text.push_str(&format!("\n## {}\n\n{}\n\n", situation.title(), situation.lead()));
        push_table(&mut text, &PEOPLE, situation);
    }
    text.push_str(
        "\n## Whom student and family invite, and emergencies\n\nEverything here rests on a consent, signed as rule 8 says, or on an emergency that was declared \
         with its reason, for minutes, and is reviewed.\n\n",
    );
    push_table(&mut text, &INVITED, Situation::Minor);
    text.push_str(
        "\n## Machines\n\nA student information system delivers facts and reads no narrative. The state agency opens no section: it receives \
         the listed fields of a collection under a written agreement with the district, and each pull is recorded as a disclosure. \
         The operator never sees content.\n\n",
    );
    push_table(&mut text, &MACHINES, Situation::Minor);
    text.push_str("\n## To the district as a whole\n\n| | By |\n|---|---|\n");
    for (action, relations) in TABLE {
        let titles: Vec<&str> = PEOPLE.iter().chain(&MACHINES).filter(|(of, _)| relations.contains(of)).map(|(_, title)| *title).collect();
        text.push_str(&format!("| {} | {} |\n", district_action_in_words(*action), titles.join(", ")));
    }
    text.push_str("\n## Notes\n\n");
    for note in Note::ALL {
        text.push_str(&format!("- ({}) {}\n", note.mark(), note.text()));
    }
    text.push_str("\nReviewed by: ______________________  Office: ______________________  Date: ______________\n");
    text
}

fn push_table(text: &mut String, relations: &[(Relation, &str)], situation: Situation) {
    let headers: Vec<&str> = relations.iter().map(|(_, title)| *title).collect();
    text.push_str(&format!("| Section | {} |\n|---{}|\n", headers.join(" | "), "|---".repeat(headers.len())));
    for section in Section::ALL.iter().copied() {
        let cells: Vec<String> = relations.iter().map(|(relation, _)| cell_in_words(*relation, section, situation)).collect();
        text.push_str(&format!("| {} {} | {} |\n", section.code(), section.title(), cells.join(" | ")));
    }
}

fn cell_in_words(relation: Relation, section: Section, situation: Situation) -> String {
    if relation == Relation::Guardian && situation == Situation::Eligible {
        return "–".into();
    }
    let grants = cell(relation, section);
    let words: Vec<String> = Action::ALL
        .iter()
        .filter_map(|&action| {
            let notes: Vec<Option<Note>> = grants.iter().filter(|grant| grant.action == action).filter_map(|grant| situation.note(grant)).collect();
            if notes.is_empty() {
                return None;
            }
            // What is allowed anyhow needs no note.
            if notes.iter().any(Option::is_none) {
                return Some(in_words(action).to_owned());
            }
            let marks: String = notes.iter().flatten().map(|note| format!(" ({})", note.mark())).collect();
            Some(format!("{}{marks}", in_words(action)))
        })
        .collect();
    if words.is_empty() { "–".into() } else { words.join(", ") }
}

fn in_words(action: Action) -> &'static str {
    match action {
        Action::Propose => "suggest",
        Action::Administer => "manage",
        _ => action.word(),
    }
}

fn district_action_in_words(action: DistrictAction) -> &'static str {
    match action {
        DistrictAction::Operate => "Set up districts, issuers, clients, agreements, offices, applications",
        DistrictAction::ImportRoster => "Hand in a roster",
        DistrictAction::ReadImports => "See roster imports and their faults",
        DistrictAction::ExportRoster => "Have the roster of a source, whole; a SIS client, that of a source that it hands in",
        DistrictAction::ManageImports => "Let a held roster load go on, try one again, take one back",
        DistrictAction::ManageRelations => "Confirm guardian links and assignments, link logins to people, approve applications",
        DistrictAction::ManageProgram => "Keep what the programme asks of all students: graduation requirements",
        DistrictAction::ReadDisclosures => "See to whom records were disclosed",
        DistrictAction::CountNeeds => "Have unmet needs counted, of no few students",
        DistrictAction::PullCollection => "Pull a collection, under an agreement",
    }
}
