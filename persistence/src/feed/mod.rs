//! The feed: what has changed in a district since a cursor, as far as the caller may see it.
//!
//! **Promised.** Every committed change has one position; a reader that goes from cursor to cursor gets each entry it may see at least
//! once (exactly once, if it keeps the cursor with what it has read), those of one record in order, and none of a transaction that was
//! rolled back. Entitlement is decided when an entry is delivered, by the same grant as a single read. What is hidden leaves no
//! trace. A cursor of another history is refused ([`Error::CursorGone`]).
//!
//! **What a reader holds and may no longer hold** is told by entries that are no record's, see [`standing`]: `granted` and `withdrawn`.
//!
//! **Not promised.** The removal of a goal stands for the removal of its parts. An entry says what the record was then; a later entry
//! may follow at once. Changes of a roster come without a body: the record is read where it stands. To people the feed gives what
//! belongs to a student; schools, classes and settings have their own lists.

mod standing;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Binary, Int2, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, DistrictAction, Item, Relation, Section, Sections, withheld_as_a_whole};
use openilp_domain::amendment_request::ContestStatement;
use openilp_domain::id::{PersonId, StudentId};
use openilp_domain::kind::{FeedOperation, Kind, Operation};
use serde_json::value::RawValue;
use tokio::time::Instant;
use uuid::Uuid;

use crate::cursor::{Bound, Cursor, Cursors, Epoch};
use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{Caller, parse};
use crate::grant::Grant;
use crate::mark::RecordMarks;
use crate::request::{Request, Shown};
use crate::{journal, statement};

/// One entry, as the caller may see it.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The id of the change; the same whenever the entry is delivered again.
    pub id: Uuid,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What was changed.
    pub kind: Kind,
    /// Its id.
    pub resource_id: Uuid,
    /// Its version after the change; none for what is no record's change.
    pub version: Option<i32>,
    /// What was done.
    pub operation: FeedOperation,
    /// The student it is about.
    pub student_id: Option<StudentId>,
    /// The section it is in.
    pub section: Option<Section>,
    /// For `granted`: the sections of the student that the caller reads from here on.
    pub sections: Option<Sections>,
    /// What the record was after the change, as its own resource shows it. None for what is gone, for a roster's changes, and where it was erased.
    pub body: Option<Box<RawValue>>,
    /// What the family says of the record that it contests.
    pub statements: Vec<ContestStatement>,
}

/// Some entries, and where to go on.
#[derive(Clone, Debug)]
pub struct FeedPage {
    /// In order.
    pub entries: Vec<FeedEntry>,
    /// Where to go on, whether or not there were entries.
    pub cursor: Cursor,
    /// Whether more may be had at once.
    pub more: bool,
}

impl FeedPage {
    /// What the page shows, for its access record.
    pub fn shown(&self) -> Shown {
        let students: HashSet<StudentId> = self.entries.iter().filter(|e| e.version.is_some()).filter_map(|e| e.student_id).collect();
        let sections: Sections = self.entries.iter().filter_map(|e| e.section).collect();
        Shown { students: students.into_iter().collect(), sections: sections.to_string(), row_count: self.entries.len() }
    }
}

/// Where a new reader begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the first change there is.
    Beginning,
    /// With what comes after now. Whoever reads the files after having taken this cursor, and then follows it, has everything.
    Now,
}

/// The stream's name in its cursors.
const STREAM: &str = "feed";
/// How many rows are looked at in one go, once there is much that is hidden.
const SCAN_MAX: usize = 2_000;
/// How often one page looks, before it is returned short: this bounds a page's time, not its content.
const SCANS_MAX: usize = 20;
/// How soon a long poll looks again when the feed grows without pause.
const PAUSE: Duration = Duration::from_millis(100);
/// What a student information system sees: what rosters are made of, nothing that is written about a student.
const ROSTER_KINDS: &[Kind] = &[
    Kind::School,
    Kind::AcademicSession,
    Kind::Course,
    Kind::Class,
    Kind::Category,
    Kind::LineItem,
    Kind::Person,
    Kind::PersonMerge,
    Kind::Student,
    Kind::Role,
    Kind::Enrollment,
    Kind::Registration,
    Kind::ReportCard,
];

statement! {
    /// The changes after a position, without their bodies.
    Scan { district: SqlUuid = Uuid, after: Int8 = i64, most: Int8 = i64 }
    -> (SqlUuid, Int8, Timestamptz, Text, SqlUuid, Int4, Text, Nullable<SqlUuid>, Nullable<Text>)
    "select id, position, at, kind, resource_id, version, operation, student_id, section
       from changes where district_id = $1 and position > $2 order by position limit $3"
}

statement! {
    /// The bodies of changes.
    Bodies { district: SqlUuid = Uuid, changes: Array<SqlUuid> = Vec<Uuid> } -> (SqlUuid, Int2, Binary)
    "select change_id, codec, body from change_bodies where district_id = $1 and change_id = any($2)"
}

statement! {
    /// The last position given.
    Head { district: SqlUuid = Uuid } -> (Int8)
    "select coalesce((select head from feeds where district_id = $1), 0)"
}

/// A change with a position.
struct Row {
    id: Uuid,
    position: i64,
    at: DateTime<Utc>,
    kind: Kind,
    resource_id: Uuid,
    version: i32,
    operation: Operation,
    student_id: Option<StudentId>,
    section: Option<Section>,
}

impl Row {
    /// The section that decides who reads it. None: no person does.
    fn read_as(&self) -> Option<Section> {
        // Whether a family hears of an emergency may wait for its review: custodian and family have lists of them.
        // A notice is for who was told.
        if matches!(self.kind, Kind::EmergencyAccess | Kind::Notice) {
            return None;
        }
        self.section.or(match self.kind {
            Kind::Student => Some(Section::Identity),
            Kind::IlpFile | Kind::Division | Kind::Plan | Kind::Assignment => Some(Section::Status),
            Kind::Registration | Kind::ReportCard => Some(Section::SchoolRecords),
            Kind::GuardianLink | Kind::Consent => Some(Section::Privacy),
            _ => None,
        })
    }

    fn item(&self) -> Item {
        let item = Item::default();
        if self.kind == Kind::ProgressRecord { item.as_progress() } else { item }
    }

    /// A person's row holds contacts too, which are another section than the rest of it.
    fn has_body(&self) -> bool {
        self.operation != Operation::Removed && self.kind != Kind::Person
    }

    /// Whether its body decides who sees it.
    fn is_retold(&self) -> bool {
        self.kind == Kind::Translation
    }
}

/// The cursor from which a new reader goes on.
pub async fn start(tx: &Tx<'_>, grant: &Grant, at: Start) -> Result<Cursor> {
    reader(grant)?;
    let mut conn = tx.conn;
    let head = Head { district: tx.district.0 };
    let (epoch, (head,)) = tokio::try_join!(biased;
        Epoch::now(tx),
        async { head.get_result::<(i64,)>(&mut conn).await.map_err(Error::from) },
    )?;
    let position = if at == Start::Now { head } else { 0 };
    Ok(Cursor { epoch, position, day: grant.district().today })
}

/// The changes after a cursor that the caller may see: at most `limit`, and what [`standing`] adds.
pub async fn changes_after(tx: &Tx<'_>, grant: &Grant, cursor: Cursor, limit: usize) -> Result<FeedPage> {
    let reader = reader(grant)?;
    let limit = limit.max(1);
    let mut size = limit.saturating_add(1).min(SCAN_MAX);
    let (epoch, mut rows) = tokio::try_join!(biased; Epoch::now(tx), scan(tx, cursor.position, size))?;
    cursor.check(epoch)?;
    let today = grant.district().today;
    let mut page = FeedPage { entries: vec![], cursor: Cursor { day: today, ..cursor }, more: true };
    if cursor.day != today && reader != Reader::Sis {
        page.entries = standing::since(tx, grant, cursor.day).await?;
    }
    for _ in 0..SCANS_MAX {
        let exhausted = rows.len() < size;
        let cut = deliver(tx, grant, reader, rows, limit, &mut page).await?;
        page.more = cut || !exhausted;
        if exhausted || page.entries.len() >= limit {
            break;
        }
        size = SCAN_MAX;
        rows = scan(tx, page.cursor.position, size).await?;
    }
    if page.more && page.entries.len() >= limit {
        page.more = any_after(tx, grant, reader, page.cursor, limit.saturating_add(1).min(SCAN_MAX)).await?;
    }
    Ok(page)
}

/// Whether the caller may see anything after a full page. That there is more of what they may not see is not theirs to know (G6).
async fn any_after(tx: &Tx<'_>, grant: &Grant, reader: Reader, cursor: Cursor, mut size: usize) -> Result<bool> {
    let mut ahead = FeedPage { entries: vec![], cursor, more: true };
    for _ in 0..SCANS_MAX {
        let rows = scan(tx, ahead.cursor.position, size).await?;
        let exhausted = rows.len() < size;
        deliver(tx, grant, reader, rows, 1, &mut ahead).await?;
        if exhausted || !ahead.entries.is_empty() {
            return Ok(!ahead.entries.is_empty());
        }
        size = SCAN_MAX;
    }
    Ok(true)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Person(PersonId),
    Sis,
}

fn reader(grant: &Grant) -> Result<Reader> {
    match grant.caller() {
        Caller::Person(person) => Ok(Reader::Person(person)),
        Caller::Client(_) if grant.relation_to_district(DistrictAction::ImportRoster) == Some(Relation::SisClient) => Ok(Reader::Sis),
        Caller::Client(_) => Err(Error::Forbidden),
    }
}

async fn scan(tx: &Tx<'_>, after: i64, most: usize) -> Result<Vec<Row>> {
    type Columns = (Uuid, i64, DateTime<Utc>, String, Uuid, i32, String, Option<Uuid>, Option<String>);
    let mut conn = tx.conn;
    let scan = Scan { district: tx.district.0, after, most: i64::try_from(most).unwrap_or(i64::MAX) };
    let row = |(id, position, at, kind, resource_id, version, operation, student, section): Columns| {
        Ok(Row {
            id,
            position,
            at,
            resource_id,
            version,
            kind: parse(&kind)?,
            operation: parse(&operation)?,
            student_id: student.map(StudentId),
            section: section.as_deref().map(parse).transpose()?,
        })
    };
    scan.load::<Columns>(&mut conn).await?.into_iter().map(row).collect()
}

/// What the caller's standing says of a row before its body is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Hidden,
    Shown,
    /// Shown to who wrote it.
    IfOwn,
}

fn verdict(reader: Reader, standings: &HashMap<StudentId, Grant>, row: &Row) -> Verdict {
    let person = match reader {
        Reader::Sis if ROSTER_KINDS.contains(&row.kind) => return Verdict::Shown,
        Reader::Sis => return Verdict::Hidden,
        Reader::Person(person) => person,
    };
    let (Some(grant), Some(section)) = (row.student_id.and_then(|s| standings.get(&s)), row.read_as()) else { return Verdict::Hidden };
    // What is withheld from the family stands in it.
    if row.kind == Kind::Redaction && !grant.keeps_privacy() {
        return Verdict::Hidden;
    }
    let reads = |item: &Item| grant.relation_for(Action::Read, section, item).is_some();
    let own = Item { author: Some(person), caller: Some(person), ..row.item() };
    if reads(&row.item()) {
        Verdict::Shown
    } else if reads(&own) {
        Verdict::IfOwn
    } else {
        Verdict::Hidden
    }
}

/// Adds to the page what the caller may see of the rows and moves its cursor over them. True if the page was full before the end.
async fn deliver(tx: &Tx<'_>, grant: &Grant, reader: Reader, mut rows: Vec<Row>, limit: usize, page: &mut FeedPage) -> Result<bool> {
    let room = limit.saturating_sub(page.entries.len()).max(1);
    let students: HashSet<StudentId> = rows.iter().filter_map(|row| row.student_id).collect();
    let standings = grant.towards(tx, students.into_iter().collect()).await?;
    let verdicts: Vec<Verdict> = rows.iter().map(|row| verdict(reader, &standings, row)).collect();
    // Bodies are read for no more rows than can be on the page.
    let surely = verdicts.iter().enumerate().filter(|(_, verdict)| **verdict == Verdict::Shown).nth(room.saturating_sub(1));
    let mut end = surely.map_or(rows.len(), |(n, _)| n + 1);
    let looked_at = || rows.iter().zip(&verdicts).take(end).filter(|(_, verdict)| **verdict != Verdict::Hidden);
    let wanted =
        looked_at().filter(|(row, verdict)| row.has_body() || row.is_retold() || **verdict == Verdict::IfOwn).map(|(row, _)| row.id).collect();
    let mut bodies = bodies(tx, wanted).await?;

    let mut entries: Vec<(i64, FeedEntry)> = vec![];
    for (n, (row, verdict)) in rows.iter().zip(&verdicts).enumerate().take(end) {
        let body = bodies.remove(&row.id);
        let shown = match (verdict, reader) {
            (Verdict::Shown, _) => true,
            (Verdict::IfOwn, Reader::Person(person)) => body.as_deref().and_then(author_of) == Some(person),
            _ => false,
        };
        if !shown || is_withheld(&standings, row, body.as_deref()) {
            continue;
        }
        let marks = marks(&standings, row, body.as_deref());
        entries.push((row.position, entry(row, body.filter(|_| row.has_body()), marks)?));
        if entries.len() == room {
            end = n + 1;
        }
    }
    let cut = end < rows.len();
    rows.truncate(end);
    if let Some(last) = rows.last() {
        page.cursor.position = last.position;
    }
    if let Reader::Person(person) = reader {
        entries.extend(standing::touched(tx, grant, person, &rows, &standings).await?);
        entries.sort_by_key(|(position, _)| *position);
    }
    page.entries.extend(entries.into_iter().map(|(_, entry)| entry));
    Ok(cut)
}

async fn bodies(tx: &Tx<'_>, changes: Vec<Uuid>) -> Result<HashMap<Uuid, Box<RawValue>>> {
    if changes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut conn = tx.conn;
    let rows = Bodies { district: tx.district.0, changes }.load::<(Uuid, i16, Vec<u8>)>(&mut conn).await?;
    rows.into_iter().map(|(id, codec, body)| Ok((id, journal::decode(codec, body)?))).collect()
}

/// What goes with the record of a row, and what of it is withheld from the caller. A machine is no student's, and sees what it has handed in.
fn marks(standings: &HashMap<StudentId, Grant>, row: &Row, body: Option<&RawValue>) -> Option<Box<RecordMarks>> {
    let grant = standings.get(&row.student_id?)?;
    let item = Item { author: body.and_then(author_of), caller: grant.caller().person(), ..row.item() };
    grant.marks_on(row.resource_id, row.read_as()?, &item)
}

/// Whether a row says again the words of a record in which some are withheld from the caller. Any version may say them: it counts what is withheld now.
fn is_withheld(standings: &HashMap<StudentId, Grant>, row: &Row, body: Option<&RawValue>) -> bool {
    let grant = row.student_id.and_then(|student| standings.get(&student));
    let (Some(grant), Some(section), true) = (grant, row.read_as(), row.is_retold()) else { return false };
    let record = body.and_then(|body| serde_json::from_str::<Written>(body.get()).ok()?.record_id);
    // A row without a body does not say which.
    let withheld = record.map_or_else(|| grant.marks.withhold(), |record| grant.marks.withhold_in(record));
    let item = Item { author: body.and_then(author_of), caller: grant.caller().person(), ..row.item() };
    withheld && grant.facts.as_ref().is_none_or(|facts| withheld_as_a_whole(true, section, &item, facts, &grant.context()))
}

fn entry(row: &Row, body: Option<Box<RawValue>>, marks: Option<Box<RecordMarks>>) -> Result<FeedEntry> {
    let body = match (body, &marks) {
        (Some(body), Some(marks)) => Some(marks.masked(body)?),
        (body, _) => body,
    };
    Ok(FeedEntry {
        id: row.id,
        at: row.at,
        kind: row.kind,
        resource_id: row.resource_id,
        version: Some(row.version),
        operation: row.operation.into(),
        student_id: row.student_id,
        section: row.read_as(),
        sections: None,
        body,
        statements: marks.map(|marks| marks.statements).unwrap_or_default(),
    })
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    created_by: Option<PersonId>,
    record_id: Option<Uuid>,
}

fn author_of(body: &RawValue) -> Option<PersonId> {
    serde_json::from_str::<Written>(body.get()).ok()?.created_by
}

/// A page whose cursor is ready to leave.
#[derive(Clone, Debug)]
pub struct SealedPage {
    /// In order.
    pub entries: Vec<FeedEntry>,
    /// Where to go on.
    pub cursor: String,
    /// Whether more may be had at once.
    pub more: bool,
}

/// From where to read.
#[derive(Clone, Copy, Debug)]
pub enum From<'a> {
    /// Without a cursor.
    Start(Start),
    /// After a cursor of ours.
    Cursor(&'a str),
}

/// Answers a request for changes: what there is after the cursor, and if that is nothing, what comes within `wait`. Nothing is held
/// while it waits, no connection and no transaction; the caller's standing is looked up anew each time.
pub async fn poll(db: &Db, request: &Request, cursors: &Cursors, from: From<'_>, limit: usize, wait: Duration) -> Result<SealedPage> {
    let deadline = Instant::now() + wait;
    let bound = Bound { district: request.district, caller: &request.principal, stream: STREAM };
    let mut sequenced = db.wake().sequenced(request.district);
    let mut reached = match from {
        From::Start(_) => None,
        From::Cursor(text) => Some(cursors.open_cursor(&bound, text)?),
    };
    let start_at = if let From::Start(at) = from { at } else { Start::Now };
    loop {
        // Marked before the look: what is sequenced during it wakes us.
        sequenced.borrow_and_update();
        let page = db
            .browse(request, None, async |tx, grant| {
                let cursor = match reached {
                    Some(cursor) => cursor,
                    None => start(tx, grant, start_at).await?,
                };
                let page = changes_after(tx, grant, cursor, limit).await?;
                let shown = page.shown();
                Ok((page, shown))
            })
            .await?;
        if !page.entries.is_empty() || page.more || Instant::now() >= deadline {
            return Ok(SealedPage { entries: page.entries, cursor: cursors.seal_cursor(&bound, page.cursor)?, more: page.more });
        }
        reached = Some(page.cursor);
        // The wake's end cannot come before the database's.
        let _grown_or_time_is_up = tokio::time::timeout_at(deadline, sequenced.changed()).await;
        tokio::time::sleep_until(deadline.min(Instant::now() + PAUSE)).await;
    }
}
