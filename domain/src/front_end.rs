//! An application through which a district's people come: a vendor's or the district's own front end (access.md 5.1 VF, 5.9).
//!
//! It has no rights. Whoever comes through it may do what they may do anyway, as far as the district has approved the application for it, and
//! no farther than the scopes of the very token say.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{Ceiling, Section, Sections};
use crate::code::{Audience, WebAddress};
use crate::id::FrontEndId;
use crate::invalid::Invalid;
use crate::principal::Through;
use crate::text::ShortText;
use crate::time::{covers, period_faults};

crate::view! {
    /// An application that the district has approved.
    FrontEnd
    required {
        /// The id.
        id: FrontEndId,
        /// What people call it.
        name: ShortText,
        /// The issuer of the tokens with which people come through it.
        issuer: WebAddress,
        /// What these tokens call it: `client_id` (RFC 9068), or `azp`.
        client_id: Audience,
        /// The sections that may be seen through it.
        sections: Vec<Section>,
        /// Whether more may be done through it than reading.
        may_write: bool,
        /// Whether what somebody may by an office: as custodian, coordinator or school manager.
        for_offices: bool,
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
        /// The day on which it has ended. From then on nobody comes through it.
        valid_to: NaiveDate,
    }
    example {
        "id": crate::wire_example_id(),
        "name": "Plan Companion",
        "issuer": "https://id.canyonview.example",
        "clientId": "plan-companion",
        "sections": ["S0", "S1a", "S2", "S4", "S6"],
        "mayWrite": true,
        "forOffices": false,
        "validFrom": "2026-08-15",
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z"
    }
}

crate::body! {
    /// An application as it is approved.
    NewFrontEnd
    required {
        /// What people call it.
        name: ShortText,
        /// The issuer of the tokens with which people come through it.
        issuer: WebAddress,
        /// What these tokens call it: `client_id` (RFC 9068), or `azp`.
        client_id: Audience,
    }
    defaulted {
        /// The sections that may be seen through it; all if left out.
        sections: Vec<Section> = Section::ALL.to_vec(),
        /// Whether more may be done through it than reading.
        may_write: bool = true,
        /// Whether what somebody may by an office: as custodian, coordinator or school manager.
        for_offices: bool = false,
    }
    optional {
        /// The first day; today if left out.
        valid_from: NaiveDate,
        /// The day on which it has ended.
        valid_to: NaiveDate,
    }
    example {
        "name": "Plan Companion",
        "issuer": "https://id.canyonview.example",
        "clientId": "plan-companion",
        "sections": ["S0", "S1a", "S2", "S4", "S6"]
    }
    check |new| {
        let mut invalid = sections_faults(&new.sections);
        period_faults(new.valid_from, new.valid_to, &mut invalid);
        invalid
    }
}

crate::change! {
    /// A change to an approved application: what is absent stays, null clears.
    FrontEndPatch
    required {
        /// What people call it.
        name: ShortText,
        /// The sections that may be seen through it.
        sections: Vec<Section>,
        /// Whether more may be done through it than reading.
        may_write: bool,
        /// Whether what somebody may by an office.
        for_offices: bool,
    }
    optional {
        /// The day on which it has ended. Today ends it at once.
        valid_to: NaiveDate,
    }
    example { "mayWrite": false, "validTo": "2027-06-30" }
}

impl FrontEnd {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &FrontEndPatch) -> Invalid {
        let mut invalid = patch.sections.as_deref().map(sections_faults).unwrap_or_default();
        period_faults(Some(self.valid_from), patch.valid_to.after(self.valid_to.as_ref()).copied(), &mut invalid);
        invalid
    }
}

fn sections_faults(sections: &[Section]) -> Invalid {
    let mut invalid = Invalid::default();
    if sections.is_empty() {
        invalid.push("/sections", "bad_length", "Must name a section.");
    }
    for (n, section) in sections.iter().enumerate() {
        if sections.iter().take(n).any(|earlier| earlier == section) {
            invalid.push(format!("/sections/{n}"), "twice", "Is listed twice.");
        }
    }
    invalid
}

/// What a district's approval of an application says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// What may be done through it.
    pub ceiling: Ceiling,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The day on which it has ended.
    pub valid_to: Option<NaiveDate>,
}

/// The district has not approved the application through which somebody comes, or not for today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotApproved;

/// What a person may do at most who comes through an application: what the district approved it for, and the token's scopes.
///
/// # Errors
/// If there is no approval that counts today. Only the tokens of this deployment itself need none: it gives them out for demos and tests.
pub fn ceiling(through: &Through, approval: Option<Approval>, today: NaiveDate) -> Result<Option<Ceiling>, NotApproved> {
    let reads_only = match through {
        Through::Itself => return Ok(None),
        Through::Unnamed => return Err(NotApproved),
        Through::FrontEnd { reads_only, .. } => *reads_only,
    };
    let approval = approval.filter(|approval| covers(Some(approval.valid_from), approval.valid_to, today)).ok_or(NotApproved)?;
    let scopes = Ceiling { sections: Sections::from_iter(Section::ALL.iter().copied()), writes: !reads_only, offices: true };
    Ok(Some(approval.ceiling.and(scopes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn through(reads_only: bool) -> Through {
        Through::FrontEnd { client_id: "app".into(), reads_only }
    }

    fn approval() -> Approval {
        let ceiling = Ceiling { sections: Sections::NONE.with(Section::PlanOfStudy), writes: true, offices: false };
        Approval { ceiling, valid_from: day(2), valid_to: Some(day(20)) }
    }

    #[test]
    fn nobody_comes_through_what_is_not_approved_today() {
        assert_eq!(ceiling(&through(false), None, day(5)), Err(NotApproved));
        assert_eq!(ceiling(&through(false), Some(approval()), day(1)), Err(NotApproved));
        assert_eq!(ceiling(&through(false), Some(approval()), day(20)), Err(NotApproved));
        assert_eq!(ceiling(&Through::Unnamed, Some(approval()), day(5)), Err(NotApproved));
        assert_eq!(ceiling(&Through::Itself, None, day(5)), Ok(None));
    }

    #[test]
    fn scopes_and_approval_both_limit() {
        assert_eq!(ceiling(&through(false), Some(approval()), day(2)), Ok(Some(approval().ceiling)));
        let reads = Ceiling { writes: false, ..approval().ceiling };
        assert_eq!(ceiling(&through(true), Some(approval()), day(19)), Ok(Some(reads)));
    }

    #[test]
    fn every_fault_of_an_approval_is_named() {
        let sent = json!({ "issuer": "id", "clientId": "a b", "sections": [], "mayWrite": 1, "validFrom": "2026-09-01", "validTo": "2026-08-01" });
        let Err(invalid) = NewFrontEnd::read(sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/issuer", "/clientId", "/sections", "/mayWrite"]);
        assert!(NewFrontEnd::read(NewFrontEnd::example()).is_ok());
        assert!(FrontEndPatch::read(FrontEndPatch::example()).is_ok());
    }
}
