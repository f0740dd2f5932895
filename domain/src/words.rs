//! Closed vocabularies: an enum whose words are the same in JSON, in SQL and in the API description.

/// Declares a vocabulary: the type, its variants and their words (lower camel case).
#[macro_export]
macro_rules! words { ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal),* $(,)? }) => {
    $(#[doc = $doc])*
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
    #[cfg_attr(feature = "sql", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
    #[cfg_attr(feature = "sql", diesel(sql_type = diesel::sql_types::Text))]
    pub enum $name { $($(#[doc = $vdoc])* #[serde(rename = $word)] $variant),* }

    impl $name {
        /// Every value, in the order of declaration.
        pub const ALL: &[Self] = &[$(Self::$variant),*];

        /// The word for it.
        pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word),* } }
    }
    #[cfg(feature = "wire")]
    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            $crate::wire::vocabulary(concat!($($doc, "\n"),*), &[$(($word, concat!($($vdoc),*))),*])
        }
    }
    #[cfg(feature = "wire")]
    impl utoipa::ToSchema for $name {}
    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
    }
    impl std::str::FromStr for $name {
        type Err = String;
        fn from_str(text: &str) -> std::result::Result<Self, String> {
            match text { $($word => Ok(Self::$variant),)* _ => Err(format!("must be one of: {}", [$($word),*].join(", "))) }
        }
    }
    impl $crate::field::Field for $name {
        fn example() -> serde_json::Value { Self::ALL.first().map_or(serde_json::Value::Null, |first| first.word().into()) }
        fn read(value: &serde_json::Value) -> std::result::Result<Self, $crate::invalid::Invalid> {
            match value.as_str().map(str::parse) {
                Some(Ok(word)) => Ok(word),
                _ => $crate::field::wrong("unknown_word", concat!("Must be one of:", $(" ", $word),*, ".")),
            }
        }
        #[cfg(feature = "wire")]
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::Ref::from_schema_name(stringify!($name)).into()
        }
        #[cfg(feature = "wire")]
        fn schemas(named: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
            named.push((stringify!($name).to_owned(), <Self as utoipa::PartialSchema>::schema()));
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
            <str as diesel::serialize::ToSql<diesel::sql_types::Text, diesel::pg::Pg>>::to_sql(self.word(), out)
        }
    }
    #[cfg(feature = "sql")]
    impl diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::pg::Pg> for $name {
        fn from_sql(value: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
            Ok(std::str::from_utf8(value.as_bytes())?.parse()?)
        }
    }
} }
