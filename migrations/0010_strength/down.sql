drop table strengths;
