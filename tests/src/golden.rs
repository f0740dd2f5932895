//! Files that the tests write and people review. `UPDATE=1` rewrites them; without it they are compared.

use std::path::PathBuf;

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares a text with the file at that path, or writes it there if the environment says `UPDATE=1`.
#[track_caller]
pub fn assert_golden(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    if known == text {
        return;
    }
    let (old, new): (Vec<_>, Vec<_>) = (known.lines().collect(), text.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let lines: Vec<_> = gone.chain(come).take(60).collect();
    panic!("{path} is not what the program says now. Run the tests with UPDATE=1 and read the difference:\n{}", lines.join("\n"));
}
