//! A district (LEA): the tenant, and the rules it goes by.

use chrono::{DateTime, Utc};

use crate::code::{ProfileId, StateCode, TimeZone};
use crate::id::DistrictId;
use crate::plain::no_rules;
use crate::report_card::ReportCardCategories;
use crate::text::ShortText;

crate::view! {
    /// A district, and the rules it goes by.
    District
    required {
        /// The id.
        id: DistrictId,
        /// Its name.
        name: ShortText,
        /// The state it is in.
        state_code: StateCode,
        /// The time zone in which its days begin: birthdays, deadlines, school years.
        time_zone: TimeZone,
        /// The requirement profile it has adopted. It says from which grade on files exist, and how wide access is.
        requirement_profile: ProfileId,
        /// Whether teachers of a student's classes count as involved educators (R136). It follows from the profile.
        roster_teachers: bool,
        /// Whether the guardian links of its roster count without being confirmed one by one.
        guardians_trusted: bool,
        /// The categories of its gradebooks whose results make a report card (R18). Those of others are not copied.
        report_card_categories: ReportCardCategories,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was set up.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// Its id at the National Center for Education Statistics.
        nces_id: ShortText,
    }
    example {
        "id": crate::wire_example_id(),
        "name": "Canyon View School District",
        "stateCode": "UT",
        "timeZone": "America/Denver",
        "requirementProfile": "us-ut-ega",
        "rosterTeachers": false,
        "guardiansTrusted": false,
        "reportCardCategories": [{ "source": "sis", "category": "Quarter grade" }],
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "ncesId": "4900001"
    }
}

crate::body! {
    /// A district as it is set up.
    NewDistrict
    required {
        /// Its name.
        name: ShortText,
        /// The state it is in.
        state_code: StateCode,
        /// The time zone in which its days begin.
        time_zone: TimeZone,
        /// The requirement profile it adopts.
        requirement_profile: ProfileId,
    }
    defaulted {
        /// Whether the guardian links of its roster count without being confirmed one by one. False if left out.
        guardians_trusted: bool = false,
        /// The categories of its gradebooks whose results make a report card (R18). None if left out: then no result is copied.
        report_card_categories: ReportCardCategories = ReportCardCategories::default(),
    }
    optional {
        /// Its id at the National Center for Education Statistics.
        nces_id: ShortText,
    }
    example {
        "name": "Canyon View School District",
        "stateCode": "UT",
        "timeZone": "America/Denver",
        "requirementProfile": "us-ut-ega",
        "guardiansTrusted": false,
        "reportCardCategories": [{ "source": "sis", "category": "Quarter grade" }],
        "ncesId": "4900001"
    }
    check no_rules
}

crate::change! {
    /// A change to a district: what is absent stays.
    DistrictPatch
    required {
        /// Its name.
        name: ShortText,
        /// The time zone in which its days begin.
        time_zone: TimeZone,
        /// The requirement profile it adopts.
        requirement_profile: ProfileId,
        /// Whether the guardian links of its roster count without being confirmed one by one.
        guardians_trusted: bool,
        /// The categories of its gradebooks whose results make a report card (R18). It counts from the next load on; copies that were made stay.
        report_card_categories: ReportCardCategories,
    }
    optional {}
    example { "requirementProfile": "us-ri-ride", "guardiansTrusted": true, "reportCardCategories": [{ "category": "Quarter grade" }] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::Body;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_new_district_is_named() {
        let sent = json!({ "name": "", "stateCode": "Utah", "timeZone": "MST7", "requirementProfile": "us-xx", "guardiansTrusted": 1, "rosterTeachers": true });
        let Err(invalid) = NewDistrict::read(sent) else { panic!("accepted") };
        let pointers: Vec<_> = invalid.0.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/stateCode", "/timeZone", "/requirementProfile", "/guardiansTrusted", "/rosterTeachers"]);
    }

    #[test]
    fn the_examples_are_accepted() {
        assert!(NewDistrict::read(NewDistrict::example()).is_ok());
        assert!(DistrictPatch::read(DistrictPatch::example()).is_ok());
    }
}
