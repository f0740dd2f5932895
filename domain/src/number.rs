//! Numbers that people write: bounded, in a unit that the name says.

/// Declares bounded numbers: the Rust and SQL types, the JSON type, the bounds, and what the fault says.
macro_rules! numbers { ($($(#[doc = $doc:literal])* $name:ident ($of:ident as $sql:ident, $json:ident, $min:literal to $max:literal, $must:literal))*) => { $(
    $(#[doc = $doc])*
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
    #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
    #[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::$sql))]
    #[serde(transparent)]
    pub struct $name($of);

    impl From<$name> for $of {
        fn from(number: $name) -> Self { number.0 }
    }
    impl crate::field::Field for $name {
        fn example() -> serde_json::Value { $min.into() }
        fn read(value: &serde_json::Value) -> Result<Self, crate::invalid::Invalid> {
            match <$of as crate::field::Field>::read(value) {
                Ok(number) if ($min..=$max).contains(&number) => Ok(Self(number)),
                _ => crate::field::wrong("not_in_range", concat!("Must be ", $must, ".")),
            }
        }
        #[cfg(feature = "wire")]
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::$json)
                .minimum(Some($min))
                .maximum(Some($max))
                .build()
                .into()
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::serialize::ToSql<diesel::sql_types::$sql, diesel::pg::Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
            <$of as diesel::serialize::ToSql<diesel::sql_types::$sql, diesel::pg::Pg>>::to_sql(&self.0, out)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::deserialize::FromSql<diesel::sql_types::$sql, diesel::pg::Pg> for $name {
        fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
            <$of as diesel::deserialize::FromSql<diesel::sql_types::$sql, diesel::pg::Pg>>::from_sql(value).map($name)
        }
    }
)* } }

numbers! {
    /// Hours in all, with parts of an hour as a decimal fraction.
    Hours (f64 as Double, Number, 0.0 to 20000.0, "a number of hours from 0 to 20000")
    /// Credits of a course, with parts of one as a decimal fraction.
    Credits (f64 as Double, Number, 0.0 to 100.0, "a number of credits from 0 to 100")
    /// A grade by its number.
    GradeNumber (i32 as Integer, Integer, 1 to 13, "a grade from 1 to 13")
    /// An amount of money in the smallest unit of its currency, such as cents. At most ten million dollars.
    MinorUnits (i32 as Integer, Integer, 0 to 1000000000, "a whole number of the currency's smallest unit (cents), from 0 to 1000000000")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use serde_json::json;

    #[test]
    fn numbers_are_bounded() {
        for (value, good) in
            [(json!(0), true), (json!(2.5), true), (json!(20_000), true), (json!(-0.5), false), (json!(20_001), false), (json!("2"), false)]
        {
            assert_eq!(Hours::read(&value).is_ok(), good, "{value}");
        }
        for (value, good) in [(json!(150_000), true), (json!(2.5), false), (json!(-1), false), (json!(2_000_000_000), false)] {
            assert_eq!(MinorUnits::read(&value).is_ok(), good, "{value}");
        }
    }
}
