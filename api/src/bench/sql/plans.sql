-- What stands in the files: for each six goals, each with a benchmark, two activities, a record of progress and a reflection; and the profile.
-- Written goal by goal over all files, as years write them: what belongs to one file lies scattered over the tables, not side by side.
-- Ids are computed from the number of the file, so that pgbench can name any record without looking it up.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set work_mem = '256MB';
-- The references hold by the way the rows are made; checking each would take longer than writing them.
set session_replication_role = replica;

create schema bench;
create function bench.id(kind integer, part integer, file bigint) returns uuid language sql immutable parallel safe as
  $$ select ('0199' || lpad(to_hex(kind), 2, '0') || lpad(to_hex(part), 2, '0') || '-0000-7000-8000-' || lpad(to_hex(file), 12, '0'))::uuid $$;

-- Counselors take the files of a school after another, at least 120 each; the district confirms them and the guardians.
create table bench.counselors as
  select row_number() over (order by person_id) - 1 as number, person_id
    from (select distinct person_id from roles where district_id = :'district' and role = 'counselor') r;
create table bench.files as
  select row_number() over (order by md5(f.id::text)) as number, f.id as file_id, f.student_id, p.id as plan_id,
         row_number() over (order by f.school_id, f.student_id) - 1 as place, null::uuid as counselor_id
    from ilp_files f join plans p on p.district_id = f.district_id and p.file_id = f.id
   where f.district_id = :'district';
update bench.files f set counselor_id = c.person_id
  from bench.counselors c
 where c.number = f.place / greatest(120, ceil((select count(*) from bench.files)::numeric / (select count(*) from bench.counselors))::integer);
alter table bench.files add primary key (number);
delete from assignments where district_id = :'district';
insert into assignments (district_id, id, student_id, person_id, kind, confirmed_at, confirmed_by, valid_from, source, version, created_at, updated_at)
  select :'district', bench.id(1, 0, number), student_id, counselor_id, 'gatekeeper', now(), counselor_id, current_date - 60, 'bench', 1, now(), now() from bench.files;
update guardian_links g set confirmed_at = now(), confirmed_by = f.counselor_id, valid_from = current_date - 60
  from bench.files f where g.district_id = :'district' and g.student_id = f.student_id;

insert into goals (district_id, id, plan_id, student_id, domain, component, standard_framework, standard_item, objective_kind, title, description,
                   lifecycle_status, achievement_status, target_on, beyond_school_means, created_by, entered_in_error, version, created_at, updated_at)
  select :'district', bench.id(16, part, number), plan_id, student_id, (array['academic', 'career', 'personalSocial'])[1 + part % 3],
         'careerExploration', 'asca-2004', 'C:A', (array['occupational', 'postsecondary', 'other'])[1 + part % 3],
         'Goal ' || part || ' of file ' || number, 'Find out what people in this work do all day, and which courses lead there: ' || md5(part::text || number),
         'active', 'inProgress', date '2029-06-01', false, student_id, false, 1, now() - part * interval '40 days', now() - part * interval '40 days'
    from generate_series(0, 5) part, bench.files order by part, number;
insert into benchmarks (district_id, id, goal_id, student_id, domain, school_year, description, reached_on, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, overlay(id::text placing '20' from 5 for 2)::uuid, id, student_id, domain, 2027, 'Talk to two people who do this work: ' || md5(id::text), null,
         created_by, false, 1, created_at, updated_at from goals where district_id = :'district' order by id;
insert into activities (district_id, id, goal_id, student_id, domain, title, description, provider, starts_on, ends_on, status, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, overlay(id::text placing (array['30', '31'])[n] from 5 for 2)::uuid, id, student_id, domain, 'Activity ' || n || ' of ' || title,
         'A visit, an interview or a course outside school hours: ' || md5(n::text || id), (array['school', 'other'])[n], date '2026-11-02', date '2027-02-05', 'underway',
         created_by, false, 1, created_at, updated_at from generate_series(1, 2) n, goals where district_id = :'district' order by n, id;
insert into progress_records (district_id, id, goal_id, student_id, domain, kind, recorded_on, summary, score, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, overlay(id::text placing '40' from 5 for 2)::uuid, id, student_id, domain, 'grade', date '2026-10-16', 'Quarter 1, biology: ' || md5(id::text), 'B+',
         created_by, false, 1, created_at, updated_at from goals where district_id = :'district' order by id;
insert into reflections (district_id, id, goal_id, student_id, domain, body, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, overlay(id::text placing '50' from 5 for 2)::uuid, id, student_id, domain,
         'I liked it more than I thought, and chemistry matters more than I thought. ' || md5(id::text),
         created_by, false, 1, created_at, updated_at from goals where district_id = :'district' order by id;

-- The profile of the files that are asked for: with goals and roster each has more than 150 rows. Part by part over these files, as above. Nothing
-- stands in financial aid, which counselors do not read.
create view bench.profiles as
  select :'district'::uuid as district_id, plan_id, student_id, number, student_id as created_by, false as entered_in_error, 1 as version,
         now() - interval '40 days' as at from bench.files where number <= 20000;
insert into career_options (district_id, id, plan_id, student_id, occupation_title, standing, occupation_code_system, occupation_code, interests, skills,
                            educational_requirements, coursework_needed, coursework_progress, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(96, part, number), plan_id, student_id, 'Occupation ' || part, 'exploring', 'onet-soc-2019', '29-1141.0' || part % 10,
         'Working with people: ' || md5(part::text || number), 'Listening, staying calm', 'A degree of four years and an examination', 'Biology, chemistry, algebra II',
         'Biology passed, chemistry under way', created_by, entered_in_error, version, at, at from generate_series(0, 9) part, bench.profiles order by part, number;
insert into work_experiences (district_id, id, plan_id, student_id, employer, role, starts_on, ends_on, hours, description, reflection,
                              created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(97, part, number), plan_id, student_id, 'Employer ' || part, 'Helper', date '2026-06-15', date '2026-08-14', 120.5,
         'Shelved books: ' || md5(part::text || number), 'I like people more than shelves.', created_by, entered_in_error, version, at, at
    from generate_series(0, 5) part, bench.profiles order by part, number;
insert into exam_results (district_id, id, plan_id, student_id, exam, taken_on, score, scale, level_reached, meaning,
                          created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(98, part, number), plan_id, student_id, 'Exam ' || part, date '2026-10-07', '5', '3 to 7', 'Gold',
         'Enough for the apprenticeship: ' || md5(part::text || number), created_by, entered_in_error, version, at, at
    from generate_series(0, 7) part, bench.profiles order by part, number;
insert into postsecondary_options (district_id, id, plan_id, student_id, kind, name, standing, program, found_in, admission_requirements, comparison, reviewed_on,
                                   created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(99, part, number), plan_id, student_id, 'college', 'College ' || part, 'exploring', 'Nursing', 'College Navigator',
         'Four years of English, three of mathematics: ' || md5(part::text || number), 'Chemistry is missing', date '2026-10-12',
         created_by, entered_in_error, version, at, at from generate_series(0, 11) part, bench.profiles order by part, number;
insert into applications (district_id, id, plan_id, student_id, kind, applied_to, status, program, due_on, submitted_on, notes,
                          created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(100, part, number), plan_id, student_id, 'college', 'College ' || part, 'submitted', 'Nursing', date '2026-11-01', date '2026-10-20',
         'The letter is still to come: ' || md5(part::text || number), created_by, entered_in_error, version, at, at
    from generate_series(0, 11) part, bench.profiles order by part, number;
insert into self_assessments (district_id, id, plan_id, student_id, kind, instrument, taken_on, result, reflection,
                              created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(101, part, number), plan_id, student_id, (array['interestSurvey', 'interest', 'skill', 'learningStyle'])[1 + part % 4], 'Instrument ' || part,
         date '2026-10-05', 'Social, investigative: ' || md5(part::text || number), 'That surprised me.', created_by, entered_in_error, version, at, at
    from generate_series(0, 11) part, bench.profiles order by part, number;
insert into participations (district_id, id, plan_id, student_id, kind, title, plan, starts_on, ends_on, hours, record, reflection,
                            created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(102, part, number), plan_id, student_id, (array['club', 'athletics', 'volunteer', 'leadership'])[1 + part % 4], 'Participation ' || part,
         'Build the arm', date '2026-09-08', date '2027-05-28', 40.5, 'Met weekly: ' || md5(part::text || number), 'I want more of it.',
         created_by, entered_in_error, version, at, at from generate_series(0, 19) part, bench.profiles order by part, number;
insert into learning_experiences (district_id, id, plan_id, student_id, kind, title, plan, status, location, with_whom, starts_on, ends_on, hours, record, reflection,
                                  created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(103, part, number), plan_id, student_id, (array['contextual', 'serviceLearning', 'internship'])[1 + part % 3], 'Experience ' || part,
         'Learn how samples are taken', 'done', 'County laboratory', 'Dr. Ruiz', date '2026-09-14', date '2026-10-09', 24.5,
         'Kept the log: ' || md5(part::text || number), 'Care matters more than speed.', created_by, entered_in_error, version, at, at
    from generate_series(0, 9) part, bench.profiles order by part, number;
insert into skill_records (district_id, id, plan_id, student_id, skill, recorded_on, level, progress, reflection, created_by, entered_in_error, version, created_at, updated_at)
  select district_id, bench.id(104, part, number), plan_id, student_id, (array['communication', 'problemSolving', 'criticalThinking', 'research'])[1 + part % 4],
         date '2026-10-14', 'developing', 'Three ways, compared: ' || md5(part::text || number), 'I give up later than last year.',
         created_by, entered_in_error, version, at, at from generate_series(0, 23) part, bench.profiles order by part, number;

-- Everybody can log in; of those who ask, half are counselors, a quarter students and a quarter guardians, where there is one.
insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at)
  select :'district', app_uuid7(), :'issuer', id::text, id, 1, now(), now() from people where district_id = :'district' and active;
create table bench.readers as
  select f.number, f.student_id, bench.id(16, (f.number % 6)::integer, f.number) as goal_id, f.file_id,
         case when f.number <= 4000 and f.number % 4 = 0 then f.student_id
              when f.number <= 4000 and f.number % 4 = 1 then coalesce((select min(guardian_id::text)::uuid from guardian_links g
                     where g.district_id = :'district' and g.student_id = f.student_id and g.rights = 'full'
                       and exists (select from students s where s.district_id = g.district_id and s.id = g.student_id and s.birth_date > current_date - interval '17 years')), f.counselor_id)
              else f.counselor_id end as caller_id
    from bench.files f where f.number <= 20000;
alter table bench.readers add primary key (number);
create table bench.caseloads as
  select row_number() over (order by person_id) as number, person_id from (select person_id from assignments where district_id = :'district' group by 1 having count(*) >= 100) a;
alter table bench.caseloads add primary key (number);
vacuum analyze;
checkpoint;
