//! Records that no request makes: what rosters state of a student, and what would change what everybody sees.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use openilp_domain::access::Section;
use uuid::Uuid;

use super::{Place, Targets};
use crate::ids;

impl Targets<'_> {
    /// Something that the student of the place asks of operators, who read nothing anyway: so everybody sees what they saw.
    pub(super) async fn new_privacy_preference(&self, place: Place) -> String {
        let insert =
            "insert into privacy_preferences (district_id, id, student_id, section, relation, choice, created_by, version, created_at, updated_at)
                      values ($1, $2, $3, $4, 'operator', 'hide', $3, 1, '2026-08-01Z', '2026-08-01Z') on conflict do nothing";
        for section in Section::ALL {
            let id = Uuid::now_v7();
            if self.owner.execute(insert, &[&place.district.0, &id, &ids::person(place.n), &section.word()]).await.unwrap() == 1 {
                return id.to_string();
            }
        }
        panic!("{} has asked all there is to ask", place.student)
    }

    /// A notice to the student of the place that the rights pass, on a day of its own.
    pub(super) async fn new_notice(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into notices (district_id, id, student_id, person_id, audience, kind, occurs_on, lead_days, basis, given_name, words_version,
                                           version, created_at, updated_at)
                      values ($1, $2, $3, $3, 'student', 'rightsPass', '2028-11-20'::date + $4::int, 14, 'age', 'Anna', 1, 1, '2026-08-01Z', '2026-08-01Z')";
        let days = i32::try_from(self.number()).unwrap();
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n), &days]).await;
        id.to_string()
    }

    /// A fact that the roster has brought about the student of the place.
    pub(super) async fn new_fact(&self, place: Place, table: &str, columns: &str, values: &str) -> String {
        let id = Uuid::now_v7();
        let insert = format!(
            "insert into {table} (district_id, id, student_id, {columns}, active, source, sourced_id, version, created_at, updated_at)
             values ($1, $2, $3, {values}, true, 'made', $4, 1, '2026-08-01Z', '2026-08-01Z')"
        );
        self.insert(&insert, &[&place.district.0, &id, &ids::person(place.n), &id.to_string()]).await;
        let insert = "insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
                      values ($1, $2, '2026-08-01Z', $3, $4, 1, 'created', $5, $6)";
        let (kind, section) = match table {
            "student_flags" => ("studentFlag", "S9"),
            "attendance_totals" => ("attendanceTotal", "S3"),
            "year_outcomes" => ("yearOutcome", "S3"),
            _ => ("postSchoolOutcome", "S5"),
        };
        self.insert(insert, &[&place.district.0, &Uuid::now_v7(), &kind, &id, &ids::person(place.n), &section]).await;
        id.to_string()
    }

    /// Totals of attendance, in a session of their own.
    pub(super) async fn new_attendance_total(&self, place: Place) -> String {
        let session = Uuid::now_v7();
        let insert =
            "insert into academic_sessions (district_id, id, title, kind, starts_on, ends_on, school_year, active, version, created_at, updated_at)
                      values ($1, $2, 'Fall', 'term', '2026-08-15', '2026-12-20', 2027, true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &session]).await;
        let columns = "school_id, academic_session_id, session_title, school_year, days_enrolled, days_absent";
        let values = format!("'{}', '{session}', 'Fall', 2027, 90, 3.5", ids::school(place.school));
        self.new_fact(place, "attendance_totals", columns, &values).await
    }

    /// A template that is given out: the minimum of every state, and an item of the domain.
    pub(super) async fn new_template(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let mut items = vec![crate::template::item("career-goal", place.domain, None)];
        items.extend(crate::template::minimum());
        let insert = "insert into templates (district_id, id, title, first_grade, last_grade, items, status, version, created_at, updated_at)
                      values ($1, $2, 'Made', 1, 13, $3, 'active', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &serde_json::json!(items)]).await;
        id.to_string()
    }

    /// A model plan that the district does not offer to the others.
    pub(super) async fn new_model_plan(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let items = serde_json::json!([crate::template::item("career-goal", place.domain, None)]);
        let insert = "insert into model_plans (district_id, id, title, prepared_by, first_grade, last_grade, items, offered, active, version, created_at, updated_at)
                      values ($1, $2, 'Made', 'Made', 1, 13, $3, false, true, 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &items]).await;
        id.to_string()
    }

    /// What was decided about a request of the student: by the principal of Alder High School; the other schools have none.
    pub(super) async fn new_resource_decision(&self, place: Place) -> String {
        let request = self.id("resourceRequestId", place).await.parse::<Uuid>().unwrap();
        if place.school == 2 {
            let decision = serde_json::json!({ "resourceRequestId": request, "outcome": "granted", "reason": "Made." });
            let pam = Box::pin(self.actor("pam", place)).await;
            return Box::pin(pam.post(&ids::in_file(place.n, "resource-decisions"), decision)).await.expect(201).id();
        }
        let id = Uuid::now_v7();
        let insert = "insert into resource_decisions (district_id, id, plan_id, student_id, resource_request_id, outcome, reason, created_by, entered_in_error,
                                                      version, created_at, updated_at)
                      select district_id, $2, plan_id, student_id, id, 'granted', 'Made.', created_by, false, 1, '2026-08-01Z', '2026-08-01Z'
                        from resource_requests where district_id = $1 and id = $3";
        self.insert(insert, &[&place.district.0, &id, &request]).await;
        id.to_string()
    }

    /// What stands around the requests of a family. Apart, because in a debug build all that one function may wait for is on the stack.
    pub(super) fn of_a_case<'s>(&'s self, name: &str, place: Place) -> Option<BoxFuture<'s, String>> {
        Some(match name {
            "recordId" => self.new_attendance_total(place).boxed(),
            "annualNoticeId" => self.added("create_annual_notice", place.custodian(), place).boxed(),
            "publishedAnnualNoticeId" => self.new_published_notice(place).boxed(),
            "redactionId" => self.added("create_redaction", place.custodian(), place).boxed(),
            "refusedAmendmentId" => self.new_amendment(place, "status = 'refused'").boxed(),
            "contestedAmendmentId" => self.new_amendment(place, "status = 'hearingRequested'").boxed(),
            "heardAmendmentId" => {
                let set = "status = 'hearingSet', hearing_on = '2026-10-15', hearing_place = 'Room 12', hearing_officer = 'Dr. Ives'";
                self.new_amendment(place, set).boxed()
            }
            _ => return None,
        })
    }

    /// A request of the student to amend a record, in another status.
    async fn new_amendment(&self, place: Place, set: &str) -> String {
        let id = self.id("amendmentRequestId", place).await;
        let one: Uuid = id.parse().unwrap();
        self.insert(&format!("update amendment_requests set {set} where district_id = $1 and id = $2"), &[&place.district.0, &one]).await;
        id
    }

    /// An annual notice of the year before last, which nobody is told any more.
    async fn new_published_notice(&self, place: Place) -> String {
        let (id, year) = (Uuid::now_v7(), i32::try_from(self.school_year()).unwrap());
        let insert = "insert into annual_notices (district_id, id, school_year, publish_on, how_to_inspect, how_to_amend, school_officials,
                                                  legitimate_interest, version, created_at, updated_at)
                      values ($1, $2, $3, '2025-08-20', 'Ask.', 'Ask.', 'Staff.', 'Work.', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &year]).await;
        id.to_string()
    }

    /// A job of the student of the place with their own file: done, or running in the hands of a process that is long at it.
    pub(super) async fn new_plan_job(&self, place: Place, status: &str) -> String {
        let id = Uuid::now_v7();
        let insert =
            "insert into plan_jobs (district_id, id, person_id, issuer, subject, through, reads_only, request_id, kind, dry_run, status, total,
                                             claimed_until, ended_at, version, created_at, updated_at)
                      values ($1, $2, $3, 'made', 'made', 'itself', false, 'made', 'exportPlans', false, $4::text, 1,
                              case when $4 = 'running' then '2100-01-01Z'::timestamptz end, case when $4 = 'done' then '2026-08-01Z'::timestamptz end,
                              1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n), &status]).await;
        let insert = "insert into plan_job_rows (district_id, job_id, number, student_id, ilp_file_id, outcome, ended_at)
                      values ($1, $2, 1, $3, $4, 'unchanged', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n), &ids::file(place.n)]).await;
        id.to_string()
    }

    pub(super) async fn new_alarm(&self, place: Place) -> String {
        let id = Uuid::now_v7();
        let insert = "insert into alarms (district_id, id, kind, person_id, hour, operation, count, threshold, version, created_at, updated_at)
                      values ($1, $2, 'unusualVolume', $3, '2026-08-01T10:00Z', 'read_student_ilp_file', 200, 100, 1, '2026-08-01T10:30Z', '2026-08-01T10:30Z')";
        self.insert(insert, &[&place.district.0, &id, &Uuid::now_v7()]).await;
        id.to_string()
    }

    /// An emergency access to the student of somebody who is nobody else, that lasts and waits for its review.
    pub(super) async fn new_emergency_access(&self, place: Place) -> String {
        let (id, person) = (Uuid::now_v7(), self.new_person(place).await.parse::<Uuid>().unwrap());
        let insert =
            "insert into emergency_accesses (district_id, id, student_id, person_id, relation, reason, threat, recipients, sections, expires_at,
                                                      family_not_told, review_due_on, version, created_at, updated_at)
                      values ($1, $2, $3, $4, 'gatekeeper', 'health', 'A threat that was told in more than forty characters.', 'made', '{S1b}',
                              '2026-10-15T15:30Z', false, '2026-10-19', 1, '2026-10-15T14:45Z', '2026-10-15T14:45Z')";
        self.insert(insert, &[&place.district.0, &id, &ids::person(place.n), &person]).await;
        id.to_string()
    }

    pub(super) async fn new_potential_duplicate(&self, place: Place) -> String {
        let (old, new) = (self.new_person(place).await.parse::<Uuid>().unwrap(), self.new_person(place).await.parse::<Uuid>().unwrap());
        let id = Uuid::now_v7();
        let insert = "insert into potential_duplicates (district_id, id, old_id, new_id, source, old_sourced_id, new_sourced_id, reasons, version, created_at, updated_at)
                      values ($1, $2, $3, $4, 'sis', 'old', 'new', '{sameStateId}', 1, '2026-08-01Z', '2026-08-01Z')";
        self.insert(insert, &[&place.district.0, &id, &old, &new]).await;
        id.to_string()
    }
}
