//! Writes the list of migrations, so that the program carries them: a folder added is a migration added.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../migrations");
    println!("cargo:rerun-if-changed={}", folder.display());
    let folder = folder.canonicalize().expect("the folder migrations");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder migrations can be read")
        .map(|entry| entry.expect("an entry of the folder migrations"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a migration's name is text"))
        .collect();
    names.sort();
    let mut list = String::from("const MIGRATIONS: &[Migration] = &[\n");
    for (index, name) in names.iter().enumerate() {
        // Gaps and doubles come from merging two branches: better found here than in a database.
        let number = format!("{:04}_", index + 1);
        assert!(name.starts_with(&number), "migrations/{name} should begin with {number}");
        let [up, down] = ["up.sql", "down.sql"].map(|file| text_of(&folder.join(name).join(file)));
        list.push_str(&format!("    Migration {{ version: {name:?}, up: {up}, down: {down} }},\n"));
    }
    list.push_str(&format!("];\nconst REPLACEABLE: &str = {};\n", text_of(&folder.join("replaceable.sql"))));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("migrations.rs");
    fs::write(out, list).expect("the list can be written");
}

fn text_of(file: &Path) -> String {
    assert!(file.is_file(), "{} is missing", file.display());
    format!("include_str!({:?})", file.to_str().expect("a path that is text"))
}
