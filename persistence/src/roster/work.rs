//! The connection that an import works on, and statements with named values.

use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Row, RowStream};
use uuid::Uuid;

use crate::connect::Connector;
use crate::door::begin_in;
use crate::error::{Error, Result};
use openilp_domain::id::DistrictId;

/// What the connection is set to. An import is long, and its statements touch whole tables: it may take its time and memory, and
/// must never be planned row by row, which happens where a table has just been filled and has no statistics yet.
const SETUP: &[&str] = &[
    "set role openilp_app",
    "set statement_timeout = 0",
    "set lock_timeout = '60s'",
    "set idle_in_transaction_session_timeout = '10min'",
    "set timezone = 'UTC'",
    "set work_mem = '64MB'",
    "set temp_buffers = '32MB'",
    "set enable_nestloop = off",
    "set jit = off",
    // When the service is killed, its transaction ends with it and not only after the statement it was at.
    "set client_connection_check_interval = '1s'",
];

/// What statements may name, as `:district` and so on.
#[derive(Clone, Debug)]
pub(super) struct Values {
    pub(super) district: Uuid,
    pub(super) import: Uuid,
    pub(super) source: String,
    pub(super) at: DateTime<Utc>,
    pub(super) today: NaiveDate,
    /// The school year that registrations are copied for.
    pub(super) year: i32,
    /// Grades in which a file must exist.
    pub(super) grades: Vec<String>,
    /// Who handed the bundle in.
    pub(super) person: Option<Uuid>,
    pub(super) client: Option<Uuid>,
    pub(super) request_id: Option<String>,
    /// The last position that the feed has given.
    pub(super) head: i64,
    /// Another load that this one has to do with: the one that it takes back, or the one before it.
    pub(super) load: Option<Uuid>,
}

impl Values {
    fn find(&self, name: &str) -> Option<(&'static str, Type, &(dyn ToSql + Sync))> {
        Some(match name {
            "district" => ("uuid", Type::UUID, &self.district),
            "import" => ("uuid", Type::UUID, &self.import),
            "source" => ("text", Type::TEXT, &self.source),
            "at" => ("timestamptz", Type::TIMESTAMPTZ, &self.at),
            "today" => ("date", Type::DATE, &self.today),
            "year" => ("int4", Type::INT4, &self.year),
            "grades" => ("text[]", Type::TEXT_ARRAY, &self.grades),
            "person" => ("uuid", Type::UUID, &self.person),
            "client" => ("uuid", Type::UUID, &self.client),
            "request_id" => ("text", Type::TEXT, &self.request_id),
            "head" => ("int8", Type::INT8, &self.head),
            "load" => ("uuid", Type::UUID, &self.load),
            _ => return None,
        })
    }
}

/// One connection, in one transaction inside one district, and what its statements may name.
pub(super) struct Work {
    pub(super) client: Client,
    pub(super) values: Values,
    /// Whether only what is near the rows that came is looked at ([`super::near`]), and not the whole roster of the source.
    pub(super) near: bool,
}

impl Work {
    /// A statement; returns how many rows it touched.
    pub(super) async fn run(&self, text: &str) -> Result<u64> {
        let (sql, values) = numbered(text, &self.values);
        let (types, values): (Vec<Type>, Vec<&(dyn ToSql + Sync)>) = values.into_iter().unzip();
        let statement = self.client.prepare_typed(&sql, &types).await.map_err(|error| failed(&error))?;
        self.client.execute(&statement, &values).await.map_err(|error| failed(&error))
    }

    /// A statement that others may stand in the way of. Nothing, where a reference from elsewhere forbids it.
    pub(super) async fn run_unless_referenced(&self, text: &str) -> Result<Option<u64>> {
        let (sql, values) = numbered(text, &self.values);
        let (types, values): (Vec<Type>, Vec<&(dyn ToSql + Sync)>) = values.into_iter().unzip();
        let statement = self.client.prepare_typed(&sql, &types).await.map_err(|error| failed(&error))?;
        match self.client.execute(&statement, &values).await {
            Err(error) if error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION) => Ok(None),
            Err(error) => Err(failed(&error)),
            Ok(rows) => Ok(Some(rows)),
        }
    }

    /// A statement that answers with rows.
    pub(super) async fn rows(&self, text: &str) -> Result<Vec<Row>> {
        let (sql, values) = numbered(text, &self.values);
        let (types, values): (Vec<Type>, Vec<&(dyn ToSql + Sync)>) = values.into_iter().unzip();
        let statement = self.client.prepare_typed(&sql, &types).await.map_err(|error| failed(&error))?;
        self.client.query(&statement, &values).await.map_err(|error| failed(&error))
    }

    /// A statement that answers with rows, taken as they are asked for; and the names of its columns.
    pub(super) async fn stream(&self, text: &str) -> Result<(Vec<String>, RowStream)> {
        let (sql, values) = numbered(text, &self.values);
        let (types, values): (Vec<Type>, Vec<&(dyn ToSql + Sync)>) = values.into_iter().unzip();
        let statement = self.client.prepare_typed(&sql, &types).await.map_err(|error| failed(&error))?;
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        Ok((columns, self.client.query_raw(&statement, values).await.map_err(|error| failed(&error))?))
    }

    /// A statement that answers with one number.
    pub(super) async fn number(&self, text: &str) -> Result<i64> {
        let rows = self.rows(text).await?;
        rows.first().map_or(Ok(0), |row| column(row, 0))
    }

    /// Statements without values.
    pub(super) async fn plain(&self, text: &str) -> Result<()> {
        plain(&self.client, text).await
    }
}

/// A connection as the application role, set up for bulk work.
pub(super) async fn connect(connector: &Connector) -> Result<Client> {
    let client = connector.client().await.map_err(|error| Error::Unavailable(Box::new(error)))?;
    for statement in SETUP {
        plain(&client, statement).await?;
    }
    Ok(client)
}

/// Begins a transaction inside a district.
pub(super) async fn begin(client: &Client, district: DistrictId) -> Result<()> {
    plain(client, &begin_in(district)).await
}

/// A column of a row.
pub(super) fn column<'r, T: FromSql<'r>>(row: &'r Row, place: usize) -> Result<T> {
    row.try_get(place).map_err(|error| failed(&error))
}

/// Statements without values, by the simple protocol.
pub(super) async fn plain(client: &Client, text: &str) -> Result<()> {
    client.batch_execute(text).await.map_err(|error| failed(&error))
}

/// Replaces `:name` by `$1::type` and so on. `::` is a cast, and other words after a colon stay as they are.
fn numbered<'v>(text: &str, values: &'v Values) -> (String, Vec<(Type, &'v (dyn ToSql + Sync))>) {
    let (mut sql, mut used) = (String::with_capacity(text.len() + 64), Vec::new());
    let mut names: Vec<&str> = Vec::new();
    for (n, part) in text.split(':').enumerate() {
        let end = part.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        match values.find(name) {
            Some((sql_type, bind_type, value)) if n > 0 && !sql.ends_with(':') => {
                let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                    names.push(name);
                    used.push((bind_type, value));
                    names.len() - 1
                });
                sql.push_str(&format!("${}::{sql_type}", place + 1));
                sql.push_str(rest);
            }
            _ => {
                if n > 0 {
                    sql.push(':');
                }
                sql.push_str(part);
            }
        }
    }
    (sql, used)
}

/// What a failure means. Its detail may hold cells of the roster, so only code, message and constraint are kept.
pub(super) fn failed(error: &tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        return if error.is_closed() || std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>()) {
            Error::Unavailable(error.to_string().into())
        } else {
            Error::Internal(error.to_string())
        };
    };
    let code = db.code();
    let message = match db.constraint() {
        Some(constraint) => format!("{} ({}, {constraint})", db.message(), code.code()),
        None => format!("{} ({})", db.message(), code.code()),
    };
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE].contains(code) {
        Error::Busy
    } else if code.code().starts_with("57P") || code.code().starts_with("08") {
        Error::Unavailable(message.into())
    } else {
        Error::Internal(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_values_are_numbered_and_casts_are_not() {
        let values = Values {
            district: Uuid::nil(),
            import: Uuid::nil(),
            source: "sis".into(),
            at: DateTime::UNIX_EPOCH,
            today: NaiveDate::default(),
            year: 2027,
            grades: vec![],
            person: None,
            client: None,
            request_id: None,
            head: 0,
            load: None,
        };
        let (sql, used) = numbered("select :district, null::date, x::text, :source, :district, a[1:2], ':'", &values);
        assert_eq!(sql, "select $1::uuid, null::date, x::text, $2::text, $1::uuid, a[1:2], ':'");
        assert_eq!(used.len(), 2);
    }
}
