-- What a person was told about a student: once each, whichever node tells it and however often it looks.
create table notices (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  audience text not null,
  kind text not null,
  occurs_on date not null,
  lead_days integer,
  basis text,
  emergency_access_id uuid,
  given_name text not null,
  words_version integer not null,
  acknowledged_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint notices_pkey primary key (district_id, id),
  constraint notices_once unique nulls not distinct (district_id, student_id, person_id, kind, occurs_on, lead_days, emergency_access_id),
  constraint notices_audience_known check (audience in ('student', 'guardian', 'custodian')),
  constraint notices_by_kind check (case kind
    when 'rightsPass' then lead_days is not null and basis is not null and emergency_access_id is null
    when 'emergencyAccess' then lead_days is null and basis is null and emergency_access_id is not null
    else false end)
);

select app_tenant_table('notices');

alter table notices add constraint notices_student foreign key (district_id, student_id) references students (district_id, id);

alter table notices add constraint notices_person foreign key (district_id, person_id) references people (district_id, id);

alter table notices add constraint notices_emergency_access foreign key (district_id, emergency_access_id) references emergency_accesses (district_id, id);

create index notices_by_person on notices (district_id, person_id, id);

create index notices_by_emergency_access on notices (district_id, emergency_access_id);

-- Who turns 18 soon is looked up every hour.
create index students_by_birth_date on students (district_id, birth_date);
