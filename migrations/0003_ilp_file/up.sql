-- The private ILP file of each student (R12), its divisions by school year (R13) and copied registrations (R15 to R17).

-- The private file (R12, R131). One per student; kept by the school that the student attends.
create table ilp_files (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  school_id uuid,
  status text not null,
  opened_on date not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint ilp_files_pkey primary key (district_id, id),
  constraint ilp_files_one_per_student unique (district_id, student_id),
  constraint ilp_files_status_known check (status in ('open', 'frozen'))
);

select app_tenant_table('ilp_files');

alter table ilp_files add constraint ilp_files_district foreign key (district_id) references districts (id);

alter table ilp_files add constraint ilp_files_student foreign key (district_id, student_id) references students (district_id, id);

alter table ilp_files add constraint ilp_files_school foreign key (district_id, school_id) references schools (district_id, id);

create index ilp_files_by_school on ilp_files (district_id, school_id);

-- The part of a file for one school year (R13). Closed once the year has ended; what it holds stays as it was.
create table divisions (
  district_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  student_id uuid not null,
  school_year integer not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint divisions_pkey primary key (district_id, id),
  constraint divisions_one_per_year unique (district_id, file_id, school_year)
);

select app_tenant_table('divisions');

alter table divisions add constraint divisions_district foreign key (district_id) references districts (id);

alter table divisions add constraint divisions_file foreign key (district_id, file_id) references ilp_files (district_id, id);

alter table divisions add constraint divisions_student foreign key (district_id, student_id) references students (district_id, id);

create index divisions_by_student on divisions (district_id, student_id);

-- A copy of the student's registration for a class in a term, with its teachers and their telephones (R15 to R17).
-- Copied, not referenced (R21): a later roster change does not rewrite a past division. Once per division, since a system may use the
-- ids of terms again each year.
create table registrations (
  district_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  student_id uuid not null,
  division_id uuid not null,
  term_title text not null,
  term_starts_on date not null,
  term_ends_on date not null,
  class_title text not null,
  class_code text,
  teachers jsonb not null,
  withdrawn_on date,
  source text not null,
  sourced_id text not null,
  term_sourced_id text not null,
  captured_at timestamptz not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint registrations_pkey primary key (district_id, id),
  constraint registrations_source_once unique (district_id, division_id, source, sourced_id, term_sourced_id)
);

select app_tenant_table('registrations');

alter table registrations add constraint registrations_district foreign key (district_id) references districts (id);

alter table registrations add constraint registrations_file foreign key (district_id, file_id) references ilp_files (district_id, id);

alter table registrations add constraint registrations_student foreign key (district_id, student_id) references students (district_id, id);

alter table registrations add constraint registrations_division foreign key (district_id, division_id) references divisions (district_id, id);

create index registrations_by_student on registrations (district_id, student_id);

create index registrations_by_file on registrations (district_id, file_id);
