//! How vocabularies and rows are declared.

macro_rules! vocabulary { ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* $(,)? } $(or $own:ident)?) => {
    $(#[$doc])*
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[allow(missing_docs)]
    pub enum $name { $($variant,)* $(
        /// A word of the source's own, with its `ext:`.
        $own(String)
    )? }

    impl $name {
        /// The words of the standard.
        pub const WORDS: &[&str] = &[$($word),*];

        /// The word for it.
        pub fn word(&self) -> &str { match self { $(Self::$variant => $word,)* $(Self::$own(word) => word)? } }
    }
    impl std::str::FromStr for $name {
        type Err = $crate::oneroster::rows::NotInVocabulary;
        fn from_str(text: &str) -> Result<Self, $crate::oneroster::rows::NotInVocabulary> {
            match text {
                $($word => Ok(Self::$variant),)*
                $(own if $crate::oneroster::rows::is_extension(own) => Ok(Self::$own(own.to_owned())),)?
                _ => Err($crate::oneroster::rows::NotInVocabulary),
            }
        }
    }
} }

/// Declares a row of a file: its type, how it is taken from the cells, and a `Debug` that shows no more than where it stands. The
/// column `sourcedId` comes first; a row without one is declared `without sourcedId`.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident as $variant:ident { $($(#[$about:meta])* $field:ident: $kind:ty = $column:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub struct $name {
            /// The line in the file where the row starts; the header is line 1.
            pub line: u32,
            pub sourced_id: $crate::oneroster::rows::SourcedId,
            $($(#[$about])* pub $field: $kind,)*
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("line", &self.line).field("sourced_id", &self.sourced_id.as_str()).finish_non_exhaustive()
            }
        }
        impl $name {
            pub(in $crate::oneroster) fn read(
                cells: &mut $crate::oneroster::reading::Cells<'_>,
                line: u32,
            ) -> Result<$crate::oneroster::rows::Row, $crate::oneroster::reading::Unreadable> {
                Ok($crate::oneroster::rows::Row::$variant(Self { line, sourced_id: cells.take("sourcedId")?, $($field: cells.take($column)?),* }))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident as $variant:ident without sourcedId { $($(#[$about:meta])* $field:ident: $kind:ty = $column:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub struct $name {
            /// The line in the file where the row starts; the header is line 1.
            pub line: u32,
            $($(#[$about])* pub $field: $kind,)*
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("line", &self.line).finish_non_exhaustive()
            }
        }
        impl $name {
            pub(in $crate::oneroster) fn read(
                cells: &mut $crate::oneroster::reading::Cells<'_>,
                line: u32,
            ) -> Result<$crate::oneroster::rows::Row, $crate::oneroster::reading::Unreadable> {
                Ok($crate::oneroster::rows::Row::$variant(Self { line, $($field: cells.take($column)?),* }))
            }
        }
    };
}
