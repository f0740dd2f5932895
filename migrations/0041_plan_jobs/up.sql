-- What is done with the plans of many students. A job is decided row by row, when the row is done, by the rights that whoever started it then has:
-- so it keeps their login and the application through which they came, as a token says them.
create table plan_jobs (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  issuer text not null,
  subject text not null,
  through text not null,
  front_end text,
  reads_only boolean not null,
  request_id text not null,
  kind text not null,
  dry_run boolean not null,
  class_id uuid,
  school_id uuid,
  grade text,
  template_id uuid,
  school_year integer,
  carry_from integer,
  status text not null,
  total integer,
  claimed_until timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint plan_jobs_pkey primary key (district_id, id),
  constraint plan_jobs_through_known check (through in ('itself', 'frontEnd', 'unnamed') and (through = 'frontEnd') = (front_end is not null)),
  constraint plan_jobs_status_known check (status in ('queued', 'running', 'done', 'cancelled')),
  constraint plan_jobs_ended check ((status in ('done', 'cancelled')) = (ended_at is not null)),
  constraint plan_jobs_for_whom check (class_id is null or school_id is null),
  constraint plan_jobs_grade check (grade is null or school_id is not null),
  constraint plan_jobs_template check (
    (kind = 'giveTemplate') = (template_id is not null) and (kind = 'giveTemplate') = (school_year is not null) and (carry_from is null or carry_from < school_year)
  )
);

select app_tenant_table('plan_jobs');

alter table plan_jobs add constraint plan_jobs_person foreign key (district_id, person_id) references people (district_id, id);

create index plan_jobs_by_person on plan_jobs (district_id, person_id, id);

-- Which wait is looked for every few seconds.
create index plan_jobs_waiting on plan_jobs (district_id, person_id, id) where status in ('queued', 'running');

-- One row a student. Who was named by an id may not be there at all. The outcome is written with the effect, in one transaction.
create table plan_job_rows (
  district_id uuid not null,
  job_id uuid not null,
  number integer not null,
  student_id uuid,
  ilp_file_id uuid,
  outcome text,
  code text,
  detail text,
  added integer,
  carried integer,
  already_there integer,
  ended_at timestamptz,
  constraint plan_job_rows_pkey primary key (district_id, job_id, number),
  constraint plan_job_rows_whose check (student_id is not null or ilp_file_id is not null),
  constraint plan_job_rows_outcome_known check (outcome in ('changed', 'unchanged', 'refused', 'failed')),
  constraint plan_job_rows_ended check ((outcome is null) = (ended_at is null) and (coalesce(outcome, '') in ('refused', 'failed')) = (code is not null))
);

select app_tenant_table('plan_job_rows');

alter table plan_job_rows add constraint plan_job_rows_job foreign key (district_id, job_id) references plan_jobs (district_id, id) on delete cascade;

create index plan_job_rows_waiting on plan_job_rows (district_id, job_id, number) where outcome is null;
