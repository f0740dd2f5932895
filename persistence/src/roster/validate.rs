//! Validation: rows are held against each other, over all of them at once. Each fault is named by file, line, column and code.

use openilp_domain::roster::RosterFault;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::staged::RosterFile;
use super::work::{Work, column, failed};
use super::{Fault, Parsed, supplement_check};
use crate::error::Result;

/// The code of a sourcedId that occurs twice in a file.
pub const DUPLICATE: &str = "duplicate";
/// The code of an id that points at a row that the bundle does not have.
pub const DANGLING_REFERENCE: &str = "dangling_reference";
/// The code of an id that points at a row of the wrong kind.
pub const WRONG_REFERENCE: &str = "wrong_reference";
/// The code of an identifier that two students share.
pub const DUPLICATE_IDENTIFIER: &str = "duplicate_identifier";

/// How many faults of a bundle are kept. All are counted.
pub const FAULTS_KEPT: i64 = 10_000;

/// A column whose ids point at rows of a file.
pub(super) struct Reference {
    pub(super) file: RosterFile,
    /// Its name in the file.
    column: &'static str,
    /// Its name in the staging table.
    cell: &'static str,
    /// Whether a cell holds several ids.
    list: bool,
    pub(super) target: RosterFile,
}

impl Reference {
    /// The ids in the cells of a row `r`, as `cell.id`.
    pub(super) fn cells(&self) -> String {
        let cell = self.cell;
        if self.list { format!("cross join unnest(r.{cell}) as cell (id)") } else { format!("cross join lateral (select r.{cell}) as cell (id)") }
    }
}

pub(super) const fn one(file: RosterFile, column: &'static str, cell: &'static str, target: RosterFile) -> Reference {
    Reference { file, column, cell, list: false, target }
}

const fn several(file: RosterFile, column: &'static str, cell: &'static str, target: RosterFile) -> Reference {
    Reference { file, column, cell, list: true, target }
}

/// What points at what.
pub(super) const REFERENCES: &[Reference] = {
    use RosterFile::{AcademicSessions, Categories, Classes, Courses, Demographics, Enrollments, LineItems, Orgs, Results, Roles, Users};
    &[
        one(Orgs, "parentSourcedId", "parent", Orgs),
        one(AcademicSessions, "parentSourcedId", "parent", AcademicSessions),
        one(Courses, "schoolYearSourcedId", "school_year", AcademicSessions),
        one(Courses, "orgSourcedId", "org", Orgs),
        one(Classes, "courseSourcedId", "course", Courses),
        one(Classes, "schoolSourcedId", "school", Orgs),
        several(Classes, "termSourcedIds", "terms", AcademicSessions),
        several(Users, "agentSourcedIds", "agents", Users),
        one(Users, "primaryOrgSourcedId", "primary_org", Orgs),
        one(Roles, "userSourcedId", "person", Users),
        one(Roles, "orgSourcedId", "org", Orgs),
        one(Demographics, "sourcedId", "sourced_id", Users),
        one(Enrollments, "classSourcedId", "class", Classes),
        one(Enrollments, "schoolSourcedId", "school", Orgs),
        one(Enrollments, "userSourcedId", "person", Users),
        one(LineItems, "classSourcedId", "class", Classes),
        one(LineItems, "categorySourcedId", "category", Categories),
        one(LineItems, "academicSessionSourcedId", "session", AcademicSessions),
        one(LineItems, "schoolSourcedId", "school", Orgs),
        one(Results, "lineItemSourcedId", "line_item", LineItems),
        one(Results, "studentSourcedId", "person", Users),
        one(Results, "classSourcedId", "class", Classes),
    ]
};

/// Finds every fault and keeps them with the import. Returns how many there are.
pub(super) async fn validate(work: &Work, parsed: &Parsed) -> Result<i64> {
    let found = find(work, parsed).await?;
    if found > 0 {
        work.run(&format!(
            "insert into roster_faults (district_id, import_id, number, file, row, column_name, code, detail)
             select :district, :import, {LISTED} limit {FAULTS_KEPT}"
        ))
        .await?;
    }
    Ok(found)
}

/// Keeps faults with a load, as they are told.
pub(super) async fn keep(work: &Work, faults: &[RosterFault]) -> Result<()> {
    let kept = faults.get(..faults.len().min(usize::try_from(FAULTS_KEPT).unwrap_or(usize::MAX))).unwrap_or_default();
    let cells = |text: fn(&RosterFault) -> &str| kept.iter().map(text).collect::<Vec<&str>>();
    let (files, codes, details) = (cells(|fault| &fault.file), cells(|fault| &fault.code), cells(|fault| &fault.detail));
    let rows: Vec<i32> = kept.iter().map(|fault| fault.row).collect();
    let columns: Vec<Option<&str>> = kept.iter().map(|fault| fault.column.as_deref()).collect();
    let values: [&(dyn ToSql + Sync); 7] = [&work.values.district, &work.values.import, &files, &rows, &columns, &codes, &details];
    let sql = "insert into roster_faults (district_id, import_id, number, file, row, column_name, code, detail)
               select $1, $2, f.number::int4, f.file, f.line, f.column_name, f.code, f.detail
                 from unnest($3::text[], $4::int4[], $5::text[], $6::text[], $7::text[]) with ordinality
                   as f (file, line, column_name, code, detail, number)";
    work.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
    Ok(())
}

/// Faults in the order in which they are told.
const LISTED: &str = "(row_number() over (order by place, number, line, column_name))::int4, file, line, column_name, code, detail
      from staged_faults order by place, number, line, column_name";

/// The first of the faults that were found.
pub(super) async fn listed(work: &Work, most: i64) -> Result<Vec<RosterFault>> {
    let rows = work.rows(&format!("select {LISTED} limit {most}")).await?;
    let fault = |row: &Row| {
        Ok(RosterFault {
            number: column(row, 0)?,
            file: column(row, 1)?,
            row: column(row, 2)?,
            column: column(row, 3)?,
            code: column(row, 4)?,
            detail: column(row, 5)?,
        })
    };
    rows.iter().map(fault).collect()
}

/// Finds every fault. Returns how many there are.
pub(super) async fn find(work: &Work, parsed: &Parsed) -> Result<i64> {
    stage(work, &parsed.faults).await?;
    // What is counted beyond what is listed.
    let unlisted = parsed.fault_count.saturating_sub(i64::try_from(parsed.faults.len()).unwrap_or(i64::MAX));
    for (place, file) in (1..).zip(RosterFile::ALL) {
        duplicates(work, place, file).await?;
    }
    for reference in REFERENCES.iter().chain(supplement_check::REFERENCES) {
        // A row that was not handed out because of a fault of its own is there all the same: what points at it does not dangle.
        if parsed.is_whole(reference.target) {
            dangling(work, reference).await?;
        }
    }
    schools_of_classes(work).await?;
    if parsed.is_whole(RosterFile::Roles) {
        shared_identifiers(work, "identifier", "local_id").await?;
        shared_identifiers(work, "userIds", "state_id").await?;
    }
    supplement_check::check(work, parsed).await?;
    let found = work.number("select count(*) from staged_faults").await?;
    Ok(found + unlisted)
}

/// Faults that the parser found.
async fn stage(work: &Work, faults: &[Fault]) -> Result<()> {
    let files: Vec<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
    let lines: Vec<i32> = faults.iter().map(|fault| i32::try_from(fault.row).unwrap_or(i32::MAX)).collect();
    let columns: Vec<Option<&str>> = faults.iter().map(|fault| fault.column.as_deref()).collect();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    let details: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
    let values: [&(dyn ToSql + Sync); 5] = [&files, &lines, &columns, &codes, &details];
    let sql = "insert into staged_faults (place, number, file, line, column_name, code, detail)
               select 0, f.number::int4, f.file, f.line, f.column_name, f.code, f.detail
                 from unnest($1::text[], $2::int4[], $3::text[], $4::text[], $5::text[]) with ordinality
                   as f (file, line, column_name, code, detail, number)";
    work.client.execute(sql, &values).await.map_err(|error| failed(&error))?;
    Ok(())
}

async fn duplicates(work: &Work, place: i32, file: RosterFile) -> Result<()> {
    let (name, table) = (file.name(), file.table());
    let sql = format!(
        "insert into staged_faults (place, number, file, line, column_name, code, detail)
         select {place}, 0, '{name}', s.line, 'sourcedId', '{DUPLICATE}', 'The sourcedId is that of line ' || d.first || ' too.'
           from (select sourced_id, min(line) as first from {table} group by sourced_id having count(*) > 1) d
           join {table} s on s.sourced_id = d.sourced_id and s.line > d.first"
    );
    work.run(&sql).await?;
    Ok(())
}

pub(super) fn place_of(file: RosterFile) -> i32 {
    RosterFile::ALL.iter().position(|other| *other == file).and_then(|place| i32::try_from(place + 1).ok()).unwrap_or_default()
}

async fn dangling(work: &Work, reference: &Reference) -> Result<()> {
    let Reference { file, column, target, .. } = reference;
    let ids = reference.cells();
    let sql = format!(
        "insert into staged_faults (place, number, file, line, column_name, code, detail)
         select {place}, 0, '{name}', r.line, '{column}', '{DANGLING_REFERENCE}', 'There is no row of {target_name} with this id.'
           from {table} r {ids}
          where r.line > 0 and cell.id is not null and not exists (select from {target_table} t where t.sourced_id = cell.id)",
        place = place_of(*file),
        name = file.name(),
        table = file.table(),
        target_name = target.name(),
        target_table = target.table(),
    );
    work.run(&sql).await?;
    Ok(())
}

async fn schools_of_classes(work: &Work) -> Result<()> {
    let sql = format!(
        "insert into staged_faults (place, number, file, line, column_name, code, detail)
         select {}, 0, 'classes.csv', c.line, 'schoolSourcedId', '{WRONG_REFERENCE}', 'The id is that of an org that is no school.'
           from staged_classes c join staged_orgs o on o.sourced_id = c.school where o.kind <> 'school' and c.line > 0",
        place_of(RosterFile::Classes)
    );
    work.run(&sql).await?;
    Ok(())
}

/// An identifier names one student: a state that counts students by it would take two for one.
async fn shared_identifiers(work: &Work, column: &str, cell: &str) -> Result<()> {
    let sql = format!(
        "insert into staged_faults (place, number, file, line, column_name, code, detail)
         select {}, 0, 'users.csv', s.line, '{column}', '{DUPLICATE_IDENTIFIER}', 'The student has the identifier of the student on line ' || s.first || '.'
           from (select u.line, min(u.line) over (partition by u.{cell}) as first from staged_users u
                  where u.{cell} is not null and u.sourced_id in (select r.person from staged_roles r where r.role = 'student')
                    and u.{cell} in (select d.{cell} from staged_users d group by d.{cell} having count(*) > 1)) s
          where s.line > s.first",
        place_of(RosterFile::Users)
    );
    work.run(&sql).await?;
    Ok(())
}
