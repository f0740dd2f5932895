-- What a source says of staff and students (R71, R40, R45): whom somebody looks after, one by one or by school, grade and name. It grants nothing by itself:
-- the assignment does, once it is confirmed.
create table assignment_claims (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  kind text not null,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint assignment_claims_pkey primary key (district_id, id),
  constraint assignment_claims_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('assignment_claims');

alter table assignment_claims add constraint assignment_claims_student foreign key (district_id, student_id) references students (district_id, id);

alter table assignment_claims add constraint assignment_claims_person foreign key (district_id, person_id) references people (district_id, id);

create index assignment_claims_by_student on assignment_claims (district_id, student_id);

create index assignment_claims_by_person on assignment_claims (district_id, person_id);

-- All grades where there are none; all names where neither end is given.
create table caseload_claims (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  school_id uuid not null,
  grades text[] not null,
  family_name_from text,
  family_name_to text,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint caseload_claims_pkey primary key (district_id, id),
  constraint caseload_claims_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('caseload_claims');

alter table caseload_claims add constraint caseload_claims_person foreign key (district_id, person_id) references people (district_id, id);

alter table caseload_claims add constraint caseload_claims_school foreign key (district_id, school_id) references schools (district_id, id);

create index caseload_claims_by_person on caseload_claims (district_id, person_id);

create index caseload_claims_by_school on caseload_claims (district_id, school_id);

-- True for an assignment that its source states, so that it ends when the source says so. One proposed because of a homeroom goes on.
alter table assignments add column stated boolean not null default false;
