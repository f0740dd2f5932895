//! The private ILP file (R12, R131): who takes part in it, its divisions by school year, and the registrations copied into it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::access::{Relation, Section};
use crate::goal::PlanKind;
use crate::grade::Grade;
use crate::id::{DivisionId, IlpFileId, PersonId, RegistrationId, SchoolId, StudentId};
use crate::noun::Sectioned;
use crate::report_card::ReportCard;

crate::words! {
    /// Whether a file is written to.
    FileStatus {
        /// It is kept and written to.
        Open = "open",
        /// It is kept and no longer written to.
        Frozen = "frozen",
    }
}

/// The private file of a student: one for each, kept by the school that the student attends (R12).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct IlpFile {
    /// The id.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: IlpFileId,
    /// The student.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub student_id: StudentId,
    /// The school that keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(value_type = Option<uuid::Uuid>, nullable = false))]
    pub school_id: Option<SchoolId>,
    /// Whether it is written to.
    pub status: FileStatus,
    /// The day it was opened.
    pub opened_on: NaiveDate,
    /// The version, from 1.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Sectioned for IlpFile {
    fn section(&self) -> Section {
        Section::Status
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        None
    }
}

/// The part of a file for one school year (R13).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Division {
    /// The id.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: DivisionId,
    /// The school year, named by the year in which it ends.
    pub school_year: i32,
    /// The school year as people write it, such as 2026-27.
    pub title: String,
    /// The registrations copied into it.
    pub registrations: Vec<Registration>,
    /// The marks of report cards copied into it (R18), with those that were corrected since.
    pub report_cards: Vec<ReportCard>,
}

/// A copy of the student's registration for a class in a term (R15), with its teachers (R16) and how to reach them (R17).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    /// The id.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub id: RegistrationId,
    #[serde(skip)]
    #[cfg_attr(feature = "wire", schema(ignore))]
    /// The student; said by the file around it.
    pub student_id: StudentId,
    #[serde(skip)]
    #[cfg_attr(feature = "wire", schema(ignore))]
    /// The division; said by the division around it.
    pub division_id: DivisionId,
    /// The term.
    pub term_title: String,
    /// The first day of the term.
    pub term_starts_on: NaiveDate,
    /// The last day of the term.
    pub term_ends_on: NaiveDate,
    /// The class.
    pub class_title: String,
    /// The code of the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub class_code: Option<String>,
    /// Its teachers, as they were when it was copied.
    pub teachers: Vec<RegistrationTeacher>,
    /// The day on which the student left the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub withdrawn_on: Option<NaiveDate>,
    /// The system it was copied from.
    pub source: String,
    /// What that system calls it.
    pub sourced_id: String,
    /// When it was copied.
    pub captured_at: DateTime<Utc>,
    /// The version, from 1.
    pub version: i32,
}

/// A teacher of a class, as copied into a registration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RegistrationTeacher {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The telephone number at which participants can reach the teacher (R17).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub telephone: Option<String>,
}

impl Sectioned for Registration {
    fn section(&self) -> Section {
        Section::SchoolRecords
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        None
    }
}

/// Somebody who takes part in a file (R40), and how to reach them (R19).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// The person.
    #[cfg_attr(feature = "wire", schema(value_type = uuid::Uuid))]
    pub person_id: PersonId,
    #[serde(skip)]
    #[cfg_attr(feature = "wire", schema(ignore))]
    /// The student; said by the file around it.
    pub student_id: StudentId,
    /// How they stand to the student.
    pub relation: Relation,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The telephone number, for those who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub telephone: Option<String>,
    /// The e-mail address, for those who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub email: Option<String>,
    /// Where they live or take mail, for those who may see it (R19).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "wire", schema(required = false))]
    pub addresses: Vec<Address>,
    /// Where they can be rung, besides `telephone`, for those who may see it (R19).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "wire", schema(required = false))]
    pub telephones: Vec<Telephone>,
    /// Whether the district has confirmed it, for those who may see that. An unconfirmed one grants nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub confirmed: Option<bool>,
}

/// Who is responsible for preparing the plan (R41): from grade 9 on the student, in consultation with the others; before, and where no grade says,
/// the gatekeeper with the family.
pub fn responsible(grade: Option<Grade>) -> &'static [Relation] {
    match grade.and_then(Grade::is_below_9) {
        Some(false) => &[Relation::Student],
        Some(true) | None => &[Relation::Gatekeeper, Relation::Guardian],
    }
}

/// Whom the participants of a file lack: a gatekeeper, whom every file has (R71), and of a PCCR a career reviewer (R45, R46). Whoever is not confirmed
/// does not count.
pub fn missing(kind: PlanKind, participants: &[Participant]) -> Vec<Relation> {
    let needed: &[Relation] = match kind {
        PlanKind::Ilp => &[Relation::Gatekeeper],
        PlanKind::Pccr => &[Relation::Gatekeeper, Relation::CareerReviewer],
    };
    let is_there = |relation: Relation| participants.iter().any(|one| one.relation == relation && one.confirmed != Some(false));
    needed.iter().copied().filter(|relation| !is_there(*relation)).collect()
}

/// An address of a participant, in force today (R19).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// `home`, `mailing`, `work`, `other`, or an `ext:` word of the source.
    pub kind: String,
    /// Street and number.
    pub street: String,
    /// The flat or suite.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub unit: Option<String>,
    /// The town.
    pub city: String,
    /// The state, two capital letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub state: Option<String>,
    /// The postal code.
    pub postal_code: String,
    /// The country, two capital letters; the district's own, if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub country: Option<String>,
}

/// A telephone of a participant, in force today (R19).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Telephone {
    /// `home`, `mobile`, `work`, `other`, or an `ext:` word of the source.
    pub kind: String,
    /// The number.
    pub number: String,
    /// The extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wire", schema(nullable = false))]
    pub extension: Option<String>,
    /// Whether it is the one to ring first.
    pub first_choice: bool,
}

impl Sectioned for Participant {
    /// A specialist tells by being there that the student is in a support programme (S9).
    fn section(&self) -> Section {
        if self.relation == Relation::SupportSpecialist { Section::Transition } else { Section::Identity }
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        Some(self.person_id)
    }
}
