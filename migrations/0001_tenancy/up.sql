-- Roles and helpers every later migration uses.
--
-- openilp_app is the role the service works as (SET ROLE on every connection). It owns nothing, so row-level
-- security binds it. The login role that runs migrations owns the tables.

do $$ begin
  if not exists (select from pg_roles where rolname = 'openilp_app') then
    create role openilp_app nologin noinherit;
  end if;
end $$;

-- A database restored or given to us may be owned by a role that is not a superuser: it must be able to become the app role.
do $$ begin
  if not pg_has_role(current_user, 'openilp_app', 'member') then
    execute format('grant openilp_app to %I', current_user);
  end if;
end $$;

revoke create on schema public from public;

grant usage on schema public to openilp_app;

-- On Citus a tenant table is distributed beside its district; on plain PostgreSQL this does nothing.
create function app_distribute(t regclass, tenant_column text default 'district_id') returns void language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    execute format('select create_distributed_table(%L, %L, colocate_with => %L)', t, tenant_column,
                   case when t = 'districts'::regclass then 'default' else 'districts' end);
  end if;
end $$;

-- A shared catalogue is copied to every node on Citus; on plain PostgreSQL this does nothing.
create function app_reference(t regclass) returns void language plpgsql as $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    execute format('select create_reference_table(%L)', t);
  end if;
end $$;

-- Raises the tenant wall around a district-owned table: distribution, row-level security, rights of the app role.
-- The setting is the empty string, not null, after a transaction that set it locally: hence nullif.
create function app_tenant_table(t regclass, rights text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  perform app_distribute(t);
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy tenant on %s to openilp_app
    using (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))
    with check (district_id = (select nullif(current_setting(''app.district_id'', true), '''')::uuid))', t);
  execute format('grant %s on %s to openilp_app', rights, t);
end $$;

-- One row: what names this deployment's history. A restore writes a new epoch, and older cursors are refused (410).
create table deployment (
  only_row boolean not null default true,
  epoch uuid not null default gen_random_uuid(),
  constraint deployment_pkey primary key (only_row),
  constraint deployment_is_one_row check (only_row)
);

select app_reference('deployment');

insert into deployment default values;

grant select on deployment to openilp_app;

-- The register of districts. It holds no personal data and is readable across districts: the service must know
-- which districts there are before it can work for one of them.
create table districts (
  id uuid not null,
  name text not null,
  state_code text not null,
  nces_id text,
  time_zone text not null,
  requirement_profile text not null,
  roster_teachers boolean not null,
  guardians_trusted boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint districts_pkey primary key (id),
  constraint districts_state_code_is_two_letters check (state_code ~ '^[A-Z]{2}$')
);

select app_distribute('districts', 'id');

grant select, insert, update on districts to openilp_app;
