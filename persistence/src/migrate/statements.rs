//! Cuts a file of SQL into statements. Citus refuses several statements in one string, and an error should name the statement.

/// The statements of `sql`, without the semicolon, comments before them left out. Knows line and block comments, quoted strings and names,
/// escape strings and dollar quotes; not the `begin atomic` bodies of SQL functions, which migrations quote with dollars instead.
pub(super) fn statements(sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = None; // of the statement: its first byte that is neither space nor comment
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        let length = token_length(rest, sql[..at].chars().next_back());
        let is_comment = rest.starts_with("--") || rest.starts_with("/*");
        if rest.starts_with(';') {
            found.extend(start.take().map(|start: usize| sql[start..at].trim_end()));
        } else if start.is_none() && !is_comment && !rest.starts_with(char::is_whitespace) {
            start = Some(at);
        }
        at += length;
    }
    found.extend(start.map(|start| sql[start..].trim_end()));
    found
}

/// How far the comment, quotation or single character reaches that begins `rest`. What is not closed reaches to the end: PostgreSQL will say so.
fn token_length(rest: &str, before: Option<char>) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let until = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |found| from + found + end.len());
    match rest.as_bytes().first().copied().unwrap_or_default() {
        b'-' if rest.starts_with("--") => until("\n", 2),
        b'/' if rest.starts_with("/*") => block_comment_length(rest),
        b'\'' => quoted_length(rest, '\'', matches!(before, Some('e' | 'E'))),
        b'"' => quoted_length(rest, '"', false),
        // `a$b$c` is a name: a dollar quote never follows a letter or digit.
        b'$' if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') => match dollar_tag(rest) {
            Some(tag) => until(tag, tag.len()),
            None => first,
        },
        _ => first,
    }
}

/// Block comments nest.
fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// A doubled quote ends one quotation and begins the next at once, so it needs no care; a backslash does in an escape string.
fn quoted_length(rest: &str, quote: char, escapes: bool) -> usize {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if escapes && character == '\\' {
            characters.next();
        } else if character == quote {
            // The second half of a doubled quote in an escape string must be read as one too.
            if escapes && rest[at + 1..].starts_with(quote) {
                characters.next();
                continue;
            }
            return at + 1;
        }
    }
    rest.len()
}

/// `$$` or `$name$` at the beginning.
fn dollar_tag(rest: &str) -> Option<&str> {
    let end = 1 + rest[1..].find('$')?;
    let name = &rest[1..end];
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| &rest[..=end])
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn semicolons_end_statements_and_comments_before_them_fall_away() {
        assert_eq!(statements("-- a; b\nselect 1;\n\n/* c; /* d; */ */ select 2 ; select 3"), ["select 1", "select 2", "select 3"]);
        assert_eq!(statements(" -- nothing;\n ;; \n"), Vec::<&str>::new());
    }

    #[test]
    fn quotes_hide_semicolons() {
        assert_eq!(statements("select 'a;''b;', \"c;\"\"d\"; select 2"), ["select 'a;''b;', \"c;\"\"d\"", "select 2"]);
        assert_eq!(
            statements(r"select e'\';''\\'; select E'it''s;'; select 'a\'; x"),
            [r"select e'\';''\\'", "select E'it''s;'", r"select 'a\'", "x"]
        );
        assert_eq!(statements("select ';' -- it's; not the end\n, 'ü;'; x"), ["select ';' -- it's; not the end\n, 'ü;'", "x"]);
    }

    #[test]
    fn dollar_quotes_hide_everything() {
        let body = "do $$ begin perform 1; execute 'x;'; end $$";
        assert_eq!(statements(&format!("{body};\nselect 1;")), [body, "select 1"]);
        let nested = "do $a$ begin execute $b$ x; $b$; execute $$;$$; end $a$";
        assert_eq!(statements(&format!("{nested}; y")), [nested, "y"]);
        assert_eq!(statements("select $1; select a$b$c; select 2"), ["select $1", "select a$b$c", "select 2"]);
    }

    #[test]
    fn what_is_not_closed_is_one_statement() {
        for text in ["select 'a; b", "do $$ a; b", "select 1 /* a; b", "select \"a; b"] {
            assert_eq!(statements(text), [text]);
        }
    }

    #[test]
    fn every_migration_is_cut_where_its_author_ended_a_line() {
        for migration in crate::migrate::MIGRATIONS {
            let ends = migration.up.lines().filter(|line| line.ends_with(';')).count();
            assert!(statements(migration.up).len() <= ends, "{}", migration.version);
            assert!(statements(migration.up).iter().all(|statement| statement.chars().next().is_some_and(char::is_alphabetic)));
            // Only the drops: nothing else belongs into a down.sql so far.
            assert!(!statements(migration.down).is_empty(), "{}", migration.version);
        }
    }
}
