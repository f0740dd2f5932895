//! Who is in an advisory or small group: students, families, staff (R138).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::id::{GroupMemberId, PersonId, StudentGroupId};
use crate::invalid::Invalid;
use crate::time::{covers, period_faults};

crate::view! {
    /// That a person is in a group.
    GroupMember
    required {
        /// The id.
        id: GroupMemberId,
        /// The group.
        group_id: StudentGroupId,
        /// Who it is.
        person_id: PersonId,
        /// The first day.
        valid_from: NaiveDate,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "groupId": crate::wire_example_id(),
        "personId": crate::wire_example_id(),
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// That a person is in a group.
    NewGroupMember
    required {
        /// The group.
        group_id: StudentGroupId,
        /// Who it is.
        person_id: PersonId,
    }
    defaulted {}
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "groupId": crate::wire_example_id(), "personId": crate::wire_example_id(), "validFrom": "2026-08-15" }
    check |new| {
        let mut invalid = Invalid::default();
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change of when somebody stops belonging to it: what is absent stays, null clears.
    GroupMemberPatch
    required {}
    optional {
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example { "validTo": "2027-06-30" }
}

impl GroupMember {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &GroupMemberPatch) -> Invalid {
        let mut invalid = Invalid::default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}

impl GroupMember {
    /// Whether somebody is in the group on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        covers(Some(self.valid_from), self.valid_to, day)
    }
}

/// How many of these people are in a group at the same time, at most, while one of them is.
pub fn together(one: &GroupMember, all: &[GroupMember]) -> usize {
    // They are most on a day on which somebody comes.
    let days = all.iter().map(|member| member.valid_from.max(one.valid_from)).filter(|day| one.covers(*day));
    let there = |day| all.iter().filter(|member| member.covers(day)).map(|member| member.person_id).collect::<BTreeSet<_>>().len();
    days.map(there).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn member(person: u128, from: &str, to: &str) -> GroupMember {
        GroupMember {
            id: GroupMemberId(Uuid::from_u128(person)),
            group_id: StudentGroupId(Uuid::nil()),
            person_id: PersonId(Uuid::from_u128(person)),
            valid_from: from.parse().unwrap(),
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            valid_to: to.parse().ok(),
        }
    }

    #[test]
    fn r138_who_was_there_before_or_comes_later_is_not_counted() {
        let all =
            [member(1, "2026-09-01", ""), member(2, "2026-08-01", "2026-09-01"), member(3, "2026-10-01", "2026-11-01"), member(4, "2026-11-01", "")];
        assert_eq!(together(&all[0], &all), 2);
        assert_eq!(together(&all[1], &all), 1);
    }

    #[test]
    fn one_person_twice_is_one() {
        let all = [member(1, "2026-09-01", ""), member(1, "2026-10-01", "")];
        assert_eq!(together(&all[0], &all), 1);
        assert_eq!(together(&member(5, "2026-09-01", "2026-09-01"), &all), 0);
    }
}
