drop index students_by_birth_date;

drop table notices;
