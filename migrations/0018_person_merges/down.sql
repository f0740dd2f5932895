drop view if exists student_relations;

alter table guardian_links drop column reconfirm;

drop table person_merge_images;

drop table person_merges;
