-- The supplement to a roster: what OneRoster lacks and an ILP needs. Each row is a fact of its source, known again by what the source calls it.

-- Where a person lives or takes mail (R19).
create table addresses (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  street text not null,
  unit text,
  city text not null,
  state text,
  postal_code text not null,
  country text,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint addresses_pkey primary key (district_id, id),
  constraint addresses_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('addresses');

alter table addresses add constraint addresses_person foreign key (district_id, person_id) references people (district_id, id);

create index addresses_by_person on addresses (district_id, person_id);

-- Where a person can be rung (R19).
create table telephones (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  number text not null,
  extension text,
  first_choice boolean not null,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint telephones_pkey primary key (district_id, id),
  constraint telephones_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('telephones');

alter table telephones add constraint telephones_person foreign key (district_id, person_id) references people (district_id, id);

create index telephones_by_person on telephones (district_id, person_id);

-- That a student is in a support programme, and not what stands in its papers (R155).
create table student_flags (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  flag text not null,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint student_flags_pkey primary key (district_id, id),
  constraint student_flags_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('student_flags');

alter table student_flags add constraint student_flags_student foreign key (district_id, student_id) references students (district_id, id);

create index student_flags_by_student on student_flags (district_id, student_id, id);

-- What a state calls a student or a member of staff. Never a Social Security number (L27). What is in force stands in external_identifiers.
create table state_identifiers (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  state text not null,
  identifier text not null,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint state_identifiers_pkey primary key (district_id, id),
  constraint state_identifiers_source_once unique (district_id, source, sourced_id),
  constraint state_identifiers_kind_known check (kind in ('student', 'staff'))
);

select app_tenant_table('state_identifiers');

alter table state_identifiers add constraint state_identifiers_person foreign key (district_id, person_id) references people (district_id, id);

create index state_identifiers_by_person on state_identifiers (district_id, person_id);

-- Totals of a student's attendance in a session (R152), with a copy of what the session was called.
create table attendance_totals (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  school_id uuid not null,
  academic_session_id uuid not null,
  session_title text not null,
  school_year integer not null,
  days_enrolled double precision not null,
  days_absent double precision not null,
  days_absent_unexcused double precision,
  times_tardy integer,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint attendance_totals_pkey primary key (district_id, id),
  constraint attendance_totals_source_once unique (district_id, source, sourced_id),
  constraint attendance_totals_days check (days_absent between 0 and days_enrolled and days_absent_unexcused between 0 and days_absent)
);

select app_tenant_table('attendance_totals');

alter table attendance_totals add constraint attendance_totals_student foreign key (district_id, student_id) references students (district_id, id);

alter table attendance_totals add constraint attendance_totals_school foreign key (district_id, school_id) references schools (district_id, id);

alter table attendance_totals add constraint attendance_totals_academic_session foreign key (district_id, academic_session_id) references academic_sessions (district_id, id);

create index attendance_totals_by_student on attendance_totals (district_id, student_id, id);

create index attendance_totals_by_school on attendance_totals (district_id, school_id);

create index attendance_totals_by_academic_session on attendance_totals (district_id, academic_session_id);

-- How a school year ended for a student: promotion and graduation (R153).
create table year_outcomes (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  school_id uuid not null,
  school_year integer not null,
  outcome text not null,
  outcome_on date,
  diploma_type text,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint year_outcomes_pkey primary key (district_id, id),
  constraint year_outcomes_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('year_outcomes');

alter table year_outcomes add constraint year_outcomes_student foreign key (district_id, student_id) references students (district_id, id);

alter table year_outcomes add constraint year_outcomes_school foreign key (district_id, school_id) references schools (district_id, id);

create index year_outcomes_by_student on year_outcomes (district_id, student_id, id);

create index year_outcomes_by_school on year_outcomes (district_id, school_id);

-- What a student does after school (R154).
create table post_school_outcomes (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  kind text not null,
  name text,
  as_of date not null,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint post_school_outcomes_pkey primary key (district_id, id),
  constraint post_school_outcomes_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('post_school_outcomes');

alter table post_school_outcomes add constraint post_school_outcomes_student foreign key (district_id, student_id) references students (district_id, id);

create index post_school_outcomes_by_student on post_school_outcomes (district_id, student_id, id);
