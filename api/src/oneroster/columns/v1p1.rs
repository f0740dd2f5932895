//! The files of OneRoster 1.1. Most are those of 1.2. There is no `roles.csv`: each user has one role, at one org or several.

use super::super::reading;
use super::super::rows::*;
use super::v1p2::{ACADEMIC_SESSIONS, CLASS_RESOURCES, CLASSES, COURSE_RESOURCES, COURSES, DEMOGRAPHICS, ENROLLMENTS, ORGS, RESOURCES};
use super::{Column, File, ID, Import::*, Kind::*, MODIFIED, STATUS, csv_file, narrowed, open, optional, required};

/// The roles of 1.1. `administrator` becomes that of a site or of a district, by the org.
pub(in super::super) const ROLES: &[&str] = &["administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher"];

const USERS: File = csv_file!(
    "users",
    Required,
    true,
    reading::user_1_1,
    [
        required("enabledUser", Boolean),
        required("orgSourcedIds", References("orgs")),
        required("role", Word(narrowed(ROLES))),
        required("username", Text),
        optional("userIds", UserIds),
        required("givenName", Text),
        required("familyName", Text),
        optional("middleName", Text),
        optional("identifier", Text),
        optional("email", Text),
        optional("sms", Text),
        optional("phone", Text),
        optional("agentSourcedIds", References("users")),
        optional("grades", Grades),
        optional("password", Password),
    ]
);

/// `users.csv`, read once more for the roles in it.
const ROLES_OF_USERS: File = File { makes: "roles.csv", read: reading::no_row, ..USERS };

const CATEGORIES: File = csv_file!("categories", Optional, false, CategoryRow::read, [required("title", Text)]);

const LINE_ITEMS: File = csv_file!(
    "lineItems",
    Optional,
    false,
    LineItemRow::read,
    [
        required("title", Text),
        optional("description", Prose),
        required("assignDate", Date),
        required("dueDate", Date),
        required("classSourcedId", Reference("classes")),
        required("categorySourcedId", Reference("categories")),
        Column { name: "gradingPeriodSourcedId", field: "academicSessionSourcedId", required: true, kind: Reference("academicSessions") },
        optional("resultValueMin", Number),
        optional("resultValueMax", Number),
    ]
);

const RESULTS: File = csv_file!(
    "results",
    Optional,
    true,
    ResultRow::read,
    [
        required("lineItemSourcedId", Reference("lineItems")),
        required("studentSourcedId", Reference("users")),
        required("scoreStatus", Word(open(ScoreStatus::WORDS))),
        optional("score", Number),
        required("scoreDate", Date),
        optional("comment", Prose),
    ]
);

/// Every file of 1.1, in the order in which they are read.
pub(super) static FILES: [File; 14] = [
    ORGS, ACADEMIC_SESSIONS, COURSES, CLASSES, USERS, ROLES_OF_USERS, DEMOGRAPHICS, ENROLLMENTS, CATEGORIES, LINE_ITEMS, RESULTS, RESOURCES,
    CLASS_RESOURCES, COURSE_RESOURCES,
];
