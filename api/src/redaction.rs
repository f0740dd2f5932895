//! Redactions (34 CFR 99.12(a), L13): a custodian marks words about another student, and the family does not get them.

use openilp_domain::access::CaseDeed;
use openilp_domain::id::StudentId;
use openilp_domain::kind::Kind;
use openilp_domain::redaction::{NewRedaction, Redaction};
use openilp_persistence::redaction;

use crate::answer::{Created, Found, Listed, Outcome, Removed, created, removed};
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Query};
use crate::case::{DecideCase, KeepPrivacy, SECTION};
use crate::guard::{Can, Place, Student as AtStudent};
use crate::plain::{Viewed, listed, page_of, seen};
use crate::routes::{About, Routes};

/// The redaction in the path.
struct OneRedaction;
impl Place for OneRedaction {
    const KIND: Kind = Kind::Redaction;
}

async fn create(
    can: Can<DecideCase, AtStudent>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewRedaction>,
) -> Outcome<Created<Viewed<Redaction>>> {
    let Body { value: new, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let made = call.state.db.write_about_case(&call.request, can.target(), CaseDeed::Decide, &key, async |tx, granted| {
        let made = redaction::create(tx, granted, new).await?;
        Ok(created(made.version, format!("/v1/redactions/{}", made.id), &made))
    });
    Ok(made.await?.into())
}

async fn list(can: Can<KeepPrivacy, AtStudent>, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<Redaction>>> {
    let (of, student) = (page_of(can.call(), &page).await?, StudentId(can.target().id));
    let found = can
        .read(async |tx, grant| {
            let found = redaction::list(tx, grant, of).await?;
            let seen = seen(found.items.iter().map(|_| student), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, of).await
}

async fn read(can: Can<KeepPrivacy, OneRedaction>, _: Query<NoParams>) -> Outcome<Found<Viewed<Redaction>>> {
    let id = can.target().id;
    let redaction = can
        .read_ahead(
            async |tx| redaction::read(tx, id).await,
            |grant, withheld| {
                let redaction = redaction::open(grant, withheld)?;
                let seen = seen([redaction.student_id], SECTION);
                Ok((redaction, seen))
            },
        )
        .await?;
    Ok(Found { version: redaction.version, shown: Viewed(redaction) })
}

async fn remove(can: Can<KeepPrivacy, OneRedaction>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    can.write(None, None, async |tx, granted| {
        redaction::remove(tx, granted, version).await?;
        Ok(removed())
    })
    .await?;
    Ok(Removed)
}

/// The routes of redactions.
pub fn routes(r: &mut Routes) {
    r.tag("cases");
    r.post("/v1/students/{studentId}/redactions", create, About {
        id: "create_redaction",
        summary: "Withhold words about another student from this student's family",
        text: "For the custodian, of a record that an open request of the family is about (34 CFR 99.12(a)). The words are withheld wherever they stand in the record: in reads, \
               lists, its history and the feed, before and after. Student, guardians and whomever they let in get █████ in their place; staff \
               who read it see them. The record has another version by it. What is marked already stays as it is.",
    });
    r.get(
        "/v1/students/{studentId}/redactions",
        list,
        About { id: "list_redactions", summary: "List the words that are withheld from a family", text: "For the custodian." },
    );
    r.get("/v1/redactions/{redactionId}", read, About { id: "read_redaction", summary: "Read which words are withheld", text: "For the custodian." });
    r.delete(
        "/v1/redactions/{redactionId}",
        remove,
        About { id: "remove_redaction", summary: "Show the words again", text: "For the custodian: where they were marked by mistake." },
    );
}
