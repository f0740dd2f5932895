drop table post_school_outcomes;

drop table year_outcomes;

drop table attendance_totals;

drop table state_identifiers;

drop table student_flags;

drop table telephones;

drop table addresses;
