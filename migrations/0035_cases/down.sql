drop view if exists student_relations;
delete from notices where kind not in ('rightsPass', 'emergencyAccess');
drop index notices_once;
drop index notices_by_student;
alter table notices drop constraint notices_by_kind;
alter table notices drop column inspection_request_id, drop column amendment_request_id, drop column annual_notice_id;
alter table notices add constraint notices_once unique nulls not distinct
  (district_id, student_id, person_id, kind, occurs_on, lead_days, emergency_access_id);
alter table notices add constraint notices_by_kind check (case kind
  when 'rightsPass' then lead_days is not null and basis is not null and emergency_access_id is null
  when 'emergencyAccess' then lead_days is null and basis is null and emergency_access_id is not null
  else false end);
drop table annual_notices;
drop table redactions;
drop table amendment_requests;
drop table inspection_requests;
