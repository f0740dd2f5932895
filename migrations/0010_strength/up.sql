-- What the student is good at or has achieved (R31). Part of the plan, and of no goal.
create table strengths (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  domain text not null,
  kind text not null,
  title text not null,
  description text,
  recognized_on date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint strengths_pkey primary key (district_id, id),
  constraint strengths_domain_known check (domain in ('academic', 'career', 'personalSocial')),
  constraint strengths_kind_known check (kind in ('strength', 'achievement'))
);

select app_tenant_table('strengths');

alter table strengths add constraint strengths_district foreign key (district_id) references districts (id);

alter table strengths add constraint strengths_plan foreign key (district_id, plan_id) references plans (district_id, id);

alter table strengths add constraint strengths_student foreign key (district_id, student_id) references students (district_id, id);

alter table strengths add constraint strengths_created_by foreign key (district_id, created_by) references people (district_id, id);

create index strengths_by_plan on strengths (district_id, plan_id);

create index strengths_by_student on strengths (district_id, student_id, id);

create index strengths_by_created_by on strengths (district_id, created_by);
