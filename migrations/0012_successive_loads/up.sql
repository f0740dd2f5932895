-- Successive loads of a roster: what a source no longer names is ended and never deleted; a load that would end too much, or that is of
-- a past school year, is held until a person allows it; what a load has changed can be taken back.

-- The day on which its source stopped naming the record; null while it names it.
alter table external_identifiers add column ended_on date;

-- Which form the files had, how they are read, who let a held load go on, which load this one takes back, where its changes stand in the feed, what its
-- files were (to know them again), and until when the same files mean the same.
alter table roster_imports add column mode text;

alter table roster_imports add column reading text not null default 'strict';

alter table roster_imports add column released_at timestamptz;

alter table roster_imports add column released_by uuid;

alter table roster_imports add column rolls_back uuid;

alter table roster_imports add column first_position bigint;

alter table roster_imports add column last_position bigint;

alter table roster_imports add column file_digests jsonb;

alter table roster_imports add column same_until date;

alter table roster_imports add constraint roster_imports_mode_known check (mode in ('bulk', 'delta', 'mixed', 'rollback'));

alter table roster_imports add constraint roster_imports_reading_known check (reading in ('strict', 'tolerant'));

alter table roster_imports drop constraint roster_imports_status_known;

alter table roster_imports add constraint roster_imports_status_known check (status in ('received', 'parsing', 'validating', 'comparing', 'applying', 'held', 'applied', 'compared', 'refused', 'failed', 'superseded'));

alter table roster_imports add constraint roster_imports_rolls_back foreign key (district_id, rolls_back) references roster_imports (district_id, id);

create index roster_imports_by_rolls_back on roster_imports (district_id, rolls_back);

create index roster_imports_by_source on roster_imports (district_id, source, id);

drop index roster_imports_waiting;

create index roster_imports_waiting on roster_imports (district_id, id) where status not in ('held', 'applied', 'compared', 'refused', 'failed', 'superseded');

-- What a load found before it changed it: a record, or the identifier or the term of a class that record_id names. before is null for
-- what was not there, after for what is gone. What a load created is told by its changes in the journal. Kept for the last loads only.
create table roster_images (
  district_id uuid not null,
  import_id uuid not null,
  kind text not null,
  number bigint not null,
  record_id uuid not null,
  before jsonb,
  after jsonb,
  constraint roster_images_pkey primary key (district_id, import_id, kind, number)
);

select app_tenant_table('roster_images');

alter table roster_images add constraint roster_images_import foreign key (district_id, import_id) references roster_imports (district_id, id);
