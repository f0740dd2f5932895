drop table idempotency_keys;
drop table access_record_students;
drop table access_records;
drop table change_bodies;
drop table changes;
drop table feeds;
