//! Facts about students that the roster brings: read one, list a student's, and what each was. Nobody writes them over HTTP.

use std::marker::PhantomData;

use actix_web::http::Method;
use openilp_domain::attendance_total::AttendanceTotal;
use openilp_domain::kind::Kind;
use openilp_domain::post_school_outcome::PostSchoolOutcome;
use openilp_domain::student_flag::StudentFlag;
use openilp_domain::year_outcome::YearOutcome;
use openilp_persistence::Error;
use openilp_persistence::fact::Stated;
use openilp_persistence::mark::Marked;

use crate::answer::{Found, Listed, Outcome};
use crate::body::{NoParams, PageParams, Query};
use crate::cursor;
use crate::guard::{Can, File, List, Place, Read};
use crate::history::{self, HistoryEntry};
use crate::noun::{path_of, seen, seen_all, snake};
use crate::plain::{Viewed, page_of};
use crate::routes::{About, Routes};

/// The fact in the path.
pub struct One<F>(PhantomData<F>);
impl<F: Stated> Place for One<F> {
    const KIND: Kind = F::KIND;
}

async fn read<F: Stated>(can: Can<Read, One<F>>, _: Query<NoParams>) -> Outcome<Found<Marked<Viewed<F>>>> {
    let id = can.target().id;
    let fact = can
        .read_ahead(
            async |tx| F::read(tx, id).await,
            |grant, withheld| {
                let fact = withheld.and_then(|withheld| grant.open(withheld)).ok_or(Error::NotFound)?;
                let seen = seen(&fact);
                Ok((grant.marked(fact.id(), fact), seen))
            },
        )
        .await?;
    Ok(Found { version: fact.version(), shown: fact.map(Viewed) })
}

async fn list<F: Stated>(can: Can<List<F>, File>, Query(params): Query<PageParams>) -> Outcome<Listed<Marked<Viewed<F>>>> {
    let page = page_of(can.call(), &params).await?;
    let found = can
        .read(async |tx, grant| {
            let found = F::list(tx, grant, page).await?;
            let seen = seen_all(&found.items);
            let items = found.items.into_iter().map(|fact| grant.marked(fact.id(), fact).map(Viewed)).collect();
            Ok(((items, found.next), seen))
        })
        .await?;
    let next = cursor::seal(&can.call().state, can.call(), found.1).await?;
    Ok(Listed { items: found.0, next, limit: page.limit.get() })
}

async fn past<F: Stated>(can: Can<Read, One<F>>, Query(page): Query<PageParams>) -> Outcome<Listed<HistoryEntry>> {
    history::list(&can, page).await
}

const LIST: &str = "As the roster states them, those too that it no longer does: `active` is false then.";
const HISTORY: &str = "When it came, changed and ended, and by which client's roster. What it said before is not kept beside.";

impl Routes {
    /// Registers what a fact has: `/v1/student-flags/{studentFlagId}`, its history, and the list beneath a file. `about` says what it is.
    fn fact<F: Stated>(&mut self, a: &'static str, about: &'static str) {
        let path = path_of(F::KIND);
        let (one, many) = (snake(F::KIND.word()), path.replace('-', "_"));
        // Registered once a thread, for the life of the program: the texts may as well live that long.
        let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let at = text(format!("/v1/{path}/{{{}Id}}", F::KIND.word()));
        let words = one.replace('_', " ");
        let read_about = About { id: text(format!("read_{one}")), summary: text(format!("Read {a} {words}")), text: about };
        self.add(Method::GET, at, read::<F>, read_about);
        let summary = text(format!("List the {} that you may see", many.replace('_', " ")));
        let list_about = About { id: text(format!("list_{many}")), summary, text: LIST };
        self.add(Method::GET, text(format!("/v1/ilp-files/{{ilpFileId}}/{path}")), list::<F>, list_about);
        let summary = text(format!("List how {a} {words} came about, version by version"));
        let past_about = About { id: text(format!("list_{one}_history")), summary, text: HISTORY };
        self.add(Method::GET, text(format!("{at}/history")), past::<F>, past_about);
    }
}

/// The routes of facts.
pub fn routes(r: &mut Routes) {
    r.tag("files");
    r.fact::<StudentFlag>("a", "That the student is in a support programme, and nothing of what its papers say.");
    r.fact::<AttendanceTotal>("an", "Totals of the student's attendance at a school in a session.");
    r.fact::<YearOutcome>("a", "How a school year ended for the student: promotion, graduation, departure.");
    r.fact::<PostSchoolOutcome>("a", "What the student did after school, as known on a day.");
}
