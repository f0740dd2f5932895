//! Who holds the rights, over the calendar.

use chrono::{Datelike, Duration, TimeZone, Utc};
use chrono_tz::Tz;

use super::*;

const ZONES: [Tz; 6] =
    [Tz::America__New_York, Tz::America__Chicago, Tz::America__Denver, Tz::America__Phoenix, Tz::America__Los_Angeles, Tz::Pacific__Honolulu];

/// From a day to another, counted from today.
fn adult(basis: AdultBasis, from: i64, to: Option<i64>) -> AdultPeriod {
    AdultPeriod { basis, from: days_away(from), to: to.map(days_away) }
}

fn born(birth_date: NaiveDate) -> StudentFacts {
    StudentFacts { birth_date: Some(birth_date), ..minor(Grade::Twelfth) }
}

/// The calendar's own reckoning, by parts of the date and not by `turns_18_on`.
fn is_18(birth_date: NaiveDate, today: NaiveDate) -> bool {
    (birth_date.year() + 18, birth_date.month(), birth_date.day()) <= (today.year(), today.month(), today.day())
}

#[test]
fn l10_every_birth_date_of_thirty_years_turns_at_local_midnight_in_every_zone() {
    let mut birth_date = day("1995-01-01");
    while birth_date < day("2025-01-01") {
        let birthday = birth_date.with_year(birth_date.year() + 18).unwrap_or_else(|| day(&format!("{}-03-01", birth_date.year() + 18)));
        for zone in ZONES {
            let midnight = zone.from_local_datetime(&birthday.and_hms_opt(0, 0, 0).unwrap()).earliest().unwrap().with_timezone(&Utc);
            for (seconds, holder) in [(-1, RightsHolder::Guardians), (0, RightsHolder::Student), (1, RightsHolder::Student)] {
                let today = time::local_date(midnight + Duration::seconds(seconds), zone);
                assert_eq!(rights_holder(&born(birth_date), today), holder, "born {birth_date}, {seconds} s, {zone}");
            }
        }
        birth_date = birth_date.succ_opt().unwrap();
    }
}

#[test]
fn l10_born_on_29_february_the_student_is_18_on_1_march_of_a_common_year() {
    let student = born(day("2008-02-29"));
    assert_eq!(rights_holder(&student, day("2026-02-28")), RightsHolder::Guardians);
    assert_eq!(rights_holder(&student, day("2026-03-01")), RightsHolder::Student);
    // No 18th birthday after a leap day falls in a leap year, but in one the day after 28 February is 29 February.
    assert_eq!(rights_holder(&born(day("2006-02-28")), day("2024-02-28")), RightsHolder::Student);
    assert_eq!(rights_holder(&born(day("2006-03-01")), day("2024-02-29")), RightsHolder::Guardians);
    assert_eq!(rights_holder(&born(day("2006-03-01")), day("2024-03-01")), RightsHolder::Student);
}

#[test]
fn l10_a_student_at_a_postsecondary_institution_holds_the_rights_at_any_age() {
    let from =
        |from: i64, birth_date| StudentFacts { adult: vec![adult(AdultBasis::Postsecondary, from, None)], birth_date, ..minor(Grade::Twelfth) };
    let young = Some(day("2011-03-04"));
    assert_eq!(rights_holder(&from(1, young), TODAY), RightsHolder::Guardians);
    assert_eq!(rights_holder(&from(0, young), TODAY), RightsHolder::Student);
    assert_eq!(rights_holder(&from(-1, young), TODAY), RightsHolder::Student);
    assert_eq!(rights_holder(&from(0, None), TODAY), RightsHolder::Student);
    assert_eq!(rights_holder(&from(1, None), TODAY), RightsHolder::Unknown);
}

#[test]
fn l10_l25_an_adult_status_that_ends_gives_the_rights_back_unless_the_student_is_18() {
    let student = |birth_date| StudentFacts { adult: vec![adult(AdultBasis::McKinneyVento, -10, Some(0))], birth_date, ..minor(Grade::Twelfth) };
    let (young, grown) = (student(Some(day("2011-03-04"))), student(Some(day("2008-11-20"))));
    assert_eq!(rights_holder(&young, days_away(-1)), RightsHolder::Student);
    assert_eq!(rights_holder(&young, TODAY), RightsHolder::Guardians);
    assert_eq!(rights_held_since(&young, TODAY), None);
    assert_eq!(rights_holder(&student(None), TODAY), RightsHolder::Unknown);
    // Turned 18 on the day on which it ended: the rights never went back.
    assert_eq!(grown.birth_date.and_then(time::turns_18_on), Some(TODAY));
    assert_eq!(rights_held_since(&grown, TODAY), Some(days_away(-10)));
    assert_eq!(rights_basis(&grown, TODAY), Some(RightsBasis::Age));
    // One that ends on its first day never was.
    let mistake = StudentFacts { adult: vec![adult(AdultBasis::Emancipated, 0, Some(0))], ..young };
    assert_eq!(rights_holder(&mistake, TODAY), RightsHolder::Guardians);
}

#[test]
fn l10_l25_the_next_change_is_told_in_advance() {
    let student = StudentFacts {
        adult: vec![adult(AdultBasis::Postsecondary, 20, Some(30)), adult(AdultBasis::Emancipated, 25, Some(40))],
        birth_date: Some(days_away(100).with_year(TODAY.year() - 17).unwrap()),
        ..minor(Grade::Twelfth)
    };
    let next = |day| next_holder(&student, day);
    assert_eq!(next(TODAY), Some((days_away(20), RightsHolder::Student)));
    assert_eq!(next(days_away(20)), Some((days_away(40), RightsHolder::Guardians)));
    let birthday = student.birth_date.and_then(time::turns_18_on);
    assert_eq!(next(days_away(40)), birthday.map(|day| (day, RightsHolder::Student)));
    assert_eq!(birthday.and_then(next), None);
    let told = rights_standing(&student, days_away(26));
    assert_eq!((told.holder, told.since, told.basis), (RightsHolder::Student, Some(days_away(20)), Some(RightsBasis::Postsecondary)));
    assert_eq!((told.next_on, told.next_holder, told.next_basis), (Some(days_away(40)), Some(RightsHolder::Guardians), None));
}

#[test]
fn l10_the_guardian_loses_and_the_student_keeps_reading_on_the_very_day() {
    let student = born(days_away(0).with_year(2008).unwrap());
    for (today, guardian_reads) in [(days_away(-1), true), (days_away(0), false)] {
        for (relation, reads) in [(Relation::Guardian, guardian_reads), (Relation::Student, true)] {
            let facts = Facts::of(student.clone(), vec![confirmed(relation)]);
            let context = Context { today, now: now(), ceiling: None, switches: &STRICTEST, guardians_trusted: true };
            assert_eq!(!readable_sections(&facts, &context).is_empty(), reads, "{relation} on {today}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn l10_the_rights_pass_once_and_never_back(year in 1900..2200_i32, ordinal in 1..=365_u32, first in 0..60_000_i64, later in 0..60_000_i64) {
        let birth_date = NaiveDate::from_yo_opt(year, ordinal).unwrap();
        let today = birth_date + Duration::days(first);
        let after = today + Duration::days(later);
        let holder = |today| rights_holder(&born(birth_date), today);
        proptest::prop_assert_eq!(holder(today) == RightsHolder::Student, is_18(birth_date, today));
        if holder(today) == RightsHolder::Student {
            proptest::prop_assert_eq!(holder(after), RightsHolder::Student);
        }
    }

    #[test]
    fn the_rights_holder_is_known_for_any_dates_at_all(birth in proptest::option::of(-90_000_000..90_000_000_i32), today in -90_000_000..90_000_000_i32) {
        let date = |days| NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX);
        let student = StudentFacts { birth_date: birth.map(date), ..minor(Grade::Twelfth) };
        let holder = rights_holder(&student, date(today));
        proptest::prop_assert_eq!(holder == RightsHolder::Unknown, birth.is_none());
    }
}
