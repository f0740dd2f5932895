drop table potential_duplicates;
