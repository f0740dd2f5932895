-- Unusual volume (access.md 7.5): how many students' files each caller opened hour by hour, and the alarms that came of it.

-- Of an hour that is over: what later hours are compared with, for 28 days. caller_id is a person or a client; no student stands here.
create table access_hours (
  district_id uuid not null,
  caller_id uuid not null,
  hour timestamptz not null,
  students integer not null,
  constraint access_hours_pkey primary key (district_id, caller_id, hour)
);

select app_tenant_table('access_hours', 'select, insert, delete');

alter table access_hours add constraint access_hours_district foreign key (district_id) references districts (id);

create index access_hours_by_hour on access_hours (district_id, hour);

-- One for each caller, hour and kind. With neither person nor client it is of the whole district.
create table alarms (
  district_id uuid not null,
  id uuid not null,
  kind text not null,
  person_id uuid,
  client_id uuid,
  hour timestamptz not null,
  operation text not null,
  count integer not null,
  threshold integer not null,
  reviewed_at timestamptz,
  reviewed_by uuid,
  note text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint alarms_pkey primary key (district_id, id),
  constraint alarms_once unique nulls not distinct (district_id, person_id, client_id, hour, kind),
  constraint alarms_kind_known check (kind in ('unusualVolume', 'fileCap', 'exportCap')),
  constraint alarms_of_one_caller check (person_id is null or client_id is null),
  constraint alarms_review_whole check ((reviewed_at is null) = (reviewed_by is null) and (reviewed_at is null) = (note is null))
);

select app_tenant_table('alarms', 'select, insert, update');

alter table alarms add constraint alarms_district foreign key (district_id) references districts (id);

create index alarms_open on alarms (district_id, id) where reviewed_at is null;
