-- Disclosures in an emergency (34 CFR 99.32(a)(5)): the threat, and to whom something was disclosed. There is neither client nor agreement.

alter table disclosures alter column client_id drop not null;

alter table disclosures alter column agreement_id drop not null;

alter table disclosures alter column from_position drop not null;

alter table disclosures alter column to_position drop not null;

alter table disclosures add column emergency_access_id uuid;

alter table disclosures add column threat text;

alter table disclosures add column recipients text;

alter table disclosures drop constraint disclosures_manner_known;

alter table disclosures add constraint disclosures_manner_known check (manner in ('changes', 'export', 'emergency'));

-- A pull names client, agreement and positions, an emergency itself, its threat and its recipients.
alter table disclosures add constraint disclosures_by_manner check (
  case when manner = 'emergency'
    then num_nonnulls(emergency_access_id, threat, recipients, student_ids) = 4 and num_nonnulls(client_id, agreement_id, from_position, to_position) = 0
    else num_nonnulls(client_id, agreement_id, from_position, to_position) = 4 and num_nonnulls(emergency_access_id, threat, recipients) = 0
  end);

alter table disclosures add constraint disclosures_emergency_access
  foreign key (district_id, emergency_access_id) references emergency_accesses (district_id, id);

create index disclosures_by_emergency_access on disclosures (district_id, emergency_access_id);
