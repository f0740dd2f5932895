-- The information system, and batches of 500 students with their rows as it sends them and as they stand.
insert into clients (id, kind, name, district_id, secret_hash, active, version, created_at, updated_at)
  values (:'client', 'sis', 'Student information system', :'district', decode(:'hash', 'hex'), true, 1, now(), now()) on conflict do nothing;
drop table if exists bench.batches;
create table bench.batches as
  select number, string_agg(jsonb_strip_nulls(sent)::text, E'\n') as sent, jsonb_agg(kept) as kept
    from (select (row_number() over (order by p.id) - 1) / 500 + 1 as number,
                 jsonb_build_object('file', 'users', 'sourcedId', e.value, 'enabledUser', p.active, 'username', e.value, 'givenName', p.given_name,
                   'familyName', p.family_name, 'middleName', p.middle_name, 'preferredGivenName', p.preferred_given_name,
                   'preferredFamilyName', p.preferred_family_name, 'pronouns', p.pronouns, 'email', p.email, 'phone', 'THE-TELEPHONE', 'sms', p.sms,
                   'grades', jsonb_build_array(s.grade)) as sent,
                 to_jsonb(p) as kept
            from students s join people p on p.district_id = s.district_id and p.id = s.id
            join external_identifiers e on e.district_id = s.district_id and e.system = 'sis' and e.kind = 'person' and e.target_id = s.id
           where s.district_id = :'district' and s.active limit 10000) r
   group by number;
alter table bench.batches add primary key (number);
