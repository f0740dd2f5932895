-- What a district calls the entries of catalogues (R207). What they mean ships with the service.

create table catalogue_labels (
  district_id uuid not null,
  id uuid not null,
  catalogue text not null,
  code text not null,
  language text not null,
  label text not null,
  active boolean not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint catalogue_labels_pkey primary key (district_id, id)
);

select app_tenant_table('catalogue_labels');

alter table catalogue_labels add constraint catalogue_labels_district foreign key (district_id) references districts (id);

create unique index catalogue_labels_once on catalogue_labels (district_id, catalogue, code, language) where active;
