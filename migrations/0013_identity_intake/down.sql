drop index people_by_email;

drop table invitation_attempts;

drop table invitations;

drop table unlinked_logins;

alter table issuers drop constraint issuers_system_has_claim;

alter table issuers drop column for_families;

alter table issuers drop column match_system;

alter table issuers drop column match_claim;
