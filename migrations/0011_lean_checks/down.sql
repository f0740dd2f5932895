do $$
declare p record;
begin
  for p in select tablename from pg_policies where schemaname = current_schema() and policyname = 'tenant' loop
    execute format('alter policy tenant on %I
      using (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))
      with check (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))', p.tablename);
  end loop;
end $$;

create or replace function app_tenant_table(t regclass, rights text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  perform app_distribute(t);
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to openilp_app
    using (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))
    with check (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))', t);
  execute format('grant %s on %s to openilp_app', rights, t);
end $$;

alter table access_record_students add constraint access_record_students_access_record
  foreign key (district_id, access_record_id) references access_records (district_id, id);

do $$
declare t text;
begin
  foreach t in array array['academic_sessions', 'classes', 'class_terms', 'students', 'roles', 'enrollments', 'guardian_links', 'assignments',
    'appointments', 'ilp_files', 'divisions', 'registrations', 'plans', 'goals', 'benchmarks', 'activities', 'progress_records', 'reflections',
    'proposals', 'strengths', 'access_records', 'access_record_students', 'identity_links', 'roster_bundle_chunks', 'roster_faults', 'ilp_statuses',
    'disclosures']
  loop
    execute format('alter table %I add constraint %I foreign key (district_id) references districts (id)', t, t || '_district');
  end loop;
end $$;
