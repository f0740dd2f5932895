//! Tests of what stands below the door: the embedded server, migrations, backups. They need PostgreSQL's programs and nothing else.

mod backup;
mod embedded;
mod migrate;
mod place;
