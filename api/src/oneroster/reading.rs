//! Typed rows from the cells of a record. The cells are checked before, all of them; here they are only taken.

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    cell,
    columns::{Column, File},
    fault::FaultCode,
    header::Header,
    records::Record,
    rows::{Decimal, OrgType, Role, RoleRow, RoleType, Row, ScaleValue, SourcedId, UserId, UserRow},
};

/// The column whose cell could not be taken.
pub type Unreadable = &'static str;

/// Takes a row.
pub type Read = fn(&mut Cells<'_>, u32) -> Result<Row, Unreadable>;

/// The cells of a record, taken one after the other in the order of the standard, wherever they stand.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    record: Record<'a>,
    header: &'a Header,
    /// Cells that were mended, by the number of their column; they stand for those in the record.
    mended: &'a [(usize, String)],
    columns: &'static [Column],
    next: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn new(record: Record<'a>, header: &'a Header, file: &'static File, mended: &'a [(usize, String)]) -> Self {
        Self { record, header, mended, columns: file.columns, next: 0 }
    }

    /// Takes the cell of a column. Those before it are passed over; a column that the file does not have is blank.
    pub(super) fn take<T: Cell>(&mut self, name: &'static str) -> Result<T, Unreadable> {
        T::of(self.text(name)?).ok_or(name)
    }

    fn text(&mut self, name: &'static str) -> Result<&'a str, Unreadable> {
        let ahead = self.columns.get(self.next..).unwrap_or_default();
        let Some(at) = ahead.iter().position(|column| column.field == name).map(|ahead| self.next + ahead) else { return Ok("") };
        self.next = at + 1;
        if let Some((_, mended)) = self.mended.iter().find(|(column, _)| *column == at) {
            return Ok(mended);
        }
        let Some(place) = self.header.place(at) else { return Ok("") };
        self.record.cell(place).and_then(|cell| std::str::from_utf8(cell).ok()).ok_or(name)
    }
}

/// What a cell holds, as a value. The empty cell is the absence of one.
pub trait Cell: Sized {
    /// The value of a cell that was found sound.
    fn of(cell: &str) -> Option<Self>;
}

impl<T: Cell> Cell for Option<T> {
    fn of(cell: &str) -> Option<Self> {
        if cell.trim().is_empty() { Some(None) } else { T::of(cell).map(Some) }
    }
}

impl Cell for String {
    fn of(cell: &str) -> Option<Self> {
        Some(cell.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

macro_rules! parsed { ($($type:ty),*) => { $(
    impl Cell for $type {
        fn of(cell: &str) -> Option<Self> {
            cell.parse().ok()
        }
    }
)* } }
parsed!(SourcedId, bool, i64, Decimal);

macro_rules! words { ($($type:ident),*) => { $(
    impl Cell for super::rows::$type {
        fn of(cell: &str) -> Option<Self> {
            cell.parse().ok()
        }
    }
)* } }
words!(OrgType, SessionType, ClassType, Role, RoleType, EnrollmentRole, Sex, ScoreStatus, ObjectiveSource, Importance);
words!(AddressType, TelephoneType, Relationship, GuardianRights, Evidence, StaffAssignmentKind, Flag, StateIdType, YearOutcome, PostSchoolKind);

impl Cell for NaiveDate {
    fn of(cell: &str) -> Option<Self> {
        cell::date(cell)
    }
}

impl Cell for DateTime<Utc> {
    fn of(cell: &str) -> Option<Self> {
        cell::instant(cell)
    }
}

/// A school year, by the year in which it ends.
impl Cell for i32 {
    fn of(cell: &str) -> Option<Self> {
        cell::year(cell)
    }
}

impl Cell for Vec<SourcedId> {
    fn of(cell: &str) -> Option<Self> {
        if cell.is_empty() { Some(Self::new()) } else { cell.split(',').map(|id| id.parse().ok()).collect() }
    }
}

impl Cell for Vec<String> {
    fn of(cell: &str) -> Option<Self> {
        Some(cell::items(cell).ok()?.into_iter().map(std::borrow::Cow::into_owned).collect())
    }
}

impl Cell for Vec<super::rows::ResourceRole> {
    fn of(cell: &str) -> Option<Self> {
        cell::items(cell).ok()?.iter().map(|item| item.parse().ok()).collect()
    }
}

/// Social Security numbers are dropped.
impl Cell for Vec<UserId> {
    fn of(cell: &str) -> Option<Self> {
        let pairs = cell::pairs(cell).ok()?;
        let held = pairs.into_iter().filter(|(kind, identifier)| !cell::is_social_security_number(kind, identifier));
        Some(held.map(|(kind, identifier)| UserId { kind: kind.to_owned(), identifier: identifier.to_owned() }).collect())
    }
}

impl Cell for Vec<ScaleValue> {
    fn of(cell: &str) -> Option<Self> {
        let pairs = cell::pairs(cell).ok()?;
        Some(pairs.into_iter().map(|(mark, value)| ScaleValue { mark: mark.to_owned(), value: value.to_owned() }).collect())
    }
}

/// A user of 1.1. Where there is one org, it is the primary one.
pub(super) fn user_1_1(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    let mut ahead = *cells;
    let orgs: Vec<SourcedId> = ahead.take("orgSourcedIds")?;
    let Row::User(mut user) = UserRow::read(cells, line)? else { return Err("sourcedId") };
    if let [org] = orgs.as_slice() {
        user.primary_org_sourced_id = Some(org.clone());
    }
    Ok(Row::User(user))
}

/// For files of which no row is made one by one.
pub(super) fn no_row(_: &mut Cells<'_>, _: u32) -> Result<Row, Unreadable> {
    Err("sourcedId")
}

/// The roles of a user of 1.1, one for each org. `kind` says what an org is. Their ids are made of the user's, the org's and the role's,
/// so that the same user has the same ids in every bundle.
pub(super) fn roles_1_1(cells: &mut Cells<'_>, line: u32, kind: impl Fn(&SourcedId) -> Option<OrgType>) -> Result<Vec<RoleRow>, Unreadable> {
    let user: SourcedId = cells.take("sourcedId")?;
    let orgs: Vec<SourcedId> = cells.take("orgSourcedIds")?;
    let word: String = cells.take("role")?;
    let role = |org: SourcedId| {
        let role = match (word.as_str(), kind(&org)) {
            ("administrator", Some(OrgType::School)) => Role::SiteAdministrator,
            ("administrator", Some(OrgType::District | OrgType::Local)) => Role::DistrictAdministrator,
            ("administrator", _) => Role::Own("ext:administrator".into()),
            (word, _) => word.parse().map_err(|_| "role")?,
        };
        let hash = digest(&SHA256, format!("{user}\n{org}\n{word}").as_bytes());
        let id = const_hex::encode(hash.as_ref().get(..16).unwrap_or_default());
        Ok(RoleRow {
            line,
            sourced_id: SourcedId::made_of(&format!("role-{id}")),
            user_sourced_id: user.clone(),
            role_type: RoleType::Primary,
            role,
            begin_date: None,
            end_date: None,
            org_sourced_id: org,
            user_profile_sourced_id: None,
        })
    };
    orgs.into_iter().map(role).collect()
}

/// What is wrong between the cells of a row: the column, a code and a sentence.
pub(super) fn contradiction(row: &Row) -> Option<(&'static str, FaultCode, &'static str)> {
    let reversed = |begin: Option<NaiveDate>, end: Option<NaiveDate>| {
        let (begin, end) = begin.zip(end)?;
        (end < begin).then_some(("endDate", FaultCode::DatesReversed, "The end is before the start."))
    };
    let lengths = |subjects: &[String], codes: &[String]| {
        let differ = !codes.is_empty() && subjects.len() != codes.len();
        differ.then_some(("subjectCodes", FaultCode::ListLengths, "There must be as many subject codes as subjects, or none."))
    };
    match row {
        Row::AcademicSession(row) => reversed(Some(row.start_date), Some(row.end_date)),
        Row::Role(row) => reversed(row.begin_date, row.end_date),
        Row::Enrollment(row) => reversed(row.begin_date, row.end_date),
        Row::Course(row) => lengths(&row.subjects, &row.subject_codes),
        Row::Class(row) => lengths(&row.subjects, &row.subject_codes),
        Row::Address(row) => reversed(row.begin_date, row.end_date),
        Row::Telephone(row) => reversed(row.begin_date, row.end_date),
        Row::Caseload(row) => reversed(row.begin_date, row.end_date),
        Row::StaffAssignment(row) => reversed(row.begin_date, row.end_date),
        Row::Flag(row) => reversed(row.begin_date, row.end_date),
        Row::Guardian(row) => {
            let bare = row.rights.word() == "none" && (row.evidence.is_none() || row.evidence_reference.is_none());
            let missing = || {
                let detail = "Rights of none need evidence and where it is kept: without them a parent has full rights.";
                bare.then_some((if row.evidence.is_none() { "evidence" } else { "evidenceReference" }, FaultCode::EvidenceMissing, detail))
            };
            missing().or_else(|| reversed(row.begin_date, row.end_date))
        }
        Row::StateId(row) if cell::is_social_security_number("", &row.identifier) => {
            Some(("identifier", FaultCode::SocialSecurityNumber, "The identifier has the form of a Social Security number, which is never taken."))
        }
        Row::Attendance(row) => {
            let more = |part: &Decimal, whole: &Decimal| part.value() > whole.value();
            if more(&row.days_absent, &row.days_enrolled) {
                return Some(("daysAbsent", FaultCode::OutOfRange, "More days absent than enrolled."));
            }
            let unexcused = row.days_absent_unexcused.as_ref().is_some_and(|unexcused| more(unexcused, &row.days_absent));
            unexcused.then_some(("daysAbsentUnexcused", FaultCode::OutOfRange, "More days absent without excuse than absent."))
        }
        _ => None,
    }
}
