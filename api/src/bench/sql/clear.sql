-- Takes out what the writes have left, so that files are as long as they were.
delete from change_bodies;
update feeds set head = 0;
delete from changes where kind = 'goal';
delete from idempotency_keys;
delete from goals where title like 'Benchmark: %';
