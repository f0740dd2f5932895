drop table alarms;

drop table access_hours;
