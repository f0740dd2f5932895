//! What OpenILP knows and decides: value types, nouns, rules and access. No I/O, no async, no clock, no environment.

pub mod code;
pub mod field;
pub mod grade;
pub mod id;
pub mod identity;
pub mod invalid;
pub mod number;
pub mod page;
pub mod patch;
pub mod text;
pub mod time;
#[cfg(feature = "wire")]
pub mod wire;
pub mod words;

pub mod access;
pub mod catalogue;
pub mod emergency_access;
pub mod fact;
pub mod framework;
pub mod front_end;
pub mod kind;
pub mod model_plan;
pub mod noun;
pub mod plain;
pub mod plan_domain;
pub mod plan_job;
pub mod plan_part;
pub mod principal;
pub mod profile;
pub mod program;
pub mod roster;

pub mod activity;
pub mod adult_status;
pub mod agreement;
pub mod alarm;
pub mod amendment_request;
pub mod annual_notice;
pub mod applied_skills;
pub mod appointment;
pub mod assignment;
pub mod attendance_total;
pub mod benchmark;
pub mod career;
pub mod catalogue_label;
pub mod client;
pub mod consent;
pub mod course_plan;
pub mod coursework;
pub mod district;
pub mod goal;
pub mod graduation;
pub mod group_member;
pub mod guardian_link;
pub mod guidance;
pub mod identity_link;
pub mod ilp_file;
pub mod ilp_status;
pub mod inspection_request;
pub mod invitation;
pub mod issuer;
pub mod notice;
pub mod partner;
pub mod partner_member;
pub mod person_merge;
pub mod post_school_outcome;
pub mod postsecondary;
pub mod potential_duplicate;
pub mod privacy_preference;
pub mod progress_record;
pub mod proposal;
pub mod recommendation;
pub mod redaction;
pub mod reflection;
pub mod report_card;
pub mod resource;
pub mod restriction;
pub mod resume;
pub mod school;
pub mod self_awareness;
pub mod strength;
pub mod student;
pub mod student_flag;
pub mod student_group;
pub mod template;
pub mod translation;
pub mod unlinked_login;
pub mod year_outcome;

/// The id in examples of the API description.
pub fn wire_example_id() -> &'static str {
    "01920000-0000-7000-8000-000000000001"
}
