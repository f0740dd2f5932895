//! The layers: who may name what, and how long a file may be.

use std::path::{Path, PathBuf};

use openilp_tests::golden::root;

/// Files that may be longer than the rest, and why. This list may only shrink.
const LONG: &[(&str, &str)] = &[("persistence/src/schema.rs", "generated from the migrations")];

/// How many lines a file may have.
const LINES_MAX: usize = 500;

/// Rust sources beneath a folder of the repository, with their text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = vec![];
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push((relative(&path), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

/// Fails if code (not comments) beneath the folder names one of the words.
fn assert_never_named(folder: &str, words: &[&str], may: &[&str]) {
    for (path, text) in sources(folder) {
        if may.contains(&path.as_str()) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in words {
                let named = code.match_indices(word).any(|(at, _)| {
                    let free = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
                    free(code[..at].chars().next_back()) && free(code[at + word.len()..].chars().next())
                });
                assert!(!named, "{path}:{} names {word}, which is not for this layer", number + 1);
            }
        }
    }
}

#[test]
fn the_api_never_names_the_database() {
    assert_never_named("api/src", &["diesel", "diesel_async", "tokio_postgres"], &[]);
    let manifest = std::fs::read_to_string(root().join("api/Cargo.toml")).unwrap();
    for dependency in ["diesel", "diesel-async", "tokio-postgres"] {
        assert!(!manifest.lines().any(|line| line.split(['=', ' ', '.']).next() == Some(dependency)), "api/Cargo.toml has {dependency}");
    }
}

#[test]
fn persistence_never_names_the_web() {
    assert_never_named("persistence/src", &["actix_web", "actix", "utoipa", "openilp_api"], &[]);
}

#[test]
fn the_domain_does_nothing_but_decide() {
    assert_never_named("domain/src", &["tokio", "actix_web", "diesel_async", "tokio_postgres", "openilp_persistence", "openilp_api"], &[]);
    // With the feature `sql` its types are columns, with `wire` they are described; without them they are neither.
    for (path, text) in sources("domain/src") {
        for (word, feature) in [("diesel::", "sql"), ("utoipa::", "wire")] {
            let names = text.lines().any(|line| line.split("//").next().unwrap_or_default().contains(word));
            let module_is_gated = std::fs::read_to_string(root().join("domain/src/lib.rs"))
                .unwrap()
                .contains(&format!("#[cfg(feature = \"{feature}\")]\npub mod {};", Path::new(&path).file_stem().unwrap().to_str().unwrap()));
            assert!(
                !names || module_is_gated || text.contains(&format!("feature = \"{feature}\"")),
                "{path} names {word} outside the feature {feature}"
            );
        }
    }
    let manifest = std::fs::read_to_string(root().join("domain/Cargo.toml")).unwrap();
    for dependency in ["diesel", "utoipa"] {
        let optional = manifest.lines().any(|line| line.starts_with(dependency) && line.contains("optional = true"));
        assert!(optional, "domain/Cargo.toml has {dependency} without `optional = true`");
    }
}

#[test]
fn the_domain_reads_no_clock_and_no_environment() {
    assert_never_named(
        "domain/src",
        &["Utc::now", "SystemTime::now", "Instant::now", "std::env", "std::fs", "now_v7"],
        &["domain/src/access/tests/table.rs"],
    );
}

#[test]
fn no_file_is_long() {
    for folder in ["domain/src", "persistence/src", "api/src", "tests/src", "tests/it"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            let may = LONG.iter().any(|(known, _)| *known == path);
            assert!(may || lines <= LINES_MAX, "{path} has {lines} lines: divide it by its nouns");
            assert!(!may || lines > LINES_MAX, "{path} has only {lines} lines: take it off the list");
        }
    }
}
