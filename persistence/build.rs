//! Writes the list of migrations, so that the program carries them: a folder added is a migration added.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    println!("cargo:rerun-if-changed={}", folder.display());
    let folder = folder.canonicalize()?;
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if entry.path().is_dir() {
            names.push(entry.file_name().into_string().map_err(|name| format!("{name:?} is no text"))?);
        }
    }
    names.sort();
    let mut list = String::from("const MIGRATIONS: &[Migration] = &[\n");
    for (index, name) in names.iter().enumerate() {
        // Gaps and doubles come from merging two branches: better found here than in a database.
        let number = format!("{:04}_", index + 1);
        if !name.starts_with(&number) {
            return Err(format!("migrations/{name} should begin with {number}").into());
        }
        let (up, down) = (text_of(&folder.join(name).join("up.sql"))?, text_of(&folder.join(name).join("down.sql"))?);
        list.push_str(&format!("    Migration {{ version: {name:?}, up: {up}, down: {down} }},\n"));
    }
    list.push_str(&format!("];\nconst REPLACEABLE: &str = {};\n", text_of(&folder.join("replaceable.sql"))?));
    #[expect(clippy::disallowed_methods, reason = "cargo tells a build script by its environment where to write")]
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(PathBuf::from(out).join("migrations.rs"), list)?;
    Ok(())
}

fn text_of(file: &Path) -> Result<String, Box<dyn Error>> {
    if !file.is_file() {
        return Err(format!("{} is missing", file.display()).into());
    }
    Ok(format!("include_str!({:?})", file.to_str().ok_or("a path that is no text")?))
}
