//! Templates, and what of them is applied to plans (R28, R36, R37).

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::TemplateId;
use openilp_domain::kind::Operation;
use openilp_domain::template::{MinimumProgram, NewTemplate, Template, TemplatePatch, TemplateStatus};

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::schema::templates::dsl;

crate::kept! {
    Template (TemplateId, NewTemplate, TemplatePatch) in templates {
        id, title, first_grade, last_grade, items, status, version, created_at, updated_at, school_id, guidelines, revises_id, model_plan_id
    }
    by { school_id }
    narrowed |rows, _filter| {}
    impl {
        const KEEPERS: &'static [DistrictAction] = &[DistrictAction::ManageProgram];
        // What is asked of all students is no secret.
        async fn expect_reader(_: &Tx<'_>, _: &Grant) -> Result<()> {
            Ok(())
        }
    }
}

async fn create(tx: &Tx<'_>, _: &Granted<'_>, new: NewTemplate) -> Result<Template> {
    if let Some(model) = new.model_plan_id {
        crate::model_plan::expect(tx, model).await?;
    }
    let mut conn = tx.conn;
    let row = (
        dsl::district_id.eq(tx.district),
        dsl::id.eq(tx.id()),
        dsl::title.eq(new.title),
        dsl::first_grade.eq(new.first_grade),
        dsl::last_grade.eq(new.last_grade),
        dsl::items.eq(new.items),
        dsl::status.eq(TemplateStatus::Draft),
        dsl::version.eq(1),
        dsl::created_at.eq(tx.at),
        dsl::updated_at.eq(tx.at),
        (dsl::school_id.eq(new.school_id), dsl::guidelines.eq(new.guidelines)),
        (dsl::revises_id.eq(new.revises_id), dsl::model_plan_id.eq(new.model_plan_id)),
    );
    let created = diesel::insert_into(dsl::templates).values(row).returning(columns!()).get_result::<Template>(&mut conn).await?;
    crate::kept::note(tx, Operation::Created, &created).await?;
    Ok(created)
}

async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: TemplateId, version: i32, patch: TemplatePatch) -> Result<Template> {
    let before = current(tx, id, version).await?;
    if !before.may_become(&patch) {
        return Err(Error::Conflict {
            code: "template_given_out",
            detail: "What is given out stays as it is: draw up a template that revises it. An active one may retire.",
        });
    }
    let faults = before.faults(&patch, granted.grant().district().profile);
    if !faults.0.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let mut conn = tx.conn;
    let set = (
        patch.title.map(|to| dsl::title.eq(to)),
        patch.first_grade.map(|to| dsl::first_grade.eq(to)),
        patch.last_grade.map(|to| dsl::last_grade.eq(to)),
        patch.items.map(|to| dsl::items.eq(to)),
        patch.status.map(|to| dsl::status.eq(to)),
        patch.guidelines.into_column().map(|to| dsl::guidelines.eq(to)),
        dsl::version.eq(version + 1),
        dsl::updated_at.eq(tx.at),
    );
    let amended = diesel::update(dsl::templates.find((tx.district, id))).set(set).returning(columns!()).get_result::<Template>(&mut conn).await?;
    crate::kept::note(tx, Operation::Amended, &amended).await?;
    Ok(amended)
}

/// One of the district's templates.
pub(crate) async fn find(tx: &Tx<'_>, id: TemplateId) -> Result<Option<Template>> {
    let mut conn = tx.conn;
    Ok(dsl::templates.find((tx.district, id)).select(columns!()).first(&mut conn).await.optional()?)
}

/// The state's minimum, held against a template if one is named.
pub async fn minimum(tx: &Tx<'_>, grant: &Grant, template: Option<TemplateId>) -> Result<MinimumProgram> {
    let template = match template {
        Some(id) => Some(find(tx, id).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let held = template.as_ref().map(|template| (template.first_grade, template.last_grade, &template.items));
    Ok(MinimumProgram::of(grant.district().profile, held))
}
