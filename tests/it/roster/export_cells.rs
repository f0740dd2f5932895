//! Cells of an export: none begins a formula in a spreadsheet, whatever was imported, and each comes back as it was.

use openilp_api::oneroster::rows::ScaleValue;
use openilp_domain::roster::ImportStatus;

use super::bundles::{Roster, id};
use super::export::{comes_back, no_formula, text};
use super::supplement::bundle;
use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_that_begins_a_formula_comes_back_as_it_was_and_begins_none_in_the_zip() {
    let world = World::start().await;
    let district = world.district("us-ri-ride").await;
    let mut roster = Roster::graded();
    for (user, name) in [("ada", "=1+1"), ("ben", "+x;=2"), ("mother", "-x|@y"), ("counselor", "@sum(a1)"), ("teacher", "'=quoted")] {
        roster.user(user).given_name = name.into();
        roster.user(user).email = Some(format!("{name}@example.org"));
    }
    roster.orgs[1].name = "\u{FF1D}wide".into();
    roster.orgs[1].identifier = Some("-12".into());
    roster.courses[0].title = "-5 to +5".into();
    roster.classes[1].periods = vec!["=1".into(), "a, b".into()];
    roster.line_items[0].title = "=HYPERLINK(\"https://example.org\")".into();
    for (row, ours) in roster.roles.iter_mut().zip(["-r1", "@r2", "r3", "r4", "r5"]) {
        row.sourced_id = id(ours);
    }
    let addresses = ("ilp.addresses", "bulk", ["@a,,,ada,home,=1 Elm Street,+2,-Granite,UT,84001,US,,"].as_slice());
    let loaded = world.import(district, &bundle_unguarded(&roster, addresses)).await;
    assert_eq!(loaded.import.status, ImportStatus::Applied, "{:?}", loaded.faults);
    let names = "select string_agg(given_name || ' ' || email, ' ' order by given_name collate \"C\") from people";
    let expected =
        "'=quoted '=quoted@example.org +x;=2 +x;=2@example.org -x|@y -x|@y@example.org =1+1 =1+1@example.org @sum(a1) @sum(a1)@example.org";
    assert_eq!(world.value(names).await, expected);
    let zip = comes_back(&world, district, "us-ri-ride").await;
    assert!(text(&zip, "users.csv").contains("'=1+1"));
    assert!(text(&zip, "ilp.addresses.csv").contains("'@a,,,ada,home,'=1 Elm Street,+2,'-Granite,"), "{}", text(&zip, "ilp.addresses.csv"));
}

/// The bundle with a file of the supplement whose cells stand as they are meant, guarded as the writer guards its own.
fn bundle_unguarded(roster: &Roster, file: super::supplement::File<'_>) -> Vec<u8> {
    let (name, form, rows) = file;
    let guarded: Vec<String> = rows
        .iter()
        .map(|row| {
            row.split(',')
                .map(|cell| if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() })
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    let guarded: Vec<&str> = guarded.iter().map(String::as_str).collect();
    bundle(Some(roster), &[(name, form, &guarded)])
}

/// The graded roster, with every text beginning so.
fn all_texts(so: &str) -> Roster {
    let mut roster = Roster::graded();
    let text = |name: &str| format!("{so}{name}");
    for org in &mut roster.orgs {
        (org.name, org.identifier) = (text("org"), Some(text("org-id")));
    }
    roster.sessions.iter_mut().for_each(|session| session.title = text("session"));
    for course in &mut roster.courses {
        (course.title, course.course_code) = (text("course"), Some(text("code")));
    }
    for class in &mut roster.classes {
        (class.title, class.class_code, class.location, class.periods) =
            (text("class"), Some(text("code")), Some(text("room")), vec![text("1st"), text("2nd")]);
    }
    for (n, user) in roster.users.iter_mut().enumerate() {
        (user.given_name, user.family_name, user.middle_name) = (text("given"), text("family"), Some(text("middle")));
        (user.preferred_given_name, user.preferred_family_name, user.pronouns) = (Some(text("called")), Some(text("so")), Some(text("they")));
        (user.email, user.phone, user.sms) = (Some(text("a@example.org")), Some(text("phone")), Some(text("sms")));
        user.identifier = Some(text(&format!("n{n}")));
        user.user_ids.iter_mut().for_each(|known| known.identifier = text(&format!("s{n}")));
    }
    roster.categories.iter_mut().for_each(|category| category.title = text(category.sourced_id.as_str()));
    roster.line_items.iter_mut().for_each(|item| item.title = text("item"));
    for result in &mut roster.results {
        (result.text_score, result.comment) = (Some(text("B")), Some(text("well\n=done")));
    }
    for scale in &mut roster.scales {
        (scale.title, scale.values) = (text("scale"), vec![ScaleValue { mark: text("B"), value: text("good") }]);
    }
    roster
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_any_column_begins_a_formula_and_every_one_comes_back() {
    let world = World::start().await;
    for so in ["=", "+", "-", "@", "'=", "''@", "\u{FF1D}", "\u{FF0B}", ";=", "|-"] {
        let district = world.district("us-ri-ride").await;
        world.sql(&format!(r#"update districts set report_card_categories = '[{{"category": "marks"}}]' where id = '{district}'"#)).await;
        let loaded = world.import(district, &all_texts(so).zip()).await;
        assert_eq!(loaded.import.status, ImportStatus::Applied, "{so}: {:?}", loaded.faults);
        comes_back(&world, district, "us-ri-ride").await;
        let kept = "select concat_ws(' ', p.given_name, p.email, r.score_text, r.comment) from people p join report_cards r on r.student_id = p.id
                     where p.district_id = (select max(id::text)::uuid from districts)";
        assert_eq!(world.value(kept).await, format!("{so}given {so}a@example.org {so}B {so}well\n=done"), "of the district that imported the export");
    }
}

/// Only comments may have control characters. Blanks around one, of which these are, are no part of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_begins_with_a_tab_or_a_line_end_begins_no_formula_and_comes_back() {
    let world = World::start().await;
    for so in ["\t", "\t=1+1", "\r", "\r=1+1", "\r\n=1+1", "\n", "\n-cmd", "'\t=1", "\t\t@x", "a\t=1", "a\r=1"] {
        let district = world.district("us-ri-ride").await;
        world.sql(&format!(r#"update districts set report_card_categories = '[{{"category": "marks"}}]' where id = '{district}'"#)).await;
        let mut roster = Roster::graded();
        roster.result("ada-fall-mark").comment = Some(format!("{so}done"));
        let loaded = world.import(district, &roster.zip()).await;
        assert_eq!(loaded.import.status, ImportStatus::Applied, "{so:?}: {:?}", loaded.faults);
        comes_back(&world, district, "us-ri-ride").await;
        let kept = "select comment from report_cards where district_id = (select max(id::text)::uuid from districts)";
        assert_eq!(world.value(kept).await, format!("{so}done").trim(), "of the district that imported the export");
        // As no import writes it, but a copy might have it.
        world.sql(&format!("update report_cards set comment = '{}' where district_id = '{district}'", format!("{so}=1+1").replace('\'', "''"))).await;
        no_formula(&world.export(district).await);
    }
}
