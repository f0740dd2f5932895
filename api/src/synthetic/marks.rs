//! The marks of the made-up district: one of every student in every class and quarter, as its gradebook has them on a day.

use std::io::{self, Seek, Write};

use chrono::NaiveDate;

use super::courses::{COURSES, HOMEROOM};
use super::random::{About, Random};
use super::roster::{Day, District, FALL, FALL_END, SPRING, SUMMER, class_id, student_id};
use super::zone::{Class, Student, When, Zone};
use crate::oneroster::rows::{CategoryRow, Decimal, LineItemRow, ResultRow, ScoreStatus, SourcedId};
use crate::oneroster::writer::BundleWriter;

/// The category that makes a report card.
pub const CATEGORY: &str = "Quarter grade";

/// The quarters: name, title, first and last day.
pub(super) const QUARTERS: [(&str, &str, Day, Day); 4] = [
    ("q1", "Quarter 1", FALL, (0, 11, 6)),
    ("q2", "Quarter 2", (0, 11, 9), FALL_END),
    ("q3", "Quarter 3", SPRING, (1, 4, 2)),
    ("q4", "Quarter 4", (1, 4, 5), SUMMER),
];

const LETTERS: [(usize, &str); 5] = [(90, "A"), (80, "B"), (70, "C"), (60, "D"), (0, "F")];

const COMMENTS: [&str; 6] = [
    "Steady work, and good questions.",
    "Comes prepared; could speak up more often.",
    "Test scores have risen since September.",
    "Homework is often late.",
    "A pleasure to have in class.",
    "Please come to extra help on Thursdays.",
];

/// The categories of the gradebook.
fn categories() -> [CategoryRow; 1] {
    [CategoryRow { line: 0, sourced_id: category_id(), title: CATEGORY.into(), weight: Some(100) }]
}

fn category_id() -> SourcedId {
    SourcedId::made_of("category-quarter-grade")
}

fn item_id(zone: &Zone, class: usize, quarter: &str) -> SourcedId {
    SourcedId::made_of(&format!("item-{}-{class}-{quarter}", zone.number))
}

/// A number that reads as one.
fn decimal(number: usize) -> Option<Decimal> {
    number.to_string().parse().ok()
}

impl District {
    /// Writes the gradebook of a day. Returns how many results it has.
    pub(super) fn write_marks<W: Write + Seek>(
        &self,
        bundle: &mut BundleWriter<W>,
        on: NaiveDate,
        walk: &mut impl FnMut(&'static str),
    ) -> io::Result<usize> {
        bundle.categories(categories())?.line_items(self.zones().flat_map(|zone| {
            walk("lineItems.csv");
            (0..zone.classes.len()).flat_map(|number| self.line_items(&zone, number, on)).collect::<Vec<_>>()
        }))?;
        let mut results = 0;
        let rows = self.zones().flat_map(|zone| {
            walk("results.csv");
            (0..zone.classes.len()).flat_map(|number| self.results(&zone, number, on)).collect::<Vec<_>>()
        });
        bundle.results(rows.inspect(|_| results += 1))?;
        Ok(results)
    }

    /// The quarters of a class that have begun on a day; the first, where none has.
    fn quarters(&self, class: &Class, on: NaiveDate) -> impl Iterator<Item = (&'static str, &'static str, NaiveDate, NaiveDate)> {
        let of_class: &[_] = match class.when {
            When::Year => &QUARTERS,
            When::Fall => QUARTERS.get(..2).unwrap_or_default(),
            When::Spring => QUARTERS.get(2..).unwrap_or_default(),
        };
        let days: Vec<_> = of_class.iter().map(|(name, title, from, to)| (*name, *title, self.day(*from), self.day(*to))).collect();
        // Before the school year begins its first quarter is there all the same, so that there is something to be seen.
        days.into_iter().filter(move |(name, _, from, _)| *from <= on || *name == "q1")
    }

    /// The line items of a class.
    fn line_items(&self, zone: &Zone, number: usize, on: NaiveDate) -> Vec<LineItemRow> {
        let Some(class) = zone.classes.get(number).filter(|class| is_marked(class)) else { return vec![] };
        let item = |(name, title, from, to): (&str, &str, NaiveDate, NaiveDate)| LineItemRow {
            line: 0,
            sourced_id: item_id(zone, number, name),
            title: format!("{title} grade"),
            description: None,
            assign_date: from,
            due_date: to,
            class_sourced_id: class_id(zone, number),
            category_sourced_id: category_id(),
            academic_session_sourced_id: self.session_id(name),
            result_value_min: decimal(0),
            result_value_max: decimal(100),
            school_sourced_id: Some(self.school_id(zone.number, class.school)),
        };
        self.quarters(class, on).map(item).collect()
    }

    /// The results of a class.
    fn results(&self, zone: &Zone, number: usize, on: NaiveDate) -> Vec<ResultRow> {
        let Some(class) = zone.classes.get(number).filter(|class| is_marked(class)) else { return vec![] };
        let mut results = vec![];
        for (place, (name, _, from, to)) in self.quarters(class, on).enumerate() {
            let members = class.students.iter().filter_map(|seat| zone.students.get(*seat)).enumerate();
            results.extend(members.map(|(seat, student)| {
                let Mark { score_status, score, text_score, comment, in_progress, incomplete } = self.mark(student, class, place, to < on);
                ResultRow {
                    line: 0,
                    sourced_id: SourcedId::made_of(&format!("result-{}-{number}-{name}-{seat}", zone.number)),
                    line_item_sourced_id: item_id(zone, number, name),
                    student_sourced_id: student_id(student.number),
                    score_status,
                    score,
                    score_date: to.min(on).max(from),
                    comment,
                    text_score,
                    class_sourced_id: Some(class_id(zone, number)),
                    in_progress,
                    incomplete,
                    late: None,
                    missing: None,
                }
            }));
        }
        results
    }

    /// A student's mark in a class: much the same from quarter to quarter.
    fn mark(&self, student: &Student, class: &Class, quarter: usize, over: bool) -> Mark {
        let about = student.number * COURSES.len() + class.course;
        let mut course = Random::new(self.seed(), About::Marks, about * 8);
        let usual = 62 + course.below(20) + course.below(18);
        let mut random = Random::new(self.seed(), About::Marks, about * 8 + quarter + 1);
        let score = (usual + random.below(7)).saturating_sub(3).min(100);
        let (exempt, incomplete) = (random.percent(2), random.percent(2));
        let comment = random.percent(15).then(|| random.word(&COMMENTS).to_owned());
        let letter = LETTERS.iter().find(|(least, _)| score >= *least).map(|(_, letter)| (*letter).to_owned());
        match (exempt, incomplete) {
            (true, _) => Mark { score_status: ScoreStatus::Exempt, score: None, text_score: None, comment, in_progress: None, incomplete: None },
            (_, true) => Mark {
                score_status: ScoreStatus::PartiallyGraded,
                score: None,
                text_score: Some("I".into()),
                comment,
                in_progress: Some(!over),
                incomplete: Some(true),
            },
            _ => Mark {
                score_status: if over { ScoreStatus::FullyGraded } else { ScoreStatus::PartiallyGraded },
                score: decimal(score),
                text_score: letter,
                comment,
                in_progress: Some(!over),
                incomplete: Some(false),
            },
        }
    }
}

/// What a result says of a student.
struct Mark {
    score_status: ScoreStatus,
    score: Option<Decimal>,
    text_score: Option<String>,
    comment: Option<String>,
    in_progress: Option<bool>,
    incomplete: Option<bool>,
}

/// Homerooms have no marks.
fn is_marked(class: &Class) -> bool {
    COURSES.get(class.course).is_some_and(|course| course.slot != HOMEROOM)
}
