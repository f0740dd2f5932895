//! Tests of what stands below the door: the embedded server, migrations, backups. They need PostgreSQL's programs and nothing else.

#![expect(clippy::unwrap_used, reason = "helpers of tests stop, as tests do, at what they did not expect")]

mod backup;
mod collection;
mod embedded;
mod exact;
mod feed;
mod migrate;
mod place;
mod town;
