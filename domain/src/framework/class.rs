//! The classes of CASE 1.1 (Competencies and Academic Standards Exchange): which members each has, of which type, and which it must have. What is
//! imported is held against them, and what is answered is described by them.

use chrono::DateTime;
use serde_json::Value;
use uuid::Uuid;

use crate::invalid::Invalid;

/// What a member is.
#[derive(Clone, Copy, Debug)]
pub enum Is {
    /// Text.
    Text,
    /// Texts.
    Texts,
    /// A UUID.
    Id,
    /// A day.
    Date,
    /// An instant.
    Time,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// One of these words; `ext:` and a word of one's own too, if it says so.
    Word(&'static [&'static str], bool),
    /// An object of a class.
    One(&'static Class),
    /// Several. At least so many.
    Many(&'static Class, usize),
    /// An object of the sender's own: an extension. It is taken, and not kept.
    Open,
    /// Several.
    OpenMany,
}

/// A class: its name, and its members with what they are and whether they must be there.
#[derive(Debug)]
pub struct Class {
    /// The name in the standard.
    pub name: &'static str,
    /// Its members.
    pub members: &'static [(&'static str, Is, bool)],
}

/// How items stand to each other.
const ASSOCIATION_TYPES: &[&str] =
    &["isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar", "hasSkillLevel", "isTranslationOf"];

use Is::{Date, Id, Many, Number, One, Open, OpenMany, Text, Texts, Time, Whole, Word};

static LINK: Class = Class { name: "LinkURI", members: &[("title", Text, true), ("identifier", Id, true), ("uri", Text, true)] };

static LINK_GEN: Class = Class {
    name: "LinkGenURI",
    members: &[("title", Text, true), ("identifier", Text, true), ("uri", Text, true), ("targetType", Word(&["CASE"], true), false)],
};

/// Declares a class that stands in a package, and the same as it is answered alone: with a link to what it is part of.
macro_rules! classes { ($($alone:ident, $alone_name:literal, $package:ident, $package_name:literal = $link:literal $required:literal { $($member:tt)* })*) => { $(
    #[doc = concat!("`", $package_name, "`: as it stands in a package.")]
    pub static $package: Class = Class { name: $package_name, members: &[$($member)*] };
    #[doc = concat!("`", $alone_name, "`: as it is answered alone.")]
    pub static $alone: Class = Class { name: $alone_name, members: &[($link, One(&LINK), $required), $($member)*] };
)* } }

classes! {
    DOCUMENT, "CFDocument", PACKAGED_DOCUMENT, "CFPckgDocument" = "CFPackageURI" true {
        ("identifier", Id, true), ("uri", Text, true), ("frameworkType", Text, false), ("caseVersion", Word(&["1.1"], false), false),
        ("creator", Text, true), ("title", Text, true), ("lastChangeDateTime", Time, true), ("officialSourceURL", Text, false),
        ("publisher", Text, false), ("description", Text, false), ("subject", Texts, false), ("subjectURI", Many(&LINK, 0), false),
        ("language", Text, false), ("version", Text, false), ("adoptionStatus", Text, false), ("statusStartDate", Date, false),
        ("statusEndDate", Date, false), ("licenseURI", One(&LINK), false), ("notes", Text, false), ("extensions", Open, false),
    }
    ITEM, "CFItem", PACKAGED_ITEM, "CFPckgItem" = "CFDocumentURI" true {
        ("identifier", Id, true), ("fullStatement", Text, true), ("alternativeLabel", Text, false), ("CFItemType", Text, false), ("uri", Text, true),
        ("humanCodingScheme", Text, false), ("listEnumeration", Text, false), ("abbreviatedStatement", Text, false),
        ("conceptKeywords", Texts, false), ("conceptKeywordsURI", One(&LINK), false), ("notes", Text, false), ("subject", Texts, false),
        ("subjectURI", Many(&LINK, 0), false), ("language", Text, false), ("educationLevel", Texts, false), ("CFItemTypeURI", One(&LINK), false),
        ("licenseURI", One(&LINK), false), ("statusStartDate", Date, false), ("statusEndDate", Date, false), ("lastChangeDateTime", Time, true),
        ("extensions", Open, false),
    }
    ASSOCIATION, "CFAssociation", PACKAGED_ASSOCIATION, "CFPckgAssociation" = "CFDocumentURI" false {
        ("identifier", Id, true), ("associationType", Word(ASSOCIATION_TYPES, true), true), ("sequenceNumber", Whole, false), ("uri", Text, true),
        ("originNodeURI", One(&LINK_GEN), true), ("destinationNodeURI", One(&LINK_GEN), true), ("CFAssociationGroupingURI", One(&LINK), false),
        ("lastChangeDateTime", Time, true), ("notes", Text, false), ("extensions", Open, false),
    }
}

static LEVEL: Class = Class {
    name: "CFRubricCriterionLevel",
    members: &[
        ("identifier", Id, true),
        ("uri", Text, true),
        ("description", Text, false),
        ("quality", Text, false),
        ("score", Number, false),
        ("feedback", Text, false),
        ("position", Whole, false),
        ("rubricCriterionId", Id, false),
        ("lastChangeDateTime", Time, true),
        ("extensions", OpenMany, false),
    ],
};

static CRITERION: Class = Class {
    name: "CFRubricCriterion",
    members: &[
        ("identifier", Id, true),
        ("uri", Text, true),
        ("category", Text, false),
        ("description", Text, false),
        ("CFItemURI", One(&LINK), false),
        ("weight", Number, false),
        ("position", Whole, false),
        ("rubricId", Id, false),
        ("lastChangeDateTime", Time, true),
        ("CFRubricCriterionLevels", Many(&LEVEL, 0), false),
        ("extensions", Open, false),
    ],
};

static RUBRIC: Class = Class {
    name: "CFRubric",
    members: &[
        ("identifier", Id, true),
        ("uri", Text, true),
        ("title", Text, false),
        ("description", Text, false),
        ("lastChangeDateTime", Time, true),
        ("CFRubricCriteria", Many(&CRITERION, 0), false),
        ("extensions", Open, false),
    ],
};

/// Declares the definitions of a package: what all have, and what each has besides.
macro_rules! definitions { ($($name:ident, $word:literal { $($member:tt)* })*) => { $(
    static $name: Class = Class {
        name: $word,
        members: &[("identifier", Id, true), ("uri", Text, true), ("title", Text, true), ("lastChangeDateTime", Time, true), ("extensions", Open, false), $($member)*],
    };
)* } }

definitions! {
    CONCEPT, "CFConcept" { ("keywords", Text, false), ("hierarchyCode", Text, true), ("description", Text, false) }
    SUBJECT, "CFSubject" { ("hierarchyCode", Text, true), ("description", Text, false) }
    LICENSE, "CFLicense" { ("description", Text, false), ("licenseText", Text, true) }
    ITEM_TYPE, "CFItemType" { ("description", Text, true), ("hierarchyCode", Text, true), ("typeCode", Text, false) }
    GROUPING, "CFAssociationGrouping" { ("description", Text, false) }
}

static DEFINITION: Class = Class {
    name: "CFDefinition",
    members: &[
        ("CFConcepts", Many(&CONCEPT, 0), false),
        ("CFSubjects", Many(&SUBJECT, 0), false),
        ("CFLicenses", Many(&LICENSE, 0), false),
        ("CFItemTypes", Many(&ITEM_TYPE, 0), false),
        ("CFAssociationGroupings", Many(&GROUPING, 0), false),
        ("extensions", Open, false),
    ],
};

/// A whole framework.
pub static PACKAGE: Class = Class {
    name: "CFPackage",
    members: &[
        ("CFDocument", One(&PACKAGED_DOCUMENT), true),
        ("CFItems", Many(&PACKAGED_ITEM, 0), false),
        ("CFAssociations", Many(&PACKAGED_ASSOCIATION, 0), false),
        ("CFDefinitions", One(&DEFINITION), false),
        ("CFRubrics", Many(&RUBRIC, 0), false),
        ("extensions", Open, false),
    ],
};

/// A list of documents.
pub static DOCUMENT_SET: Class = Class { name: "CFDocumentSet", members: &[("CFDocuments", Many(&DOCUMENT, 1), true)] };

/// An item with how it stands to others.
pub static ASSOCIATION_SET: Class =
    Class { name: "CFAssociationSet", members: &[("CFItem", One(&ITEM), true), ("CFAssociations", Many(&PACKAGED_ASSOCIATION, 1), true)] };

/// How many faults are told at once.
const FAULTS_MAX: usize = 1000;

impl Class {
    /// What is wrong with a value of this class: every fault with its pointer, up to a thousand.
    pub fn faults(&self, value: &Value) -> Invalid {
        let mut invalid = Invalid::default();
        self.check(value, "", &mut invalid);
        if invalid.0.len() > FAULTS_MAX {
            invalid.0.truncate(FAULTS_MAX);
            invalid.push("", "more_faults", "There are more faults than are told at once.");
        }
        invalid
    }

    fn check(&self, value: &Value, at: &str, invalid: &mut Invalid) {
        if invalid.0.len() > FAULTS_MAX {
            return;
        }
        let Some(members) = value.as_object() else {
            invalid.push(at, "not_an_object", format!("Must be an object: {}.", self.name));
            return;
        };
        for (name, is, required) in self.members {
            match members.get(*name) {
                Some(member) => is.check(member, &format!("{at}/{name}"), invalid),
                None if *required => invalid.push(format!("{at}/{name}"), "missing", "This member is required."),
                None => {}
            }
        }
        for name in members.keys().filter(|name| !self.members.iter().any(|(known, ..)| known == name)) {
            invalid.push(format!("{at}/{}", crate::field::escape(name)), "unknown_member", format!("{} has no such member.", self.name));
        }
    }
}

impl Is {
    fn check(self, value: &Value, at: &str, invalid: &mut Invalid) {
        let mut unless = |holds: bool, code: &'static str, detail: &str| invalid.unless(holds, at, code, detail);
        match self {
            Self::Text => unless(value.is_string(), "not_a_string", "Must be a string."),
            Self::Id => unless(value.as_str().is_some_and(|text| id_of(text).is_some()), "not_an_id", "Must be a UUID with its hyphens."),
            Self::Date => {
                let date = value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse::<chrono::NaiveDate>().ok());
                unless(date.is_some(), "not_a_date", "Must be a date such as 2027-05-31.");
            }
            Self::Time => {
                let time = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
                unless(time.is_some(), "not_a_time", "Must be a time such as 2026-09-01T15:04:05Z.");
            }
            Self::Whole => unless(value.is_i64() || value.is_u64(), "not_a_number", "Must be a whole number."),
            Self::Number => unless(value.is_number(), "not_a_number", "Must be a number."),
            Self::Word(words, open) => {
                let fits = |text: &str| words.contains(&text) || open && text.strip_prefix("ext:").is_some_and(is_extension);
                let more = if open { ", or ext: and a word of your own" } else { "" };
                unless(value.as_str().is_some_and(fits), "unknown_word", &format!("Must be one of: {}{more}.", words.join(" ")));
            }
            Self::One(class) => class.check(value, at, invalid),
            Self::Many(class, least) => {
                let Some(values) = list(value, at, invalid) else { return };
                invalid.unless(values.len() >= least, at, "bad_length", "Must not be empty.");
                values.iter().enumerate().for_each(|(number, value)| class.check(value, &format!("{at}/{number}"), invalid));
            }
            Self::Texts => {
                for (number, value) in list(value, at, invalid).into_iter().flatten().enumerate() {
                    invalid.unless(value.is_string(), &format!("{at}/{number}"), "not_a_string", "Must be a string.");
                }
            }
            Self::Open => unless(value.is_object(), "not_an_object", "Must be an object."),
            Self::OpenMany => {
                for (number, value) in list(value, at, invalid).into_iter().flatten().enumerate() {
                    invalid.unless(value.is_object(), &format!("{at}/{number}"), "not_an_object", "Must be an object.");
                }
            }
        }
    }
}

fn list<'v>(value: &'v Value, at: &str, invalid: &mut Invalid) -> Option<&'v Vec<Value>> {
    let list = value.as_array();
    invalid.unless(list.is_some(), at, "not_a_list", "Must be a list.");
    list
}

/// A UUID in the form that the standard has: with its hyphens.
pub(super) fn id_of(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

fn is_extension(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"|.-_".contains(&b))
}

#[cfg(feature = "wire")]
mod described {
    use utoipa::openapi::schema::{KnownFormat, Object, SchemaFormat, Type};
    use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Ref, RefOr, Schema};

    use super::{Class, Is};
    use crate::wire::Named;

    impl Class {
        /// Its schema, and the named schemas that it refers to.
        pub fn schema(&self, named: &mut Named) -> Object {
            let mut object = crate::wire::object(&format!("`{}` of CASE 1.1.", self.name));
            for (name, is, required) in self.members {
                // What is sent in an extension is taken and not kept.
                let Some(schema) = is.schema(named) else { continue };
                object.properties.insert((*name).to_owned(), described(schema, &format!("`{name}` of a {}.", self.name)));
                if *required {
                    object.required.push((*name).to_owned());
                }
            }
            object
        }

        fn reference(&self, named: &mut Named) -> RefOr<Schema> {
            if !named.iter().any(|(known, _)| known == self.name) {
                let schema = self.schema(named);
                named.push((self.name.to_owned(), schema.into()));
            }
            Ref::from_schema_name(self.name).into()
        }
    }

    fn text(format: Option<KnownFormat>) -> ObjectBuilder {
        ObjectBuilder::new().schema_type(Type::String).format(format.map(SchemaFormat::KnownFormat))
    }

    fn described(schema: RefOr<Schema>, about: &str) -> RefOr<Schema> {
        match schema {
            RefOr::T(Schema::Object(mut object)) => {
                object.description = Some(about.to_owned());
                object.into()
            }
            RefOr::T(Schema::Array(mut list)) => {
                list.description = Some(about.to_owned());
                RefOr::T(Schema::Array(list))
            }
            other => other,
        }
    }

    fn many(items: RefOr<Schema>, least: usize) -> RefOr<Schema> {
        RefOr::T(Schema::Array(ArrayBuilder::new().items(items).min_items((least > 0).then_some(least)).build()))
    }

    impl Is {
        fn schema(self, named: &mut Named) -> Option<RefOr<Schema>> {
            Some(match self {
                Self::Text => text(None).build().into(),
                Self::Texts => many(text(None).build().into(), 0),
                Self::Id => text(Some(KnownFormat::Uuid)).build().into(),
                Self::Date => text(Some(KnownFormat::Date)).build().into(),
                Self::Time => text(Some(KnownFormat::DateTime)).build().into(),
                Self::Whole => ObjectBuilder::new().schema_type(Type::Integer).build().into(),
                Self::Number => ObjectBuilder::new().schema_type(Type::Number).build().into(),
                Self::Word(words, false) => text(None).enum_values(Some(words.iter().copied())).build().into(),
                Self::Word(words, true) => {
                    text(None).pattern(Some(format!("^({}|ext:[A-Za-z0-9|._-]+)$", words.join("|").replace('.', "\\.")))).build().into()
                }
                Self::One(class) => class.reference(named),
                Self::Many(class, least) => many(class.reference(named), least),
                Self::Open | Self::OpenMany => return None,
            })
        }
    }
}
