-- What every row paid for and did not need.
--
-- A foreign key to the district, on a table whose rows refer to a row that has the district in its key: each insert locked the one row
-- of the district, and concurrent writers made multixacts of it. Nobody can be in a district that is not there: schools, courses and people keep
-- the key, and the wall holds everything else. The records of access have none at all: they are written by the door, after it has found the rows.
do $$
declare t text;
begin
  foreach t in array array['academic_sessions', 'classes', 'class_terms', 'students', 'roles', 'enrollments', 'guardian_links', 'assignments',
    'appointments', 'ilp_files', 'divisions', 'registrations', 'plans', 'goals', 'benchmarks', 'activities', 'progress_records', 'reflections',
    'proposals', 'strengths', 'access_records', 'access_record_students', 'identity_links', 'roster_bundle_chunks', 'roster_faults', 'ilp_statuses',
    'disclosures']
  loop
    execute format('alter table %I drop constraint %I', t, t || '_district');
  end loop;
end $$;

alter table access_record_students drop constraint access_record_students_access_record;

-- The wall, without a sub-select: planned into the index condition, it needs no node of its own in every plan.
create or replace function app_tenant_table(t regclass, rights text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  perform app_distribute(t);
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to openilp_app
    using (district_id = nullif(current_setting(''app.district_id'', true), '''')::uuid)
    with check (district_id = nullif(current_setting(''app.district_id'', true), '''')::uuid)', t);
  execute format('grant %s on %s to openilp_app', rights, t);
end $$;

do $$
declare p record;
begin
  for p in select tablename from pg_policies where schemaname = current_schema() and policyname = 'tenant' loop
    execute format('alter policy tenant on %I
      using (district_id = nullif(current_setting(''app.district_id'', true), '''')::uuid)
      with check (district_id = nullif(current_setting(''app.district_id'', true), '''')::uuid)', p.tablename);
  end loop;
end $$;
