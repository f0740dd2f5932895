//! Writes a OneRoster 1.2 bundle, from typed rows or cell by cell, file by file, one row in memory at a time.
//!
//! The same rows give the same bytes: the time in the zip is fixed. Files that get no row are left out and are `absent` in
//! the manifest, since the standard allows no file without rows. No cell starts a formula in a spreadsheet; the manifest says how
//! that was prevented, and a reader that knows the line reads every cell as it was.

use std::{
    borrow::Borrow,
    fmt::Write as _,
    io::{self, Seek, Write},
};

use chrono::NaiveDate;
use csv::ByteRecord;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    columns::{self, FILES, File, SCHOOL_DATA_SYNC, SUPPLEMENT},
    guard,
    manifest::SUPPLEMENT_VERSION,
    rows::{
        AcademicSessionRow, CategoryRow, ClassRow, CourseRow, Decimal, DemographicsRow, EnrollmentRow, LineItemRow, LineItemScoreScaleRow, OrgRow,
        ResultRow, ResultScoreScaleRow, RoleRow, ScoreScaleRow, Sex, SourcedId, UserId, UserRow,
    },
};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// It names everything there is.
    Bulk,
    /// It names some of what there is, and its rows say their status and time.
    Delta,
}

impl Form {
    /// Its word in the manifest.
    const fn word(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Delta => "delta",
        }
    }
}

/// A bundle being written. Files may come in any order, each once; [`BundleWriter::finish`] adds the manifest.
pub struct BundleWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    written: Vec<(&'static File, Form)>,
    system_name: String,
    system_code: String,
}

macro_rules! files { ($($(#[$doc:meta])* $method:ident($row:ty) = $name:literal),* $(,)?) => { $(
    $(#[$doc])*
    pub fn $method<T: Borrow<$row>>(&mut self, rows: impl IntoIterator<Item = T>) -> io::Result<&mut Self> {
        self.file($name, rows.into_iter().map(|row| move |line: &mut Line| row.borrow().cells(line)))?;
        Ok(self)
    }
)* } }

impl<W: Write + Seek> BundleWriter<W> {
    /// Starts a bundle.
    pub fn new(to: W) -> Self {
        Self { zip: ZipWriter::new(to), written: Vec::new(), system_name: "OpenILP".into(), system_code: "openilp".into() }
    }

    /// Names the system that the rows come from, for the manifest.
    #[must_use]
    pub fn source(mut self, name: &str, code: &str) -> Self {
        self.system_name = name.into();
        self.system_code = code.into();
        self
    }

    files! {
        /// Writes `orgs.csv`.
        orgs(OrgRow) = "orgs",
        /// Writes `academicSessions.csv`.
        academic_sessions(AcademicSessionRow) = "academicSessions",
        /// Writes `courses.csv`.
        courses(CourseRow) = "courses",
        /// Writes `classes.csv`.
        classes(ClassRow) = "classes",
        /// Writes `users.csv`. The password column stays blank.
        users(UserRow) = "users",
        /// Writes `roles.csv`.
        roles(RoleRow) = "roles",
        /// Writes `demographics.csv`.
        demographics(DemographicsRow) = "demographics",
        /// Writes `enrollments.csv`.
        enrollments(EnrollmentRow) = "enrollments",
        /// Writes `categories.csv`.
        categories(CategoryRow) = "categories",
        /// Writes `lineItems.csv`.
        line_items(LineItemRow) = "lineItems",
        /// Writes `results.csv`.
        results(ResultRow) = "results",
        /// Writes `scoreScales.csv`.
        score_scales(ScoreScaleRow) = "scoreScales",
        /// Writes `lineItemScoreScales.csv`.
        line_item_score_scales(LineItemScoreScaleRow) = "lineItemScoreScales",
        /// Writes `resultScoreScales.csv`.
        result_score_scales(ResultScoreScaleRow) = "resultScoreScales",
    }

    /// Writes the manifest and ends the bundle.
    pub fn finish(mut self) -> io::Result<W> {
        self.zip.start_file("manifest.csv", options())?;
        let mut csv = csv_writer(&mut self.zip);
        csv.write_record(["propertyName", "value"])?;
        csv.write_record(["manifest.version", "1.0"])?;
        csv.write_record(["oneroster.version", "1.2"])?;
        let mut files: Vec<&str> = FILES.iter().map(|file| file.name).collect();
        files.sort_unstable();
        for name in files {
            let mode = self.written.iter().find(|(file, _)| file.name == name).map_or("absent", |(_, form)| form.word());
            csv.write_record([&format!("file.{name}"), mode])?;
        }
        let mut supplied = self.written.iter().filter(|(file, _)| SUPPLEMENT.iter().any(|known| known.name == file.name)).peekable();
        if supplied.peek().is_some() {
            csv.write_record([SUPPLEMENT_VERSION.0, SUPPLEMENT_VERSION.1])?;
        }
        for (file, form) in supplied {
            csv.write_record([file.name, form.word()])?;
        }
        csv.write_record(["source.systemName", &guard::guarded(&self.system_name)])?;
        csv.write_record(["source.systemCode", &guard::guarded(&self.system_code)])?;
        csv.write_record([guard::PROPERTY.0, guard::PROPERTY.1])?;
        csv.flush()?;
        drop(csv);
        Ok(self.zip.finish()?)
    }

    fn file<F: FnOnce(&mut Line)>(&mut self, name: &'static str, rows: impl Iterator<Item = F>) -> io::Result<()> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        let file = columns::file(name).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, format!("{name} is no file of OneRoster")))?;
        let mut open = self.open(file, Form::Bulk)?;
        for row in rows {
            open.row(row)?;
        }
        open.end()
    }

    /// Begins a file whose rows are put together cell by cell. One that gets no rows must not be begun.
    ///
    /// # Errors
    /// Where the file is written already, or the disk fails.
    pub fn open(&mut self, file: &'static File, form: Form) -> io::Result<Open<'_, W>> {
        if self.written.iter().any(|(written, _)| written.name == file.name) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is written already", file.file_name)));
        }
        self.written.push((file, form));
        self.zip.start_file(file.file_name, options())?;
        let mut csv = csv_writer(&mut self.zip);
        csv.write_record(file.columns.iter().map(|column| column.name))?;
        Ok(Open { csv, line: Line::default() })
    }
}

/// The file of that name in the zip, of the standard or beside it.
pub fn file_named(file_name: &str) -> Option<&'static File> {
    FILES.iter().chain(&SUPPLEMENT).chain(&SCHOOL_DATA_SYNC).find(|file| file.file_name == file_name)
}

/// A file being written.
pub struct Open<'w, W: Write + Seek> {
    csv: csv::Writer<&'w mut ZipWriter<W>>,
    line: Line,
}

impl<W: Write + Seek> Open<'_, W> {
    /// Writes a row: its cells are put into the line in the order of the header.
    ///
    /// # Errors
    /// Where there are not as many cells as columns, or the disk fails.
    pub fn row(&mut self, cells: impl FnOnce(&mut Line)) -> io::Result<()> {
        self.line.record.clear();
        cells(&mut self.line);
        self.csv.write_byte_record(&self.line.record)?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn end(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default()).unix_permissions(0o644)
}

fn csv_writer<W: Write>(to: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).buffer_capacity(1 << 16).from_writer(to)
}

/// One line being put together, cell by cell in the order of the header.
#[derive(Default)]
pub struct Line {
    record: ByteRecord,
    list: String,
}

impl Line {
    /// sourcedId, and the two columns that a bulk bundle leaves blank.
    fn common(&mut self, sourced_id: &SourcedId) -> &mut Self {
        self.text(sourced_id.as_str()).blank().blank()
    }

    /// A blank cell.
    pub fn blank(&mut self) -> &mut Self {
        self.text("")
    }

    /// Every cell of a bundle passes here, and comes out as one that starts no formula in a spreadsheet.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.record.push_field(guard::guarded(text).as_bytes());
        self
    }

    fn optional(&mut self, text: Option<&String>) -> &mut Self {
        self.text(text.map_or("", String::as_str))
    }

    fn id(&mut self, id: &SourcedId) -> &mut Self {
        self.text(id.as_str())
    }

    fn number(&mut self, number: Option<&Decimal>) -> &mut Self {
        self.text(number.map_or("", Decimal::as_str))
    }

    fn optional_id(&mut self, id: Option<&SourcedId>) -> &mut Self {
        self.text(id.map_or("", SourcedId::as_str))
    }

    fn maybe(&mut self, value: Option<bool>) -> &mut Self {
        match value {
            Some(value) => self.boolean(value),
            None => self.blank(),
        }
    }

    /// A cell that says yes or no.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.text(if value { "true" } else { "false" })
    }

    /// A cell with a day, or a blank one.
    pub fn date(&mut self, date: Option<NaiveDate>) -> &mut Self {
        self.composed(|cell| {
            if let Some(date) = date {
                put(cell, date)
            }
        })
    }

    fn ids(&mut self, ids: &[SourcedId]) -> &mut Self {
        self.composed(|cell| {
            for id in ids {
                if !cell.is_empty() {
                    cell.push(',');
                }
                cell.push_str(id.as_str());
            }
        })
    }

    /// A list in one cell. An item that holds a comma or a quote is quoted once more.
    pub fn texts(&mut self, items: &[impl AsRef<str>]) -> &mut Self {
        self.composed(|cell| {
            for item in items {
                let item = item.as_ref();
                if !cell.is_empty() {
                    cell.push(',');
                }
                if item.contains([',', '"']) { put(cell, format_args!("\"{}\"", item.replace('"', "\"\""))) } else { cell.push_str(item) }
            }
        })
    }

    fn user_ids(&mut self, ids: &[UserId]) -> &mut Self {
        self.composed(|cell| {
            for id in ids {
                if !cell.is_empty() {
                    cell.push(',');
                }
                put(cell, format_args!("{{{}:{}}}", id.kind, id.identifier));
            }
        })
    }

    /// A cell with whatever is shown as text.
    pub fn shown(&mut self, value: impl std::fmt::Display) -> &mut Self {
        self.composed(|cell| put(cell, value))
    }

    fn composed(&mut self, compose: impl FnOnce(&mut String)) -> &mut Self {
        let mut cell = std::mem::take(&mut self.list);
        cell.clear();
        compose(&mut cell);
        self.text(&cell);
        self.list = cell;
        self
    }
}

/// Writing to a string cannot fail.
fn put(cell: &mut String, text: impl std::fmt::Display) {
    let _ = write!(cell, "{text}");
}

trait Cells {
    /// Puts the cells of a row, in the order of the header.
    fn cells(&self, line: &mut Line);
}

impl Cells for OrgRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.name).text(self.kind.word());
        line.optional(self.identifier.as_ref()).optional_id(self.parent_sourced_id.as_ref());
    }
}

impl Cells for AcademicSessionRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.title).text(self.kind.word());
        line.date(Some(self.start_date)).date(Some(self.end_date)).optional_id(self.parent_sourced_id.as_ref());
        line.composed(|cell| put(cell, format_args!("{:04}", self.school_year)));
    }
}

impl Cells for CourseRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).optional_id(self.school_year_sourced_id.as_ref()).text(&self.title).optional(self.course_code.as_ref());
        line.texts(&self.grades).id(&self.org_sourced_id).texts(&self.subjects).texts(&self.subject_codes);
    }
}

impl Cells for ClassRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.title).texts(&self.grades).id(&self.course_sourced_id).optional(self.class_code.as_ref());
        line.text(self.class_type.word()).optional(self.location.as_ref()).id(&self.school_sourced_id).ids(&self.term_sourced_ids);
        line.texts(&self.subjects).texts(&self.subject_codes).texts(&self.periods);
    }
}

impl Cells for UserRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).boolean(self.enabled_user).text(&self.username).user_ids(&self.user_ids);
        line.text(&self.given_name).text(&self.family_name).optional(self.middle_name.as_ref()).optional(self.identifier.as_ref());
        line.optional(self.email.as_ref()).optional(self.sms.as_ref()).optional(self.phone.as_ref());
        line.ids(&self.agent_sourced_ids).texts(&self.grades);
        line.blank(); // password
        line.optional(self.user_master_identifier.as_ref()).optional(self.preferred_given_name.as_ref());
        line.optional(self.preferred_middle_name.as_ref()).optional(self.preferred_family_name.as_ref());
        line.optional_id(self.primary_org_sourced_id.as_ref()).optional(self.pronouns.as_ref());
    }
}

impl Cells for RoleRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).id(&self.user_sourced_id).text(self.role_type.word()).text(self.role.word());
        line.date(self.begin_date).date(self.end_date).id(&self.org_sourced_id).optional_id(self.user_profile_sourced_id.as_ref());
    }
}

impl Cells for DemographicsRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).date(self.birth_date).text(self.sex.as_ref().map_or("", Sex::word));
        line.maybe(self.american_indian_or_alaska_native).maybe(self.asian).maybe(self.black_or_african_american);
        line.maybe(self.native_hawaiian_or_other_pacific_islander).maybe(self.white).maybe(self.two_or_more_races).maybe(self.hispanic_or_latino);
        line.optional(self.country_of_birth.as_ref()).optional(self.state_of_birth.as_ref()).optional(self.city_of_birth.as_ref());
        line.optional(self.public_school_residence_status.as_ref());
    }
}

impl Cells for EnrollmentRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).id(&self.class_sourced_id).id(&self.school_sourced_id).id(&self.user_sourced_id).text(self.role.word());
        line.maybe(self.primary).date(self.begin_date).date(self.end_date);
    }
}

impl Cells for CategoryRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.title).composed(|cell| {
            if let Some(weight) = self.weight {
                put(cell, weight)
            }
        });
    }
}

impl Cells for LineItemRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.title).optional(self.description.as_ref()).date(Some(self.assign_date)).date(Some(self.due_date));
        line.id(&self.class_sourced_id).id(&self.category_sourced_id).id(&self.academic_session_sourced_id);
        line.number(self.result_value_min.as_ref()).number(self.result_value_max.as_ref()).optional_id(self.school_sourced_id.as_ref());
    }
}

impl Cells for ResultRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).id(&self.line_item_sourced_id).id(&self.student_sourced_id).text(self.score_status.word());
        line.number(self.score.as_ref()).date(Some(self.score_date)).optional(self.comment.as_ref()).optional(self.text_score.as_ref());
        line.optional_id(self.class_sourced_id.as_ref()).maybe(self.in_progress).maybe(self.incomplete).maybe(self.late).maybe(self.missing);
    }
}

impl Cells for ScoreScaleRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).text(&self.title).text(&self.kind).id(&self.org_sourced_id).id(&self.course_sourced_id);
        line.id(&self.class_sourced_id).composed(|cell| {
            for pair in &self.values {
                if !cell.is_empty() {
                    cell.push(',');
                }
                put(cell, format_args!("{{{}:{}}}", pair.mark, pair.value));
            }
        });
    }
}

impl Cells for LineItemScoreScaleRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).optional(self.title.as_ref()).id(&self.line_item_sourced_id).id(&self.score_scale_sourced_id);
    }
}

impl Cells for ResultScoreScaleRow {
    fn cells(&self, line: &mut Line) {
        line.common(&self.sourced_id).optional(self.title.as_ref()).id(&self.result_sourced_id).id(&self.score_scale_sourced_id);
    }
}
