-- Requests for resources and what is decided about them: more parts of the plan.

-- What the school does not readily offer (R97).
create table resource_requests (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  title text not null,
  description text,
  needed_by date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint resource_requests_pkey primary key (district_id, id),
  constraint resource_requests_of_student unique (district_id, id, student_id),
  constraint resource_requests_kind_known check (kind in ('course', 'program', 'material', 'technology', 'personnel', 'transport', 'other'))
);

select app_part_of_plan('resource_requests');

-- What the school manager decides (R98 to R100).
create table resource_decisions (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  resource_request_id uuid not null,
  outcome text not null,
  reason text not null,
  authorized_hours double precision,
  personnel text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint resource_decisions_pkey primary key (district_id, id),
  constraint resource_decisions_outcome_known check (outcome in ('granted', 'partlyGranted', 'declined'))
);

select app_part_of_plan('resource_decisions');

-- Deferrable: a merge of two people moves both, one after the other.
alter table resource_decisions add constraint resource_decisions_request
  foreign key (district_id, resource_request_id, student_id) references resource_requests (district_id, id, student_id) deferrable;

create index resource_decisions_by_request on resource_decisions (district_id, resource_request_id, student_id);
