\set number random(1, $BATCHES)
\set r random(1000000, 9999999)
with sent as (
  select r.* from bench.batches b cross join lateral jsonb_populate_recordset(null::people, b.kept) r where b.number = :number),
done as (
  insert into people as p select district_id, id, given_name, family_name, middle_name, preferred_given_name, preferred_family_name, pronouns, email,
                            :r::text, sms, active, version, created_at, now() from sent
  on conflict (district_id, id) do update set given_name = excluded.given_name, family_name = excluded.family_name,
    middle_name = excluded.middle_name, preferred_given_name = excluded.preferred_given_name, preferred_family_name = excluded.preferred_family_name,
    pronouns = excluded.pronouns, email = excluded.email, telephone = excluded.telephone, sms = excluded.sms, active = excluded.active,
    version = p.version + 1, updated_at = excluded.updated_at
  returning p.id, p.version)
insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section)
  select $DISTRICT, app_uuid7(), now(), 'person', id, version, 'amended', id, 'identity' from done;
