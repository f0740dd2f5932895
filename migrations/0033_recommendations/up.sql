-- What counselors and other staff advise toward a goal (R69).
create table recommendations (
  district_id uuid not null,
  id uuid not null,
  goal_id uuid not null,
  student_id uuid not null,
  domain text not null,
  kind text not null,
  title text not null,
  advice text,
  follow_up_on date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint recommendations_pkey primary key (district_id, id),
  constraint recommendations_kind_known check (kind in ('coursework', 'internship', 'careerExploration', 'support', 'other'))
);

select app_tenant_table('recommendations');

alter table recommendations add constraint recommendations_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain) on delete cascade;

alter table recommendations add constraint recommendations_student foreign key (district_id, student_id) references students (district_id, id);

alter table recommendations add constraint recommendations_created_by foreign key (district_id, created_by) references people (district_id, id);

create index recommendations_by_goal on recommendations (district_id, goal_id, domain, id);

create index recommendations_by_student on recommendations (district_id, student_id, id);

create index recommendations_by_created_by on recommendations (district_id, created_by);
