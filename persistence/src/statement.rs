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
};
// About records of one kind. The kind stands in the text, in place of `{kind}`, not in a bind: the planner then keeps one branch of
// the view `records`, where it would carry all of them (measured: 150 rather than 460 µs of PostgreSQL). One prepared form a kind.
(
    $(#[$doc:meta])* $vis:vis $name:ident of kind { $($bind:ident: $sql:ty = $rust:ty),* $(,)? } -> ($($row:ty),* $(,)?) $text:expr
) => {
    $(#[$doc])*
    #[derive(Clone, Debug)]
    $vis struct $name { pub of_kind: openilp_domain::kind::Kind, $(pub $bind: $rust,)* }

    impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
        fn walk_ast<'b>(&'b self, mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>) -> diesel::QueryResult<()> {
            for (place, part) in $text.split("{kind}").enumerate() {
                if place > 0 { for piece in ["'", self.of_kind.word(), "'"] { out.push_sql(piece); } }
                out.push_sql(part);
            }
            $(out.push_bind_param_value_only::<$sql, $rust>(&self.$bind)?;)*
            Ok(())
        }
    }
    impl diesel::query_builder::QueryId for $name {
        type QueryId = ();
        // Found by its text, which differs from kind to kind.
        const HAS_STATIC_QUERY_ID: bool = false;
    }
    impl diesel::query_builder::Query for $name { type SqlType = ($($row,)*); }
    impl diesel::RunQueryDsl<diesel_async::AsyncPgConnection> for $name {}
} }
