-- What a family asks about its records, and what became of it: to inspect them (34 CFR 99.10), to amend them, a hearing, a statement (99.20 to 99.22).
create table inspection_requests (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  requested_by uuid not null,
  recorded_by uuid,
  received_on date not null,
  due_on date not null,
  sections text[] not null,
  wish text,
  status text not null,
  answered_on date,
  answered_by uuid,
  method text,
  answer text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint inspection_requests_pkey primary key (district_id, id),
  constraint inspection_requests_status_known check (status in ('open', 'answered', 'withdrawn')),
  constraint inspection_requests_method_known check (method in ('online', 'inPerson', 'copies')),
  constraint inspection_requests_answered check ((status = 'answered') = (answered_on is not null and answered_by is not null and method is not null)),
  constraint inspection_requests_due check (due_on >= received_on)
);

select app_tenant_table('inspection_requests');

alter table inspection_requests add constraint inspection_requests_student foreign key (district_id, student_id) references students (district_id, id);

alter table inspection_requests add constraint inspection_requests_requested_by foreign key (district_id, requested_by) references people (district_id, id);

alter table inspection_requests add constraint inspection_requests_recorded_by foreign key (district_id, recorded_by) references people (district_id, id);

alter table inspection_requests add constraint inspection_requests_answered_by foreign key (district_id, answered_by) references people (district_id, id);

create index inspection_requests_by_student on inspection_requests (district_id, student_id, id);

create index inspection_requests_by_requested_by on inspection_requests (district_id, requested_by);

create index inspection_requests_by_recorded_by on inspection_requests (district_id, recorded_by);

create index inspection_requests_by_answered_by on inspection_requests (district_id, answered_by);

-- What a custodian may read is looked up at every decision about them.
create index inspection_requests_open on inspection_requests (district_id, student_id) where status = 'open';

create table amendment_requests (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  requested_by uuid not null,
  recorded_by uuid,
  received_on date not null,
  record_kind text not null,
  record_id uuid not null,
  section text not null,
  ground text not null,
  reason text not null,
  wish text not null,
  status text not null,
  decided_on date,
  decided_by uuid,
  decision_reason text,
  hearing_requested_on date,
  hearing_on date,
  hearing_place text,
  hearing_officer text,
  hearing_decided_on date,
  findings text,
  statement text,
  statement_placed_on date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint amendment_requests_pkey primary key (district_id, id),
  constraint amendment_requests_ground_known check (ground in ('inaccurate', 'misleading', 'privacyViolation')),
  constraint amendment_requests_status_known check (status in
    ('open', 'granted', 'refused', 'hearingRequested', 'hearingSet', 'grantedAfterHearing', 'refusedAfterHearing', 'withdrawn')),
  constraint amendment_requests_hearing check ((hearing_on is null) = (hearing_place is null) and (hearing_on is null) = (hearing_officer is null)),
  constraint amendment_requests_statement check ((statement is null) = (statement_placed_on is null)
    and (statement is null or status in ('refused', 'hearingRequested', 'hearingSet', 'refusedAfterHearing')))
);

select app_tenant_table('amendment_requests');

alter table amendment_requests add constraint amendment_requests_student foreign key (district_id, student_id) references students (district_id, id);

alter table amendment_requests add constraint amendment_requests_requested_by foreign key (district_id, requested_by) references people (district_id, id);

alter table amendment_requests add constraint amendment_requests_recorded_by foreign key (district_id, recorded_by) references people (district_id, id);

alter table amendment_requests add constraint amendment_requests_decided_by foreign key (district_id, decided_by) references people (district_id, id);

create index amendment_requests_by_student on amendment_requests (district_id, student_id, id);

create index amendment_requests_by_requested_by on amendment_requests (district_id, requested_by);

create index amendment_requests_by_recorded_by on amendment_requests (district_id, recorded_by);

create index amendment_requests_by_decided_by on amendment_requests (district_id, decided_by);

create index amendment_requests_open on amendment_requests (district_id, student_id) where status in ('open', 'hearingRequested', 'hearingSet');

-- A statement goes with the record at every read of it.
create index amendment_requests_stated on amendment_requests (district_id, student_id) where statement is not null;

-- Words of a record that are about another student (34 CFR 99.12(a)): withheld from this student's family.
create table redactions (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  record_kind text not null,
  record_id uuid not null,
  words text not null,
  created_by uuid not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint redactions_pkey primary key (district_id, id),
  constraint redactions_once unique (district_id, student_id, record_id, words)
);

select app_tenant_table('redactions');

alter table redactions add constraint redactions_student foreign key (district_id, student_id) references students (district_id, id);

alter table redactions add constraint redactions_created_by foreign key (district_id, created_by) references people (district_id, id);

create index redactions_by_created_by on redactions (district_id, created_by);

-- What a district tells its families every year (34 CFR 99.7).
create table annual_notices (
  district_id uuid not null,
  id uuid not null,
  school_year integer not null,
  publish_on date not null,
  how_to_inspect text not null,
  how_to_amend text not null,
  school_officials text not null,
  legitimate_interest text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint annual_notices_pkey primary key (district_id, id),
  constraint annual_notices_once unique (district_id, school_year)
);

select app_tenant_table('annual_notices');

alter table annual_notices add constraint annual_notices_district foreign key (district_id) references districts (id);

alter table notices add column inspection_request_id uuid, add column amendment_request_id uuid, add column annual_notice_id uuid;

alter table notices drop constraint notices_by_kind;

alter table notices add constraint notices_by_kind check (
  (lead_days is not null and basis is not null) = (kind = 'rightsPass') and (lead_days is null) = (basis is null)
  and num_nonnulls(emergency_access_id, inspection_request_id, amendment_request_id, annual_notice_id) = (kind <> 'rightsPass')::integer
  and case kind
    when 'rightsPass' then true
    when 'emergencyAccess' then emergency_access_id is not null
    when 'inspectionRequest' then inspection_request_id is not null
    when 'annualRights' then annual_notice_id is not null
    else amendment_request_id is not null and kind in
      ('amendmentRequest', 'amendmentGranted', 'amendmentRefused', 'hearingRequested', 'hearingSet', 'amendmentRefusedAfterHearing') end);

-- A hearing may be set anew, a refusal follow a refusal: what is told of requests is told by the change itself, and not looked for again.
alter table notices drop constraint notices_once;

create unique index notices_once on notices (district_id, student_id, person_id, kind, occurs_on, lead_days, emergency_access_id, annual_notice_id)
  nulls not distinct where inspection_request_id is null and amendment_request_id is null;

create index notices_by_student on notices (district_id, student_id, id);

alter table notices add constraint notices_inspection_request foreign key (district_id, inspection_request_id)
  references inspection_requests (district_id, id);

alter table notices add constraint notices_amendment_request foreign key (district_id, amendment_request_id)
  references amendment_requests (district_id, id);

alter table notices add constraint notices_annual_notice foreign key (district_id, annual_notice_id) references annual_notices (district_id, id);

create index notices_by_inspection_request on notices (district_id, inspection_request_id);

create index notices_by_amendment_request on notices (district_id, amendment_request_id);

-- Who was not told yet is looked for every hour.
create index notices_by_annual_notice on notices (district_id, annual_notice_id, student_id, person_id);
