//! The supplement: facts that OneRoster lacks. Each file is staged, completed, compared and applied as the others are; the statements follow
//! from what is declared here. `docs/roster-supplement.md` says what the files hold.

use chrono::NaiveDate;
use openilp_domain::access::Section;
use openilp_domain::kind::Kind;
use uuid::Uuid;

use super::binary::Binary;
use super::entity::Entity;
use super::staged::RosterFile;
use super::work::Work;
use crate::error::Result;

/// What a cell of a staging table may hold, and how COPY has it.
trait Cell {
    fn put(&self, to: &mut Binary);
}

/// The same, by the type alone.
trait SqlType {
    const SQL: &'static str;
}

macro_rules! cells { ($($(#[$doc:meta])* $type:ty = $sql:literal: |$value:ident, $to:ident| $put:expr;)*) => { $(
    impl Cell for $type {
        fn put(&self, $to: &mut Binary) {
            let $value = self;
            $put;
        }
    }
    impl SqlType for $type {
        const SQL: &'static str = $sql;
    }
)* } }

cells! {
    &str = "text": |value, to| to.text(value);
    Option<&str> = "text": |value, to| to.maybe(*value);
    &[String] = "text[]": |value, to| to.texts(&value.iter().map(String::as_str).collect::<Vec<_>>());
    bool = "boolean": |value, to| to.bool(*value);
    i32 = "int4": |value, to| to.int(*value);
    Option<i32> = "int4": |value, to| match value { Some(number) => to.int(*number), None => to.null() };
    f64 = "float8": |value, to| to.float(*value);
    Option<f64> = "float8": |value, to| match value { Some(number) => to.float(*number), None => to.null() };
    NaiveDate = "date": |value, to| to.date(Some(*value));
    Option<NaiveDate> = "date": |value, to| to.date(*value);
}

/// Declares facts of one row each. A row is of a person, by the id of `users.csv`, and may name other rows; what it says stands in cells, which are
/// columns of the staging table and of the table alike. `through` are columns that come of the rows named, by `joins`; `names` are those rows,
/// each with what it is called when it is completed from what is known, by `known`.
macro_rules! facts { ($lifetime:lifetime; $(
    $(#[$doc:meta])*
    $kind:ident as $entity:ident: $file:ident staged in $staged:literal, $table:literal of $whom:literal in $section:ident,
    about $about:literal or $about_ended:literal,
    through { $($column:literal = $value:literal),* } joins $joins:literal,
    names { $($name:ident = $called:literal),* } known $known:literal,
    cells { $($cell:ident: $type:ty),* $(,)? };
)*) => {
    /// A row of the supplement. References are sourcedIds.
    #[allow(missing_docs)]
    pub enum Stated<$lifetime> { $(
        $(#[$doc])*
        $kind { line: u32, sourced_id: &$lifetime str, person: &$lifetime str, $($name: &$lifetime str,)* $($cell: $type,)* },
    )* }

    impl<$lifetime> Stated<$lifetime> {
        /// The file that it stands in.
        pub(super) fn file(&self) -> RosterFile {
            match self { $(Self::$kind { .. } => RosterFile::$file),* }
        }

        /// The cells, in the order of the columns of the staging table.
        pub(super) fn encode(&self, to: &mut Binary, id: impl FnOnce() -> Uuid) {
            match self { $(
                Self::$kind { line, sourced_id, person, $($name,)* $($cell,)* } => {
                    let cells: &[&dyn Cell] = &[sourced_id, person, $($name,)* $($cell,)*];
                    to.row(i16::try_from(cells.len() + 2).unwrap_or_default()).int(*line);
                    cells.iter().for_each(|cell| cell.put(to));
                    to.uuid(id());
                }
            )* }
        }

        /// The staging tables.
        pub(super) fn tables() -> String {
            let mut sql = String::new();
            $(
                sql.push_str(concat!("create temp table ", $staged, " (line int4, sourced_id text, person text"));
                $(sql.push_str(concat!(", ", stringify!($name), " text"));)*
                $(sql.push_str(concat!(", ", stringify!($cell), " ")); sql.push_str(<$type as SqlType>::SQL);)*
                sql.push_str(", new_id uuid) on commit drop;");
            )*
            sql
        }
    }

    $(
        $(#[$doc])*
        pub(super) const $entity: Entity = Entity {
            table: $table,
            kind: Kind::$kind,
            section: Some(Section::$section),
            columns: &[$whom, $($column,)* $(stringify!($cell),)* "active", "source", "sourced_id"],
            once: None,
            differences: concat!(
                "select coalesce(t.id, s.new_id), t.id is null, coalesce(t.version, 0) + 1, ", $about, ", s.sourced_id, k.id",
                $(", ", $value,)* $(", s.", stringify!($cell),)* ", true, :source, s.sourced_id from ", $staged,
                " s join known_people k on k.sourced_id = s.person ", $joins, " left join ", $table,
                " t on t.district_id = :district and t.source = :source and t.sourced_id = s.sourced_id
                 where t.id is null or (t.", $whom, $(", t.", $column,)* $(", t.", stringify!($cell),)* ", t.active)
                    is distinct from (k.id", $(", ", $value,)* $(", s.", stringify!($cell),)* ", true)",
            ),
            ends: Some(concat!(
                "select t.id, false, t.version + 1, ", $about_ended, ", t.sourced_id, t.", $whom,
                $(", t.", $column,)* $(", t.", stringify!($cell),)* ", false, t.source, t.sourced_id from ", $table,
                " t where t.district_id = :district and t.source = :source and t.active
                   and not exists (select from ", $staged, " s where s.sourced_id = t.sourced_id)",
            )),
        };
    )*

    /// Where the rows of a file are known.
    pub(super) fn known(file: RosterFile) -> Option<&'static str> {
        Some(match file {
            $(RosterFile::$file => concat!(
                "insert into ", $staged, " (line, sourced_id, person", $(", ", stringify!($name),)* $(", ", stringify!($cell),)* ")
                 select 0, t.sourced_id, n.value", $(", ", $called,)* $(", t.", stringify!($cell),)* " from ", $table,
                " t join named_targets n on n.kind = 'person' and n.id = t.", $whom, " ", $known,
                " where t.district_id = :district and t.source = :source and t.active and not taken(t.sourced_id)",
            ),)*
            RosterFile::UserFlags => {
                "insert into staged_user_flags (line, sourced_id, person, flag, begins_on, ends_on)
                 select 0, t.sourced_id, n.value, t.flag, t.begins_on, t.ends_on
                   from student_flags t join named_targets n on n.kind = 'person' and n.id = t.student_id and t.sourced_id like 'sds:%'
                  where t.district_id = :district and t.source = :source and t.active and not taken(t.sourced_id)"
            }
            RosterFile::Relationships => {
                "insert into staged_relationships (line, sourced_id, person, guardian, relationship, rights)
                 select 0, t.sourced_id, n.value, g.value, t.relationship, t.rights
                   from guardian_claims t join named_targets n on n.kind = 'person' and n.id = t.student_id and t.sourced_id like 'sds:%'
                   join named_targets g on g.kind = 'person' and g.id = t.guardian_id
                  where t.district_id = :district and t.source = :source and t.active and not taken(t.sourced_id)"
            }
            _ => return None,
        })
    }

    /// A completed row of somebody whom the bundle has ended ends too.
    pub(super) const ORPHANS: &[&str] = &[
        $(concat!("delete from ", $staged, " r where r.line = 0 and not exists (select from staged_users u where u.sourced_id = r.person)"),)*
        "delete from staged_user_flags r where r.line = 0 and not exists (select from staged_users u where u.sourced_id = r.person)",
        "delete from staged_assignments r where r.line = 0 and not exists (select from staged_users u where u.sourced_id = r.staff)",
        "delete from staged_guardians r where r.line = 0 and not exists (select from staged_users u where u.sourced_id = r.guardian)",
        "delete from staged_relationships r where r.line = 0 and not (
           exists (select from staged_users u where u.sourced_id = r.person) and exists (select from staged_users u where u.sourced_id = r.guardian))",
    ];

    /// What is said of people who are near is in view; of teachers, what is said of them as staff.
    pub(super) const VIEW: &[&str] = &[
        $(concat!(
            "insert into in_view
             select '", $staged, "', t.sourced_id from (select distinct id from near_ids where kind = 'person' or (kind = 'teacher' and '", $whom, "' = 'person_id')) n
               join ", $table, " t on t.district_id = :district and t.", $whom, " = n.id where t.source = :source and t.active",
        ),)*
        "insert into in_view select 'staged_relationships', sourced_id from in_view where place = 'staged_guardians' and sourced_id like 'sds:%'",
        "insert into in_view select 'staged_user_flags', sourced_id from in_view where place = 'staged_flags' and sourced_id like 'sds:%'",
        "analyze in_view",
    ];

    /// Where the id of a file's records is known, as `k.id`, beside the staged row `s`.
    pub(super) fn identity(file: RosterFile) -> Option<&'static str> {
        match file {
            $(RosterFile::$file => Some(concat!(
                "left join ", $table, " k on k.district_id = :district and k.source = :source and k.sourced_id = s.sourced_id",
            )),)*
            _ => None,
        }
    }

    /// The kind of record that the rows of a file become.
    pub(super) fn becomes(file: RosterFile) -> Option<Kind> {
        match file {
            $(RosterFile::$file => Some(Kind::$kind),)*
            RosterFile::UserFlags => Some(Kind::StudentFlag),
            RosterFile::Relationships => Some(Kind::GuardianClaim),
            _ => None,
        }
    }
} }

facts! { 'a;
    /// Where somebody lives or takes mail.
    Address as ADDRESSES: Addresses staged in "staged_addresses", "addresses" of "person_id" in Contacts,
    about "case when k.student then k.id end"
       or "(select s.id from students s where s.district_id = :district and s.id = t.person_id)",
    through {} joins "",
    names {} known "",
    cells {
        kind: &'a str,
        street: &'a str,
        unit: Option<&'a str>,
        city: &'a str,
        state: Option<&'a str>,
        postal_code: &'a str,
        country: Option<&'a str>,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    };
    /// Where somebody can be rung.
    Telephone as TELEPHONES: Telephones staged in "staged_telephones", "telephones" of "person_id" in Contacts,
    about "case when k.student then k.id end"
       or "(select s.id from students s where s.district_id = :district and s.id = t.person_id)",
    through {} joins "",
    names {} known "",
    cells {
        kind: &'a str,
        number: &'a str,
        extension: Option<&'a str>,
        first_choice: bool,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    };
    /// What a source says of a guardian. It grants nothing: the link does.
    GuardianClaim as GUARDIAN_CLAIMS: Guardians staged in "staged_guardians", "guardian_claims" of "student_id" in Privacy,
    about "k.id" or "t.student_id",
    through { "guardian_id" = "g.id" } joins "join known_people g on g.sourced_id = s.guardian",
    names { guardian = "g.value" } known "and t.sourced_id not like 'sds:%' join named_targets g on g.kind = 'person' and g.id = t.guardian_id",
    cells {
        relationship: &'a str,
        rights: &'a str,
        evidence: Option<&'a str>,
        evidence_reference: Option<&'a str>,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    };
    /// What a source says of staff and a student. It grants nothing: the assignment does.
    AssignmentClaim as ASSIGNMENT_CLAIMS: Assignments staged in "staged_assignments", "assignment_claims" of "student_id" in Status,
    about "k.id" or "t.student_id",
    through { "person_id" = "p.id" } joins "join known_people p on p.sourced_id = s.staff",
    names { staff = "p.value" } known "join named_targets p on p.kind = 'person' and p.id = t.person_id",
    cells { kind: &'a str, begins_on: Option<NaiveDate>, ends_on: Option<NaiveDate> };
    /// Whom a source says that a member of staff looks after, by school, grade and name.
    CaseloadClaim as CASELOAD_CLAIMS: Caseloads staged in "staged_caseloads", "caseload_claims" of "person_id" in Status,
    about "null::uuid" or "null::uuid",
    through { "school_id" = "o.school_id" } joins "join known_orgs o on o.sourced_id = s.school",
    names { school = "o.value" } known "join named_targets o on o.kind = 'school' and o.id = t.school_id",
    cells {
        grades: &'a [String],
        family_name_from: Option<&'a str>,
        family_name_to: Option<&'a str>,
        begins_on: Option<NaiveDate>,
        ends_on: Option<NaiveDate>,
    };
    /// That a student is in a support programme.
    StudentFlag as STUDENT_FLAGS: Flags staged in "staged_flags", "student_flags" of "student_id" in Transition,
    about "k.id" or "t.student_id",
    through {} joins "",
    names {} known "and t.sourced_id not like 'sds:%'",
    cells { flag: &'a str, begins_on: Option<NaiveDate>, ends_on: Option<NaiveDate> };
    /// What a state calls somebody.
    StateIdentifier as STATE_IDENTIFIERS: StateIds staged in "staged_state_ids", "state_identifiers" of "person_id" in Identity,
    about "case when k.student then k.id end"
       or "(select s.id from students s where s.district_id = :district and s.id = t.person_id)",
    through {} joins "",
    names {} known "",
    cells { kind: &'a str, state: &'a str, identifier: &'a str };
    /// Totals of a student's attendance in a session.
    AttendanceTotal as ATTENDANCE_TOTALS: Attendance staged in "staged_attendance", "attendance_totals" of "student_id" in SchoolRecords,
    about "k.id" or "t.student_id",
    through { "school_id" = "o.school_id", "academic_session_id" = "a.id", "session_title" = "x.title", "school_year" = "x.school_year" }
    joins "join known_orgs o on o.sourced_id = s.school join known_sessions a on a.sourced_id = s.session
           join staged_sessions x on x.sourced_id = s.session",
    names { school = "o.value", session = "a.value" }
    known "join named_targets o on o.kind = 'school' and o.id = t.school_id
           join named_targets a on a.kind = 'academicSession' and a.id = t.academic_session_id",
    cells { days_enrolled: f64, days_absent: f64, days_absent_unexcused: Option<f64>, times_tardy: Option<i32> };
    /// How a school year ended for a student.
    YearOutcome as YEAR_OUTCOMES: Outcomes staged in "staged_outcomes", "year_outcomes" of "student_id" in SchoolRecords,
    about "k.id" or "t.student_id",
    through { "school_id" = "o.school_id" } joins "join known_orgs o on o.sourced_id = s.school",
    names { school = "o.value" } known "join named_targets o on o.kind = 'school' and o.id = t.school_id",
    cells { school_year: i32, outcome: &'a str, outcome_on: Option<NaiveDate>, diploma_type: Option<&'a str> };
    /// What a student does after school.
    PostSchoolOutcome as POST_SCHOOL_OUTCOMES: PostSchoolOutcomes
    staged in "staged_post_school_outcomes", "post_school_outcomes" of "student_id" in Postsecondary,
    about "k.id" or "t.student_id",
    through {} joins "",
    names {} known "",
    cells { kind: &'a str, name: Option<&'a str>, as_of: NaiveDate };
}

/// The staging tables of files whose rows are merged into those of others.
const ASIDE: &str = "create temp table staged_user_flags (like staged_flags) on commit drop;
    create temp table staged_relationships (like staged_guardians) on commit drop;";

/// The staging tables.
pub(super) fn tables() -> String {
    Stated::tables() + ASIDE
}

/// Rows of School Data Sync have no sourcedId, so that one is made of what they say. Said twice, it is said once.
const TIDY: &[&str] = &[
    "delete from staged_user_flags s using staged_user_flags first where first.sourced_id = s.sourced_id and first.line < s.line",
    "delete from staged_relationships s using staged_relationships first where first.sourced_id = s.sourced_id and first.line < s.line",
];

/// Puts what was read in order, before it is held against anything.
pub(super) async fn tidy(work: &Work) -> Result<()> {
    each(work, TIDY).await
}

/// What School Data Sync says joins what the supplement says.
const MERGE: &[&str] = &[
    "insert into staged_flags (line, sourced_id, person, flag, begins_on, ends_on, new_id)
     select 0, s.sourced_id, s.person, s.flag, s.begins_on, s.ends_on, s.new_id from staged_user_flags s",
    "insert into staged_guardians (line, sourced_id, person, guardian, relationship, rights, new_id)
     select 0, s.sourced_id, s.person, s.guardian, s.relationship, s.rights, s.new_id from staged_relationships s",
];

/// Merges the files that say the same, once they are found sound.
pub(super) async fn merge(work: &Work) -> Result<()> {
    each(work, MERGE).await
}

async fn each(work: &Work, statements: &[&str]) -> Result<()> {
    for statement in statements {
        work.run(statement).await?;
    }
    Ok(())
}

/// Of the differences of a kind, those that come of a file.
pub(super) fn of_file(file: RosterFile) -> &'static str {
    match file {
        RosterFile::Flags | RosterFile::Guardians => "named not like 'sds:%'",
        RosterFile::UserFlags | RosterFile::Relationships => "named like 'sds:%'",
        _ => "true",
    }
}
