//! The program in a student's plan: items of templates, and what is added to them (R36, R37).

use std::collections::HashMap;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, Section};
use openilp_domain::field::SchoolYear;
use openilp_domain::id::{PlanId, ProgramItemId, StudentId, TemplateId};
use openilp_domain::invalid::Invalid;
use openilp_domain::kind::Operation;
use openilp_domain::noun::Sectioned;
use openilp_domain::program::{
    Contribution, NewContribution, NewProgramItem, NewTemplateApplication, Party, ProgramItem, ProgramItemStatus, TemplateApplication,
};
use openilp_domain::template::{Template, TemplateItem, TemplateStatus};
use openilp_domain::time::school_year_of;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Granted;
use crate::listed;
use crate::record;
use crate::schema::{contributions, program_items};
use crate::{plan, template};

record! {
    ProgramItem in program_items
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, _new| plan::id_of(tx, granted.student_id()?).await,
        student_id = |_tx, granted, _new| granted.student_id(),
        item = |tx, granted, new| taken(tx, granted, new).await,
    }
    fixed { template_id, item_key, school_year }
    set { status, done_on, note }
}

record! {
    Contribution in contributions
    beneath student_id = |located| located.student_id,
    of {
        plan_id = |tx, granted, _new| plan::id_of(tx, granted.student_id()?).await,
        student_id = |_tx, granted, _new| granted.student_id(),
        party = |_tx, granted, _new| Ok::<_, Error>(Party::of(granted.relation())),
        written_for = |tx, granted, new| asked_in(tx, granted, new).await,
    }
    fixed { domain, program_item_id }
    set { body }
}

/// The item that is taken into the plan, in the words that the template has now.
async fn taken(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewProgramItem) -> Result<TemplateItem> {
    let template = active(tx, new.template_id).await?;
    let unknown = || Error::Invalid(Invalid::one("/itemKey", "unknown_item", "The template has no such item."));
    let item = template.items.find(new.item_key.as_str()).ok_or_else(unknown)?;
    lock(tx, granted.student_id()?).await?;
    let there = in_plan(tx, granted).await?;
    if there.iter().any(|one| one.school_year == new.school_year && one.template_id == new.template_id && one.item_key == new.item_key) {
        return Err(Error::Conflict { code: "item_there", detail: "The plan has this item for this school year already." });
    }
    Ok(item.clone())
}

/// What is said of a template before any student is looked at: it is given out, and for a year that it may be applied for.
pub(crate) async fn expect_applicable(tx: &Tx<'_>, granted: &Granted<'_>, template: TemplateId, school_year: SchoolYear) -> Result<Template> {
    let template = active(tx, template).await?;
    this_or_next(granted, school_year)?;
    Ok(template)
}

/// A template that is given out.
async fn active(tx: &Tx<'_>, id: TemplateId) -> Result<Template> {
    let unknown = Error::Conflict { code: "template_unknown", detail: "There is no such template." };
    let template = template::find(tx, id).await?.ok_or(unknown)?;
    match template.status {
        TemplateStatus::Active => Ok(template),
        _ => Err(Error::Conflict { code: "template_not_active", detail: "Only a template that is active is applied to plans." }),
    }
}

/// One at a time applies a template to a plan.
async fn lock(tx: &Tx<'_>, student: StudentId) -> Result<()> {
    use crate::schema::plans::dsl;
    let mut conn = tx.conn;
    dsl::plans
        .filter(dsl::district_id.eq(tx.district))
        .filter(dsl::student_id.eq(student))
        .select(dsl::id)
        .for_update()
        .load::<PlanId>(&mut conn)
        .await?;
    Ok(())
}

/// The items of the student's plan that stand, as far as the caller reads them.
async fn in_plan(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<Vec<ProgramItem>> {
    let items = granted.grant().sift(listed::of_student::<ProgramItem>(tx, granted.student_id()?).await?);
    Ok(items.into_iter().filter(|item| !item.entered_in_error).collect())
}

/// The school year of the item to which something is added. It is the student's, and of the domain that is said.
async fn asked_in(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewContribution) -> Result<SchoolYear> {
    use program_items::dsl;
    let mut conn = tx.conn;
    let item = dsl::program_items.find((tx.district, new.program_item_id)).filter(dsl::student_id.eq(granted.student_id()?));
    let item = item.select((dsl::item, dsl::school_year)).first::<(TemplateItem, SchoolYear)>(&mut conn).await.optional()?;
    match item {
        Some((item, school_year)) if item.domain == new.domain => Ok(school_year),
        _ => Err(Error::Conflict { code: "program_item_unknown", detail: "The student has no such item in this domain." }),
    }
}

/// Applies a template to the plan of the granted file: the items for the student's grade in that school year that are not in the plan yet.
///
/// With `carry_from`, what was answered in that earlier year to an item of the same key is carried forward, if it asked the same in the same words: each
/// answer stays its author's. What is contested, or has words in it that are withheld from the family, is asked anew (L13, L15).
pub async fn apply(tx: &Tx<'_>, granted: &Granted<'_>, new: &NewTemplateApplication) -> Result<TemplateApplication> {
    let (student, grant) = (granted.student_id()?, granted.grant());
    grant.relation_for(Action::Write, Section::PlanOfStudy, &openilp_domain::access::Item::default()).ok_or(Error::Forbidden)?;
    let template = expect_applicable(tx, granted, new.template_id, new.school_year).await?;
    let grade = grade_in(granted, new.school_year)?;
    lock(tx, student).await?;
    let (plan_id, there) = (plan::id_of(tx, student).await?, in_plan(tx, granted).await?);
    let lineage = lineage(tx, &template).await?;
    let answers = answers(tx, granted).await?;
    let mut done = TemplateApplication::default();
    for item in template.items_for(grade) {
        let same = |one: &&ProgramItem| one.item_key == item.key && lineage.contains(&one.template_id);
        if there.iter().filter(same).any(|one| one.school_year == new.school_year) {
            done.already_there += 1;
            continue;
        }
        let earlier = new.carry_from.and_then(|year| there.iter().filter(same).find(|one| one.school_year == year && one.item.asks_as(item)));
        let added = add(tx, granted, plan_id, item, new).await?;
        done.added += 1;
        let answered = earlier.and_then(|earlier| answers.get(&earlier.id)).map_or(&[][..], Vec::as_slice);
        for answer in answered {
            carry(tx, answer, &added).await?;
        }
        if answered.is_empty() { done.to_answer += 1 } else { done.carried += 1 }
    }
    Ok(done)
}

/// How many years ahead the school year is: 0 or 1.
fn this_or_next(granted: &Granted<'_>, school_year: SchoolYear) -> Result<i32> {
    let this = school_year_of(granted.grant().district().today);
    let ahead = school_year.0 - this;
    let fault = || {
        let detail = format!("Must be this school year ({this}) or the next ({}), named by the year in which it ends.", this + 1);
        Error::Invalid(Invalid::one("/schoolYear", "out_of_range", detail))
    };
    if (0..=1).contains(&ahead) { Ok(ahead) } else { Err(fault()) }
}

/// The grade that the student is in, in this school year or the next.
fn grade_in(granted: &Granted<'_>, school_year: SchoolYear) -> Result<i32> {
    let ahead = this_or_next(granted, school_year)?;
    let grade = granted.grant().student()?.grade.and_then(openilp_domain::grade::Grade::number);
    let grade = grade
        .ok_or(Error::Conflict { code: "no_grade", detail: "The student is in no grade that has a number: nothing says which items are asked." })?;
    Ok(i32::from(grade) + ahead)
}

/// The template and those that it revises, one after the other.
async fn lineage(tx: &Tx<'_>, template: &Template) -> Result<Vec<TemplateId>> {
    let mut ids = vec![template.id];
    let mut revises = template.revises_id;
    while let Some(id) = revises.filter(|id| !ids.contains(id)) {
        ids.push(id);
        revises = template::find(tx, id).await?.and_then(|before| before.revises_id);
    }
    Ok(ids)
}

/// What was added to each item, as far as the caller reads it and it may be carried forward.
async fn answers(tx: &Tx<'_>, granted: &Granted<'_>) -> Result<HashMap<ProgramItemId, Vec<Contribution>>> {
    let grant = granted.grant();
    let mut answers: HashMap<_, Vec<_>> = HashMap::new();
    for answer in grant.sift(listed::of_student::<Contribution>(tx, granted.student_id()?).await?) {
        if !answer.entered_in_error && !grant.is_marked(answer.id) {
            answers.entry(answer.program_item_id).or_default().push(answer);
        }
    }
    Ok(answers)
}

async fn add(tx: &Tx<'_>, granted: &Granted<'_>, plan_id: PlanId, item: &TemplateItem, new: &NewTemplateApplication) -> Result<ProgramItem> {
    let added = ProgramItem {
        id: ProgramItemId(tx.id()),
        plan_id,
        student_id: granted.student_id()?,
        item: item.clone(),
        template_id: new.template_id,
        item_key: item.key.clone(),
        school_year: new.school_year,
        status: ProgramItemStatus::Open,
        done_on: None,
        note: None,
        created_by: granted.person()?,
        entered_in_error: false,
        version: 1,
        created_at: tx.at,
        updated_at: tx.at,
    };
    use program_items::dsl;
    let row = (
        (dsl::district_id.eq(tx.district), dsl::id.eq(added.id), dsl::plan_id.eq(plan_id), dsl::student_id.eq(added.student_id)),
        (
            dsl::item.eq(&added.item),
            dsl::template_id.eq(added.template_id),
            dsl::item_key.eq(&added.item_key),
            dsl::school_year.eq(added.school_year),
        ),
        (dsl::status.eq(added.status), dsl::created_by.eq(added.created_by), dsl::entered_in_error.eq(false)),
        (dsl::version.eq(1), dsl::created_at.eq(tx.at), dsl::updated_at.eq(tx.at)),
    );
    let mut conn = tx.conn;
    diesel::insert_into(dsl::program_items).values(row).execute(&mut conn).await?;
    record::note(tx, Operation::Created, &added)?;
    Ok(added)
}

/// Carries an answer forward to the item of a later year. It stays its author's, and says for which year it was written.
async fn carry(tx: &Tx<'_>, answer: &Contribution, item: &ProgramItem) -> Result<()> {
    let carried = Contribution { id: tx.id().into(), program_item_id: item.id, version: 1, created_at: tx.at, updated_at: tx.at, ..answer.clone() };
    debug_assert_eq!(carried.section(), answer.section());
    use contributions::dsl;
    let row = (
        (dsl::district_id.eq(tx.district), dsl::id.eq(carried.id), dsl::plan_id.eq(carried.plan_id), dsl::student_id.eq(carried.student_id)),
        (dsl::party.eq(carried.party), dsl::written_for.eq(carried.written_for), dsl::domain.eq(carried.domain)),
        (dsl::program_item_id.eq(item.id), dsl::body.eq(&carried.body), dsl::created_by.eq(carried.created_by), dsl::entered_in_error.eq(false)),
        (dsl::version.eq(1), dsl::created_at.eq(tx.at), dsl::updated_at.eq(tx.at)),
    );
    let mut conn = tx.conn;
    diesel::insert_into(dsl::contributions).values(row).execute(&mut conn).await?;
    record::note(tx, Operation::Created, &carried)
}
