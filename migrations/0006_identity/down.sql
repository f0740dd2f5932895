drop table agreements;
drop table identity_links;
drop table keys;
drop table client_assertions;
drop table clients;
drop table issuers;
