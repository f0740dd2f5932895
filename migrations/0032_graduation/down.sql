drop table graduation_requirements;
