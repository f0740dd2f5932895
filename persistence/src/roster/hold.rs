//! Holding: a load that would end too much, or that is of a past school year, waits for a person (standards.md 1.8). What has run its
//! course does not count: classes whose terms are over, and roles and enrollments whose end date has passed.

use chrono::NaiveDate;
use openilp_domain::kind::Kind;
use openilp_domain::roster::{Ending, Hold, HoldReason, PAST_AFTER_DAYS, SHRINK_FLOOR};
use uuid::Uuid;

use super::work::{Work, column};
use crate::error::Result;

/// Classes whose last term is over, as they stand before the load.
const OVER: &[&str] = &[
    "create temp table over_classes (id uuid) on commit drop",
    "insert into over_classes
     select t.class_id from class_terms t join academic_sessions s on s.district_id = :district and s.id = t.academic_session_id
      where t.district_id = :district group by t.class_id having max(s.ends_on) < :today",
];

/// What is guarded: a kind, what ends of it, and what of it the source holds open, each with its school.
struct Guarded {
    kind: Kind,
    ended: &'static str,
    open: &'static str,
}

/// Of one source, by its identifiers.
macro_rules! open {
    ($school:literal, $table:literal, $kind:literal, $rest:literal) => {
        concat!(
            "select ",
            $school,
            " as school_id from ",
            $table,
            " t where t.district_id = :district and t.active and t.id in (
               select target_id from external_identifiers where district_id = :district and system = :source and kind = '",
            $kind,
            "') ",
            $rest
        )
    };
}

const GUARDED: &[Guarded] = &[
    Guarded {
        kind: Kind::School,
        ended: "select null::uuid as school_id from changed_schools where ended",
        open: open!("null::uuid", "schools", "school", ""),
    },
    Guarded {
        kind: Kind::Class,
        ended: "select c.school_id from changed_classes c where c.ended and c.id not in (select id from over_classes)",
        open: open!("t.school_id", "classes", "class", "and t.id not in (select id from over_classes)"),
    },
    Guarded {
        kind: Kind::Person,
        ended: "select null::uuid as school_id from changed_people where ended",
        open: open!("null::uuid", "people", "person", ""),
    },
    Guarded {
        kind: Kind::Student,
        ended: "select t.school_id from changed_students c join students t on t.district_id = :district and t.id = c.id where c.ended",
        open: open!("t.school_id", "students", "person", ""),
    },
    Guarded {
        kind: Kind::Role,
        ended: "select c.school_id from changed_roles c join roles t on t.district_id = :district and t.id = c.id
                 where c.ended and coalesce(t.ends_on >= :today, true)",
        open: "select t.school_id from roles t
                where t.district_id = :district and t.source = :source and t.active and coalesce(t.ends_on >= :today, true)",
    },
    Guarded {
        kind: Kind::Enrollment,
        ended: "select k.school_id from changed_enrollments c join enrollments t on t.district_id = :district and t.id = c.id
                  join classes k on k.district_id = :district and k.id = t.class_id
                 where c.ended and coalesce(t.ends_on >= :today, true) and k.id not in (select id from over_classes)",
        open: "select k.school_id from enrollments t join classes k on k.district_id = :district and k.id = t.class_id
                where t.district_id = :district and t.source = :source and t.active and coalesce(t.ends_on >= :today, true)
                  and k.id not in (select id from over_classes)",
    },
];

/// Facts of the supplement, which the source holds by itself.
macro_rules! stated {
    ($kind:ident, $table:literal) => {
        Guarded {
            kind: Kind::$kind,
            ended: concat!("select null::uuid as school_id from changed_", $table, " where ended"),
            open: concat!("select null::uuid as school_id from ", $table, " t where t.district_id = :district and t.source = :source and t.active"),
        }
    };
}

/// The same, for the supplement.
const SUPPLEMENT: &[Guarded] = &[
    stated!(Address, "addresses"),
    stated!(Telephone, "telephones"),
    stated!(StudentFlag, "student_flags"),
    // Whoever says who the guardians are, in this file or that.
    Guarded {
        kind: Kind::GuardianLink,
        ended: "select null::uuid as school_id from changed_guardian_links c join guardian_links t on t.district_id = :district and t.id = c.id
                 where c.claim_ended_on is not null and t.claim_ended_on is null",
        open: "select null::uuid as school_id from guardian_links t
                where t.district_id = :district and t.claim_source = :source and t.claim_ended_on is null",
    },
    stated!(AssignmentClaim, "assignment_claims"),
    stated!(CaseloadClaim, "caseload_claims"),
    stated!(StateIdentifier, "state_identifiers"),
    stated!(AttendanceTotal, "attendance_totals"),
    stated!(YearOutcome, "year_outcomes"),
    stated!(PostSchoolOutcome, "post_school_outcomes"),
];

/// Why the load has to be held, if it has.
pub(super) async fn find(work: &Work) -> Result<Option<Hold>> {
    let mut hold = Hold::default();
    for statement in OVER {
        work.run(statement).await?;
    }
    for guarded in GUARDED.iter().chain(SUPPLEMENT) {
        hold.endings.extend(endings(work, guarded).await?);
    }
    if hold.endings.iter().any(|ending| ending.too_many) {
        hold.reasons.push(HoldReason::Shrink);
    }
    hold.reasons.extend(of_the_past(work).await?);
    Ok(if hold.reasons.is_empty() { None } else { Some(hold) })
}

/// What ends of a kind, by school, where that is more than a few.
async fn endings(work: &Work, guarded: &Guarded) -> Result<Vec<Ending>> {
    let Guarded { kind, ended, open } = guarded;
    let most = format!("select coalesce(max(n), 0) from (select count(*) as n from ({ended}) e group by school_id) e");
    if work.number(&most).await? < SHRINK_FLOOR {
        return Ok(vec![]);
    }
    let rows = work
        .rows(&format!(
            "select e.school_id, e.n, o.n from (select school_id, count(*) as n from ({ended}) e group by school_id) e
               join (select school_id, count(*) as n from ({open}) o group by school_id) o on o.school_id is not distinct from e.school_id
              where e.n >= {SHRINK_FLOOR} order by e.school_id"
        ))
        .await?;
    let mut endings = Vec::with_capacity(rows.len());
    for row in &rows {
        let (school, ended, open): (Option<Uuid>, i64, i64) = (column(row, 0)?, column(row, 1)?, column(row, 2)?);
        endings.push(Ending { kind: *kind, school_id: school.map(Into::into), open, ended, too_many: Ending::is_too_many(ended, open) });
    }
    Ok(endings)
}

/// Whether the sessions of the bundle are those of a year gone by. A bundle without sessions says nothing of it.
async fn of_the_past(work: &Work) -> Result<Option<HoldReason>> {
    let rows = work
        .rows(
            "select max(s.ends_on), max(s.school_year),
                    (select max(t.school_year) from academic_sessions t join external_identifiers e
                         on e.district_id = :district and e.system = :source and e.kind = 'academicSession' and e.target_id = t.id and e.ended_on is null
                      where t.district_id = :district and t.active)
               from staged_sessions s where s.line > 0",
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (last_day, year, known): (Option<NaiveDate>, Option<i32>, Option<i32>) = (column(row, 0)?, column(row, 1)?, column(row, 2)?);
    Ok(match (last_day, year, known) {
        (Some(_), Some(year), Some(known)) if year < known => Some(HoldReason::EarlierSchoolYear),
        (Some(last_day), ..) if (work.values.today - last_day).num_days() > PAST_AFTER_DAYS => Some(HoldReason::PastSchoolYear),
        _ => None,
    })
}
