//! What a merge does, table by table. Each step changes some columns of some rows, keeps what they were, and is journaled; one statement a step.

use openilp_domain::access::{Section, section_of_domain};
use openilp_domain::kind::Kind;
use openilp_domain::person_merge::{MergeReport, MovedRecords};
use openilp_domain::plan_domain::PlanDomain;
use openilp_domain::plan_part::{PARTS, Placed};

use super::Pair;
use crate::door::Tx;
use crate::error::Result;

/// Where the changes of a table stand in the journal.
#[derive(Clone, Copy)]
pub(super) enum Journaled {
    /// About the student of the row, in this section.
    Student(Section),
    /// The same, about the student it had too: whoever held something of them learns that it is gone.
    BothStudents(Section),
    /// About the student of the row, in the section of its domain, or in this where it has none.
    ByDomain(Option<Section>),
    /// About the student of the row, in the section that it keeps.
    BySection,
    /// About the person of the row, if they are a student.
    Person(Section),
}

/// A table of which rows move, and all its columns that a merge may change.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) journaled: Journaled,
    pub(super) columns: &'static [&'static str],
}

const LINK: &[&str] = &[
    "student_id", "guardian_id", "rights", "order_reference", "evidence", "confirmed_at", "confirmed_by", "reconfirm", "valid_from", "valid_to",
    "source",
];
const STUDENT: &[&str] = &["student_id"];
const PERSON: &[&str] = &["person_id"];
const PLAN: &[&str] = &["plan_id", "student_id"];

/// Every table with rows of a person, in the order in which they may be put back. A test holds it against the catalogue.
pub(super) fn tables() -> impl Iterator<Item = Table> {
    let parts = PARTS.iter().map(|part| Table {
        name: part.table,
        kind: part.kind,
        journaled: match part.placed {
            Placed::In(section) => Journaled::Student(section),
            Placed::WithRecord => Journaled::BySection,
            placed => Journaled::ByDomain(placed.section()),
        },
        columns: PLAN,
    });
    TABLES.iter().copied().chain(parts)
}

/// Those that are no parts of the plan.
const TABLES: &[Table] = &[
    Table { name: "people", kind: Kind::Person, journaled: Journaled::Person(Section::Identity), columns: &["active"] },
    Table { name: "students", kind: Kind::Student, journaled: Journaled::Person(Section::Identity), columns: &["active"] },
    Table { name: "ilp_files", kind: Kind::IlpFile, journaled: Journaled::Student(Section::Status), columns: &["student_id", "status"] },
    Table { name: "plans", kind: Kind::Plan, journaled: Journaled::Student(Section::Status), columns: &["file_id", "student_id"] },
    Table { name: "divisions", kind: Kind::Division, journaled: Journaled::Student(Section::Status), columns: &["file_id", "student_id"] },
    Table {
        name: "registrations",
        kind: Kind::Registration,
        journaled: Journaled::Student(Section::SchoolRecords),
        columns: &["file_id", "student_id", "division_id"],
    },
    Table {
        name: "report_cards",
        kind: Kind::ReportCard,
        journaled: Journaled::Student(Section::SchoolRecords),
        columns: &["student_id", "division_id"],
    },
    Table { name: "student_flags", kind: Kind::StudentFlag, journaled: Journaled::Student(Section::Transition), columns: STUDENT },
    Table { name: "attendance_totals", kind: Kind::AttendanceTotal, journaled: Journaled::Student(Section::SchoolRecords), columns: STUDENT },
    Table { name: "year_outcomes", kind: Kind::YearOutcome, journaled: Journaled::Student(Section::SchoolRecords), columns: STUDENT },
    Table { name: "post_school_outcomes", kind: Kind::PostSchoolOutcome, journaled: Journaled::Student(Section::Postsecondary), columns: STUDENT },
    Table { name: "addresses", kind: Kind::Address, journaled: Journaled::Person(Section::Contacts), columns: PERSON },
    Table { name: "telephones", kind: Kind::Telephone, journaled: Journaled::Person(Section::Contacts), columns: PERSON },
    Table { name: "state_identifiers", kind: Kind::StateIdentifier, journaled: Journaled::Person(Section::Identity), columns: PERSON },
    Table { name: "goals", kind: Kind::Goal, journaled: Journaled::ByDomain(None), columns: PLAN },
    Table { name: "proposals", kind: Kind::Proposal, journaled: Journaled::ByDomain(None), columns: &["file_id", "plan_id", "student_id"] },
    Table { name: "benchmarks", kind: Kind::Benchmark, journaled: Journaled::ByDomain(None), columns: STUDENT },
    Table { name: "activities", kind: Kind::Activity, journaled: Journaled::ByDomain(None), columns: STUDENT },
    Table { name: "progress_records", kind: Kind::ProgressRecord, journaled: Journaled::ByDomain(None), columns: STUDENT },
    Table { name: "recommendations", kind: Kind::Recommendation, journaled: Journaled::ByDomain(None), columns: STUDENT },
    Table { name: "reflections", kind: Kind::Reflection, journaled: Journaled::ByDomain(None), columns: STUDENT },
    Table {
        name: "guardian_claims",
        kind: Kind::GuardianClaim,
        journaled: Journaled::Student(Section::Privacy),
        columns: &["student_id", "guardian_id"],
    },
    Table {
        name: "assignment_claims",
        kind: Kind::AssignmentClaim,
        journaled: Journaled::Student(Section::Status),
        columns: &["student_id", "person_id"],
    },
    Table { name: "caseload_claims", kind: Kind::CaseloadClaim, journaled: Journaled::Person(Section::Status), columns: PERSON },
    Table { name: "guardian_links", kind: Kind::GuardianLink, journaled: Journaled::BothStudents(Section::Privacy), columns: LINK },
    Table {
        name: "assignments",
        kind: Kind::Assignment,
        journaled: Journaled::BothStudents(Section::Status),
        columns: &["student_id", "person_id", "confirmed_at", "confirmed_by"],
    },
    Table {
        name: "restrictions",
        kind: Kind::Restriction,
        journaled: Journaled::BothStudents(Section::Privacy),
        columns: &["student_id", "person_id"],
    },
    Table { name: "adult_statuses", kind: Kind::AdultStatus, journaled: Journaled::BothStudents(Section::Privacy), columns: STUDENT },
    Table { name: "inspection_requests", kind: Kind::InspectionRequest, journaled: Journaled::Student(Section::Privacy), columns: STUDENT },
    Table { name: "amendment_requests", kind: Kind::AmendmentRequest, journaled: Journaled::Student(Section::Privacy), columns: STUDENT },
    Table { name: "redactions", kind: Kind::Redaction, journaled: Journaled::Student(Section::Privacy), columns: STUDENT },
    Table { name: "privacy_preferences", kind: Kind::PrivacyPreference, journaled: Journaled::Student(Section::Privacy), columns: STUDENT },
    Table { name: "roles", kind: Kind::Role, journaled: Journaled::Person(Section::Identity), columns: PERSON },
    Table { name: "enrollments", kind: Kind::Enrollment, journaled: Journaled::Person(Section::SchoolRecords), columns: PERSON },
];

/// All that belongs to plans, each with its id and its plan: what may stand in `from`.
pub(super) fn of_plans() -> String {
    let tables = tables().filter(|table| table.columns == PLAN);
    let selects: Vec<_> = tables.map(|table| format!("select id, plan_id from {} where district_id = :district", table.name)).collect();
    format!("({})", selects.join(" union all "))
}

impl Table {
    pub(super) fn named(name: &str) -> Option<Self> {
        tables().find(|table| table.name == name)
    }

    /// Journals the rows `n`, which were the rows `o`.
    pub(super) fn journal(&self) -> String {
        let by_domain = PlanDomain::ALL.iter().map(|domain| format!("when '{domain}' then '{}'", section_of_domain(*domain).word()));
        let by_domain = by_domain.collect::<Vec<_>>().join(" ");
        let person = if matches!(self.name, "people" | "students") { "n.id" } else { "n.person_id" };
        let student = format!("(select id from students where district_id = :district and id = {person})");
        let (about, section) = match self.journaled {
            Journaled::Student(section) => ("cross join lateral (select n.student_id as student) a", format!("'{}'", section.word())),
            Journaled::BothStudents(section) => {
                ("cross join lateral (select n.student_id as student union select o.student_id) a", format!("'{}'", section.word()))
            }
            Journaled::ByDomain(otherwise) => {
                let otherwise = otherwise.map(|section| format!("else '{}'", section.word())).unwrap_or_default();
                ("cross join lateral (select n.student_id as student) a", format!("case n.domain {by_domain} {otherwise} end"))
            }
            Journaled::BySection => ("cross join lateral (select n.student_id as student) a", "n.section".into()),
            Journaled::Person(section) => ("", format!("'{}'", section.word())),
        };
        let student = if about.is_empty() { student } else { "a.student".into() };
        format!(
            "insert into changes (district_id, id, at, kind, resource_id, version, operation, student_id, section, person_id, client_id, relation, reason)
             select :district, app_uuid7(), :at, '{}', n.id, n.version, 'amended', {student}, {section}, :person, :client, :relation, :reason
               from n join o on o.id = n.id {about}",
            self.kind
        )
    }

    fn object(&self, row: &str) -> String {
        let members = self.columns.iter().map(|column| format!("'{column}', {row}.{column}"));
        format!("jsonb_build_object({})", members.collect::<Vec<_>>().join(", "))
    }

    /// Sets columns of the rows `t` for which a condition holds. Returns how many there were.
    async fn change(&self, tx: &Tx<'_>, pair: &Pair, set: &str, condition: &str) -> Result<i64> {
        let Self { name, .. } = self;
        let (before, after, journal) = (self.object("o"), self.object("n"), self.journal());
        let text = format!(
            "with o as materialized (select * from {name} t where t.district_id = :district and {condition} for update),
                  n as (update {name} t set {set}, version = t.version + 1, updated_at = :at from o
                         where t.district_id = :district and t.id = o.id returning t.*),
                  i as (insert into person_merge_images (district_id, merge_id, kind, record_id, before, after)
                        select :district, :merge, '{name}', o.id, {before}, {after} from o join n on n.id = o.id),
                  j as ({journal})
             select count(*) from n"
        );
        pair.number(tx, &text).await
    }
}

/// Words of the columns that differ are kept too, which costs little: what is put back is exact.
async fn step(tx: &Tx<'_>, pair: &Pair, table: &str, set: &str, condition: &str) -> Result<i64> {
    match Table::named(table) {
        Some(table) => table.change(tx, pair, set, condition).await,
        None => Ok(0),
    }
}

/// What does not agree between the two, by the word that the report has for it.
pub(super) async fn conflicts(tx: &Tx<'_>, pair: &Pair) -> Result<Vec<String>> {
    let found = [
        ("twoFiles", "(select count(*) from ilp_files where district_id = :district and student_id in (:kept, :merged)) = 2"),
        (
            "birthDatesDiffer",
            "exists (select from students k join students m on m.district_id = :district and m.id = :merged
                      where k.district_id = :district and k.id = :kept and k.birth_date <> m.birth_date)",
        ),
        (
            "stateIdsDiffer",
            "(select count(distinct value) from external_identifiers
               where district_id = :district and system = 'stateStudentId' and kind = 'person' and target_id in (:kept, :merged)) > 1",
        ),
        (
            "loginsOfOneIssuer",
            "exists (select from identity_links k join identity_links m on m.district_id = :district and m.person_id = :merged and m.issuer = k.issuer
                      where k.district_id = :district and k.person_id = :kept)",
        ),
        (
            "guardianRightsDiffer",
            "exists (select from guardian_links k join guardian_links m on m.district_id = :district and m.student_id = :merged and m.guardian_id = k.guardian_id
                      where k.district_id = :district and k.student_id = :kept and (k.rights, k.confirmed_at is null) <> (m.rights, m.confirmed_at is null))",
        ),
    ];
    let mut words = vec![];
    for (word, condition) in found {
        if pair.holds(tx, condition).await? {
            words.push(word.to_owned());
        }
    }
    Ok(words)
}

/// The order that shuts the person of row `t` out of the other record, which then shuts them out of this one: as the set clause has it. It is the
/// custodian's word from then on, so that no load lifts it.
fn order_of(other: &str) -> String {
    let of = |column: &str| {
        format!("{column} = (select m.{column} from guardian_links m where m.district_id = :district and m.rights = 'none' and {other} limit 1)")
    };
    let copied = ["order_reference", "evidence", "valid_from", "valid_to"].map(of).join(", ");
    format!("rights = 'none', reconfirm = true, source = :relation, {copied}")
}

fn shut_out(other: &str) -> String {
    format!("t.rights = 'full' and exists (select from guardian_links m where m.district_id = :district and m.rights = 'none' and {other})")
}

const UNCONFIRMED: &str = "confirmed_at = null, confirmed_by = null";
/// Whatever its source says of its rights later, it waits.
const LINK_WAITS: &str = "confirmed_at = null, confirmed_by = null, reconfirm = true";
/// A row `m` allows at least what the row `t` does: it is confirmed for as long, to a student of whom decisions depend on the same.
const AS_WIDE: &str = "exists (select from students k join students s on s.district_id = :district and s.id = :merged
                                where k.district_id = :district and k.id = :kept
                                  and (k.birth_date, k.grade, k.active) is not distinct from (s.birth_date, s.grade, s.active))
                       and not exists (select from adult_statuses where district_id = :district and student_id in (:kept, :merged))
                       and m.confirmed_at is not null and t.confirmed_at is not null and m.valid_from <= t.valid_from
                       and coalesce(m.valid_to, 'infinity') >= coalesce(t.valid_to, 'infinity')";

/// Moves everything. The order is that of the rules: orders first, then what loses its confirmation, then what moves.
pub(super) async fn apply(tx: &Tx<'_>, pair: &Pair) -> Result<MergeReport> {
    let mut report = MergeReport::default();
    let mut moved = |kind: &str, count: i64| {
        if count > 0 {
            report.moved.push(MovedRecords { kind: kind.to_owned(), count });
        }
    };
    let (links, assigned) = links_to_students(tx, pair).await?;
    let (guardians, staff) = links_of_persons(tx, pair).await?;
    moved("guardianLink", links.1 + guardians);
    moved("assignment", assigned.1 + staff);
    let claims = step(tx, pair, "guardian_claims", "student_id = :kept", "t.student_id = :merged").await?;
    moved("guardianClaim", claims + step(tx, pair, "guardian_claims", "guardian_id = :kept", "t.guardian_id = :merged").await?);
    let claims = step(tx, pair, "assignment_claims", "student_id = :kept", "t.student_id = :merged").await?;
    moved("assignmentClaim", claims + step(tx, pair, "assignment_claims", "person_id = :kept", "t.person_id = :merged").await?);
    let orders = step(tx, pair, "restrictions", "student_id = :kept", "t.student_id = :merged and t.person_id <> :kept").await?;
    moved("restriction", orders + step(tx, pair, "restrictions", "person_id = :kept", "t.person_id = :merged and t.student_id <> :kept").await?);
    // What one asked to be hidden stays hidden. What one opened the other's readers do not get.
    let hidden = "t.student_id = :merged and t.choice = 'hide' and not exists (select from privacy_preferences k
         where k.district_id = :district and k.student_id = :kept and k.section = t.section and k.relation = t.relation)";
    moved("adultStatus", step(tx, pair, "adult_statuses", "student_id = :kept", "t.student_id = :merged").await?);
    // What is withheld goes with the record, and so does what the family says of it; what is asked is asked of both.
    for (kind, table) in [("inspectionRequest", "inspection_requests"), ("amendmentRequest", "amendment_requests"), ("redaction", "redactions")] {
        moved(kind, step(tx, pair, table, "student_id = :kept", "t.student_id = :merged").await?);
    }
    moved("privacyPreference", step(tx, pair, "privacy_preferences", "student_id = :kept", hidden).await?);
    let mut told = false;
    for table in TABLES.iter().filter(|table| table.columns == PERSON) {
        let count = table.change(tx, pair, "person_id = :kept", "t.person_id = :merged").await?;
        told |= count > 0;
        moved(table.kind.word(), count);
    }
    moved("externalIdentifier", identifiers(tx, pair).await?);
    let file = file(tx, pair).await?;
    // An adult reads nothing by what a roster tells of them alone; a student does.
    let readable = !file.is_empty() || told && pair.holds(tx, "exists (select from students where district_id = :district and id = :kept)").await?;
    for (kind, count) in file {
        moved(kind, count);
    }
    report.guardian_links_unconfirmed = links.0 + links.1 + guardians;
    report.assignments_unconfirmed = assigned.0 + assigned.1 + staff;
    report.logins_unlinked = logins(tx, pair, ":merged").await?;
    if readable {
        report.logins_unlinked += logins(tx, pair, ":kept").await?;
    }
    step(tx, pair, "students", "active = false", "t.id = :merged and t.active").await?;
    // Also one that was inactive before: a load that wrote it cannot be taken back from under the merge.
    step(tx, pair, "people", "active = false", "t.id = :merged").await?;
    Ok(report)
}

/// Guardian links and assignments to the two as students: how many wait again, and how many move.
async fn links_to_students(tx: &Tx<'_>, pair: &Pair) -> Result<((i64, i64), (i64, i64))> {
    if !pair.holds(tx, "exists (select from students where district_id = :district and id = :merged)").await? {
        return Ok(((0, 0), (0, 0)));
    }
    let same = "m.student_id = :merged and m.guardian_id = t.guardian_id";
    let condition = format!("t.student_id = :kept and {}", shut_out(same));
    step(tx, pair, "guardian_links", &order_of(same), &condition).await?;
    let condition = format!(
        "t.student_id = :kept and t.rights = 'full' and (t.confirmed_at is not null or t.reconfirm is not true)
         and not exists (select from guardian_links m where m.district_id = :district and {same} and m.rights = 'full' and {AS_WIDE})"
    );
    let waiting = step(tx, pair, "guardian_links", LINK_WAITS, &condition).await?;
    let condition = "t.student_id = :merged and t.guardian_id <> :kept
         and not exists (select from guardian_links k where k.district_id = :district and k.student_id = :kept and k.guardian_id = t.guardian_id)";
    let moving = step(tx, pair, "guardian_links", &format!("student_id = :kept, {LINK_WAITS}"), condition).await?;

    let same = "m.student_id = :merged and m.person_id = t.person_id and m.kind = t.kind";
    let condition = format!(
        "t.student_id = :kept and t.confirmed_at is not null
         and not exists (select from assignments m where m.district_id = :district and {same} and {AS_WIDE})"
    );
    let unassigned = step(tx, pair, "assignments", UNCONFIRMED, &condition).await?;
    let condition = "t.student_id = :merged and t.person_id <> :kept
         and not exists (select from assignments k where k.district_id = :district and k.student_id = :kept and k.person_id = t.person_id and k.kind = t.kind)";
    let reassigned = step(tx, pair, "assignments", &format!("student_id = :kept, {UNCONFIRMED}"), condition).await?;
    Ok(((waiting, moving), (unassigned, reassigned)))
}

/// Guardian links and assignments of the two as guardians and staff: how many move.
async fn links_of_persons(tx: &Tx<'_>, pair: &Pair) -> Result<(i64, i64)> {
    let same = "m.guardian_id = :merged and m.student_id = t.student_id";
    let condition = format!("t.guardian_id = :kept and {}", shut_out(same));
    step(tx, pair, "guardian_links", &order_of(same), &condition).await?;
    let condition = "t.guardian_id = :merged and t.student_id <> :kept
         and not exists (select from guardian_links k where k.district_id = :district and k.guardian_id = :kept and k.student_id = t.student_id)";
    let guardians = step(tx, pair, "guardian_links", &format!("guardian_id = :kept, {LINK_WAITS}"), condition).await?;
    let condition = "t.person_id = :merged and t.student_id <> :kept
         and not exists (select from assignments k where k.district_id = :district and k.person_id = :kept and k.student_id = t.student_id and k.kind = t.kind)";
    let staff = step(tx, pair, "assignments", &format!("person_id = :kept, {UNCONFIRMED}"), condition).await?;
    Ok((guardians, staff))
}

/// What other systems call the merged person names the kept one.
async fn identifiers(tx: &Tx<'_>, pair: &Pair) -> Result<i64> {
    pair.number(
        tx,
        "with n as (update external_identifiers t set target_id = :kept
                     where t.district_id = :district and t.kind = 'person' and t.target_id = :merged returning t.*),
              i as (insert into person_merge_images (district_id, merge_id, kind, record_id, before, after)
                    select :district, :merge, 'external_identifiers', :merged, jsonb_build_object('system', n.system, 'value', n.value, 'ended_on', n.ended_on),
                           jsonb_build_object('target_id', n.target_id) from n)
         select count(*) from n",
    )
    .await
}

/// Logins of a person are nobody's, and wait for the custodian; they are not matched by themselves.
async fn logins(tx: &Tx<'_>, pair: &Pair, person: &str) -> Result<i64> {
    let text = format!(
        "with o as (delete from identity_links t where t.district_id = :district and t.person_id = {person} returning t.*),
              i as (insert into person_merge_images (district_id, merge_id, kind, record_id, before)
                    select :district, :merge, 'identity_links', o.id, to_jsonb(o) from o),
              u as (insert into unlinked_logins as u (district_id, id, issuer, subject, reason, times_seen, first_seen_at, last_seen_at, dismissed_at, version)
                    select :district, app_uuid7(), o.issuer, o.subject, 'personMerged', 0, :at, :at, :at, 1 from o
                    on conflict (district_id, issuer, subject) do update
                       set reason = excluded.reason, dismissed_at = excluded.dismissed_at, version = u.version + 1),
              j as (insert into changes (district_id, id, at, kind, resource_id, version, operation, person_id, client_id, relation, reason)
                    select :district, app_uuid7(), :at, '{}', o.id, o.version, 'removed', :person, :client, :relation, :reason from o)
         select count(*) from o",
        Kind::IdentityLink
    );
    pair.number(tx, &text).await
}

/// The file of the merged student, and all that is in it. Where both have one, what is in it moves into the kept one.
async fn file(tx: &Tx<'_>, pair: &Pair) -> Result<Vec<(&'static str, i64)>> {
    const KEPT_FILE: &str = "(select id from ilp_files where district_id = :district and student_id = :kept)";
    const KEPT_PLAN: &str = "(select id from plans where district_id = :district and student_id = :kept)";
    let mut moved = vec![];
    let mut note = |kind: Kind, count: i64| {
        if count > 0 {
            moved.push((kind.word(), count));
        }
    };
    // Without a file of their own the kept student gets this one whole.
    let none = format!("t.student_id = :merged and not exists {KEPT_FILE}");
    note(Kind::IlpFile, step(tx, pair, "ilp_files", "student_id = :kept", &none).await?);
    step(tx, pair, "ilp_files", "status = 'frozen'", "t.student_id = :merged and t.status = 'open'").await?;
    let none = format!("t.student_id = :merged and not exists {KEPT_PLAN}");
    note(Kind::Plan, step(tx, pair, "plans", &format!("student_id = :kept, file_id = {KEPT_FILE}"), &none).await?);
    let year = format!(
        "t.student_id = :merged and not exists (select from divisions k where k.district_id = :district and k.file_id = {KEPT_FILE} and k.file_id <> t.file_id
                                                   and k.school_year = t.school_year)"
    );
    note(Kind::Division, step(tx, pair, "divisions", &format!("student_id = :kept, file_id = {KEPT_FILE}"), &year).await?);
    let division = format!(
        "(select k.id from divisions k join divisions d on d.district_id = :district and d.id = t.division_id
           where k.district_id = :district and k.file_id = {KEPT_FILE} and k.school_year = d.school_year)"
    );
    let free = format!(
        "t.student_id = :merged and not exists (select from registrations k where k.district_id = :district and k.id <> t.id and k.division_id = {division}
                       and (k.source, k.sourced_id, k.term_sourced_id) = (t.source, t.sourced_id, t.term_sourced_id))"
    );
    let set = format!("student_id = :kept, file_id = {KEPT_FILE}, division_id = {division}");
    note(Kind::Registration, step(tx, pair, "registrations", &set, &free).await?);
    // A mark and its corrections stay together.
    let free = format!(
        "t.student_id = :merged and not exists (select from report_cards k where k.district_id = :district and k.division_id = {division}
                       and k.division_id <> t.division_id and (k.source, k.sourced_id) = (t.source, t.sourced_id))"
    );
    let set = format!("student_id = :kept, division_id = {division}");
    note(Kind::ReportCard, step(tx, pair, "report_cards", &set, &free).await?);
    let all = "t.student_id = :merged";
    note(Kind::Proposal, step(tx, pair, "proposals", &format!("student_id = :kept, file_id = {KEPT_FILE}, plan_id = {KEPT_PLAN}"), all).await?);
    for table in tables().filter(|table| table.columns == PLAN) {
        note(table.kind, table.change(tx, pair, &format!("student_id = :kept, plan_id = {KEPT_PLAN}"), all).await?);
    }
    for table in TABLES.iter().filter(|table| table.columns == STUDENT) {
        note(table.kind, table.change(tx, pair, "student_id = :kept", all).await?);
    }
    Ok(moved)
}
