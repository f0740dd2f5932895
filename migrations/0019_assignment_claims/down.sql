alter table assignments drop column stated;

drop table caseload_claims;

drop table assignment_claims;
