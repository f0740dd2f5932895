//! What a database holds, in numbers that a restored one must have too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use super::{BackupError, Progress, Step};
use crate::migrate::{APP_ROLE, quoted_name};

/// How a row looks as text depends on these; the checksums need it to look alike always. The last makes PostgreSQL raise an error rather than
/// leave out rows that a policy hides.
const SETTINGS: &[&str] = &[
    "datestyle = 'ISO, MDY'",
    "timezone = 'UTC'",
    "intervalstyle = 'postgres'",
    "bytea_output = 'hex'",
    "extra_float_digits = 1",
    "statement_timeout = 0",
    "idle_in_transaction_session_timeout = 0",
    "row_security = off",
];

const OURS: &str = "nspname <> 'information_schema' and nspname !~ '^pg_'";

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableProof {
    /// Its rows.
    pub rows: u64,
    /// The sum of 64 bits of the MD5 of each row's text: the same in whatever order the rows stand. It finds accidents, not forgeries.
    pub checksum: String,
}

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proof {
    /// How many there are of each kind of object (constraints, indexes, policies …).
    pub objects: BTreeMap<String, u64>,
    /// Every table with its rows.
    pub tables: BTreeMap<String, TableProof>,
}

impl Proof {
    /// All rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }

    /// Reads it from the database, as the client's transaction sees it if it is in one.
    pub(super) async fn take(client: &Client, progress: &mut Progress<'_>) -> Result<Self, BackupError> {
        let mut proof = Self { objects: objects(client).await?, tables: BTreeMap::new() };
        let tables = client
            .query(
                &format!(
                    "select nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace
                      where relkind = 'r' and relpersistence <> 't' and {OURS}
                        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
                      order by 1, 2"
                ),
                &[],
            )
            .await?;
        for (done, table) in tables.iter().enumerate() {
            let (schema, name): (&str, &str) = (table.get(0), table.get(1));
            progress(Step::Counting { table: name.to_owned(), done, of: tables.len() });
            let sql = format!(
                "select count(*), coalesce(sum(('x' || substr(md5(whole_row_::text), 1, 16))::bit(64)::bigint::numeric), 0)::text
                   from only {}.{} whole_row_",
                quoted_name(schema),
                quoted_name(name)
            );
            let row = client.query_one(&sql, &[]).await?;
            let rows = u64::try_from(row.get::<_, i64>(0)).unwrap_or_default();
            proof.tables.insert(format!("{schema}.{name}"), TableProof { rows, checksum: row.get(1) });
        }
        Ok(proof)
    }

    /// In words, what `found` has otherwise.
    pub(super) fn differences(&self, found: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for (name, table) in &self.tables {
            match found.tables.get(name) {
                None => differences.push(format!("table {name} is missing")),
                Some(other) if other.rows != table.rows => differences.push(format!("{name} has {} rows, not {}", other.rows, table.rows)),
                Some(other) if other != table => differences.push(format!("{name} has other contents")),
                Some(_) => {}
            }
        }
        for name in found.tables.keys().filter(|name| !self.tables.contains_key(*name)) {
            differences.push(format!("table {name} is too many"));
        }
        for (kind, count) in &self.objects {
            let other = found.objects.get(kind).copied().unwrap_or_default();
            if other != *count {
                differences.push(format!("there are {other} {kind}, not {count}"));
            }
        }
        differences
    }
}

/// Prepares a session for [`Proof::take`].
pub(super) async fn set_up(client: &Client) -> Result<(), tokio_postgres::Error> {
    for setting in SETTINGS {
        client.batch_execute(&format!("set {setting}")).await?;
    }
    Ok(())
}

/// A restore that lost the tenant wall or the rights would have the right rows.
async fn objects(client: &Client) -> Result<BTreeMap<String, u64>, tokio_postgres::Error> {
    let sql = format!(
        "with ours as (select oid from pg_namespace where {OURS})
         select 'constraints', count(*) from pg_constraint where connamespace in (select oid from ours) and contype <> 'n'
         union all select 'indexes', count(*) from pg_class where relnamespace in (select oid from ours) and relkind in ('i', 'I')
         union all select 'views', count(*) from pg_class where relnamespace in (select oid from ours) and relkind in ('v', 'm')
         union all select 'sequences', count(*) from pg_class where relnamespace in (select oid from ours) and relkind = 'S'
         union all select 'functions', count(*) from pg_proc where pronamespace in (select oid from ours)
         union all select 'triggers', count(*) from pg_trigger where not tgisinternal
         union all select 'policies', count(*) from pg_policy
         union all select 'walledTables', count(*) from pg_class
           where relnamespace in (select oid from ours) and relrowsecurity and relforcerowsecurity
         union all select 'rightsOfTheService', count(*) from pg_class, aclexplode(relacl) acl
           where relnamespace in (select oid from ours) and acl.grantee = to_regrole('{APP_ROLE}')
         union all select 'columnRightsOfTheService', count(*) from pg_attribute join pg_class c on c.oid = attrelid, aclexplode(attacl) acl
           where c.relnamespace in (select oid from ours) and acl.grantee = to_regrole('{APP_ROLE}')"
    );
    let rows = client.query(&sql, &[]).await?;
    Ok(rows.iter().map(|row| (row.get::<_, String>(0), u64::try_from(row.get::<_, i64>(1)).unwrap_or_default())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proof(tables: &[(&str, u64, &str)], policies: u64) -> Proof {
        let table = |(name, rows, checksum): &(&str, u64, &str)| ((*name).to_owned(), TableProof { rows: *rows, checksum: (*checksum).to_owned() });
        Proof { objects: BTreeMap::from([("policies".to_owned(), policies)]), tables: tables.iter().map(table).collect() }
    }

    #[test]
    fn every_difference_is_named() {
        let was = proof(&[("public.a", 2, "7"), ("public.b", 1, "5"), ("public.c", 0, "0")], 3);
        assert!(was.differences(&was).is_empty());
        let is = proof(&[("public.a", 1, "7"), ("public.b", 1, "6"), ("public.d", 0, "0")], 2);
        assert_eq!(
            was.differences(&is),
            [
                "public.a has 1 rows, not 2",
                "public.b has other contents",
                "table public.c is missing",
                "table public.d is too many",
                "there are 2 policies, not 3"
            ]
        );
    }
}
