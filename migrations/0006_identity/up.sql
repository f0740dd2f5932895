-- Who may call: issuers of people's tokens, machine clients and their keys, and who a token's subject is.
-- issuers, clients and keys are registers read before a district is known; they hold no personal data.

create table issuers (
  issuer text not null,
  district_id uuid not null,
  audience text not null,
  jwks_url text,
  jwks jsonb,
  algorithms text not null,
  created_at timestamptz not null,
  constraint issuers_pkey primary key (issuer),
  constraint issuers_have_keys check ((jwks_url is null) <> (jwks is null))
);

grant select, insert, delete on issuers to openilp_app;

create table clients (
  id uuid not null,
  kind text not null,
  name text not null,
  district_id uuid,
  secret_hash bytea,
  jwks jsonb,
  jwks_url text,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint clients_pkey primary key (id),
  constraint clients_kind_known check (kind in ('operator', 'sis', 'state')),
  constraint clients_district_for_sis check ((kind = 'sis') = (district_id is not null))
);

grant select, insert, update on clients to openilp_app;

-- A client assertion may be used once (RFC 7523). Rows go when they have expired.
create table client_assertions (
  client_id uuid not null,
  jti text not null,
  expires_at timestamptz not null,
  constraint client_assertions_pkey primary key (client_id, jti)
);

create index client_assertions_by_expiry on client_assertions (expires_at);

grant select, insert, delete on client_assertions to openilp_app;

-- Keys of this deployment: token signing (ES256) and cursor sealing.
create table keys (
  id text not null,
  purpose text not null,
  secret bytea not null,
  created_at timestamptz not null,
  constraint keys_pkey primary key (id),
  constraint keys_purpose_known check (purpose in ('tokenSigning', 'cursorSealing'))
);

grant select, insert on keys to openilp_app;

-- Which person a token's (issuer, subject) is. The one way from a login to a person; never e-mail.
create table identity_links (
  district_id uuid not null,
  id uuid not null,
  issuer text not null,
  subject text not null,
  person_id uuid not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint identity_links_pkey primary key (district_id, id),
  constraint identity_links_subject_once unique (district_id, issuer, subject)
);

select app_tenant_table('identity_links');

alter table identity_links add constraint identity_links_district foreign key (district_id) references districts (id);

alter table identity_links add constraint identity_links_person foreign key (district_id, person_id) references people (district_id, id);

create index identity_links_by_person on identity_links (district_id, person_id);

-- The written agreement under which a state client may pull a district's collection (34 CFR 99.35, L19).
create table agreements (
  district_id uuid not null,
  id uuid not null,
  client_id uuid not null,
  dataset text not null,
  purpose text not null,
  starts_on date not null,
  ends_on date not null,
  destroy_by date not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint agreements_pkey primary key (district_id, id),
  constraint agreements_dataset_known check (dataset in ('ilpStatus')),
  constraint agreements_dates check (ends_on >= starts_on and destroy_by >= ends_on)
);

select app_tenant_table('agreements');

alter table agreements add constraint agreements_district foreign key (district_id) references districts (id);

create index agreements_by_client on agreements (district_id, client_id);
