//! Time as schools count it. The clock itself is an argument everywhere; nothing in this crate reads one.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::invalid::Invalid;

/// The date in a district at an instant. Birthdays, deadlines and school years turn over at local midnight.
pub fn local_date(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The school year a date falls in, named by the year in which it ends, where no session says otherwise: years turn on 1 July.
pub fn school_year_of(date: NaiveDate) -> i32 {
    if date.month() >= 7 { date.year() + 1 } else { date.year() }
}

/// How people write a school year: 2027 is `2026-27`.
pub fn school_year_title(school_year: i32) -> String {
    format!("{}-{:02}", school_year - 1, school_year.rem_euclid(100))
}

/// Whether a period contains a day. Validity is half-open: `from` is in it, `to` is not.
pub fn covers(from: Option<NaiveDate>, to: Option<NaiveDate>, day: NaiveDate) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
}

/// A period may be empty, but does not end before it begins.
pub(crate) fn period_faults(from: Option<NaiveDate>, to: Option<NaiveDate>, invalid: &mut Invalid) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        invalid.push("/validTo", "before_start", "Must not be before validFrom, which is today if it is not given.");
    }
}

/// The first day of what is to be valid: today, if it is not said. What has ended before that cannot begin.
pub fn first_day(valid_from: Option<NaiveDate>, valid_to: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, Invalid> {
    let from = valid_from.unwrap_or(today);
    let mut invalid = Invalid::default();
    period_faults(Some(from), valid_to, &mut invalid);
    invalid.or(from)
}

/// The 18th birthday: the first day on which the student is 18. Born on 29 February, that is 1 March in a common year
/// (access.md 5.5).
pub fn turns_18_on(birth_date: NaiveDate) -> Option<NaiveDate> {
    let year = birth_date.year().checked_add(18)?;
    NaiveDate::from_ymd_opt(year, birth_date.month(), birth_date.day()).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn a_leap_day_birthday_counts_on_the_first_of_march() {
        assert_eq!(turns_18_on(day("2008-02-29")), Some(day("2026-03-01")));
        assert_eq!(turns_18_on(day("2006-02-28")), Some(day("2024-02-28")));
    }

    #[test]
    fn school_years_are_named_by_their_end() {
        assert_eq!(school_year_of(day("2026-08-15")), 2027);
        assert_eq!(school_year_of(day("2027-06-30")), 2027);
        assert_eq!(school_year_title(2027), "2026-27");
    }

    #[test]
    fn periods_are_half_open() {
        assert!(covers(Some(day("2026-08-01")), Some(day("2026-08-02")), day("2026-08-01")));
        assert!(!covers(Some(day("2026-08-01")), Some(day("2026-08-02")), day("2026-08-02")));
    }
}
