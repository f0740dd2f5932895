//! Links of logins to people.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::code::{Subject, WebAddress};
use openilp_domain::id::{IdentityLinkId, PersonId};
use openilp_domain::identity_link::{IdentityLink, IdentityLinksMade, LoginOutcome, NewIdentityLink, NewIdentityLinks, NewLogin};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::unlinked_login::UnlinkedReason;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::journal::Change;
use crate::relation::count;
use crate::schema::identity_links::dsl;
use crate::schema::{external_identifiers, people};
use crate::unlinked_login;

const BY: &[DistrictAction] = &[DistrictAction::Operate, DistrictAction::ManageRelations];

macro_rules! columns {
    () => {
        (dsl::id, dsl::issuer, dsl::subject, dsl::person_id, dsl::version, dsl::created_at, dsl::updated_at)
    };
}

fn note(tx: &Tx<'_>, operation: Operation, link: &IdentityLink) -> Result<()> {
    tx.note(Change::of(Kind::IdentityLink, link.id, link.version, operation, link)?);
    Ok(())
}

/// One of the district's.
pub async fn read(tx: &Tx<'_>, grant: &Grant, id: IdentityLinkId) -> Result<IdentityLink> {
    grant.demand(BY)?;
    let mut conn = tx.conn;
    dsl::identity_links.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
}

/// A page of the district's, or of one person's.
pub async fn list(tx: &Tx<'_>, grant: &Grant, person: Option<PersonId>, page: PageOf) -> Result<Page<IdentityLink>> {
    grant.demand(BY)?;
    let mut conn = tx.conn;
    let mut rows = dsl::identity_links
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(dsl::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .into_boxed();
    if let Some(person) = person {
        rows = rows.filter(dsl::person_id.eq(person));
    }
    Ok(Page::cut(rows.load::<IdentityLink>(&mut conn).await?, page.limit, |link| link.id.0))
}

async fn insert(tx: &Tx<'_>, links: Vec<NewIdentityLink>) -> Result<Vec<IdentityLink>> {
    let mut conn = tx.conn;
    let row = |link: NewIdentityLink| {
        (
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::issuer.eq(link.issuer),
            dsl::subject.eq(link.subject),
            dsl::person_id.eq(link.person_id),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
            dsl::updated_at.eq(tx.at),
        )
    };
    let rows: Vec<_> = links.into_iter().map(row).collect();
    let created = diesel::insert_into(dsl::identity_links).values(rows).returning(columns!()).get_results::<IdentityLink>(&mut conn).await?;
    for link in &created {
        note(tx, Operation::Created, link)?;
    }
    unlinked_login::forget(tx, created.iter().map(|link| link.subject.as_str().to_owned()).collect()).await?;
    Ok(created)
}

/// Links a login that is nobody's, and says why; nothing if somebody linked it first.
pub(crate) async fn link(tx: &Tx<'_>, issuer: &str, subject: &str, person: PersonId, reason: String) -> Result<Option<IdentityLink>> {
    let mut conn = tx.conn;
    let row = (
        dsl::district_id.eq(tx.district),
        dsl::id.eq(tx.id()),
        dsl::issuer.eq(issuer),
        dsl::subject.eq(subject),
        dsl::person_id.eq(person),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
    );
    let insert = diesel::insert_into(dsl::identity_links).values(row).on_conflict((dsl::district_id, dsl::issuer, dsl::subject)).do_nothing();
    let Some(created) = insert.returning(columns!()).get_result::<IdentityLink>(&mut conn).await.optional()? else { return Ok(None) };
    let change = Change::of(Kind::IdentityLink, created.id, created.version, Operation::Created, &created)?;
    tx.note(Change { reason: Some(reason), ..change });
    unlinked_login::forget(tx, vec![subject.to_owned()]).await?;
    Ok(Some(created))
}

/// Links a login to a person. A login that is linked already is refused: a link is never moved silently.
pub async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewIdentityLink) -> Result<IdentityLink> {
    insert(tx, vec![new]).await?.pop().ok_or_else(|| Error::Internal("an identity link was not inserted".into()))
}

/// Links many, all or none: every one that cannot be linked is named. What is linked to the same person already stays.
pub async fn create_many(tx: &Tx<'_>, _: &Granted<'_>, new: NewIdentityLinks) -> Result<IdentityLinksMade> {
    let mut conn = tx.conn;
    let named: Vec<PersonId> = new.links.iter().map(|link| link.person_id).collect();
    let people: HashSet<PersonId> = people::table
        .filter(people::district_id.eq(tx.district))
        .filter(people::id.eq_any(named))
        .select(people::id)
        .load::<PersonId>(&mut conn)
        .await?
        .into_iter()
        .collect();
    let linked = linked(tx, new.links.iter().map(|link| &link.subject).collect()).await?;
    let mut faults = Invalid::default();
    let mut missing = vec![];
    let mut unchanged = 0;
    for (number, link) in new.links.into_iter().enumerate() {
        match linked.get(&(link.issuer.clone(), link.subject.clone())) {
            Some(person) if *person == link.person_id => unchanged += 1,
            Some(_) => faults.push(format!("/links/{number}"), "subject_linked", "This login is linked to another person."),
            None if people.contains(&link.person_id) => missing.push(link),
            None => faults.push(format!("/links/{number}/personId"), "unknown_person", "There is no such person in this district."),
        }
    }
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let created = if missing.is_empty() { 0 } else { insert(tx, missing).await?.len() };
    Ok(IdentityLinksMade { created: count(created), unchanged })
}

/// What came of a login, and whose it is.
pub type Line = (LoginOutcome, Option<PersonId>);

/// Links logins one by one: what cannot be linked keeps nothing else back. What came of each, in their order; on a dry run, what would.
pub async fn link_each(tx: &Tx<'_>, _: &Granted<'_>, logins: Vec<NewLogin>, dry_run: bool) -> Result<Vec<Line>> {
    let persons = persons_of(tx, &logins).await?;
    let mut conn = tx.conn;
    let named: Vec<PersonId> = persons.iter().flatten().copied().collect();
    let people = people::table.filter(people::district_id.eq(tx.district)).filter(people::id.eq_any(named)).select((people::id, people::active));
    let active: HashMap<PersonId, bool> = people.load::<(PersonId, bool)>(&mut conn).await?.into_iter().collect();
    let mut linked = linked(tx, logins.iter().map(|login| &login.subject).collect()).await?;
    let (mut lines, mut missing) = (vec![], vec![]);
    for (login, person) in logins.into_iter().zip(persons) {
        let there = person.and_then(|person| active.get(&person).map(|active| (person, *active)));
        let NewLogin { issuer, subject, .. } = login;
        let known = linked.get(&(issuer.clone(), subject.clone())).copied();
        let outcome = match (known, there) {
            (_, None) => LoginOutcome::UnknownPerson,
            (Some(known), Some((person, _))) if known == person => LoginOutcome::Unchanged,
            (Some(_), _) => LoginOutcome::LinkedToAnother,
            (None, Some((_, false))) => LoginOutcome::Inactive,
            (None, Some((person_id, true))) => {
                linked.insert((issuer.clone(), subject.clone()), person_id);
                missing.push(NewIdentityLink { issuer, subject, person_id });
                LoginOutcome::Created
            }
        };
        lines.push((outcome, there.map(|(person, _)| person)));
    }
    if !dry_run && !missing.is_empty() {
        insert(tx, missing).await?;
    }
    Ok(lines)
}

/// The persons that logins name, by id or by identifier, in their order.
async fn persons_of(tx: &Tx<'_>, logins: &[NewLogin]) -> Result<Vec<Option<PersonId>>> {
    use external_identifiers as e;
    let mut conn = tx.conn;
    let (systems, values): (Vec<&str>, Vec<&str>) =
        logins.iter().filter_map(|login| login.identifier.as_ref()).map(|name| (name.system.as_str(), name.value.as_str())).unzip();
    let rows = e::table
        .filter(e::district_id.eq(tx.district.0))
        .filter(e::kind.eq("person"))
        .filter(e::system.eq_any(systems))
        .filter(e::value.eq_any(values))
        .select((e::system, e::value, e::target_id));
    let named: HashMap<(String, String), Uuid> =
        rows.load::<(String, String, Uuid)>(&mut conn).await?.into_iter().map(|(system, value, id)| ((system, value), id)).collect();
    let by_name = |login: &NewLogin| {
        let name = login.identifier.as_ref()?;
        named.get(&(name.system.as_str().to_owned(), name.value.as_str().to_owned())).map(|id| PersonId(*id))
    };
    Ok(logins.iter().map(|login| login.person_id.or_else(|| by_name(login))).collect())
}

/// Whose logins these are.
async fn linked(tx: &Tx<'_>, subjects: Vec<&Subject>) -> Result<HashMap<(WebAddress, Subject), PersonId>> {
    let mut conn = tx.conn;
    let rows = dsl::identity_links.filter(dsl::district_id.eq(tx.district)).filter(dsl::subject.eq_any(subjects));
    let rows = rows.select((dsl::issuer, dsl::subject, dsl::person_id)).load::<(WebAddress, Subject, PersonId)>(&mut conn).await?;
    Ok(rows.into_iter().map(|(issuer, subject, person)| ((issuer, subject), person)).collect())
}

/// Takes a link away, if it still has the version that the caller saw: the login is nobody's from the commit on.
pub async fn remove(tx: &Tx<'_>, _: &Granted<'_>, id: IdentityLinkId, version: i32) -> Result<()> {
    let mut conn = tx.conn;
    let found = dsl::identity_links.find((tx.district, id)).select(columns!()).for_update().first::<IdentityLink>(&mut conn).await.optional()?;
    let found = found.ok_or(Error::NotFound)?;
    if found.version != version {
        return Err(Error::Stale);
    }
    diesel::delete(dsl::identity_links.find((tx.district, id))).execute(&mut conn).await?;
    note(tx, Operation::Removed, &found)?;
    // Its issuer's rule would link it again at the next request.
    unlinked_login::keep_out(tx, found.issuer.as_str(), found.subject.as_str(), UnlinkedReason::LinkRemoved).await
}
