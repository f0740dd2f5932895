drop table resume_versions;
