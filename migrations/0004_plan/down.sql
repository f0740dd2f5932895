drop table proposals;
drop table reflections;
drop table progress_records;
drop table activities;
drop table benchmarks;
drop table goals;
drop table plans;
