-- The state, and its agreement with the district.
insert into clients (id, kind, name, secret_hash, active, version, created_at, updated_at)
  values (:'client', 'state', 'State education agency', decode(:'hash', 'hex'), true, 1, now(), now()) on conflict do nothing;
insert into agreements (district_id, id, client_id, dataset, purpose, starts_on, ends_on, destroy_by, version, created_at, updated_at)
  values (:'district', :'client', :'client', 'ilpStatus', 'Evaluation', current_date - 30, current_date + 300, current_date + 600, 1, now(), now()) on conflict do nothing;
