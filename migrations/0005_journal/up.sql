-- The journal: one append-only row per change, its body apart; access records; answers kept for repeated keys.

-- The head of a district's feed: the last position that the sequencer has given.
create table feeds (
  district_id uuid not null,
  head bigint not null,
  constraint feeds_pkey primary key (district_id)
);

select app_tenant_table('feeds', 'select, insert, update');

alter table feeds add constraint feeds_district foreign key (district_id) references districts (id);

-- One row per change, for ever (metadata and hash; the body stands in change_bodies).
-- position is null until the sequencer has seen the row committed. seq orders rows of one record: it is drawn after the record's row lock.
create table changes (
  district_id uuid not null,
  id uuid not null,
  seq bigint generated always as identity,
  position bigint,
  at timestamptz not null,
  kind text not null,
  resource_id uuid not null,
  version integer not null,
  operation text not null,
  student_id uuid,
  section text,
  person_id uuid,
  client_id uuid,
  relation text,
  import_id uuid,
  request_id text,
  reason text,
  body_hash bytea,
  constraint changes_pkey primary key (district_id, id),
  constraint changes_position_once unique (district_id, position),
  constraint changes_operation_known check (operation in ('created', 'amended', 'removed'))
);

select app_tenant_table('changes', 'select, insert, update (position)');

alter table changes add constraint changes_district foreign key (district_id) references districts (id);

create index changes_unsequenced on changes (district_id, seq) where position is null;

create index changes_by_resource on changes (district_id, kind, resource_id, seq);

create index changes_by_student on changes (district_id, student_id, seq);

-- What the record was after the change (before it, for a removal), behind one codec so that it can be encrypted and erased.
create table change_bodies (
  district_id uuid not null,
  change_id uuid not null,
  codec smallint not null,
  body bytea not null,
  constraint change_bodies_pkey primary key (district_id, change_id)
);

select app_tenant_table('change_bodies', 'select, insert, delete');

alter table change_bodies add constraint change_bodies_district foreign key (district_id) references districts (id);

alter table change_bodies add constraint change_bodies_change foreign key (district_id, change_id) references changes (district_id, id);

-- Who saw what: one row per answer that holds student content, durable before the answer leaves (access.md 7.1).
create table access_records (
  district_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  person_id uuid,
  client_id uuid,
  relation text,
  operation text not null,
  student_id uuid,
  resource_id uuid,
  sections text not null,
  row_count integer not null,
  request_id text not null,
  constraint access_records_pkey primary key (district_id, id)
);

select app_tenant_table('access_records', 'select, insert');

alter table access_records add constraint access_records_district foreign key (district_id) references districts (id);

create index access_records_by_student on access_records (district_id, student_id, at);

-- The students in an answer that held several.
create table access_record_students (
  district_id uuid not null,
  access_record_id uuid not null,
  student_id uuid not null,
  constraint access_record_students_pkey primary key (district_id, access_record_id, student_id)
);

select app_tenant_table('access_record_students', 'select, insert');

alter table access_record_students add constraint access_record_students_district foreign key (district_id) references districts (id);

alter table access_record_students add constraint access_record_students_access_record foreign key (district_id, access_record_id) references access_records (district_id, id);

create index access_record_students_by_student on access_record_students (district_id, student_id);

-- What was answered to a request with an Idempotency-Key, kept 24 hours. caller is the person or client that sent it.
-- The operator's own requests stand under the nil district, so there is no foreign key to districts.
create table idempotency_keys (
  district_id uuid not null,
  caller text not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  status smallint not null,
  headers jsonb not null,
  body bytea not null,
  created_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (district_id, caller, key)
);

select app_tenant_table('idempotency_keys');

create index idempotency_keys_by_age on idempotency_keys (district_id, created_at);
