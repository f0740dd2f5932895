alter table guardian_links drop column differs;

alter table guardian_links drop constraint guardian_links_claimed_rights_known;

alter table guardian_links drop column claim_ended_on;

alter table guardian_links drop column claimed_valid_to;

alter table guardian_links drop column claimed_valid_from;

alter table guardian_links drop column claimed_reference;

alter table guardian_links drop column claimed_evidence;

alter table guardian_links drop column claimed_rights;

alter table guardian_links drop column claim_source;

alter table guardian_links drop column evidence;

alter table guardian_links drop column relationship;

drop table guardian_claims;
