//! Reading a JSON body member by member, so that every fault is found and each has its pointer.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use crate::invalid::Invalid;
use crate::patch::Patch;

/// A type that a member of a body may have.
pub trait Field: Sized {
    /// Whether it is text that people write, which may be translated.
    const IS_TEXT: bool = false;

    /// Reads it. Pointers in the faults are relative to the value.
    fn read(value: &Value) -> Result<Self, Invalid>;

    /// One, for the API description. The default is an id.
    fn example() -> Value {
        crate::wire_example_id().into()
    }

    /// How the API description shows it.
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema>;

    /// The named schemas that [`Field::schema`] refers to.
    #[cfg(feature = "wire")]
    fn schemas(_: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {}
}

/// The members of a body, taken out one by one. What is left over at the end is unknown, and a fault.
pub struct Members {
    map: Map<String, Value>,
    invalid: Invalid,
}

impl Members {
    /// A body must be an object.
    pub fn of(body: Value) -> Result<Self, Invalid> {
        match body {
            Value::Object(map) => Ok(Self { map, invalid: Invalid::default() }),
            _ => Err(Invalid::one("", "not_an_object", "The body must be a JSON object.")),
        }
    }

    /// A member that must be there.
    pub fn required<T: Field>(&mut self, name: &str) -> Option<T> {
        match self.map.remove(&camel(name)) {
            None => self.fault(name, "missing", "This member is required."),
            Some(Value::Null) => self.fault(name, "null", "This member must not be null."),
            Some(value) => self.read(name, &value),
        }
    }

    /// A member that may be left out or null.
    pub fn optional<T: Field>(&mut self, name: &str) -> Option<T> {
        match self.map.remove(&camel(name)) {
            None | Some(Value::Null) => None,
            Some(value) => self.read(name, &value),
        }
    }

    /// A member of a partial update that may not be null.
    pub fn change<T: Field>(&mut self, name: &str) -> Option<T> {
        match self.map.remove(&camel(name)) {
            None => None,
            Some(Value::Null) => self.fault(name, "null", "This member must not be null."),
            Some(value) => self.read(name, &value),
        }
    }

    /// A member of a partial update that null clears.
    pub fn patch<T: Field>(&mut self, name: &str) -> Patch<T> {
        match self.map.remove(&camel(name)) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => self.read(name, &value).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Whether nothing was wrong so far, and nothing is left over.
    pub fn finish(mut self) -> Result<(), Invalid> {
        for name in self.map.keys() {
            self.invalid.push(format!("/{}", escape(name)), "unknown_member", "This member is not known here.");
        }
        self.invalid.or(())
    }

    fn read<T: Field>(&mut self, name: &str, value: &Value) -> Option<T> {
        match T::read(value) {
            Ok(value) => Some(value),
            Err(faults) => {
                for fault in faults.0 {
                    self.invalid.push(format!("/{}{}", camel(name), fault.pointer), fault.code, fault.detail);
                }
                None
            }
        }
    }

    fn fault<T>(&mut self, name: &str, code: &'static str, detail: &str) -> Option<T> {
        self.invalid.push(format!("/{}", camel(name)), code, detail);
        None
    }
}

/// The JSON name of a Rust field.
pub fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut up = false;
    for c in name.chars() {
        if c == '_' {
            up = true;
        } else if up {
            camel.push(c.to_ascii_uppercase());
            up = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// A member name as a reference token of a JSON Pointer (RFC 6901), cut to a bearable length.
pub(crate) fn escape(name: &str) -> String {
    name.chars().take(60).collect::<String>().replace('~', "~0").replace('/', "~1")
}

/// A fault of the value itself.
pub fn wrong<T>(code: &'static str, detail: impl Into<String>) -> Result<T, Invalid> {
    Err(Invalid::one("", code, detail))
}

#[cfg(feature = "wire")]
fn simple(kind: utoipa::openapi::schema::Type, format: Option<utoipa::openapi::KnownFormat>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    utoipa::openapi::ObjectBuilder::new().schema_type(kind).format(format.map(utoipa::openapi::SchemaFormat::KnownFormat)).build().into()
}

impl Field for bool {
    fn example() -> Value {
        false.into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        value.as_bool().map_or_else(|| wrong("not_a_boolean", "Must be true or false."), Ok)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        simple(utoipa::openapi::schema::Type::Boolean, None)
    }
}

impl Field for NaiveDate {
    fn example() -> Value {
        "2026-09-01".into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        const DETAIL: &str = "Must be a date such as 2027-05-31, between 1900 and 2199.";
        let Some(text) = value.as_str().filter(|text| text.len() == 10) else { return wrong("not_a_date", DETAIL) };
        match text.parse::<NaiveDate>() {
            Ok(date) if (1900..2200).contains(&chrono::Datelike::year(&date)) => Ok(date),
            _ => wrong("not_a_date", DETAIL),
        }
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Date)))
            .pattern(Some("^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"))
            .build()
            .into()
    }
}

/// A school year, named by the year in which it ends: 2027 is 2026-27.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Integer))]
#[serde(transparent)]
pub struct SchoolYear(pub i32);

impl Field for SchoolYear {
    fn example() -> Value {
        2027.into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        match value.as_i64().and_then(|year| i32::try_from(year).ok()) {
            Some(year) if (1990..=2100).contains(&year) => Ok(Self(year)),
            _ => wrong("not_a_school_year", "Must be the year in which the school year ends, 1990 to 2100."),
        }
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int32)))
            .minimum(Some(1990))
            .maximum(Some(2100))
            .build()
            .into()
    }
}
#[cfg(feature = "sql")]
impl diesel::serialize::ToSql<diesel::sql_types::Integer, diesel::pg::Pg> for SchoolYear {
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
        <i32 as diesel::serialize::ToSql<diesel::sql_types::Integer, diesel::pg::Pg>>::to_sql(&self.0, out)
    }
}
#[cfg(feature = "sql")]
impl diesel::deserialize::FromSql<diesel::sql_types::Integer, diesel::pg::Pg> for SchoolYear {
    fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
        <i32 as diesel::deserialize::FromSql<diesel::sql_types::Integer, diesel::pg::Pg>>::from_sql(value).map(Self)
    }
}

impl Field for f64 {
    fn example() -> Value {
        3.5.into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        value.as_f64().map_or_else(|| wrong("not_a_number", "Must be a number."), Ok)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        simple(utoipa::openapi::schema::Type::Number, None)
    }
}

/// Text as a source wrote it. What people send has a type of [`crate::text`], which bounds it.
impl Field for String {
    fn example() -> Value {
        "Text".into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        value.as_str().map_or_else(|| wrong("not_a_string", "Must be a string."), |text| Ok(text.to_owned()))
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        simple(utoipa::openapi::schema::Type::String, None)
    }
}

impl Field for i32 {
    fn example() -> Value {
        1.into()
    }
    fn read(value: &Value) -> Result<Self, Invalid> {
        value.as_i64().and_then(|number| Self::try_from(number).ok()).map_or_else(|| wrong("not_a_number", "Must be a whole number."), Ok)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        simple(utoipa::openapi::schema::Type::Integer, None)
    }
}

impl Field for DateTime<Utc> {
    fn read(value: &Value) -> Result<Self, Invalid> {
        let time = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        time.map_or_else(|| wrong("not_a_time", "Must be a time such as 2026-09-01T15:04:05Z."), |time| Ok(time.with_timezone(&Utc)))
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        simple(utoipa::openapi::schema::Type::String, Some(utoipa::openapi::KnownFormat::DateTime))
    }
}

/// The most items a list in a body may have.
pub const ITEMS_MAX: usize = 1000;

/// A list that is answered and never sent: it may be empty.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Answered<T>(pub Vec<T>);

impl<T: Field> Field for Answered<T> {
    fn read(_: &Value) -> Result<Self, Invalid> {
        wrong("not_sent", "Is answered, not sent.")
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::RefOr::T(utoipa::openapi::Schema::Array(utoipa::openapi::ArrayBuilder::new().items(T::schema()).build()))
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        T::schemas(named)
    }
}

impl<T: Field> Field for Vec<T> {
    fn read(value: &Value) -> Result<Self, Invalid> {
        let Some(values) = value.as_array() else { return wrong("not_a_list", "Must be a list.") };
        if !(1..=ITEMS_MAX).contains(&values.len()) {
            return wrong("bad_length", format!("Must have 1 to {ITEMS_MAX} items."));
        }
        let (mut items, mut invalid) = (Self::with_capacity(values.len()), Invalid::default());
        for (number, value) in values.iter().enumerate() {
            match T::read(value) {
                Ok(item) => items.push(item),
                Err(faults) => faults.0.into_iter().for_each(|fault| invalid.push(format!("/{number}{}", fault.pointer), fault.code, fault.detail)),
            }
        }
        invalid.or(items)
    }
    #[cfg(feature = "wire")]
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let list = utoipa::openapi::ArrayBuilder::new().items(T::schema()).min_items(Some(1)).max_items(Some(ITEMS_MAX)).build();
        utoipa::openapi::RefOr::T(utoipa::openapi::Schema::Array(list))
    }
    #[cfg(feature = "wire")]
    fn schemas(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        T::schemas(named)
    }
}

/// Keeps a type as JSON in the database: what is stored is what is answered.
#[macro_export]
macro_rules! kept_as_json {
    ($name:ident) => {
        #[cfg(feature = "sql")]
        impl diesel::serialize::ToSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                let value = serde_json::to_value(self)?;
                <serde_json::Value as diesel::serialize::ToSql<diesel::sql_types::Jsonb, diesel::pg::Pg>>::to_sql(&value, &mut out.reborrow())
            }
        }
        #[cfg(feature = "sql")]
        impl diesel::deserialize::FromSql<diesel::sql_types::Jsonb, diesel::pg::Pg> for $name {
            fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                let value = <serde_json::Value as diesel::deserialize::FromSql<diesel::sql_types::Jsonb, diesel::pg::Pg>>::from_sql(value)?;
                Ok(serde_json::from_value(value)?)
            }
        }
    };
}
