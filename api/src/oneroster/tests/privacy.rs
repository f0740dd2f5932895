//! What must not come out: passwords anywhere, and student data in what is logged or reported.

use super::*;

/// Everything about a reading that could be printed.
fn printed(read: &Read) -> String {
    format!(
        "{:?} {:?} {} {:?} {}",
        read.rows,
        read.faults,
        serde_json::to_string(&read.faults).unwrap(),
        read.summary,
        serde_json::to_string(&read.summary).unwrap()
    )
}

#[test]
fn a_password_is_in_no_row_and_no_fault() {
    let secret = "hunter2secret";
    let mut files = Files::sound();
    let profile = "p1,,,u1,LTI,v1,,,basic,ada,hunter2secret";
    files.rows("userProfiles", &[profile, "p2,,,u1,hunter2secret"]);
    let mut spoilt = Files::sound().with("manifest.csv", "file.userProfiles,absent", "file.userProfiles,bulk");
    spoilt.0.extend(files.0.into_iter().filter(|(name, _)| name == "userProfiles.csv"));
    let spoilt =
        spoilt.cell("users", 2, "grades", "9").cell("users", 3, "password", "hunter2secret").cell("users", 4, "password", "hunter2secret\u{1}");
    let with_bytes = {
        let mut files = spoilt.clone();
        let (_, users) = files.0.iter_mut().find(|(name, _)| name == "users.csv").unwrap();
        users.extend_from_slice(b"u9,,,true,\xFF,,Grace,Hopper,,,,,,,,hunter2secret\xFE,,,,,,\nu8,,hunter2secret\n");
        files
    };
    let renamed = spoilt.clone().with("users.csv", ",password,", ",Password,");
    for files in [Files::sound(), spoilt, with_bytes, renamed] {
        let read = files.read();
        assert!(!printed(&read).contains(secret), "{}", printed(&read));
        for row in &read.rows {
            // Debug is redacted, so look at every text a row of a person holds.
            if let Row::User(user) = row {
                let held = [
                    Some(&user.username),
                    Some(&user.given_name),
                    Some(&user.family_name),
                    user.middle_name.as_ref(),
                    user.identifier.as_ref(),
                    user.email.as_ref(),
                    user.sms.as_ref(),
                    user.phone.as_ref(),
                    user.user_master_identifier.as_ref(),
                    user.preferred_given_name.as_ref(),
                    user.preferred_middle_name.as_ref(),
                    user.preferred_family_name.as_ref(),
                    user.pronouns.as_ref(),
                ];
                assert!(held.into_iter().flatten().all(|text| !text.contains(secret)));
            }
        }
    }
}

#[test]
fn a_fault_in_a_file_about_people_repeats_nothing_of_the_cell() {
    for file in ["users", "demographics"] {
        let cells = columns::file(file).unwrap().columns.len();
        let mut files = Files::sound();
        files.rows(file, &[&vec!["Xavierson Q"; cells].join(",")]);
        let read = files.read();
        assert!(read.faults.len() > 5);
        assert!(!printed(&read).contains("Xavierson"), "{}", printed(&read));
    }
}

#[test]
fn rows_do_not_print_what_they_hold() {
    let read = Files::sound().read();
    let printed = format!("{:?}", read.rows);
    for private in ["Ada", "Byron", "ada@example.org", "2010", "801 555 0100", "Turing"] {
        assert!(!printed.contains(private), "{private}");
    }
    assert!(printed.contains("User(UserRow { line: 2, sourced_id: \"u1\", .. })"), "{printed}");
}
