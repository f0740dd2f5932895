//! What a cell may hold, kind by kind. What is said about a cell never repeats what is in it, but for words of a vocabulary
//! in files that are not about people.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::{
    bundle::Coming,
    columns::{Column, Extension, File, GRADES, Kind, Words},
    fault::{FaultCode, shown},
    rows::{SourcedId, is_extension},
};

/// The longest text of a cell, in characters.
pub(super) const TEXT_MAX: usize = 255;

/// The longest text of several lines, in characters.
const PROSE_MAX: usize = 4_000;

/// What is wrong with a cell.
pub(super) type Wrong = (FaultCode, String);

/// Checks a cell that is UTF-8. `required`: whether it may not be blank. Passwords are not looked at.
pub(super) fn check(file: &File, column: &Column, coming: Coming, required: bool, cell: &str) -> Result<(), Wrong> {
    if column.kind == Kind::Password {
        return Ok(());
    }
    if cell.is_empty() {
        return if required { blank() } else { Ok(()) };
    }
    match column.kind {
        Kind::Password => Ok(()),
        Kind::Status | Kind::Modified if coming == Coming::Bulk => {
            wrong(FaultCode::BulkStatusNotBlank, "The cell must be blank in a bulk file; only a delta fills it.")
        }
        Kind::Status if matches!(cell, "active" | "tobedeleted") => Ok(()),
        Kind::Status => wrong(FaultCode::BadEnum, "The cell must be active or tobedeleted."),
        Kind::Modified if instant(cell).is_some() => Ok(()),
        Kind::Modified => wrong(FaultCode::BadDateTime, "The cell must be a time in UTC, such as 2026-08-15T04:00:00.000Z."),
        Kind::SourcedId | Kind::Reference(_) => sourced_id(cell),
        Kind::References(_) => cell.split(',').try_for_each(sourced_id),
        Kind::Text if cell.trim().is_empty() => {
            if required {
                blank()
            } else {
                Ok(())
            }
        }
        Kind::Text => text(cell.trim()),
        Kind::Prose => prose(cell.trim()),
        Kind::Texts => items(cell)?.iter().try_for_each(|item| text(item)),
        Kind::Grades => items(cell)?.iter().try_for_each(|item| grade(item)),
        Kind::UserIds | Kind::ScaleValues => pairs(cell)?.iter().try_for_each(|(kind, identifier)| text(kind).and_then(|()| text(identifier))),
        Kind::Boolean if matches!(cell, "true" | "false") => Ok(()),
        Kind::Boolean => wrong(FaultCode::BadBoolean, "The cell must be true or false, in small letters."),
        Kind::Date if date(cell).is_some() => Ok(()),
        Kind::Date => wrong(FaultCode::BadDate, "The cell must be a day written YYYY-MM-DD, such as 2026-08-15, between 1900 and 2199."),
        Kind::Year if year(cell).is_some() => Ok(()),
        Kind::Year => wrong(FaultCode::BadInteger, "A school year is the four digits of the year in which it ends: 2027 for 2026-27."),
        Kind::Integer if cell.parse::<i64>().is_ok() => Ok(()),
        Kind::Integer => wrong(FaultCode::BadInteger, "The cell must be a whole number."),
        Kind::Number if is_number(cell) => Ok(()),
        Kind::Number => wrong(FaultCode::BadNumber, "The cell must be a number, such as 90.5."),
        Kind::Days if !is_number(cell) => wrong(FaultCode::BadNumber, "The cell must be a number of days, such as 2.5."),
        Kind::Days if cell.parse::<f64>().is_ok_and(|days| (0.0..=366.0).contains(&days)) => Ok(()),
        Kind::Days => wrong(FaultCode::OutOfRange, "A year has 0 to 366 days."),
        Kind::Count if cell.parse::<i64>().is_ok_and(|count| (0..=10_000).contains(&count)) => Ok(()),
        Kind::Count => wrong(FaultCode::BadInteger, "The cell must be a whole number from 0 to 10000."),
        Kind::Letters(count) if cell.len() == count && cell.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(()),
        Kind::Letters(count) => wrong(FaultCode::BadEnum, format!("The cell must be {count} capital letters.")),
        Kind::Word(words) => word(file, words, cell),
        Kind::WordList(words) => items(cell)?.iter().try_for_each(|item| word(file, words, item)),
    }
}

fn wrong<T>(code: FaultCode, detail: impl Into<String>) -> Result<T, Wrong> {
    Err((code, detail.into()))
}

fn blank() -> Result<(), Wrong> {
    wrong(FaultCode::RequiredBlank, "The cell must not be blank.")
}

fn sourced_id(cell: &str) -> Result<(), Wrong> {
    if SourcedId::is_sound(cell) {
        return Ok(());
    }
    if cell.is_empty() {
        return wrong(FaultCode::BadList, "An id in the list is blank.");
    }
    if let Some(bad) = cell.chars().find(|c| !u8::try_from(*c).is_ok_and(SourcedId::allows)) {
        return wrong(FaultCode::BadSourcedId, format!("An id has letters, digits and . / @ _ - only, not {bad:?}."));
    }
    wrong(FaultCode::TooLong, format!("An id has at most {} characters.", SourcedId::LENGTH_MAX))
}

fn text(text: &str) -> Result<(), Wrong> {
    let control = |text: &str| text.bytes().any(|byte| byte < 0x20 || byte == 0x7F) || (!text.is_ascii() && text.chars().any(char::is_control));
    if control(text) {
        return wrong(FaultCode::ControlCharacter, "The cell must be one line without tabs or other control characters.");
    }
    if text.len() > TEXT_MAX && text.chars().count() > TEXT_MAX {
        return wrong(FaultCode::TooLong, format!("The cell has at most {TEXT_MAX} characters."));
    }
    Ok(())
}

fn prose(text: &str) -> Result<(), Wrong> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return wrong(FaultCode::ControlCharacter, "The cell has a control character other than a line break or tab.");
    }
    if text.len() > PROSE_MAX && text.chars().count() > PROSE_MAX {
        return wrong(FaultCode::TooLong, format!("The cell has at most {PROSE_MAX} characters."));
    }
    Ok(())
}

fn grade(code: &str) -> Result<(), Wrong> {
    if GRADES.contains(&code) || is_extension(code) {
        return Ok(());
    }
    // A code of this length is a grade gone wrong and no name; it helps to see it.
    let seen = if code.len() <= 4 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) { format!(", not {code}") } else { String::new() };
    wrong(FaultCode::BadEnum, format!("A grade is one of {}, or an ext: word{seen}.", GRADES.join(" ")))
}

fn word(file: &File, words: Words, cell: &str) -> Result<(), Wrong> {
    if words.words.contains(&cell) {
        return Ok(());
    }
    let seen = |text: &str| if file.personal { String::new() } else { format!("{text} {}", shown(cell)) };
    if is_extension(cell) {
        match words.extension {
            Extension::Kept => return Ok(()),
            Extension::NotImported => {
                let detail =
                    format!("An import has no place for words of one's own here; use one of: {}{}.", words.words.join(", "), seen(" instead of"));
                return wrong(FaultCode::ExtensionUnsupported, detail);
            }
            Extension::None => {}
        }
    }
    let own = if words.extension == Extension::Kept { ", or an ext: word" } else { "" };
    wrong(FaultCode::BadEnum, format!("The cell must be one of: {}{own}{}.", words.words.join(", "), seen("; not")))
}

/// A number in digits, with a sign and a decimal point where they are needed.
pub(super) fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    cell.len() <= 40 && [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A time in UTC, `YYYY-MM-DDTHH:MM:SSZ`, with or without parts of a second.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let shape = text.len() >= 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    let time = DateTime::parse_from_rfc3339(text).ok().filter(|_| shape)?;
    (1900..=2199).contains(&time.year()).then(|| time.to_utc())
}

/// A day, `YYYY-MM-DD` and nothing else.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
    let year = number(&[y1, y2, y3, y4])?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[m1, m2])?, number(&[d1, d2])?).filter(|date| (1900..=2199).contains(&date.year()))
}

/// A school year: four digits.
pub(super) fn year(text: &str) -> Option<i32> {
    if text.len() != 4 {
        return None;
    }
    i32::try_from(number(text.as_bytes())?).ok().filter(|year| (1900..=2199).contains(year))
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(
        0_u32,
        |value, digit| {
            if digit.is_ascii_digit() { value.checked_mul(10)?.checked_add(u32::from(digit - b'0')) } else { None }
        },
    )
}

/// The items of a list, trimmed. An item with a comma in it is in quotes, and a quote in it is doubled.
pub(super) fn items(cell: &str) -> Result<Vec<Cow<'_, str>>, Wrong> {
    let malformed = || (FaultCode::BadList, "Items are separated by commas, are not blank, and stand in quotes if they hold a comma.".to_owned());
    let mut items = Vec::new();
    let mut rest = cell.trim();
    if rest.is_empty() {
        return Ok(items);
    }
    loop {
        let (item, after) = match rest.strip_prefix('"') {
            None => {
                let (item, _) = rest.split_once(',').unwrap_or((rest, ""));
                (Cow::Borrowed(item.trim()), rest.get(item.len()..).unwrap_or(""))
            }
            Some(quoted) => {
                let (item, after) = unquote(quoted).ok_or_else(malformed)?;
                (Cow::Owned(item.trim().to_owned()), after.trim_start())
            }
        };
        if item.is_empty() {
            return Err(malformed());
        }
        items.push(item);
        if after.is_empty() {
            return Ok(items);
        }
        rest = after.strip_prefix(',').ok_or_else(malformed)?.trim_start();
    }
}

/// The text up to the closing quote, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut item = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('"')?;
        item.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                item.push('"');
                rest = more;
            }
            None => return Some((item, after)),
        }
    }
}

/// The pairs of `{type:identifier},{type:identifier}`, as user ids and score scales have them.
pub(super) fn pairs(cell: &str) -> Result<Vec<(&str, &str)>, Wrong> {
    let malformed = || (FaultCode::BadList, "Pairs are written {type:value}, separated by commas.".to_owned());
    let mut pairs = Vec::new();
    let mut rest = cell.trim();
    while !rest.is_empty() {
        let (pair, after) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or_else(malformed)?;
        let (kind, identifier) = pair.split_once(':').map(|(kind, id)| (kind.trim(), id.trim())).ok_or_else(malformed)?;
        if kind.is_empty() || identifier.is_empty() {
            return Err(malformed());
        }
        pairs.push((kind, identifier));
        rest = match after.trim_start() {
            "" => "",
            after => after.strip_prefix(',').map(str::trim_start).filter(|rest| !rest.is_empty()).ok_or_else(malformed)?,
        };
    }
    Ok(pairs)
}

/// Whether an identifier is a Social Security number, by its type or its form. Those are dropped: the system never holds one (L27).
pub(super) fn is_social_security_number(kind: &str, identifier: &str) -> bool {
    let kind: String = kind.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let form = identifier.len() == 11
        && identifier.bytes().enumerate().all(|(n, byte)| if matches!(n, 3 | 6) { byte == b'-' } else { byte.is_ascii_digit() });
    form || matches!(kind.as_str(), "ssn" | "socialsecurity" | "socialsecuritynumber")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_apart() {
        let taken = |cell| items(cell).map(|items| items.iter().map(|item| item.to_string()).collect::<Vec<_>>()).ok();
        assert_eq!(taken("a, b,c"), Some(vec!["a".into(), "b".into(), "c".into()]));
        assert_eq!(taken("\"a,b\",c"), Some(vec!["a,b".into(), "c".into()]));
        assert_eq!(taken("c,\"say \"\"a\"\"\""), Some(vec!["c".into(), "say \"a\"".into()]));
        for bad in ["a,,b", ",a", "a,", "\"a", "\"a\"b", "\"\""] {
            assert_eq!(taken(bad), None, "{bad}");
        }
    }

    #[test]
    fn user_ids_are_pairs() {
        assert_eq!(pairs("{Fed:1},{LDAP:a:b}").unwrap(), [("Fed", "1"), ("LDAP", "a:b")]);
        for bad in ["Fed:1", "{Fed}", "{:1}", "{Fed:}", "{Fed:1", "{Fed:1},", "{Fed:1}{Fed:2}"] {
            assert!(pairs(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn social_security_numbers_are_known_by_type_and_form() {
        assert!(is_social_security_number("SSN", "1"));
        assert!(is_social_security_number("Social-Security Number", "1"));
        assert!(is_social_security_number("local", "123-45-6789"));
        assert!(!is_social_security_number("local", "123456789"));
    }

    #[test]
    fn days_are_written_one_way() {
        assert_eq!(date("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for bad in ["2023-02-29", "2024-2-29", "29/02/2024", "2024-02-29T00:00:00Z", "0024-02-29", "+024-02-29", "2024-02-2९"] {
            assert_eq!(date(bad), None, "{bad}");
        }
    }
}
