-- The state collection: ILP status per student, and the disclosures made of it.

-- How far a district's collection has been computed: which journal position, for which day, and the last position given to a row.
create table collection_heads (
  district_id uuid not null,
  collection text not null,
  head bigint not null,
  journal_position bigint not null,
  computed_on date not null,
  constraint collection_heads_pkey primary key (district_id, collection)
);

select app_tenant_table('collection_heads');

alter table collection_heads add constraint collection_heads_district foreign key (district_id) references districts (id);

-- The computed row of each student. position moves on whenever the computed value changes; first_position never does.
create table ilp_statuses (
  district_id uuid not null,
  student_id uuid not null,
  position bigint not null,
  first_position bigint not null,
  state_student_id text,
  local_student_id text,
  school_id uuid,
  school_identifier text,
  grade text,
  file_exists boolean not null,
  academic_goals integer not null,
  career_goals integer not null,
  personal_social_goals integer not null,
  plan_kind text,
  last_changed_at timestamptz,
  removed boolean not null,
  constraint ilp_statuses_pkey primary key (district_id, student_id),
  constraint ilp_statuses_position_once unique (district_id, position)
);

select app_tenant_table('ilp_statuses');

alter table ilp_statuses add constraint ilp_statuses_district foreign key (district_id) references districts (id);

-- A pull or export by someone outside the district: the record of 34 CFR 99.32 (L22). One row a pull; see students_covered.
create table disclosures (
  district_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  client_id uuid not null,
  agreement_id uuid not null,
  basis text not null,
  purpose text not null,
  dataset text not null,
  manner text not null,
  from_position bigint not null,
  to_position bigint not null,
  row_count bigint not null,
  student_ids uuid[],
  request_id text not null,
  constraint disclosures_pkey primary key (district_id, id),
  constraint disclosures_manner_known check (manner in ('changes', 'export'))
);

select app_tenant_table('disclosures', 'select, insert');

alter table disclosures add constraint disclosures_district foreign key (district_id) references districts (id);

alter table disclosures add constraint disclosures_agreement foreign key (district_id, agreement_id) references agreements (district_id, id);

create index disclosures_by_agreement on disclosures (district_id, agreement_id);

create index disclosures_by_time on disclosures (district_id, at);
