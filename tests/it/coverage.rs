//! Which requirement is proven by which tests: the names of tests say it, and docs/requirements.md is the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use openilp_tests::golden::{assert_golden, root};

/// Requirements that no software proves by itself, and why: aims, and what comes with something that is not there yet. None of them has a test.
const NAMED: &[(char, u32, &str)] = &[
    ('r', 89, "That a plan binds nobody is said where it is signed off. Sign-offs come with reviews and conferences; until then nothing is signed."),
    (
        'r',
        90,
        "What a plan is for. That it holds needs and aspirations is R23 and R186, that it mobilizes the school is R97 to R100, that it sets objectives is R85.",
    ),
    ('r', 159, "The source ends in the middle of a sentence: nothing further can be derived."),
    (
        'r',
        204,
        "Where the ILP stands in a school's program is the school's to arrange. What the service does for it is that each part is of one plan: R12, R25, R26.",
    ),
    ('r', 205, "That students embrace responsibility is an aim. That they have it is R41, that the plan is theirs R48 and R49."),
    ('r', 213, "Lead-ins that the source left incomplete: nothing can be derived."),
];

/// The requirements that the name of a test begins with: `r15_r17_…` is of R15 and R17, `l9_…` of L9.
fn numbers(name: &str) -> Vec<(char, u32)> {
    let mut found = vec![];
    for part in name.split('_') {
        let mut characters = part.chars();
        let letter = characters.next().filter(|c| matches!(c, 'r' | 'l'));
        match (letter, characters.as_str().parse()) {
            (Some(letter), Ok(number)) if characters.as_str().bytes().all(|b| b.is_ascii_digit()) => found.push((letter, number)),
            _ => break,
        }
    }
    found
}

/// The tests of every crate: the crate's folder and the file, with the names.
fn tests() -> Vec<(String, String)> {
    let mut found = vec![];
    let mut folders: Vec<PathBuf> = ["domain", "persistence", "api", "tests"].map(|crate_name| root().join(crate_name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let file = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<_> = text.lines().map(str::trim).collect();
            for (number, line) in lines.iter().enumerate() {
                let Some(rest) = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn ")) else { continue };
                let is_test = lines[..number]
                    .iter()
                    .rev()
                    .take_while(|l| l.starts_with("#[") || l.starts_with("///"))
                    .any(|l| l.starts_with("#[test]") || l.starts_with("#[tokio::test") || l.starts_with("#[actix_web::test"));
                // Inside proptest! the attribute stands there too.
                if is_test {
                    found.push((file.clone(), rest.split(['(', '<']).next().unwrap().to_owned()));
                }
            }
        }
    }
    found
}

#[test]
fn every_requirement_that_is_served_is_in_the_table_of_coverage() {
    let mut covered: BTreeMap<(char, u32), BTreeSet<String>> = BTreeMap::new();
    for (file, test) in tests() {
        for number in numbers(&test) {
            covered.entry(number).or_default().insert(format!("`{file}` {}", test.replace('_', " ")));
        }
    }
    assert!(covered.len() > 20, "only {} requirements have a test", covered.len());
    let mut text = String::from("# Which requirement is proven by which tests\n\n");
    text.push_str(
        "Written by `tests/it/coverage.rs` from the names of the tests (`UPDATE=1`). R: the requirements of the policies that OpenILP serves.\n",
    );
    text.push_str(
        "L: the law. A number that is missing here is not proven by a test, whatever else is said of it; why, is said at the end of some.\n",
    );
    for (letter, title) in [('r', "Requirements"), ('l', "Law")] {
        let of_letter: Vec<_> = covered.iter().filter(|((l, _), _)| *l == letter).collect();
        write!(text, "\n## {title} ({})\n\n| number | tests |\n| --- | --- |\n", of_letter.len()).unwrap();
        for ((_, number), names) in of_letter {
            let names: Vec<_> = names.iter().cloned().collect();
            writeln!(text, "| {}{number} | {} |", letter.to_ascii_uppercase(), names.join("<br>")).unwrap();
        }
    }
    write!(text, "\n## Named with their reasons ({})\n\n| number | why no test proves it |\n| --- | --- |\n", NAMED.len()).unwrap();
    for (letter, number, reason) in NAMED {
        assert!(!covered.contains_key(&(*letter, *number)), "{letter}{number} has a test: take it out of the reasons");
        writeln!(text, "| {}{number} | {reason} |", letter.to_ascii_uppercase()).unwrap();
    }
    assert_golden("docs/requirements.md", &text);
}

#[test]
fn a_name_says_its_requirements_at_its_beginning() {
    assert_eq!(numbers("r15_r17_copied"), [('r', 15), ('r', 17)]);
    assert_eq!(numbers("l9_an_order"), [('l', 9)]);
    assert_eq!(numbers("reads_r15"), []);
    assert_eq!(numbers("r_and_d"), []);
}
