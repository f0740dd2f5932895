-- That a student holds the rights before 18: at a postsecondary institution (34 CFR 99.5, L10), emancipated, or qualifying under McKinney-Vento (L25).
-- From when, until when, and which document shows it; what was recorded before stays beside what is recorded later.
create table adult_statuses (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  basis text not null,
  document_reference text not null,
  valid_from date not null,
  valid_to date,
  created_by uuid,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint adult_statuses_pkey primary key (district_id, id),
  constraint adult_statuses_basis_known check (basis in ('postsecondary', 'emancipated', 'mcKinneyVento')),
  constraint adult_statuses_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('adult_statuses');

alter table adult_statuses add constraint adult_statuses_student foreign key (district_id, student_id) references students (district_id, id);

alter table adult_statuses add constraint adult_statuses_created_by foreign key (district_id, created_by) references people (district_id, id);

create index adult_statuses_by_student on adult_statuses (district_id, student_id);

create index adult_statuses_by_created_by on adult_statuses (district_id, created_by);

-- Nothing ever wrote these.
alter table students drop constraint students_adult;

alter table students drop column adult_from, drop column adult_basis, drop column postsecondary_from;
