//! What a district tells its families every year (34 CFR 99.7): kept by the custodian, and told to each family once, by notices.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use diesel::sql_types::{Bool, Date, Int4, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Audience, DistrictAction};
use openilp_domain::annual_notice::{AnnualNotice, AnnualNoticeDelivery, AnnualNoticePatch, NewAnnualNotice};
use openilp_domain::id::{AnnualNoticeId, DistrictId, StudentId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::Operation;
use openilp_domain::notice::NoticeKind;
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::{Db, Tx};
use crate::error::{Error, Result};
use crate::facts::{self, District};
use crate::grant::{Grant, Granted};
use crate::kept::note;
use crate::notice::{self, News};
use crate::schema::annual_notices::dsl;
use crate::statement;

crate::kept! {
    AnnualNotice (AnnualNoticeId, NewAnnualNotice, AnnualNoticePatch) in annual_notices {
        id, school_year, publish_on, how_to_inspect, how_to_amend, school_officials, legitimate_interest, version, created_at, updated_at
    }
    by {}
    narrowed |rows, filter| { let _ = filter; }
    impl {}
}

/// Makes one. There is one a school year.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewAnnualNotice) -> Result<AnnualNotice> {
    let today = granted.grant().district().today;
    let publish_on = new.publish_on.unwrap_or(today);
    let mut invalid = Invalid::default();
    invalid.unless(publish_on >= today, "/publishOn", "over", "This day is over already.");
    invalid.or(()).map_err(Error::Invalid)?;
    let mut conn = tx.conn;
    let row = (
        dsl::district_id.eq(tx.district),
        dsl::id.eq(tx.id()),
        dsl::school_year.eq(new.school_year),
        dsl::publish_on.eq(publish_on),
        dsl::how_to_inspect.eq(new.how_to_inspect),
        dsl::how_to_amend.eq(new.how_to_amend),
        dsl::school_officials.eq(new.school_officials),
        dsl::legitimate_interest.eq(new.legitimate_interest),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
    );
    let created = diesel::insert_into(dsl::annual_notices).values(row).on_conflict((dsl::district_id, dsl::school_year)).do_nothing();
    let created = created.returning(columns!()).get_result::<AnnualNotice>(&mut conn).await.optional()?;
    let there = || Error::Conflict { code: "school_year_taken", detail: "There is an annual notice for this school year." };
    let created = created.ok_or_else(there)?;
    note(tx, Operation::Created, &created).await?;
    Ok(created)
}

/// Changes one that no family was told yet.
pub async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: AnnualNoticeId, version: i32, patch: AnnualNoticePatch) -> Result<AnnualNotice> {
    if current(tx, id, version).await?.publish_on <= granted.grant().district().today {
        return Err(Error::Conflict { code: "published", detail: "Families are told this already. Make another for the next school year." });
    }
    let mut conn = tx.conn;
    let set = (
        patch.how_to_inspect.map(|text| dsl::how_to_inspect.eq(text)),
        patch.how_to_amend.map(|text| dsl::how_to_amend.eq(text)),
        patch.school_officials.map(|text| dsl::school_officials.eq(text)),
        patch.legitimate_interest.map(|text| dsl::legitimate_interest.eq(text)),
        dsl::version.eq(version + 1),
        dsl::updated_at.eq(tx.at),
    );
    let row = diesel::update(dsl::annual_notices.find((tx.district, id))).set(set).returning(columns!());
    let amended = row.get_result::<AnnualNotice>(&mut conn).await?;
    note(tx, Operation::Amended, &amended).await?;
    Ok(amended)
}

/// A page of those whose day has come, for everybody of the district.
pub async fn published(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<AnnualNotice>> {
    let mut conn = tx.conn;
    let rows = dsl::annual_notices
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::publish_on.le(grant.district().today))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .load::<AnnualNotice>(&mut conn)
        .await?;
    Ok(Page::cut(rows, page.limit, |notice| notice.id.0))
}

statement! {
    /// The students whose family is not told of an annual notice: the student, or a guardian of a minor who has full rights today.
    Waiting { district: SqlUuid = Uuid, notice: SqlUuid = Uuid, today: Date = NaiveDate, of_age: Date = NaiveDate, trusted: Bool = bool } -> (SqlUuid)
    "select s.id from students s
      where s.district_id = $1 and s.active
        and (not exists (select from notices n where n.district_id = $1 and n.annual_notice_id = $2 and n.student_id = s.id and n.person_id = s.id)
             or (s.birth_date is null or s.birth_date > $4)
                and exists (select from guardian_links g
                             where g.district_id = $1 and g.student_id = s.id and g.rights = 'full' and (g.confirmed_at is not null or $5)
                               and g.valid_from <= $3 and (g.valid_to is null or g.valid_to > $3)
                               and not exists (select from notices n where n.district_id = $1 and n.annual_notice_id = $2
                                                                       and n.student_id = s.id and n.person_id = g.guardian_id)))
      order by s.id"
}

statement! {
    /// How many were told of an annual notice, how many acknowledged it, and how many students have nobody told.
    Delivered { district: SqlUuid = Uuid, notice: SqlUuid = Uuid } -> (Int4, Int4, Int4)
    "select count(*)::integer, count(acknowledged_at)::integer,
            (select count(*)::integer from students s where s.district_id = $1 and s.active
                and not exists (select from notices n where n.district_id = $1 and n.annual_notice_id = $2 and n.student_id = s.id))
       from notices where district_id = $1 and annual_notice_id = $2"
}

/// How far families are told of one.
pub async fn delivery(tx: &Tx<'_>, grant: &Grant, id: Uuid) -> Result<AnnualNoticeDelivery> {
    grant.demand(&[DistrictAction::ManageRelations])?;
    let mut conn = tx.conn;
    let there = dsl::annual_notices.find((tx.district, AnnualNoticeId(id))).select(dsl::id);
    let annual_notice_id = there.first::<AnnualNoticeId>(&mut conn).await.optional()?.ok_or(Error::NotFound)?;
    let (told, acknowledged, students_waiting) = Delivered { district: tx.district.0, notice: id }.get_result(&mut conn).await?;
    Ok(AnnualNoticeDelivery { annual_notice_id, told, acknowledged, students_waiting })
}

/// Tells the families who were not told yet, some students at once: of the latest whose day has come, within a year.
pub(crate) async fn deliver(db: &Db, district: DistrictId, now: DateTime<Utc>, at_once: usize) -> Result<()> {
    let waiting = db.system(district, now, async |tx| waiting(tx).await).await?;
    let Some((notice, students)) = waiting else { return Ok(()) };
    for students in students.chunks(at_once) {
        db.system(district, now, async |tx| tell(tx, &notice, students).await).await?;
    }
    Ok(())
}

async fn waiting(tx: &Tx<'_>) -> Result<Option<(AnnualNotice, Vec<StudentId>)>> {
    let mut conn = tx.conn;
    let District { today, guardians_trusted: trusted, .. } = facts::district(tx.conn, tx.district, tx.at).await?;
    let year_ago = today.checked_sub_days(Days::new(366)).unwrap_or(NaiveDate::MIN);
    let latest = dsl::annual_notices
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::publish_on.le(today))
        .filter(dsl::publish_on.gt(year_ago))
        .order((dsl::publish_on.desc(), dsl::id.desc()))
        .select(columns!());
    let Some(notice) = latest.first::<AnnualNotice>(&mut conn).await.optional()? else { return Ok(None) };
    let of_age = today.checked_sub_months(Months::new(18 * 12)).unwrap_or(NaiveDate::MIN);
    let waiting = Waiting { district: tx.district.0, notice: notice.id.0, today, of_age, trusted };
    let students = waiting.load::<(Uuid,)>(&mut conn).await?.into_iter().map(|(id,)| StudentId(id)).collect();
    Ok(Some((notice, students)))
}

async fn tell(tx: &Tx<'_>, annual: &AnnualNotice, students: &[StudentId]) -> Result<()> {
    let district = facts::district(tx.conn, tx.district, tx.at).await?;
    let news = News::of(NoticeKind::AnnualRights, annual.publish_on, (None, None, None, Some(annual.id)));
    for household in notice::households(tx, &district, students).await? {
        notice::tell(tx, &household, &news, |_, audience| audience != Audience::Custodian).await?;
    }
    Ok(())
}
