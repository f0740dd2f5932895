//! The ILP file: itself, its divisions and registrations, and who takes part in it.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::SqlTypeOf;
use diesel::sql_types::{Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::activity::Activity;
use openilp_domain::attendance_total::AttendanceTotal;
use openilp_domain::benchmark::Benchmark;
use openilp_domain::goal::Goal;
use openilp_domain::id::{DivisionId, IlpFileId, PersonId, RegistrationId, SchoolId, StudentId};
use openilp_domain::ilp_file::{Division, FileStatus, IlpFile, Participant, Registration};
use openilp_domain::post_school_outcome::PostSchoolOutcome;
use openilp_domain::progress_record::ProgressRecord;
use openilp_domain::proposal::Proposal;
use openilp_domain::recommendation::Recommendation;
use openilp_domain::reflection::Reflection;
use openilp_domain::report_card::ReportCard;
use openilp_domain::student::Student;
use openilp_domain::student_flag::StudentFlag;
use openilp_domain::time::school_year_title;
use openilp_domain::year_outcome::YearOutcome;
use serde_json::Value;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Withheld;
use crate::list_of;
use crate::listed::{self, ListOf, Listed, withheld};
use crate::plan_part::{self, Parts, PartsColumn, PartsRow};
use crate::schema::{divisions, ilp_files, registrations};
use crate::statement;

/// All that a file holds, each record still withheld.
#[derive(Debug)]
pub struct Whole {
    /// The file.
    pub file: Option<Withheld<IlpFile>>,
    /// The student.
    pub student: Option<Withheld<Student>>,
    /// Its divisions, without what is in them.
    pub divisions: Vec<Division>,
    /// The registrations of all divisions.
    pub registrations: Vec<Withheld<Registration>>,
    /// The marks of report cards of all divisions.
    pub report_cards: Vec<Withheld<ReportCard>>,
    /// Who takes part.
    pub participants: Vec<Withheld<Participant>>,
    /// The goals.
    pub goals: Vec<Withheld<Goal>>,
    /// The benchmarks of all goals.
    pub benchmarks: Vec<Withheld<Benchmark>>,
    /// The activities of all goals.
    pub activities: Vec<Withheld<Activity>>,
    /// The records of progress of all goals.
    pub progress_records: Vec<Withheld<ProgressRecord>>,
    /// The recommendations toward all goals.
    pub recommendations: Vec<Withheld<Recommendation>>,
    /// The reflections on all goals.
    pub reflections: Vec<Withheld<Reflection>>,
    /// The parts of the plan that belong to no goal.
    pub parts: Parts,
    /// The proposals.
    pub proposals: Vec<Withheld<Proposal>>,
    /// What the roster states about the student.
    pub stated: StatedFacts,
}

/// What the roster states about a student, each fact still withheld.
#[derive(Debug)]
pub struct StatedFacts {
    /// Support programmes.
    pub student_flags: Vec<Withheld<StudentFlag>>,
    /// Totals of attendance.
    pub attendance_totals: Vec<Withheld<AttendanceTotal>>,
    /// How school years ended.
    pub year_outcomes: Vec<Withheld<YearOutcome>>,
    /// What came after school.
    pub post_school_outcomes: Vec<Withheld<PostSchoolOutcome>>,
}

/// Says which lists a file has besides the parts of the plan: the statement that reads all of them at once, and its row.
macro_rules! lists { ($($list:ident: $noun:ident,)*) => {
    statement! {
        Lists { district: SqlUuid = Uuid, student: SqlUuid = Uuid, at: Timestamptz = DateTime<Utc> } -> ($(ListOf<$noun>,)* PartsColumn) &LISTS
    }

    static LISTS: LazyLock<String> = LazyLock::new(|| format!("select {}", [$($noun::select(),)* plan_part::select()].join(", ")));

    struct Rows { $($list: Vec<<$noun as Listed>::Row>,)* parts: PartsRow }

    async fn rows(tx: &Tx<'_>, student: StudentId) -> Result<Rows> {
        let mut conn = tx.conn;
        let lists = Lists { district: tx.district.0, student: student.0, at: tx.at };
        let ($($list,)* parts) = lists.get_result::<($(Vec<<$noun as Listed>::Row>,)* PartsRow)>(&mut conn).await?;
        Ok(Rows { $($list,)* parts })
    }
} }

lists! {
    file: IlpFile,
    student: Student,
    divisions: Division,
    registrations: Registration,
    report_cards: ReportCard,
    participants: Participant,
    goals: Goal,
    benchmarks: Benchmark,
    activities: Activity,
    progress_records: ProgressRecord,
    recommendations: Recommendation,
    reflections: Reflection,
    proposals: Proposal,
    student_flags: StudentFlag,
    attendance_totals: AttendanceTotal,
    year_outcomes: YearOutcome,
    post_school_outcomes: PostSchoolOutcome,
}

/// Reads all of it, by one statement.
pub async fn whole(tx: &Tx<'_>, student: StudentId) -> Result<Whole> {
    let rows = rows(tx, student).await?;
    Ok(Whole {
        file: withheld(rows.file)?.pop(),
        student: withheld(rows.student)?.pop(),
        divisions: rows.divisions.into_iter().map(Division::of).collect::<Result<_>>()?,
        registrations: withheld(rows.registrations)?,
        report_cards: withheld(rows.report_cards)?,
        participants: withheld(rows.participants)?,
        goals: withheld(rows.goals)?,
        benchmarks: withheld(rows.benchmarks)?,
        activities: withheld(rows.activities)?,
        progress_records: withheld(rows.progress_records)?,
        recommendations: withheld(rows.recommendations)?,
        reflections: withheld(rows.reflections)?,
        parts: plan_part::of(rows.parts)?,
        proposals: withheld(rows.proposals)?,
        stated: StatedFacts {
            student_flags: withheld(rows.student_flags)?,
            attendance_totals: withheld(rows.attendance_totals)?,
            year_outcomes: withheld(rows.year_outcomes)?,
            post_school_outcomes: withheld(rows.post_school_outcomes)?,
        },
    })
}

type FileRow = (IlpFileId, StudentId, Option<SchoolId>, FileStatus, NaiveDate, i32, DateTime<Utc>, DateTime<Utc>);

/// The file of a student.
pub async fn of_student(tx: &Tx<'_>, student: StudentId) -> Result<Option<Withheld<IlpFile>>> {
    Ok(listed::of_student(tx, student).await?.pop())
}

impl Listed for IlpFile {
    type Columns = SqlTypeOf<(
        ilp_files::id,
        ilp_files::student_id,
        ilp_files::school_id,
        ilp_files::status,
        ilp_files::opened_on,
        ilp_files::version,
        ilp_files::created_at,
        ilp_files::updated_at,
    )>;
    type Row = FileRow;
    fn select() -> String {
        list_of!(id student_id school_id status opened_on version created_at updated_at, ilp_files, "")
    }
    fn of((id, student_id, school_id, status, opened_on, version, created_at, updated_at): FileRow) -> Result<Self> {
        Ok(Self { id, student_id, school_id, status, opened_on, version, created_at, updated_at })
    }
}

impl Listed for Division {
    type Columns = SqlTypeOf<(divisions::id, divisions::school_year)>;
    type Row = (DivisionId, i32);
    fn select() -> String {
        list_of!(id school_year, divisions, "order by school_year desc")
    }
    fn of((id, school_year): Self::Row) -> Result<Self> {
        Ok(Self { id, school_year, title: school_year_title(school_year), registrations: vec![], report_cards: vec![] })
    }
}

type RegistrationRow = (
    RegistrationId,
    StudentId,
    DivisionId,
    String,
    NaiveDate,
    NaiveDate,
    String,
    Option<String>,
    serde_json::Value,
    Option<NaiveDate>,
    String,
    String,
    DateTime<Utc>,
    i32,
);

/// The registrations of a student, latest term first.
pub async fn registrations_of(tx: &Tx<'_>, student: StudentId) -> Result<Vec<Withheld<Registration>>> {
    listed::of_student(tx, student).await
}

impl Listed for Registration {
    type Columns = SqlTypeOf<(
        registrations::id,
        registrations::student_id,
        registrations::division_id,
        registrations::term_title,
        registrations::term_starts_on,
        registrations::term_ends_on,
        registrations::class_title,
        registrations::class_code,
        registrations::teachers,
        registrations::withdrawn_on,
        registrations::source,
        registrations::sourced_id,
        registrations::captured_at,
        registrations::version,
    )>;
    type Row = RegistrationRow;
    fn select() -> String {
        list_of!(
            id student_id division_id term_title term_starts_on term_ends_on class_title class_code teachers withdrawn_on source sourced_id
            captured_at version,
            registrations, "order by term_starts_on desc, class_title, id"
        )
    }
    fn of(
        (
            id,
            student_id,
            division_id,
            term_title,
            term_starts_on,
            term_ends_on,
            class_title,
            class_code,
            teachers,
            withdrawn_on,
            source,
            sourced_id,
            captured_at,
            version,
        ): RegistrationRow,
    ) -> Result<Self> {
        // What the roster did not say stands as null in the copy; it is left out of the answer.
        let teachers = serde_json::from_value(teachers).map_err(|e| Error::Internal(format!("teachers of a registration: {e}")))?;
        Ok(Self {
            id,
            student_id,
            division_id,
            term_title,
            term_starts_on,
            term_ends_on,
            class_title,
            class_code,
            teachers,
            withdrawn_on,
            source,
            sourced_id,
            captured_at,
            version,
        })
    }
}

/// Who takes part in the file of a student.
pub async fn participants_of(tx: &Tx<'_>, student: StudentId) -> Result<Vec<Withheld<Participant>>> {
    listed::of_student(tx, student).await
}

/// The student, guardians and assigned staff of today (R40), from the facts that grant access: never a second list.
impl Listed for Participant {
    type Columns = (SqlUuid, SqlUuid, Text, Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Jsonb>, Nullable<Jsonb>, Bool);
    type Row = (PersonId, StudentId, String, String, String, Option<String>, Option<String>, Option<Value>, Option<Value>, bool);
    fn select() -> String {
        "array(
         select row(p.id, $2, r.relation, p.given_name, p.family_name, p.telephone, p.email,
           (select jsonb_agg(jsonb_build_object('kind', a.kind, 'street', a.street, 'unit', a.unit, 'city', a.city, 'state', a.state,
                 'postalCode', a.postal_code, 'country', a.country) order by a.kind, a.id)
              from addresses a where a.district_id = $1 and a.person_id = p.id and a.active
               and coalesce(a.begins_on <= day.today, true) and coalesce(a.ends_on >= day.today, true)),
           (select jsonb_agg(jsonb_build_object('kind', c.kind, 'number', c.number, 'extension', c.extension, 'firstChoice', c.first_choice)
                 order by c.first_choice desc, c.kind, c.id)
              from telephones c where c.district_id = $1 and c.person_id = p.id and c.active
               and coalesce(c.begins_on <= day.today, true) and coalesce(c.ends_on >= day.today, true)),
           r.confirmed)
          from (select ($3 at time zone time_zone)::date as today from districts where id = $1 offset 0) day
         cross join lateral
              (select $2 as person_id, 'self' as relation, true as confirmed, 0 as place
               union all
               select guardian_id, 'guardian', confirmed_at is not null, 1 from guardian_links
                where district_id = $1 and student_id = $2 and rights = 'full' and valid_from <= day.today and (valid_to is null or valid_to > day.today)
               union all
               select person_id, kind, confirmed_at is not null, 2 from assignments
                where district_id = $1 and student_id = $2 and valid_from <= day.today and (valid_to is null or valid_to > day.today)) r
          join people p on p.district_id = $1 and p.id = r.person_id
         order by r.place, p.family_name, p.given_name, p.id)"
            .to_owned()
    }
    fn of((person_id, student_id, relation, given_name, family_name, telephone, email, addresses, telephones, confirmed): Self::Row) -> Result<Self> {
        Ok(Self {
            person_id,
            student_id,
            relation: relation.parse().map_err(Error::Internal)?,
            given_name,
            family_name,
            telephone,
            email,
            addresses: items(addresses)?,
            telephones: items(telephones)?,
            confirmed: Some(confirmed),
        })
    }
}

/// The items of a JSON list; none where there is no list.
fn items<T: serde::de::DeserializeOwned>(list: Option<Value>) -> Result<Vec<T>> {
    list.map_or(Ok(vec![]), |list| serde_json::from_value(list).map_err(|e| Error::Internal(format!("a list of a participant: {e}"))))
}
