drop table framework_associations;
drop table framework_items;
drop table frameworks;
