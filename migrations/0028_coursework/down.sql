drop table feedback_entries;

drop table progress_statements;

drop table needs;

drop table assessment_reviews;

drop table pathway_plans;

drop table credential_plans;

drop table planned_courses;
