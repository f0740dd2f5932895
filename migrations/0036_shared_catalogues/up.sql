-- What all districts share, such as frameworks of standards: rows of the deployment itself, under the nil district, beside those of each district.

-- Raises the tenant wall around a catalogue: as app_tenant_table does, and besides whoever is inside a district reads the rows of the deployment.
-- They are written from within the deployment alone: this policy is for reading, and the wall's own lets nobody write but what is theirs.
create function app_catalogue_table(t regclass, rights text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  perform app_tenant_table(t, rights);
  execute format('create policy shared on %s for select to openilp_app
    using (district_id = ''00000000-0000-0000-0000-000000000000''::uuid
      and (select nullif(current_setting(''app.district_id'', true), '''')::uuid) is not null)', t);
end $$;
