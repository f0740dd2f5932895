//! Tests of what stands below the API: the embedded server, migrations, backups, the feed, the state collection. They need PostgreSQL's programs and nothing else.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop, as tests do, at what they did not expect")]

mod backup;
mod collection;
mod embedded;
mod exact;
mod feed;
mod migrate;
mod place;
mod town;
