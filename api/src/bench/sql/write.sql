\set number random(1, $FILES)
\set r random(1, 140000000000000)
begin;
insert into goals (district_id, id, plan_id, student_id, domain, objective_kind, title, description, lifecycle_status, achievement_status, beyond_school_means, created_by, entered_in_error, version, created_at, updated_at) select $DISTRICT, bench.id(96, 0, :r), plan_id, student_id, 'academic', 'other', 'Benchmark: a goal', 'Written by the benchmark, to see how long it takes.', 'active', 'notStarted', false, counselor_id, false, 1, now(), now() from bench.files where number = :number;
insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section, person_id, relation, request_id, body_hash) select $DISTRICT, bench.id(97, 0, :r), now(), 'goal', bench.id(96, 0, :r), 1, 'created', student_id, 'planOfStudy', counselor_id, 'gatekeeper', bench.id(98, 0, :r), sha256('body') from bench.files where number = :number;
insert into change_bodies (district_id, change_id, codec, body) values ($DISTRICT, bench.id(97, 0, :r), 0, convert_to(repeat('the body of a goal ', 30), 'UTF8'));
insert into idempotency_keys (district_id, caller, key, operation, request_hash, status, headers, body, created_at) select $DISTRICT, 'person:' || counselor_id, bench.id(98, 0, :r), 'create_goal', sha256('request'), 201, '{"ETag": "\"1\"", "Location": "/v1/goals/0199"}', convert_to(repeat('the body of a goal ', 30), 'UTF8'), now() from bench.files where number = :number;
commit;
