//! What is wrong with what a caller sent: every fault, each with a JSON pointer.

use chrono::NaiveDate;

/// One fault. `code` is stable and machine-readable; `detail` is for a person and never repeats student data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) into the body, such as `/targetOn`; empty for the whole.
    pub pointer: String,
    /// Stable code, such as `too_long`.
    pub code: &'static str,
    /// One sentence.
    pub detail: String,
}

/// At least one fault; collected, so that a caller sees all of them at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<Fault>);

impl Invalid {
    /// A single fault.
    pub fn one(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        let mut invalid = Self::default();
        invalid.push(pointer, code, detail);
        invalid
    }

    /// Adds a fault.
    pub fn push(&mut self, pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(Fault { pointer: pointer.into(), code, detail: detail.into() });
    }

    /// Adds a fault, unless it holds what should.
    pub fn unless(&mut self, holds: bool, pointer: &str, code: &'static str, detail: &str) {
        if !holds {
            self.push(pointer, code, detail);
        }
    }

    /// What has a first and a last day (`startsOn`, `endsOn`) does not end before it begins.
    pub fn span(&mut self, starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) {
        let ordered = starts_on.zip(ends_on).is_none_or(|(starts, ends)| starts <= ends);
        self.unless(ordered, "/endsOn", "before_start", "The last day is before the first.");
    }

    /// Two members of which neither says anything alone: each is its pointer, and whether it is there.
    pub fn together(&mut self, one: (&str, bool), other: (&str, bool), detail: &str) {
        self.unless(one.1 || !other.1, one.0, "missing", detail);
        self.unless(other.1 || !one.1, other.0, "missing", detail);
    }

    /// The value, if nothing was wrong.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", fault.pointer, fault.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}
