//! Every cell of the table, against a second writing of it, and the printed one against docs/access-matrix.md.

use super::*;

/// The policy in letters, written from the requirements and not from `matrix.rs`. After a slash stands what is allowed besides
/// with what is one's own.
///
/// `r` read, `c` comment, `p` suggest, `w` write, `s` sign, `a` manage, `x` decide; `C` and `W` the same below grade 9 only;
/// `n` read what the consent or emergency names; `f` read the first name only; `y`, `z`, `v` read, comment, write papers of one's own programme;
/// `D` decide from grade 9, `d` decide otherwise; `t` read where contacts are for all participants; `g` read progress where it is
/// for all participants; `k` write one's own consent.
const POLICY: &str = "
                S0  S1a S1b  S2    S3  S4    S5    S5f S6   S7    S8   S9    S10 S11    S12  S13   S14
self            r   r   r/w  rcwD  r   rcwD  rcwD  rcw rcw  rcwD  rcw  rcwD  r   rcsD   rcD  rcw   r/k
guardian        r   r   r/w  rcpW  r   rcpW  rcp   rcw rCW  rcp   r    rcp   r   rcps   rcp  rcw   r/k
gatekeeper      ra  r   r    rcpwd r   rcpwd rcpwd -   r    rcpwd r    rcpwd -   rcwad  rcpd rcw   rp
teacher         r   r   t    rcpW  r   rpCW  rp    -   rCW  rcpw  g    r     -   rcw    rcp  -/rw  -
careerReviewer  r   r   t    rcp   r   rcpw  rcpw  -   r    r     g    g     -   rcw    rcp  -/rw  -
supportSpecialist r r   -    r     r   r     r     -   r    r     -    rcw   yzv rcw    rc   -/rw  -
rosterTeacher   r   r   -    r     r   -     -     -   -    r     -    -     -   -      -    -     -
schoolManager   ra  r   r    -     -   -     -     -   -    -     -    -     -   -      -    rcwx  -
coordinator     r   -   -    -     -   -     -     -   -    -     -    -     -   -      -    -     -
custodian       ra  r   r    -     -   -     -     -   -    -     -    -     -   -      -    -     rwa
consentedGuardian r r   -    n     n   n     n     n   n    n     n    n     n   n      n    -     -
partner         r   n   -    n     -   n     n     -   n    n     -    -     -   -      -/rcw -/rw -
mentor          -   f   -    n     -   n     n     -   n    n     -    -     -   -      -/rcw -    -
groupMember     -   f   -    n     -   n     n     -   n    n     -    -     -   -      -    -     -
emergency       r   r   n    n     n   n     n     n   n    n     n    n     n   n      n    n     -
sisClient       w   rw  w    -     w   -     -     -   -    -     -    -     -   -      -    -     -
stateClient     -   -   -    -     -   -     -     -   -    -     -    -     -   -      -    -     -
operator        -   -   -    -     -   -     -     -   -    -     -    -     -   -      -    -     -
";

/// The cells of the policy: relation, section, letters for any record, letters besides for one's own.
fn policy() -> Vec<(Relation, Section, String, String)> {
    let mut lines = POLICY.lines().filter(|line| !line.is_empty());
    let sections: Vec<Section> = lines.next().unwrap().split_whitespace().map(|code| code.parse().unwrap()).collect();
    assert_eq!(sections, Section::ALL);
    let mut cells = vec![];
    for line in lines {
        let mut words = line.split_whitespace();
        let relation: Relation = words.next().unwrap().parse().unwrap();
        for (section, cell) in sections.iter().zip(words.by_ref()) {
            let (any, own) = cell.split_once('/').unwrap_or((cell, ""));
            cells.push((relation, *section, any.replace('-', ""), own.to_owned()));
        }
    }
    assert_eq!(cells.len(), Relation::ALL.len() * Section::ALL.len());
    cells
}

/// Whether a letter allows the action.
fn letter_allows(letter: char, action: Action, section: Section, item: &Item, fact: &Fact, world: &World) -> bool {
    let grade = world.facts.student.grade.filter(|grade| *grade != Grade::Ungraded);
    let from_grade_9 = grade.is_some_and(|grade| grade >= Grade::Ninth);
    let below_grade_9 = grade.is_some_and(|grade| grade < Grade::Ninth);
    let rights_known = rights_holder(&world.facts.student, TODAY) != RightsHolder::Unknown;
    let (of, when) = match letter {
        'r' => (Action::Read, true),
        'c' => (Action::Comment, true),
        'p' => (Action::Propose, true),
        'w' => (Action::Write, true),
        's' => (Action::Sign, true),
        'a' => (Action::Administer, true),
        'x' => (Action::Decide, true),
        'C' => (Action::Comment, below_grade_9),
        'W' => (Action::Write, below_grade_9),
        'D' => (Action::Decide, from_grade_9),
        'd' => (Action::Decide, !from_grade_9),
        't' => (Action::Read, world.switches.participants_read_contacts),
        'g' => (Action::Read, world.switches.participants_read_contacts && item.progress),
        'k' => (Action::Write, rights_known),
        'n' => (Action::Read, fact.sections.is_some_and(|sections| sections.contains(section))),
        'f' => (Action::Read, item.first_name),
        'y' => (Action::Read, item.program == Some(SupportProgram::Iep)),
        'z' => (Action::Comment, item.program == Some(SupportProgram::Iep)),
        'v' => (Action::Write, item.program == Some(SupportProgram::Iep)),
        other => panic!("{other} is no letter"),
    };
    action == of && when
}

/// Whether a consent is signed by student and guardian, or by an eligible student who was one when signing.
fn is_signed(signatures: &Signatures, student: &StudentFacts) -> bool {
    match rights_holder(student, TODAY) {
        RightsHolder::Unknown => false,
        RightsHolder::Guardians => signatures.student_on.is_some() && signatures.guardian && !signatures.objection,
        RightsHolder::Student => signatures.student_on.is_some_and(|day| rights_holder(student, day) == RightsHolder::Student),
    }
}

/// Whether a single relation counts, in the words of the requirements.
fn counts(fact: &Fact, action: Action, world: &World) -> bool {
    let student = &world.facts.student;
    let begun = fact.valid_from.is_none_or(|from| TODAY >= from);
    let ended = fact.valid_to.is_some_and(|to| TODAY >= to);
    let known = match fact.relation {
        Relation::Guardian => {
            let confirmed = fact.confirmed || (world.guardians_trusted && student.birth_date.is_some());
            confirmed && fact.rights == Some(Rights::Full) && rights_holder(student, TODAY) != RightsHolder::Student
        }
        Relation::RosterTeacher => fact.confirmed && world.switches.roster_teachers,
        _ => fact.confirmed && fact.signatures.is_none_or(|signatures| is_signed(&signatures, student)),
    };
    let stays = match fact.relation {
        Relation::Student | Relation::Guardian | Relation::ConsentedGuardian => student.active || action == Action::Read,
        Relation::Custodian | Relation::SisClient => true,
        _ => student.active,
    };
    begun && !ended && known && stays
}

/// Every cell × grade × age × leaving × confirmation × rights × switches × trust × whose record it is: the decision is the policy's.
#[test]
fn r134_every_decision_is_the_policys() {
    let named = [Grade::Ungraded, Grade::Kindergarten, Grade::Eighth, Grade::Ninth, Grade::Twelfth, Grade::Postsecondary];
    let grades = named.map(Some).into_iter().chain([None]);
    let own = Item::new_by(person(7));
    let anothers = Item::of(Some(person(8)), Some(person(7)));
    let program = |program| Item { program: Some(program), ..anothers };
    let items = [
        Item::default(),
        own,
        anothers,
        anothers.as_progress(),
        anothers.as_first_name(),
        Item::of(Some(person(8)), None),
        program(SupportProgram::Iep),
        program(SupportProgram::Ell),
        Item { program: Some(SupportProgram::Iep), ..own },
    ];
    let facts = |relation| {
        let mut facts = vec![confirmed(relation), unconfirmed(relation)];
        if relation == Relation::Guardian {
            facts.extend([Some(Rights::None), None].map(|rights| Fact { rights, ..confirmed(relation) }));
        }
        if let Some(signatures) = confirmed(relation).signatures {
            let named: Sections = [Section::PlanOfStudy, Section::SchoolRecords].into_iter().collect();
            facts.push(Fact { sections: Some(named), ..confirmed(relation) });
            facts.push(Fact { signatures: Some(Signatures { guardian: false, ..signatures }), ..confirmed(relation) });
            facts.push(Fact { signatures: Some(Signatures { student_on: Some(day("2026-01-01")), ..signatures }), ..confirmed(relation) });
            facts.push(Fact { signatures: Some(Signatures { objection: true, ..signatures }), ..confirmed(relation) });
        }
        facts
    };
    let cells = policy();
    let mut decisions = 0_u64;
    for student in [minor(Grade::Tenth), eligible(), of_unknown_age()].into_iter().flat_map(|student| [student.clone(), left(student)]) {
        for (grade, switches, guardians_trusted) in grades
            .clone()
            .flat_map(|grade| [UTAH, RHODE_ISLAND, STRICTEST, WIDEST].map(|switches| (grade, switches)))
            .flat_map(|(grade, switches)| [false, true].map(|trusted| (grade, switches, trusted)))
        {
            for (relation, section, any, of_own) in &cells {
                for fact in facts(*relation) {
                    let world = World { switches, guardians_trusted, ..World::of(StudentFacts { grade, ..student.clone() }, [fact]) };
                    for (action, item) in Action::ALL.iter().flat_map(|action| items.map(|item| (*action, item))) {
                        let is_own = item.author == own.author;
                        let others_words = matches!(action, Action::Comment | Action::Propose) && item.author == Some(person(8));
                        let letters = any.chars().chain(of_own.chars().filter(|_| is_own));
                        let granted = letters.clone().any(|letter| letter_allows(letter, action, *section, &item, &fact, &world));
                        let expected = granted && !others_words && counts(&fact, action, &world);
                        let decision = world.decide_on(action, *section, item);
                        assert_eq!(
                            decision.relation(),
                            expected.then_some(*relation),
                            "{action} {section} as {fact:?} with {item:?}, {:?}, {switches:?}, trusted {guardians_trusted}",
                            world.facts.student
                        );
                        decisions += 1;
                    }
                }
            }
        }
    }
    assert!(decisions > 2_000_000, "{decisions}");
}

/// What may be suggested in the plan can be decided, in every grade, by the student or the gatekeeper.
#[test]
fn r47_no_suggestion_waits_for_nobody() {
    for grade in Grade::ALL {
        for relation in Relation::ALL {
            let suggesting = World::of(minor(*grade), [confirmed(*relation)]);
            for section in Section::ALL.iter().filter(|section| section.is_content()) {
                if !suggesting.may(Action::Propose, *section) {
                    continue;
                }
                let deciding = [Relation::Student, Relation::Gatekeeper].map(|by| World::of(minor(*grade), [confirmed(by)]));
                let count = deciding.iter().filter(|world| world.may(Action::Decide, *section)).count();
                assert_eq!(count, 1, "{relation} suggests in {section}, grade {grade}");
            }
        }
    }
}

#[test]
fn r134_what_concerns_the_whole_district_is_for_its_offices_and_machines() {
    let allowed = |action, relation| decide_district(action, &[confirmed(relation)], TODAY, None).is_some();
    let by = |action| Relation::ALL.iter().filter(|relation| allowed(action, **relation)).map(|relation| relation.word()).collect::<Vec<_>>();
    assert_eq!(by(DistrictAction::Operate), ["operator"]);
    assert_eq!(by(DistrictAction::ImportRoster), ["sisClient"]);
    assert_eq!(by(DistrictAction::ReadImports), ["coordinator", "custodian", "sisClient"]);
    assert_eq!(by(DistrictAction::ExportRoster), ["custodian", "sisClient"]);
    assert_eq!(by(DistrictAction::ManageImports), ["custodian"]);
    assert_eq!(by(DistrictAction::ManageRelations), ["custodian"]);
    assert_eq!(by(DistrictAction::ReadDisclosures), ["custodian"]);
    assert_eq!(by(DistrictAction::PullCollection), ["stateClient"]);
    let over = Fact { valid_to: Some(TODAY), ..confirmed(Relation::Custodian) };
    assert_eq!(decide_district(DistrictAction::ManageRelations, &[over, unconfirmed(Relation::Custodian)], TODAY, None), None);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "UPDATE=1 writes the page")]
fn access_matrix_in_docs_is_the_table_that_decides() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access-matrix.md");
    let printed = print_matrix();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &printed).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert!(golden == printed, "docs/access-matrix.md is not what the table says. If the change is meant, run with UPDATE=1 and have it reviewed.");
}

#[test]
fn sections_are_a_set_in_order() {
    let sections: Sections = [Section::Privacy, Section::Status, Section::FinancialAid, Section::Status].into_iter().collect();
    assert_eq!(sections.to_string(), "S0,S5f,S14");
    assert_eq!(sections.iter().collect::<Vec<_>>(), [Section::Status, Section::FinancialAid, Section::Privacy]);
    assert!(sections.contains(Section::FinancialAid) && !sections.contains(Section::Postsecondary));
    assert_eq!(sections.intersection(Sections::NONE.with(Section::Privacy)).to_string(), "S14");
    assert!(sections.covers(Sections::NONE) && !Sections::NONE.covers(sections) && Sections::NONE.is_empty());
    assert_eq!(Section::ALL.iter().copied().collect::<Sections>().iter().count(), 17, "each section has its own bit");
}
