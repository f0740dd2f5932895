select json_build_object(
  'id', f.id, 'studentId', f.student_id, 'schoolId', f.school_id, 'status', f.status, 'openedOn', f.opened_on, 'version', f.version,
  'createdAt', f.created_at, 'updatedAt', f.updated_at,
  'student', (select json_build_object('id', s.id, 'givenName', p.given_name, 'familyName', p.family_name, 'preferredGivenName', p.preferred_given_name,
      'preferredFamilyName', p.preferred_family_name, 'grade', s.grade, 'birthDate', s.birth_date, 'schoolId', s.school_id, 'ilpFileId', f.id,
      'active', s.active, 'version', s.version)
    from students s join people p on p.district_id = $DISTRICT and p.id = s.id where s.district_id = $DISTRICT and s.id = f.student_id),
  'participants', (select json_agg(json_build_object('personId', p.id, 'relation', r.relation, 'givenName', p.given_name, 'familyName', p.family_name,
      'telephone', p.telephone, 'email', p.email,
      'addresses', (select json_agg(row_to_json(a) order by a.kind, a.id) from addresses a
        where a.district_id = $DISTRICT and a.person_id = p.id and a.active),
      'telephones', (select json_agg(row_to_json(c) order by c.first_choice desc, c.kind, c.id) from telephones c
        where c.district_id = $DISTRICT and c.person_id = p.id and c.active)) order by r.place, p.family_name, p.given_name, p.id)
    from (select f.student_id as person_id, 'self' as relation, 0 as place
          union all select guardian_id, 'guardian', 1 from guardian_links where district_id = $DISTRICT and student_id = f.student_id and rights = 'full'
             and valid_from <= current_date and (valid_to is null or valid_to > current_date)
          union all select person_id, kind, 2 from assignments where district_id = $DISTRICT and student_id = f.student_id
             and valid_from <= current_date and (valid_to is null or valid_to > current_date)) r
    join people p on p.district_id = $DISTRICT and p.id = r.person_id),
  'divisions', (select json_agg(json_build_object('id', d.id, 'schoolYear', d.school_year,
      'title', (d.school_year - 1) || '-' || lpad((d.school_year % 100)::text, 2, '0'),
      'registrations', (select coalesce(json_agg(json_build_object('id', r.id, 'termTitle', r.term_title, 'termStartsOn', r.term_starts_on,
          'termEndsOn', r.term_ends_on, 'classTitle', r.class_title, 'classCode', r.class_code, 'teachers', r.teachers, 'withdrawnOn', r.withdrawn_on,
          'source', r.source, 'sourcedId', r.sourced_id, 'capturedAt', r.captured_at, 'version', r.version) order by r.term_starts_on desc, r.class_title, r.id), '[]')
        from registrations r where r.district_id = $DISTRICT and r.division_id = d.id),
      'reportCards', (select coalesce(json_agg(row_to_json(c) order by c.term_starts_on desc, c.class_title, c.title, c.sourced_id, c.copy_number, c.id), '[]')
        from report_cards c where c.district_id = $DISTRICT and c.student_id = d.student_id and c.division_id = d.id)) order by d.school_year desc)
    from divisions d where d.district_id = $DISTRICT and d.student_id = f.student_id),
  'goals', (select coalesce(json_agg(json_build_object('id', g.id, 'planId', g.plan_id, 'studentId', g.student_id, 'domain', g.domain, 'title', g.title,
      'objectiveKind', g.objective_kind, 'lifecycleStatus', g.lifecycle_status, 'achievementStatus', g.achievement_status,
      'beyondSchoolMeans', g.beyond_school_means, 'description', g.description, 'component', g.component, 'standardFramework', g.standard_framework,
      'standardItem', g.standard_item, 'targetOn', g.target_on, 'createdBy', g.created_by, 'enteredInError', g.entered_in_error, 'version', g.version,
      'createdAt', g.created_at, 'updatedAt', g.updated_at,
      'benchmarks', (select coalesce(json_agg(json_build_object('id', b.id, 'goalId', b.goal_id, 'studentId', b.student_id, 'domain', b.domain,
          'schoolYear', b.school_year, 'description', b.description, 'reachedOn', b.reached_on, 'createdBy', b.created_by,
          'enteredInError', b.entered_in_error, 'version', b.version, 'createdAt', b.created_at, 'updatedAt', b.updated_at) order by b.id), '[]')
        from benchmarks b where b.district_id = $DISTRICT and b.goal_id = g.id and b.domain = g.domain),
      'activities', (select coalesce(json_agg(json_build_object('id', a.id, 'goalId', a.goal_id, 'studentId', a.student_id, 'domain', a.domain,
          'title', a.title, 'provider', a.provider, 'status', a.status, 'description', a.description, 'startsOn', a.starts_on, 'endsOn', a.ends_on,
          'createdBy', a.created_by, 'enteredInError', a.entered_in_error, 'version', a.version, 'createdAt', a.created_at, 'updatedAt', a.updated_at)
          order by a.id), '[]')
        from activities a where a.district_id = $DISTRICT and a.goal_id = g.id and a.domain = g.domain),
      'progressRecords', (select coalesce(json_agg(json_build_object('id', p.id, 'goalId', p.goal_id, 'studentId', p.student_id, 'domain', p.domain,
          'kind', p.kind, 'recordedOn', p.recorded_on, 'summary', p.summary, 'score', p.score, 'createdBy', p.created_by,
          'enteredInError', p.entered_in_error, 'version', p.version, 'createdAt', p.created_at, 'updatedAt', p.updated_at) order by p.id), '[]')
        from progress_records p where p.district_id = $DISTRICT and p.goal_id = g.id and p.domain = g.domain),
      'recommendations', (select coalesce(json_agg(json_build_object('id', r.id, 'goalId', r.goal_id, 'studentId', r.student_id, 'domain', r.domain,
          'kind', r.kind, 'title', r.title, 'advice', r.advice, 'followUpOn', r.follow_up_on, 'createdBy', r.created_by,
          'enteredInError', r.entered_in_error, 'version', r.version, 'createdAt', r.created_at, 'updatedAt', r.updated_at) order by r.id), '[]')
        from recommendations r where r.district_id = $DISTRICT and r.goal_id = g.id and r.domain = g.domain),
      'reflections', (select coalesce(json_agg(json_build_object('id', r.id, 'goalId', r.goal_id, 'studentId', r.student_id, 'domain', r.domain,
          'body', r.body, 'createdBy', r.created_by, 'enteredInError', r.entered_in_error, 'version', r.version, 'createdAt', r.created_at,
          'updatedAt', r.updated_at) order by r.id), '[]')
        from reflections r where r.district_id = $DISTRICT and r.goal_id = g.id and r.domain = g.domain)) order by g.id), '[]')
    from goals g where g.district_id = $DISTRICT and g.student_id = f.student_id),
  'plannedCourses', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id,
      'schoolYear', x.school_year, 'title', x.title, 'level', x.level, 'status', x.status, 'grade', x.grade, 'term', x.term,
      'courseCode', x.course_code, 'subject', x.subject, 'credits', x.credits, 'description', x.description, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from planned_courses x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'credentialPlans', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'title', x.title, 'status', x.status, 'provider', x.provider, 'schoolYear', x.school_year, 'earnedOn', x.earned_on, 'credits', x.credits,
      'documentation', x.documentation, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version,
      'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from credential_plans x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'pathwayPlans', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'pathway', x.pathway,
      'endorsementStatus', x.endorsement_status, 'cluster', x.cluster, 'pathwayCodeSystem', x.pathway_code_system,
      'pathwayCode', x.pathway_code, 'endorsement', x.endorsement, 'endorsedOn', x.endorsed_on, 'progress', x.progress,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from pathway_plans x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'assessmentReviews', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id,
      'assessment', x.assessment, 'reviewedOn', x.reviewed_on, 'analysis', x.analysis, 'needsIntervention', x.needs_intervention,
      'intervention', x.intervention, 'advisement', x.advisement, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error,
      'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from assessment_reviews x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'programItems', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'item', x.item,
      'templateId', x.template_id, 'itemKey', x.item_key, 'schoolYear', x.school_year, 'status', x.status, 'doneOn', x.done_on, 'note', x.note,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from program_items x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'contributions', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'party', x.party,
      'writtenFor', x.written_for, 'domain', x.domain, 'programItemId', x.program_item_id, 'body', x.body, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from contributions x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'needs', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'domain', x.domain,
      'kind', x.kind, 'title', x.title, 'status', x.status, 'description', x.description, 'response', x.response, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from needs x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'progressStatements', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id,
      'statedOn', x.stated_on, 'goalsMet', x.goals_met, 'onTrack', x.on_track, 'statement', x.statement, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from progress_statements x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'feedbackEntries', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'body', x.body, 'subject', x.subject, 'startsOn', x.starts_on, 'endsOn', x.ends_on, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from feedback_entries x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'resourceDecisions', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id,
      'resourceRequestId', x.resource_request_id, 'outcome', x.outcome, 'reason', x.reason, 'authorizedHours', x.authorized_hours,
      'personnel', x.personnel, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version,
      'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from resource_decisions x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'resourceRequests', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'title', x.title, 'description', x.description, 'neededBy', x.needed_by, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error,
      'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from resource_requests x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'strengths', (select coalesce(json_agg(row_to_json(s) order by s.id), '[]') from strengths s where s.district_id = $DISTRICT and s.student_id = f.student_id),
  'careerOptions', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id,
      'occupationTitle', x.occupation_title, 'standing', x.standing, 'occupationCodeSystem', x.occupation_code_system,
      'occupationCode', x.occupation_code, 'interests', x.interests, 'skills', x.skills, 'entryLevelOpportunities', x.entry_level_opportunities,
      'educationalRequirements', x.educational_requirements, 'requirementsEvaluation', x.requirements_evaluation,
      'courseworkNeeded', x.coursework_needed, 'courseworkProgress', x.coursework_progress, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from career_options x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'resumeVersions', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'entries', x.entries,
      'sources', x.sources, 'title', x.title, 'summary', x.summary, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error,
      'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from resume_versions x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'workExperiences', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'employer', x.employer,
      'role', x.role, 'startsOn', x.starts_on, 'endsOn', x.ends_on, 'hours', x.hours, 'description', x.description, 'reflection', x.reflection,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at,
      'updatedAt', x.updated_at) order by x.id), '[]')
    from work_experiences x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'examResults', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'exam', x.exam,
      'takenOn', x.taken_on, 'score', x.score, 'scale', x.scale, 'levelReached', x.level_reached, 'meaning', x.meaning, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from exam_results x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'postsecondaryOptions', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'name', x.name, 'standing', x.standing, 'program', x.program, 'foundIn', x.found_in, 'admissionRequirements', x.admission_requirements,
      'comparison', x.comparison, 'reviewedOn', x.reviewed_on, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version,
      'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from postsecondary_options x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'applications', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'appliedTo', x.applied_to, 'status', x.status, 'program', x.program, 'dueOn', x.due_on, 'submittedOn', x.submitted_on, 'decidedOn', x.decided_on,
      'notes', x.notes, 'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at,
      'updatedAt', x.updated_at) order by x.id), '[]')
    from applications x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'financialAidPlans', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'title', x.title, 'status', x.status, 'amount', x.amount, 'currency', x.currency, 'dueOn', x.due_on, 'description', x.description,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at,
      'updatedAt', x.updated_at) order by x.id), '[]')
    from financial_aid_plans x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'selfAssessments', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'instrument', x.instrument, 'takenOn', x.taken_on, 'result', x.result, 'reflection', x.reflection, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from self_assessments x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'participations', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'title', x.title, 'plan', x.plan, 'startsOn', x.starts_on, 'endsOn', x.ends_on, 'hours', x.hours, 'record', x.record, 'reflection', x.reflection,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at,
      'updatedAt', x.updated_at) order by x.id), '[]')
    from participations x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'learningExperiences', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'kind', x.kind,
      'title', x.title, 'plan', x.plan, 'status', x.status, 'location', x.location, 'withWhom', x.with_whom, 'startsOn', x.starts_on,
      'endsOn', x.ends_on, 'hours', x.hours, 'record', x.record, 'reflection', x.reflection, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from learning_experiences x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'skillRecords', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'skill', x.skill,
      'recordedOn', x.recorded_on, 'localSkill', x.local_skill, 'level', x.level, 'progress', x.progress, 'reflection', x.reflection,
      'createdBy', x.created_by, 'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at,
      'updatedAt', x.updated_at) order by x.id), '[]')
    from skill_records x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'translations', (select coalesce(json_agg(json_build_object('id', x.id, 'planId', x.plan_id, 'studentId', x.student_id, 'section', x.section,
      'recordVersion', x.record_version, 'mayNameOthers', x.may_name_others, 'goalId', x.goal_id, 'recordKind', x.record_kind, 'recordId', x.record_id,
      'language', x.language, 'texts', x.texts, 'originalLanguage', x.original_language, 'createdBy', x.created_by,
      'enteredInError', x.entered_in_error, 'version', x.version, 'createdAt', x.created_at, 'updatedAt', x.updated_at) order by x.id), '[]')
    from translations x where x.district_id = $DISTRICT and x.student_id = f.student_id),
  'studentFlags', (select coalesce(json_agg(row_to_json(x) order by x.id), '[]') from student_flags x
    where x.district_id = $DISTRICT and x.student_id = f.student_id and x.active),
  'attendanceTotals', (select coalesce(json_agg(row_to_json(x) order by x.id), '[]') from attendance_totals x
    where x.district_id = $DISTRICT and x.student_id = f.student_id and x.active),
  'yearOutcomes', (select coalesce(json_agg(row_to_json(x) order by x.id), '[]') from year_outcomes x
    where x.district_id = $DISTRICT and x.student_id = f.student_id and x.active),
  'postSchoolOutcomes', (select coalesce(json_agg(row_to_json(x) order by x.id), '[]') from post_school_outcomes x
    where x.district_id = $DISTRICT and x.student_id = f.student_id and x.active),
  'proposals', (select coalesce(json_agg(row_to_json(p)), '[]') from proposals p where p.district_id = $DISTRICT and p.student_id = f.student_id))
from ilp_files f where f.district_id = $DISTRICT and f.student_id = (select student_id from bench.readers where number = $NUMBER)
