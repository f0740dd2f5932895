//! Tests of what stands below the door: the embedded server, migrations, backups. They need PostgreSQL's programs and nothing else.

mod backup;
mod embedded;
mod feed;
mod migrate;
mod place;
mod town;
