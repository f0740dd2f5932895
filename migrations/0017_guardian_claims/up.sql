-- What a source says of a guardian: to whom, with which rights, and on what they rest (L9). It grants nothing by itself: the link does, once it is confirmed.
create table guardian_claims (
  district_id uuid not null,
  id uuid not null,
  student_id uuid not null,
  guardian_id uuid not null,
  relationship text not null,
  rights text not null,
  evidence text,
  evidence_reference text,
  begins_on date,
  ends_on date,
  active boolean not null,
  source text not null,
  sourced_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint guardian_claims_pkey primary key (district_id, id),
  constraint guardian_claims_source_once unique (district_id, source, sourced_id),
  constraint guardian_claims_rights_known check (rights in ('full', 'none'))
);

select app_tenant_table('guardian_claims');

alter table guardian_claims add constraint guardian_claims_student foreign key (district_id, student_id) references students (district_id, id);

alter table guardian_claims add constraint guardian_claims_guardian foreign key (district_id, guardian_id) references people (district_id, id);

create index guardian_claims_by_student on guardian_claims (district_id, student_id);

create index guardian_claims_by_guardian on guardian_claims (district_id, guardian_id);

-- The relationship and evidence of the link itself, and beside it what its source says now: a confirmed link is never changed by a load.
alter table guardian_links add column relationship text;

alter table guardian_links add column evidence text;

alter table guardian_links add column claim_source text;

alter table guardian_links add column claimed_rights text;

alter table guardian_links add column claimed_evidence text;

alter table guardian_links add column claimed_reference text;

alter table guardian_links add column claimed_valid_from date;

alter table guardian_links add column claimed_valid_to date;

alter table guardian_links add column claim_ended_on date;

alter table guardian_links add constraint guardian_links_claimed_rights_known check (claimed_rights in ('full', 'none'));

-- Whether the source says something else now, or nothing any more of a link that goes on.
alter table guardian_links add column differs boolean not null generated always as (
  case
    when claim_source is null then false
    when claim_ended_on is not null then coalesce(valid_to > greatest(claim_ended_on, valid_from), true)
    else rights is distinct from claimed_rights or evidence is distinct from claimed_evidence or order_reference is distinct from claimed_reference
      or valid_to is distinct from claimed_valid_to or claimed_valid_from is not null and valid_from <> least(claimed_valid_from, claimed_valid_to)
  end) stored;

create index guardian_links_differing on guardian_links (district_id, id) where differs;
