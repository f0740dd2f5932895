drop table registrations;
drop table divisions;
drop table ilp_files;
