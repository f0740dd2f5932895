-- Report cards (R18): results of the categories that the district names, copied into the file.

-- Which categories of a source's gradebook make a report card: [{"source": …, "category": …}].
alter table districts add column report_card_categories jsonb not null default '[]';

-- Kinds of work, as a source's gradebook has them.
create table categories (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint categories_pkey primary key (district_id, id),
  constraint categories_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('categories');

alter table categories add constraint categories_district foreign key (district_id) references districts (id);

-- What is marked in a class and a session, as a source's gradebook has it: a result that comes alone, in a delta, is of one of these. The
-- ids of class, category and session are the source's.
create table line_items (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  class_sourced_id text not null,
  category_sourced_id text not null,
  session_sourced_id text not null,
  scale jsonb,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint line_items_pkey primary key (district_id, id),
  constraint line_items_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('line_items');

alter table line_items add constraint line_items_district foreign key (district_id) references districts (id);

-- A mark of a report card as it was issued (R18), copied like a registration. It is never written over: a mark that the source gives otherwise
-- later is a copy of its own with the next number, and the two name each other. What the source takes away is marked, and stays.
create table report_cards (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  division_id uuid not null,
  term_title text not null,
  term_starts_on date not null,
  term_ends_on date not null,
  category_title text not null,
  class_title text not null,
  class_code text,
  teachers jsonb not null,
  title text not null,
  score_status text not null,
  score text,
  score_text text,
  scale jsonb,
  scored_on date not null,
  comment text,
  flags jsonb not null,
  copy_number integer not null,
  corrects_id uuid,
  corrected_by_id uuid,
  withdrawn_on date,
  source text not null,
  sourced_id text not null,
  session_sourced_id text not null,
  captured_at timestamptz not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint report_cards_pkey primary key (district_id, id),
  constraint report_cards_source_once unique (district_id, division_id, source, sourced_id, copy_number)
);

select app_tenant_table('report_cards');

alter table report_cards add constraint report_cards_student foreign key (district_id, student_id) references students (district_id, id);

alter table report_cards add constraint report_cards_division foreign key (district_id, division_id) references divisions (district_id, id);

alter table report_cards add constraint report_cards_corrects foreign key (district_id, corrects_id) references report_cards (district_id, id);

alter table report_cards add constraint report_cards_corrected_by foreign key (district_id, corrected_by_id) references report_cards (district_id, id);

create index report_cards_by_student on report_cards (district_id, student_id, id);

create index report_cards_by_corrects on report_cards (district_id, corrects_id);

create index report_cards_by_corrected_by on report_cards (district_id, corrected_by_id);
