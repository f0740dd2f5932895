drop table plan_job_rows;

drop table plan_jobs;
