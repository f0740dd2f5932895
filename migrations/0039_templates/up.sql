-- Templates: the minimum program and the guidelines of a district or a school (R36), and what of them stands in a student's plan (R37).

create table templates (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  first_grade integer not null,
  last_grade integer not null,
  items jsonb not null,
  status text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  school_id uuid,
  guidelines text,
  revises_id uuid,
  model_plan_id uuid,
  constraint templates_pkey primary key (district_id, id),
  constraint templates_status_known check (status in ('draft', 'active', 'retired'))
);

select app_tenant_table('templates', 'select, insert, update');

alter table templates add constraint templates_district foreign key (district_id) references districts (id);

alter table templates add constraint templates_school foreign key (district_id, school_id) references schools (district_id, id);

alter table templates add constraint templates_revises foreign key (district_id, revises_id) references templates (district_id, id);

create index templates_by_school on templates (district_id, school_id);

create index templates_by_revises on templates (district_id, revises_id);

-- What the program asks of a student in a school year: an item of a template, as it was when it was taken into the plan.
create table program_items (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  item jsonb not null,
  template_id uuid not null,
  item_key text not null,
  school_year integer not null,
  status text not null,
  done_on date,
  note text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint program_items_pkey primary key (district_id, id),
  constraint program_items_of_student unique (district_id, id, student_id),
  constraint program_items_status_known check (status in ('open', 'inProgress', 'done', 'waived'))
);

select app_part_of_plan('program_items');

alter table program_items add constraint program_items_template foreign key (district_id, template_id) references templates (district_id, id);

create index program_items_by_template on program_items (district_id, template_id);

-- What student, family and school add to it, each apart (R37).
create table contributions (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  party text not null,
  written_for integer not null,
  domain text not null,
  program_item_id uuid not null,
  body text not null,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint contributions_pkey primary key (district_id, id),
  constraint contributions_party_known check (party in ('student', 'family', 'school', 'partner')),
  constraint contributions_domain_known check (domain in ('academic', 'career', 'personalSocial'))
);

select app_part_of_plan('contributions');

-- Deferrable: a merge of two people moves both, one after the other.
alter table contributions add constraint contributions_program_item
  foreign key (district_id, program_item_id, student_id) references program_items (district_id, id, student_id) deferrable;

create index contributions_by_program_item on contributions (district_id, program_item_id, student_id);

-- Model plans: the state's inventory (R38), which is the deployment's, and what districts offer one another (R39). They hold nothing about students.
create table model_plans (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  prepared_by text not null,
  first_grade integer not null,
  last_grade integer not null,
  items jsonb not null,
  offered boolean not null,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  description text,
  constraint model_plans_pkey primary key (district_id, id)
);

select app_catalogue_table('model_plans', 'select, insert, update');

-- What a district offers is read by the others too, from inside a district.
create policy offered on model_plans for select to openilp_app
  using (offered and active and (select nullif(current_setting('app.district_id', true), '')::uuid) is not null);
