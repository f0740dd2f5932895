//! Notices: made by the service ahead of the day on which the rights pass, and where an emergency is declared; read and acknowledged by who is told.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use diesel::sql_types::{Array, Date, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Audience, Facts, RightsBasis, RightsHolder, Section, addressed_as, next_holder, rights_basis};
use openilp_domain::amendment_request::{AmendmentRequest, AmendmentStatus};
use openilp_domain::emergency_access::EmergencyAccess;
use openilp_domain::field::Answered;
use openilp_domain::id::{AmendmentRequestId, AnnualNoticeId, EmergencyAccessId, InspectionRequestId, NoticeId, PersonId, StudentId};
use openilp_domain::inspection_request::InspectionRequest;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::notice::{LEAD_DAYS, Notice, NoticeKind, WORDS_VERSION, Words, due_lead};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::time::local_date;
use uuid::Uuid;

use crate::annual_notice;
use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{self, District, Target};
use crate::grant::{Grant, Granted, Withheld};
use crate::idempotency::Key;
use crate::journal::Change;
use crate::request::{Reply, Request};
use crate::schema::notices::dsl;
use crate::stated::{RelationRow, RelationSql, Stated};
use crate::statement;

/// How long after the start, so that a service that is started often looks too.
const FIRST: Duration = Duration::from_secs(60);
/// How often from then on. A notice that was not made on its day is made at the next look.
const EVERY: Duration = Duration::from_secs(3600);
/// How many students one transaction looks at.
const AT_ONCE: usize = 500;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::student_id,
            dsl::person_id,
            dsl::audience,
            dsl::kind,
            dsl::occurs_on,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            (dsl::lead_days, dsl::basis, dsl::given_name, dsl::acknowledged_at),
            (dsl::emergency_access_id, dsl::inspection_request_id, dsl::amendment_request_id, dsl::annual_notice_id),
        )
    };
}

type More = (Option<i32>, Option<RightsBasis>, String, Option<DateTime<Utc>>);
type Row = (NoticeId, StudentId, PersonId, Audience, NoticeKind, NaiveDate, i32, DateTime<Utc>, DateTime<Utc>, More, About);

/// The record that a notice is about; none where the rights pass.
type About = (Option<EmergencyAccessId>, Option<InspectionRequestId>, Option<AmendmentRequestId>, Option<AnnualNoticeId>);

fn notice((id, student_id, person_id, audience, kind, occurs_on, version, created_at, updated_at, more, about): Row) -> Notice {
    let (lead_days, basis, given_name, acknowledged_at) = more;
    let (emergency_access_id, inspection_request_id, amendment_request_id, annual_notice_id) = about;
    let words = Words { kind, audience, occurs_on, basis, given_name: &given_name };
    let due_on = lead_days.and_then(|days| occurs_on.checked_sub_days(Days::new(days.unsigned_abs().into())));
    Notice {
        id,
        student_id,
        person_id,
        audience,
        kind,
        occurs_on,
        texts: Answered(words.texts()),
        version,
        created_at,
        updated_at,
        lead_days,
        due_on,
        emergency_access_id,
        inspection_request_id,
        amendment_request_id,
        annual_notice_id,
        acknowledged_at,
    }
}

statement! {
    /// The students to whom the rights may pass soon: born between two days, or with an adult status that begins between two others. Who has left is not
    /// told any more: the district no longer knows where they are.
    Soon {
        district: SqlUuid = Uuid, born_from: Date = NaiveDate, born_to: Date = NaiveDate, begins_from: Date = NaiveDate, begins_to: Date = NaiveDate,
    } -> (SqlUuid)
    "select id from students where district_id = $1 and active and birth_date between $2 and $3
      union select s.id from adult_statuses a join students s on s.district_id = $1 and s.id = a.student_id and s.active
             where a.district_id = $1 and a.valid_from between $4 and $5
      order by 1"
}

statement! {
    /// How family and custodians stand to students, and what keeps them from the file.
    Told { district: SqlUuid = Uuid, students: Array<SqlUuid> = Vec<Uuid> } -> (SqlUuid, SqlUuid, RelationSql)
    "select student_id, person_id, relation, rights, confirmed, valid_from, valid_to, until, sections, goal_id, program,
            student_signed_on, guardian_signed, objection, dependent_until
       from student_relations
      where district_id = $1 and student_id = any($2) and relation in ('self', 'guardian', 'custodian', 'restricted') and not by_consent"
}

statement! {
    /// What students are called.
    GivenNames { district: SqlUuid = Uuid, students: Array<SqlUuid> = Vec<Uuid> } -> (SqlUuid, Text)
    "select id, given_name from people where district_id = $1 and id = any($2)"
}

/// What is told of one student.
pub(crate) struct News {
    kind: NoticeKind,
    occurs_on: NaiveDate,
    lead_days: Option<i32>,
    basis: Option<RightsBasis>,
    about: About,
}

impl News {
    /// Of something that happened on a day, or happens.
    pub(crate) fn of(kind: NoticeKind, occurs_on: NaiveDate, about: About) -> Self {
        Self { kind, occurs_on, lead_days: None, basis: None, about }
    }
}

/// A student, what decisions know of them, and as whom each person may be told today.
pub(crate) struct Household {
    student: StudentId,
    given_name: String,
    facts: Facts,
    people: Vec<(PersonId, Audience)>,
}

/// The households of students, in the order of their ids.
pub(crate) async fn households(tx: &Tx<'_>, district: &District, students: &[StudentId]) -> Result<Vec<Household>> {
    let ids: Vec<Uuid> = students.iter().copied().map(Uuid::from).collect();
    let told = Told { district: tx.district.0, students: ids.clone() };
    let (mut one, mut two) = (tx.conn, tx.conn);
    let names = GivenNames { district: tx.district.0, students: ids };
    let (rows, names) = tokio::try_join!(biased; told.load::<(Uuid, Uuid, RelationRow)>(&mut one), names.load::<(Uuid, String)>(&mut two))?;
    let mut stated: HashMap<(Uuid, Uuid), Stated> = HashMap::new();
    for (student, person, row) in rows {
        stated.entry((student, person)).or_default().row(row)?;
    }
    let mut names: HashMap<Uuid, String> = names.into_iter().collect();
    // Of the students nobody's own relations are asked for here.
    let mut known = facts::of_students(tx.conn, tx.district, PersonId(Uuid::nil()), students.to_vec()).await?;
    let mut households: HashMap<Uuid, Household> = HashMap::new();
    for student in students {
        if let (Some((facts, _)), Some(given_name)) = (known.remove(student), names.remove(&student.0)) {
            households.insert(student.0, Household { student: *student, given_name, facts, people: vec![] });
        }
    }
    for ((student, person), stated) in stated {
        let Some(household) = households.get_mut(&student) else { continue };
        let facts = Facts { relations: stated.relations, restrictions: stated.restrictions, ..household.facts.clone() };
        if let Some(audience) = addressed_as(&facts, &district.context(None)) {
            household.people.push((PersonId(person), audience));
        }
    }
    let mut households: Vec<Household> = households.into_values().collect();
    households.sort_unstable_by_key(|household| household.student);
    households.iter_mut().for_each(|household| household.people.sort_unstable());
    Ok(households)
}

/// Tells people of a household, each once.
pub(crate) async fn tell(tx: &Tx<'_>, household: &Household, news: &News, to: impl Fn(PersonId, Audience) -> bool) -> Result<()> {
    let mut conn = tx.conn;
    for (person, audience) in household.people.iter().filter(|(person, audience)| to(*person, *audience)) {
        let row = (
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::student_id.eq(household.student),
            dsl::person_id.eq(*person),
            dsl::audience.eq(*audience),
            dsl::kind.eq(news.kind),
            dsl::occurs_on.eq(news.occurs_on),
            dsl::lead_days.eq(news.lead_days),
            dsl::basis.eq(news.basis),
            dsl::emergency_access_id.eq(news.about.0),
            dsl::inspection_request_id.eq(news.about.1),
            dsl::amendment_request_id.eq(news.about.2),
            dsl::annual_notice_id.eq(news.about.3),
            dsl::given_name.eq(&household.given_name),
            dsl::words_version.eq(WORDS_VERSION),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        );
        let made = diesel::insert_into(dsl::notices).values(row).on_conflict_do_nothing().returning(columns!());
        if let Some(made) = made.get_result::<Row>(&mut conn).await.optional()? {
            note(tx, Operation::Created, &notice(made))?;
        }
    }
    Ok(())
}

fn note(tx: &Tx<'_>, operation: Operation, notice: &Notice) -> Result<()> {
    let change = Change::of(Kind::Notice, notice.id, notice.version, operation, notice)?;
    tx.note(change.about(notice.student_id, Section::Privacy));
    Ok(())
}

/// Runs until the service stops.
pub async fn run(db: Db, clock: impl Fn() -> DateTime<Utc>) {
    let mut wait = FIRST;
    loop {
        tokio::time::sleep(wait).await;
        wait = EVERY;
        if let Err(error) = once(&db, clock()).await {
            tracing::debug!(%error, "notices wait for the database");
            wait = FIRST;
        }
    }
}

/// Once, for every district: makes the notices that are due today and are not made yet.
pub async fn once(db: &Db, now: DateTime<Utc>) -> Result<()> {
    for district in db.register(async |conn| crate::district::ids(conn).await).await? {
        let soon = db.system(district, now, async |tx| soon(tx).await).await?;
        for students in soon.chunks(AT_ONCE) {
            db.system(district, now, async |tx| tell_of_rights(tx, students).await).await?;
        }
        annual_notice::deliver(db, district, now, AT_ONCE).await?;
    }
    Ok(())
}

async fn soon(tx: &Tx<'_>) -> Result<Vec<StudentId>> {
    let mut conn = tx.conn;
    let today = facts::district(tx.conn, tx.district, tx.at).await?.today;
    let ahead = Days::new(LEAD_DAYS.into_iter().max().unwrap_or_default().into());
    let last = today.checked_add_days(ahead).unwrap_or(NaiveDate::MAX);
    // Whoever was born on 29 February is between the same days as whoever was born on 1 March.
    let born = |day: NaiveDate| day.checked_sub_months(Months::new(18 * 12)).unwrap_or(NaiveDate::MIN);
    let soon = Soon { district: tx.district.0, born_from: born(today), born_to: born(last), begins_from: today, begins_to: last };
    Ok(soon.load::<(Uuid,)>(&mut conn).await?.into_iter().map(|(id,)| StudentId(id)).collect())
}

/// Tells student and guardians that the rights pass, where that is due.
async fn tell_of_rights(tx: &Tx<'_>, students: &[StudentId]) -> Result<()> {
    let mut conn = tx.conn;
    let district = facts::district(tx.conn, tx.district, tx.at).await?;
    let there =
        dsl::notices.filter(dsl::district_id.eq(tx.district)).filter(dsl::student_id.eq_any(students)).filter(dsl::kind.eq(NoticeKind::RightsPass));
    let there = there.select((dsl::student_id, dsl::person_id, dsl::occurs_on, dsl::lead_days));
    let there: HashSet<_> = there.load::<(StudentId, PersonId, NaiveDate, Option<i32>)>(&mut conn).await?.into_iter().collect();
    for household in households(tx, &district, students).await? {
        let student = &household.facts.student;
        let Some((occurs_on, RightsHolder::Student)) = next_holder(student, district.today) else { continue };
        let Some(lead) = due_lead(occurs_on, district.today) else { continue };
        let lead_days = Some(i32::from(lead));
        let basis = rights_basis(student, occurs_on);
        let news = News { lead_days, basis, ..News::of(NoticeKind::RightsPass, occurs_on, About::default()) };
        let is_new = |person| !there.contains(&(household.student, person, occurs_on, lead_days));
        tell(tx, &household, &news, |person, audience| audience != Audience::Custodian && is_new(person)).await?;
    }
    Ok(())
}

/// Who is told of an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    /// The custodians.
    Custodians,
    /// Student and guardians.
    Family,
}

/// Tells of an emergency: custodians other than who declared it, or the family.
pub(crate) async fn tell_of_emergency(tx: &Tx<'_>, district: &District, access: &EmergencyAccess, whom: Whom) -> Result<()> {
    let about = (Some(access.id), None, None, None);
    let news = News::of(NoticeKind::EmergencyAccess, local_date(access.created_at, district.zone), about);
    tell_some(tx, district, access.student_id, &news, whom, access.person_id).await
}

/// Tells of something about a student: custodians or the family, but for who did it.
async fn tell_some(tx: &Tx<'_>, district: &District, student: StudentId, news: &News, whom: Whom, but: PersonId) -> Result<()> {
    for household in households(tx, district, &[student]).await? {
        let to = |person, audience| (audience == Audience::Custodian) == (whom == Whom::Custodians) && person != but;
        tell(tx, &household, news, to).await?;
    }
    Ok(())
}

/// Tells of a request to inspect that has come: the custodians, and the family where a custodian wrote it down.
pub(crate) async fn tell_of_inspection(tx: &Tx<'_>, district: &District, request: &InspectionRequest) -> Result<()> {
    let about = (None, Some(request.id), None, None);
    let news = News::of(NoticeKind::InspectionRequest, request.received_on, about);
    tell_of_request(tx, district, request.student_id, &news, request.recorded_by, request.requested_by).await
}

async fn tell_of_request(
    tx: &Tx<'_>,
    district: &District,
    student: StudentId,
    news: &News,
    recorded_by: Option<PersonId>,
    requested_by: PersonId,
) -> Result<()> {
    tell_some(tx, district, student, news, Whom::Custodians, recorded_by.unwrap_or(requested_by)).await?;
    match recorded_by {
        Some(custodian) => tell_some(tx, district, student, news, Whom::Family, custodian).await,
        None => Ok(()),
    }
}

/// Tells of a request to amend where it stands now: the custodians of what they have to do, the family of what was decided and what they may do.
pub(crate) async fn tell_of_amendment(tx: &Tx<'_>, district: &District, request: &AmendmentRequest) -> Result<()> {
    let about = (None, None, Some(request.id), None);
    let nobody = PersonId(Uuid::nil());
    let (kind, occurs_on, whom) = match request.status {
        AmendmentStatus::Open => {
            let news = News::of(NoticeKind::AmendmentRequest, request.received_on, about);
            return tell_of_request(tx, district, request.student_id, &news, request.recorded_by, request.requested_by).await;
        }
        AmendmentStatus::Granted | AmendmentStatus::GrantedAfterHearing => (NoticeKind::AmendmentGranted, district.today, Whom::Family),
        AmendmentStatus::Refused => (NoticeKind::AmendmentRefused, district.today, Whom::Family),
        AmendmentStatus::HearingRequested => (NoticeKind::HearingRequested, district.today, Whom::Custodians),
        AmendmentStatus::HearingSet => (NoticeKind::HearingSet, request.hearing_on.unwrap_or(district.today), Whom::Family),
        AmendmentStatus::RefusedAfterHearing => (NoticeKind::AmendmentRefusedAfterHearing, district.today, Whom::Family),
        AmendmentStatus::Withdrawn => return Ok(()),
    };
    tell_some(tx, district, request.student_id, &News::of(kind, occurs_on, about), whom, nobody).await
}

impl Db {
    /// Acknowledges the notice that is the target, as who was told.
    pub async fn acknowledge_notice(
        &self,
        request: &Request,
        target: Target,
        key: &Key,
        work: impl AsyncFnOnce(&Tx<'_>, &Granted<'_>) -> Result<Reply>,
    ) -> Result<Reply> {
        self.change(request, target, Some(key), Grant::as_addressee, work).await
    }
}

/// One, to show to who was told.
pub async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withheld<Notice>>> {
    let mut conn = tx.conn;
    let found = dsl::notices.find((tx.district, id)).select(columns!()).first::<Row>(&mut conn).await.optional()?;
    Ok(found.map(|row| Withheld::new(notice(row))))
}

/// Opens one to who was told, while they may know it, and to the custodian.
pub fn open(grant: &Grant, withheld: Option<Withheld<Notice>>) -> Result<Notice> {
    let notice = withheld.map(|withheld| withheld.into_asked_for(grant)).ok_or(Error::NotFound)?;
    let own = grant.as_addressee().is_ok() && grant.still_shown(notice.audience);
    if own || grant.keeps_privacy() { Ok(notice) } else { Err(Error::NotFound) }
}

/// A page of a person's own, that they may still know: all, those that they acknowledged, or the others.
pub async fn list_own(tx: &Tx<'_>, grant: &Grant, acknowledged: Option<bool>, page: PageOf) -> Result<Page<Notice>> {
    let mut conn = tx.conn;
    let (person, mut after) = (grant.person()?, page.after.unwrap_or(Uuid::nil()));
    let mut items: Vec<Notice> = vec![];
    loop {
        let mut rows = dsl::notices
            .filter(dsl::district_id.eq(tx.district))
            .filter(dsl::person_id.eq(person))
            .filter(dsl::id.gt(after))
            .order(dsl::id)
            .limit(page.limit.and_one())
            .select(columns!())
            .into_boxed();
        rows = match acknowledged {
            Some(true) => rows.filter(dsl::acknowledged_at.is_not_null()),
            Some(false) => rows.filter(dsl::acknowledged_at.is_null()),
            None => rows,
        };
        let rows: Vec<Notice> = rows.load::<Row>(&mut conn).await?.into_iter().map(notice).collect();
        let exhausted = rows.len() < page.limit.get() + 1;
        let Some(last) = rows.last() else { break };
        after = last.id.0;
        let standings = grant.towards(tx, rows.iter().map(|notice| notice.student_id).collect()).await?;
        let shown = |notice: &Notice| standings.get(&notice.student_id).is_some_and(|grant| grant.still_shown(notice.audience));
        items.extend(rows.into_iter().filter(shown));
        if exhausted || items.len() > page.limit.get() {
            break;
        }
    }
    Ok(Page::cut(items, page.limit, |notice| notice.id.0))
}

/// A page of those about the student that was asked for: the custodian sees all, anybody else their own.
pub async fn list_of_student(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Notice>> {
    let mut conn = tx.conn;
    let mut rows = dsl::notices
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(grant.located()?.student_id))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    if !grant.keeps_privacy() {
        let shown: Vec<Audience> = Audience::ALL.iter().copied().filter(|audience| grant.still_shown(*audience)).collect();
        rows = rows.filter(dsl::person_id.eq(grant.person()?)).filter(dsl::audience.eq_any(shown));
    }
    let rows = rows.load::<Row>(&mut conn).await?;
    Ok(Page::cut(rows.into_iter().map(notice).collect(), page.limit, |notice| notice.id.0))
}

/// Acknowledges the one that was granted. One that was acknowledged stays as it is.
pub async fn acknowledge(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<Notice> {
    // Through an application that only reads, nothing is acknowledged.
    if !granted.grant().may_write() {
        return Err(Error::Forbidden);
    }
    let mut conn = tx.conn;
    let id = NoticeId(granted.located()?.id);
    let found = dsl::notices.find((tx.district, id)).select(columns!()).for_update().first::<Row>(&mut conn).await.optional()?;
    let found = open(granted.grant(), found.map(|row| Withheld::new(notice(row))))?;
    if found.acknowledged_at.is_some() {
        return Ok(found);
    }
    let set = (dsl::acknowledged_at.eq(Some(tx.at)), dsl::version.eq(found.version + 1), dsl::updated_at.eq(tx.at));
    let row = diesel::update(dsl::notices.find((tx.district, id))).set(set).returning(columns!());
    let acknowledged = notice(row.get_result::<Row>(&mut conn).await?);
    note(tx, Operation::Amended, &acknowledged)?;
    Ok(acknowledged)
}
