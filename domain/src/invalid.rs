//! What is wrong with what a caller sent: every fault, each with a JSON pointer.

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
