//! What an export says, file by file: the columns of OneRoster and of the supplement, from the staged rows of what is known.

/// A file of an export, and its rows in the order in which they are written. Columns that are not named are blank.
pub(super) struct Told {
    pub(super) name: &'static str,
    pub(super) rows: &'static str,
    /// Where the file cannot name all that is known: counts what it leaves out, so that the file is a delta, and ends nothing.
    pub(super) left_out: Option<&'static str>,
}

const fn told(name: &'static str, rows: &'static str) -> Told {
    Told { name, rows, left_out: None }
}

/// What is staged beside what completes a delta.
pub(super) const BESIDE: &[&str] = &[
    // An org that was the district and is a school now is the school.
    "delete from named_targets d where d.kind = 'district' and exists (
       select from external_identifiers e where e.district_id = :district and e.system = :source and e.kind = 'school' and e.value = d.value and e.ended_on is null)",
    "delete from staged_orgs d where d.kind = 'district' and exists (select from staged_orgs s where s.kind = 'school' and s.sourced_id = d.sourced_id)",
    "update staged_orgs o set name = d.name from districts d where d.id = :district and o.kind = 'district'",
    // The standard asks for an org above the schools. Where the source has named none, one is made up: it is local, of which an import keeps
    // nothing.
    "insert into named_targets
     select 'district', :district, :district::text where not exists (select from named_targets n where n.kind = 'district')",
    "insert into staged_orgs (line, sourced_id, name, kind)
     select 0, n.value, d.name, 'local' from named_targets n join districts d on d.id = :district
      where n.kind = 'district' and not exists (select from staged_orgs o where o.sourced_id = n.value)",
    // Roles at no school are there.
    "delete from staged_roles r using roles t where t.district_id = :district and t.source = :source and t.sourced_id = r.sourced_id and t.school_id is null",
    "insert into staged_roles (line, sourced_id, person, role, primary_role, begins_on, ends_on, org)
     select 0, t.sourced_id, p.value, t.role, t.primary_role, t.begins_on, t.ends_on, d.value
       from roles t join named_targets p on p.kind = 'person' and p.id = t.person_id join named_targets d on d.kind = 'district'
      where t.district_id = :district and t.source = :source and t.active and t.school_id is null",
    // A delta may have ended all sessions of a class: then it is over, and no row can tell of it.
    "delete from staged_classes where terms = '{}'",
    "delete from staged_enrollments e where not exists (select from staged_classes c where c.sourced_id = e.class)",
    "create temp table leaving_people (sourced_id text, id uuid) on commit drop",
    "insert into leaving_people
     select u.sourced_id, e.target_id from staged_users u
       join external_identifiers e on e.district_id = :district and e.system = :source and e.kind = 'person' and e.value = u.sourced_id",
    "analyze leaving_people",
    "insert into staged_categories (line, sourced_id, title)
     select 0, t.sourced_id, t.title from categories t where t.district_id = :district and t.source = :source and t.active",
    "insert into staged_line_items (line, sourced_id, title, class, category, session, school)
     select 0, t.sourced_id, t.title, t.class_sourced_id, t.category_sourced_id, t.session_sourced_id, c.school
       from line_items t join staged_classes c on c.sourced_id = t.class_sourced_id
       join staged_sessions s on s.sourced_id = t.session_sourced_id
       join staged_categories k on k.sourced_id = t.category_sourced_id
      where t.district_id = :district and t.source = :source and t.active",
    "analyze staged_categories",
    "analyze staged_line_items",
    // Of a mark the copy that stands; where the source has used an id again, the latest.
    "create temp table leaving_results (sourced_id text, id uuid, line_item text, person text, class text, school text, session text) on commit drop",
    "insert into leaving_results
     select distinct on (t.sourced_id) t.sourced_id, t.id, i.sourced_id, p.sourced_id, i.class, i.school, i.session
       from report_cards t join divisions d on d.district_id = :district and d.id = t.division_id
       join staged_line_items i on i.sourced_id = t.line_item_sourced_id
       join (select id, min(sourced_id) as sourced_id from leaving_people group by id) p on p.id = t.student_id
      where t.district_id = :district and t.source = :source and t.corrected_by_id is null and t.withdrawn_on is null
      order by t.sourced_id, d.school_year desc, t.captured_at desc, t.id",
    "analyze leaving_results",
    // Scales have no ids here: they are made of what they say. A mark has one of its own where it is not that of its line item.
    "create temp table leaving_scales (line_item text, result text, sourced_id text, title text, marks jsonb, class text, school text) on commit drop",
    "insert into leaving_scales
     select i.sourced_id, null, 'scale-' || md5(concat_ws(E'\\n', i.class, t.scale ->> 'title', t.scale ->> 'marks')), t.scale ->> 'title', t.scale -> 'marks',
            i.class, i.school
       from staged_line_items i join line_items t on t.district_id = :district and t.source = :source and t.sourced_id = i.sourced_id
      where jsonb_array_length(t.scale -> 'marks') > 0 and t.scale ? 'title'",
    "insert into leaving_scales
     select null, r.sourced_id, 'scale-' || md5(concat_ws(E'\\n', r.class, t.scale ->> 'title', t.scale ->> 'marks')), t.scale ->> 'title', t.scale -> 'marks',
            r.class, r.school
       from leaving_results r join report_cards t on t.district_id = :district and t.id = r.id
       join line_items i on i.district_id = :district and i.source = :source and i.sourced_id = r.line_item
      where jsonb_array_length(t.scale -> 'marks') > 0 and t.scale ? 'title'
        and (t.scale ->> 'title', t.scale -> 'marks') is distinct from (i.scale ->> 'title', i.scale -> 'marks')",
    "analyze leaving_scales",
];

/// The day and time of a row of a delta.
macro_rules! as_changed {
    () => {
        "'active' as status, to_char(t.updated_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') as \"dateLastModified\""
    };
}

/// Every file.
pub(super) const FILES: &[Told] = &[
    told(
        "orgs.csv",
        "select o.sourced_id as \"sourcedId\", o.name, o.kind as type, o.identifier, case when o.kind = 'school' then d.value end as \"parentSourcedId\"
           from staged_orgs o join named_targets d on d.kind = 'district' order by o.sourced_id collate \"C\"",
    ),
    told(
        "academicSessions.csv",
        "select s.sourced_id as \"sourcedId\", s.title, s.kind as type, s.starts_on as \"startDate\", s.ends_on as \"endDate\",
                p.value as \"parentSourcedId\", s.school_year as \"schoolYear\"
           from staged_sessions s
           join external_identifiers e on e.district_id = :district and e.system = :source and e.kind = 'academicSession' and e.value = s.sourced_id
           join academic_sessions t on t.district_id = :district and t.id = e.target_id
           left join named_targets p on p.kind = 'academicSession' and p.id = t.parent_id order by s.sourced_id collate \"C\"",
    ),
    told(
        "courses.csv",
        "select c.sourced_id as \"sourcedId\", c.title, c.course_code as \"courseCode\", d.value as \"orgSourcedId\"
           from staged_courses c join named_targets d on d.kind = 'district' order by c.sourced_id collate \"C\"",
    ),
    told(
        "classes.csv",
        "select c.sourced_id as \"sourcedId\", c.title, c.course as \"courseSourcedId\", c.class_code as \"classCode\", c.kind as \"classType\", c.location,
                c.school as \"schoolSourcedId\", array(select term collate \"C\" from unnest(c.terms) term order by 1) as \"termSourcedIds\", c.periods
           from staged_classes c order by c.sourced_id collate \"C\"",
    ),
    // Agents are what the source says of guardians and says nowhere else. User names are not kept. An identifier with a brace cannot be told here; the supplement can.
    told(
        "users.csv",
        "select u.sourced_id as \"sourcedId\", u.active as \"enabledUser\", u.sourced_id as username,
                case when strpos(u.state_id, '}') = 0 then '{stateStudentId:' || u.state_id || '}' end as \"userIds\",
                u.given_name as \"givenName\", u.family_name as \"familyName\", u.middle_name as \"middleName\", u.local_id as identifier,
                u.email, u.sms, u.telephone as phone, g.agents as \"agentSourcedIds\", u.grade as grades,
                u.preferred_given_name as \"preferredGivenName\", u.preferred_family_name as \"preferredFamilyName\",
                o.value as \"primaryOrgSourcedId\", u.pronouns
           from staged_users u join leaving_people p on p.sourced_id = u.sourced_id
           left join students s on s.district_id = :district and s.id = p.id
           left join named_targets o on o.kind = 'school' and o.id = s.school_id
           left join (select l.student_id, array_agg(n.value order by n.value collate \"C\") as agents
                        from guardian_links l join named_targets n on n.kind = 'person' and n.id = l.guardian_id
                       where l.district_id = :district and l.claim_source = :source and l.claimed_rights = 'full' and l.claim_ended_on is null
                         and not exists (select from guardian_claims c where c.district_id = :district and c.source = :source and c.active
                                            and c.student_id = l.student_id and c.guardian_id = l.guardian_id)
                       group by l.student_id) g on g.student_id = p.id
          order by u.sourced_id collate \"C\"",
    ),
    told(
        "roles.csv",
        "select r.sourced_id as \"sourcedId\", r.person as \"userSourcedId\", case when r.primary_role then 'primary' else 'secondary' end as \"roleType\",
                r.role, r.begins_on as \"beginDate\", r.ends_on as \"endDate\", r.org as \"orgSourcedId\"
           from staged_roles r order by r.sourced_id collate \"C\"",
    ),
    told(
        "demographics.csv",
        "select n.value as \"sourcedId\", s.birth_date as \"birthDate\"
           from students s join named_targets n on n.kind = 'person' and n.id = s.id
          where s.district_id = :district and s.birth_date is not null order by n.value collate \"C\"",
    ),
    told(
        "enrollments.csv",
        "select e.sourced_id as \"sourcedId\", e.class as \"classSourcedId\", e.school as \"schoolSourcedId\", e.person as \"userSourcedId\", e.role,
                case when e.primary_teacher or e.role = 'teacher' then e.primary_teacher end as primary,
                e.begins_on as \"beginDate\", e.ends_on as \"endDate\"
           from staged_enrollments e order by e.sourced_id collate \"C\"",
    ),
    told("categories.csv", "select k.sourced_id as \"sourcedId\", k.title from staged_categories k order by k.sourced_id collate \"C\""),
    // The days of a line item are not kept: they are those of its session.
    Told {
        name: "lineItems.csv",
        rows: concat!(
            "select i.sourced_id as \"sourcedId\", ",
            as_changed!(),
            ", i.title, s.starts_on as \"assignDate\", s.ends_on as \"dueDate\", i.class as \"classSourcedId\", i.category as \"categorySourcedId\",
                i.session as \"academicSessionSourcedId\", t.scale ->> 'min' as \"resultValueMin\", t.scale ->> 'max' as \"resultValueMax\",
                i.school as \"schoolSourcedId\"
           from staged_line_items i join staged_sessions s on s.sourced_id = i.session
           join line_items t on t.district_id = :district and t.source = :source and t.sourced_id = i.sourced_id order by i.sourced_id collate \"C\""
        ),
        left_out: Some(
            "select count(*) from line_items t where t.district_id = :district and t.source = :source and t.active
                and not exists (select from staged_line_items i where i.sourced_id = t.sourced_id)",
        ),
    },
    told(
        "scoreScales.csv",
        "select distinct on (s.sourced_id collate \"C\") s.sourced_id as \"sourcedId\", s.title, 'marks' as type, s.school as \"orgSourcedId\",
                c.course as \"courseSourcedId\", s.class as \"classSourcedId\",
                (select string_agg('{' || (m ->> 'mark') || ':' || (m ->> 'value') || '}', ',' order by place)
                   from jsonb_array_elements(s.marks) with ordinality marks (m, place)) as \"scoreScaleValue\"
           from leaving_scales s join staged_classes c on c.sourced_id = s.class order by s.sourced_id collate \"C\"",
    ),
    told(
        "lineItemScoreScales.csv",
        "select 'scale-of-' || md5(s.line_item) as \"sourcedId\", s.line_item as \"lineItemSourcedId\", s.sourced_id as \"scoreScaleSourcedId\"
           from leaving_scales s where s.line_item is not null order by s.line_item collate \"C\"",
    ),
    // A file that named everything would have the marks taken away that it cannot name.
    Told {
        name: "results.csv",
        rows: concat!(
            "select r.sourced_id as \"sourcedId\", ",
            as_changed!(),
            ", r.line_item as \"lineItemSourcedId\", r.person as \"studentSourcedId\", t.score_status as \"scoreStatus\", t.score, t.scored_on as \"scoreDate\",
                t.comment, t.score_text as \"textScore\", r.class as \"classSourcedId\", case when t.flags ? 'inProgress' then true end as \"inProgress\",
                case when t.flags ? 'incomplete' then true end as incomplete, case when t.flags ? 'late' then true end as late,
                case when t.flags ? 'missing' then true end as missing
           from leaving_results r join report_cards t on t.district_id = :district and t.id = r.id order by r.sourced_id collate \"C\""
        ),
        left_out: Some(
            "select count(*) from report_cards t
               left join (select distinct session from leaving_results) s on s.session = t.session_sourced_id
               left join leaving_results r on r.sourced_id = t.sourced_id
              where t.district_id = :district and t.source = :source and t.corrected_by_id is null and t.withdrawn_on is null
                and not exists (select from leaving_results l where l.id = t.id) and (s.session is not null or r.id is not null)",
        ),
    },
    told(
        "resultScoreScales.csv",
        "select 'scale-of-' || md5(s.result) as \"sourcedId\", s.result as \"resultSourcedId\", s.sourced_id as \"scoreScaleSourcedId\"
           from leaving_scales s where s.result is not null order by s.result collate \"C\"",
    ),
    told(
        "ilp.addresses.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"userSourcedId\", s.kind as type, s.street, s.unit, s.city, s.state,
                s.postal_code as \"postalCode\", s.country, s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_addresses s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.telephones.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"userSourcedId\", s.kind as type, s.number, s.extension, s.first_choice as primary,
                s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_telephones s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.guardians.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"studentSourcedId\", s.guardian as \"guardianSourcedId\", s.relationship, s.rights, s.evidence,
                s.evidence_reference as \"evidenceReference\", s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_guardians s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.caseloads.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"staffSourcedId\", s.school as \"schoolSourcedId\", s.grades,
                s.family_name_from as \"familyNameFrom\", s.family_name_to as \"familyNameTo\", s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_caseloads s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.assignments.csv",
        "select s.sourced_id as \"sourcedId\", s.staff as \"staffSourcedId\", s.person as \"studentSourcedId\", s.kind as type,
                s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_assignments s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.flags.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"studentSourcedId\", s.flag, s.begins_on as \"beginDate\", s.ends_on as \"endDate\"
           from staged_flags s order by s.sourced_id collate \"C\"",
    ),
    // Somebody has one identifier of each type.
    told(
        "ilp.stateIds.csv",
        "select x.* from (select distinct on (s.person, s.kind) s.sourced_id as \"sourcedId\", s.person as \"userSourcedId\", s.kind as type, s.state, s.identifier
                            from staged_state_ids s order by s.person, s.kind, s.sourced_id collate \"C\") x order by x.\"sourcedId\" collate \"C\"",
    ),
    told(
        "ilp.attendance.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"studentSourcedId\", s.school as \"schoolSourcedId\", s.session as \"academicSessionSourcedId\",
                s.days_enrolled as \"daysEnrolled\", s.days_absent as \"daysAbsent\", s.days_absent_unexcused as \"daysAbsentUnexcused\",
                s.times_tardy as \"timesTardy\"
           from staged_attendance s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.outcomes.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"studentSourcedId\", s.school as \"schoolSourcedId\", s.school_year as \"schoolYear\", s.outcome,
                s.outcome_on as \"outcomeDate\", s.diploma_type as \"diplomaType\"
           from staged_outcomes s order by s.sourced_id collate \"C\"",
    ),
    told(
        "ilp.postSchoolOutcomes.csv",
        "select s.sourced_id as \"sourcedId\", s.person as \"studentSourcedId\", s.kind as type, s.name, s.as_of as \"asOfDate\"
           from staged_post_school_outcomes s order by s.sourced_id collate \"C\"",
    ),
    told(
        "relationships.csv",
        "select s.person as \"userSourcedId\", s.guardian as \"relationshipUserSourcedId\", s.relationship as \"relationshipRole\" from staged_relationships s
          where s.sourced_id = concat('sds:', s.person, ':', s.guardian, ':', s.relationship) order by s.sourced_id collate \"C\"",
    ),
    told(
        "userFlags.csv",
        "select s.person as \"userSourcedId\", s.flag from staged_user_flags s
          where s.sourced_id = concat('sds:', s.person, ':', s.flag) order by s.sourced_id collate \"C\"",
    ),
];
