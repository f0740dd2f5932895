//! Who is in an advisory or small group (R138).

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::group_member::{GroupMember, GroupMemberPatch, NewGroupMember, together};
use openilp_domain::id::{GroupMemberId, StudentId};
use openilp_domain::student_group::{GroupKind, SMALL_GROUP_STUDENTS_MAX};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::person_merge::students_among;
use crate::schema::group_members::dsl;
use crate::schema::{group_members, student_groups, students};

diesel::allow_tables_to_appear_in_same_query!(group_members, students);

crate::kept! {
    GroupMember (GroupMemberId, NewGroupMember, GroupMemberPatch) in group_members {
        id, group_id, person_id, valid_from, version, created_at, updated_at, valid_to
    }
    by { group_id, person_id }
    narrowed |rows, filter| {}
    impl {
        const SECTIONS: &'static str = "S0";
        async fn students(tx: &Tx<'_>, members: &[Self]) -> Result<Vec<StudentId>> {
            students_among(tx, members.iter().map(|member| member.person_id)).await
        }
    }
}

crate::kept_rows! {
    GroupMember (GroupMemberId, NewGroupMember, GroupMemberPatch) in group_members
    create |granted, new| {
        group_id: new.group_id,
        person_id: new.person_id,
        valid_from: granted.grant().first_day(new.valid_from, new.valid_to)?,
        valid_to: new.valid_to,
    }
    amend { valid_to }
    then keep_small
}

/// Refuses a sixth student in a small group at the same time (R138).
async fn keep_small(tx: &Tx<'_>, member: &GroupMember) -> Result<()> {
    let mut conn = tx.conn;
    // Whoever is added at the same time waits here, and sees this one then.
    let group = student_groups::table.find((tx.district, member.group_id)).select(student_groups::kind).for_no_key_update();
    if group.first::<GroupKind>(&mut conn).await? != GroupKind::SmallGroup {
        return Ok(());
    }
    let all_students = students::table.filter(students::district_id.eq(tx.district)).select(students::id);
    let of_group = dsl::group_members.filter(dsl::district_id.eq(tx.district)).filter(dsl::group_id.eq(member.group_id));
    let members = of_group.filter(dsl::person_id.eq_any(all_students)).select(columns!()).load::<GroupMember>(&mut conn).await?;
    let is_student = members.iter().any(|one| Uuid::from(one.person_id) == Uuid::from(member.person_id));
    if is_student && together(member, &members) > SMALL_GROUP_STUDENTS_MAX {
        return Err(Error::Conflict { code: "group_full", detail: "A small group has at most 5 students at a time." });
    }
    Ok(())
}
