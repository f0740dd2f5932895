-- The parts of the plan: what belongs to the plan itself, and to no goal.

-- What is the same for each of them: the wall, the keys to plan, student and author, and an index for each.
create function app_part_of_plan(t regclass) returns void language plpgsql as $$
begin
  perform app_tenant_table(t);
  execute format('alter table %1$s add constraint %1$s_plan foreign key (district_id, plan_id) references plans (district_id, id)', t);
  execute format('alter table %1$s add constraint %1$s_student foreign key (district_id, student_id) references students (district_id, id)', t);
  execute format('alter table %1$s add constraint %1$s_created_by foreign key (district_id, created_by) references people (district_id, id)', t);
  execute format('create index %1$s_by_plan on %1$s (district_id, plan_id)', t);
  execute format('create index %1$s_by_student on %1$s (district_id, student_id, id)', t);
  execute format('create index %1$s_by_created_by on %1$s (district_id, created_by)', t);
end $$;

-- An occupation that the student looks into (R180, R189).
create table career_options (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  occupation_title text not null,
  standing text not null,
  occupation_code_system text,
  occupation_code text,
  interests text,
  skills text,
  entry_level_opportunities text,
  educational_requirements text,
  requirements_evaluation text,
  coursework_needed text,
  coursework_progress text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint career_options_pkey primary key (district_id, id),
  constraint career_options_standing_known check (standing in ('exploring', 'chosen', 'setAside'))
);

select app_part_of_plan('career_options');

-- Work that the student has done (R187).
create table work_experiences (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  employer text not null,
  role text not null,
  starts_on date,
  ends_on date,
  hours double precision,
  description text,
  reflection text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint work_experiences_pkey primary key (district_id, id)
);

select app_part_of_plan('work_experiences');

-- The result of an exam of readiness for work or college (R182).
create table exam_results (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  exam text not null,
  taken_on date not null,
  score text,
  scale text,
  level_reached text,
  meaning text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint exam_results_pkey primary key (district_id, id)
);

select app_part_of_plan('exam_results');

-- A way to go on after high school (R180, R183).
create table postsecondary_options (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  name text not null,
  standing text not null,
  program text,
  found_in text,
  admission_requirements text,
  comparison text,
  reviewed_on date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint postsecondary_options_pkey primary key (district_id, id),
  constraint postsecondary_options_kind_known check (kind in ('work', 'apprenticeship', 'technicalSchool', 'college', 'militaryService')),
  constraint postsecondary_options_standing_known check (standing in ('exploring', 'chosen', 'setAside'))
);

select app_part_of_plan('postsecondary_options');

-- An application (R185).
create table applications (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  applied_to text not null,
  status text not null,
  program text,
  due_on date,
  submitted_on date,
  decided_on date,
  notes text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint applications_pkey primary key (district_id, id),
  constraint applications_kind_known check (kind in ('college', 'trainingProgram', 'apprenticeship', 'job', 'militaryService')),
  constraint applications_status_known check (status in ('planned', 'inPreparation', 'submitted', 'waitlisted', 'accepted', 'declined', 'withdrawn'))
);

select app_part_of_plan('applications');

-- How education or training is to be paid (R184). The amount is in the smallest unit of its currency.
create table financial_aid_plans (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  title text not null,
  status text not null,
  amount integer,
  currency text,
  due_on date,
  description text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint financial_aid_plans_pkey primary key (district_id, id),
  constraint financial_aid_plans_kind_known check (kind in ('scholarship', 'grant', 'loan', 'workStudy', 'savings', 'other')),
  constraint financial_aid_plans_status_known check (status in ('planned', 'applied', 'awarded', 'declined', 'dropped'))
);

select app_part_of_plan('financial_aid_plans');

-- An assessment of oneself (R113, R188, R190). An interest survey belongs to careers; the others have no domain.
create table self_assessments (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  domain text generated always as (case kind when 'interestSurvey' then 'career' end) stored,
  instrument text not null,
  taken_on date,
  result text,
  reflection text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint self_assessments_pkey primary key (district_id, id),
  constraint self_assessments_kind_known check (kind in ('interestSurvey', 'interest', 'skill', 'learningStyle'))
);

select app_part_of_plan('self_assessments');

-- What the student takes part in beside class (R191).
create table participations (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  title text not null,
  plan text,
  starts_on date,
  ends_on date,
  hours double precision,
  record text,
  reflection text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint participations_pkey primary key (district_id, id),
  constraint participations_kind_known check (kind in ('club', 'organization', 'athletics', 'fineArts', 'communityService', 'recreational', 'volunteer', 'workRelated', 'leadership', 'other'))
);

select app_part_of_plan('participations');

-- Contextual learning, service learning or an internship (R113, R192).
create table learning_experiences (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  title text not null,
  plan text not null,
  status text not null,
  location text,
  with_whom text,
  starts_on date,
  ends_on date,
  hours double precision,
  record text,
  reflection text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint learning_experiences_pkey primary key (district_id, id),
  constraint learning_experiences_kind_known check (kind in ('contextual', 'serviceLearning', 'internship')),
  constraint learning_experiences_status_known check (status in ('planned', 'underway', 'done', 'dropped'))
);

select app_part_of_plan('learning_experiences');

-- How far the student is with a skill that is used across subjects (R193).
create table skill_records (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  skill text not null,
  recorded_on date not null,
  local_skill text,
  level text,
  progress text,
  reflection text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint skill_records_pkey primary key (district_id, id),
  constraint skill_records_skill_known check (skill in ('communication', 'problemSolving', 'criticalThinking', 'research', 'reflectionAndEvaluation', 'collaboration', 'local')),
  constraint skill_records_level_known check (level in ('emerging', 'developing', 'proficient', 'advanced'))
);

select app_part_of_plan('skill_records');
