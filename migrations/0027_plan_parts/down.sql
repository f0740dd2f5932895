drop table skill_records;

drop table learning_experiences;

drop table participations;

drop table self_assessments;

drop table financial_aid_plans;

drop table applications;

drop table postsecondary_options;

drop table exam_results;

drop table work_experiences;

drop table career_options;

drop function app_part_of_plan(regclass);
