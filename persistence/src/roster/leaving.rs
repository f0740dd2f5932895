//! Rows of an export on their way from the database to the thread that writes them: file by file, a few batches in memory at a time.

use std::io;

use chrono::NaiveDate;
use tokio::sync::mpsc;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::error::{Error, Result};

/// Writes a bundle of what leaves into an empty file. It runs on a thread where it may block.
pub type Write = fn(std::fs::File, &mut Leaving) -> io::Result<std::fs::File>;

/// How many batches may wait for the writer. This bounds the memory of an export, whatever its size.
const BATCHES_WAITING: usize = 4;
/// How many rows go together.
pub(super) const BATCH_ROWS: usize = 256;

/// A file of an export.
#[derive(Clone, Debug)]
pub struct LeavingFile {
    /// Its name in the zip.
    pub name: &'static str,
    /// The columns that its rows have, by their names in the header. Cells of other columns are blank.
    pub columns: Vec<String>,
    /// Whether it names not everything there is. Its rows then have a status and a time.
    pub delta: bool,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// A text, an id, a word, or a time.
    Text(&'a str),
    /// Several ids.
    Texts(Vec<&'a str>),
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i32),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
}

/// A row of an export.
pub struct LeavingRow(Row);

impl LeavingRow {
    /// The cell of the column at that place.
    ///
    /// # Errors
    /// Where there is no such column, or it holds what no cell can.
    pub fn cell(&self, place: usize) -> io::Result<Cell<'_>> {
        let column = self.0.columns().get(place).ok_or_else(|| io::Error::other("a row lacks a column"))?;
        Ok(match *column.type_() {
            Type::TEXT => self.value(place)?.map_or(Cell::Blank, Cell::Text),
            Type::TEXT_ARRAY => self.value(place)?.map_or(Cell::Blank, Cell::Texts),
            Type::BOOL => self.value(place)?.map_or(Cell::Blank, Cell::Boolean),
            Type::INT4 => self.value(place)?.map_or(Cell::Blank, Cell::Integer),
            Type::FLOAT8 => self.value(place)?.map_or(Cell::Blank, Cell::Number),
            Type::DATE => self.value(place)?.map_or(Cell::Blank, Cell::Date),
            _ => return Err(io::Error::other(format!("no cell holds a {}", column.type_()))),
        })
    }

    fn value<'r, T: FromSql<'r>>(&'r self, place: usize) -> io::Result<Option<T>> {
        self.0.try_get(place).map_err(io::Error::other)
    }
}

enum Part {
    File(LeavingFile),
    Rows(Vec<Row>),
    End,
}

/// Where the writer takes what leaves.
pub struct Leaving {
    parts: mpsc::Receiver<Part>,
    next: Option<LeavingFile>,
    ended: bool,
}

impl Leaving {
    /// The next file. It waits where the writer is quicker than the database. Nothing, when all files were taken.
    ///
    /// # Errors
    /// When the export has been given up.
    pub fn next_file(&mut self) -> io::Result<Option<LeavingFile>> {
        while !self.rows()?.is_empty() {}
        Ok(self.next.take())
    }

    /// More rows of the file that was taken last; none, when it has no more.
    ///
    /// # Errors
    /// When the export has been given up.
    pub fn rows(&mut self) -> io::Result<Vec<LeavingRow>> {
        if self.ended || self.next.is_some() {
            return Ok(vec![]);
        }
        match self.parts.blocking_recv() {
            Some(Part::Rows(rows)) => return Ok(rows.into_iter().map(LeavingRow).collect()),
            Some(Part::File(file)) => self.next = Some(file),
            Some(Part::End) => self.ended = true,
            None => return Err(io::Error::new(io::ErrorKind::BrokenPipe, "the export was given up")),
        }
        Ok(vec![])
    }
}

/// Where the side of the database puts what leaves. Without [`Sending::end`] the writer knows that not all has come.
pub(super) struct Sending(mpsc::Sender<Part>);

impl Sending {
    pub(super) async fn file(&self, file: LeavingFile) -> Result<()> {
        self.part(Part::File(file)).await
    }

    pub(super) async fn rows(&self, rows: Vec<Row>) -> Result<()> {
        if rows.is_empty() { Ok(()) } else { self.part(Part::Rows(rows)).await }
    }

    pub(super) async fn end(self) -> Result<()> {
        self.part(Part::End).await
    }

    async fn part(&self, part: Part) -> Result<()> {
        self.0.send(part).await.map_err(|_| Error::Internal("the writer of the export is gone".into()))
    }
}

/// The two ends.
pub(super) fn channel() -> (Sending, Leaving) {
    let (sender, parts) = mpsc::channel(BATCHES_WAITING);
    (Sending(sender), Leaving { parts, next: None, ended: false })
}
