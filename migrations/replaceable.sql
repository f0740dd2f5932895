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
create view student_relations with (security_invoker = true) as
  select s.district_id, s.id as student_id, s.id as person_id, 'self'::text as relation,
         null::text as rights, true as confirmed, null::date as valid_from, null::date as valid_to
    from students s
  union all
  select g.district_id, g.student_id, g.guardian_id, 'guardian', g.rights, g.confirmed_at is not null, g.valid_from, g.valid_to
    from guardian_links g
   -- What a merge has touched waits for the custodian, even where the roster is trusted. An order that shuts somebody out does not wait.
   where g.confirmed_at is not null or g.reconfirm is not true or g.rights <> 'full'
  union all
  select a.district_id, a.student_id, a.person_id, a.kind, null, a.confirmed_at is not null, a.valid_from, a.valid_to
    from assignments a
  union all
  select p.district_id, s.id, p.person_id, p.kind, null, true, p.valid_from, p.valid_to
    from appointments p join students s on s.district_id = p.district_id and s.school_id = p.school_id
   where p.kind = 'schoolManager'
  union all
  select p.district_id, s.id, p.person_id, p.kind, null, true, p.valid_from, p.valid_to
    from appointments p join students s on s.district_id = p.district_id
   where p.kind in ('coordinator', 'custodian')
  union all
  select t.district_id, e.person_id, t.person_id, 'rosterTeacher', null, true,
         greatest(t.begins_on, e.begins_on), least(t.ends_on, e.ends_on) + 1
    from enrollments t
    join districts d on d.id = t.district_id and d.roster_teachers
    join enrollments e on e.district_id = t.district_id and e.class_id = t.class_id and e.role = 'student' and e.active
   where t.role = 'teacher' and t.active
     -- Classes from two records may be those of two people: a merged person's teachers are assigned, not taken from the roster.
     and not exists (select from person_merges m where m.district_id = t.district_id and m.kept_id = e.person_id and m.undone_at is null)
     and not exists (select from person_merges m where m.district_id = t.district_id and m.kept_id = t.person_id and m.undone_at is null);

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
