//! The tables of `docs/` are those of the program. `UPDATE=1` writes them.

use super::super::columns::{Column, File, Kind, SCHOOL_DATA_SYNC, SUPPLEMENT, Words};
use super::super::fault::FaultCode;
use super::super::repair::RepairCode;
use super::*;

/// Holds what stands between two marks of a document against what it should be, or writes it.
#[allow(clippy::disallowed_methods, reason = "whether golden files are to be written")]
fn golden(document: &str, mark: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(document);
    let whole = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = whole.split_once(&begin).unwrap();
    let (stands, after) = rest.split_once(&end).unwrap();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, format!("{before}{begin}\n{text}\n{end}{after}")).unwrap();
    } else {
        assert_eq!(stands.trim(), text.trim(), "docs/{document} is not what the program says; run the tests with UPDATE=1");
    }
}

fn codes<'c>(codes: impl Iterator<Item = (&'c str, &'c str)>) -> String {
    codes.fold("| code | meaning |\n|---|---|\n".to_owned(), |text, (code, meaning)| text + &format!("| `{code}` | {meaning} |\n"))
}

fn words(words: Words) -> String {
    let own = if words.extension == columns::Extension::Kept { ", or an `ext:` word" } else { "" };
    format!("{}{own}", words.words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
}

fn holds(column: &Column) -> String {
    match column.kind {
        Kind::SourcedId => "the id of the row".into(),
        Kind::Reference(file) => format!("an id of `{file}.csv`"),
        Kind::References(file) => format!("ids of `{file}.csv`"),
        Kind::Status => "blank in bulk; `active` or `tobedeleted` in a delta".into(),
        Kind::Modified => "blank in bulk; a time in UTC in a delta".into(),
        Kind::Boolean => "`true` or `false`".into(),
        Kind::Date => "a day, `YYYY-MM-DD`".into(),
        Kind::Year => "the year in which the school year ends, `YYYY`".into(),
        Kind::Days => "days, such as `3.5`".into(),
        Kind::Count => "a whole number".into(),
        Kind::Letters(count) => format!("{count} capital letters"),
        Kind::Grades => "grade codes of CEDS, such as `09`".into(),
        Kind::Word(of) | Kind::WordList(of) => words(of),
        Kind::Integer | Kind::Number => "a number".into(),
        Kind::Text | Kind::Prose | Kind::Texts | Kind::UserIds | Kind::ScaleValues | Kind::Password => "text".into(),
    }
}

fn files(files: &[File]) -> String {
    let mut text = String::new();
    for file in files {
        text.push_str(&format!("### {}\n\n| column | required | holds |\n|---|---|---|\n", file.file_name));
        let own = file.columns.iter().filter(|column| !matches!(column.kind, Kind::SourcedId | Kind::Status | Kind::Modified));
        for column in own {
            text.push_str(&format!("| `{}` | {} | {} |\n", column.name, if column.required { "yes" } else { "" }, holds(column)));
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_codes_and_the_columns_are_documented() {
    golden("roster-bundles.md", "faults", &codes(FaultCode::ALL.iter().map(|code| (code.code(), code.meaning()))));
    golden("roster-bundles.md", "repairs", &codes(RepairCode::ALL.iter().map(|code| (code.code(), code.meaning()))));
    golden("roster-supplement.md", "files", &files(&SUPPLEMENT));
    golden("roster-supplement.md", "sds", &files(&SCHOOL_DATA_SYNC));
}
