-- What a mark of a report card is a result of, by the source's id, so that an export can tell. Marks that were copied before do not have it.
alter table report_cards add column line_item_sourced_id text;
