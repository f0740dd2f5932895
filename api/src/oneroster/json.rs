//! Rows as JSON: an object names its file and has the columns of that file as properties. What a cell may hold is what it may hold in CSV,
//! and the checks are the same ones.

use chrono::{DateTime, SecondsFormat, Utc};
use csv::ByteRecord;
use openilp_domain::roster::ReadingMode;
use serde_json::{Map, Value};

use super::bundle::Coming;
use super::check::{Reading, Standing};
use super::columns::{Column, FILES, File, Kind, SUPPLEMENT};
use super::fault::{Fault, FaultCode, Faults, shown};
use super::header::Header;
use super::reading::{self, Cells};
use super::records::Record;
use super::repair::Repairs;
use super::rows::{DeletedRow, Row, SourcedId};

/// What is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The property, where one is at fault.
    pub property: Option<String>,
    /// Stable and machine-readable.
    pub code: &'static str,
    /// One sentence. It never repeats student data.
    pub detail: String,
}

impl Wrong {
    fn new(property: Option<&str>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { property: property.map(Into::into), code, detail: detail.into() }
    }
}

/// The code of a line that is no JSON object.
pub const NOT_AN_OBJECT: &str = "not_an_object";
/// The code of a file that rows cannot be of.
pub const UNKNOWN_FILE: &str = "unknown_file";
/// The code of a property that is no column of the file.
pub const UNKNOWN_PROPERTY: &str = "unknown_property";
/// The code of a value of a JSON type that no cell has.
pub const WRONG_TYPE: &str = "wrong_type";

/// A line: what it names, as far as that can be said, and the row or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Read {
    /// The file's name, such as `users`.
    pub file: Option<&'static File>,
    /// The sourcedId.
    pub sourced_id: Option<String>,
    /// The row.
    pub row: Result<Row, Vec<Wrong>>,
}

/// The files whose rows are taken, by their names.
pub fn files() -> impl Iterator<Item = &'static File> {
    FILES.iter().chain(&SUPPLEMENT).filter(|file| file.import.is_kept() && !file.is_derived())
}

/// Reads a line. `at` stands for a time of change that is not given.
pub fn read(text: &str, line: u32, at: DateTime<Utc>) -> Read {
    let object = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Read::refused(vec![Wrong::new(None, NOT_AN_OBJECT, "The line must be a JSON object.")]),
        Err(error) => {
            let detail = format!("The line is not JSON: it goes wrong at column {}.", error.column());
            return Read::refused(vec![Wrong::new(None, NOT_AN_OBJECT, detail)]);
        }
    };
    // Whole, for rows are told apart by it; what is no id is only shown.
    let whole = |id: &str| if SourcedId::is_sound(id) { id.to_owned() } else { shown(id) };
    let sourced_id = object.get("sourcedId").and_then(Value::as_str).map(whole);
    let Some(file) = object.get("file").and_then(Value::as_str).and_then(|name| files().find(|file| file.name == name)) else {
        let names: Vec<&str> = files().map(|file| file.name).collect();
        let detail = format!("`file` must be one of {}.", names.join(", "));
        return Read { sourced_id, ..Read::refused(vec![Wrong::new(Some("file"), UNKNOWN_FILE, detail)]) };
    };
    Read { file: Some(file), sourced_id, row: row(file, &object, line, at) }
}

impl Read {
    fn refused(wrong: Vec<Wrong>) -> Self {
        Self { file: None, sourced_id: None, row: Err(wrong) }
    }
}

fn row(file: &'static File, object: &Map<String, Value>, line: u32, at: DateTime<Utc>) -> Result<Row, Vec<Wrong>> {
    let known = |name: &str| name == "file" || file.columns.iter().any(|column| column.name == name);
    let unknown = |name: &String| Wrong::new(Some(&shown(name)), UNKNOWN_PROPERTY, format!("{} has no such column.", file.file_name));
    let mut wrong: Vec<Wrong> = object.keys().filter(|name| !known(name)).map(unknown).collect();
    let mut record = ByteRecord::new();
    for column in file.columns {
        let cell = match (object.get(column.name).filter(|value| !value.is_null()), column.kind) {
            (None, Kind::Status) => "active".to_owned(),
            (None, Kind::Modified) => at.to_rfc3339_opts(SecondsFormat::Millis, true),
            (None, _) => String::new(),
            (Some(value), _) => cell(column, value).unwrap_or_else(|detail| {
                wrong.push(Wrong::new(Some(column.name), WRONG_TYPE, detail));
                String::new()
            }),
        };
        record.push_field(cell.as_bytes());
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let header = Header::standard(file);
    let mut found = Vec::new();
    let mut sink = |fault: Fault| found.push(Wrong { property: fault.column, code: fault.code.code(), detail: fault.detail });
    let mut faults = Faults::new(&mut sink, u64::MAX, u64::MAX);
    let (mode, coming) = (ReadingMode::Strict, Coming::Delta);
    let checking = Reading { file, header: &header, coming, mode, manifest_made: false, guarded: false };
    let record = Record::of(&record);
    let standing = checking.check(record, line, &mut faults, &mut Repairs::default(), &mut Vec::new());
    if !found.is_empty() {
        return Err(found);
    }
    let mut cells = Cells::new(record, &header, file, &[]);
    let unreadable = |column: &str| vec![Wrong::new(Some(column), FaultCode::BadEnum.code(), "The value could not be read.")];
    if standing == Standing::Deleted {
        let sourced_id = cells.take("sourcedId").map_err(unreadable)?;
        return Ok(Row::Deleted(DeletedRow { file: file.makes, line, sourced_id, modified_at: at }));
    }
    let row = (file.read)(&mut cells, line).map_err(unreadable)?;
    match reading::contradiction(&row) {
        None => Ok(row),
        Some((column, code, detail)) => Err(vec![Wrong::new(Some(column), code.code(), detail)]),
    }
}

/// A value as the text of a CSV cell.
fn cell(column: &Column, value: &Value) -> Result<String, &'static str> {
    match (value, column.kind) {
        // What is a password is not looked at.
        (_, Kind::Password) => Ok(String::new()),
        (Value::String(text), _) => Ok(text.clone()),
        (Value::Bool(value), Kind::Boolean) => Ok(value.to_string()),
        (Value::Number(number), Kind::Integer | Kind::Number | Kind::Days | Kind::Count | Kind::Year) => Ok(number.to_string()),
        (Value::Array(items), Kind::References(_)) => Ok(texts(items)?.join(",")),
        (Value::Array(items), Kind::Texts | Kind::Grades | Kind::WordList(_)) => {
            let quoted = |item: &str| if item.contains([',', '"']) { format!("\"{}\"", item.replace('"', "\"\"")) } else { item.to_owned() };
            Ok(texts(items)?.into_iter().map(quoted).collect::<Vec<_>>().join(","))
        }
        (_, Kind::References(_) | Kind::Texts | Kind::Grades | Kind::WordList(_)) => {
            Err("The value must be an array of strings, or a string with commas.")
        }
        (_, Kind::Boolean) => Err("The value must be true or false."),
        (_, Kind::Integer | Kind::Number | Kind::Days | Kind::Count | Kind::Year) => Err("The value must be a number."),
        _ => Err("The value must be a string."),
    }
}

fn texts(items: &[Value]) -> Result<Vec<&str>, &'static str> {
    items.iter().map(|item| item.as_str().ok_or("The items must be strings.")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Vec<(Option<String>, &'static str)> {
        read(text, 1, DateTime::UNIX_EPOCH).row.unwrap_err().into_iter().map(|wrong| (wrong.property, wrong.code)).collect()
    }

    #[test]
    fn a_row_is_read_as_its_line_of_csv_would_be() {
        let text = r#"{"file": "classes", "sourcedId": "c1", "title": "=Art", "courseSourcedId": "k1", "classType": "scheduled",
                       "schoolSourcedId": "o1", "termSourcedIds": ["t1", "t2"], "periods": ["1", "2,3"], "grades": "09,10"}"#;
        let Row::Class(class) = read(text, 7, DateTime::UNIX_EPOCH).row.unwrap() else { panic!("no class") };
        assert_eq!((class.line, class.title.as_str(), class.term_sourced_ids.len()), (7, "=Art", 2));
        assert_eq!((class.periods, class.grades), (vec!["1".to_owned(), "2,3".to_owned()], vec!["09".to_owned(), "10".to_owned()]));
    }

    #[test]
    fn a_row_that_goes_needs_no_more_than_its_id() {
        let text = r#"{"file": "enrollments", "sourcedId": "e1", "status": "tobedeleted"}"#;
        let Row::Deleted(row) = read(text, 1, DateTime::UNIX_EPOCH).row.unwrap() else { panic!("not deleted") };
        assert_eq!((row.file, row.sourced_id.as_str()), ("enrollments.csv", "e1"));
    }

    #[test]
    fn long_ids_that_begin_alike_are_told_apart() {
        let id = |end: &str| {
            let text = format!(r#"{{"file": "enrollments", "sourcedId": "{}{end}", "status": "tobedeleted"}}"#, "x".repeat(100));
            read(&text, 1, DateTime::UNIX_EPOCH).sourced_id.unwrap()
        };
        assert_ne!(id("a"), id("b"));
        assert_eq!(id("a").len(), 101);
    }

    #[test]
    fn every_fault_is_named_by_its_property() {
        let property = |name: &str| Some(name.to_owned());
        assert_eq!(wrong("[]"), [(None, NOT_AN_OBJECT)]);
        assert_eq!(wrong("{"), [(None, NOT_AN_OBJECT)]);
        assert_eq!(wrong("{}"), [(property("file"), UNKNOWN_FILE)]);
        assert_eq!(wrong(r#"{"file": "manifest"}"#), [(property("file"), UNKNOWN_FILE)]);
        assert_eq!(
            wrong(r#"{"file": "enrollments", "sourcedId": 1, "colour": "red", "primary": 1}"#),
            [(property("colour"), UNKNOWN_PROPERTY), (property("sourcedId"), WRONG_TYPE), (property("primary"), WRONG_TYPE)]
        );
        assert_eq!(
            wrong(r#"{"file": "demographics", "sourcedId": "u 1", "birthDate": "2012-02-30"}"#),
            [(property("sourcedId"), "bad_sourced_id"), (property("birthDate"), "bad_date")]
        );
    }
}
