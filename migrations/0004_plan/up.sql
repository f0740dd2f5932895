-- The plan in the file: goals in three domains (R162) and what belongs to a goal.
-- A part of a goal repeats the goal's domain, because the domain says which section it is in and so who may read it.

-- The plan in the file. It is an ILP until occupational and postsecondary objectives are in it; then a PCCR (R88), which is derived and not stored.
create table plans (
  district_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  student_id uuid not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint plans_pkey primary key (district_id, id),
  constraint plans_one_per_file unique (district_id, file_id),
  constraint plans_one_per_student unique (district_id, student_id)
);

select app_tenant_table('plans');

alter table plans add constraint plans_district foreign key (district_id) references districts (id);

alter table plans add constraint plans_file foreign key (district_id, file_id) references ilp_files (district_id, id);

alter table plans add constraint plans_student foreign key (district_id, student_id) references students (district_id, id);

-- A goal of the plan.
create table goals (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  domain text not null,
  component text,
  standard_framework text,
  standard_item text,
  objective_kind text not null,
  title text not null,
  description text,
  lifecycle_status text not null,
  achievement_status text not null,
  target_on date,
  beyond_school_means boolean not null,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint goals_pkey primary key (district_id, id),
  constraint goals_id_with_domain unique (district_id, id, domain),
  constraint goals_domain_known check (domain in ('academic', 'career', 'personalSocial')),
  constraint goals_component_known check (component in ('secondaryCoursework', 'postsecondaryAndCareerPlanning', 'careerExploration', 'selfAwareness', 'appliedLearningSkills')),
  constraint goals_objective_kind_known check (objective_kind in ('occupational', 'postsecondary', 'other')),
  constraint goals_lifecycle_status_known check (lifecycle_status in ('proposed', 'active', 'onHold', 'completed', 'cancelled')),
  constraint goals_achievement_status_known check (achievement_status in ('notStarted', 'inProgress', 'improving', 'achieved', 'notAchieved')),
  constraint goals_standard_whole check ((standard_framework is null) = (standard_item is null))
);

select app_tenant_table('goals');

alter table goals add constraint goals_district foreign key (district_id) references districts (id);

alter table goals add constraint goals_plan foreign key (district_id, plan_id) references plans (district_id, id);

alter table goals add constraint goals_student foreign key (district_id, student_id) references students (district_id, id);

alter table goals add constraint goals_created_by foreign key (district_id, created_by) references people (district_id, id);

create index goals_by_plan on goals (district_id, plan_id, id);

create index goals_by_student on goals (district_id, student_id, id);

create index goals_by_created_by on goals (district_id, created_by);

-- What is to be reached in a school year on the way to a goal (R188).
create table benchmarks (
  district_id uuid not null,
  id uuid not null,
  goal_id uuid not null,
  student_id uuid not null,
  domain text not null,
  school_year integer not null,
  description text not null,
  reached_on date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint benchmarks_pkey primary key (district_id, id)
);

select app_tenant_table('benchmarks');

alter table benchmarks add constraint benchmarks_district foreign key (district_id) references districts (id);

alter table benchmarks add constraint benchmarks_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain) on delete cascade;

alter table benchmarks add constraint benchmarks_student foreign key (district_id, student_id) references students (district_id, id);

alter table benchmarks add constraint benchmarks_created_by foreign key (district_id, created_by) references people (district_id, id);

create index benchmarks_by_goal on benchmarks (district_id, goal_id, domain, id);

create index benchmarks_by_student on benchmarks (district_id, student_id, id);

create index benchmarks_by_created_by on benchmarks (district_id, created_by);

-- What is done to reach a goal, and who provides it (R92 to R94).
create table activities (
  district_id uuid not null,
  id uuid not null,
  goal_id uuid not null,
  student_id uuid not null,
  domain text not null,
  title text not null,
  description text,
  provider text not null,
  starts_on date,
  ends_on date,
  status text not null,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint activities_pkey primary key (district_id, id),
  constraint activities_provider_known check (provider in ('school', 'family', 'student', 'other')),
  constraint activities_status_known check (status in ('planned', 'underway', 'done', 'dropped')),
  constraint activities_dates check (ends_on is null or starts_on is null or ends_on >= starts_on)
);

select app_tenant_table('activities');

alter table activities add constraint activities_district foreign key (district_id) references districts (id);

alter table activities add constraint activities_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain) on delete cascade;

alter table activities add constraint activities_student foreign key (district_id, student_id) references students (district_id, id);

alter table activities add constraint activities_created_by foreign key (district_id, created_by) references people (district_id, id);

create index activities_by_goal on activities (district_id, goal_id, domain, id);

create index activities_by_student on activities (district_id, student_id, id);

create index activities_by_created_by on activities (district_id, created_by);

-- Evidence of progress toward a goal, of one of five kinds (R32, R33).
create table progress_records (
  district_id uuid not null,
  id uuid not null,
  goal_id uuid not null,
  student_id uuid not null,
  domain text not null,
  kind text not null,
  recorded_on date not null,
  summary text not null,
  score text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint progress_records_pkey primary key (district_id, id),
  constraint progress_records_kind_known check (kind in ('narrative', 'journal', 'score', 'grade', 'other'))
);

select app_tenant_table('progress_records');

alter table progress_records add constraint progress_records_district foreign key (district_id) references districts (id);

alter table progress_records add constraint progress_records_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain) on delete cascade;

alter table progress_records add constraint progress_records_student foreign key (district_id, student_id) references students (district_id, id);

alter table progress_records add constraint progress_records_created_by foreign key (district_id, created_by) references people (district_id, id);

create index progress_records_by_goal on progress_records (district_id, goal_id, domain, id);

create index progress_records_by_student on progress_records (district_id, student_id, id);

create index progress_records_by_created_by on progress_records (district_id, created_by);

-- A reflection on a goal (R29, R49, R52).
create table reflections (
  district_id uuid not null,
  id uuid not null,
  goal_id uuid not null,
  student_id uuid not null,
  domain text not null,
  body text not null,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint reflections_pkey primary key (district_id, id)
);

select app_tenant_table('reflections');

alter table reflections add constraint reflections_district foreign key (district_id) references districts (id);

alter table reflections add constraint reflections_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain) on delete cascade;

alter table reflections add constraint reflections_student foreign key (district_id, student_id) references students (district_id, id);

alter table reflections add constraint reflections_created_by foreign key (district_id, created_by) references people (district_id, id);

create index reflections_by_goal on reflections (district_id, goal_id, domain, id);

create index reflections_by_student on reflections (district_id, student_id, id);

create index reflections_by_created_by on reflections (district_id, created_by);

-- A suggestion from a participant (R47) for a goal, new or changed. It waits for the student (grades 9 to 12) or the gatekeeper.
create table proposals (
  district_id uuid not null,
  id uuid not null,
  file_id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  domain text not null,
  goal_id uuid,
  goal_version integer,
  content jsonb not null,
  reason text,
  status text not null,
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint proposals_pkey primary key (district_id, id),
  constraint proposals_domain_known check (domain in ('academic', 'career', 'personalSocial')),
  constraint proposals_status_known check (status in ('open', 'accepted', 'declined', 'withdrawn')),
  constraint proposals_decided_whole check ((status = 'open') = (decided_at is null))
);

select app_tenant_table('proposals');

alter table proposals add constraint proposals_district foreign key (district_id) references districts (id);

alter table proposals add constraint proposals_file foreign key (district_id, file_id) references ilp_files (district_id, id);

alter table proposals add constraint proposals_plan foreign key (district_id, plan_id) references plans (district_id, id);

alter table proposals add constraint proposals_student foreign key (district_id, student_id) references students (district_id, id);

alter table proposals add constraint proposals_goal foreign key (district_id, goal_id, domain) references goals (district_id, id, domain);

alter table proposals add constraint proposals_created_by foreign key (district_id, created_by) references people (district_id, id);

alter table proposals add constraint proposals_decided_by foreign key (district_id, decided_by) references people (district_id, id);

create index proposals_by_file on proposals (district_id, file_id, id);

create index proposals_by_plan on proposals (district_id, plan_id);

create index proposals_by_student on proposals (district_id, student_id);

create index proposals_by_goal on proposals (district_id, goal_id, domain);

create index proposals_by_created_by on proposals (district_id, created_by);

create index proposals_by_decided_by on proposals (district_id, decided_by);
