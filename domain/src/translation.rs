//! Content in several languages (R30): what a record says stays as it was written, and beside it stand its words in another language, each
//! translation with its author.
//!
//! A translation is where its record is, in the same section and of the same goal, so that nobody reads the one and not the other; and whoever may add
//! words of their own there may translate. Where words of the record are withheld as another student's (34 CFR 99.12(a), L13), a translation may say
//! them in other letters: `mayNameOthers` says whether it can.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::{Action, Section};
use crate::code::LanguageTag;
use crate::field::{Field, Members, camel};
use crate::id::{GoalId, PersonId, PlanId, RecordId, StudentId};
use crate::invalid::Invalid;
use crate::kind::Kind;
use crate::noun::{Noun, PROGRESS, Retold, Rules, Sectioned};
use crate::text::{LongText, ShortText};

/// One text of a record, in another language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TranslatedText {
    /// The member of the record that it translates, such as `title`.
    pub member: ShortText,
    /// What that says, in the other language.
    pub text: LongText,
}

impl Field for TranslatedText {
    fn example() -> Value {
        serde_json::json!({ "member": "title", "text": "Ser enfermera titulada" })
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        let mut members = Members::of(value.clone())?;
        let (member, text) = (members.required("member"), members.required("text"));
        members.finish()?;
        let (Some(member), Some(text)) = (member, text) else { return Err(Invalid::one("", "incomplete", "A required member is missing.")) };
        Ok(Self { member, text })
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::Ref::from_schema_name("TranslatedText").into()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        use crate::wire::{member, object};
        let object = object("One text of a record, in another language.");
        let object = member::<ShortText>(object, "member", "The member of the record that it translates, such as `title`.", true, false, named);
        let object = member::<LongText>(object, "text", "What that says, in the other language.", true, false, named);
        named.push(("TranslatedText".into(), object.into()));
    }
}

/// The texts of a translation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Jsonb))]
#[serde(transparent)]
pub struct TranslatedTexts(pub Vec<TranslatedText>);

impl Field for TranslatedTexts {
    fn example() -> Value {
        Value::Array(vec![TranslatedText::example()])
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        Vec::read(value).map(Self)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        <Vec<TranslatedText> as Field>::schema()
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut crate::wire::Named) {
        <TranslatedText as Field>::schemas(named);
    }
}

crate::kept_as_json!(TranslatedTexts);

crate::noun! {
    /// What a record of the plan says, in another language (R30). It is read by whoever reads the record, and changed by its author only.
    /// It was made from the version `recordVersion`: where the record has a later one, it may be out of date.
    Translation, NewTranslation, TranslationPatch (TranslationId, Translation)
    of {
        /// The plan.
        plan_id: PlanId,
        /// The student.
        student_id: StudentId,
        /// The section that the record stands in, and its translation with it.
        section: Section,
        /// The version of the record that it was made from: the one there was when its texts were sent.
        record_version: i32,
        /// Whether it may say again what is withheld in the record as another student's: its author sees that. While something is withheld there,
        /// such a translation is withheld from the family as a whole, until its author's words are gone over by the custodian.
        may_name_others: bool,
    }
    answered {
        /// The goal, where the record is one or belongs to one.
        goal_id: GoalId,
    }
    fixed {
        /// What kind of record: a goal, what belongs to one, or another part of the plan.
        record_kind: Kind,
        /// Which one, of the same student.
        record_id: RecordId,
    }
    required {
        /// The language that it is in.
        language: LanguageTag,
        /// The texts of the record, each at most once.
        texts: TranslatedTexts,
    }
    defaulted {}
    optional {
        /// The language that the record is in, as its translator says.
        original_language: LanguageTag,
    }
    example {
        "recordKind": "goal",
        "recordId": crate::wire_example_id(),
        "language": "es",
        "texts": [{ "member": "title", "text": "Ser enfermera titulada" }],
        "originalLanguage": "en"
    }
}

impl Sectioned for Translation {
    fn section(&self) -> Section {
        self.section
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        Some(self.created_by)
    }
    fn amended_by() -> &'static [Action] {
        <Self as Rules>::WRITTEN_BY
    }
    fn is_progress(&self) -> bool {
        PROGRESS.contains(&self.record_kind)
    }
    fn goal_id(&self) -> Option<GoalId> {
        self.goal_id
    }
    fn retold(&self) -> Option<Retold> {
        Some(Retold { record: self.record_id.0, may_name_others: self.may_name_others })
    }
}

impl Rules for Translation {
    const WRITTEN_BY: &'static [Action] = &[Action::Comment];

    fn new_record(new: &NewTranslation) -> Option<(Kind, RecordId)> {
        Some((new.record_kind, new.record_id))
    }

    fn faults(new: &NewTranslation) -> Invalid {
        let mut invalid = Invalid::default();
        let known = texts_of(new.record_kind);
        invalid.unless(!known.is_empty(), "/recordKind", "other_kind", "Records of this kind are not translated: name a goal or a part of the plan.");
        for (number, TranslatedText { member, .. }) in new.texts.0.iter().enumerate() {
            let pointer = format!("/texts/{number}/member");
            let is_text = known.is_empty() || known.iter().any(|known| camel(known) == member.as_str());
            let texts = || known.iter().map(|known| format!("`{}`", camel(known))).collect::<Vec<_>>().join(", ");
            invalid.unless(is_text, &pointer, "unknown_text", &format!("Records of this kind have these texts: {}.", texts()));
            let first = new.texts.0.iter().take(number).all(|before| before.member != *member);
            invalid.unless(first, &pointer, "twice", "Each text is translated once.");
        }
        let other = new.original_language.as_ref() != Some(&new.language);
        invalid.unless(other, "/originalLanguage", "same_language", "This is the language that it is translated into.");
        invalid
    }
}

macro_rules! texts_of { ($($table:ident: $module:ident::$noun:ident $placed:tt,)*) => {
    /// The texts of the records of a kind, as their columns are called. None: such records are not translated.
    pub fn texts_of(kind: Kind) -> Vec<&'static str> {
        match kind {
            Kind::Goal => crate::goal::Goal::texts(),
            Kind::Benchmark => crate::benchmark::Benchmark::texts(),
            Kind::Activity => crate::activity::Activity::texts(),
            Kind::ProgressRecord => crate::progress_record::ProgressRecord::texts(),
            Kind::Recommendation => crate::recommendation::Recommendation::texts(),
            Kind::Reflection => crate::reflection::Reflection::texts(),
            // A translation itself has none that are not one already.
            $(Kind::$noun => crate::$module::$noun::texts(),)*
            _ => vec![],
        }
    }
} }

crate::parts_of_plan!(texts_of);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noun::{Body, pointers, with};
    use crate::plan_part::PARTS;
    use serde_json::json;

    #[test]
    fn r30_every_part_of_the_plan_has_texts_to_translate_and_a_translation_has_none() {
        for part in PARTS {
            assert_eq!(texts_of(part.kind).is_empty(), part.kind == Kind::Translation, "{}", part.kind);
        }
        assert_eq!(texts_of(Kind::Goal)[..2], ["title", "description"]);
        assert_eq!(texts_of(Kind::Reflection), ["body"]);
        assert!(["occupation_title", "interests"].iter().all(|text| texts_of(Kind::CareerOption).contains(text)));
        for kind in [Kind::Person, Kind::Registration, Kind::Proposal, Kind::Plan] {
            assert!(texts_of(kind).is_empty(), "{kind}");
        }
    }

    #[test]
    fn r30_every_fault_of_a_translation_is_told() {
        let new = |more: Value| pointers::<NewTranslation>(with(NewTranslation::example(), more));
        let text = |member: &str| json!({ "member": member, "text": "Texto" });
        assert_eq!(new(json!({})), [""; 0]);
        assert_eq!(new(json!({ "texts": [text("title"), text("description")] })), [""; 0]);
        assert_eq!(new(json!({ "texts": [text("titel"), text("title"), text("title")] })), ["/texts/0/member", "/texts/2/member"]);
        assert_eq!(new(json!({ "recordKind": "registration", "originalLanguage": "es" })), ["/recordKind", "/originalLanguage"]);
        assert_eq!(new(json!({ "recordKind": "translation" })), ["/recordKind"]);
        let mistyped = json!({ "texts": [{ "member": "title" }, { "member": 1, "text": "x", "lang": "es" }, 7], "language": "Spanish" });
        assert_eq!(new(mistyped), ["/language", "/texts/0/text", "/texts/1/member", "/texts/1/lang", "/texts/2"]);
        assert_eq!(new(json!({ "texts": [], "recordVersion": 1 })), ["/texts", "/recordVersion"]);
    }
}
