-- Functions and views without data of their own: dropped and made again by every migration run.

drop view if exists student_relations;

drop view if exists records;

-- An id of version 7 (RFC 9562) for rows that a set-based statement makes; everywhere else the application makes ids.
create or replace function app_uuid7() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- The one definition of who stands in which relation to which student (access.md 5.1). Single reads, lists, search,
-- feeds and exports all start here. It states facts only: whether a fact grants anything is decided in domain::access.
-- The word `restricted` is no relation but an order against one.
create view student_relations with (security_invoker = true) as
  select s.district_id, s.id as student_id, s.id as person_id, 'self'::text as relation,
         null::text as rights, true as confirmed, null::date as valid_from, null::date as valid_to, null::timestamptz as until,
         null::text[] as sections, null::uuid as goal_id, null::text as program,
         null::date as student_signed_on, null::boolean as guardian_signed, null::boolean as objection, null::date as dependent_until,
         false as by_consent
    from students s
  union all
  select g.district_id, g.student_id, g.guardian_id, 'guardian', g.rights, g.confirmed_at is not null, g.valid_from, g.valid_to, null,
         null, null, null, null, null, null, g.dependent_until, false
    from guardian_links g
   -- What a merge has touched waits for the custodian, even where the roster is trusted. An order that shuts somebody out does not wait.
   where g.confirmed_at is not null or g.reconfirm is not true or g.rights <> 'full'
  union all
  select a.district_id, a.student_id, a.person_id, a.kind, null, a.confirmed_at is not null, a.valid_from, a.valid_to, null,
         null, null, a.program, null, null, null, null, false
    from assignments a
  union all
  select p.district_id, s.id, p.person_id, p.kind, null, true, p.valid_from, p.valid_to, null,
         null, null, null, null, null, null, null, false
    from appointments p join students s on s.district_id = p.district_id and s.school_id = p.school_id
   where p.kind = 'schoolManager'
  union all
  -- With the sections that open requests of the family are about: only a custodian's row asks for them.
  select p.district_id, s.id, p.person_id, p.kind, null, true, p.valid_from, p.valid_to, null,
         case p.kind when 'custodian' then
           (select array_agg(c.section) from (
              select unnest(i.sections) as section from inspection_requests i
               where i.district_id = s.district_id and i.student_id = s.id and i.status = 'open'
              union
              select a.section from amendment_requests a
               where a.district_id = s.district_id and a.student_id = s.id and a.status in ('open', 'hearingRequested', 'hearingSet')) c) end,
         null, null, null, null, null, null, false
    from appointments p join students s on s.district_id = p.district_id
   where p.kind in ('coordinator', 'custodian')
  union all
  select t.district_id, e.person_id, t.person_id, 'rosterTeacher', null, true,
         greatest(t.begins_on, e.begins_on), least(t.ends_on, e.ends_on) + 1, null,
         null, null, null, null, null, null, null, false
    from enrollments t
    join districts d on d.id = t.district_id and d.roster_teachers
    join enrollments e on e.district_id = t.district_id and e.class_id = t.class_id and e.role = 'student' and e.active
   where t.role = 'teacher' and t.active
     -- Classes from two records may be those of two people: a merged person's teachers are assigned, not taken from the roster.
     and not exists (select from person_merges m
                      where m.district_id = t.district_id and m.kept_id in (e.person_id, t.person_id) and m.undone_at is null)
  union all
  -- A consent that was not revoked, to whoever it names: a person, the staff of a partner while its agreement runs, the members of a group.
  -- From the student as from the person: each is found by an index.
  select c.district_id, c.student_id, c.person_id, c.relation, null, true, c.valid_from, c.valid_to, null,
         c.sections, c.goal_id, null, s.student_on, s.guardian, s.objection, null, true
    from (select c.district_id, c.id, c.student_id, c.person_id, case c.recipient_kind when 'mentor' then 'mentor' else 'consentedGuardian' end as relation,
                 c.valid_from, c.valid_to, c.sections, c.goal_id, c.created_at
            from consents c
           where c.person_id is not null and c.revoked_at is null
          union all
          select c.district_id, c.id, c.student_id, m.person_id, 'partner',
                 greatest(c.valid_from, m.valid_from, p.valid_from), least(c.valid_to, m.valid_to, p.valid_to), c.sections, c.goal_id, c.created_at
            from consents c
            join partner_members m on m.district_id = c.district_id and m.partner_id = c.partner_id
            join partners p on p.district_id = c.district_id and p.id = c.partner_id
           where c.revoked_at is null
          union all
          select c.district_id, c.id, c.student_id, m.person_id, 'groupMember',
                 greatest(c.valid_from, m.valid_from, g.valid_from), least(c.valid_to, m.valid_to, g.valid_to), c.sections, c.goal_id, c.created_at
            from consents c
            join group_members m on m.district_id = c.district_id and m.group_id = c.group_id and m.person_id <> c.student_id
            join student_groups g on g.district_id = c.district_id and g.id = c.group_id
           where c.revoked_at is null) c
   cross join lateral (
      -- A guardian who has lost the rights since has neither signed nor objected.
      select max(n.signed_on) filter (where n.signed_as = 'student' and n.approves) as student_on,
             coalesce(bool_or(n.approves) filter (where n.signed_as = 'guardian'), false) as guardian,
             coalesce(bool_or(not n.approves) filter (where n.signed_as = 'guardian'), false)
               or coalesce(bool_or(not n.approves) filter (where n.signed_as = 'student'), false) as objection
        from consent_signatures n
       where n.district_id = c.district_id and n.consent_id = c.id
         and not exists (select from guardian_links g
                          where g.district_id = n.district_id and g.student_id = n.student_id and g.guardian_id = n.person_id and g.rights <> 'full')) s
   -- What was signed before two records became one was signed about less.
   where not exists (select from person_merges m where m.district_id = c.district_id and m.kept_id = c.student_id and m.undone_at is null
                        and m.created_at > c.created_at)
  union all
  select x.district_id, x.student_id, x.person_id, 'emergency', null, true, null, null, least(x.ended_at, x.expires_at),
         x.sections, null, null, null, null, null, null, false
    from emergency_accesses x
  union all
  select o.district_id, o.student_id, o.person_id, 'restricted', null, true, o.valid_from, o.valid_to, null,
         o.sections, null, null, null, null, null, null, false
    from restrictions o;

grant select on student_relations to openilp_app;

-- Tells the planner how large the tables are that an import fills. Only an owner may: so it runs as the one who made it.
create or replace function app_analyze_roster() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze schools, academic_sessions, courses, classes, class_terms, people, students, roles, enrollments, external_identifiers,
          guardian_links, assignments, ilp_files, plans, divisions, registrations, changes, categories, line_items, report_cards,
          addresses, telephones, student_flags, guardian_claims, assignment_claims, caseload_claims, state_identifiers, attendance_totals, year_outcomes, post_school_outcomes;
end $$;

revoke execute on function app_analyze_roster() from public;

grant execute on function app_analyze_roster() to openilp_app;
