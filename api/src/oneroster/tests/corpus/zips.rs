//! Zips that are none, or that are made to harm.

use super::super::zips::{patch, renamed};
use super::*;

const NOT_A_ZIP: Said = ("bundle", 0, None, "zip_not_a_zip");
const BOMB: Said = ("bundle", 0, None, "zip_bomb");

fn sound() -> Vec<u8> {
    Files::sound().zip()
}

/// The zip with bytes set in the directory's record of an entry.
fn patched(entry: usize, offset: usize, bytes: &[u8]) -> Vec<u8> {
    let mut zip = sound();
    patch(&mut zip, entry, offset, bytes);
    zip
}

/// A zip beside whose files is one of this name.
fn beside(name: &str, content: &[u8]) -> Files {
    let mut files = Files::sound();
    files.put_bytes(name, content);
    files
}

pub(super) fn corpus() -> Vec<Broken> {
    let half = sound().len() / 2;
    let without_end = sound().len() - 22;
    let mut many = Files::sound();
    for n in 0..60 {
        many.put(&format!("{n}.csv"), "");
    }
    let mut no_entries = Files(Vec::new());
    no_entries.put("empty/", "");
    let missing = ["orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv", "enrollments.csv"]
        .map(|file| (file, 0, None, "file_missing"));
    vec![
        of_zip("nothing at all", Vec::new(), &[NOT_A_ZIP]),
        of_zip("a CSV file instead of a zip", b"sourcedId,status,dateLastModified\r\n".to_vec(), &[NOT_A_ZIP]),
        of_zip("a truncated zip", sound()[..half].to_vec(), &[NOT_A_ZIP]),
        of_zip("a zip without the end of its directory", sound()[..without_end].to_vec(), &[NOT_A_ZIP]),
        of_zip("five megabytes of nothing", vec![0; 5 << 20], &[NOT_A_ZIP]),
        of_zip("too many entries", many.zip(), &[("bundle", 0, None, "zip_too_many_entries")]),
        of_zip(
            "a file that says it unpacks to four gigabytes",
            patched(1, 24, &u32::MAX.to_le_bytes()[..]),
            &[("bundle", 0, None, "zip_too_large"), BOMB],
        ),
        of_zip("a ratio that no roster has", patched(1, 24, &200_000_000_u32.to_le_bytes()), &[BOMB]),
        of_zip("entries that share the same bytes", patched(2, 42, &0_u32.to_le_bytes()), &[BOMB]),
        of_zip("a wrong checksum", patched(1, 16, &[1, 2, 3, 4]), &[("orgs.csv", 0, None, "zip_corrupt")]),
        of_zip("an encrypted entry", patched(5, 8, &[1, 0]), &[("users.csv", 0, None, "zip_encrypted")]),
        of_zip("an entry packed with bzip2", patched(5, 10, &[12, 0]), &[("users.csv", 0, None, "zip_unsupported")]),
        of_zip(
            "two entries of one name",
            renamed(&beside("orgx.csv", b"").zip(), "orgx.csv", "orgs.csv"),
            &[("bundle", 0, None, "zip_duplicate_entry")],
        ),
        of_zip("a step upwards", renamed(&beside("xxorgs.csv", b"").zip(), "xxorgs.csv", "../rgs.csv"), &[("../rgs.csv", 0, None, "zip_path")]),
        of_zip("an absolute path", renamed(&beside("xorgs.csv", b"").zip(), "xorgs.csv", "/orgs.csv"), &[("/orgs.csv", 0, None, "zip_path")]),
        of_zip("a drive of Windows", renamed(&beside("Cxorgs.csv", b"").zip(), "Cxorgs.csv", "C:orgs.csv"), &[("C:orgs.csv", 0, None, "zip_path")]),
        of_zip("a backslash", renamed(&beside("axorgs.csv", b"").zip(), "axorgs.csv", "a\\orgs.csv"), &[("a\\orgs.csv", 0, None, "zip_path")]),
        of_zip("a NUL in a name", renamed(&beside("orgsx.csv", b"").zip(), "orgsx.csv", "orgs\0.csv"), &[("orgs\u{FFFD}.csv", 0, None, "zip_path")]),
        broken("a file in a folder beside the others", beside("old/orgs.csv", b""), &[("old/orgs.csv", 0, None, "zip_path")]),
        broken("a zip in the zip", beside("roster.zip", &sound()), &[("roster.zip", 0, None, "zip_nested")]),
        broken("a packed CSV", beside("orgs.csv.gz", b"\x1f\x8b"), &[("orgs.csv.gz", 0, None, "zip_nested")]),
        broken("entries of an operating system", beside("__MACOSX/._orgs.csv", b"\0"), &[("__MACOSX/._orgs.csv", 0, None, "zip_path")])
            .mended(&[("bundle", None, "entry_passed_over")]),
        broken("no entries", no_entries, &[("manifest.csv", 0, None, "manifest_missing")]).tolerantly(&missing),
    ]
}
