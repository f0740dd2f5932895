drop function app_catalogue_table(regclass, text);
