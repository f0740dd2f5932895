//! SQL by hand, prepared once a connection.
//!
//! `diesel::sql_query` plans anew at every call (2.3 times dearer, measured). A [`statement!`](crate::statement!) is a type:
//! diesel finds its prepared form by the type, binds are typed, and so is the row.

/// Declares a statement: its binds (`name: sql type as rust type`), the SQL types of its row, and its text with `$1`, `$2` …
#[macro_export]
macro_rules! statement { (
    $(#[$doc:meta])* $vis:vis $name:ident { $($bind:ident: $sql:ty = $rust:ty),* $(,)? } -> ($($row:ty),* $(,)?) $text:expr
) => {
    $(#[$doc])*
    #[derive(Clone, Debug)]
    $vis struct $name { $(pub $bind: $rust,)* }

    impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
        fn walk_ast<'b>(&'b self, mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>) -> diesel::QueryResult<()> {
            out.push_sql($text);
            $(out.push_bind_param_value_only::<$sql, $rust>(&self.$bind)?;)*
            Ok(())
        }
    }
    impl diesel::query_builder::QueryId for $name {
        type QueryId = $name;
        const HAS_STATIC_QUERY_ID: bool = true;
    }
    impl diesel::query_builder::Query for $name { type SqlType = ($($row,)*); }
    impl diesel::RunQueryDsl<diesel_async::AsyncPgConnection> for $name {}
} }
