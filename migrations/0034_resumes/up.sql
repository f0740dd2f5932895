-- A version of the student's résumé, as it was built from the profile (R181).
create table resume_versions (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  entries jsonb not null,
  sources text[] not null,
  title text not null,
  summary text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint resume_versions_pkey primary key (district_id, id)
);

select app_part_of_plan('resume_versions');
