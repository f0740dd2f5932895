drop table roster_images;

drop index roster_imports_waiting;

drop index roster_imports_by_source;

drop index roster_imports_by_rolls_back;

alter table roster_imports drop constraint roster_imports_rolls_back;

alter table roster_imports drop constraint roster_imports_status_known;

update roster_imports set status = 'refused' where status in ('held', 'superseded');

alter table roster_imports add constraint roster_imports_status_known check (status in ('received', 'parsing', 'validating', 'comparing', 'applying', 'applied', 'compared', 'refused', 'failed'));

create index roster_imports_waiting on roster_imports (district_id, id) where status not in ('applied', 'compared', 'refused', 'failed');

alter table roster_imports drop constraint roster_imports_reading_known;

alter table roster_imports drop constraint roster_imports_mode_known;

alter table roster_imports drop column same_until;

alter table roster_imports drop column file_digests;

alter table roster_imports drop column last_position;

alter table roster_imports drop column first_position;

alter table roster_imports drop column rolls_back;

alter table roster_imports drop column released_by;

alter table roster_imports drop column released_at;

alter table roster_imports drop column reading;

alter table roster_imports drop column mode;

alter table external_identifiers drop column ended_on;
