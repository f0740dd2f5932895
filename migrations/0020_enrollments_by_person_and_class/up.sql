-- Whether somebody teaches a student is asked at every request: the class is found in the index, not in the rows.
drop index enrollments_by_person;

create index enrollments_by_person on enrollments (district_id, person_id, class_id);
