//! Consents to let somebody in (34 CFR 99.30, L16): a partner, a mentor, a group, the parent of an eligible student. What a student shares is a
//! consent too. None is ever edited: it is signed, and it may be revoked.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::access::matrix::{When, row};
use crate::access::{Relation, Section, Sections, Signatures, StudentFacts, signatures_suffice};
use crate::field::Answered;
use crate::id::{ConsentId, GoalId, PartnerId, PersonId, StudentGroupId, StudentId};
use crate::invalid::Invalid;
use crate::text::{LongText, ShortText};
use crate::time::{covers, period_faults};

/// The most days that a consent lasts: a year.
const DAYS_MAX: u64 = 366;

crate::words! {
    /// Who is let in.
    RecipientKind {
        /// The staff of a partner of the district, while its agreement runs (R74).
        Partner = "partner",
        /// An adult whom the student chose.
        Mentor = "mentor",
        /// The members of an advisory or small group (R138).
        Group = "group",
        /// A parent or guardian, once the student is eligible (34 CFR 99.5).
        Guardian = "guardian",
    }
}

impl RecipientKind {
    /// How whoever is let in stands to the student.
    pub const fn relation(self) -> Relation {
        match self {
            Self::Partner => Relation::Partner,
            Self::Mentor => Relation::Mentor,
            Self::Group => Relation::GroupMember,
            Self::Guardian => Relation::ConsentedGuardian,
        }
    }

    /// The sections that a consent may name: what the table opens to those whom one lets in.
    pub fn sections(self) -> Sections {
        let named = |grants: &[crate::access::matrix::Grant]| grants.iter().any(|grant| grant.when == When::Within);
        row(self.relation()).iter().filter(|(_, grants)| named(grants)).map(|(section, _)| *section).collect()
    }
}

crate::words! {
    /// In which capacity somebody signs.
    SignedAs {
        /// The student.
        Student = "student",
        /// A guardian with full rights.
        Guardian = "guardian",
    }
}

crate::words! {
    /// Where a consent stands today.
    ConsentStatus {
        /// It counts.
        InForce = "inForce",
        /// Somebody who must has not signed. From the day on which the rights pass, the student signs again.
        WaitsForSignatures = "waitsForSignatures",
        /// A guardian with full rights objects.
        Objected = "objected",
        /// The date of birth is not known, so neither is who may consent.
        RightsHolderUnknown = "rightsHolderUnknown",
        /// It begins later.
        NotBegun = "notBegun",
        /// It is over.
        Ended = "ended",
        /// It was revoked. What was read before stays read.
        Revoked = "revoked",
    }
}

crate::view! {
    /// What somebody signed, last.
    ConsentSignature
    required {
        /// Who.
        person_id: PersonId,
        /// In which capacity.
        signed_as: SignedAs,
        /// Whether they agree; false is an objection, or an agreement taken back.
        approves: bool,
        /// The day, in the district's time zone.
        signed_on: NaiveDate,
        /// When.
        signed_at: DateTime<Utc>,
        /// Who vouched for the login.
        issuer: String,
        /// How the login was proven, in the issuer's words (`amr`).
        authentication_methods: Answered<String>,
    }
    optional {
        /// How strong the login was, in the issuer's words (`acr`).
        authentication_class: String,
        /// When the person logged in (`auth_time`).
        authenticated_at: DateTime<Utc>,
    }
    example {
        "personId": crate::wire_example_id(),
        "signedAs": "student",
        "approves": true,
        "signedOn": "2026-09-01",
        "signedAt": "2026-09-01T15:04:05Z",
        "issuer": "https://id.canyonview.example",
        "authenticationMethods": ["pwd", "otp"]
    }
}

impl crate::field::Field for ConsentSignature {
    fn read(_: &serde_json::Value) -> Result<Self, Invalid> {
        crate::field::wrong("not_sent", "A signature is made by its own request.")
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name(<Self as crate::plain::View>::NAME).into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        let schema = <Self as crate::plain::View>::schema(named);
        named.push((<Self as crate::plain::View>::NAME.to_owned(), schema.into()));
    }
}

crate::view! {
    /// A consent.
    Consent
    required {
        /// The id.
        id: ConsentId,
        /// Whose file it is about.
        student_id: StudentId,
        /// Who is let in.
        recipient_kind: RecipientKind,
        /// Which sections of the file.
        sections: Vec<Section>,
        /// For what.
        purpose: LongText,
        /// The words that are signed.
        statement: String,
        /// The first day.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
        /// Where it stands today.
        status: ConsentStatus,
        /// Who signed, and who objects.
        signatures: Answered<ConsentSignature>,
        /// Who drew it up.
        created_by: PersonId,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was drawn up.
        created_at: DateTime<Utc>,
        /// When it was last signed or revoked.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The mentor or guardian.
        person_id: PersonId,
        /// The partner.
        partner_id: PartnerId,
        /// The group.
        group_id: StudentGroupId,
        /// The one goal to which it is limited, with what belongs to it.
        goal_id: GoalId,
        /// When it was revoked.
        revoked_at: DateTime<Utc>,
        /// Who revoked it.
        revoked_by: PersonId,
    }
    example {
        "id": crate::wire_example_id(),
        "studentId": crate::wire_example_id(),
        "recipientKind": "mentor",
        "personId": crate::wire_example_id(),
        "sections": ["S2", "S4"],
        "purpose": "To talk about the choice of a college.",
        "statement": "I agree that …",
        "validFrom": "2026-09-01",
        "validTo": "2027-06-30",
        "status": "waitsForSignatures",
        "signatures": [],
        "createdBy": crate::wire_example_id(),
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// A consent as it is drawn up. It counts once all who must have signed it.
    NewConsent
    required {
        /// Who is let in.
        recipient_kind: RecipientKind,
        /// Which sections of the file.
        sections: Vec<Section>,
        /// For what.
        purpose: LongText,
    }
    defaulted {}
    optional {
        /// The mentor or guardian.
        person_id: PersonId,
        /// The partner.
        partner_id: PartnerId,
        /// The group.
        group_id: StudentGroupId,
        /// One goal, to which it is limited.
        goal_id: GoalId,
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended; a year after the first day if left out, and no later.
        valid_to: NaiveDate,
    }
    example {
        "recipientKind": "mentor",
        "personId": crate::wire_example_id(),
        "sections": ["S2", "S4"],
        "purpose": "To talk about the choice of a college."
    }
    check |new| {
        let mut invalid = Invalid::default();
        let wanted = match new.recipient_kind {
            RecipientKind::Partner => "/partnerId",
            RecipientKind::Group => "/groupId",
            RecipientKind::Mentor | RecipientKind::Guardian => "/personId",
        };
        let sent = [("/personId", new.person_id.is_some()), ("/partnerId", new.partner_id.is_some()), ("/groupId", new.group_id.is_some())];
        for (pointer, there) in sent {
            match (pointer == wanted, there) {
                (true, false) => invalid.push(pointer, "required", "Say who is let in."),
                (false, true) => invalid.push(pointer, "other_recipient", "This names another kind of recipient."),
                _ => {}
            }
        }
        if new.sections.is_empty() {
            invalid.push("/sections", "bad_length", "Must name a section.");
        }
        let may_name = new.recipient_kind.sections();
        for (n, section) in new.sections.iter().enumerate() {
            if !may_name.contains(*section) {
                invalid.push(format!("/sections/{n}"), "never_opened", format!("To such a recipient only {may_name} can be opened."));
            }
        }
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

impl NewConsent {
    /// The first day and the day on which it has ended.
    pub fn period(&self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Invalid> {
        let from = self.valid_from.unwrap_or(today);
        let last = from.checked_add_days(Days::new(DAYS_MAX)).unwrap_or(from);
        let to = self.valid_to.unwrap_or(last);
        if to > last {
            return Err(Invalid::one("/validTo", "too_long", "A consent lasts a year at most; then it is signed anew."));
        }
        if to <= from || to <= today {
            return Err(Invalid::one("/validTo", "over", "It would be over before it begins, or is over already."));
        }
        Ok((from, to))
    }

    /// The words that are signed: which records, for what, to whom, until when (34 CFR 99.30(b), 99.33).
    pub fn statement(&self, student: &str, recipient: &str, goal: Option<&str>, (from, to): (NaiveDate, NaiveDate)) -> String {
        let named: Sections = self.sections.iter().copied().collect();
        let titles: Vec<&str> = named.iter().map(Section::title).collect();
        let limited = goal.map(|title| format!(" Only the goal \"{title}\" and what belongs to it is opened.")).unwrap_or_default();
        format!(
            "I agree that {recipient} may read the following parts of the Individual Learning Plan file of {student}, from {from} until the day before {to}: {}.{limited} \
             The purpose is: {}. \
             I can revoke this at any time; what was read before stays read. Whoever reads it may not pass it on without my agreement.",
            titles.join("; "),
            self.purpose.as_str().trim_end_matches('.')
        )
    }
}

crate::body! {
    /// A signature, by the one who sends it.
    NewConsentSignature
    required {
        /// Whether you agree. False objects, or takes an agreement back.
        approves: bool,
    }
    defaulted {}
    optional {}
    example { "approves": true }
    check crate::plain::no_rules
}

/// Where a consent stands today.
pub fn status(
    period: (NaiveDate, NaiveDate),
    revoked: bool,
    signatures: &[ConsentSignature],
    student: &StudentFacts,
    today: NaiveDate,
) -> ConsentStatus {
    use crate::access::WhyNot;
    let (from, to) = period;
    if revoked {
        return ConsentStatus::Revoked;
    }
    if !covers(Some(from), Some(to), today) {
        return if today < from { ConsentStatus::NotBegun } else { ConsentStatus::Ended };
    }
    let by = |who: SignedAs| signatures.iter().filter(move |signature| signature.signed_as == who);
    let signed = Signatures {
        student_on: by(SignedAs::Student).filter(|signature| signature.approves).map(|signature| signature.signed_on).max(),
        guardian: by(SignedAs::Guardian).any(|signature| signature.approves),
        objection: signatures.iter().any(|signature| !signature.approves),
    };
    match signatures_suffice(&signed, student, today) {
        Ok(()) => ConsentStatus::InForce,
        Err(WhyNot::RightsHolderUnknown) => ConsentStatus::RightsHolderUnknown,
        Err(WhyNot::Objected) => ConsentStatus::Objected,
        Err(_) => ConsentStatus::WaitsForSignatures,
    }
}

/// The name of a recipient, as it stands in the statement.
pub fn recipient_in_words(kind: RecipientKind, name: &ShortText) -> String {
    match kind {
        RecipientKind::Partner => format!("the staff of {}", name.as_str()),
        RecipientKind::Group => format!("the members of the group {}", name.as_str()),
        RecipientKind::Mentor | RecipientKind::Guardian => name.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_new_consent_is_named() {
        let id = crate::wire_example_id();
        let sent = json!({ "recipientKind": "mentor", "partnerId": id, "sections": ["S2", "S3", "S10"], "purpose": "Talk", "validFrom": "2026-09-01", "validTo": "2026-08-01" });
        let Err(invalid) = NewConsent::read(sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/personId", "/partnerId", "/sections/1", "/sections/2", "/validTo"]);
    }

    #[test]
    fn i7_no_consent_opens_to_mentors_and_groups_what_the_table_closes() {
        assert_eq!(RecipientKind::Mentor.sections().to_string(), "S2,S4,S5,S6,S7");
        assert_eq!(RecipientKind::Group.sections().to_string(), "S2,S4,S5,S6,S7");
        assert_eq!(RecipientKind::Partner.sections().to_string(), "S1a,S2,S4,S5,S6,S7");
    }

    #[test]
    fn l16_the_statement_names_records_purpose_and_party() {
        let new = NewConsent::read(NewConsent::example()).unwrap();
        let period = new.period("2026-09-01".parse().unwrap()).unwrap();
        let text = new.statement("Anna Ash", "Max Maple", None, period);
        for part in ["Max Maple", "Anna Ash", "Academic goals", "choice of a college", "2026-09-01", "2027-09-02"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_consent_lasts_a_year_at_most() {
        let today = "2026-09-01".parse().unwrap();
        let until = |day: &str| NewConsent { valid_to: Some(day.parse().unwrap()), ..NewConsent::read(NewConsent::example()).unwrap() };
        assert!(until("2027-09-02").period(today).is_ok());
        assert!(until("2027-09-03").period(today).is_err());
        assert!(until("2026-09-01").period(today).is_err());
    }
}
