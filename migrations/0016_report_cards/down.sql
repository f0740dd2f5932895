drop table report_cards;

drop table line_items;

drop table categories;

alter table districts drop column report_card_categories;
