select id, plan_id, student_id, domain, title, objective_kind, lifecycle_status, achievement_status, beyond_school_means, description, component,
       standard_framework, standard_item, target_on, created_by, entered_in_error, version, created_at, updated_at
  from goals where district_id = $DISTRICT and id = bench.id(16, $NUMBER::integer % 6, $NUMBER)
