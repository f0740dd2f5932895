drop table disclosures;
drop table ilp_statuses;
drop table collection_heads;
