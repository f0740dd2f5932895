-- Batches of single rows stand in the history of loads.
alter table roster_imports drop constraint roster_imports_mode_known;

alter table roster_imports add constraint roster_imports_mode_known check (mode in ('bulk', 'delta', 'mixed', 'upsert', 'rollback'));
