//! The handlers that every noun of the plan has: read, list, create, amend, remove, history.

use actix_web::http::Method;
use openilp_domain::noun::{Body as _, Sectioned};
use openilp_domain::page::PageOf;
use openilp_persistence::facts::Target;
use openilp_persistence::record::Record;
use openilp_persistence::{Error, Shown as Seen};

use crate::answer::{Amended, Created, Found, Listed, Outcome, Removed, Shown, amended, created, removed};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Query};
use crate::cursor;
use crate::guard::{Amend, Can, Create, List, Place, Read, Remove};
use crate::history::{self, HistoryEntry};
use crate::routes::{About, Routes};

/// Where a noun stands in the API.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    /// The collection beneath the record above, such as `/v1/ilp-files/{ilpFileId}/goals`.
    pub beneath: &'static str,
    /// The record, such as `/v1/goals/{goalId}`.
    pub one: &'static str,
    /// Its history, such as `/v1/goals/{goalId}/history`.
    pub history: &'static str,
}

/// What was shown of one record.
pub fn seen<N: Sectioned>(record: &N) -> Seen {
    Seen { students: vec![record.student_id()], sections: record.section().code().to_owned(), row_count: 1 }
}

/// What was shown of several records of one kind.
pub fn seen_all<N: Sectioned>(records: &[N]) -> Seen {
    let mut sections: Vec<_> = records.iter().map(|r| r.section().code()).collect();
    sections.sort_unstable();
    sections.dedup();
    let mut students: Vec<_> = records.iter().map(Sectioned::student_id).collect();
    students.sort_unstable();
    students.dedup();
    Seen { students, sections: sections.join(","), row_count: records.len() }
}

async fn read<N: Record>(can: Can<Read, N>, _: Query<NoParams>) -> Outcome<Found<Shown<N>>> {
    let id = can.target().id;
    let shown = can
        .read_ahead(
            async |tx| N::read(tx, id).await,
            |grant, withheld| {
                let record = withheld.and_then(|w| grant.open(w)).ok_or(Error::NotFound)?;
                let seen = seen(&record);
                Ok((Shown::by(grant, record), seen))
            },
        )
        .await?;
    Ok(Found { version: shown.record.version(), shown })
}

async fn list<P: Place, N: Record>(can: Can<List<N>, P>, Query(page): Query<PageParams>) -> Outcome<Listed<Shown<N>>> {
    let state = &can.call().state;
    let of = PageOf { limit: page.limit, after: cursor::open(state, can.call(), page.cursor.as_deref()).await? };
    let found = can
        .read(async |tx, grant| {
            let found = N::list(tx, grant, of).await?;
            let seen = seen_all(&found.items);
            let items: Vec<_> = found.items.into_iter().map(|record| Shown::by(grant, record)).collect();
            Ok(((items, found.next), seen))
        })
        .await?;
    Ok(Listed { items: found.0, next: cursor::seal(state, can.call(), found.1).await?, limit: page.limit.get() })
}

async fn create<P: Place, N: Record>(
    can: Can<Create<N>, P>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<N::New>,
) -> Outcome<Created<Shown<N>>> {
    let Body { value: new, hash } = body;
    let collection = N::KIND;
    let about = N::record_of_new(&new).map(|(kind, id)| Target { kind, id: id.0 });
    let above = can.target();
    let reply = can
        .write_about(about, N::section_of_new(&new), Some(&key.with(hash)), async |tx, granted| {
            if about.is_some() {
                openilp_persistence::record::expect_same_student(tx, granted, above).await?;
            }
            let record = N::create(tx, granted, new).await?;
            let location = format!("/v1/{}/{}", path_of(collection), record.id());
            Ok(created(record.version(), location, &Shown::by(granted.grant(), record)))
        })
        .await?;
    Ok(reply.into())
}

async fn amend<N: Record>(
    can: Can<Amend<N>, N>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<N::Patch>,
) -> Outcome<Amended<Shown<N>>> {
    let reply = can
        .write(None, None, async |tx, granted| {
            let record = N::amend(tx, granted, version, patch).await?;
            Ok(amended(record.version(), &Shown::by(granted.grant(), record)))
        })
        .await?;
    Ok(reply.into())
}

async fn remove<N: Record>(can: Can<Remove<N>, N>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    can.write(None, None, async |tx, granted| {
        N::remove(tx, granted, version).await?;
        Ok(removed())
    })
    .await?;
    Ok(Removed)
}

async fn past<N: Record>(can: Can<Read, N>, Query(page): Query<PageParams>) -> Outcome<Listed<HistoryEntry>> {
    history::list(&can, page).await
}

/// The path segment of a kind: `progressRecord` is `progress-records`.
pub fn path_of(kind: openilp_domain::kind::Kind) -> String {
    let mut path = String::new();
    for c in kind.word().chars() {
        if c.is_ascii_uppercase() {
            path.push('-');
        }
        path.push(c.to_ascii_lowercase());
    }
    match path.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if path.ends_with('s') => path + "es",
        None => path + "s",
    }
}

const AMEND: &str =
    "What is absent stays, null clears. To take back what should never have been written, set `enteredInError`: it stays readable, marked.";
const REMOVE: &str = "It is gone from reads and lists. Its history stays.";
const HISTORY: &str = "Who changed it, when, by which relation, and what it was then.";

impl Routes {
    /// Registers the handlers of a noun. The ids of the operations come from its kind: `read_goal`, `list_goals` …
    pub fn noun<P: Place, N: Record>(&mut self, paths: Paths) {
        let many = path_of(N::KIND).replace('-', "_");
        let one = snake(N::KIND.word());
        let words = one.replace('_', " ");
        let several = many.replace('_', " ");
        // Registered once a thread, for the life of the program: the ids may as well live that long.
        let id = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let about = |id: &'static str, summary: String, text: &'static str| About { id, summary: Box::leak(summary.into_boxed_str()), text };
        let a = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        self.add(Method::GET, paths.one, read::<N>, about(id(format!("read_{one}")), format!("Read {a} {words}"), ""));
        self.add(Method::GET, paths.beneath, list::<P, N>, about(id(format!("list_{many}")), format!("List the {several} that you may see"), ""));
        self.add(Method::POST, paths.beneath, create::<P, N>, about(id(format!("create_{one}")), format!("Add {a} {words}"), ""));
        self.add(Method::PATCH, paths.one, amend::<N>, about(id(format!("amend_{one}")), format!("Change {a} {words}"), AMEND));
        self.add(Method::DELETE, paths.one, remove::<N>, about(id(format!("remove_{one}")), format!("Remove {a} {words}"), REMOVE));
        self.add(
            Method::GET,
            paths.history,
            past::<N>,
            about(id(format!("list_{one}_history")), format!("List what {a} {words} was, version by version"), HISTORY),
        );
        debug_assert!(N::New::NAME.starts_with("New"), "the body of a new {words} is called New…");
    }
}

/// A word in lower camel case as the ids of operations have it: `progressRecord` is `progress_record`.
pub fn snake(word: &str) -> String {
    let mut text = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}
