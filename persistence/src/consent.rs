//! Consents: drawn up, signed, revoked; never edited (34 CFR 99.30).

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Relation, Rights, Section};
use openilp_domain::consent::{self, Consent, ConsentSignature, ConsentStatus, NewConsent, RecipientKind, SignedAs, recipient_in_words};
use openilp_domain::field::Answered;
use openilp_domain::id::{ConsentId, GoalId, PartnerId, PersonId, StudentGroupId, StudentId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::{Kind, Operation};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::text::{LongText, ShortText};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted, Withheld};
use crate::journal::Change;
use crate::schema::{consent_signatures, consents, goals, partners, people, student_groups};

/// What an issuer says of a login: how it is known that somebody is who they are (34 CFR 99.30(d)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentication {
    /// Who vouches for it.
    pub issuer: String,
    /// `acr`.
    pub class: Option<String>,
    /// `amr`.
    pub methods: Vec<String>,
    /// `auth_time`.
    pub at: Option<DateTime<Utc>>,
    /// `jti`.
    pub token_id: Option<String>,
}

macro_rules! columns {
    () => {
        (
            consents::id,
            consents::student_id,
            consents::recipient_kind,
            consents::sections,
            consents::purpose,
            consents::statement,
            consents::valid_from,
            consents::valid_to,
            consents::created_by,
            consents::version,
            consents::created_at,
            consents::updated_at,
            (consents::person_id, consents::partner_id, consents::group_id, consents::goal_id, consents::revoked_at, consents::revoked_by),
        )
    };
}

type Row = (
    ConsentId,
    StudentId,
    RecipientKind,
    Vec<Section>,
    LongText,
    String,
    NaiveDate,
    NaiveDate,
    PersonId,
    i32,
    DateTime<Utc>,
    DateTime<Utc>,
    (Option<PersonId>, Option<PartnerId>, Option<StudentGroupId>, Option<GoalId>, Option<DateTime<Utc>>, Option<PersonId>),
);

/// Where it stands today is found once it is known whose it is: [`completed`].
fn consent(row: Row) -> Consent {
    let (id, student_id, recipient_kind, sections, purpose, statement, valid_from, valid_to, created_by, version, created_at, updated_at, more) = row;
    let (person_id, partner_id, group_id, goal_id, revoked_at, revoked_by) = more;
    Consent {
        id,
        student_id,
        recipient_kind,
        sections,
        purpose,
        statement,
        valid_from,
        valid_to,
        status: ConsentStatus::WaitsForSignatures,
        signatures: Answered(vec![]),
        created_by,
        version,
        created_at,
        updated_at,
        person_id,
        partner_id,
        group_id,
        goal_id,
        revoked_at,
        revoked_by,
    }
}

/// With the signatures, and where each stands today.
async fn completed(tx: &Tx<'_>, grant: &Grant, mut consents: Vec<Consent>) -> Result<Vec<Consent>> {
    use consent_signatures::dsl;
    let mut conn = tx.conn;
    let ids: Vec<ConsentId> = consents.iter().map(|consent| consent.id).collect();
    let columns = (
        dsl::consent_id,
        dsl::person_id,
        dsl::signed_as,
        dsl::approves,
        dsl::signed_on,
        dsl::signed_at,
        dsl::issuer,
        dsl::authentication_methods,
        dsl::authentication_class,
        dsl::authenticated_at,
    );
    type SignatureRow = (ConsentId, PersonId, SignedAs, bool, NaiveDate, DateTime<Utc>, String, Vec<String>, Option<String>, Option<DateTime<Utc>>);
    let rows = dsl::consent_signatures.filter(dsl::district_id.eq(tx.district)).filter(dsl::consent_id.eq_any(ids)).order(dsl::id).select(columns);
    let mut signatures: HashMap<ConsentId, Vec<ConsentSignature>> = HashMap::new();
    for (consent, person_id, signed_as, approves, signed_on, signed_at, issuer, authentication_methods, authentication_class, authenticated_at) in
        rows.load::<SignatureRow>(&mut conn).await?
    {
        let signature = ConsentSignature {
            person_id,
            signed_as,
            approves,
            signed_on,
            signed_at,
            issuer,
            authentication_methods: Answered(authentication_methods),
            authentication_class,
            authenticated_at,
        };
        signatures.entry(consent).or_default().push(signature);
    }
    let student = grant.student()?;
    for consent in &mut consents {
        consent.signatures = Answered(signatures.remove(&consent.id).unwrap_or_default());
        let period = (consent.valid_from, consent.valid_to);
        consent.status = consent::status(period, consent.revoked_at.is_some(), &consent.signatures.0, student, grant.district().today);
    }
    Ok(consents)
}

async fn one(tx: &Tx<'_>, grant: &Grant, id: Uuid) -> Result<Consent> {
    let mut conn = tx.conn;
    let row = consents::table.find((tx.district, id)).select(columns!()).first::<Row>(&mut conn).await.optional()?;
    let found = completed(tx, grant, vec![consent(row.ok_or(Error::NotFound)?)]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// The one that the grant is about.
pub async fn read(tx: &Tx<'_>, grant: &Grant) -> Result<Consent> {
    let found = one(tx, grant, grant.located()?.id).await?;
    grant.open_as(Section::Privacy, Withheld::new(found)).ok_or(Error::NotFound)
}

/// A page of those of the student that the grant is about.
pub async fn list(tx: &Tx<'_>, grant: &Grant, page: PageOf) -> Result<Page<Consent>> {
    let mut conn = tx.conn;
    let rows = consents::table
        .filter(consents::district_id.eq(tx.district))
        .filter(consents::student_id.eq(grant.located()?.student_id))
        .filter(consents::id.gt(page.after.unwrap_or(Uuid::nil())))
        .order(consents::id)
        .limit(page.limit.and_one())
        .select(columns!())
        .load::<Row>(&mut conn)
        .await?;
    let found = completed(tx, grant, rows.into_iter().map(consent).collect()).await?;
    let open = grant.open_as(Section::Privacy, Withheld::new(found)).ok_or(Error::Forbidden)?;
    Ok(Page::cut(open, page.limit, |consent| consent.id.0))
}

/// Draws one up for the student that the grant is about. Nobody has signed it yet.
pub async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewConsent) -> Result<Consent> {
    let mut conn = tx.conn;
    let student_id = granted.student_id()?;
    let (from, to) = new.period(granted.grant().district().today).map_err(Error::Invalid)?;
    let recipient = recipient(tx, &new).await?;
    let goal = match new.goal_id {
        Some(goal) => {
            let of_student = goals::table.find((tx.district, goal)).filter(goals::student_id.eq(student_id)).select(goals::title);
            let title = of_student.first::<ShortText>(&mut conn).await.optional()?;
            Some(title.ok_or_else(|| unknown("/goalId", "unknown_goal", "The student has no such goal."))?)
        }
        None => None,
    };
    if new.person_id.is_some_and(|person| person.0 == student_id.0) {
        return Err(unknown("/personId", "the_student", "Students need no consent to read their own file."));
    }
    if let (RecipientKind::Guardian, Some(person)) = (new.recipient_kind, new.person_id) {
        // To a parent more can be opened than to anybody else whom the student chooses.
        use crate::schema::guardian_links::dsl;
        let links = dsl::guardian_links.filter(dsl::district_id.eq(tx.district)).filter(dsl::student_id.eq(student_id));
        let full = links.filter(dsl::guardian_id.eq(person)).filter(dsl::rights.eq(Rights::Full)).filter(dsl::confirmed_at.is_not_null());
        if !diesel::select(diesel::dsl::exists(full)).get_result::<bool>(&mut conn).await? {
            return Err(unknown("/personId", "not_a_guardian", "This is no guardian of the student whom the district has confirmed."));
        }
    }
    let student = name_of(tx, student_id.into()).await?.ok_or(Error::NotFound)?;
    let statement = new.statement(student.as_str(), &recipient, goal.as_ref().map(ShortText::as_str), (from, to));
    let hash = crate::door::request_hash(statement.as_bytes());
    let id = tx.id();
    diesel::insert_into(consents::table)
        .values((
            consents::district_id.eq(tx.district),
            consents::id.eq(id),
            consents::student_id.eq(student_id),
            consents::recipient_kind.eq(new.recipient_kind),
            consents::person_id.eq(new.person_id),
            consents::partner_id.eq(new.partner_id),
            consents::group_id.eq(new.group_id),
            consents::sections.eq(new.sections),
            consents::goal_id.eq(new.goal_id),
            consents::purpose.eq(new.purpose),
            consents::statement.eq(statement),
            consents::statement_hash.eq(hash),
            consents::language.eq("en"),
            consents::valid_from.eq(from),
            consents::valid_to.eq(to),
            consents::created_by.eq(granted.person()?),
            consents::version.eq(1),
            consents::created_at.eq(tx.at),
            consents::updated_at.eq(tx.at),
        ))
        .execute(&mut conn)
        .await?;
    noted(tx, granted.grant(), id, Operation::Created).await
}

fn unknown(pointer: &str, code: &'static str, detail: &str) -> Error {
    Error::Invalid(Invalid::one(pointer, code, detail))
}

async fn name_of(tx: &Tx<'_>, person: Uuid) -> Result<Option<ShortText>> {
    let mut conn = tx.conn;
    let names = people::table.find((tx.district, person)).filter(people::active).select((people::given_name, people::family_name));
    let Some((given, family)) = names.first::<(String, String)>(&mut conn).await.optional()? else { return Ok(None) };
    ShortText::parse(&format!("{given} {family}")).map(Some).map_err(Error::Internal)
}

/// The name of whoever is let in, if the district knows them.
async fn recipient(tx: &Tx<'_>, new: &NewConsent) -> Result<String> {
    let mut conn = tx.conn;
    let (name, pointer) = if let Some(person) = new.person_id {
        (name_of(tx, person.0).await?, "/personId")
    } else if let Some(partner) = new.partner_id {
        (partners::table.find((tx.district, partner)).select(partners::name).first::<ShortText>(&mut conn).await.optional()?, "/partnerId")
    } else if let Some(group) = new.group_id {
        let title = student_groups::table.find((tx.district, group)).select(student_groups::title);
        (title.first::<ShortText>(&mut conn).await.optional()?, "/groupId")
    } else {
        (None, "")
    };
    let name = name.ok_or_else(|| unknown(pointer, "unknown_recipient", "There is nobody of that id in this district."))?;
    Ok(recipient_in_words(new.recipient_kind, &name))
}

/// Signs the one that the grant is about, or objects to it. The last word of each counts.
pub async fn sign(tx: &Tx<'_>, granted: &Granted<'_>, approves: bool, authentication: Authentication) -> Result<Consent> {
    use consent_signatures::dsl;
    let signed_as = match granted.relation() {
        Relation::Student => SignedAs::Student,
        Relation::Guardian => SignedAs::Guardian,
        // The custodian keeps consents and gives none.
        _ => return Err(Error::Forbidden),
    };
    let mut conn = tx.conn;
    let id = granted.located()?.id;
    touch(tx, id).await?;
    let (person, today) = (granted.person()?, granted.grant().district().today);
    let said = (
        dsl::signed_as.eq(signed_as),
        dsl::approves.eq(approves),
        dsl::signed_on.eq(today),
        dsl::signed_at.eq(tx.at),
        dsl::issuer.eq(authentication.issuer),
        dsl::authentication_class.eq(authentication.class),
        dsl::authentication_methods.eq(authentication.methods),
        dsl::authenticated_at.eq(authentication.at),
        dsl::token_id.eq(authentication.token_id),
        dsl::updated_at.eq(tx.at),
    );
    diesel::insert_into(dsl::consent_signatures)
        .values((
            dsl::district_id.eq(tx.district),
            dsl::id.eq(tx.id()),
            dsl::consent_id.eq(ConsentId(id)),
            dsl::student_id.eq(granted.student_id()?),
            dsl::person_id.eq(person),
            said.clone(),
            dsl::version.eq(1),
            dsl::created_at.eq(tx.at),
        ))
        .on_conflict((dsl::district_id, dsl::consent_id, dsl::person_id))
        .do_update()
        .set((said, dsl::version.eq(dsl::version + 1)))
        .execute(&mut conn)
        .await?;
    noted(tx, granted.grant(), id, Operation::Amended).await
}

/// Locks a consent that is not revoked, and counts its version up.
async fn touch(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    let mut conn = tx.conn;
    let open = consents::table.find((tx.district, id)).filter(consents::revoked_at.is_null());
    let set = (consents::version.eq(consents::version + 1), consents::updated_at.eq(tx.at));
    match diesel::update(open).set(set).execute(&mut conn).await? {
        0 => Err(Error::Conflict { code: "consent_revoked", detail: "The consent was revoked. Draw up another." }),
        _ => Ok(()),
    }
}

/// Revokes the one that the grant is about, from now on. One that was revoked stays as it is.
pub async fn revoke(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<Consent> {
    let mut conn = tx.conn;
    let id = granted.located()?.id;
    let open = consents::table.find((tx.district, id)).filter(consents::revoked_at.is_null());
    let set = (
        consents::revoked_at.eq(Some(tx.at)),
        consents::revoked_by.eq(Some(granted.person()?)),
        consents::version.eq(consents::version + 1),
        consents::updated_at.eq(tx.at),
    );
    if diesel::update(open).set(set).execute(&mut conn).await? == 0 {
        return one(tx, granted.grant(), id).await;
    }
    noted(tx, granted.grant(), id, Operation::Amended).await
}

async fn noted(tx: &Tx<'_>, grant: &Grant, id: Uuid, operation: Operation) -> Result<Consent> {
    let consent = one(tx, grant, id).await?;
    let change = Change::of(Kind::Consent, consent.id, consent.version, operation, &consent)?;
    tx.note(change.about(consent.student_id, Section::Privacy));
    Ok(consent)
}
