-- What a record of the plan says, in another language (R30). It stands in the section of its record, and goes with it.
create table translations (
  district_id uuid not null,
  id uuid not null,
  plan_id uuid not null,
  student_id uuid not null,
  section text not null,
  record_version integer not null,
  may_name_others boolean not null,
  goal_id uuid,
  record_kind text not null,
  record_id uuid not null,
  language text not null,
  texts jsonb not null,
  original_language text,
  created_by uuid not null,
  entered_in_error boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint translations_pkey primary key (district_id, id)
);

select app_part_of_plan('translations');

alter table translations add constraint translations_goal foreign key (district_id, goal_id) references goals (district_id, id) on delete cascade;

create index translations_by_goal on translations (district_id, goal_id);

create index translations_by_record on translations (district_id, record_id);
