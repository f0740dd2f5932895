//! Templates: the minimum program and the guidelines that a district or a school asks of all students (R36), and what the state asks them to hold (R28).
//!
//! A template is written as a draft, and counts once it is active: from then on it stays as it is, so that everybody to whom it was applied was asked the
//! same. What is to be otherwise is another template, which revises it. What stands in a plan is a copy ([`crate::program`]).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::field::{Field, Members, wrong};
use crate::goal::Component;
use crate::id::{ModelPlanId, SchoolId, TemplateId};
use crate::invalid::Invalid;
use crate::number::GradeNumber;
use crate::patch::Patch;
use crate::plan_domain::PlanDomain;
use crate::profile::{MinimumItem, Profile};
use crate::text::{LongText, ShortText};

crate::words! {
    /// Where a template stands.
    TemplateStatus {
        /// Being written. It is not applied to any plan.
        Draft = "draft",
        /// Given out: applied to plans. It stays as it is.
        Active = "active",
        /// Applied to no more plans.
        Retired = "retired",
    }
}

/// One thing that a template asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(rename_all = "camelCase")]
pub struct TemplateItem {
    /// Its key: one of a kind in the template, and the same in one that revises it.
    pub key: ShortText,
    /// The domain.
    pub domain: PlanDomain,
    /// The key component (R167).
    pub component: Component,
    /// What is asked, in one line.
    pub title: ShortText,
    /// What is asked, in full.
    pub description: LongText,
    /// Whether it is required of all students. What is not is a guideline (R36).
    pub required: bool,
    /// The first grade that it is for, if not the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_grade: Option<GradeNumber>,
    /// The last grade that it is for, if not the template's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_grade: Option<GradeNumber>,
    /// What of the state's minimum it is, by the key there (R28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<ShortText>,
}
crate::kept_as_json!(TemplateItem);

impl TemplateItem {
    /// Whether a student in the grade is asked it, by a template for these grades.
    pub fn is_for(&self, grade: i32, of: (GradeNumber, GradeNumber)) -> bool {
        let (first, last) = (self.first_grade.unwrap_or(of.0), self.last_grade.unwrap_or(of.1));
        (i32::from(first)..=i32::from(last)).contains(&grade)
    }

    /// Whether it asks the same, in the same words.
    pub fn asks_as(&self, other: &Self) -> bool {
        self.domain == other.domain && self.title == other.title && self.description == other.description
    }
}

impl Field for TemplateItem {
    fn example() -> Value {
        json!({ "key": "career-goal", "domain": "career", "component": "careerExploration", "title": "A written career goal", "required": true,
                "description": "Write one career goal, and what you will do for it this year.", "firstGrade": 6, "lastGrade": 12, "covers": "career-goals" })
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        let mut members = Members::of(value.clone())?;
        let (key, domain, component) = (members.required("key"), members.required("domain"), members.required("component"));
        let (title, description) = (members.required("title"), members.required("description"));
        let required = members.change("required").unwrap_or(true);
        let (first_grade, last_grade, covers) = (members.optional("first_grade"), members.optional("last_grade"), members.optional("covers"));
        members.finish()?;
        let read = || {
            Some(Self {
                key: key?,
                domain: domain?,
                component: component?,
                title: title?,
                description: description?,
                required,
                first_grade,
                last_grade,
                covers,
            })
        };
        read().map_or_else(|| wrong("incomplete", "A required member is missing."), Ok)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("TemplateItem").into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        use crate::wire::member;
        let one = crate::wire::object("One thing that a template asks.");
        let one = member::<ShortText>(one, "key", "One of a kind in the template, and the same in one that revises it.", true, false, named);
        let one = member::<PlanDomain>(one, "domain", "The domain.", true, false, named);
        let one = member::<Component>(one, "component", "The key component.", true, false, named);
        let one = member::<ShortText>(one, "title", "What is asked, in one line.", true, false, named);
        let one = member::<LongText>(one, "description", "What is asked, in full.", true, false, named);
        let about = "Whether it is required of all students. Left out: true. What is not is a guideline.";
        let one = member::<bool>(one, "required", about, false, false, named);
        let one = member::<GradeNumber>(one, "first_grade", "The first grade that it is for. Left out: the template's.", false, false, named);
        let one = member::<GradeNumber>(one, "last_grade", "The last grade that it is for. Left out: the template's.", false, false, named);
        let about = "What of the state's minimum it is, by the key there: `GET /v1/minimum-program`.";
        let one = member::<ShortText>(one, "covers", about, false, false, named);
        named.push(("TemplateItem".to_owned(), one.into()));
    }
}

/// What a template asks, in order: one to a thousand items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(transparent)]
pub struct TemplateItems(pub Vec<TemplateItem>);
crate::kept_as_json!(TemplateItems);

impl TemplateItems {
    /// The item of a key.
    pub fn find(&self, key: &str) -> Option<&TemplateItem> {
        self.0.iter().find(|item| item.key.as_str() == key)
    }
}

impl Field for TemplateItems {
    fn example() -> Value {
        json!([TemplateItem::example()])
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        let items = Vec::<TemplateItem>::read(value)?;
        let mut invalid = Invalid::default();
        for (number, item) in items.iter().enumerate() {
            let first = items.iter().take(number).all(|before| before.key != item.key);
            invalid.unless(first, &format!("/{number}/key"), "twice", "Each key is given once.");
            let ordered = item.first_grade.zip(item.last_grade).is_none_or(|(first, last)| first <= last);
            invalid.unless(ordered, &format!("/{number}/lastGrade"), "before_first", "Must not come before the first grade.");
            let known = item.covers.as_ref().is_none_or(|key| Profile::all().iter().any(|profile| profile.asks(key.as_str())));
            invalid.unless(known, &format!("/{number}/covers"), "unknown_key", "No state's minimum has this key: see `GET /v1/minimum-program`.");
        }
        invalid.or(Self(items))
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        Vec::<TemplateItem>::schema()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        TemplateItem::schemas(named);
    }
}

crate::view! {
    /// A template: the minimum program and the guidelines that a district or a school asks of all students (R36).
    Template
    required {
        /// The id.
        id: TemplateId,
        /// What it is called.
        title: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What it asks.
        items: TemplateItems,
        /// Where it stands. What is active stays as it is.
        status: TemplateStatus,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// The school whose it is. Absent: the district's.
        school_id: SchoolId,
        /// General guidelines for all who work with it.
        guidelines: LongText,
        /// The template that it revises.
        revises_id: TemplateId,
        /// The model plan that it was made from (R38, R39).
        model_plan_id: ModelPlanId,
    }
    example {
        "id": crate::wire_example_id(),
        "title": "Our plan, grades 6 to 12",
        "firstGrade": 6,
        "lastGrade": 12,
        "items": TemplateItems::example(),
        "status": "active",
        "version": 2,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "guidelines": "Advisers look at it with every student in September and in January."
    }
}

crate::body! {
    /// A template as it is drafted.
    NewTemplate
    required {
        /// What it is called.
        title: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What it asks.
        items: TemplateItems,
    }
    defaulted {}
    optional {
        /// The school whose it is. Left out: the district's.
        school_id: SchoolId,
        /// General guidelines for all who work with it.
        guidelines: LongText,
        /// The template that it revises: items of the same key are taken for the same.
        revises_id: TemplateId,
        /// The model plan that it was made from.
        model_plan_id: ModelPlanId,
    }
    example {
        "title": "Our plan, grades 6 to 12",
        "firstGrade": 6,
        "lastGrade": 12,
        "items": TemplateItems::example(),
        "guidelines": "Advisers look at it with every student in September and in January."
    }
    check |new| grade_faults(new.first_grade, new.last_grade, &new.items)
}

crate::change! {
    /// A change to a template: what is absent stays, null clears.
    TemplatePatch
    required {
        /// What it is called.
        title: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What it asks.
        items: TemplateItems,
        /// Where it stands: `active` gives it out, `retired` ends that.
        status: TemplateStatus,
    }
    optional {
        /// General guidelines for all who work with it.
        guidelines: LongText,
    }
    example { "status": "active" }
}

/// The grades of a template or a model plan are in order, and its items are for none beside them.
pub(crate) fn grade_faults(first: GradeNumber, last: GradeNumber, items: &TemplateItems) -> Invalid {
    let mut invalid = Invalid::default();
    invalid.unless(first <= last, "/lastGrade", "before_first", "Must not come before the first grade.");
    for (number, item) in items.0.iter().enumerate() {
        for (member, grade) in [("firstGrade", item.first_grade), ("lastGrade", item.last_grade)] {
            let inside = first > last || grade.is_none_or(|grade| (first..=last).contains(&grade));
            invalid.unless(inside, &format!("/items/{number}/{member}"), "other_grade", "Must be one of the grades of the whole.");
        }
    }
    invalid
}

/// How an item of the state's minimum stands in a template.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MinimumStanding {
    /// What the state asks.
    pub asked: MinimumItem,
    /// The items of the template that cover it, by their keys.
    pub covered_by: Vec<String>,
    /// The grades of the template in which nothing covers it.
    pub missing_grades: Vec<i32>,
}

/// What the state asks every plan of its districts to hold (R28), and what of it a template covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wire", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MinimumProgram {
    /// The requirement profile that the district has adopted.
    pub profile: String,
    /// The version of the profile.
    pub profile_version: u32,
    /// Item by item.
    pub items: Vec<MinimumStanding>,
}

impl MinimumProgram {
    /// That of a profile, held against what is asked from the first to the last grade. Without anything to hold it against, all grades are missing.
    pub fn of(profile: &Profile, template: Option<(GradeNumber, GradeNumber, &TemplateItems)>) -> Self {
        let standing = |asked: &MinimumItem| {
            let grades = i32::from(asked.first_grade)..=i32::from(asked.last_grade);
            let Some((first, last, items)) = template else {
                return MinimumStanding { asked: asked.clone(), covered_by: vec![], missing_grades: grades.collect() };
            };
            let covering = |item: &&TemplateItem| {
                item.required
                    && item.covers.as_ref().is_some_and(|key| key.as_str() == asked.key)
                    && asked.domain.is_none_or(|domain| domain == item.domain)
            };
            let covering: Vec<&TemplateItem> = items.0.iter().filter(covering).collect();
            let of_template = i32::from(first)..=i32::from(last);
            let missing = |grade: &i32| of_template.contains(grade) && !covering.iter().any(|item| item.is_for(*grade, (first, last)));
            MinimumStanding {
                asked: asked.clone(),
                covered_by: covering.iter().map(|item| item.key.as_str().to_owned()).collect(),
                missing_grades: grades.filter(missing).collect(),
            }
        };
        Self { profile: profile.id.clone(), profile_version: profile.version, items: profile.minimum_program.iter().map(standing).collect() }
    }

    /// What is missing, each with its grades (R28).
    pub fn faults(&self) -> Invalid {
        let mut invalid = Invalid::default();
        for item in self.items.iter().filter(|item| !item.missing_grades.is_empty()) {
            let grades: Vec<String> = item.missing_grades.iter().map(i32::to_string).collect();
            let domain = item.asked.domain.map_or(String::new(), |domain| format!(" of the domain {domain}"));
            let detail = format!(
                "No required item{domain} covers `{}` ({}), which the state asks, in grades {}.",
                item.asked.key,
                item.asked.title,
                grades.join(", ")
            );
            invalid.push("/items", "minimum_missing", detail);
        }
        invalid
    }
}

impl Template {
    /// What may not be changed. What is active stays as it is, and only retires; what has retired does nothing more.
    pub fn may_become(&self, patch: &TemplatePatch) -> bool {
        let words = patch.title.is_some()
            || patch.first_grade.is_some()
            || patch.last_grade.is_some()
            || patch.items.is_some()
            || patch.guidelines != Patch::Keep;
        match (self.status, patch.status.unwrap_or(self.status)) {
            (TemplateStatus::Draft, _) => true,
            (TemplateStatus::Active, TemplateStatus::Active | TemplateStatus::Retired) | (TemplateStatus::Retired, TemplateStatus::Retired) => !words,
            _ => false,
        }
    }

    /// As it would be after a change, and what is wrong with that: the grades are in order, and what is given out holds the state's minimum (R28).
    pub fn faults(&self, patch: &TemplatePatch, profile: &Profile) -> Invalid {
        let (first, last) = (patch.first_grade.unwrap_or(self.first_grade), patch.last_grade.unwrap_or(self.last_grade));
        let items = patch.items.as_ref().unwrap_or(&self.items);
        let ordered = grade_faults(first, last, items);
        if !ordered.0.is_empty() || patch.status != Some(TemplateStatus::Active) {
            return ordered;
        }
        MinimumProgram::of(profile, Some((first, last, items))).faults()
    }

    /// The items that a student in the grade is asked.
    pub fn items_for(&self, grade: i32) -> impl Iterator<Item = &TemplateItem> {
        let of = (self.first_grade, self.last_grade);
        let inside = (i32::from(of.0)..=i32::from(of.1)).contains(&grade);
        self.items.0.iter().filter(move |item| inside && item.is_for(grade, of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::pointers;

    fn item(key: &str, covers: &str, domain: &str) -> Value {
        json!({ "key": key, "domain": domain, "component": "careerExploration", "title": "Text", "description": "Text", "covers": covers })
    }

    fn items(of: &[Value]) -> TemplateItems {
        TemplateItems::read(&json!(of)).unwrap()
    }

    fn missing(profile: &str, grades: (i64, i64), of: &[Value]) -> Vec<(String, Vec<i32>)> {
        let grade = |number: i64| GradeNumber::read(&json!(number)).unwrap();
        let program = MinimumProgram::of(Profile::find(profile).unwrap(), Some((grade(grades.0), grade(grades.1), &items(of))));
        program.items.into_iter().filter(|item| !item.missing_grades.is_empty()).map(|item| (item.asked.key, item.missing_grades)).collect()
    }

    fn whole(profile: &str) -> Vec<Value> {
        let asked = &Profile::find(profile).unwrap().minimum_program;
        asked.iter().map(|one| item(&one.key, &one.key, one.domain.map_or("academic", PlanDomain::word))).collect()
    }

    #[test]
    fn r28_what_covers_each_item_of_the_states_minimum_in_each_grade_holds_it() {
        for profile in Profile::all() {
            assert_eq!(missing(&profile.id, (6, 12), &whole(&profile.id)), [], "{}", profile.id);
        }
    }

    #[test]
    fn r28_what_is_missing_is_named_with_its_grades() {
        let mut asked = whole("us-ri-ride");
        asked[1]["firstGrade"] = json!(8);
        let left_out = asked.remove(0)["key"].as_str().unwrap().to_owned();
        let found = missing("us-ri-ride", (6, 9), &asked);
        assert_eq!(found, [(left_out, vec![6, 7, 8, 9]), (asked[0]["key"].as_str().unwrap().to_owned(), vec![6, 7])]);
    }

    #[test]
    fn r28_a_guideline_and_an_item_of_another_domain_cover_nothing() {
        let mut asked = whole("us-ri-ride");
        let of_domain = asked.iter().position(|one| one["domain"] == "career").unwrap();
        asked[of_domain]["domain"] = "academic".into();
        let guideline = asked.iter().position(|one| one["domain"] == "personalSocial").unwrap();
        asked[guideline]["required"] = false.into();
        assert_eq!(missing("us-ri-ride", (6, 6), &asked).len(), 2);
    }

    #[test]
    fn r167_r170_r171_r172_r173_the_minimum_of_rhode_island_asks_for_every_domain_component_and_transition_in_each_grade() {
        let minimum = &Profile::find("us-ri-ride").unwrap().minimum_program;
        for grade in 6..=12 {
            let asked: Vec<&MinimumItem> =
                minimum.iter().filter(|one| (i32::from(one.first_grade)..=i32::from(one.last_grade)).contains(&grade)).collect();
            for requirement in ["R170", "R171", "R172", "R173"] {
                assert!(asked.iter().any(|one| one.requirement == requirement), "{requirement} in grade {grade}");
            }
            for domain in PlanDomain::ALL {
                assert!(asked.iter().any(|one| one.domain == Some(*domain)), "{domain} in grade {grade}");
            }
            for component in Component::ALL {
                assert!(asked.iter().any(|one| one.component == Some(*component)), "{component} in grade {grade}");
            }
        }
    }

    #[test]
    fn r36_every_fault_of_a_template_is_named_with_its_pointer() {
        let twice = item("goal", "career-goals", "career");
        let mut backwards = item("other", "career-goals", "career");
        backwards["firstGrade"] = json!(9);
        backwards["lastGrade"] = json!(8);
        let sent = json!({ "title": "t", "firstGrade": 6, "lastGrade": 12, "items": [twice, twice, backwards] });
        assert_eq!(pointers::<NewTemplate>(sent), ["/items/1/key", "/items/2/lastGrade"]);
        let sent = json!({ "title": "t", "firstGrade": 0, "lastGrade": 12, "items": [{ "key": "x", "domain": "sports", "colour": 1 }] });
        let faults = pointers::<NewTemplate>(sent);
        assert_eq!(faults, ["/firstGrade", "/items/0/domain", "/items/0/component", "/items/0/title", "/items/0/description", "/items/0/colour"]);
        let sent = json!({ "title": "t", "firstGrade": 12, "lastGrade": 6, "items": [twice] });
        assert_eq!(pointers::<NewTemplate>(sent), ["/lastGrade"]);
    }
}
