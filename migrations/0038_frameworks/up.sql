-- Frameworks of standards that were imported (R39, R72), as CASE packages: a district's own, and under the nil district those of all.
-- The rows keep what was sent; beside it stands what they are found by. No foreign key ties a framework to its district: the deployment is none.

create table frameworks (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  creator text not null,
  last_change timestamptz not null,
  item_count integer not null,
  withdrawn_count integer not null,
  association_count integer not null,
  document jsonb not null,
  more jsonb not null,
  hash bytea not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint frameworks_pkey primary key (district_id, id)
);

create table framework_items (
  district_id uuid not null,
  id uuid not null,
  framework_id uuid not null,
  position integer not null,
  code text,
  content jsonb not null,
  withdrawn_on date,
  constraint framework_items_pkey primary key (district_id, id)
);

create table framework_associations (
  district_id uuid not null,
  id uuid not null,
  framework_id uuid not null,
  position integer not null,
  origin text not null,
  destination text not null,
  content jsonb not null,
  constraint framework_associations_pkey primary key (district_id, id)
);

select app_catalogue_table('frameworks', 'select, insert, update');

select app_catalogue_table('framework_items', 'select, insert, update');

select app_catalogue_table('framework_associations');

alter table framework_items add constraint framework_items_framework foreign key (district_id, framework_id) references frameworks (district_id, id);

alter table framework_associations add constraint framework_associations_framework
  foreign key (district_id, framework_id) references frameworks (district_id, id);

create index framework_items_by_framework on framework_items (district_id, framework_id, position);

create index framework_associations_by_framework on framework_associations (district_id, framework_id, position);

create index framework_associations_by_origin on framework_associations (district_id, origin);

create index framework_associations_by_destination on framework_associations (district_id, destination);
