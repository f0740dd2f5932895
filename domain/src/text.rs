//! Text that people write: trimmed, bounded, without NUL (PostgreSQL refuses it) or other control characters.

use serde::{Deserialize, Deserializer, Serialize};

macro_rules! texts { ($($(#[doc = $doc:literal])* $name:ident ($min:literal, $max:literal, $lines:literal))*) => { $(
    $(#[doc = $doc])*
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
    #[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Text))]
    #[serde(transparent)]
    pub struct $name(String);

    impl $name {
        /// The greatest length, in Unicode characters.
        pub const CHARACTERS_MAX: usize = $max;

        /// Trims and checks. The error is one sentence that does not repeat the text.
        pub fn parse(text: &str) -> Result<Self, String> { parse(text, $min, $max, $lines).map(Self) }

        /// The text.
        pub fn as_str(&self) -> &str { &self.0 }
    }
    // Student data is never logged: the text itself does not print.
    impl std::fmt::Debug for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(concat!(stringify!($name), "(…)")) }
    }
    impl<'de> Deserialize<'de> for $name {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
            <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(&self.0, out)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
            <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg>>::from_sql(value).map($name)
        }
    }
    #[cfg(feature = "wire")]
    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .description(Some(concat!($($doc),*).trim()))
                .min_length(Some($min))
                .max_length(Some($max))
                .pattern(Some(if $lines { LINES_PATTERN } else { LINE_PATTERN }))
                .build()
                .into()
        }
    }
    #[cfg(feature = "wire")]
    impl utoipa::ToSchema for $name {}
    impl crate::field::Field for $name {
        const IS_TEXT: bool = true;
        fn example() -> serde_json::Value { "Text".into() }
        fn read(value: &serde_json::Value) -> Result<Self, crate::invalid::Invalid> {
            let Some(text) = value.as_str() else { return crate::field::wrong("not_a_string", "Must be a string.") };
            Self::parse(text).or_else(|detail| crate::field::wrong("bad_text", format!("The text {detail}.")))
        }
        #[cfg(feature = "wire")]
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> { <Self as utoipa::PartialSchema>::schema() }
    }
)* } }

texts! {
    /// A title, name or label: one line, at most 200 characters.
    ShortText(1, 200, false)
    /// A narrative: several lines, at most 10,000 characters.
    LongText(1, 10000, true)
    /// A threat, told in full: several lines, 40 to 2,000 characters.
    ThreatText(40, 2000, true)
    /// Words to withhold: one line, 3 to 500 characters. Shorter ones stand in the middle of others.
    RedactedText(3, 500, false)
}

/// What a single line may hold, for the API description: no control characters, something other than space at both ends.
#[cfg(feature = "wire")]
const LINE_PATTERN: &str = r"^[^\x00-\x20\x7F-\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]([^\x00-\x1F\x7F-\x9F]*[^\x00-\x20\x7F-\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000])?$";
#[cfg(feature = "wire")]
const LINES_PATTERN: &str = r"^[^\x00-\x20\x7F-\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]([^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*[^\x00-\x20\x7F-\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000])?$";

fn parse(text: &str, characters_min: usize, characters_max: usize, lines: bool) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("must not be empty".into());
    }
    if text.chars().count() < characters_min {
        return Err(format!("must not be shorter than {characters_min} characters"));
    }
    if text.chars().count() > characters_max {
        return Err(format!("must not be longer than {characters_max} characters"));
    }
    let allowed = |c: char| !c.is_control() || (lines && matches!(c, '\n' | '\r' | '\t'));
    if !text.chars().all(allowed) {
        return Err("must not contain control characters".into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bounded() {
        assert_eq!(ShortText::parse("  Algebra II ").map(|t| t.as_str().to_owned()), Ok("Algebra II".into()));
        assert!(ShortText::parse("   ").is_err());
        assert!(ShortText::parse(&"é".repeat(200)).is_ok());
        assert!(ShortText::parse(&"é".repeat(201)).is_err());
        assert!(ThreatText::parse(&format!("{}  ", "é".repeat(39))).is_err());
        assert!(ThreatText::parse(&"é".repeat(40)).is_ok());
    }

    #[test]
    fn nul_and_line_breaks_are_refused_where_they_do_not_belong() {
        assert!(ShortText::parse("a\0b").is_err());
        assert!(ShortText::parse("a\nb").is_err());
        assert!(LongText::parse("a\nb").is_ok());
        assert!(LongText::parse("a\0b").is_err());
    }

    #[test]
    fn narrative_does_not_print_in_debug() {
        assert_eq!(format!("{:?}", LongText::parse("private").ok()), "Some(LongText(…))");
    }
}
