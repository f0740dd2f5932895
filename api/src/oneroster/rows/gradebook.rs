//! Rows of the gradebook files: categories, line items, results, score scales and their links.

use chrono::NaiveDate;

use super::values::{Decimal, ObjectiveSource, ScaleValue, ScoreStatus, SourcedId};

row! {
    /// A row of `categories.csv`: what kind of work line items are.
    CategoryRow as Category {
        title: String = "title",
        weight: Option<i64> = "weight",
    }
}

row! {
    /// A row of `lineItems.csv`: one piece of work of a class, or one mark of a grading period.
    LineItemRow as LineItem {
        title: String = "title",
        description: Option<String> = "description",
        assign_date: NaiveDate = "assignDate",
        due_date: NaiveDate = "dueDate",
        class_sourced_id: SourcedId = "classSourcedId",
        category_sourced_id: SourcedId = "categorySourcedId",
        /// The grading period, or another session.
        academic_session_sourced_id: SourcedId = "academicSessionSourcedId",
        result_value_min: Option<Decimal> = "resultValueMin",
        /// A score may exceed it: extra credit.
        result_value_max: Option<Decimal> = "resultValueMax",
        /// Always there in 1.2, never in 1.1.
        school_sourced_id: Option<SourcedId> = "schoolSourcedId",
    }
}

row! {
    /// A row of `results.csv`: how a student did in a line item.
    ResultRow as Result {
        line_item_sourced_id: SourcedId = "lineItemSourcedId",
        student_sourced_id: SourcedId = "studentSourcedId",
        score_status: ScoreStatus = "scoreStatus",
        score: Option<Decimal> = "score",
        score_date: NaiveDate = "scoreDate",
        comment: Option<String> = "comment",
        text_score: Option<String> = "textScore",
        class_sourced_id: Option<SourcedId> = "classSourcedId",
        in_progress: Option<bool> = "inProgress",
        incomplete: Option<bool> = "incomplete",
        late: Option<bool> = "late",
        missing: Option<bool> = "missing",
    }
}

row! {
    /// A row of `scoreScales.csv`: what marks stand for.
    ScoreScaleRow as ScoreScale {
        title: String = "title",
        kind: String = "type",
        org_sourced_id: SourcedId = "orgSourcedId",
        course_sourced_id: SourcedId = "courseSourcedId",
        class_sourced_id: SourcedId = "classSourcedId",
        /// At least one pair.
        values: Vec<ScaleValue> = "scoreScaleValue",
    }
}

row! {
    /// A row of `lineItemLearningObjectiveIds.csv`: what a line item is to teach.
    LineItemLearningObjectiveRow as LineItemLearningObjective {
        line_item_sourced_id: SourcedId = "lineItemSourcedId",
        source: ObjectiveSource = "source",
        learning_objective_id: String = "learningObjectiveId",
    }
}

row! {
    /// A row of `lineItemScoreScales.csv`: the scale that a line item is marked on.
    LineItemScoreScaleRow as LineItemScoreScale {
        title: Option<String> = "title",
        line_item_sourced_id: SourcedId = "lineItemSourcedId",
        score_scale_sourced_id: SourcedId = "scoreScaleSourcedId",
    }
}

row! {
    /// A row of `resultLearningObjectiveIds.csv`: how a student did in one objective of a line item.
    ResultLearningObjectiveRow as ResultLearningObjective {
        result_sourced_id: SourcedId = "resultSourcedId",
        source: ObjectiveSource = "source",
        learning_objective_id: String = "learningObjectiveId",
        score: Option<Decimal> = "score",
        text_score: Option<String> = "textScore",
    }
}

row! {
    /// A row of `resultScoreScales.csv`: the scale that a result is on.
    ResultScoreScaleRow as ResultScoreScale {
        title: Option<String> = "title",
        result_sourced_id: SourcedId = "resultSourcedId",
        score_scale_sourced_id: SourcedId = "scoreScaleSourcedId",
    }
}
