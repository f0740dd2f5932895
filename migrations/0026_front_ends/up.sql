-- The applications through which a district lets its people come, and what they may do there at most (access.md 5.9).

create table front_ends (
  district_id uuid not null,
  id uuid not null,
  issuer text not null,
  client_id text not null,
  name text not null,
  sections text[] not null,
  may_write boolean not null,
  for_offices boolean not null,
  valid_from date not null,
  valid_to date,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint front_ends_pkey primary key (district_id, id),
  constraint front_ends_once unique (district_id, issuer, client_id),
  constraint front_ends_dates check (valid_to is null or valid_to >= valid_from),
  constraint front_ends_sections check (cardinality(sections) > 0)
);

select app_tenant_table('front_ends');

alter table front_ends add constraint front_ends_district foreign key (district_id) references districts (id);
