-- Two small districts with known ids and readable names, part of the template that every test database is made from.
-- Alder (Rhode Island profile) has all the relations; Birch (Utah profile) is the other district, which nobody of Alder may reach.
-- ids: 0000000D-… districts, 0000005C-… schools, 000000AE-… people, 000000F1-… files, 000000B1-… plans, 00000C11-… clients.

insert into districts (id, name, state_code, time_zone, requirement_profile, roster_teachers, guardians_trusted, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', 'Alder', 'RI', 'America/New_York', 'us-ri-ride', true, false, 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000002', 'Birch', 'UT', 'America/Denver', 'us-ut-ega', false, false, 1, '2026-08-01Z', '2026-08-01Z');

insert into schools (district_id, id, name, identifier, active, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '0000005c-0000-7000-8000-000000000001', 'Alder Middle School', '101', true, 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000001', '0000005c-0000-7000-8000-000000000002', 'Alder High School', '102', true, 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000002', '0000005c-0000-7000-8000-000000000003', 'Birch High School', '201', true, 1, '2026-08-01Z', '2026-08-01Z');

create temp table cast_of_people (district int, n int, given text, family text, telephone text, grade text, born date, school int);
insert into cast_of_people values
  (1, 1, 'Anna', 'Ash', '401-555-0101', '10', '2010-11-20', 2),
  (1, 2, 'Ben', 'Ash', null, '07', '2014-03-02', 1),
  (1, 3, 'Cleo', 'Cedar', null, '12', '2008-10-01', 2),
  (1, 4, 'Dan', 'Dogwood', null, '11', null, 2),
  (1, 10, 'Greta', 'Ash', '401-555-0110', null, null, null),
  (1, 11, 'Gus', 'Ash', '401-555-0111', null, null, null),
  (1, 12, 'Gil', 'Elm', null, null, null, null),
  (1, 13, 'Gwen', 'Cedar', null, null, null, null),
  (1, 14, 'Dora', 'Dogwood', null, null, null, null),
  (1, 20, 'Bela', 'Birch', '401-555-0120', null, null, null),
  (1, 21, 'Tom', 'Thorn', '401-555-0121', null, null, null),
  (1, 22, 'Cara', 'Clover', '401-555-0122', null, null, null),
  (1, 23, 'Rita', 'Rose', '401-555-0123', null, null, null),
  (1, 24, 'Uma', 'Umber', null, null, null, null),
  (1, 25, 'Pam', 'Pine', null, null, null, null),
  (1, 26, 'Cora', 'Cork', null, null, null, null),
  (1, 27, 'Kurt', 'Kapok', null, null, null, null),
  (1, 28, 'Past', 'Palm', null, null, null, null),
  (1, 29, 'Next', 'Nutmeg', null, null, null, null),
  (2, 50, 'Zoe', 'Zinnia', null, '10', '2010-05-05', 3),
  (2, 51, 'Zack', 'Zinnia', null, null, null, null),
  (2, 52, 'Zita', 'Zircon', null, null, null, null),
  (2, 53, 'Zeno', 'Zephyr', null, null, null, null);

insert into people (district_id, id, given_name, family_name, telephone, active, version, created_at, updated_at)
  select ('0000000d-0000-7000-8000-00000000000' || district)::uuid, ('000000ae-0000-7000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
         given, family, telephone, true, 1, '2026-08-01Z', '2026-08-01Z' from cast_of_people;

insert into students (district_id, id, school_id, grade, birth_date, active, version, created_at, updated_at)
  select ('0000000d-0000-7000-8000-00000000000' || district)::uuid, ('000000ae-0000-7000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
         ('0000005c-0000-7000-8000-00000000000' || school)::uuid, grade, born, true, 1, '2026-08-01Z', '2026-08-01Z'
    from cast_of_people where grade is not null;

insert into ilp_files (district_id, id, student_id, school_id, status, opened_on, version, created_at, updated_at)
  select district_id, ('000000f1' || right(id::text, 28))::uuid, id, school_id, 'open', '2026-08-15', 1, '2026-08-15Z', '2026-08-15Z' from students;

insert into plans (district_id, id, file_id, student_id, version, created_at, updated_at)
  select district_id, ('000000b1' || right(id::text, 28))::uuid, ('000000f1' || right(id::text, 28))::uuid, id, 1, '2026-08-15Z', '2026-08-15Z' from students;

insert into divisions (district_id, id, file_id, student_id, school_year, version, created_at, updated_at)
  select district_id, ('000000d1' || right(id::text, 28))::uuid, ('000000f1' || right(id::text, 28))::uuid, id, 2027, 1, '2026-08-15Z', '2026-08-15Z' from students;

insert into registrations (district_id, id, file_id, student_id, division_id, term_title, term_starts_on, term_ends_on, class_title, class_code, teachers,
                           source, sourced_id, term_sourced_id, captured_at, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000e6-0000-7000-8000-000000000001', '000000f1-0000-7000-8000-000000000001', '000000ae-0000-7000-8000-000000000001',
   '000000d1-0000-7000-8000-000000000001', 'Fall Semester', '2026-08-15', '2026-12-20', 'Biology', 'BIO-1',
   '[{"givenName":"Rita","familyName":"Rose","telephone":"401-555-0123"}]', 'sis', 'enrollment-1', 'fall', '2026-08-15Z', 1, '2026-08-15Z', '2026-08-15Z');

insert into report_cards (district_id, id, student_id, division_id, term_title, term_starts_on, term_ends_on, category_title, class_title, teachers, title,
                          score_status, score, score_text, scored_on, flags, copy_number, source, sourced_id, session_sourced_id, captured_at, version, created_at, updated_at)
  select district_id, ('0000004c' || right(id::text, 28))::uuid, student_id, id, 'Quarter 1', '2026-08-15', '2026-10-09', 'Quarter grade', 'Biology',
         '[{"givenName":"Rita","familyName":"Rose"}]', 'Quarter 1 grade', 'fully graded', '91.5', 'A-', '2026-10-09', '[]', 1, 'sis', 'result-' || right(id::text, 2), 'q1',
         '2026-10-10Z', 1, '2026-10-10Z', '2026-10-10Z' from divisions;

insert into guardian_links (district_id, id, student_id, guardian_id, rights, order_reference, confirmed_at, confirmed_by, valid_from, source, version, created_at, updated_at)
  select '0000000d-0000-7000-8000-000000000001', ('0000009a-0000-7000-8000-0000000000' || lpad(row_number() over ()::text, 2, '0'))::uuid,
         ('000000ae-0000-7000-8000-0000000000' || student)::uuid, ('000000ae-0000-7000-8000-0000000000' || guardian)::uuid, rights, order_reference,
         case when confirmed then '2026-08-20Z'::timestamptz end, case when confirmed then '000000ae-0000-7000-8000-000000000027'::uuid end,
         '2026-08-01', 'sis', 1, '2026-08-01Z', '2026-08-01Z'
    from (values ('01', '10', 'full', null, true), ('02', '10', 'full', null, true), ('01', '11', 'full', null, false), ('01', '12', 'none', 'Order 17', true),
                 ('03', '13', 'full', null, true), ('04', '14', 'full', null, false)) v (student, guardian, rights, order_reference, confirmed);

insert into guardian_links (district_id, id, student_id, guardian_id, rights, confirmed_at, confirmed_by, valid_from, source, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000002', '0000009a-0000-7000-8000-000000000050', '000000ae-0000-7000-8000-000000000050', '000000ae-0000-7000-8000-000000000051', 'full',
   '2026-08-20Z', '000000ae-0000-7000-8000-000000000053', '2026-08-01', 'sis', 1, '2026-08-01Z', '2026-08-01Z');

insert into assignments (district_id, id, student_id, person_id, kind, confirmed_at, confirmed_by, valid_from, valid_to, source, version, created_at, updated_at)
  select '0000000d-0000-7000-8000-000000000001', ('000000a5-0000-7000-8000-0000000000' || lpad(row_number() over ()::text, 2, '0'))::uuid,
         ('000000ae-0000-7000-8000-0000000000' || student)::uuid, ('000000ae-0000-7000-8000-0000000000' || person)::uuid, kind,
         '2026-08-20Z', '000000ae-0000-7000-8000-000000000027', valid_from::date, valid_to::date, 'custodian', 1, '2026-08-01Z', '2026-08-01Z'
    from (values ('01', '20', 'gatekeeper', '2026-08-01', null), ('02', '20', 'gatekeeper', '2026-08-01', null), ('03', '20', 'gatekeeper', '2026-08-01', null),
                 ('01', '21', 'teacher', '2026-08-01', null), ('01', '22', 'careerReviewer', '2026-08-01', null),
                 ('01', '28', 'gatekeeper', '2025-08-01', '2026-08-01'), ('01', '29', 'gatekeeper', '2027-08-01', null)) v (student, person, kind, valid_from, valid_to);

insert into assignments (district_id, id, student_id, person_id, kind, confirmed_at, confirmed_by, valid_from, source, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000002', '000000a5-0000-7000-8000-000000000050', '000000ae-0000-7000-8000-000000000050', '000000ae-0000-7000-8000-000000000052', 'gatekeeper',
   '2026-08-20Z', '000000ae-0000-7000-8000-000000000053', '2026-08-01', 'custodian', 1, '2026-08-01Z', '2026-08-01Z');

insert into appointments (district_id, id, person_id, kind, school_id, valid_from, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000a9-0000-7000-8000-000000000001', '000000ae-0000-7000-8000-000000000025', 'schoolManager', '0000005c-0000-7000-8000-000000000002', '2026-08-01', 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000001', '000000a9-0000-7000-8000-000000000002', '000000ae-0000-7000-8000-000000000026', 'coordinator', null, '2026-08-01', 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000001', '000000a9-0000-7000-8000-000000000003', '000000ae-0000-7000-8000-000000000027', 'custodian', null, '2026-08-01', 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000002', '000000a9-0000-7000-8000-000000000004', '000000ae-0000-7000-8000-000000000053', 'custodian', null, '2026-08-01', 1, '2026-08-01Z', '2026-08-01Z');

insert into courses (district_id, id, title, course_code, active, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000c0-0000-7000-8000-000000000001', 'Biology', 'BIO', true, 1, '2026-08-01Z', '2026-08-01Z');

insert into classes (district_id, id, school_id, course_id, title, class_code, kind, active, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000c1-0000-7000-8000-000000000001', '0000005c-0000-7000-8000-000000000002', '000000c0-0000-7000-8000-000000000001',
   'Biology', 'BIO-1', 'scheduled', true, 1, '2026-08-01Z', '2026-08-01Z');

insert into enrollments (district_id, id, class_id, person_id, role, primary_teacher, active, source, sourced_id, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000e1-0000-7000-8000-000000000001', '000000c1-0000-7000-8000-000000000001', '000000ae-0000-7000-8000-000000000001', 'student', false, true, 'sis', 'enrollment-1', 1, '2026-08-01Z', '2026-08-01Z'),
  ('0000000d-0000-7000-8000-000000000001', '000000e1-0000-7000-8000-000000000002', '000000c1-0000-7000-8000-000000000001', '000000ae-0000-7000-8000-000000000023', 'teacher', true, true, 'sis', 'enrollment-2', 1, '2026-08-01Z', '2026-08-01Z');

insert into external_identifiers (district_id, system, kind, value, target_id) values
  ('0000000d-0000-7000-8000-000000000001', 'stateStudentId', 'person', '1000000001', '000000ae-0000-7000-8000-000000000001'),
  ('0000000d-0000-7000-8000-000000000001', 'localStudentId', 'person', '910001', '000000ae-0000-7000-8000-000000000001');

-- Everybody's login is their given name, at the service's own issuer.
insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at)
  select district_id, ('0000001d' || right(id::text, 28))::uuid, 'http://openilp.test/demo-issuer/' || district_id, lower(given_name), id, 1, '2026-08-01Z', '2026-08-01Z' from people;

-- Machine clients; the secret of each is its name.
insert into clients (id, kind, name, district_id, secret_hash, active, version, created_at, updated_at) values
  ('00000c11-0000-7000-8000-000000000001', 'operator', 'operator', null, sha256('operator'), true, 1, '2026-08-01Z', '2026-08-01Z'),
  ('00000c11-0000-7000-8000-000000000002', 'sis', 'sis', '0000000d-0000-7000-8000-000000000001', sha256('sis'), true, 1, '2026-08-01Z', '2026-08-01Z'),
  ('00000c11-0000-7000-8000-000000000003', 'state', 'state', null, sha256('state'), true, 1, '2026-08-01Z', '2026-08-01Z'),
  ('00000c11-0000-7000-8000-000000000004', 'sis', 'birch-sis', '0000000d-0000-7000-8000-000000000002', sha256('birch-sis'), true, 1, '2026-08-01Z', '2026-08-01Z');

insert into agreements (district_id, id, client_id, dataset, purpose, starts_on, ends_on, destroy_by, version, created_at, updated_at) values
  ('0000000d-0000-7000-8000-000000000001', '000000a6-0000-7000-8000-000000000001', '00000c11-0000-7000-8000-000000000003', 'ilpStatus', 'Evaluation of the ILP program', '2026-07-01', '2027-06-30', '2028-06-30', 1, '2026-08-01Z', '2026-08-01Z');
