-- What student and family decide about the file, and whom they let in: consents, privacy, orders, emergencies (access.md 5.1, 5.6, 5.7).

-- A specialist of a support programme (R22) is assigned for one programme.
alter table assignments add column program text;

alter table assignments drop constraint assignments_kind_known;

alter table assignments add constraint assignments_kind_known check (kind in ('gatekeeper', 'teacher', 'careerReviewer', 'supportSpecialist'));

alter table assignments add constraint assignments_program check
  ((kind = 'supportSpecialist') = (program is not null) and program in ('iep', '504', 'ell', 'plp', 'psychological', 'social'));

alter table assignments drop constraint assignments_once;

alter table assignments add constraint assignments_once unique nulls not distinct (district_id, student_id, person_id, kind, valid_from, program);

-- An adult student before 18 (L25): emancipated, or qualifying under McKinney-Vento.
alter table students add column adult_from date, add column adult_basis text;

alter table students add constraint students_adult check
  ((adult_from is null) = (adult_basis is null) and adult_basis in ('emancipated', 'mcKinneyVento'));

-- A guardian of an eligible student who is documented as a dependent for taxes (34 CFR 99.31(a)(8)).
alter table guardian_links add column dependent_until date, add column dependent_reference text;

alter table guardian_links add constraint guardian_links_dependent check ((dependent_until is null) = (dependent_reference is null));

-- A partner of the district (R74): who it is, and the agreement under which it works.
create table partners (
  district_id uuid not null,
  id uuid not null,
  name text not null,
  agreement_reference text not null,
  subcontractors text,
  valid_from date not null,
  valid_to date not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint partners_pkey primary key (district_id, id),
  constraint partners_dates check (valid_to >= valid_from)
);

select app_tenant_table('partners');

alter table partners add constraint partners_district foreign key (district_id) references districts (id);

-- Who works for a partner.
create table partner_members (
  district_id uuid not null,
  id uuid not null,
  partner_id uuid not null,
  person_id uuid not null,
  valid_from date not null,
  valid_to date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint partner_members_pkey primary key (district_id, id),
  constraint partner_members_once unique (district_id, partner_id, person_id, valid_from),
  constraint partner_members_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('partner_members');

alter table partner_members add constraint partner_members_partner foreign key (district_id, partner_id) references partners (district_id, id);

alter table partner_members add constraint partner_members_person foreign key (district_id, person_id) references people (district_id, id);

create index partner_members_by_person on partner_members (district_id, person_id);

-- An advisory group, or the small group of a conference (R138).
create table student_groups (
  district_id uuid not null,
  id uuid not null,
  school_id uuid not null,
  kind text not null,
  title text not null,
  valid_from date not null,
  valid_to date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint student_groups_pkey primary key (district_id, id),
  constraint student_groups_kind_known check (kind in ('advisory', 'smallGroup')),
  constraint student_groups_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('student_groups');

alter table student_groups add constraint student_groups_school foreign key (district_id, school_id) references schools (district_id, id);

create index student_groups_by_school on student_groups (district_id, school_id);

create table group_members (
  district_id uuid not null,
  id uuid not null,
  group_id uuid not null,
  person_id uuid not null,
  valid_from date not null,
  valid_to date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint group_members_pkey primary key (district_id, id),
  constraint group_members_once unique (district_id, group_id, person_id, valid_from),
  constraint group_members_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('group_members');

alter table group_members add constraint group_members_group foreign key (district_id, group_id) references student_groups (district_id, id);

alter table group_members add constraint group_members_person foreign key (district_id, person_id) references people (district_id, id);

create index group_members_by_person on group_members (district_id, person_id);

-- A consent (34 CFR 99.30): which records, for what, to whom, until when. What is shared with a mentor or a group is a consent too. It is never
-- edited: it is signed, and it may be revoked.
create table consents (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  recipient_kind text not null,
  person_id uuid,
  partner_id uuid,
  group_id uuid,
  sections text[] not null,
  goal_id uuid,
  purpose text not null,
  statement text not null,
  statement_hash bytea not null,
  language text not null,
  valid_from date not null,
  valid_to date not null,
  created_by uuid not null,
  revoked_at timestamptz,
  revoked_by uuid,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint consents_pkey primary key (district_id, id),
  constraint consents_recipient check (case recipient_kind
    when 'partner' then partner_id is not null and person_id is null and group_id is null
    when 'group' then group_id is not null and person_id is null and partner_id is null
    when 'mentor' then person_id is not null and partner_id is null and group_id is null
    when 'guardian' then person_id is not null and partner_id is null and group_id is null
    else false end),
  constraint consents_not_self check (student_id <> person_id),
  constraint consents_sections check (cardinality(sections) > 0),
  constraint consents_dates check (valid_to > valid_from),
  constraint consents_revocation check ((revoked_at is null) = (revoked_by is null))
);

select app_tenant_table('consents');

alter table consents add constraint consents_student foreign key (district_id, student_id) references students (district_id, id);

alter table consents add constraint consents_person foreign key (district_id, person_id) references people (district_id, id);

alter table consents add constraint consents_partner foreign key (district_id, partner_id) references partners (district_id, id);

alter table consents add constraint consents_group foreign key (district_id, group_id) references student_groups (district_id, id);

alter table consents add constraint consents_created_by foreign key (district_id, created_by) references people (district_id, id);

alter table consents add constraint consents_revoked_by foreign key (district_id, revoked_by) references people (district_id, id);

create index consents_by_student on consents (district_id, student_id, id);

create index consents_by_person on consents (district_id, person_id);

create index consents_by_partner on consents (district_id, partner_id);

create index consents_by_group on consents (district_id, group_id);

create index consents_by_created_by on consents (district_id, created_by);

create index consents_by_revoked_by on consents (district_id, revoked_by);

-- Who signed or objected, last, and how they were known to be who they are (34 CFR 99.30(d)).
create table consent_signatures (
  district_id uuid not null,
  id uuid not null,
  consent_id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  signed_as text not null,
  approves boolean not null,
  signed_on date not null,
  signed_at timestamptz not null,
  issuer text not null,
  authentication_class text,
  authentication_methods text[] not null,
  authenticated_at timestamptz,
  token_id text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint consent_signatures_pkey primary key (district_id, id),
  constraint consent_signatures_once unique (district_id, consent_id, person_id),
  constraint consent_signatures_as_known check (signed_as in ('student', 'guardian'))
);

select app_tenant_table('consent_signatures');

alter table consent_signatures add constraint consent_signatures_consent foreign key (district_id, consent_id) references consents (district_id, id);

alter table consent_signatures add constraint consent_signatures_student foreign key (district_id, student_id) references students (district_id, id);

alter table consent_signatures add constraint consent_signatures_person foreign key (district_id, person_id) references people (district_id, id);

create index consent_signatures_by_student on consent_signatures (district_id, student_id);

create index consent_signatures_by_person on consent_signatures (district_id, person_id);

-- An order that keeps one person from sections of one student's file. Without sections: from all.
create table restrictions (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  sections text[],
  order_reference text not null,
  valid_from date not null,
  valid_to date,
  created_by uuid,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint restrictions_pkey primary key (district_id, id),
  constraint restrictions_not_self check (student_id <> person_id),
  constraint restrictions_sections check (cardinality(sections) > 0),
  constraint restrictions_dates check (valid_to is null or valid_to >= valid_from)
);

select app_tenant_table('restrictions');

alter table restrictions add constraint restrictions_student foreign key (district_id, student_id) references students (district_id, id);

alter table restrictions add constraint restrictions_person foreign key (district_id, person_id) references people (district_id, id);

alter table restrictions add constraint restrictions_created_by foreign key (district_id, created_by) references people (district_id, id);

create index restrictions_by_student on restrictions (district_id, student_id);

create index restrictions_by_person on restrictions (district_id, person_id);

create index restrictions_by_created_by on restrictions (district_id, created_by);

-- What the student asks about a section and those who stand in a relation (R138, access.md 5.3 (v)).
create table privacy_preferences (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  section text not null,
  relation text not null,
  choice text not null,
  created_by uuid not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint privacy_preferences_pkey primary key (district_id, id),
  constraint privacy_preferences_once unique (district_id, student_id, section, relation),
  constraint privacy_preferences_choice_known check (choice in ('hide', 'open'))
);

select app_tenant_table('privacy_preferences');

alter table privacy_preferences add constraint privacy_preferences_student foreign key (district_id, student_id) references students (district_id, id);

alter table privacy_preferences add constraint privacy_preferences_created_by foreign key (district_id, created_by) references people (district_id, id);

create index privacy_preferences_by_created_by on privacy_preferences (district_id, created_by);

-- Access in a health or safety emergency (34 CFR 99.36): why, to what, for how long, and what the review found.
create table emergency_accesses (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  person_id uuid not null,
  relation text not null,
  reason text not null,
  threat text not null,
  recipients text not null,
  sections text[] not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  family_not_told boolean not null,
  review_due_on date not null,
  reviewed_at timestamptz,
  reviewed_by uuid,
  justified boolean,
  review_note text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint emergency_accesses_pkey primary key (district_id, id),
  constraint emergency_accesses_sections check (cardinality(sections) > 0),
  constraint emergency_accesses_reason_known check (reason in ('health', 'safety')),
  constraint emergency_accesses_minutes check (expires_at > created_at and expires_at <= created_at + interval '60 minutes'),
  constraint emergency_accesses_review check ((reviewed_at is null) = (reviewed_by is null) and (reviewed_at is null) = (justified is null))
);

select app_tenant_table('emergency_accesses');

alter table emergency_accesses add constraint emergency_accesses_student foreign key (district_id, student_id) references students (district_id, id);

alter table emergency_accesses add constraint emergency_accesses_person foreign key (district_id, person_id) references people (district_id, id);

alter table emergency_accesses add constraint emergency_accesses_reviewed_by foreign key (district_id, reviewed_by) references people (district_id, id);

create index emergency_accesses_by_student on emergency_accesses (district_id, student_id, person_id);

create index emergency_accesses_by_person on emergency_accesses (district_id, person_id);

create index emergency_accesses_by_reviewed_by on emergency_accesses (district_id, reviewed_by);

create index emergency_accesses_unreviewed on emergency_accesses (district_id, id) where reviewed_at is null;
