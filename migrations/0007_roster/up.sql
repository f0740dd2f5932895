-- Roster imports: jobs that survive the process, the bundle they came in, their faults.

-- One OneRoster bundle handed in: a job with its stage, progress and report.
create table roster_imports (
  district_id uuid not null,
  id uuid not null,
  source text not null,
  dry_run boolean not null,
  status text not null,
  stage_done bigint not null,
  stage_total bigint,
  bundle_hash bytea not null,
  bundle_bytes bigint not null,
  report jsonb,
  fault_count integer not null,
  person_id uuid,
  client_id uuid,
  request_id text,
  started_at timestamptz,
  finished_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint roster_imports_pkey primary key (district_id, id),
  constraint roster_imports_status_known check (status in ('received', 'parsing', 'validating', 'comparing', 'applying', 'applied', 'compared', 'refused', 'failed'))
);

select app_tenant_table('roster_imports');

alter table roster_imports add constraint roster_imports_district foreign key (district_id) references districts (id);

create index roster_imports_waiting on roster_imports (district_id, id) where status not in ('applied', 'compared', 'refused', 'failed');

-- The bytes of a bundle, in order.
create table roster_bundle_chunks (
  district_id uuid not null,
  import_id uuid not null,
  number integer not null,
  bytes bytea not null,
  constraint roster_bundle_chunks_pkey primary key (district_id, import_id, number)
);

select app_tenant_table('roster_bundle_chunks');

alter table roster_bundle_chunks add constraint roster_bundle_chunks_district foreign key (district_id) references districts (id);

alter table roster_bundle_chunks add constraint roster_bundle_chunks_import foreign key (district_id, import_id) references roster_imports (district_id, id);

-- What was wrong with a bundle, cell by cell. row is the line in the file, 1 being the header; 0 is the file itself.
create table roster_faults (
  district_id uuid not null,
  import_id uuid not null,
  number integer not null,
  file text not null,
  row integer not null,
  column_name text,
  code text not null,
  detail text not null,
  constraint roster_faults_pkey primary key (district_id, import_id, number)
);

select app_tenant_table('roster_faults');

alter table roster_faults add constraint roster_faults_district foreign key (district_id) references districts (id);

alter table roster_faults add constraint roster_faults_import foreign key (district_id, import_id) references roster_imports (district_id, id);
