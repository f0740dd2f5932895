-- A template is applied to plans, and a job says so in the same word as everything else.
alter table plan_jobs drop constraint plan_jobs_template;

-- The wall stands for the owner of the tables too, who here changes the rows of all districts.
alter table plan_jobs no force row level security;

update plan_jobs set kind = 'applyTemplate' where kind = 'giveTemplate';

alter table plan_jobs force row level security;

alter table plan_jobs add constraint plan_jobs_template check (
  (kind = 'applyTemplate') = (template_id is not null) and (kind = 'applyTemplate') = (school_year is not null) and (carry_from is null or carry_from < school_year)
);
