delete from change_bodies where district_id = '00000000-0000-0000-0000-000000000000';

delete from changes where district_id = '00000000-0000-0000-0000-000000000000';

alter table changes add constraint changes_district foreign key (district_id) references districts (id);

alter table change_bodies add constraint change_bodies_district foreign key (district_id) references districts (id);
