-- One person who came in twice: two records made one, and what that changed, so that it can be taken back.

-- merged_id was made one with kept_id. While undone_at is null it stands.
create table person_merges (
  district_id uuid not null,
  id uuid not null,
  kept_id uuid not null,
  merged_id uuid not null,
  report jsonb not null,
  undone_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint person_merges_pkey primary key (district_id, id),
  constraint person_merges_not_self check (kept_id <> merged_id)
);

select app_tenant_table('person_merges');

alter table person_merges add constraint person_merges_kept foreign key (district_id, kept_id) references people (district_id, id);

alter table person_merges add constraint person_merges_merged foreign key (district_id, merged_id) references people (district_id, id);

create index person_merges_by_kept on person_merges (district_id, kept_id);

create index person_merges_by_merged on person_merges (district_id, merged_id);

create unique index person_merges_standing_once on person_merges (district_id, merged_id) where undone_at is null;

-- What a merge changed, row by row: of the columns named, what they were and what they became. after is null for what was taken away.
create table person_merge_images (
  district_id uuid not null,
  merge_id uuid not null,
  seq bigint generated always as identity,
  kind text not null,
  record_id uuid not null,
  before jsonb not null,
  after jsonb,
  constraint person_merge_images_pkey primary key (district_id, merge_id, seq)
);

select app_tenant_table('person_merge_images');

alter table person_merge_images add constraint person_merge_images_merge foreign key (district_id, merge_id) references person_merges (district_id, id);

-- True for a link that a merge has touched: it counts only when a custodian has confirmed it, also where the district trusts its roster.
alter table guardian_links add column reconfirm boolean;
