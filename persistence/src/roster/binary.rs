//! COPY's binary form.

use chrono::NaiveDate;
use uuid::Uuid;

/// What COPY's binary form begins with.
pub(super) const BINARY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub(super) const BINARY_END: &[u8] = &[0xff, 0xff];

/// The type of the items of `text[]`.
const TEXT_OID: u32 = 25;

/// Cells in COPY's binary form: each its length and its bytes; -1 is null.
#[derive(Default)]
pub(super) struct Binary(pub(super) Vec<u8>);

impl Binary {
    pub(super) fn row(&mut self, cells: i16) -> &mut Self {
        self.0.extend(cells.to_be_bytes());
        self
    }

    pub(super) fn cell(&mut self, bytes: &[u8]) -> &mut Self {
        // The parser refuses cells that are anywhere near this long.
        self.0.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn null(&mut self) -> &mut Self {
        self.0.extend((-1_i32).to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.cell(text.as_bytes())
    }

    pub(super) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        if let Some(text) = text { self.text(text) } else { self.null() }
    }

    pub(super) fn int(&mut self, number: impl TryInto<i32>) -> &mut Self {
        self.cell(&number.try_into().unwrap_or(i32::MAX).to_be_bytes())
    }

    pub(super) fn float(&mut self, number: f64) -> &mut Self {
        self.cell(&number.to_be_bytes())
    }

    pub(super) fn bool(&mut self, value: bool) -> &mut Self {
        self.cell(&[u8::from(value)])
    }

    pub(super) fn uuid(&mut self, id: Uuid) -> &mut Self {
        self.cell(id.as_bytes())
    }

    pub(super) fn date(&mut self, date: Option<NaiveDate>) -> &mut Self {
        let Some(date) = date else { return self.null() };
        // PostgreSQL counts days from 1 January 2000.
        let epoch = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        self.int((date - epoch).num_days())
    }

    pub(super) fn texts(&mut self, texts: &[&str]) -> &mut Self {
        let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
        let mut array = Vec::new();
        array.extend(u32::from(!texts.is_empty()).to_be_bytes());
        array.extend(0_u32.to_be_bytes());
        array.extend(TEXT_OID.to_be_bytes());
        if !texts.is_empty() {
            array.extend(length(texts.len()));
            array.extend(1_u32.to_be_bytes());
        }
        for text in texts {
            array.extend(length(text.len()));
            array.extend_from_slice(text.as_bytes());
        }
        self.cell(&array)
    }
}
