//! Templates, and how they come into a student's plan (R28, R36, R37).

use openilp_domain::access::Section;
use openilp_domain::id::TemplateId;
use openilp_domain::profile::Profile;
use openilp_domain::program::{NewTemplateApplication, ProgramItem, TemplateApplication};
use openilp_domain::template::{MinimumProgram, Template};
use openilp_persistence::{program, template};
use serde_json::json;

use crate::answer::{Composed, Done, Outcome, derived_shape, done};
use crate::body::{Body, IdempotencyKey, NoParams, Query};
use crate::guard::{Anyone, Can, Create, File, PathId};
use crate::kept::{One, Said};
use crate::plain::nothing_seen;
use crate::routes::{About, Routes};

derived_shape!(TemplateApplication, json!({ "added": 9, "carried": 6, "toAnswer": 3, "alreadyThere": 0 }));

derived_shape!(
    MinimumProgram,
    json!({ "profile": "us-ri-ride", "profileVersion": 1, "items": [{ "asked": {
    "key": "career-goals", "title": "Career goals: set, planned and reached", "domain": "career", "firstGrade": 6, "lastGrade": 12, "requirement": "R171",
    "source": "Rhode Island individual learning plan framework (RIDE)" }, "coveredBy": ["career-goal"], "missingGrades": [] }] })
);

async fn minimum(anyone: Anyone, _: Query<NoParams>) -> Outcome<Composed<MinimumProgram>> {
    held(&anyone, None).await
}

async fn minimum_of(anyone: Anyone, path: PathId<One<Template>>, _: Query<NoParams>) -> Outcome<Composed<MinimumProgram>> {
    held(&anyone, Some(TemplateId(path.id))).await
}

async fn held(anyone: &Anyone, template: Option<TemplateId>) -> Outcome<Composed<MinimumProgram>> {
    Ok(Composed(anyone.browse(async |tx, grant| Ok((template::minimum(tx, grant, template).await?, nothing_seen()))).await?))
}

async fn apply(
    can: Can<Create<ProgramItem>, File>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewTemplateApplication>,
) -> Outcome<Done<TemplateApplication>> {
    let Body { value: new, hash } = body;
    let reply =
        can.write(Some(Section::PlanOfStudy), Some(&key.with(hash)), async |tx, granted| Ok(done(&program::apply(tx, granted, &new).await?))).await?;
    Ok(reply.into())
}

/// The routes of templates.
pub fn routes(r: &mut Routes) {
    r.tag("program");
    let profiles = Profile::all().iter().map(|profile| format!("`{}`", profile.id)).collect::<Vec<_>>().join(", ");
    let activate: &'static str = Box::leak(
        format!(
            "`status`: `active` gives a draft out. It must hold the minimum program of the state then (R28): what no required item covers is named, with its \
             grades; see its `minimum-program` ({profiles}). From then on a template stays as it is, and only retires: what is to be otherwise is another, which revises it."
        )
        .into_boxed_str(),
    );
    r.kept_by_coordinator_for_others::<Template>(Said {
        list: (
            "List the templates of your district",
            "Of the district and its schools, drafts and retired ones too. For everybody in the district: nothing in it is about a student.",
        ),
        read: ("Read a template", ""),
        create: ("Draft a template", "The minimum program and general guidelines that the district, or one school, asks of all students (R36)."),
        amend: ("Change a template, give it out or retire it", activate),
    });
    r.get("/v1/minimum-program", minimum, About {
        id: "read_minimum_program",
        summary: "Read the state's minimum program",
        text: "What the requirement profile of your district asks every plan to hold, item by item. Nothing covers it yet: all grades are missing.",
    });
    r.get(
        "/v1/templates/{templateId}/minimum-program",
        minimum_of,
        About {
            id: "read_template_minimum_program",
            summary: "Read the state's minimum program, held against a template",
            text: "Item by item, which items of the template cover it, and in which of its grades nothing does (R28).",
        },
    );
    r.tag("files");
    r.post("/v1/ilp-files/{ilpFileId}/template-applications", apply, About {
        id: "apply_template",
        summary: "Apply a template to a student's plan",
        text: "Adds the items for the student's grade in the school year to the plan, as `program-items`: copies, which no later change of the template touches. What is \
               there already stays. With `carryFrom`, answers of that earlier year are carried forward where the same is asked in the same words, each still its \
               author's; what is new, asked otherwise or contested waits to be answered (`toAnswer`). For whoever writes in the plan of study (S2).",
    });
}
