//! The README says what the program does.

use std::fmt::Write;
use std::path::Path;

use openilp_api::config::VARIABLES;

/// The table of variables, between its two marks.
#[test]
fn the_table_of_variables_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let begin = readme.find("<!-- variables").and_then(|at| readme[at..].find('\n').map(|end| at + end + 1)).unwrap();
    let end = readme.find("<!-- /variables -->").unwrap();
    let mut table = String::from("| variable | default | |\n|---|---|---|\n");
    for (name, default, about) in VARIABLES {
        let default = if default.is_empty() || default.contains(' ') { (*default).to_owned() } else { format!("`{default}`") };
        writeln!(table, "| `{name}` | {default} | {} |", about.replace('<', "&lt;").replace('|', "\\|")).unwrap();
    }
    let now = format!("{}{table}{}", &readme[..begin], &readme[end..]);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(readme == now || std::env::var_os("UPDATE").is_some(), "README.md does not list the variables of config.rs. Run with UPDATE=1.");
}
