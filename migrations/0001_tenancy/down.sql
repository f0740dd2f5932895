drop table districts;
drop table deployment;
drop function app_tenant_table(regclass, text);
drop function app_reference(regclass);
drop function app_distribute(regclass, text);
