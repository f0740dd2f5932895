//! The label of every column of every table of the migrations.

use super::Label::{ByDomain, BySection, Operational, Registry, Technical};
use super::{Label, Labelled};
use crate::access::Section;

const S0: Label = Label::Section(Section::Status);
const S1A: Label = Label::Section(Section::Identity);
const S1B: Label = Label::Section(Section::Contacts);
const S2: Label = Label::Section(Section::PlanOfStudy);
const S3: Label = Label::Section(Section::SchoolRecords);
const S4: Label = Label::Section(Section::Career);
const S5: Label = Label::Section(Section::Postsecondary);
const S5F: Label = Label::Section(Section::FinancialAid);
const S6: Label = Label::Section(Section::SelfAwareness);
const S7: Label = Label::Section(Section::AppliedSkills);
const S9: Label = Label::Section(Section::Transition);
const S12: Label = Label::Section(Section::Feedback);
const S13: Label = Label::Section(Section::ResourceRequests);
const S14: Label = Label::Section(Section::Privacy);

/// Table by table, the columns grouped by label.
#[rustfmt::skip]
pub const COLUMNS: &[(&str, Labelled)] = &[
    // Tenancy.
    ("deployment", &[(Operational("names this history for cursors"), &["only_row", "epoch"])]),
    ("districts", &[
        (Registry, &["name", "state_code", "nces_id", "time_zone", "requirement_profile", "roster_teachers", "guardians_trusted", "report_card_categories"]),
        (Technical, &["id", "version", "created_at", "updated_at"]),
    ]),
    // Directory.
    ("schools", &[
        (Registry, &["name", "identifier", "active"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("academic_sessions", &[
        (Registry, &["title", "kind", "starts_on", "ends_on", "school_year", "active"]),
        (Technical, &["district_id", "id", "parent_id", "version", "created_at", "updated_at"]),
    ]),
    ("courses", &[
        (Registry, &["title", "course_code", "active"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("classes", &[
        (Registry, &["title", "class_code", "kind", "location", "periods", "active"]),
        (Technical, &["district_id", "id", "school_id", "course_id", "version", "created_at", "updated_at"]),
    ]),
    ("class_terms", &[(Technical, &["district_id", "class_id", "academic_session_id"])]),
    ("categories", &[
        (Registry, &["title", "active"]),
        (Technical, &["district_id", "id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("line_items", &[
        (Registry, &["title", "scale", "active"]),
        (Technical, &["district_id", "id", "class_sourced_id", "category_sourced_id", "session_sourced_id", "source", "sourced_id"]),
        (Technical, &["version", "created_at", "updated_at"]),
    ]),
    ("people", &[
        (S1A, &["given_name", "family_name", "middle_name", "preferred_given_name", "preferred_family_name", "pronouns", "active"]),
        (S1B, &["email", "telephone", "sms"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("students", &[
        (S0, &["school_id", "grade", "active"]),
        (S1A, &["birth_date"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("roles", &[
        (S1A, &["person_id", "school_id", "role", "primary_role", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("enrollments", &[
        (S3, &["class_id", "person_id", "role", "primary_teacher", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("external_identifiers", &[
        (S1A, &["system", "value"]),
        (Technical, &["district_id", "kind", "target_id", "ended_on"]),
    ]),
    ("guardian_links", &[
        (S1B, &["guardian_id"]),
        (S14, &["rights", "order_reference", "confirmed_at", "confirmed_by", "valid_from", "valid_to", "source", "relationship", "evidence", "reconfirm"]),
        (S14, &["dependent_until", "dependent_reference"]),
        (S14, &["claim_source", "claimed_rights", "claimed_evidence", "claimed_reference", "claimed_valid_from", "claimed_valid_to", "claim_ended_on", "differs"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("assignments", &[
        (S0, &["person_id", "kind", "confirmed_at", "confirmed_by", "valid_from", "valid_to", "source", "stated"]),
        (S9, &["program"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("appointments", &[
        (Operational("who holds an office; about staff, not students"), &["person_id", "kind", "school_id", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    // What student and family decide.
    ("front_ends", &[
        (Registry, &["name", "issuer", "client_id", "sections", "may_write", "for_offices", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("graduation_requirements", &[
        (Registry, &["subject", "credits", "first_graduation_year", "active", "subject_code_system", "subject_code", "description"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("partners", &[
        (Registry, &["name", "agreement_reference", "subcontractors", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("partner_members", &[
        (Operational("who works for a partner; about its staff, not students"), &["person_id", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "partner_id", "version", "created_at", "updated_at"]),
    ]),
    ("student_groups", &[
        (Registry, &["kind", "title", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "school_id", "version", "created_at", "updated_at"]),
    ]),
    ("group_members", &[
        (S0, &["person_id", "valid_from", "valid_to"]),
        (Technical, &["district_id", "id", "group_id", "version", "created_at", "updated_at"]),
    ]),
    ("consents", &[
        (S14, &["recipient_kind", "person_id", "partner_id", "group_id", "sections", "goal_id", "purpose", "statement", "statement_hash", "language"]),
        (S14, &["valid_from", "valid_to", "created_by", "revoked_at", "revoked_by"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("consent_signatures", &[
        (S14, &["person_id", "signed_as", "approves", "signed_on", "signed_at"]),
        (S14, &["issuer", "authentication_class", "authentication_methods", "authenticated_at", "token_id"]),
        (Technical, &["district_id", "id", "consent_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("restrictions", &[
        (S14, &["person_id", "sections", "order_reference", "valid_from", "valid_to", "created_by"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("adult_statuses", &[
        (S14, &["basis", "document_reference", "valid_from", "valid_to", "created_by"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("privacy_preferences", &[
        (S14, &["section", "relation", "choice", "created_by"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("emergency_accesses", &[
        (S14, &["person_id", "relation", "reason", "threat", "recipients", "sections", "expires_at", "ended_at", "family_not_told"]),
        (S14, &["review_due_on", "reviewed_at", "reviewed_by", "justified", "review_note"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("inspection_requests", &[
        (S14, &["requested_by", "recorded_by", "received_on", "due_on", "sections", "wish", "status"]),
        (S14, &["answered_on", "answered_by", "method", "answer"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("amendment_requests", &[
        (S14, &["requested_by", "recorded_by", "received_on", "record_kind", "record_id", "section", "ground", "reason", "wish", "status"]),
        (S14, &["decided_on", "decided_by", "decision_reason"]),
        (S14, &["hearing_requested_on", "hearing_on", "hearing_place", "hearing_officer", "hearing_decided_on", "findings"]),
        (BySection, &["statement", "statement_placed_on"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("redactions", &[
        (S14, &["record_kind", "record_id", "words", "created_by"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("annual_notices", &[
        (Registry, &["school_year", "publish_on", "how_to_inspect", "how_to_amend", "school_officials", "legitimate_interest"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("notices", &[
        (S14, &["person_id", "audience", "kind", "occurs_on", "lead_days", "basis", "emergency_access_id", "words_version", "acknowledged_at"]),
        (S14, &["inspection_request_id", "amendment_request_id", "annual_notice_id"]),
        (S1A, &["given_name"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    // The file.
    ("ilp_files", &[
        (S0, &["school_id", "status", "opened_on"]),
        (Technical, &["district_id", "id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("divisions", &[
        (S0, &["school_year"]),
        (Technical, &["district_id", "id", "file_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("registrations", &[
        (S3, &["term_title", "term_starts_on", "term_ends_on", "class_title", "class_code", "teachers", "withdrawn_on", "captured_at"]),
        (Technical, &["district_id", "id", "file_id", "student_id", "division_id", "source", "sourced_id", "term_sourced_id"]),
        (Technical, &["version", "created_at", "updated_at"]),
    ]),
    ("report_cards", &[
        (S3, &["term_title", "term_starts_on", "term_ends_on", "category_title", "class_title", "class_code", "teachers", "title"]),
        (S3, &["score_status", "score", "score_text", "scale", "scored_on", "comment", "flags", "copy_number", "withdrawn_on", "captured_at"]),
        (Technical, &["district_id", "id", "student_id", "division_id", "corrects_id", "corrected_by_id", "source", "sourced_id", "session_sourced_id"]),
        (Technical, &["line_item_sourced_id", "version", "created_at", "updated_at"]),
    ]),
    // The plan.
    ("plans", &[(Technical, &["district_id", "id", "file_id", "student_id", "version", "created_at", "updated_at"])]),
    ("goals", &[
        (ByDomain, &["domain", "component", "standard_framework", "standard_item", "objective_kind", "title", "description"]),
        (ByDomain, &["lifecycle_status", "achievement_status", "target_on", "beyond_school_means", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("benchmarks", &[
        (ByDomain, &["domain", "school_year", "description", "reached_on", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "goal_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("activities", &[
        (ByDomain, &["domain", "title", "description", "provider", "starts_on", "ends_on", "status", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "goal_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("progress_records", &[
        (ByDomain, &["domain", "kind", "recorded_on", "summary", "score", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "goal_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("recommendations", &[
        (ByDomain, &["domain", "kind", "title", "advice", "follow_up_on", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "goal_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("reflections", &[
        (ByDomain, &["domain", "body", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "goal_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("strengths", &[
        (ByDomain, &["domain", "kind", "title", "description", "recognized_on", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("planned_courses", &[
        (S2, &["school_year", "title", "level", "status", "grade", "term", "course_code", "subject", "credits", "description"]),
        (S2, &["created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("credential_plans", &[
        (S2, &["kind", "title", "status", "provider", "school_year", "earned_on", "credits", "documentation", "created_by"]),
        (S2, &["entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("pathway_plans", &[
        (S2, &["pathway", "endorsement_status", "cluster", "pathway_code_system", "pathway_code", "endorsement", "endorsed_on"]),
        (S2, &["progress", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("program_items", &[
        (S2, &["item", "template_id", "item_key", "school_year", "status", "done_on", "note", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("contributions", &[
        (ByDomain, &["party", "written_for", "domain", "program_item_id", "body", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("assessment_reviews", &[
        (S2, &["assessment", "reviewed_on", "analysis", "needs_intervention", "intervention", "advisement", "created_by"]),
        (S2, &["entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("needs", &[
        (ByDomain, &["domain", "kind", "title", "status", "description", "response", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("progress_statements", &[
        (S2, &["stated_on", "goals_met", "on_track", "statement", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("feedback_entries", &[
        (S12, &["kind", "body", "subject", "starts_on", "ends_on", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("resource_requests", &[
        (S13, &["kind", "title", "description", "needed_by", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("resource_decisions", &[
        (S13, &["resource_request_id", "outcome", "reason", "authorized_hours", "personnel", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("career_options", &[
        (S4, &["occupation_title", "standing", "occupation_code_system", "occupation_code", "interests", "skills"]),
        (S4, &["entry_level_opportunities", "educational_requirements", "requirements_evaluation", "coursework_needed"]),
        (S4, &["coursework_progress", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("resume_versions", &[
        (S4, &["entries", "sources", "title", "summary", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("translations", &[
        (BySection, &["section", "may_name_others", "record_kind", "language", "texts", "original_language", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "goal_id", "record_id", "record_version", "version", "created_at", "updated_at"]),
    ]),
    ("work_experiences", &[
        (S4, &["employer", "role", "starts_on", "ends_on", "hours", "description", "reflection", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("exam_results", &[
        (S4, &["exam", "taken_on", "score", "scale", "level_reached", "meaning", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("postsecondary_options", &[
        (S5, &["kind", "name", "standing", "program", "found_in", "admission_requirements", "comparison", "reviewed_on", "created_by"]),
        (S5, &["entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("applications", &[
        (S5, &["kind", "applied_to", "status", "program", "due_on", "submitted_on", "decided_on", "notes", "created_by"]),
        (S5, &["entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("financial_aid_plans", &[
        (S5F, &["kind", "title", "status", "amount", "currency", "due_on", "description", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("self_assessments", &[
        (BySection, &["kind", "domain", "instrument", "taken_on", "result", "reflection", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("participations", &[
        (S6, &["kind", "title", "plan", "starts_on", "ends_on", "hours", "record", "reflection", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("learning_experiences", &[
        (S6, &["kind", "title", "plan", "status", "location", "with_whom", "starts_on", "ends_on", "hours", "record", "reflection"]),
        (S6, &["created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("skill_records", &[
        (S7, &["skill", "recorded_on", "local_skill", "level", "progress", "reflection", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "plan_id", "student_id", "version", "created_at", "updated_at"]),
    ]),
    ("proposals", &[
        (ByDomain, &["domain", "content", "reason", "status", "decided_by", "decided_at", "decision_reason", "created_by", "entered_in_error"]),
        (Technical, &["district_id", "id", "file_id", "plan_id", "student_id", "goal_id", "goal_version", "version", "created_at", "updated_at"]),
    ]),
    // The supplement of the roster.
    ("addresses", &[
        (S1B, &["kind", "street", "unit", "city", "state", "postal_code", "country", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "person_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("telephones", &[
        (S1B, &["kind", "number", "extension", "first_choice", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "person_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("student_flags", &[
        (S9, &["flag", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "student_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("assignment_claims", &[
        (S0, &["person_id", "kind", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "student_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("caseload_claims", &[
        (S0, &["person_id", "school_id", "grades", "family_name_from", "family_name_to", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("guardian_claims", &[
        (S1B, &["guardian_id"]),
        (S14, &["relationship", "rights", "evidence", "evidence_reference", "begins_on", "ends_on", "active"]),
        (Technical, &["district_id", "id", "student_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("state_identifiers", &[
        (S1A, &["kind", "state", "identifier", "active"]),
        (Technical, &["district_id", "id", "person_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("attendance_totals", &[
        (S3, &["school_id", "session_title", "school_year", "days_enrolled", "days_absent", "days_absent_unexcused", "times_tardy", "active"]),
        (Technical, &["district_id", "id", "student_id", "academic_session_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("year_outcomes", &[
        (S3, &["school_id", "school_year", "outcome", "outcome_on", "diploma_type", "active"]),
        (Technical, &["district_id", "id", "student_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    ("post_school_outcomes", &[
        (S5, &["kind", "name", "as_of", "active"]),
        (Technical, &["district_id", "id", "student_id", "source", "sourced_id", "version", "created_at", "updated_at"]),
    ]),
    // The journal. Its rows are read under the section that stands in them.
    ("feeds", &[(Operational("where the sequencer is"), &["district_id", "head"])]),
    ("changes", &[
        (BySection, &["at", "kind", "operation", "section", "person_id", "relation", "reason"]),
        (Technical, &["district_id", "id", "seq", "position", "resource_id", "version", "student_id"]),
        (Operational("where a change came from, for audit"), &["client_id", "import_id", "request_id", "body_hash"]),
    ]),
    ("change_bodies", &[(BySection, &["body"]), (Technical, &["district_id", "change_id", "codec"])]),
    ("access_records", &[
        (S14, &["at", "person_id", "client_id", "relation", "operation", "resource_id", "sections", "row_count"]),
        (Technical, &["district_id", "id", "student_id", "request_id"]),
    ]),
    ("access_record_students", &[(S14, &["student_id"]), (Technical, &["district_id", "access_record_id"])]),
    ("idempotency_keys", &[
        (Operational("an answer kept 24 hours and repeated to its first caller only"), &["caller", "key", "operation", "request_hash"]),
        (Operational("an answer kept 24 hours and repeated to its first caller only"), &["status", "headers", "body"]),
        (Technical, &["district_id", "created_at"]),
    ]),
    // Identity.
    ("issuers", &[
        (Operational("whose tokens of people count"), &["issuer", "audience", "jwks_url", "jwks", "algorithms"]),
        (Operational("how logins find their people"), &["match_claim", "match_system", "for_families"]),
        (Technical, &["district_id", "created_at"]),
    ]),
    ("clients", &[
        (Operational("which programs may call"), &["kind", "name", "jwks", "jwks_url", "active"]),
        (Operational("proof of a secret; never leaves"), &["secret_hash"]),
        (Technical, &["id", "district_id", "version", "created_at", "updated_at"]),
    ]),
    ("client_assertions", &[(Operational("an assertion counts once"), &["client_id", "jti", "expires_at"])]),
    ("keys", &[(Operational("keys of the deployment; never leave"), &["id", "purpose", "secret", "created_at"])]),
    ("identity_links", &[
        (Operational("who a login is"), &["issuer", "subject", "person_id"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("unlinked_logins", &[
        (Operational("a login that is nobody's"), &["issuer", "subject", "reason", "times_seen", "first_seen_at", "last_seen_at", "dismissed_at"]),
        (S1A, &["claim_value"]),
        (Technical, &["district_id", "id", "version"]),
    ]),
    ("invitations", &[
        (Operational("who may bring a login"), &["person_id", "expires_at", "redeemed_at"]),
        (Operational("proof of a code; never leaves"), &["code_hash"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("invitation_attempts", &[
        (Operational("how often a login has tried a code; never leaves"), &["issuer", "subject", "attempts", "since"]),
        (Technical, &["district_id"]),
    ]),
    ("person_merges", &[
        (S1A, &["kept_id", "merged_id"]),
        (Operational("counts of what moved; names no one"), &["report", "undone_at"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("person_merge_images", &[
        (Operational("what a merge changed, to take it back; never leaves"), &["kind", "before", "after"]),
        (Technical, &["district_id", "merge_id", "seq", "record_id"]),
    ]),
    ("potential_duplicates", &[
        (S1A, &["old_id", "new_id", "old_sourced_id", "new_sourced_id", "reasons"]),
        (Operational("which source, and when a custodian decided; names no one"), &["source", "dismissed_at"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("access_hours", &[
        (Operational("how many files somebody opened in an hour; names no student, and never leaves"), &["caller_id", "hour", "students"]),
        (Technical, &["district_id"]),
    ]),
    ("alarms", &[
        (Operational("who read how much; names no student"), &["kind", "person_id", "client_id", "hour", "operation", "count", "threshold"]),
        (Operational("what the custodian made of it"), &["reviewed_at", "reviewed_by", "note"]),
        (Technical, &["district_id", "id", "version", "created_at", "updated_at"]),
    ]),
    ("agreements", &[
        (Registry, &["dataset", "purpose", "starts_on", "ends_on", "destroy_by"]),
        (Technical, &["district_id", "id", "client_id", "version", "created_at", "updated_at"]),
    ]),
    // Roster imports.
    ("roster_imports", &[
        (Operational("a job and its report, which counts and names no one"), &["source", "dry_run", "status", "stage_done", "stage_total"]),
        (Operational("a job and its report, which counts and names no one"), &["bundle_hash", "bundle_bytes", "report", "fault_count"]),
        (Operational("a job and its report, which counts and names no one"), &["mode", "reading", "file_digests", "same_until", "first_position", "last_position"]),
        (Operational("who handed in a bundle"), &["person_id", "client_id", "request_id", "started_at", "finished_at"]),
        (Operational("who let a held load go on"), &["released_at", "released_by"]),
        (Technical, &["district_id", "id", "rolls_back", "version", "created_at", "updated_at"]),
    ]),
    // Jobs with the plans of many students.
    ("roster_images", &[
        (Operational("what a load changed, to take it back; never leaves"), &["kind", "before", "after"]),
        (Technical, &["district_id", "import_id", "number", "record_id"]),
    ]),
    ("roster_bundle_chunks", &[
        (Operational("the bundle as handed in, for the importer alone; never leaves"), &["bytes"]),
        (Technical, &["district_id", "import_id", "number"]),
    ]),
    ("roster_faults", &[
        (Operational("what is wrong with a bundle, by place and not by value"), &["file", "row", "column_name", "code", "detail"]),
        (Technical, &["district_id", "import_id", "number"]),
    ]),
    // The state's collection. Its rows leave only under an agreement, and each pull is a disclosure.
    ("collection_heads", &[
        (Operational("how far a collection is computed"), &["collection", "head", "journal_position", "computed_on"]),
        (Technical, &["district_id"]),
    ]),
    ("ilp_statuses", &[
        (S0, &["school_id", "school_identifier", "grade", "file_exists", "academic_goals", "career_goals", "personal_social_goals"]),
        (S0, &["plan_kind", "last_changed_at", "removed"]),
        (S1A, &["state_student_id", "local_student_id"]),
        (Technical, &["district_id", "student_id", "position", "first_position"]),
    ]),
    ("disclosures", &[
        (S14, &["at", "client_id", "agreement_id", "basis", "purpose", "dataset", "manner", "row_count", "student_ids"]),
        (S14, &["threat", "recipients"]),
        (Technical, &["district_id", "id", "from_position", "to_position", "request_id", "emergency_access_id"]),
    ]),
];
