drop table catalogue_labels;
