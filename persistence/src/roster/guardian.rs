//! Guardian links from what sources say. A roster only proposes: a new link is unconfirmed, an unconfirmed one follows its source, and one that a
//! custodian has confirmed or changed stays as it is. What the source says now stands beside it.

use openilp_domain::access::Section;
use openilp_domain::kind::Kind;

use super::entity::Entity;
use super::supplement;
use super::work::Work;
use crate::error::Result;

/// What sources say.
pub(super) const CLAIMS: Entity = supplement::GUARDIAN_CLAIMS;

/// What the source says of each pair: of the supplement first, then of School Data Sync, then of `agentSourcedIds`.
const CLAIMED: &str = "
    insert into claimed_guardians
    select distinct on (c.student_id, c.guardian_id) c.student_id, c.guardian_id, c.named, c.relationship, c.rights, c.evidence, c.reference, c.begins_on,
           c.ends_before
      from (select n.id as student_id, g.id as guardian_id, s.person as named, s.relationship, s.rights, s.evidence,
                   s.evidence_reference as reference, s.begins_on, s.ends_on + 1 as ends_before,
                   case when s.sourced_id like 'sds:%' then 1 else 0 end as place, s.sourced_id
              from staged_guardians s join known_people k on k.sourced_id = s.person join known_people g on g.sourced_id = s.guardian
              join next_students n on n.id = k.id
            union all
            select s.id, g.id, s.sourced_id, null, 'full', null, null, null, null, 2, agent.sourced_id
              from next_students s join staged_users u on u.sourced_id = s.sourced_id
             cross join unnest(u.agents) as agent (sourced_id)
              join known_people g on g.sourced_id = agent.sourced_id and g.guardian) c
     where c.student_id <> c.guardian_id
     order by c.student_id, c.guardian_id, c.place, c.sourced_id";

/// Finds what the source says, before it is held against what is there.
pub(super) async fn look(work: &Work) -> Result<()> {
    work.plain(
        "create temp table claimed_guardians (student_id uuid, guardian_id uuid, named text, relationship text, rights text, evidence text, reference text,
           begins_on date, ends_before date) on commit drop",
    )
    .await?;
    work.run(CLAIMED).await?;
    work.plain("analyze claimed_guardians").await
}

/// Whether a link goes with its source: nobody has confirmed it or changed it.
macro_rules! follows {
    () => {
        "(t.id is null or (t.confirmed_at is null and t.source = :source))"
    };
}

/// What is held against what is there.
macro_rules! columns {
    ($of:literal) => {
        concat!(
            "(", $of, ".rights, ", $of, ".order_reference, ", $of, ".evidence, ", $of, ".relationship, ", $of, ".valid_from, ", $of, ".valid_to, ",
            $of, ".claim_source, ", $of, ".claimed_rights, ", $of, ".claimed_evidence, ", $of, ".claimed_reference, ", $of, ".claimed_valid_from, ",
            $of, ".claimed_valid_to, ", $of, ".claim_ended_on)"
        )
    };
}

/// The links.
pub(super) const LINKS: Entity = Entity {
    table: "guardian_links",
    kind: Kind::GuardianLink,
    section: Some(Section::Privacy),
    columns: &[
        "student_id", "guardian_id", "rights", "order_reference", "evidence", "relationship", "valid_from", "valid_to", "source", "claim_source",
        "claimed_rights", "claimed_evidence", "claimed_reference", "claimed_valid_from", "claimed_valid_to", "claim_ended_on",
    ],
    once: Some("(district_id, student_id, guardian_id)"),
    // Beside a link stands what one source says: the one that spoke first, as long as it speaks; but a source that shuts somebody out goes before.
    differences: concat!(
        "select d.* from (
           select coalesce(t.id, app_uuid7()) as id, t.id is null as created, coalesce(t.version, 0) + 1 as version, c.student_id as about, c.named,
                  c.student_id, c.guardian_id,
                  case when ",
        follows!(),
        " then c.rights else t.rights end as rights,
                  case when ",
        follows!(),
        " then c.reference else t.order_reference end as order_reference,
                  case when ",
        follows!(),
        " then c.evidence else t.evidence end as evidence,
                  coalesce(c.relationship, t.relationship) as relationship,
                  case when ",
        follows!(),
        " then least(coalesce(c.begins_on, t.valid_from, :today), c.ends_before) else t.valid_from end as valid_from,
                  case when ",
        follows!(),
        " then c.ends_before else t.valid_to end as valid_to,
                  coalesce(t.source, :source) as source, :source as claim_source,
                  c.rights as claimed_rights, c.evidence as claimed_evidence, c.reference as claimed_reference,
                  c.begins_on as claimed_valid_from, c.ends_before as claimed_valid_to, null::date as claim_ended_on
             from claimed_guardians c
             left join guardian_links t on t.district_id = :district and t.student_id = c.student_id and t.guardian_id = c.guardian_id
            where t.id is null or t.claim_source is null or t.claim_source = :source or t.claim_ended_on is not null
               or (c.rights = 'none' and t.claimed_rights = 'full')) d
          left join guardian_links t on t.district_id = :district and t.id = d.id
         where t.id is null or ",
        columns!("t"),
        " is distinct from ",
        columns!("d"),
    ),
    // Of agents only what the user's own row says counts: a user who was not sent is completed without agents. Links to a student who has left stay.
    ends: Some(concat!(
        "select t.id, false, t.version + 1, t.student_id, n.sourced_id, t.student_id, t.guardian_id, t.rights, t.order_reference, t.evidence,
                t.relationship, t.valid_from, case when ",
        follows!(),
        " then least(t.valid_to, greatest(:today, t.valid_from)) else t.valid_to end,
                t.source, t.claim_source, t.claimed_rights, t.claimed_evidence, t.claimed_reference, t.claimed_valid_from, t.claimed_valid_to, :today
           from guardian_links t join next_students n on n.id = t.student_id join staged_users u on u.sourced_id = n.sourced_id
           left join claimed_guardians c on c.student_id = t.student_id and c.guardian_id = t.guardian_id
          where t.district_id = :district and t.claim_source = :source and t.claim_ended_on is null and c.student_id is null
            and (u.line > 0
                 or exists (select from changed_guardian_claims x join guardian_claims o on o.district_id = :district and o.id = x.id
                             where o.student_id = t.student_id and o.guardian_id = t.guardian_id)
                 or exists (select from ended_targets x where x.kind = 'person' and x.id = t.guardian_id))",
    )),
};
