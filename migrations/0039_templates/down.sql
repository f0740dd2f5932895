drop table model_plans;

drop table contributions;

drop table program_items;

drop table templates;
