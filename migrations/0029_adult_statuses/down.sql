alter table students add column postsecondary_from date;

alter table students add column adult_from date, add column adult_basis text;

alter table students add constraint students_adult check
  ((adult_from is null) = (adult_basis is null) and adult_basis in ('emancipated', 'mcKinneyVento'));

drop table adult_statuses;
