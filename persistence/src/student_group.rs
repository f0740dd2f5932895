//! Advisory and small groups (R138).

use openilp_domain::id::StudentGroupId;
use openilp_domain::student_group::{NewStudentGroup, StudentGroup, StudentGroupPatch};

use crate::schema::student_groups::dsl;

crate::kept! {
    StudentGroup (StudentGroupId, NewStudentGroup, StudentGroupPatch) in student_groups {
        id, school_id, kind, title, valid_from, version, created_at, updated_at, valid_to
    }
    by { school_id }
    narrowed |rows, filter| {}
    impl {}
}

crate::kept_rows! {
    StudentGroup (StudentGroupId, NewStudentGroup, StudentGroupPatch) in student_groups
    create |granted, new| {
        school_id: new.school_id,
        kind: new.kind,
        title: new.title,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { title, valid_to }
}
