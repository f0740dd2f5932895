//! Marks of report cards (R18): read, never written over HTTP. A roster load copies them, and they are corrected by copies.

use openilp_domain::kind::Kind;
use openilp_domain::page::PageOf;
use openilp_domain::report_card::ReportCard;
use openilp_persistence::mark::Marked;
use openilp_persistence::{Error, report_card};
use serde_json::{Value, json};

use crate::answer::{Found, Listed, Outcome, derived_shape};
use crate::body::{NoParams, PageParams, Query};
use crate::cursor;
use crate::guard::{Can, File, List, Place, Read};
use crate::history::{self, HistoryEntry};
use crate::noun::{seen, seen_all};
use crate::routes::{About, Routes};

/// The mark of a report card in the path.
struct OneReportCard;
impl Place for OneReportCard {
    const KIND: Kind = Kind::ReportCard;
}

/// One, for the API description.
pub fn example() -> Value {
    let id = openilp_domain::wire_example_id();
    json!({ "id": id, "studentId": id, "divisionId": id, "termTitle": "Quarter 1", "termStartsOn": "2026-08-31", "termEndsOn": "2026-11-06",
            "categoryTitle": "Quarter grade", "classTitle": "Biology", "classCode": "BIO-1",
            "teachers": [{ "givenName": "Rita", "familyName": "Rose", "telephone": "401-555-0123" }], "title": "Quarter 1 grade",
            "scoreStatus": "fully graded", "score": "91.5", "scoreText": "A-", "scale": { "min": "0", "max": "100" }, "scoredOn": "2026-11-06",
            "comment": "Steady work.", "flags": [], "copyNumber": 1, "source": "sis", "sourcedId": "result-17",
            "capturedAt": "2026-11-10T04:00:00Z", "version": 1 })
}

derived_shape!(ReportCard, example());

async fn read(can: Can<Read, OneReportCard>, _: Query<NoParams>) -> Outcome<Found<Marked<ReportCard>>> {
    let id = can.target().id;
    let shown = can
        .read_ahead(
            async |tx| report_card::read(tx, id).await,
            |grant, withheld| {
                let card = withheld.and_then(|withheld| grant.open(withheld)).ok_or(Error::NotFound)?;
                let seen = seen(&card);
                Ok((grant.marked(card.id, card), seen))
            },
        )
        .await?;
    Ok(Found { version: shown.version, shown })
}

async fn list(can: Can<List<ReportCard>, File>, Query(page): Query<PageParams>) -> Outcome<Listed<Marked<ReportCard>>> {
    let state = &can.call().state;
    let of = PageOf { limit: page.limit, after: cursor::open(state, can.call(), page.cursor.as_deref()).await? };
    let found = can
        .read(async |tx, grant| {
            let found = report_card::list(tx, grant, of).await?;
            let seen = seen_all(&found.items);
            let items = found.items.into_iter().map(|card| grant.marked(card.id, card)).collect();
            Ok(((items, found.next), seen))
        })
        .await?;
    Ok(Listed { items: found.0, next: cursor::seal(state, can.call(), found.1).await?, limit: page.limit.get() })
}

async fn past(can: Can<Read, OneReportCard>, Query(page): Query<PageParams>) -> Outcome<Listed<HistoryEntry>> {
    history::list(&can, page).await
}

/// The routes of report cards.
pub fn routes(r: &mut Routes) {
    r.tag("files");
    r.get("/v1/ilp-files/{ilpFileId}/report-cards", list, About {
        id: "list_report_cards",
        summary: "List the marks of report cards copied into an ILP file",
        text: "Results of a gradebook in the categories that the district names (`reportCardCategories`), as they were when they were copied: with source \
               and time. A mark that the source gives otherwise later is a copy of its own: it names the one it corrects (`correctsId`), and that one \
               names it (`correctedById`). A mark without `correctedById` is the one that stands.",
    });
    r.get("/v1/report-cards/{reportCardId}", read, About { id: "read_report_card", summary: "Read a mark of a report card", text: "" });
    r.get("/v1/report-cards/{reportCardId}/history", past, About {
        id: "list_report_card_history",
        summary: "List what became of a mark of a report card, version by version",
        text: "When it was copied, corrected by another copy, or marked as gone, and by whose load. A value never changes; so versions come without a record.",
    });
}
