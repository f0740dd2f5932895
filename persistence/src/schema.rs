// Generated from the migrations by the schema test (UPDATE=1); never edited by hand.

diesel::table! {
    academic_sessions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        kind -> Text,
        starts_on -> Date,
        ends_on -> Date,
        parent_id -> Nullable<Uuid>,
        school_year -> Int4,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    access_hours (district_id, caller_id, hour) {
        district_id -> Uuid,
        caller_id -> Uuid,
        hour -> Timestamptz,
        students -> Int4,
    }
}

diesel::table! {
    access_record_students (district_id, access_record_id, student_id) {
        district_id -> Uuid,
        access_record_id -> Uuid,
        student_id -> Uuid,
    }
}

diesel::table! {
    access_records (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        at -> Timestamptz,
        person_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        relation -> Nullable<Text>,
        operation -> Text,
        student_id -> Nullable<Uuid>,
        resource_id -> Nullable<Uuid>,
        sections -> Text,
        row_count -> Int4,
        request_id -> Text,
    }
}

diesel::table! {
    activities (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        goal_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        title -> Text,
        description -> Nullable<Text>,
        provider -> Text,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        status -> Text,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    addresses (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        street -> Text,
        unit -> Nullable<Text>,
        city -> Text,
        state -> Nullable<Text>,
        postal_code -> Text,
        country -> Nullable<Text>,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    adult_statuses (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        basis -> Text,
        document_reference -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_by -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    agreements (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        client_id -> Uuid,
        dataset -> Text,
        purpose -> Text,
        starts_on -> Date,
        ends_on -> Date,
        destroy_by -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    alarms (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        person_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        hour -> Timestamptz,
        operation -> Text,
        count -> Int4,
        threshold -> Int4,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        note -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    amendment_requests (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        requested_by -> Uuid,
        recorded_by -> Nullable<Uuid>,
        received_on -> Date,
        record_kind -> Text,
        record_id -> Uuid,
        section -> Text,
        ground -> Text,
        reason -> Text,
        wish -> Text,
        status -> Text,
        decided_on -> Nullable<Date>,
        decided_by -> Nullable<Uuid>,
        decision_reason -> Nullable<Text>,
        hearing_requested_on -> Nullable<Date>,
        hearing_on -> Nullable<Date>,
        hearing_place -> Nullable<Text>,
        hearing_officer -> Nullable<Text>,
        hearing_decided_on -> Nullable<Date>,
        findings -> Nullable<Text>,
        statement -> Nullable<Text>,
        statement_placed_on -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    annual_notices (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        school_year -> Int4,
        publish_on -> Date,
        how_to_inspect -> Text,
        how_to_amend -> Text,
        school_officials -> Text,
        legitimate_interest -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    applications (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        applied_to -> Text,
        status -> Text,
        program -> Nullable<Text>,
        due_on -> Nullable<Date>,
        submitted_on -> Nullable<Date>,
        decided_on -> Nullable<Date>,
        notes -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    appointments (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        school_id -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assessment_reviews (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        assessment -> Text,
        reviewed_on -> Date,
        analysis -> Text,
        needs_intervention -> Bool,
        intervention -> Nullable<Text>,
        advisement -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assignment_claims (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    assignments (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        confirmed_at -> Nullable<Timestamptz>,
        confirmed_by -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        source -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        stated -> Bool,
        program -> Nullable<Text>,
    }
}

diesel::table! {
    attendance_totals (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        school_id -> Uuid,
        academic_session_id -> Uuid,
        session_title -> Text,
        school_year -> Int4,
        days_enrolled -> Float8,
        days_absent -> Float8,
        days_absent_unexcused -> Nullable<Float8>,
        times_tardy -> Nullable<Int4>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    benchmarks (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        goal_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        school_year -> Int4,
        description -> Text,
        reached_on -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    career_options (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        occupation_title -> Text,
        standing -> Text,
        occupation_code_system -> Nullable<Text>,
        occupation_code -> Nullable<Text>,
        interests -> Nullable<Text>,
        skills -> Nullable<Text>,
        entry_level_opportunities -> Nullable<Text>,
        educational_requirements -> Nullable<Text>,
        requirements_evaluation -> Nullable<Text>,
        coursework_needed -> Nullable<Text>,
        coursework_progress -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    caseload_claims (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        school_id -> Uuid,
        grades -> Array<Text>,
        family_name_from -> Nullable<Text>,
        family_name_to -> Nullable<Text>,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    catalogue_labels (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        catalogue -> Text,
        code -> Text,
        language -> Text,
        label -> Text,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    categories (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    change_bodies (district_id, change_id) {
        district_id -> Uuid,
        change_id -> Uuid,
        codec -> Int2,
        body -> Bytea,
    }
}

diesel::table! {
    changes (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        seq -> Int8,
        position -> Nullable<Int8>,
        at -> Timestamptz,
        kind -> Text,
        resource_id -> Uuid,
        version -> Int4,
        operation -> Text,
        student_id -> Nullable<Uuid>,
        section -> Nullable<Text>,
        person_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        relation -> Nullable<Text>,
        import_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        body_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    class_terms (district_id, class_id, academic_session_id) {
        district_id -> Uuid,
        class_id -> Uuid,
        academic_session_id -> Uuid,
    }
}

diesel::table! {
    classes (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        school_id -> Uuid,
        course_id -> Uuid,
        title -> Text,
        class_code -> Nullable<Text>,
        kind -> Text,
        location -> Nullable<Text>,
        periods -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    client_assertions (client_id, jti) {
        client_id -> Uuid,
        jti -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    clients (id) {
        id -> Uuid,
        kind -> Text,
        name -> Text,
        district_id -> Nullable<Uuid>,
        secret_hash -> Nullable<Bytea>,
        jwks -> Nullable<Jsonb>,
        jwks_url -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    collection_heads (district_id, collection) {
        district_id -> Uuid,
        collection -> Text,
        head -> Int8,
        journal_position -> Int8,
        computed_on -> Date,
    }
}

diesel::table! {
    consent_signatures (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        consent_id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        signed_as -> Text,
        approves -> Bool,
        signed_on -> Date,
        signed_at -> Timestamptz,
        issuer -> Text,
        authentication_class -> Nullable<Text>,
        authentication_methods -> Array<Text>,
        authenticated_at -> Nullable<Timestamptz>,
        token_id -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    consents (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        recipient_kind -> Text,
        person_id -> Nullable<Uuid>,
        partner_id -> Nullable<Uuid>,
        group_id -> Nullable<Uuid>,
        sections -> Array<Text>,
        goal_id -> Nullable<Uuid>,
        purpose -> Text,
        statement -> Text,
        statement_hash -> Bytea,
        language -> Text,
        valid_from -> Date,
        valid_to -> Date,
        created_by -> Uuid,
        revoked_at -> Nullable<Timestamptz>,
        revoked_by -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    contributions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        party -> Text,
        written_for -> Int4,
        domain -> Text,
        program_item_id -> Uuid,
        body -> Text,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    courses (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        course_code -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    credential_plans (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        title -> Text,
        status -> Text,
        provider -> Nullable<Text>,
        school_year -> Nullable<Int4>,
        earned_on -> Nullable<Date>,
        credits -> Nullable<Float8>,
        documentation -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    deployment (only_row) {
        only_row -> Bool,
        epoch -> Uuid,
    }
}

diesel::table! {
    disclosures (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        at -> Timestamptz,
        client_id -> Nullable<Uuid>,
        agreement_id -> Nullable<Uuid>,
        basis -> Text,
        purpose -> Text,
        dataset -> Text,
        manner -> Text,
        from_position -> Nullable<Int8>,
        to_position -> Nullable<Int8>,
        row_count -> Int8,
        student_ids -> Nullable<Array<Uuid>>,
        request_id -> Text,
        emergency_access_id -> Nullable<Uuid>,
        threat -> Nullable<Text>,
        recipients -> Nullable<Text>,
    }
}

diesel::table! {
    districts (id) {
        id -> Uuid,
        name -> Text,
        state_code -> Text,
        nces_id -> Nullable<Text>,
        time_zone -> Text,
        requirement_profile -> Text,
        roster_teachers -> Bool,
        guardians_trusted -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        report_card_categories -> Jsonb,
    }
}

diesel::table! {
    divisions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        file_id -> Uuid,
        student_id -> Uuid,
        school_year -> Int4,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    emergency_accesses (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        relation -> Text,
        reason -> Text,
        threat -> Text,
        recipients -> Text,
        sections -> Array<Text>,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        family_not_told -> Bool,
        review_due_on -> Date,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        justified -> Nullable<Bool>,
        review_note -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    enrollments (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        class_id -> Uuid,
        person_id -> Uuid,
        role -> Text,
        primary_teacher -> Bool,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    exam_results (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        exam -> Text,
        taken_on -> Date,
        score -> Nullable<Text>,
        scale -> Nullable<Text>,
        level_reached -> Nullable<Text>,
        meaning -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    external_identifiers (district_id, system, kind, value) {
        district_id -> Uuid,
        system -> Text,
        kind -> Text,
        value -> Text,
        target_id -> Uuid,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    feedback_entries (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        body -> Text,
        subject -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    feeds (district_id) {
        district_id -> Uuid,
        head -> Int8,
    }
}

diesel::table! {
    financial_aid_plans (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        title -> Text,
        status -> Text,
        amount -> Nullable<Int4>,
        currency -> Nullable<Text>,
        due_on -> Nullable<Date>,
        description -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    framework_associations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        framework_id -> Uuid,
        position -> Int4,
        origin -> Text,
        destination -> Text,
        content -> Jsonb,
    }
}

diesel::table! {
    framework_items (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        framework_id -> Uuid,
        position -> Int4,
        code -> Nullable<Text>,
        content -> Jsonb,
        withdrawn_on -> Nullable<Date>,
    }
}

diesel::table! {
    frameworks (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        creator -> Text,
        last_change -> Timestamptz,
        item_count -> Int4,
        withdrawn_count -> Int4,
        association_count -> Int4,
        document -> Jsonb,
        more -> Jsonb,
        hash -> Bytea,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    front_ends (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        issuer -> Text,
        client_id -> Text,
        name -> Text,
        sections -> Array<Text>,
        may_write -> Bool,
        for_offices -> Bool,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    goals (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        component -> Nullable<Text>,
        standard_framework -> Nullable<Text>,
        standard_item -> Nullable<Text>,
        objective_kind -> Text,
        title -> Text,
        description -> Nullable<Text>,
        lifecycle_status -> Text,
        achievement_status -> Text,
        target_on -> Nullable<Date>,
        beyond_school_means -> Bool,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    graduation_requirements (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        subject -> Text,
        credits -> Float8,
        first_graduation_year -> Int4,
        active -> Bool,
        subject_code_system -> Nullable<Text>,
        subject_code -> Nullable<Text>,
        description -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    group_members (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        group_id -> Uuid,
        person_id -> Uuid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    guardian_claims (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        guardian_id -> Uuid,
        relationship -> Text,
        rights -> Text,
        evidence -> Nullable<Text>,
        evidence_reference -> Nullable<Text>,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    guardian_links (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        guardian_id -> Uuid,
        rights -> Text,
        order_reference -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamptz>,
        confirmed_by -> Nullable<Uuid>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        source -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        relationship -> Nullable<Text>,
        evidence -> Nullable<Text>,
        claim_source -> Nullable<Text>,
        claimed_rights -> Nullable<Text>,
        claimed_evidence -> Nullable<Text>,
        claimed_reference -> Nullable<Text>,
        claimed_valid_from -> Nullable<Date>,
        claimed_valid_to -> Nullable<Date>,
        claim_ended_on -> Nullable<Date>,
        differs -> Bool,
        reconfirm -> Nullable<Bool>,
        dependent_until -> Nullable<Date>,
        dependent_reference -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency_keys (district_id, caller, key) {
        district_id -> Uuid,
        caller -> Text,
        key -> Text,
        operation -> Text,
        request_hash -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    identity_links (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        issuer -> Text,
        subject -> Text,
        person_id -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ilp_files (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        school_id -> Nullable<Uuid>,
        status -> Text,
        opened_on -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ilp_statuses (district_id, student_id) {
        district_id -> Uuid,
        student_id -> Uuid,
        position -> Int8,
        first_position -> Int8,
        state_student_id -> Nullable<Text>,
        local_student_id -> Nullable<Text>,
        school_id -> Nullable<Uuid>,
        school_identifier -> Nullable<Text>,
        grade -> Nullable<Text>,
        file_exists -> Bool,
        academic_goals -> Int4,
        career_goals -> Int4,
        personal_social_goals -> Int4,
        plan_kind -> Nullable<Text>,
        last_changed_at -> Nullable<Timestamptz>,
        removed -> Bool,
    }
}

diesel::table! {
    inspection_requests (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        requested_by -> Uuid,
        recorded_by -> Nullable<Uuid>,
        received_on -> Date,
        due_on -> Date,
        sections -> Array<Text>,
        wish -> Nullable<Text>,
        status -> Text,
        answered_on -> Nullable<Date>,
        answered_by -> Nullable<Uuid>,
        method -> Nullable<Text>,
        answer -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    invitation_attempts (district_id, issuer, subject) {
        district_id -> Uuid,
        issuer -> Text,
        subject -> Text,
        attempts -> Int4,
        since -> Timestamptz,
    }
}

diesel::table! {
    invitations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        code_hash -> Bytea,
        expires_at -> Timestamptz,
        redeemed_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    issuers (issuer) {
        issuer -> Text,
        district_id -> Uuid,
        audience -> Text,
        jwks_url -> Nullable<Text>,
        jwks -> Nullable<Jsonb>,
        algorithms -> Text,
        created_at -> Timestamptz,
        match_claim -> Nullable<Text>,
        match_system -> Nullable<Text>,
        for_families -> Bool,
    }
}

diesel::table! {
    keys (id) {
        id -> Text,
        purpose -> Text,
        secret -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    learning_experiences (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        title -> Text,
        plan -> Text,
        status -> Text,
        location -> Nullable<Text>,
        with_whom -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        hours -> Nullable<Float8>,
        record -> Nullable<Text>,
        reflection -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    line_items (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        class_sourced_id -> Text,
        category_sourced_id -> Text,
        session_sourced_id -> Text,
        scale -> Nullable<Jsonb>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    model_plans (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        prepared_by -> Text,
        first_grade -> Int4,
        last_grade -> Int4,
        items -> Jsonb,
        offered -> Bool,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        description -> Nullable<Text>,
    }
}

diesel::table! {
    needs (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        kind -> Text,
        title -> Text,
        status -> Text,
        description -> Nullable<Text>,
        response -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    notices (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        audience -> Text,
        kind -> Text,
        occurs_on -> Date,
        lead_days -> Nullable<Int4>,
        basis -> Nullable<Text>,
        emergency_access_id -> Nullable<Uuid>,
        given_name -> Text,
        words_version -> Int4,
        acknowledged_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        inspection_request_id -> Nullable<Uuid>,
        amendment_request_id -> Nullable<Uuid>,
        annual_notice_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    participations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        title -> Text,
        plan -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        hours -> Nullable<Float8>,
        record -> Nullable<Text>,
        reflection -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    partner_members (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        partner_id -> Uuid,
        person_id -> Uuid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    partners (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        name -> Text,
        agreement_reference -> Text,
        subcontractors -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Date,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    pathway_plans (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        pathway -> Text,
        endorsement_status -> Text,
        cluster -> Nullable<Text>,
        pathway_code_system -> Nullable<Text>,
        pathway_code -> Nullable<Text>,
        endorsement -> Nullable<Text>,
        endorsed_on -> Nullable<Date>,
        progress -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    people (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        given_name -> Text,
        family_name -> Text,
        middle_name -> Nullable<Text>,
        preferred_given_name -> Nullable<Text>,
        preferred_family_name -> Nullable<Text>,
        pronouns -> Nullable<Text>,
        email -> Nullable<Text>,
        telephone -> Nullable<Text>,
        sms -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    person_merge_images (district_id, merge_id, seq) {
        district_id -> Uuid,
        merge_id -> Uuid,
        seq -> Int8,
        kind -> Text,
        record_id -> Uuid,
        before -> Jsonb,
        after -> Nullable<Jsonb>,
    }
}

diesel::table! {
    person_merges (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        kept_id -> Uuid,
        merged_id -> Uuid,
        report -> Jsonb,
        undone_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    plan_job_rows (district_id, job_id, number) {
        district_id -> Uuid,
        job_id -> Uuid,
        number -> Int4,
        student_id -> Nullable<Uuid>,
        ilp_file_id -> Nullable<Uuid>,
        outcome -> Nullable<Text>,
        code -> Nullable<Text>,
        detail -> Nullable<Text>,
        added -> Nullable<Int4>,
        carried -> Nullable<Int4>,
        already_there -> Nullable<Int4>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    plan_jobs (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        issuer -> Text,
        subject -> Text,
        through -> Text,
        front_end -> Nullable<Text>,
        reads_only -> Bool,
        request_id -> Text,
        kind -> Text,
        dry_run -> Bool,
        class_id -> Nullable<Uuid>,
        school_id -> Nullable<Uuid>,
        grade -> Nullable<Text>,
        template_id -> Nullable<Uuid>,
        school_year -> Nullable<Int4>,
        carry_from -> Nullable<Int4>,
        status -> Text,
        total -> Nullable<Int4>,
        claimed_until -> Nullable<Timestamptz>,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    planned_courses (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        school_year -> Int4,
        title -> Text,
        level -> Text,
        status -> Text,
        grade -> Nullable<Text>,
        term -> Nullable<Text>,
        course_code -> Nullable<Text>,
        subject -> Nullable<Text>,
        credits -> Nullable<Float8>,
        description -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    plans (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        file_id -> Uuid,
        student_id -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    post_school_outcomes (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        name -> Nullable<Text>,
        as_of -> Date,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    postsecondary_options (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        name -> Text,
        standing -> Text,
        program -> Nullable<Text>,
        found_in -> Nullable<Text>,
        admission_requirements -> Nullable<Text>,
        comparison -> Nullable<Text>,
        reviewed_on -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    potential_duplicates (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        old_id -> Uuid,
        new_id -> Uuid,
        source -> Text,
        old_sourced_id -> Text,
        new_sourced_id -> Text,
        reasons -> Array<Text>,
        dismissed_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    privacy_preferences (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        section -> Text,
        relation -> Text,
        choice -> Text,
        created_by -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    program_items (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        item -> Jsonb,
        template_id -> Uuid,
        item_key -> Text,
        school_year -> Int4,
        status -> Text,
        done_on -> Nullable<Date>,
        note -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    progress_records (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        goal_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        kind -> Text,
        recorded_on -> Date,
        summary -> Text,
        score -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    progress_statements (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        stated_on -> Date,
        goals_met -> Text,
        on_track -> Text,
        statement -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    proposals (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        file_id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        goal_id -> Nullable<Uuid>,
        goal_version -> Nullable<Int4>,
        content -> Jsonb,
        reason -> Nullable<Text>,
        status -> Text,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        decision_reason -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    recommendations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        goal_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        kind -> Text,
        title -> Text,
        advice -> Nullable<Text>,
        follow_up_on -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    redactions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        record_kind -> Text,
        record_id -> Uuid,
        words -> Text,
        created_by -> Uuid,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    reflections (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        goal_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        body -> Text,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    registrations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        file_id -> Uuid,
        student_id -> Uuid,
        division_id -> Uuid,
        term_title -> Text,
        term_starts_on -> Date,
        term_ends_on -> Date,
        class_title -> Text,
        class_code -> Nullable<Text>,
        teachers -> Jsonb,
        withdrawn_on -> Nullable<Date>,
        source -> Text,
        sourced_id -> Text,
        term_sourced_id -> Text,
        captured_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    report_cards (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        division_id -> Uuid,
        term_title -> Text,
        term_starts_on -> Date,
        term_ends_on -> Date,
        category_title -> Text,
        class_title -> Text,
        class_code -> Nullable<Text>,
        teachers -> Jsonb,
        title -> Text,
        score_status -> Text,
        score -> Nullable<Text>,
        score_text -> Nullable<Text>,
        scale -> Nullable<Jsonb>,
        scored_on -> Date,
        comment -> Nullable<Text>,
        flags -> Jsonb,
        copy_number -> Int4,
        corrects_id -> Nullable<Uuid>,
        corrected_by_id -> Nullable<Uuid>,
        withdrawn_on -> Nullable<Date>,
        source -> Text,
        sourced_id -> Text,
        session_sourced_id -> Text,
        captured_at -> Timestamptz,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        line_item_sourced_id -> Nullable<Text>,
    }
}

diesel::table! {
    resource_decisions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        resource_request_id -> Uuid,
        outcome -> Text,
        reason -> Text,
        authorized_hours -> Nullable<Float8>,
        personnel -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    resource_requests (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        title -> Text,
        description -> Nullable<Text>,
        needed_by -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    restrictions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        sections -> Nullable<Array<Text>>,
        order_reference -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        created_by -> Nullable<Uuid>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    resume_versions (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        entries -> Jsonb,
        sources -> Array<Text>,
        title -> Text,
        summary -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    roles (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        school_id -> Nullable<Uuid>,
        role -> Text,
        primary_role -> Bool,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    roster_bundle_chunks (district_id, import_id, number) {
        district_id -> Uuid,
        import_id -> Uuid,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    roster_faults (district_id, import_id, number) {
        district_id -> Uuid,
        import_id -> Uuid,
        number -> Int4,
        file -> Text,
        row -> Int4,
        column_name -> Nullable<Text>,
        code -> Text,
        detail -> Text,
    }
}

diesel::table! {
    roster_images (district_id, import_id, kind, number) {
        district_id -> Uuid,
        import_id -> Uuid,
        kind -> Text,
        number -> Int8,
        record_id -> Uuid,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
    }
}

diesel::table! {
    roster_imports (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        source -> Text,
        dry_run -> Bool,
        status -> Text,
        stage_done -> Int8,
        stage_total -> Nullable<Int8>,
        bundle_hash -> Bytea,
        bundle_bytes -> Int8,
        report -> Nullable<Jsonb>,
        fault_count -> Int4,
        person_id -> Nullable<Uuid>,
        client_id -> Nullable<Uuid>,
        request_id -> Nullable<Text>,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        mode -> Nullable<Text>,
        reading -> Text,
        released_at -> Nullable<Timestamptz>,
        released_by -> Nullable<Uuid>,
        rolls_back -> Nullable<Uuid>,
        first_position -> Nullable<Int8>,
        last_position -> Nullable<Int8>,
        file_digests -> Nullable<Jsonb>,
        same_until -> Nullable<Date>,
    }
}

diesel::table! {
    schools (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        name -> Text,
        identifier -> Nullable<Text>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    self_assessments (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        kind -> Text,
        domain -> Nullable<Text>,
        instrument -> Text,
        taken_on -> Nullable<Date>,
        result -> Nullable<Text>,
        reflection -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    skill_records (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        skill -> Text,
        recorded_on -> Date,
        local_skill -> Nullable<Text>,
        level -> Nullable<Text>,
        progress -> Nullable<Text>,
        reflection -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    state_identifiers (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        state -> Text,
        identifier -> Text,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    strengths (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        domain -> Text,
        kind -> Text,
        title -> Text,
        description -> Nullable<Text>,
        recognized_on -> Nullable<Date>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    student_flags (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        flag -> Text,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    student_groups (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        school_id -> Uuid,
        kind -> Text,
        title -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    student_relations (district_id, student_id, person_id) {
        district_id -> Uuid,
        student_id -> Uuid,
        person_id -> Uuid,
        relation -> Text,
        rights -> Nullable<Text>,
        confirmed -> Bool,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        until -> Nullable<Timestamptz>,
        sections -> Nullable<Array<Text>>,
        goal_id -> Nullable<Uuid>,
        program -> Nullable<Text>,
        student_signed_on -> Nullable<Date>,
        guardian_signed -> Nullable<Bool>,
        objection -> Nullable<Bool>,
        dependent_until -> Nullable<Date>,
        by_consent -> Nullable<Bool>,
    }
}

diesel::table! {
    students (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        school_id -> Nullable<Uuid>,
        grade -> Nullable<Text>,
        birth_date -> Nullable<Date>,
        active -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    telephones (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        person_id -> Uuid,
        kind -> Text,
        number -> Text,
        extension -> Nullable<Text>,
        first_choice -> Bool,
        begins_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    templates (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        title -> Text,
        first_grade -> Int4,
        last_grade -> Int4,
        items -> Jsonb,
        status -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        school_id -> Nullable<Uuid>,
        guidelines -> Nullable<Text>,
        revises_id -> Nullable<Uuid>,
        model_plan_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    translations (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        section -> Text,
        record_version -> Int4,
        may_name_others -> Bool,
        goal_id -> Nullable<Uuid>,
        record_kind -> Text,
        record_id -> Uuid,
        language -> Text,
        texts -> Jsonb,
        original_language -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    unlinked_logins (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        issuer -> Text,
        subject -> Text,
        claim_value -> Nullable<Text>,
        reason -> Text,
        times_seen -> Int4,
        first_seen_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        dismissed_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    work_experiences (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        plan_id -> Uuid,
        student_id -> Uuid,
        employer -> Text,
        role -> Text,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        hours -> Nullable<Float8>,
        description -> Nullable<Text>,
        reflection -> Nullable<Text>,
        created_by -> Uuid,
        entered_in_error -> Bool,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    year_outcomes (district_id, id) {
        district_id -> Uuid,
        id -> Uuid,
        student_id -> Uuid,
        school_id -> Uuid,
        school_year -> Int4,
        outcome -> Text,
        outcome_on -> Nullable<Date>,
        diploma_type -> Nullable<Text>,
        active -> Bool,
        source -> Text,
        sourced_id -> Text,
        version -> Int4,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
