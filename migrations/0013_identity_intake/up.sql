-- How people get in: logins that are matched by a claim, logins that wait for somebody to look at them, invitations.

-- Which claim of an issuer's tokens names which identifier of a person. A claim without a system is an e-mail address that the issuer has verified.
alter table issuers add column match_claim text;

alter table issuers add column match_system text;

-- Whether families come with its tokens: only such an issuer's logins may redeem invitations.
alter table issuers add column for_families boolean not null default false;

alter table issuers add constraint issuers_system_has_claim check (match_system is null or match_claim is not null);

-- Logins with a valid token of an issuer that matches, and nobody here goes by them. What is linked leaves this table.
create table unlinked_logins (
  district_id uuid not null,
  id uuid not null,
  issuer text not null,
  subject text not null,
  claim_value text,
  reason text not null,
  times_seen integer not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  dismissed_at timestamptz,
  version integer not null,
  constraint unlinked_logins_pkey primary key (district_id, id),
  constraint unlinked_logins_subject_once unique (district_id, issuer, subject),
  constraint unlinked_logins_reason_known check (reason in ('noClaim', 'nobody', 'several', 'inactive', 'linkedAlready', 'linkRemoved', 'personMerged'))
);

select app_tenant_table('unlinked_logins');

alter table unlinked_logins add constraint unlinked_logins_district foreign key (district_id) references districts (id);

-- An invitation to a person without a district login. The code is kept as its hash only; it counts once.
create table invitations (
  district_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  code_hash bytea not null,
  expires_at timestamptz not null,
  redeemed_at timestamptz,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint invitations_pkey primary key (district_id, id),
  constraint invitations_code_once unique (district_id, code_hash)
);

select app_tenant_table('invitations');

alter table invitations add constraint invitations_person foreign key (district_id, person_id) references people (district_id, id);

create index invitations_by_person on invitations (district_id, person_id);

-- How often a login has tried a code lately, so that nobody can go on guessing.
create table invitation_attempts (
  district_id uuid not null,
  issuer text not null,
  subject text not null,
  attempts integer not null,
  since timestamptz not null,
  constraint invitation_attempts_pkey primary key (district_id, issuer, subject)
);

select app_tenant_table('invitation_attempts');

alter table invitation_attempts add constraint invitation_attempts_district foreign key (district_id) references districts (id);

create index invitation_attempts_by_age on invitation_attempts (district_id, since);

-- Who has an address, for issuers that match by verified e-mail.
create index people_by_email on people (district_id, lower(email)) where email is not null;
