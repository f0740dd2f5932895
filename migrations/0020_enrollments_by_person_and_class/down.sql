drop index enrollments_by_person;

create index enrollments_by_person on enrollments (district_id, person_id);
