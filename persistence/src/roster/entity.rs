//! The tables that an import writes. Each has a table of differences beside it in the transaction, `changed_…`, with the same columns,
//! whether the record is new, which student it is about and what the source calls it. A dry run ends with these tables.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;

use super::{assignment, gradebook, guardian, rekeyed, supplement};

/// A table that an import writes.
pub(super) struct Entity {
    pub(super) table: &'static str,
    pub(super) kind: Kind,
    pub(super) section: Option<Section>,
    /// What is compared and written, besides id, version and times.
    pub(super) columns: &'static [&'static str],
    /// What makes two of them one, where somebody else may make the same one meanwhile.
    pub(super) once: Option<&'static str>,
    /// Selects the differences: id, whether new, version, the student it is about, the sourcedId, and the columns.
    pub(super) differences: &'static str,
    /// Selects what ends because the source no longer names it, in the same shape; nothing, where no record ends so.
    pub(super) ends: Option<&'static str>,
}

impl Entity {
    pub(super) fn column_list(&self) -> String {
        self.columns.join(", ")
    }

    /// Whether its records can be active or not.
    pub(super) fn has_active(&self) -> bool {
        self.columns.contains(&"active")
    }

    /// The table of differences.
    pub(super) fn changed(&self) -> String {
        format!("changed_{}", self.table)
    }
}

/// In the order in which references allow them to be written, and in which the journal tells of them.
pub(super) const ENTITIES: &[Entity] = &[
    Entity {
        table: "schools",
        kind: Kind::School,
        section: None,
        columns: &["name", "identifier", "active"],
        once: None,
        differences: "
            select k.id, t.id is null, coalesce(t.version, 0) + 1, null::uuid, o.sourced_id, o.name, o.identifier, true
              from staged_orgs o join known_orgs k on k.sourced_id = o.sourced_id
              left join schools t on t.district_id = :district and t.id = k.id
             where o.kind = 'school' and (t.id is null or (t.name, t.identifier, t.active) is distinct from (o.name, o.identifier, true))",
        ends: Some(
            "
            select t.id, false, t.version + 1, null::uuid, x.value, t.name, t.identifier, false
              from ended_targets x join schools t on t.district_id = :district and t.id = x.id where x.kind = 'school' and t.active",
        ),
    },
    Entity {
        table: "academic_sessions",
        kind: Kind::AcademicSession,
        section: None,
        columns: &["title", "kind", "starts_on", "ends_on", "parent_id", "school_year", "active"],
        once: None,
        differences: "
            select k.id, t.id is null, coalesce(t.version, 0) + 1, null::uuid, s.sourced_id,
                   s.title, s.kind, s.starts_on, s.ends_on, p.id, s.school_year, true
              from staged_sessions s join known_sessions k on k.sourced_id = s.sourced_id
              left join known_sessions p on p.sourced_id = s.parent
              left join academic_sessions t on t.district_id = :district and t.id = k.id
             where t.id is null or (t.title, t.kind, t.starts_on, t.ends_on, t.parent_id, t.school_year, t.active)
                   is distinct from (s.title, s.kind, s.starts_on, s.ends_on, p.id, s.school_year, true)",
        ends: Some(
            "
            select t.id, false, t.version + 1, null::uuid, x.value, t.title, t.kind, t.starts_on, t.ends_on, t.parent_id, t.school_year, false
              from ended_targets x join academic_sessions t on t.district_id = :district and t.id = x.id where x.kind = 'academicSession' and t.active",
        ),
    },
    Entity {
        table: "courses",
        kind: Kind::Course,
        section: None,
        columns: &["title", "course_code", "active"],
        once: None,
        differences: "
            select k.id, t.id is null, coalesce(t.version, 0) + 1, null::uuid, s.sourced_id, s.title, s.course_code, true
              from staged_courses s join known_courses k on k.sourced_id = s.sourced_id
              left join courses t on t.district_id = :district and t.id = k.id
             where t.id is null or (t.title, t.course_code, t.active) is distinct from (s.title, s.course_code, true)",
        ends: Some(
            "
            select t.id, false, t.version + 1, null::uuid, x.value, t.title, t.course_code, false
              from ended_targets x join courses t on t.district_id = :district and t.id = x.id where x.kind = 'course' and t.active",
        ),
    },
    Entity {
        table: "classes",
        kind: Kind::Class,
        section: None,
        columns: &["school_id", "course_id", "title", "class_code", "kind", "location", "periods", "active"],
        once: None,
        differences: "
            select k.id, t.id is null, coalesce(t.version, 0) + 1, null::uuid, s.sourced_id,
                   o.school_id, c.id, s.title, s.class_code, s.kind, s.location, s.periods, true
              from staged_classes s join known_classes k on k.sourced_id = s.sourced_id
              join known_orgs o on o.sourced_id = s.school
              join known_courses c on c.sourced_id = s.course
              left join classes t on t.district_id = :district and t.id = k.id
             where t.id is null or (t.school_id, t.course_id, t.title, t.class_code, t.kind, t.location, t.periods, t.active)
                   is distinct from (o.school_id, c.id, s.title, s.class_code, s.kind, s.location, s.periods, true)
                or k.id in (select class_id from changed_class_terms)",
        ends: Some(
            "
            select t.id, false, t.version + 1, null::uuid, x.value, t.school_id, t.course_id, t.title, t.class_code, t.kind, t.location, t.periods, false
              from ended_targets x join classes t on t.district_id = :district and t.id = x.id where x.kind = 'class' and t.active",
        ),
    },
    Entity {
        table: "people",
        kind: Kind::Person,
        section: Some(Section::Identity),
        columns: &[
            "given_name", "family_name", "middle_name", "preferred_given_name", "preferred_family_name", "pronouns", "email", "telephone", "sms",
            "active",
        ],
        once: None,
        differences: "
            select k.id, t.id is null, coalesce(t.version, 0) + 1, case when k.student then k.id end, s.sourced_id,
                   s.given_name, s.family_name, s.middle_name, s.preferred_given_name, s.preferred_family_name, s.pronouns,
                   s.email, s.telephone, s.sms, s.active
              from staged_users s join known_people k on k.sourced_id = s.sourced_id
              left join people t on t.district_id = :district and t.id = k.id
             where t.id is null
                or (t.given_name, t.family_name, t.middle_name, t.preferred_given_name, t.preferred_family_name, t.pronouns,
                    t.email, t.telephone, t.sms, t.active)
                   is distinct from
                   (s.given_name, s.family_name, s.middle_name, s.preferred_given_name, s.preferred_family_name, s.pronouns,
                    s.email, s.telephone, s.sms, s.active)",
        ends: Some(
            "
            select t.id, false, t.version + 1, s.id, x.value, t.given_name, t.family_name, t.middle_name, t.preferred_given_name,
                   t.preferred_family_name, t.pronouns, t.email, t.telephone, t.sms, false
              from ended_targets x join people t on t.district_id = :district and t.id = x.id
              left join students s on s.district_id = :district and s.id = t.id
             where x.kind = 'person' and t.active",
        ),
    },
    Entity {
        table: "students",
        kind: Kind::Student,
        section: Some(Section::Identity),
        columns: &["school_id", "grade", "birth_date", "active"],
        once: None,
        // A birth date is not forgotten because a bundle came without demographics.csv. The last part: students who lose an
        // identifier to another student.
        differences: "
            select s.id, t.id is null, coalesce(t.version, 0) + 1, s.id, s.sourced_id,
                   s.school_id, s.grade, coalesce(s.birth_date, t.birth_date), s.active
              from next_students s
              left join students t on t.district_id = :district and t.id = s.id
              left join external_identifiers a on a.district_id = :district and a.system = 'stateStudentId' and a.kind = 'person' and a.value = s.state_id
              left join external_identifiers b on b.district_id = :district and b.system = 'localStudentId' and b.kind = 'person' and b.value = s.local_id
             where t.id is null
                or (t.school_id, t.grade, t.birth_date, t.active) is distinct from (s.school_id, s.grade, coalesce(s.birth_date, t.birth_date), s.active)
                or (s.state_id is not null and a.target_id is distinct from s.id)
                or (s.local_id is not null and b.target_id is distinct from s.id)
            union all
            select distinct on (t.id) t.id, false, t.version + 1, t.id, null, t.school_id, t.grade, t.birth_date, t.active
              from (select 'stateStudentId' as system, state_id as value, id from next_students where state_id is not null
                    union all select 'localStudentId', local_id, id from next_students where local_id is not null) i
              join external_identifiers e on e.district_id = :district and e.system = i.system and e.kind = 'person' and e.value = i.value
               and e.target_id <> i.id
              join students t on t.district_id = :district and t.id = e.target_id
             where not exists (select from next_students n where n.id = t.id) and not exists (select from ended_students x where x.id = t.id)",
        ends: Some(
            "
            select t.id, false, t.version + 1, t.id, x.value, t.school_id, t.grade, t.birth_date, false
              from ended_students x join students t on t.district_id = :district and t.id = x.id",
        ),
    },
    Entity {
        table: "roles",
        kind: Kind::Role,
        section: Some(Section::Identity),
        columns: &["person_id", "school_id", "role", "primary_role", "begins_on", "ends_on", "active", "source", "sourced_id"],
        once: None,
        differences: "
            select coalesce(t.id, s.new_id), t.id is null, coalesce(t.version, 0) + 1, case when k.student then k.id end, s.sourced_id,
                   k.id, o.school_id, s.role, s.primary_role, s.begins_on, s.ends_on, true, :source, s.sourced_id
              from staged_roles s join known_people k on k.sourced_id = s.person
              join known_orgs o on o.sourced_id = s.org
              left join roles t on t.district_id = :district and t.source = :source and t.sourced_id = s.sourced_id
             where t.id is null or (t.person_id, t.school_id, t.role, t.primary_role, t.begins_on, t.ends_on, t.active)
                   is distinct from (k.id, o.school_id, s.role, s.primary_role, s.begins_on, s.ends_on, true)",
        ends: Some(
            "
            select t.id, false, t.version + 1, s.id, t.sourced_id, t.person_id, t.school_id, t.role, t.primary_role, t.begins_on,
                   least(t.ends_on, :today), false, t.source, t.sourced_id
              from roles t left join students s on s.district_id = :district and s.id = t.person_id
             where t.district_id = :district and t.source = :source and t.active
               and not exists (select from staged_roles r where r.sourced_id = t.sourced_id)",
        ),
    },
    Entity {
        table: "enrollments",
        kind: Kind::Enrollment,
        section: Some(Section::SchoolRecords),
        columns: &["class_id", "person_id", "role", "primary_teacher", "begins_on", "ends_on", "active", "source", "sourced_id"],
        once: None,
        differences: "
            select coalesce(t.id, s.new_id), t.id is null, coalesce(t.version, 0) + 1, case when s.role = 'student' then k.id end, s.sourced_id,
                   c.id, k.id, s.role, s.primary_teacher, s.begins_on, s.ends_on, true, :source, s.sourced_id
              from staged_enrollments s join known_people k on k.sourced_id = s.person
              join known_classes c on c.sourced_id = s.class
              left join enrollments t on t.district_id = :district and t.source = :source and t.sourced_id = s.sourced_id
             where t.id is null or (t.class_id, t.person_id, t.role, t.primary_teacher, t.begins_on, t.ends_on, t.active)
                   is distinct from (c.id, k.id, s.role, s.primary_teacher, s.begins_on, s.ends_on, true)",
        ends: Some(
            "
            select t.id, false, t.version + 1, case when t.role = 'student' then t.person_id end, t.sourced_id, t.class_id, t.person_id, t.role,
                   t.primary_teacher, t.begins_on, least(t.ends_on, :today), false, t.source, t.sourced_id
              from enrollments t
             where t.district_id = :district and t.source = :source and t.active
               and not exists (select from staged_enrollments e where e.sourced_id = t.sourced_id)",
        ),
    },
    guardian::CLAIMS,
    guardian::LINKS,
    Entity {
        table: "ilp_files",
        kind: Kind::IlpFile,
        section: Some(Section::Status),
        columns: &["student_id", "school_id", "status", "opened_on"],
        once: None,
        differences: "
            select n.file_id, n.created, coalesce(t.version, 0) + 1, n.student_id, n.sourced_id,
                   n.student_id, coalesce(n.school_id, t.school_id), 'open', coalesce(t.opened_on, :today)
              from next_files n left join ilp_files t on t.district_id = :district and t.id = n.file_id
             where n.created or (t.school_id, t.status) is distinct from (coalesce(n.school_id, t.school_id), 'open')",
        ends: Some(
            "
            select t.id, false, t.version + 1, t.student_id, c.named, t.student_id, t.school_id, 'frozen', t.opened_on
              from changed_students c join ilp_files t on t.district_id = :district and t.student_id = c.id
             where not c.created and not c.active and t.status = 'open'",
        ),
    },
    Entity {
        table: "plans",
        kind: Kind::Plan,
        section: Some(Section::Status),
        columns: &["file_id", "student_id"],
        once: None,
        differences: "select app_uuid7(), true, 1, n.student_id, n.sourced_id, n.file_id, n.student_id from next_files n where n.created",
        ends: None,
    },
    Entity {
        table: "divisions",
        kind: Kind::Division,
        section: Some(Section::Status),
        columns: &["file_id", "student_id", "school_year"],
        once: None,
        differences: "
            select n.division_id, true, 1, n.student_id, n.sourced_id, n.file_id, n.student_id, :year from next_files n where n.division_created",
        ends: None,
    },
    Entity {
        table: "registrations",
        kind: Kind::Registration,
        section: Some(Section::SchoolRecords),
        columns: &[
            "file_id", "student_id", "division_id", "term_title", "term_starts_on", "term_ends_on", "class_title", "class_code", "teachers",
            "withdrawn_on", "source", "sourced_id", "term_sourced_id", "captured_at",
        ],
        once: None,
        // Only the division of the present school year is looked at, so what was copied in an earlier one stays (data rule 7).
        differences: "
            select coalesce(t.id, app_uuid7()), t.id is null, coalesce(t.version, 0) + 1, n.student_id, s.sourced_id,
                   n.file_id, n.student_id, n.division_id, c.term_title, c.term_starts_on, c.term_ends_on, c.class_title, c.class_code, c.teachers,
                   case when s.ends_on < c.term_ends_on then s.ends_on end, :source, s.sourced_id, c.term, :at
              from staged_enrollments s join known_people k on k.sourced_id = s.person
              join next_files n on n.student_id = k.id
              join class_copies c on c.class = s.class
              left join registrations t on t.district_id = :district and t.division_id = n.division_id
               and t.source = :source and t.sourced_id = s.sourced_id and t.term_sourced_id = c.term
             where s.role = 'student'
               and case when t.id is null
                     then coalesce(s.begins_on <= c.term_ends_on, true) and coalesce(s.ends_on >= c.term_starts_on, true)
                     else (t.term_title, t.term_starts_on, t.term_ends_on, t.class_title, t.class_code, t.teachers, t.withdrawn_on)
                          is distinct from (c.term_title, c.term_starts_on, c.term_ends_on, c.class_title, c.class_code, c.teachers,
                                            case when s.ends_on < c.term_ends_on then s.ends_on end)
                   end",
        ends: Some(
            "
            select t.id, false, t.version + 1, t.student_id, t.sourced_id, t.file_id, t.student_id, t.division_id, t.term_title, t.term_starts_on,
                   t.term_ends_on, t.class_title, t.class_code, t.teachers, c.ends_on, t.source, t.sourced_id, t.term_sourced_id, t.captured_at
              from changed_enrollments c
              join registrations t on t.district_id = :district and t.source = :source and t.sourced_id = c.sourced_id and t.student_id = c.person_id
              join divisions d on d.district_id = :district and d.id = t.division_id and d.school_year = :year
             where c.ended and coalesce(t.withdrawn_on > c.ends_on, t.term_ends_on > c.ends_on)",
        ),
    },
    // The gradebook: what marks are of, and report cards.
    gradebook::CATEGORIES,
    gradebook::LINE_ITEMS,
    gradebook::REPORT_CARDS,
    supplement::ASSIGNMENT_CLAIMS,
    supplement::CASELOAD_CLAIMS,
    assignment::ASSIGNMENTS,
    // The supplement.
    supplement::ADDRESSES,
    supplement::TELEPHONES,
    supplement::STUDENT_FLAGS,
    supplement::STATE_IDENTIFIERS,
    supplement::ATTENDANCE_TOTALS,
    supplement::YEAR_OUTCOMES,
    supplement::POST_SCHOOL_OUTCOMES,
    // What a custodian may have to merge.
    rekeyed::POTENTIAL_DUPLICATES,
];
