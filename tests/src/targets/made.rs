//! Records that no request makes: what rosters state of a student, and what would change what everybody sees.

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
}
