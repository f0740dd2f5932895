-- Coursework, needs, statements of progress, feedback: more parts of the plan.

-- A course or other learning activity in the course plan (R174, R175).
create table planned_courses (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  school_year integer not null,
  title text not null,
  level text not null,
  status text not null,
  grade text,
  term text,
  course_code text,
  subject text,
  credits double precision,
  description text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint planned_courses_pkey primary key (district_id, id),
  constraint planned_courses_level_known check (level in ('regular', 'honors', 'advancedPlacement', 'internationalBaccalaureate', 'dualCredit', 'careerTechnical', 'support')),
  constraint planned_courses_status_known check (status in ('planned', 'inProgress', 'completed', 'notCompleted'))
);

select app_part_of_plan('planned_courses');

-- A postsecondary credential to be earned in high school (R178).
create table credential_plans (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  title text not null,
  status text not null,
  provider text,
  school_year integer,
  earned_on date,
  credits double precision,
  documentation text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint credential_plans_pkey primary key (district_id, id),
  constraint credential_plans_kind_known check (kind in ('advancedPlacement', 'dualCredit', 'careerTechnical', 'preApprenticeship', 'other')),
  constraint credential_plans_status_known check (status in ('planned', 'inProgress', 'earned', 'notEarned'))
);

select app_part_of_plan('credential_plans');

-- A career pathway and its endorsement (R179).
create table pathway_plans (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  pathway text not null,
  endorsement_status text not null,
  cluster text,
  pathway_code_system text,
  pathway_code text,
  endorsement text,
  endorsed_on date,
  progress text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pathway_plans_pkey primary key (district_id, id),
  constraint pathway_plans_endorsement_status_known check (endorsement_status in ('notSought', 'inProgress', 'earned'))
);

select app_part_of_plan('pathway_plans');

-- What the results of an assessment mean for the student (R176).
create table assessment_reviews (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  assessment text not null,
  reviewed_on date not null,
  analysis text not null,
  needs_intervention boolean not null,
  intervention text,
  advisement text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint assessment_reviews_pkey primary key (district_id, id)
);

select app_part_of_plan('assessment_reviews');

-- An interest, a need or a support of the student (R23).
create table needs (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  domain text not null,
  kind text not null,
  title text not null,
  status text not null,
  description text,
  response text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint needs_pkey primary key (district_id, id),
  constraint needs_domain_known check (domain in ('academic', 'career', 'personalSocial')),
  constraint needs_kind_known check (kind in ('interest', 'need', 'support')),
  constraint needs_status_known check (status in ('open', 'supported', 'met'))
);

select app_part_of_plan('needs');

-- Whether the student meets the goals and progresses (R110).
create table progress_statements (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  stated_on date not null,
  goals_met text not null,
  on_track text not null,
  statement text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint progress_statements_pkey primary key (district_id, id),
  constraint progress_statements_goals_met_known check (goals_met in ('meets', 'partlyMeets', 'doesNotMeet')),
  constraint progress_statements_on_track_known check (on_track in ('onTrack', 'atRisk', 'offTrack'))
);

select app_part_of_plan('progress_statements');

-- What participants, partners and mentors say (R74, R75, R206).
create table feedback_entries (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  kind text not null,
  body text not null,
  subject text,
  starts_on date,
  ends_on date,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint feedback_entries_pkey primary key (district_id, id),
  constraint feedback_entries_kind_known check (kind in ('goalProgress', 'skillDevelopment', 'offeredExperience', 'other'))
);

select app_part_of_plan('feedback_entries');
