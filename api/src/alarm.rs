//! Alarms on unusual volume, for the custodian.

use openilp_domain::alarm::{Alarm, AlarmReview};
use openilp_domain::id::AlarmId;
use openilp_persistence::alarm;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Found, Listed, Outcome, amended};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{ManageRelations, May, OneAlarm, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of, parse_bool};
use crate::routes::{About, Doc, Routes};

type Custodian = May<ManageRelations>;

/// Those that wait for a review, or those that had one, and the page.
struct AlarmParams {
    page: PageParams,
    open: Option<bool>,
}

impl Params for AlarmParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { open: pairs.optional("open", parse_bool), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let open = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "open", false, open, "true: only those that wait for a review; false: only those that had one.", None);
        PageParams::describe(doc);
    }
}

async fn list(may: Custodian, Query(params): Query<AlarmParams>) -> Outcome<Listed<Viewed<Alarm>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may.read(async |tx, grant| Ok((alarm::list(tx, grant, params.open, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OneAlarm>, _: Query<NoParams>) -> Outcome<Found<Viewed<Alarm>>> {
    let found = may.read(async |tx, grant| Ok((alarm::read(tx, grant, AlarmId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn review(
    may: Custodian,
    path: PathId<OneAlarm>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<AlarmReview>,
) -> Outcome<Amended<Viewed<Alarm>>> {
    let Body { value: review, hash } = body;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let alarm = alarm::review(tx, granted, AlarmId(path.id), review).await?;
            Ok(amended(alarm.version, &alarm))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of alarms.
pub fn routes(r: &mut Routes) {
    r.tag("alarms");
    r.get("/v1/alarms", list, About {
        id: "list_alarms",
        summary: "List the alarms on unusual volume",
        text: "Who opened far more students' files within an hour than in any hour of the last 28 days, and who met a cap of files or exports. They count and name no student.",
    });
    r.get("/v1/alarms/{alarmId}", read, About { id: "read_alarm", summary: "Read an alarm", text: "" });
    r.post(
        "/v1/alarms/{alarmId}/review",
        review,
        About {
            id: "review_alarm",
            summary: "Say what came of an alarm",
            text: "Once, and it stays: another review is a conflict, `already_reviewed`.",
        },
    );
}
