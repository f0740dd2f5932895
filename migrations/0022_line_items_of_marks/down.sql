alter table report_cards drop column line_item_sourced_id;
