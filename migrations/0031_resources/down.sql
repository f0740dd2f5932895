drop table resource_decisions;

drop table resource_requests;
