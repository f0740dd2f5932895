-- Records of one source that may be one person: it calls somebody otherwise than before. A load finds them; a custodian merges or dismisses them.

-- reasons: what the two have in common. A pair of which one record was merged, and the merge stands, is settled.
create table potential_duplicates (
  district_id uuid not null,
  id uuid not null,
  old_id uuid not null,
  new_id uuid not null,
  source text not null,
  old_sourced_id text not null,
  new_sourced_id text not null,
  reasons text[] not null,
  dismissed_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint potential_duplicates_pkey primary key (district_id, id),
  constraint potential_duplicates_pair_once unique (district_id, old_id, new_id),
  constraint potential_duplicates_not_self check (old_id <> new_id)
);

select app_tenant_table('potential_duplicates');

alter table potential_duplicates add constraint potential_duplicates_old foreign key (district_id, old_id) references people (district_id, id);

alter table potential_duplicates add constraint potential_duplicates_new foreign key (district_id, new_id) references people (district_id, id);

create index potential_duplicates_by_new on potential_duplicates (district_id, new_id);
