//! What goes with a record, or is withheld from it, whoever reads it: the statements of a family that contests it (34 CFR 99.21(c), L15), and words about
//! other students (99.12(a), L13). Looked up with the facts of the student, so that no read can be without.

use chrono::NaiveDate;
use openilp_domain::amendment_request::ContestStatement;
use openilp_domain::id::AmendmentRequestId;
use openilp_domain::redaction::withhold;
use openilp_domain::text::{LongText, RedactedText};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::{Error, Result};

/// All marks of a student's records, as one column. `$student` is how the statement names the student; $1 is the district.
macro_rules! marks_of {
    ($student:literal) => {
        concat!(
            "(select jsonb_agg(m.mark) from (
        select jsonb_build_object('recordId', record_id, 'amendmentRequestId', id, 'placedOn', statement_placed_on, 'text', statement) as mark
          from amendment_requests where district_id = $1 and student_id = ",
            $student,
            " and statement is not null
        union all
        select jsonb_build_object('recordId', record_id, 'words', words) from redactions where district_id = $1 and student_id = ",
            $student,
            ") m)"
        )
    };
}
pub(crate) use marks_of;

/// One row of the column.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    record_id: Uuid,
    #[serde(flatten)]
    what: What,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum What {
    #[serde(rename_all = "camelCase")]
    Statement {
        amendment_request_id: AmendmentRequestId,
        placed_on: NaiveDate,
        text: LongText,
    },
    Withheld {
        words: RedactedText,
    },
}

/// The marks of all records of a student.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<Mark>);

impl Marks {
    pub(crate) fn of(column: Option<Value>) -> Result<Self> {
        let Some(column) = column else { return Ok(Self::default()) };
        serde_json::from_value(column).map(Self).map_err(|error| Error::Internal(format!("the marks of records: {error}")))
    }

    /// Whether there are any of a record.
    pub(crate) fn are_on(&self, record: Uuid) -> bool {
        self.0.iter().any(|mark| mark.record_id == record)
    }

    /// Those of a record, and of one that it says again. `whole` says whether the caller sees what is about other students.
    pub(crate) fn on(&self, records: &[Option<Uuid>], whole: impl FnOnce() -> bool) -> Option<Box<RecordMarks>> {
        self.of_those(|id| records.contains(&Some(id)), whole)
    }

    /// Whether words of a record are withheld from the family.
    pub(crate) fn withhold_in(&self, record: Uuid) -> bool {
        self.0.iter().any(|mark| mark.record_id == record && matches!(mark.what, What::Withheld { .. }))
    }

    /// Whether words of any record are.
    pub(crate) fn withhold(&self) -> bool {
        self.0.iter().any(|mark| matches!(mark.what, What::Withheld { .. }))
    }

    /// Those of all records that an answer names by their ids.
    pub(crate) fn on_all_in(&self, answer: &impl Serialize, whole: impl FnOnce() -> bool) -> Option<Box<RecordMarks>> {
        if self.0.is_empty() {
            return None;
        }
        let mut named = vec![];
        ids_in(&serde_json::to_value(answer).unwrap_or_default(), &mut named);
        self.of_those(|id| named.contains(&id), whole)
    }

    fn of_those(&self, is_it: impl Fn(Uuid) -> bool, whole: impl FnOnce() -> bool) -> Option<Box<RecordMarks>> {
        if !self.0.iter().any(|mark| is_it(mark.record_id)) {
            return None;
        }
        let mut marks = RecordMarks::default();
        for mark in self.0.iter().filter(|mark| is_it(mark.record_id)) {
            match &mark.what {
                What::Statement { amendment_request_id, placed_on, text } => {
                    let statement = ContestStatement { amendment_request_id: *amendment_request_id, placed_on: *placed_on, text: text.clone() };
                    marks.statements.push(statement);
                }
                What::Withheld { words } => marks.withheld.push(words.clone()),
            }
        }
        if whole() {
            marks.withheld.clear();
        }
        // The longest first: a name may stand in a longer one.
        marks.withheld.sort_by_key(|words| std::cmp::Reverse(words.as_str().len()));
        Some(Box::new(marks))
    }
}

/// The ids in an answer.
fn ids_in(value: &Value, ids: &mut Vec<Uuid>) {
    match value {
        Value::String(text) => ids.extend(Uuid::try_parse(text)),
        Value::Array(items) => items.iter().for_each(|item| ids_in(item, ids)),
        Value::Object(members) => members.values().for_each(|member| ids_in(member, ids)),
        _ => {}
    }
}

/// The marks of one record, for one caller.
#[derive(Clone, Debug, Default)]
pub struct RecordMarks {
    /// What the family says of it.
    pub statements: Vec<ContestStatement>,
    withheld: Vec<RedactedText>,
}

impl RecordMarks {
    /// What is made of the record, without what is withheld.
    pub(crate) fn withheld_from<T: Serialize + DeserializeOwned>(&self, made: T) -> Result<T> {
        if self.withheld.is_empty() {
            return Ok(made);
        }
        let damaged = |error: serde_json::Error| Error::Internal(format!("what is made of a record: {error}"));
        let mut value = serde_json::to_value(made).map_err(damaged)?;
        withhold(&mut value, &self.withheld);
        serde_json::from_value(value).map_err(damaged)
    }

    /// What the record was, without what is withheld.
    pub fn masked(&self, body: Box<RawValue>) -> Result<Box<RawValue>> {
        if self.withheld.is_empty() {
            return Ok(body);
        }
        let damaged = |error: serde_json::Error| Error::Internal(format!("a body in the journal: {error}"));
        let mut value: Value = serde_json::from_str(body.get()).map_err(damaged)?;
        withhold(&mut value, &self.withheld);
        serde_json::value::to_raw_value(&value).map_err(damaged)
    }
}

/// A record with its marks: what is withheld is not in it, and the statements are. Only a grant makes one.
#[derive(Clone, Debug)]
pub struct Marked<T> {
    record: T,
    marks: Option<Box<RecordMarks>>,
}

impl<T> Marked<T> {
    pub(crate) fn new(record: T, marks: Option<Box<RecordMarks>>) -> Self {
        Self { record, marks }
    }

    /// The same record in another form, with the same marks.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Marked<U> {
        Marked { record: form(self.record), marks: self.marks }
    }
}

impl<T> std::ops::Deref for Marked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T: Serialize> Serialize for Marked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::Error as _;
        let Some(marks) = &self.marks else { return self.record.serialize(serializer) };
        let mut value = serde_json::to_value(&self.record).map_err(S::Error::custom)?;
        withhold(&mut value, &marks.withheld);
        if let (Value::Object(members), false) = (&mut value, marks.statements.is_empty()) {
            members.insert("contestStatements".to_owned(), serde_json::to_value(&marks.statements).map_err(S::Error::custom)?);
        }
        value.serialize(serializer)
    }
}
