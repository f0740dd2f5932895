//! What the database knows about a caller and whom they ask about: the one place where access facts are loaded.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Date, Int4, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use openilp_domain::access::{Ceiling, Context, Fact, Facts};
use openilp_domain::id::{ClientId, DistrictId, GoalId, PersonId, StudentId};
use openilp_domain::kind::Kind;
use openilp_domain::plan_domain::PlanDomain;
use openilp_domain::principal::{ClientKind, Principal};
use openilp_domain::profile::{Profile, Switches};
use openilp_domain::time::local_date;
use std::collections::HashMap;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::front_end::{ApprovalRow, ApprovalSql, ceiling};
use crate::mark::{Marks, marks_of};
use crate::retold::{RetoldAt, retold};
use crate::stated::{RelationRow, RelationSql, Stated, StudentRow, adult_of, preferences_of};
use crate::statement;

/// The district of a request, as its rules stand.
#[derive(Clone, Debug)]
pub struct District {
    /// The id.
    pub id: DistrictId,
    /// Today, in the district's time zone.
    pub today: NaiveDate,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    /// The time zone.
    pub zone: Tz,
    /// The requirement profile it has adopted.
    pub profile: &'static Profile,
    /// Whether it trusts the guardian links of its roster.
    pub guardians_trusted: bool,
}

impl District {
    /// What decisions depend on here, for whoever comes through a front end with these limits.
    pub(crate) fn context(&self, ceiling: Option<Ceiling>) -> Context<'_> {
        Context { today: self.today, now: self.now, ceiling, switches: &self.profile.switches, guardians_trusted: self.guardians_trusted }
    }
}

/// Who calls, once looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A person.
    Person(PersonId),
    /// A machine client.
    Client(ClientId),
}

impl Caller {
    /// The person, if it is one.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Client(_) => None,
        }
    }
    /// The client, if it is one.
    pub fn client(self) -> Option<ClientId> {
        match self {
            Self::Client(id) => Some(id),
            Self::Person(_) => None,
        }
    }
}

/// A record that is asked for: whose it is, in which domain, of which goal.
#[derive(Clone, Copy, Debug)]
pub struct Located {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// The student it is about.
    pub student_id: StudentId,
    /// The domain, for what belongs to a goal.
    pub domain: Option<PlanDomain>,
    /// The goal that it is, or belongs to.
    pub goal: Option<GoalId>,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Its version.
    pub version: i32,
    /// The record whose words it says again, and where it stands for that, if it does.
    pub retold: Option<RetoldAt>,
}

impl Located {
    /// Whether it is one of the records of progress, or says one again.
    pub(crate) fn is_progress(&self) -> bool {
        self.kind == Kind::ProgressRecord || self.retold.is_some_and(|at| at.is_progress())
    }
}

/// The district, the person behind a login, the record asked for with its student, and how the person stands to the student: one row for
/// each relation, or one without; none if there is no such district. Where no record of a student is asked for, the relations are
/// the person's offices.
#[derive(Clone, Debug)]
struct Standing {
    kind: Kind,
    district: Uuid,
    issuer: String,
    subject: String,
    id: Uuid,
    client_id: Option<String>,
}

/// Where a record stands that is about a student and has an address of its own: whose it is, in which domain, and who wrote it. One line a
/// kind. The table stands in the text of the statement: a view of all of them would be walked through at every call.
pub(crate) fn record_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Student => "id, id as student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from students",
        Kind::IlpFile => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from ilp_files",
        Kind::Plan => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from plans",
        Kind::Goal => "id, student_id, domain, id as goal_id, created_by, version from goals",
        Kind::Benchmark => "id, student_id, domain, goal_id, created_by, version from benchmarks",
        Kind::Activity => "id, student_id, domain, goal_id, created_by, version from activities",
        Kind::ProgressRecord => "id, student_id, domain, goal_id, created_by, version from progress_records",
        Kind::Recommendation => "id, student_id, domain, goal_id, created_by, version from recommendations",
        Kind::Reflection => "id, student_id, domain, goal_id, created_by, version from reflections",
        Kind::ReportCard => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from report_cards",
        Kind::Registration => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from registrations",
        Kind::InspectionRequest => {
            "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from inspection_requests"
        }
        Kind::AmendmentRequest => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from amendment_requests",
        Kind::Redaction => "id, student_id, null as domain, null::uuid as goal_id, created_by, version from redactions",
        Kind::StudentFlag => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from student_flags",
        Kind::AttendanceTotal => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from attendance_totals",
        Kind::YearOutcome => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from year_outcomes",
        Kind::PostSchoolOutcome => {
            "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from post_school_outcomes"
        }
        Kind::Proposal => "id, student_id, domain, goal_id, created_by, version from proposals",
        Kind::GuardianLink => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from guardian_links",
        Kind::Consent => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from consents",
        Kind::Assignment => "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from assignments",
        Kind::EmergencyAccess => "id, student_id, null as domain, null::uuid as goal_id, person_id as created_by, version from emergency_accesses",
        Kind::Notice => "id, student_id, null as domain, null::uuid as goal_id, person_id as created_by, version from notices",
        Kind::PrivacyPreference => {
            "id, student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, version from privacy_preferences"
        }
        _ => return crate::plan_part::located(kind),
    })
}

// `offset 0` keeps the view from being joined: inside, student and person are given, and reach every branch as an index condition.
/// The statement that finds where a caller stands towards a record. $1 is the district, $2 the issuer and $3 the subject of the login, $4 the id of
/// the record, $5 what the issuer calls the application. Public for the benchmark, which has pgbench run the same.
pub fn standing_sql(kind: Kind) -> String {
    let mut sql = format!(
        "select d.time_zone, d.requirement_profile, d.guardians_trusted, p.id, p.active,
                r.student_id, r.domain, r.goal_id, r.created_by, r.version, {}, s.grade, s.birth_date, s.adult, s.active, s.preferences, coalesce(s.consented, false), s.marks,
                f.sections, f.may_write, f.for_offices, f.valid_from, f.valid_to,
                x.relation, x.rights, coalesce(x.confirmed, false), x.valid_from, x.valid_to, x.until, x.sections, x.goal_id, x.program,
                x.student_signed_on, x.guardian_signed, x.objection, x.dependent_until
           from districts d
           left join people p on p.district_id = $1
            and p.id = (select person_id from identity_links where district_id = $1 and issuer = $2 and subject = $3)
           left join front_ends f on f.district_id = $1 and f.issuer = $2 and f.client_id = $5",
        retold(kind)
    );
    if let Some(record) = record_of(kind) {
        sql.push_str(" left join (select district_id, ");
        sql.push_str(record);
        sql.push_str(
            ") r on r.district_id = $1 and r.id = $4
           left join lateral (select *, ",
        );
        sql.push_str(concat!(adult_of!("r.student_id"), " as adult, ", preferences_of!("r.student_id"), " as preferences, "));
        sql.push_str(concat!(marks_of!("r.student_id"), " as marks, "));
        sql.push_str(
            "exists (select from consents where district_id = $1 and student_id = r.student_id and revoked_at is null) as consented
                                from students where district_id = $1 and id = r.student_id) s on true
           left join lateral (select * from student_relations
                               where district_id = $1 and student_id = r.student_id and person_id = p.id and not by_consent offset 0) x on true",
        );
    } else {
        sql.push_str(
            " cross join (select null::uuid as student_id, null as domain, null::uuid as goal_id, null::uuid as created_by, null::integer as version where $4 is not null) r
              cross join (select null as grade, null::date as birth_date, null::text[] as adult,
                                 null::boolean as active, null::text[] as preferences, false as consented, null::jsonb as marks) s
              left join (select district_id, person_id, kind as relation, null as rights, true as confirmed, valid_from, valid_to,
                                null::timestamptz as until, null::text[] as sections, null::uuid as goal_id, null as program,
                                null::date as student_signed_on, null::boolean as guardian_signed, null::boolean as objection, null::date as dependent_until
                           from appointments) x on x.district_id = $1 and x.person_id = p.id",
        );
    }
    sql.push_str(" where d.id = $1");
    sql
}

impl QueryFragment<Pg> for Standing {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&standing_sql(self.kind));
        out.push_bind_param_value_only::<SqlUuid, _>(&self.district)?;
        out.push_bind_param_value_only::<Text, _>(&self.issuer)?;
        out.push_bind_param_value_only::<Text, _>(&self.subject)?;
        out.push_bind_param_value_only::<SqlUuid, _>(&self.id)?;
        out.push_bind_param_value_only::<Nullable<Text>, _>(&self.client_id)
    }
}

impl QueryId for Standing {
    type QueryId = ();
    // Found by its text, which differs from kind to kind.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Standing {
    type SqlType = (
        (Text, Text, Bool),
        (Nullable<SqlUuid>, Nullable<Bool>),
        (Nullable<SqlUuid>, Nullable<Text>, Nullable<SqlUuid>, Nullable<SqlUuid>, Nullable<Int4>, Nullable<Jsonb>),
        (Nullable<Text>, Nullable<Date>, Nullable<Array<Text>>, Nullable<Bool>, Nullable<Array<Text>>),
        (Bool, Nullable<Jsonb>),
        ApprovalSql,
        RelationSql<Nullable<Text>>,
    );
}

impl diesel::RunQueryDsl<AsyncPgConnection> for Standing {}

/// A row of [`Standing`]: the district, the person, the record, its student, a relation.
type StandingRow = (
    (String, String, bool),
    (Option<Uuid>, Option<bool>),
    (Option<Uuid>, Option<String>, Option<Uuid>, Option<Uuid>, Option<i32>, Option<serde_json::Value>),
    StudentRow,
    (bool, Option<serde_json::Value>),
    ApprovalRow,
    RelationRow<Option<String>>,
);

statement! {
    /// What a person has by consents about a student.
    Consented { district: SqlUuid = Uuid, student: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (SqlUuid, RelationSql)
    "select student_id, relation, rights, confirmed, valid_from, valid_to, until, sections, goal_id, program,
            student_signed_on, guardian_signed, objection, dependent_until
       from student_relations
      where district_id = $1 and student_id = $2 and person_id = $3 and by_consent"
}

statement! {
    /// The person's relations to several students.
    RelationsToStudents { district: SqlUuid = Uuid, person: SqlUuid = Uuid, students: Array<SqlUuid> = Vec<Uuid> }
    -> (SqlUuid, RelationSql)
    "select student_id, relation, rights, confirmed, valid_from, valid_to, until, sections, goal_id, program,
            student_signed_on, guardian_signed, objection, dependent_until
       from student_relations
      where district_id = $1 and person_id = $2 and student_id = any($3)
        -- An emergency is about one student: nothing is searched, listed or followed by it.
        and relation <> 'emergency'"
}

statement! {
    /// What decisions need to know of several students.
    StudentRows { district: SqlUuid = Uuid, students: Array<SqlUuid> = Vec<Uuid> }
    -> (SqlUuid, Nullable<Text>, Nullable<Date>, Nullable<Array<Text>>, Nullable<Bool>, Nullable<Array<Text>>, Nullable<Jsonb>)
    concat!(
        "select id, grade, birth_date, ", adult_of!("students.id"), ", active, ", preferences_of!("students.id"), ", ", marks_of!("students.id"),
        " from students where district_id = $1 and id = any($2)"
    )
}

/// The answer to [`Standing`], before any decision.
pub(crate) struct Known {
    pub(crate) district: District,
    pub(crate) caller: Caller,
    pub(crate) located: Option<Located>,
    pub(crate) facts: Option<Facts>,
    /// What goes with the student's records.
    pub(crate) marks: Marks,
    /// What the caller may do at most through the application that they use.
    pub(crate) ceiling: Option<Ceiling>,
    /// The offices of the person, where no record of a student is asked for.
    pub(crate) offices: Vec<Fact>,
}

/// Which record a request is about. The district itself is the target of what concerns no single student.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
}

impl Target {
    /// The district: no student.
    pub fn district(id: DistrictId) -> Self {
        Self { kind: Kind::District, id: id.0 }
    }
}

/// Asks nothing and opens nothing: the profile of the deployment, which has no students.
static NO_PROFILE: Profile = Profile {
    id: String::new(),
    title: String::new(),
    version: 0,
    start_grade: u8::MAX,
    switches: Switches { roster_teachers: false, participants_read_contacts: false },
    adult_bases: Vec::new(),
    inspection_days: 0,
    minimum_program: Vec::new(),
    citations: Vec::new(),
};

fn deployment(at: DateTime<Utc>) -> District {
    District { id: DistrictId::DEPLOYMENT, today: at.date_naive(), now: at, zone: Tz::UTC, profile: &NO_PROFILE, guardians_trusted: false }
}

/// The rules of a district alone.
pub(crate) async fn district(mut conn: &AsyncPgConnection, id: DistrictId, at: DateTime<Utc>) -> Result<District> {
    use crate::schema::districts::dsl;
    use diesel::{OptionalExtension, QueryDsl};
    if id.is_deployment() {
        return Ok(deployment(at));
    }
    let rules = dsl::districts.find(id).select((dsl::time_zone, dsl::requirement_profile, dsl::guardians_trusted));
    let row = rules.first::<(String, String, bool)>(&mut conn).await.optional()?;
    let (zone, profile, guardians_trusted) = row.ok_or(Error::NotFound)?;
    district_of(id, &zone, &profile, guardians_trusted, at)
}

/// An operator who works in the deployment itself.
async fn load_operator(conn: &AsyncPgConnection, principal: &Principal, at: DateTime<Utc>) -> Result<Known> {
    let Principal::Machine { client_id, kind: kind @ ClientKind::Operator, district_id } = principal else { return Err(Error::NotFound) };
    if !crate::identity::client_active(conn, *client_id, *kind, *district_id).await? {
        return Err(Error::Unknown);
    }
    Ok(Known {
        district: deployment(at),
        caller: Caller::Client(*client_id),
        located: None,
        facts: None,
        marks: Marks::default(),
        ceiling: None,
        offices: vec![],
    })
}

/// Loads what is known, in one flight with whatever the caller of this function joins to it.
pub(crate) async fn load(conn: &AsyncPgConnection, principal: &Principal, district: DistrictId, target: Target, at: DateTime<Utc>) -> Result<Known> {
    if district.is_deployment() {
        return load_operator(conn, principal, at).await;
    }
    let (issuer, subject, client_id, machine) = match principal {
        Principal::Person { issuer, subject, through, .. } => (issuer.clone(), subject.clone(), through.client_id().map(str::to_owned), None),
        Principal::Machine { client_id, kind, district_id } => (String::new(), String::new(), None, Some((*client_id, *kind, *district_id))),
    };
    let who = Standing { kind: target.kind, district: district.0, issuer, subject, id: target.id, client_id };
    let (mut one, two) = (conn, conn);
    let (rows, client_active) = tokio::try_join!(biased;
        async { who.load::<StandingRow>(&mut one).await.map_err(Error::from) },
        async { match machine { Some((id, kind, home)) => Ok(crate::identity::client_active(two, id, kind, home).await?), None => Ok(true) } },
    )?;
    let mut stated = Stated::default();
    let mut first = None;
    for (rules, person, record, student, (consented, marks), approval, (relation, rest)) in rows {
        if let Some(relation) = relation {
            stated.add(relation, rest)?;
        }
        first = first.or(Some((rules, person, record, student, consented, marks, approval)));
    }
    let Some((
        (zone, profile, trusted),
        (person, person_active),
        (student, domain, goal, author, version, retold),
        student_row,
        consented,
        marks,
        approval,
    )) = first
    else {
        return Err(Error::NotFound);
    };
    let district = district_of(district, &zone, &profile, trusted, at)?;
    let ceiling = match principal {
        Principal::Person { through, .. } => ceiling(through, approval, district.today)?,
        Principal::Machine { .. } => None,
    };
    let caller = match (machine, person, person_active) {
        (Some((client, ..)), ..) if client_active => Caller::Client(client),
        (None, Some(person), Some(true)) => Caller::Person(person.into()),
        (None, None, _) => return Err(Error::NotLinked),
        _ => return Err(Error::Unknown),
    };
    // Few files are opened to anybody by consent: who has none pays nothing for it.
    if let (true, Some(student), Some(person)) = (consented, student, caller.person()) {
        let by_consent = Consented { district: district.id.0, student, person: person.0 };
        for row in by_consent.load::<(Uuid, RelationRow)>(&mut one).await? {
            stated.row(row.1)?;
        }
    }
    let located = match (student, version) {
        (Some(student), Some(version)) => Some(Located {
            kind: target.kind,
            id: target.id,
            student_id: student.into(),
            domain: domain.as_deref().map(parse).transpose()?,
            goal: goal.map(GoalId),
            author: author.map(PersonId::from),
            version,
            retold: RetoldAt::of(retold)?,
        }),
        _ => None,
    };
    let (facts, offices) = match (student, student_row.3) {
        (Some(student), Some(_)) => (Some(stated.about(student, student_row)?), vec![]),
        _ => (None, stated.relations),
    };
    Ok(Known { district, caller, located, facts, marks: Marks::of(marks)?, ceiling, offices })
}

statement! {
    /// The person behind a login, and whether they are active.
    Behind { district: SqlUuid = Uuid, issuer: Text = String, subject: Text = String } -> (SqlUuid, Bool)
    "select p.id, p.active from identity_links l join people p on p.district_id = l.district_id and p.id = l.person_id
      where l.district_id = $1 and l.issuer = $2 and l.subject = $3"
}

/// The person behind a login, if it is anybody's. Whoever is not active is not known here.
pub(crate) async fn behind(mut conn: &AsyncPgConnection, district: DistrictId, issuer: &str, subject: &str) -> Result<Option<PersonId>> {
    use diesel::OptionalExtension;
    let who = Behind { district: district.0, issuer: issuer.to_owned(), subject: subject.to_owned() };
    match who.get_result::<(Uuid, bool)>(&mut conn).await.optional()? {
        Some((_, false)) => Err(Error::Unknown),
        found => Ok(found.map(|(person, _)| person.into())),
    }
}

/// The facts of one person about several students, and what goes with their records. A student that is not there is not in the answer.
pub(crate) async fn of_students(
    conn: &AsyncPgConnection,
    district: DistrictId,
    person: PersonId,
    students: Vec<StudentId>,
) -> Result<HashMap<StudentId, (Facts, Marks)>> {
    let ids: Vec<Uuid> = students.into_iter().map(Uuid::from).collect();
    let about = StudentRows { district: district.0, students: ids.clone() };
    let related = RelationsToStudents { district: district.0, person: person.0, students: ids };
    let (mut one, mut two) = (conn, conn);
    type Row = (Uuid, Option<String>, Option<NaiveDate>, Option<Vec<String>>, Option<bool>, Option<Vec<String>>, Option<serde_json::Value>);
    let (students, relations) = tokio::try_join!(biased; about.load::<Row>(&mut one), related.load::<(Uuid, RelationRow)>(&mut two))?;
    let mut stated: HashMap<Uuid, Stated> = HashMap::new();
    for (student, (relation, rest)) in relations {
        stated.entry(student).or_default().add(relation, rest)?;
    }
    let about = |(id, grade, birth_date, adult, active, preferences, marks): Row| {
        let row = (grade, birth_date, adult, active, preferences);
        let facts = stated.remove(&id).unwrap_or_default().about(id, row)?;
        Ok((StudentId(id), (facts, Marks::of(marks)?)))
    };
    students.into_iter().map(about).collect()
}

/// The district row as rules.
pub(crate) fn district_of(id: DistrictId, zone: &str, profile: &str, guardians_trusted: bool, at: DateTime<Utc>) -> Result<District> {
    let zone: Tz = zone.parse().map_err(|_| Error::Internal(format!("district {id} has an unknown time zone")))?;
    let profile = Profile::find(profile).ok_or_else(|| Error::Internal(format!("district {id} has an unknown requirement profile")))?;
    Ok(District { id, today: local_date(at, zone), now: at, zone, profile, guardians_trusted })
}

pub(crate) fn parse<T: std::str::FromStr>(word: &str) -> Result<T> {
    word.parse().map_err(|_| Error::Internal(format!("a word that this version does not know: {}", std::any::type_name::<T>())))
}
