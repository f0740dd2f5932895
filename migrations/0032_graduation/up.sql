-- Local graduation requirements (R175): of each subject area the credits that a student needs, from a graduating class on.

create table graduation_requirements (
  district_id uuid not null,
  id uuid not null,
  subject text not null,
  credits double precision not null,
  first_graduation_year integer not null,
  active boolean not null,
  subject_code_system text,
  subject_code text,
  description text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint graduation_requirements_pkey primary key (district_id, id)
);

select app_tenant_table('graduation_requirements');

alter table graduation_requirements add constraint graduation_requirements_district foreign key (district_id) references districts (id);

create unique index graduation_requirements_once on graduation_requirements (district_id, lower(subject), first_graduation_year) where active;
