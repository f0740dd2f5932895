//! The default matrix of access.md 5.3, letter for letter as it stands there, and its reading. SA and SU have no row that opens a section.

use openilp_domain::access::{Relation, Section};

/// access.md 5.3.
const TEXT: &str = "
| | S0 | S1a | S1b | S2 | S3 | S4 | S5 | S5f | S6 | S7 | S8 | S9 | S10 | S11 | S12 | S13 | S14 |
| ST | r | r | r(own w) | rw | r | rw | rw | rw | rw | rw | rw | rw | r | rc sign | rc | rw | r, consent w |
| GU | r | r | r(own w) | rc | r | rc | rc | rw | r | rc | r | rc | r | rc sign | rc | rw | r, consent w |
| GK | ra | r | r | rw | r | rw | rw | r(k) | r | rw | r(v) | rw | r(k) | rwa | rc | rw | r, propose |
| TE | r | r | - | rc | r | r | r | - | r | rw | -(v) | r | - | rw | rc | w | - |
| CR | r | r | - | rc | r | rw | rw | - | r | r | - | - | - | rw | rc | w | - |
| SP(t) | r | r | - | r | r | r | r | - | r | r | (v) | rw | rw own t | rw | rc | w | - |
| PR | ra | r | r | - | - | - | - | - | - | - | - | - | - | a(schedule) | - | rw decide | - |
| CO | r, counts | - | - | - | - | - | - | - | - | - | - | - | - | counts | - | counts | - |
| CU | ra | r | r | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | [case] | rwa |
| PA | r | (d) | - | (d) | - | (d) | (d) | - | (d) | (d) | - | - | - | - | wc own | w | - |
| ME | - | first name | - | (s) | - | (s) | (s) | - | (s) | (s) | - | - | - | - | wc own | - | - |
| AG | - | first name | - | (g) | - | (g) | (g) | - | (g) | (g) | - | - | - | - | - | - | - |
| SI | w | rw | w | - | w | - | - | - | - | - | - | - | - | - | - | - | - |
";

/// The letters of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "letters")]
pub struct Letters {
    pub read: bool,
    pub write: bool,
    pub comment: bool,
    pub administer: bool,
    pub sign: bool,
    pub decide: bool,
    pub propose: bool,
    /// `own w`: only one's own entry.
    pub own_entry: bool,
    /// `consent w`: only one's own consent.
    pub own_consent: bool,
    /// `(k)`: only if named on the item.
    pub if_named: bool,
    /// `(v)`: as the student has it; the dash or `r` before it is the default.
    pub as_student_has_it: bool,
    /// `(d)`, `(s)`, `(g)`: the consent names the section.
    pub if_consented: bool,
    /// `[case]`: only through an open case.
    pub in_case: bool,
    /// `first name`: no more than that.
    pub first_name: bool,
    /// `own t`: papers of the specialist's own programme.
    pub own_program: bool,
    /// `own`: what stands before it is for what is one's own.
    pub own_only: bool,
}

/// The whole table: who, in which section, which letters.
pub struct MatrixText(Vec<Vec<Letters>>);

impl MatrixText {
    pub fn read() -> Self {
        let rows: Vec<Vec<&str>> = TEXT.trim().lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
        assert_eq!(rows[0][1..], Section::ALL.iter().map(|section| section.code()).collect::<Vec<_>>());
        let row = |relation: &Relation| match code_of(*relation) {
            Some(code) => rows.iter().find(|row| row[0] == code).unwrap()[1..].iter().map(|cell| letters(cell)).collect(),
            None => vec![Letters::default(); Section::ALL.len()],
        };
        Self(Relation::ALL.iter().map(row).collect())
    }

    pub fn of(&self, relation: Relation, section: Section) -> Letters {
        self.0[relation as usize][section as usize]
    }
}

/// access.md 5.1. A roster edge has no row: decision 2 says what it opens. Nor have the guardian of an eligible student and an emergency: 5.3 and
/// 5.7 say it. A state client and an operator have none that opens a section.
fn code_of(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Student => Some("ST"),
        Relation::Guardian => Some("GU"),
        Relation::Gatekeeper => Some("GK"),
        Relation::Teacher => Some("TE"),
        Relation::CareerReviewer => Some("CR"),
        Relation::SchoolManager => Some("PR"),
        Relation::Coordinator => Some("CO"),
        Relation::Custodian => Some("CU"),
        Relation::SisClient => Some("SI"),
        Relation::SupportSpecialist => Some("SP(t)"),
        Relation::Partner => Some("PA"),
        Relation::Mentor => Some("ME"),
        Relation::GroupMember => Some("AG"),
        Relation::RosterTeacher | Relation::StateClient | Relation::Operator | Relation::ConsentedGuardian | Relation::Emergency => None,
    }
}

/// Reads a cell. One that is not understood is a fault of this reading, not an empty cell.
fn letters(cell: &str) -> Letters {
    let mut of = Letters::default();
    let plain = match cell {
        "[case]" => {
            of.in_case = true;
            ""
        }
        "-" | "a(schedule)" | "counts" => "",
        "r(own w)" => {
            of.own_entry = true;
            "r"
        }
        "r, consent w" => {
            of.own_consent = true;
            "r"
        }
        "r(k)" => {
            of.if_named = true;
            "r"
        }
        "r(v)" => {
            of.as_student_has_it = true;
            "r"
        }
        "-(v)" | "(v)" => {
            of.as_student_has_it = true;
            ""
        }
        "(d)" | "(s)" | "(g)" => {
            of.if_consented = true;
            ""
        }
        "first name" => {
            of.first_name = true;
            ""
        }
        "rw own t" => {
            of.own_program = true;
            "rw"
        }
        "wc own" => {
            of.own_only = true;
            "wc"
        }
        "rc sign" => {
            of.sign = true;
            "rc"
        }
        "rw decide" => {
            of.decide = true;
            "rw"
        }
        "r, propose" => {
            of.propose = true;
            "r"
        }
        "r, counts" => "r",
        plain => plain,
    };
    for letter in plain.chars() {
        match letter {
            'r' => of.read = true,
            'w' => of.write = true,
            'c' => of.comment = true,
            'a' => of.administer = true,
            _ => panic!("what does {cell} mean?"),
        }
    }
    of
}
