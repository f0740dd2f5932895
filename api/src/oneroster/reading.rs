//! Typed rows from the cells of a record. The cells are checked before, all of them; here they are only taken.

use std::str::FromStr;

use chrono::NaiveDate;

use super::{
    cell,
    columns::{COMMON, Column, File},
    fault::FaultCode,
    records::Record,
    rows::{AcademicSessionRow, ClassRow, CourseRow, DemographicsRow, EnrollmentRow, OrgRow, RoleRow, Row, SourcedId, UserId, UserRow},
};

/// The column whose cell could not be taken.
pub(super) type Unreadable = &'static str;

/// Takes a row.
pub(super) type Read = fn(&mut Cells<'_>, u32) -> Result<Row, Unreadable>;

/// How rows of a file are taken, if the file is imported.
pub(super) fn reader(file: &File) -> Option<Read> {
    Some(match file.name {
        "orgs" => org,
        "academicSessions" => academic_session,
        "courses" => course,
        "classes" => class,
        "users" => user,
        "roles" => role,
        "demographics" => demographics,
        "enrollments" => enrollment,
        _ => return None,
    })
}

/// The cells of a record, taken one after the other in the order of the standard.
pub(super) struct Cells<'a> {
    record: Record<'a>,
    columns: std::slice::Iter<'static, Column>,
    place: usize,
}

impl<'a> Cells<'a> {
    /// The cells of a record whose columns stand as the standard has them.
    pub(super) fn new(record: Record<'a>, file: &'static File) -> Self {
        Self { record, columns: file.columns.iter(), place: 0 }
    }

    /// The next cell, which is of this column.
    fn take(&mut self, name: &'static str) -> Result<&'a str, Unreadable> {
        let column = self.columns.next().ok_or(name)?;
        let cell = self.record.cell(self.place).and_then(|cell| std::str::from_utf8(cell).ok()).ok_or(name)?;
        self.place += 1;
        if column.name == name { Ok(cell) } else { Err(name) }
    }

    /// Passes over a column without looking at it.
    fn pass(&mut self, name: &'static str) -> Result<(), Unreadable> {
        self.place += 1;
        if self.columns.next().is_some_and(|column| column.name == name) { Ok(()) } else { Err(name) }
    }

    /// The id of the row; status and dateLastModified are blank.
    fn common(&mut self) -> Result<SourcedId, Unreadable> {
        let id = self.parsed("sourcedId")?;
        for column in self.columns.by_ref().take(COMMON - 1) {
            debug_assert!(!column.required);
        }
        self.place += COMMON - 1;
        Ok(id)
    }

    fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, Unreadable> {
        let text = self.take(name)?.trim();
        Ok(if text.is_empty() { None } else { Some(text.to_owned()) })
    }

    fn text(&mut self, name: &'static str) -> Result<String, Unreadable> {
        self.optional_text(name)?.ok_or(name)
    }

    fn parsed<T: FromStr>(&mut self, name: &'static str) -> Result<T, Unreadable> {
        self.take(name)?.parse().map_err(|_| name)
    }

    fn optional_parsed<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, Unreadable> {
        let cell = self.take(name)?;
        if cell.is_empty() { Ok(None) } else { cell.parse().map(Some).map_err(|_| name) }
    }

    fn ids(&mut self, name: &'static str) -> Result<Vec<SourcedId>, Unreadable> {
        let cell = self.take(name)?;
        if cell.is_empty() {
            return Ok(Vec::new());
        }
        cell.split(',').map(|id| id.parse().map_err(|_| name)).collect()
    }

    fn texts(&mut self, name: &'static str) -> Result<Vec<String>, Unreadable> {
        let items = cell::items(self.take(name)?).map_err(|_| name)?;
        Ok(items.into_iter().map(std::borrow::Cow::into_owned).collect())
    }

    fn user_ids(&mut self, name: &'static str) -> Result<Vec<UserId>, Unreadable> {
        let pairs = cell::user_ids(self.take(name)?).map_err(|_| name)?;
        let held = pairs.into_iter().filter(|(kind, identifier)| !cell::is_social_security_number(kind, identifier));
        Ok(held.map(|(kind, identifier)| UserId { kind: kind.to_owned(), identifier: identifier.to_owned() }).collect())
    }

    fn optional_date(&mut self, name: &'static str) -> Result<Option<NaiveDate>, Unreadable> {
        let cell = self.take(name)?;
        if cell.is_empty() { Ok(None) } else { cell::date(cell).map(Some).ok_or(name) }
    }

    fn date(&mut self, name: &'static str) -> Result<NaiveDate, Unreadable> {
        self.optional_date(name)?.ok_or(name)
    }
}

fn org(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Org(OrgRow {
        line,
        sourced_id: cells.common()?,
        name: cells.text("name")?,
        kind: cells.parsed("type")?,
        identifier: cells.optional_text("identifier")?,
        parent_sourced_id: cells.optional_parsed("parentSourcedId")?,
    }))
}

fn academic_session(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::AcademicSession(AcademicSessionRow {
        line,
        sourced_id: cells.common()?,
        title: cells.text("title")?,
        kind: cells.parsed("type")?,
        start_date: cells.date("startDate")?,
        end_date: cells.date("endDate")?,
        parent_sourced_id: cells.optional_parsed("parentSourcedId")?,
        school_year: cell::year(cells.take("schoolYear")?).ok_or("schoolYear")?,
    }))
}

fn course(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Course(CourseRow {
        line,
        sourced_id: cells.common()?,
        school_year_sourced_id: cells.optional_parsed("schoolYearSourcedId")?,
        title: cells.text("title")?,
        course_code: cells.optional_text("courseCode")?,
        grades: cells.texts("grades")?,
        org_sourced_id: cells.parsed("orgSourcedId")?,
        subjects: cells.texts("subjects")?,
        subject_codes: cells.texts("subjectCodes")?,
    }))
}

fn class(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Class(ClassRow {
        line,
        sourced_id: cells.common()?,
        title: cells.text("title")?,
        grades: cells.texts("grades")?,
        course_sourced_id: cells.parsed("courseSourcedId")?,
        class_code: cells.optional_text("classCode")?,
        class_type: cells.parsed("classType")?,
        location: cells.optional_text("location")?,
        school_sourced_id: cells.parsed("schoolSourcedId")?,
        term_sourced_ids: cells.ids("termSourcedIds")?,
        subjects: cells.texts("subjects")?,
        subject_codes: cells.texts("subjectCodes")?,
        periods: cells.texts("periods")?,
    }))
}

fn user(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    let sourced_id = cells.common()?;
    let enabled_user = cells.parsed("enabledUser")?;
    let username = cells.text("username")?;
    let user_ids = cells.user_ids("userIds")?;
    let given_name = cells.text("givenName")?;
    let family_name = cells.text("familyName")?;
    let middle_name = cells.optional_text("middleName")?;
    let identifier = cells.optional_text("identifier")?;
    let email = cells.optional_text("email")?;
    let sms = cells.optional_text("sms")?;
    let phone = cells.optional_text("phone")?;
    let agent_sourced_ids = cells.ids("agentSourcedIds")?;
    let grades = cells.texts("grades")?;
    cells.pass("password")?;
    let user_master_identifier = cells.optional_text("userMasterIdentifier")?;
    let preferred_given_name = cells.optional_text("preferredGivenName")?;
    let preferred_middle_name = cells.optional_text("preferredMiddleName")?;
    let preferred_family_name = cells.optional_text("preferredFamilyName")?;
    let primary_org_sourced_id = cells.optional_parsed("primaryOrgSourcedId")?;
    let pronouns = cells.optional_text("pronouns")?;
    Ok(Row::User(UserRow {
        line,
        sourced_id,
        enabled_user,
        username,
        user_ids,
        given_name,
        family_name,
        middle_name,
        identifier,
        email,
        sms,
        phone,
        agent_sourced_ids,
        grades,
        user_master_identifier,
        preferred_given_name,
        preferred_middle_name,
        preferred_family_name,
        primary_org_sourced_id,
        pronouns,
    }))
}

fn role(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Role(RoleRow {
        line,
        sourced_id: cells.common()?,
        user_sourced_id: cells.parsed("userSourcedId")?,
        role_type: cells.parsed("roleType")?,
        role: cells.parsed("role")?,
        begin_date: cells.optional_date("beginDate")?,
        end_date: cells.optional_date("endDate")?,
        org_sourced_id: cells.parsed("orgSourcedId")?,
        user_profile_sourced_id: cells.optional_parsed("userProfileSourcedId")?,
    }))
}

fn demographics(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Demographics(DemographicsRow { line, sourced_id: cells.common()?, birth_date: cells.optional_date("birthDate")? }))
}

fn enrollment(cells: &mut Cells<'_>, line: u32) -> Result<Row, Unreadable> {
    Ok(Row::Enrollment(EnrollmentRow {
        line,
        sourced_id: cells.common()?,
        class_sourced_id: cells.parsed("classSourcedId")?,
        school_sourced_id: cells.parsed("schoolSourcedId")?,
        user_sourced_id: cells.parsed("userSourcedId")?,
        role: cells.parsed("role")?,
        primary: cells.optional_parsed("primary")?,
        begin_date: cells.optional_date("beginDate")?,
        end_date: cells.optional_date("endDate")?,
    }))
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
        Row::Org(_) | Row::User(_) | Row::Demographics(_) => None,
    }
}
