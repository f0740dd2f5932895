//! Cells that a spreadsheet would take for a formula, and the one place where that is prevented.
//!
//! A cell, or what follows a separator in it, is a formula when it begins with one of `= + - @` (or their wide forms) or with a
//! control character, and is no plain number. An apostrophe before it makes it text. A cell that begins with apostrophes before
//! such a character gets one more, so that taking one away always gives the cell as it was.

use std::borrow::Cow;

use super::cell::is_number;

/// The line of the manifest that says that cells are guarded. Only then are apostrophes taken away.
pub(super) const PROPERTY: (&str, &str) = ("ilp.cellGuard", "apostrophe");

/// What begins a formula.
const TRIGGERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// What ends a cell, for a spreadsheet of some country. A comma does not: a cell with one is in quotes.
const SEPARATORS: [char; 5] = [';', '\t', '|', '\r', '\n'];

/// The cell as it is written.
pub(crate) fn guarded(cell: &str) -> Cow<'_, str> {
    rewrite(cell, |quotes, part| if quotes > 0 || !is_number(part) { quotes + 1 } else { quotes })
}

/// The cell as it was before it was guarded.
pub(super) fn unguarded(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return Cow::Borrowed(cell);
    }
    rewrite(cell, |quotes, _| quotes.saturating_sub(1))
}

/// Goes through the parts between separators. Where one is a run of apostrophes and then the beginning of a formula, `count` says
/// how many apostrophes there shall be.
fn rewrite(cell: &str, count: impl Fn(usize, &str) -> usize) -> Cow<'_, str> {
    let mut rewritten: Option<String> = None;
    let mut rest = cell;
    while !rest.is_empty() {
        let body = rest.trim_start_matches('\'');
        let quotes = rest.len() - body.len();
        let part = part(body);
        let wanted = if body.starts_with(TRIGGERS) { count(quotes, part) } else { quotes };
        if wanted != quotes && rewritten.is_none() {
            rewritten = cell.get(..cell.len() - rest.len()).map(str::to_owned);
        }
        rest = body.get(part.len()..).unwrap_or_default();
        if let Some(text) = &mut rewritten {
            text.extend(std::iter::repeat_n('\'', wanted));
            text.push_str(part);
        }
    }
    rewritten.map_or(Cow::Borrowed(cell), Cow::Owned)
}

/// What comes up to the next separator, and with it. A control character at the beginning is a part of its own: it begins a formula,
/// and what follows begins anew.
fn part(body: &str) -> &str {
    let first = body.chars().next();
    let end = match first {
        Some(control) if control.is_ascii_control() => control.len_utf8(),
        _ => body.find(SEPARATORS).map_or(body.len(), |at| at + 1),
    };
    body.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_begins_a_formula_is_made_text_and_the_rest_is_left_alone() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-A1", "'-A1"),
            ("\u{FF1D}1", "'\u{FF1D}1"),
            ("a;=1", "a;'=1"),
            ("'=1", "''=1"),
            ("\t=1", "'\t'=1"),
            ("'", "'"),
            ("O'Neill", "O'Neill"),
            ("'tis", "'tis"),
            ("-5", "-5"),
            ("+18015550100", "+18015550100"),
            ("+1 801 555 0100", "'+1 801 555 0100"),
            ("-5;-6", "'-5;-6"),
            ("ada@example.org", "ada@example.org"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), written);
            assert_eq!(unguarded(written), cell);
        }
    }

    proptest! {
        #[test]
        fn a_guarded_cell_starts_no_formula_and_is_read_as_it_was(cell in "([=+@;|'\t\n\r\u{FF1D}-]|[0-9]|\\PC){0,12}") {
            let written = guarded(&cell);
            prop_assert_eq!(unguarded(&written), cell.as_str());
            for part in written.split(SEPARATORS) {
                prop_assert!(!part.starts_with(TRIGGERS) || is_number(part), "{written:?}");
            }
        }
    }
}
