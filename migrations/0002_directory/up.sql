-- The directory: who and what there is in a district, as the roster and the custodian say.

-- A school of the district (OneRoster org of type school).
create table schools (
  district_id uuid not null,
  id uuid not null,
  name text not null,
  identifier text,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint schools_pkey primary key (district_id, id)
);

select app_tenant_table('schools');

alter table schools add constraint schools_district foreign key (district_id) references districts (id);

-- A school year, semester, term or grading period (OneRoster academicSession).
-- school_year is the year in which it ends: 2027 is shown as 2026-27.
create table academic_sessions (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  kind text not null,
  starts_on date not null,
  ends_on date not null,
  parent_id uuid,
  school_year integer not null,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint academic_sessions_pkey primary key (district_id, id),
  constraint academic_sessions_kind_known check (kind in ('gradingPeriod', 'semester', 'schoolYear', 'term')),
  constraint academic_sessions_ends_after_start check (ends_on >= starts_on)
);

select app_tenant_table('academic_sessions');

alter table academic_sessions add constraint academic_sessions_district foreign key (district_id) references districts (id);

alter table academic_sessions add constraint academic_sessions_parent foreign key (district_id, parent_id) references academic_sessions (district_id, id);

create index academic_sessions_by_parent on academic_sessions (district_id, parent_id);

-- A course that classes teach.
create table courses (
  district_id uuid not null,
  id uuid not null,
  title text not null,
  course_code text,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint courses_pkey primary key (district_id, id)
);

select app_tenant_table('courses');

alter table courses add constraint courses_district foreign key (district_id) references districts (id);

-- A class (section) of a course at a school.
create table classes (
  district_id uuid not null,
  id uuid not null,
  school_id uuid not null,
  course_id uuid not null,
  title text not null,
  class_code text,
  kind text not null,
  location text,
  periods text,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint classes_pkey primary key (district_id, id),
  constraint classes_kind_known check (kind in ('homeroom', 'scheduled'))
);

select app_tenant_table('classes');

alter table classes add constraint classes_district foreign key (district_id) references districts (id);

alter table classes add constraint classes_school foreign key (district_id, school_id) references schools (district_id, id);

alter table classes add constraint classes_course foreign key (district_id, course_id) references courses (district_id, id);

create index classes_by_school on classes (district_id, school_id);

create index classes_by_course on classes (district_id, course_id);

-- The terms in which a class meets.
create table class_terms (
  district_id uuid not null,
  class_id uuid not null,
  academic_session_id uuid not null,
  constraint class_terms_pkey primary key (district_id, class_id, academic_session_id)
);

select app_tenant_table('class_terms');

alter table class_terms add constraint class_terms_district foreign key (district_id) references districts (id);

alter table class_terms add constraint class_terms_class foreign key (district_id, class_id) references classes (district_id, id) on delete cascade;

alter table class_terms add constraint class_terms_academic_session foreign key (district_id, academic_session_id) references academic_sessions (district_id, id);

create index class_terms_by_academic_session on class_terms (district_id, academic_session_id);

-- A person: student, guardian or staff. One row a person; what they are stands in students, roles and links.
create table people (
  district_id uuid not null,
  id uuid not null,
  given_name text not null,
  family_name text not null,
  middle_name text,
  preferred_given_name text,
  preferred_family_name text,
  pronouns text,
  email text,
  telephone text,
  sms text,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint people_pkey primary key (district_id, id)
);

select app_tenant_table('people');

alter table people add constraint people_district foreign key (district_id) references districts (id);

-- A person who is a student of the district. The id is the person's.
create table students (
  district_id uuid not null,
  id uuid not null,
  school_id uuid,
  grade text,
  birth_date date,
  postsecondary_from date,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint students_pkey primary key (district_id, id)
);

select app_tenant_table('students');

alter table students add constraint students_district foreign key (district_id) references districts (id);

alter table students add constraint students_person foreign key (district_id, id) references people (district_id, id);

alter table students add constraint students_school foreign key (district_id, school_id) references schools (district_id, id);

create index students_by_school on students (district_id, school_id, id);

-- A role a person holds at a school or in the district, as the roster says. It grants no right by itself.
create table roles (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  school_id uuid,
  role text not null,
  primary_role boolean not null,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint roles_pkey primary key (district_id, id),
  constraint roles_source_once unique (district_id, source, sourced_id)
);

select app_tenant_table('roles');

alter table roles add constraint roles_district foreign key (district_id) references districts (id);

alter table roles add constraint roles_person foreign key (district_id, person_id) references people (district_id, id);

alter table roles add constraint roles_school foreign key (district_id, school_id) references schools (district_id, id);

create index roles_by_person on roles (district_id, person_id);

create index roles_by_school on roles (district_id, school_id);

-- A person in a class, as student or staff.
create table enrollments (
  district_id uuid not null,
  id uuid not null,
  class_id uuid not null,
  person_id uuid not null,
  role text not null,
  primary_teacher boolean not null,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint enrollments_pkey primary key (district_id, id),
  constraint enrollments_source_once unique (district_id, source, sourced_id),
  constraint enrollments_role_known check (role in ('administrator', 'proctor', 'student', 'teacher'))
);

select app_tenant_table('enrollments');

alter table enrollments add constraint enrollments_district foreign key (district_id) references districts (id);

alter table enrollments add constraint enrollments_class foreign key (district_id, class_id) references classes (district_id, id);

alter table enrollments add constraint enrollments_person foreign key (district_id, person_id) references people (district_id, id);

create index enrollments_by_class on enrollments (district_id, class_id, role);

create index enrollments_by_person on enrollments (district_id, person_id);

-- What another system calls a record of ours, kept verbatim: (system, kind, value) names target_id.
-- A SIS sourcedId has the SIS as its system; a state student id has the system stateStudentId. Never a Social Security number (L27).
create table external_identifiers (
  district_id uuid not null,
  system text not null,
  kind text not null,
  value text not null,
  target_id uuid not null,
  constraint external_identifiers_pkey primary key (district_id, system, kind, value),
  constraint external_identifiers_kind_known check (kind in ('school', 'district', 'academicSession', 'course', 'class', 'person'))
);

select app_tenant_table('external_identifiers');

alter table external_identifiers add constraint external_identifiers_district foreign key (district_id) references districts (id);

create index external_identifiers_by_target on external_identifiers (district_id, target_id, system);

-- Who is a parent or guardian of a student, with rights (34 CFR 99.4, L9). Unconfirmed until a custodian confirms it.
create table guardian_links (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  guardian_id uuid not null,
  rights text not null,
  order_reference text,
  confirmed_at timestamptz,
  confirmed_by uuid,
  valid_from date not null,
  valid_to date,
  source text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint guardian_links_pkey primary key (district_id, id),
  constraint guardian_links_once unique (district_id, student_id, guardian_id),
  constraint guardian_links_rights_known check (rights in ('full', 'none')),
  constraint guardian_links_not_self check (student_id <> guardian_id),
  constraint guardian_links_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('guardian_links');

alter table guardian_links add constraint guardian_links_district foreign key (district_id) references districts (id);

alter table guardian_links add constraint guardian_links_student foreign key (district_id, student_id) references students (district_id, id);

alter table guardian_links add constraint guardian_links_guardian foreign key (district_id, guardian_id) references people (district_id, id);

alter table guardian_links add constraint guardian_links_confirmed_by foreign key (district_id, confirmed_by) references people (district_id, id);

create index guardian_links_by_guardian on guardian_links (district_id, guardian_id);

create index guardian_links_by_confirmed_by on guardian_links (district_id, confirmed_by);

create index guardian_links_unconfirmed on guardian_links (district_id, id) where confirmed_at is null;

-- Staff assigned to a student: gatekeeper (counselor or advisor, R71), teacher (R40) or career reviewer (R45). Caseloads are these.
create table assignments (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  kind text not null,
  confirmed_at timestamptz,
  confirmed_by uuid,
  valid_from date not null,
  valid_to date,
  source text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint assignments_pkey primary key (district_id, id),
  constraint assignments_once unique (district_id, student_id, person_id, kind, valid_from),
  constraint assignments_kind_known check (kind in ('gatekeeper', 'teacher', 'careerReviewer')),
  constraint assignments_not_self check (student_id <> person_id),
  constraint assignments_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('assignments');

alter table assignments add constraint assignments_district foreign key (district_id) references districts (id);

alter table assignments add constraint assignments_student foreign key (district_id, student_id) references students (district_id, id);

alter table assignments add constraint assignments_person foreign key (district_id, person_id) references people (district_id, id);

alter table assignments add constraint assignments_confirmed_by foreign key (district_id, confirmed_by) references people (district_id, id);

create index assignments_by_person on assignments (district_id, person_id);

create index assignments_by_confirmed_by on assignments (district_id, confirmed_by);

create index assignments_unconfirmed on assignments (district_id, id) where confirmed_at is null;

-- An office in a school or the district: school manager (R5), coordinator, custodian.
create table appointments (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  school_id uuid,
  valid_from date not null,
  valid_to date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint appointments_pkey primary key (district_id, id),
  constraint appointments_kind_known check (kind in ('schoolManager', 'coordinator', 'custodian')),
  constraint appointments_school_where_needed check ((kind = 'schoolManager') = (school_id is not null)),
  constraint appointments_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('appointments');

alter table appointments add constraint appointments_district foreign key (district_id) references districts (id);

alter table appointments add constraint appointments_person foreign key (district_id, person_id) references people (district_id, id);

alter table appointments add constraint appointments_school foreign key (district_id, school_id) references schools (district_id, id);

create index appointments_by_person on appointments (district_id, person_id);

create index appointments_by_school on appointments (district_id, school_id);
