drop table front_ends;
