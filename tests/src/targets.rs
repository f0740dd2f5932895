//! What a valid request to each operation is made of: the ids in its path, its body, its headers.
//!
//! A new operation needs nothing here. A kind of record that the student cannot add by `create_` and its name needs a line in
//! [`Targets::id`], how one comes to be.

mod catalogue;
mod made;
mod place;

use place::adding;
pub use place::{PLACES, Place, places};

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use openilp_domain::id::DistrictId;
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::operations::{Operation, every};
use crate::{Actor, Answer, TestApp, ids};

/// Lists of what only a roster brings or would change what everybody sees, and what is to be there before they are asked for.
const STATED: &[(&str, &str)] = &[
    ("export_roster", "rosterOfSource"),
    ("list_privacy_preferences", "privacyPreferenceId"),
    ("list_student_flags", "studentFlagId"),
    ("list_attendance_totals", "attendanceTotalId"),
    ("list_year_outcomes", "yearOutcomeId"),
    ("list_post_school_outcomes", "postSchoolOutcomeId"),
    ("list_resource_decisions", "resourceDecisionId"),
    ("list_my_annual_notices", "publishedAnnualNoticeId"),
];

/// A request, ready to be sent by anybody.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The operation.
    pub operation: Operation,
    /// The path.
    pub path: String,
    /// The headers, but for the idempotency key.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

impl Prepared {
    /// Somebody sends it, under a correlation id of one's own choice or none.
    pub async fn sent_by(&self, actor: &Actor<'_>, correlation: &str) -> Answer {
        let key = Uuid::now_v7().to_string();
        let mut headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if self.operation.needs("Idempotency-Key") {
            headers.push(("idempotency-key", &key));
        }
        if !correlation.is_empty() {
            headers.push(("x-correlation-id", correlation));
        }
        // A machine that is busy with other things may make the service say so; then it is asked again, as it wants to be.
        for _ in 0..20 {
            let answer = actor.send(self.operation.method.clone(), &self.path, &headers, self.body.clone()).await;
            if !matches!(answer.status, 408 | 503) {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("{}: still busy", self.operation)
    }
}

/// Makes the records that requests name.
pub struct Targets<'a> {
    app: &'a TestApp,
    owner: tokio_postgres::Client,
    made: AtomicU64,
    years: AtomicU64,
    tokens: Mutex<HashMap<(DistrictId, &'static str), String>>,
}

impl<'a> Targets<'a> {
    /// In the database of that service.
    pub async fn of(app: &'a TestApp) -> Self {
        let owner = app.database.owner().await;
        owner.batch_execute(crate::placements::OPENS_NOTHING).await.unwrap();
        Self { app, owner, made: AtomicU64::default(), years: AtomicU64::default(), tokens: Mutex::default() }
    }

    /// A valid request to an operation, on records made for it.
    pub async fn prepare(&self, operation: &Operation, place: Place) -> Prepared {
        let mut path = operation.path.clone();
        for name in &operation.placeholders {
            // What is changed of a district would change what everybody may: a new one is changed.
            // What may be done with a roster load depends on how it has ended.
            let kind = match operation.id.as_str() {
                "amend_district" => "newDistrictId",
                "release_roster_import" => "heldImportId",
                "retry_roster_import" => "refusedImportId",
                "roll_back_roster_import" => "appliedImportId",
                // What may be done with a request depends on where it stands.
                "ask_for_amendment_hearing" | "place_contest_statement" => "refusedAmendmentId",
                "set_amendment_hearing" => "contestedAmendmentId",
                "decide_amendment_hearing" => "heardAmendmentId",
                shared if shared.ends_with("_shared_model_plan") => "sharedModelPlanId",
                "cancel_plan_job" => "runningPlanJobId",
                _ => name,
            };
            path = path.replace(&format!("{{{name}}}"), &self.id(kind, place).await);
        }
        let mut headers = vec![];
        if operation.needs("If-Match") {
            headers.push(("if-match", "\"1\"".to_owned()));
        }
        if let Some((_, fact)) = STATED.iter().find(|(list, _)| *list == operation.id) {
            self.id(fact, place).await;
        }
        let body = match &operation.body {
            None => None,
            Some((media, example)) => {
                headers.push(("content-type", media.clone()));
                Some(self.body(operation, example, place).await)
            }
        };
        Prepared { operation: operation.clone(), path, headers, body }
    }

    /// The id of a record of the place, as the path or a body names it. The one table from a kind of record to how one comes to be.
    fn id<'s>(&'s self, name: &'s str, place: Place) -> BoxFuture<'s, String> {
        Box::pin(async move {
            match name {
                "districtId" => place.district.to_string(),
                "studentId" => ids::person(place.n).to_string(),
                "ilpFileId" | "fileId" => ids::file(place.n).to_string(),
                "schoolId" => ids::school(place.school).to_string(),
                "proposalId" => self.added("propose_goal", place.proposer().unwrap(), place).await,
                "recommendationId" => self.added("create_recommendation", place.proposer().unwrap(), place).await,
                "rosterImportId" => self.added("create_roster_import", place.sis(), place).await,
                "newDistrictId" => self.added("create_district", "operator", place).await,
                "issuerId" => self.added("create_issuer", "operator", place).await,
                "agreementId" => self.added("create_agreement", "operator", place).await,
                "appointmentId" => self.added("create_district_appointment", "operator", place).await,
                "identityLinkId" => self.added("create_district_identity_link", "operator", place).await,
                "invitationId" => self.added("create_invitation", place.custodian(), place).await,
                "personMergeId" => self.added("create_person_merge", place.custodian(), place).await,
                "alarmId" => self.new_alarm(place).await,
                "emergencyAccessId" => self.new_emergency_access(place).await,
                "noticeId" => self.new_notice(place).await,
                "potentialDuplicateId" => self.new_potential_duplicate(place).await,
                "unlinkedLoginId" => self.new_unlinked_login(place).await,
                "personId" | "guardianId" | "keepId" | "mergeId" => self.new_person(place).await,
                "consentId" => self.added("create_consent", place.custodian(), place).await,
                "clientId" => self.new_client().await,
                "guardianLinkId" => self.new_guardian_link(place, ids::person(place.n)).await,
                "assignmentId" => self.new_assignment(place, ids::person(place.n)).await,
                "groupId" => self.id("studentGroupId", place).await,
                "adultStatusId" | "restrictionId" | "partnerId" | "partnerMemberId" | "studentGroupId" | "groupMemberId" | "frontEndId" => {
                    self.added(&adding(name).unwrap().id, place.custodian(), place).await
                }
                "graduationRequirementId" => self.added("create_graduation_requirement", place.custodian(), place).await,
                "privacyPreferenceId" => self.new_privacy_preference(place).await,
                "resourceDecisionId" => self.new_resource_decision(place).await,
                "reportCardId" => self.new_report_card(place).await,
                "newSchoolId" => self.new_school(place).await,
                "studentFlagId" => self.new_fact(place, "student_flags", "flag", "'iep'").await,
                "attendanceTotalId" => self.new_attendance_total(place).await,
                "yearOutcomeId" => {
                    let school = format!("'{}', 2026, 'promoted'", ids::school(place.school));
                    self.new_fact(place, "year_outcomes", "school_id, school_year, outcome", &school).await
                }
                "postSchoolOutcomeId" => self.new_fact(place, "post_school_outcomes", "kind, as_of", "'employment', '2026-10-01'").await,
                "rosterOfSource" => self.new_roster(place).await,
                "heldImportId" => self.new_import(place, "held").await,
                "refusedImportId" => self.new_import(place, "refused").await,
                "appliedImportId" => self.new_import(place, "applied").await,
                "planJobId" => self.new_plan_job(place, "done").await,
                "runningPlanJobId" => self.new_plan_job(place, "running").await,
                case if let Some(made) = self.of_a_case(case, place) => made.await,
                one if let Some(made) = self.of_a_catalogue(one, place) => made.await,
                // What goes by its name is added by the student.
                other if let Some(adding) = adding(other) => self.added(&adding.id, place.student, place).await,
                other => panic!("say in tests/src/targets.rs, Targets::id, how a record for {{{other}}} comes to be"),
            }
        })
    }

    /// The id of a record that somebody adds. Boxed: what it needs is made on its stack.
    fn added<'s>(&'s self, operation: &'s str, by: &'static str, place: Place) -> BoxFuture<'s, String> {
        Box::pin(async move {
            let operation = every().iter().find(|known| known.id == operation).unwrap();
            let prepared = self.prepare(operation, place).await;
            let answer = prepared.sent_by(&self.actor(by, place).await, "").await;
            assert!(answer.status < 300, "{operation} by {by}: {} {}", answer.status, String::from_utf8_lossy(&answer.bytes));
            answer.id()
        })
    }

    /// Somebody of the district of the place, or a client.
    async fn actor(&self, name: &'static str, place: Place) -> Actor<'a> {
        let mut tokens = self.tokens.lock().await;
        if let Some(token) = tokens.get(&(place.district, name)) {
            return self.app.bearer(token.clone());
        }
        let is_client = matches!(name, "sis" | "birch-sis" | "operator" | "state");
        let actor = if is_client { self.app.client(name).await } else { self.app.person_of(place.district, name).await };
        tokens.insert((place.district, name), actor.token().to_owned());
        actor
    }

    /// The documented example, with the ids of real records.
    async fn body(&self, operation: &Operation, example: &Value, place: Place) -> Vec<u8> {
        // What becomes of a bundle shows after the answer; any bytes are taken in.
        if operation.body.as_ref().is_some_and(|(media, _)| media == "application/zip") {
            return b"no bundle".to_vec();
        }
        assert!(!example.is_null(), "{operation}: the body has no example; give one where it is described");
        let mut body = example.clone();
        self.fill(operation, &mut body, place).await;
        body.to_string().into_bytes()
    }

    fn fill<'s>(&'s self, operation: &'s Operation, value: &'s mut Value, place: Place) -> BoxFuture<'s, ()> {
        Box::pin(async move {
            if let Some(items) = value.as_array_mut() {
                for item in items {
                    self.fill(operation, item, place).await;
                }
            }
            let Some(object) = value.as_object_mut() else { return };
            for (name, member) in object {
                match (name.as_str(), member.as_str()) {
                    ("domain", Some(_)) => *member = place.domain.into(),
                    // An issuer has one district, and a login one person.
                    ("issuer", Some(_)) if operation.id == "create_issuer" => *member = format!("https://id-{}.example", self.number()).into(),
                    ("clientId", Some(_)) if operation.id.ends_with("_front_end") => *member = format!("app-{}", self.number()).into(),
                    ("subject", Some(_)) => *member = format!("login-{}", self.number()).into(),
                    // An identifier is one framework's.
                    ("identifier", Some(_)) if operation.path.ends_with("frameworks") => *member = Uuid::now_v7().to_string().into(),
                    // An entry has one label in a language.
                    ("language", Some(_)) if operation.id == "create_catalogue_label" => *member = format!("en-x-{}", self.number()).into(),
                    // The code of an invitation that is open, to the student.
                    ("code", Some(_)) if operation.id == "redeem_invitation" => *member = self.new_code(place).await.into(),
                    // To confirm all of a school is tried on a school of its own: what is confirmed opens files.
                    ("schoolId", Some(_)) if operation.path.ends_with("/confirmations") => *member = self.id("newSchoolId", place).await.into(),
                    // Who the student is a custodian reads without a request of the family; when the row was made is no text of an answer.
                    ("recordKind", Some(_)) if operation.id == "create_redaction" => *member = "student".into(),
                    ("recordId", Some(_)) if operation.id == "create_redaction" => *member = self.id("studentId", place).await.into(),
                    ("words", Some(_)) if operation.id == "create_redaction" => *member = "2026-08-01T".into(),
                    // What is translated is a goal of the student.
                    ("recordId", Some(_)) if operation.id == "create_translation" => *member = self.id("goalId", place).await.into(),
                    ("schoolYear", None) if operation.id == "create_annual_notice" => *member = self.school_year().into(),
                    ("keepId" | "mergeId", Some(_)) => *member = self.id(name, place).await.into(),
                    (_, Some(id)) if id == openilp_domain::wire_example_id() => *member = self.id(name, place).await.into(),
                    _ => self.fill(operation, member, place).await,
                }
            }
        })
    }

    /// A school year that nobody has had.
    fn school_year(&self) -> u64 {
        1990 + self.years.fetch_add(1, Ordering::Relaxed)
    }

    fn number(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    async fn insert(&self, statement: &str, values: &[&(dyn tokio_postgres::types::ToSql + Sync)]) {
        self.owner.execute(statement, values).await.unwrap();
    }

    /// A new person of the district of the place, whom nothing links to anybody.
    async fn new_person(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into people (district_id, id, given_name, family_name, active, version, created_at, updated_at)
                      values ($1, $2, $3, 'New', true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &format!("N{}", self.number())]).await;
        id.to_string()
    }

    /// A login that came and is nobody's.
    async fn new_unlinked_login(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into unlinked_logins (district_id, id, issuer, subject, reason, times_seen, first_seen_at, last_seen_at, version)
                      values ($1, $2, 'https://id.example', $3, 'nobody', 1, '2026-08-01Z', '2026-08-01Z', 1)";
        self.insert(insert, &[&place.district.0, &id, &format!("unlinked-{}", self.number())]).await;
        id.to_string()
    }

    /// The code of an invitation of the student.
    async fn new_code(&self, place: Place) -> String {
        let custodian = self.actor(place.custodian(), place).await;
        let made = custodian.post("/v1/invitations", serde_json::json!({ "personId": ids::person(place.n) })).await.expect(201);
        made.json()["code"].as_str().unwrap().to_owned()
    }

    /// A new client of the state, with which nobody has an agreement.
    async fn new_client(&self) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into clients (id, kind, name, secret_hash, active, version, created_at, updated_at)
                      values ($1, 'state', $2, sha256('x'), true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&id, &format!("client-{}", self.number())]).await;
        id.to_string()
    }

    /// A link of a new person to a student that waits for the custodian.
    async fn new_guardian_link(&self, place: Place, student: Uuid) -> String {
        let (id, guardian) = (Uuid::now_v7(), self.new_person(place).await.parse::<Uuid>().unwrap());
        let insert =
            "insert into guardian_links (district_id, id, student_id, guardian_id, rights, valid_from, source, version, created_at, updated_at)
                      values ($1, $2, $3, $4, 'full', '2026-08-01', 'sis', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &student, &guardian]).await;
        id.to_string()
    }

    /// An assignment of a new person to a student that waits for the custodian.
    async fn new_assignment(&self, place: Place, student: Uuid) -> String {
        let (id, person) = (Uuid::now_v7(), self.new_person(place).await.parse::<Uuid>().unwrap());
        let insert = "insert into assignments (district_id, id, student_id, person_id, kind, valid_from, source, version, created_at, updated_at)
                      values ($1, $2, $3, $4, 'teacher', '2026-08-01', 'sis', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &student, &person]).await;
        id.to_string()
    }

    /// A roster load of a source of its own that has ended in some way. Its hash is the one that the examples have.
    async fn new_import(&self, place: Place, status: &str) -> String {
        let id = Uuid::now_v7();
        let insert =
            "insert into roster_imports (district_id, id, source, dry_run, status, stage_done, bundle_hash, bundle_bytes, fault_count, version,
                                                  created_at, updated_at)
                      values ($1, $2, $3, false, $4, 0, decode('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'hex'), 1, 0, 1,
                              '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &format!("source-{}", self.number()), &status]).await;
        let insert = "insert into roster_bundle_chunks (district_id, import_id, number, bytes) values ($1, $2, 0, 'x')";
        self.insert(insert, &[&place.district.0, &id]).await;
        id.to_string()
    }

    /// A roster of the source `sis`, which the system of the place has handed in: a school and the student.
    async fn new_roster(&self, place: Place) -> String {
        let load = self.new_import(place, "applied").await;
        let own = format!("update roster_imports set source = 'sis', client_id = '{}' where id = '{load}'", ids::client(place.sis()));
        self.insert(&own, &[]).await;
        let names = "insert into external_identifiers (district_id, system, kind, value, target_id)
                     values ($1, 'sis', 'school', $2, $3), ($1, 'sis', 'person', $4, $5) on conflict do nothing";
        let (school, person) = (ids::school(place.school), ids::person(place.n));
        self.insert(names, &[&place.district.0, &format!("o-{school}"), &school, &format!("u-{person}"), &person]).await;
        load
    }

    /// A mark of a report card of the student of the place.
    async fn new_report_card(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into report_cards (district_id, id, student_id, division_id, term_title, term_starts_on, term_ends_on, category_title, class_title,
                                                teachers, title, score_status, scored_on, flags, copy_number, source, sourced_id, session_sourced_id,
                                                captured_at, version, created_at, updated_at)
                      select district_id, $2, student_id, id, 'Quarter 1', '2026-08-15', '2026-10-30', 'Quarter grade', 'Biology', '[]', 'Quarter 1 grade',
                             'submitted', '2026-10-30', '[]', 1, 'sis', $4, 'q1', '2026-11-01Z', 1, '2026-11-01Z', '2026-11-01Z'
                        from divisions where district_id = $1 and student_id = $3";
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n), &format!("result-{}", self.number())]).await;
        let insert = "insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
                      values ($1, $2, '2026-11-01Z', 'reportCard', $2, 1, 'created', $3, 'S3')";
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n)]).await;
        id.to_string()
    }

    /// A new school with one student, for whom a guardian link and an assignment wait.
    async fn new_school(&self, place: Place) -> String {
        let (school, student) = (Uuid::now_v7(), self.new_person(place).await.parse::<Uuid>().unwrap());
        let insert = "insert into schools (district_id, id, name, active, version, created_at, updated_at) values ($1, $2, 'New', true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &school]).await;
        let insert = "insert into students (district_id, id, school_id, grade, active, version, created_at, updated_at) values ($1, $2, $3, '10', true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &student, &school]).await;
        self.new_guardian_link(place, student).await;
        self.new_assignment(place, student).await;
        school.to_string()
    }
}
