//! Model plans: the state's inventory of plans that staff work from (R38), and what districts offer one another (R39).

use chrono::{DateTime, Utc};

use crate::id::ModelPlanId;
use crate::number::GradeNumber;
use crate::template::{TemplateItems, grade_faults};
use crate::text::{LongText, ShortText};

crate::view! {
    /// A model plan: it holds nothing about a student.
    ModelPlan
    required {
        /// The id.
        id: ModelPlanId,
        /// What it is called.
        title: ShortText,
        /// Who prepared it: the state board, or a district.
        prepared_by: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What a plan made after it asks.
        items: TemplateItems,
        /// Whether the staff of all districts read it. What the state prepares is for all.
        offered: bool,
        /// Whether it counts. One that does not is read by whose it is alone.
        active: bool,
        /// The version, from 1. It is the entity tag.
        version: i32,
        /// When it was created.
        created_at: DateTime<Utc>,
        /// When it was last changed.
        updated_at: DateTime<Utc>,
    }
    optional {
        /// What it is good for, and what it was made from.
        description: LongText,
    }
    example {
        "id": crate::wire_example_id(),
        "title": "College and career readiness, grades 6 to 12",
        "preparedBy": "State Board of Education",
        "firstGrade": 6,
        "lastGrade": 12,
        "items": <TemplateItems as crate::field::Field>::example(),
        "offered": true,
        "active": true,
        "version": 1,
        "createdAt": "2026-09-01T15:04:05Z",
        "updatedAt": "2026-09-01T15:04:05Z",
        "description": "A whole plan, as counselors in three districts work with it."
    }
}

crate::body! {
    /// A model plan as it is entered.
    NewModelPlan
    required {
        /// What it is called.
        title: ShortText,
        /// Who prepared it.
        prepared_by: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What a plan made after it asks.
        items: TemplateItems,
    }
    defaulted {
        /// Whether the staff of all districts read it. Left out: not.
        offered: bool = false,
    }
    optional {
        /// What it is good for, and what it was made from.
        description: LongText,
    }
    example {
        "title": "College and career readiness, grades 6 to 12",
        "preparedBy": "State Board of Education",
        "firstGrade": 6,
        "lastGrade": 12,
        "items": <TemplateItems as crate::field::Field>::example(),
        "offered": true,
        "description": "A whole plan, as counselors in three districts work with it."
    }
    check |new| grade_faults(new.first_grade, new.last_grade, &new.items)
}

crate::change! {
    /// A change to a model plan: what is absent stays, null clears.
    ModelPlanPatch
    required {
        /// What it is called.
        title: ShortText,
        /// Who prepared it.
        prepared_by: ShortText,
        /// The first grade that it is for.
        first_grade: GradeNumber,
        /// The last grade that it is for.
        last_grade: GradeNumber,
        /// What a plan made after it asks.
        items: TemplateItems,
        /// Whether the staff of all districts read it.
        offered: bool,
        /// Whether it counts.
        active: bool,
    }
    optional {
        /// What it is good for, and what it was made from.
        description: LongText,
    }
    example { "offered": false }
}

impl ModelPlan {
    /// Rules across the members after a change.
    pub fn check(&self, patch: &ModelPlanPatch) -> crate::invalid::Invalid {
        let items = patch.items.as_ref().unwrap_or(&self.items);
        grade_faults(patch.first_grade.unwrap_or(self.first_grade), patch.last_grade.unwrap_or(self.last_grade), items)
    }
}
