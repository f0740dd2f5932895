//! Whoever holds a relation, but not to Anna, or not today: for each relation one caller at each placement (G1).
//!
//! A new relation needs a line in [`HELD`], and a way to say how it is stored if it is stored in a new way.

use openilp_domain::access::Relation;
use openilp_domain::id::DistrictId;
use uuid::Uuid;

use crate::{Actor, TestApp, ids};

/// Where somebody stands who holds a relation. Whoever holds it to Anna today is in the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// To another student of Anna's school.
    SameSchool,
    /// To a student of another school of the district.
    OtherSchool,
    /// To a student of another district.
    OtherDistrict,
    /// To Anna, until last year.
    Expired,
    /// To Anna, from tomorrow.
    Future,
    /// To Anna, until today.
    Revoked,
    /// To Anna, as a roster says and the district has not confirmed; by a consent that no guardian has signed.
    Unconfirmed,
    /// To Anna, today: where nobody of the cast holds it.
    Today,
}

impl Placement {
    const ALL: [Self; 8] =
        [Self::SameSchool, Self::OtherSchool, Self::OtherDistrict, Self::Expired, Self::Future, Self::Revoked, Self::Unconfirmed, Self::Today];

    /// The word in a caller's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::SameSchool => "same-school",
            Self::OtherSchool => "other-school",
            Self::OtherDistrict => "other-district",
            Self::Expired => "expired",
            Self::Future => "future",
            Self::Revoked => "revoked",
            Self::Unconfirmed => "unconfirmed",
            Self::Today => "today",
        }
    }

    /// Whether it is a relation to Anna that does not count today.
    pub fn is_lapsed(self) -> bool {
        matches!(self, Self::Expired | Self::Future | Self::Revoked | Self::Unconfirmed)
    }

    /// The district, the student and the school of it.
    fn whose(self) -> (DistrictId, Uuid, Uuid) {
        match self {
            Self::SameSchool => (ids::ALDER, ids::DAN, ids::school(2)),
            Self::OtherSchool => (ids::ALDER, ids::BEN, ids::school(1)),
            Self::OtherDistrict => (ids::BIRCH, ids::ZOE, ids::school(3)),
            _ => (ids::ALDER, ids::ANNA, ids::school(2)),
        }
    }

    /// The first day, and the day on which it has ended. Tests begin on 15 October 2026.
    fn dates(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Expired => ("2025-08-01", Some("2026-08-01")),
            Self::Future => ("2026-10-16", None),
            Self::Revoked => ("2026-08-01", Some("2026-10-15")),
            _ => ("2026-08-01", None),
        }
    }
}

/// A relation that people hold, and who of the cast holds it to Anna.
pub struct Held {
    /// The relation.
    pub relation: Relation,
    /// Who holds it to Anna today: somebody of the cast, or somebody made as at another placement.
    pub by: &'static str,
    stored: Stored,
}

/// How a relation is stored.
enum Stored {
    GuardianLink,
    Assignment,
    /// Teacher and student are in one class.
    Class,
    SchoolOffice,
    DistrictOffice,
    /// Student and guardian have signed that this recipient reads the plan.
    Consent,
    Emergency,
}

/// Every relation that begins and ends.
pub const HELD: &[Held] = &[
    Held { relation: Relation::Guardian, by: "greta", stored: Stored::GuardianLink },
    Held { relation: Relation::Gatekeeper, by: "bela", stored: Stored::Assignment },
    Held { relation: Relation::Teacher, by: "tom", stored: Stored::Assignment },
    Held { relation: Relation::CareerReviewer, by: "cara", stored: Stored::Assignment },
    Held { relation: Relation::SupportSpecialist, by: "supportSpecialist/today", stored: Stored::Assignment },
    Held { relation: Relation::RosterTeacher, by: "rita", stored: Stored::Class },
    Held { relation: Relation::SchoolManager, by: "pam", stored: Stored::SchoolOffice },
    Held { relation: Relation::Coordinator, by: "cora", stored: Stored::DistrictOffice },
    Held { relation: Relation::Custodian, by: "kurt", stored: Stored::DistrictOffice },
    Held { relation: Relation::ConsentedGuardian, by: "consentedGuardian/today", stored: Stored::Consent },
    Held { relation: Relation::Partner, by: "partner/today", stored: Stored::Consent },
    Held { relation: Relation::Mentor, by: "mentor/today", stored: Stored::Consent },
    Held { relation: Relation::GroupMember, by: "groupMember/today", stored: Stored::Consent },
    Held { relation: Relation::Emergency, by: "emergency/today", stored: Stored::Emergency },
];

/// Relations that do not begin and end: one is the student, and a client has its relation by its kind.
pub const STANDING: &[Relation] = &[Relation::Student, Relation::SisClient, Relation::StateClient, Relation::Operator];

impl Held {
    /// The placements that there are: an office is confirmed by being given, and nobody holds one of the whole district in one school.
    fn placements(&self) -> impl Iterator<Item = Placement> {
        let missing: &[Placement] = match self.stored {
            Stored::GuardianLink | Stored::Assignment | Stored::Consent => &[],
            // It counts in minutes, from now.
            Stored::Emergency => &[Placement::Future, Placement::Unconfirmed],
            Stored::Class => &[Placement::Unconfirmed],
            Stored::SchoolOffice => &[Placement::SameSchool, Placement::Unconfirmed],
            Stored::DistrictOffice => &[Placement::SameSchool, Placement::OtherSchool, Placement::Unconfirmed],
        };
        let in_cast = !self.by.ends_with("/today");
        Placement::ALL.into_iter().filter(move |placement| !missing.contains(placement) && (!in_cast || *placement != Placement::Today))
    }

    /// The statement that gives a person the relation.
    fn statement(&self, person: Uuid, placement: Placement) -> String {
        let (district, student, school) = placement.whose();
        let (from, to) = placement.dates();
        let to = to.map_or("null".to_owned(), |day| format!("'{day}'"));
        let confirmed_at = if placement == Placement::Unconfirmed { "null" } else { "'2026-08-20Z'" };
        let (id, kind) = (Uuid::now_v7(), self.relation.word());
        match self.stored {
            Stored::GuardianLink => format!(
                "insert into guardian_links (district_id, id, student_id, guardian_id, rights, confirmed_at, valid_from, valid_to, source, version, created_at, updated_at)
                 values ('{district}', '{id}', '{student}', '{person}', 'full', {confirmed_at}, '{from}', {to}, 'made', 1, '2026-08-01Z', '2026-08-01Z');"
            ),
            Stored::Assignment => format!(
                "insert into assignments (district_id, id, student_id, person_id, kind, program, confirmed_at, valid_from, valid_to, source, version, created_at, updated_at)
                 values ('{district}', '{id}', '{student}', '{person}', '{kind}', case '{kind}' when 'supportSpecialist' then 'iep' end, {confirmed_at}, '{from}', {to}, 'made', 1, '2026-08-01Z', '2026-08-01Z');"
            ),
            Stored::SchoolOffice | Stored::DistrictOffice => {
                let school = if matches!(self.stored, Stored::SchoolOffice) { format!("'{school}'") } else { "null".to_owned() };
                format!(
                    "insert into appointments (district_id, id, person_id, kind, school_id, valid_from, valid_to, version, created_at, updated_at)
                     values ('{district}', '{id}', '{person}', '{kind}', {school}, '{from}', {to}, 1, '2026-08-01Z', '2026-08-01Z');"
                )
            }
            Stored::Consent => consent(self.relation, person, placement),
            Stored::Emergency => {
                let (expires, ended) = match placement {
                    Placement::Expired => ("2026-10-15T14:59:59Z", "null"),
                    Placement::Revoked => ("2026-10-15T15:40:00Z", "'2026-10-15T14:59:00Z'"),
                    _ => ("2026-10-15T15:40:00Z", "null"),
                };
                format!(
                    "insert into emergency_accesses (district_id, id, student_id, person_id, relation, reason, threat, recipients, sections, expires_at, ended_at,
                       family_not_told, review_due_on, version, created_at, updated_at)
                     values ('{district}', '{id}', '{student}', '{person}', 'gatekeeper', 'safety', 'A made-up threat, told in more than forty characters.', 'Nobody', '{{S1b,S2,S4,S8,S10}}',
                       '{expires}', {ended}, false, '2026-10-17', 1, '2026-10-15T14:50:00Z', '2026-10-15T14:50:00Z');"
                )
            }
            // The last day of an enrollment is one on which it still counts. What was revoked is not active.
            Stored::Class => {
                let (class, course, active) = (Uuid::now_v7(), Uuid::now_v7(), placement != Placement::Revoked);
                format!(
                    "insert into courses (district_id, id, title, active, version, created_at, updated_at)
                     values ('{district}', '{course}', 'Art', true, 1, '2026-08-01Z', '2026-08-01Z');
                     insert into classes (district_id, id, school_id, course_id, title, kind, active, version, created_at, updated_at)
                     values ('{district}', '{class}', '{school}', '{course}', 'Art', 'scheduled', true, 1, '2026-08-01Z', '2026-08-01Z');
                     insert into enrollments (district_id, id, class_id, person_id, role, primary_teacher, begins_on, ends_on, active, source, sourced_id, version, created_at, updated_at)
                     values ('{district}', '{student_in}', '{class}', '{student}', 'student', false, null, null, true, 'made', '{student_in}', 1, '2026-08-01Z', '2026-08-01Z'),
                            ('{district}', '{id}', '{class}', '{person}', 'teacher', true, '{from}', {to}::date - 1, {active}, 'made', '{id}', 1, '2026-08-01Z', '2026-08-01Z');",
                    student_in = Uuid::now_v7()
                )
            }
        }
    }
}

/// The statements by which student and guardian let somebody in to goals in two domains.
fn consent(relation: Relation, person: Uuid, placement: Placement) -> String {
    let (district, student, school) = placement.whose();
    let (from, to) = placement.dates();
    let to = to.unwrap_or("2027-06-30");
    let guardian = if district == ids::BIRCH { ids::person(51) } else { ids::person(10) };
    let (id, via) = (Uuid::now_v7(), Uuid::now_v7());
    let row = "1, '2026-08-01Z', '2026-08-01Z'";
    let (kind, recipient, before) = match relation {
        Relation::Partner => (
            "partner",
            "partner_id",
            format!(
                "insert into partners (district_id, id, name, agreement_reference, valid_from, valid_to, version, created_at, updated_at)
                 values ('{district}', '{via}', 'Made', 'A-1', '2025-01-01', '2028-01-01', {row});
                 insert into partner_members (district_id, id, partner_id, person_id, valid_from, version, created_at, updated_at)
                 values ('{district}', '{member}', '{via}', '{person}', '2025-01-01', {row});",
                member = Uuid::now_v7()
            ),
        ),
        Relation::GroupMember => (
            "group",
            "group_id",
            format!(
                "insert into student_groups (district_id, id, school_id, kind, title, valid_from, version, created_at, updated_at)
                 values ('{district}', '{via}', '{school}', 'advisory', 'Made', '2025-01-01', {row});
                 insert into group_members (district_id, id, group_id, person_id, valid_from, version, created_at, updated_at)
                 values ('{district}', '{member}', '{via}', '{person}', '2025-01-01', {row});",
                member = Uuid::now_v7()
            ),
        ),
        Relation::Mentor => ("mentor", "person_id", String::new()),
        _ => ("guardian", "person_id", String::new()),
    };
    let to_whom = if recipient == "person_id" { person } else { via };
    let signature = |as_what: &str, who: Uuid| {
        let signature = Uuid::now_v7();
        format!(
            "insert into consent_signatures (district_id, id, consent_id, student_id, person_id, signed_as, approves, signed_on, signed_at, issuer,
               authentication_methods, version, created_at, updated_at)
             values ('{district}', '{signature}', '{id}', '{student}', '{who}', '{as_what}', true, '2026-08-01', '2026-08-01Z', 'made', '{{}}', {row});"
        )
    };
    let guardian = if placement == Placement::Unconfirmed { String::new() } else { signature("guardian", guardian) };
    format!(
        "{before}
         insert into consents (district_id, id, student_id, recipient_kind, {recipient}, sections, purpose, statement, statement_hash, language,
           valid_from, valid_to, created_by, version, created_at, updated_at)
         values ('{district}', '{id}', '{student}', '{kind}', '{to_whom}', '{{S2,S4}}', 'Made', 'Made', '', 'en', '{from}', '{to}', '{student}', {row});
         {} {guardian}",
        signature("student", student)
    )
}

/// Nobody may have more than three emergency accesses that wait for their review, and whoever tries every operation for every student declares more:
/// what comes over HTTP meanwhile is reviewed as soon as it is declared. A request of a family opens to custodians what it is about, so that what one of them
/// may would depend on what others do at the time: what comes over HTTP meanwhile is about S0, which they read anyway.
pub(crate) const OPENS_NOTHING: &str = "
    create function reviewed_at_once() returns trigger language plpgsql as $$
    begin
      new.reviewed_at := new.created_at; new.reviewed_by := new.person_id; new.justified := true;
      return new;
    end $$;
    create trigger reviewed_at_once before insert on emergency_accesses for each row when (new.recipients <> 'made') execute function reviewed_at_once();
    create function about_status() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'inspection_requests' then new.sections := '{S0}'; else new.section := 'S0'; end if;
      return new;
    end $$;
    create trigger about_status before insert on inspection_requests for each row execute function about_status();
    create trigger about_status before insert on amendment_requests for each row execute function about_status();";

/// A caller at a placement.
pub struct Placed<'a> {
    /// The relation and the placement, as `teacher/expired`.
    pub name: String,
    /// The relation.
    pub relation: Relation,
    /// Where.
    pub placement: Placement,
    /// With a token.
    pub actor: Actor<'a>,
}

/// Makes everybody who holds a relation elsewhere or at another time, with tokens.
pub async fn placed(app: &TestApp) -> Vec<Placed<'_>> {
    let owner = app.database.owner().await;
    let mut all = vec![];
    for held in HELD {
        for placement in held.placements() {
            let (district, ..) = placement.whose();
            let (person, name) = (Uuid::now_v7(), format!("{}/{}", held.relation, placement.word()));
            let someone = format!(
                "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
                 values ('{district}', '{person}', '{name}', 'Placed', true, 1, '2026-08-01Z', '2026-08-01Z');
                 insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at)
                 values ('{district}', '{link}', 'http://openilp.test/demo-issuer/{district}', '{name}', '{person}', 1, '2026-08-01Z', '2026-08-01Z');",
                link = Uuid::now_v7()
            );
            owner.batch_execute(&(someone + &held.statement(person, placement))).await.unwrap();
            let actor = app.person_of(district, &name).await;
            all.push(Placed { name, relation: held.relation, placement, actor });
        }
    }
    all
}
