delete from disclosures where manner = 'emergency';

drop index disclosures_by_emergency_access;

alter table disclosures drop constraint disclosures_emergency_access;

alter table disclosures drop constraint disclosures_by_manner;

alter table disclosures drop constraint disclosures_manner_known;

alter table disclosures add constraint disclosures_manner_known check (manner in ('changes', 'export'));

alter table disclosures drop column emergency_access_id, drop column threat, drop column recipients;

alter table disclosures alter column client_id set not null;

alter table disclosures alter column agreement_id set not null;

alter table disclosures alter column from_position set not null;

alter table disclosures alter column to_position set not null;
