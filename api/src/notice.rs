//! Notices: what a person is told, for that person; which were made and acknowledged, for the custodian.

use openilp_domain::access::{Action, Section};
use openilp_domain::id::StudentId;
use openilp_domain::notice::Notice;
use openilp_persistence::notice;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Found, Listed, Outcome, amended};
use crate::body::{IdempotencyKey, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{Anyone, Can, Deed, OneNotice, Student as AtStudent};
use crate::plain::{Viewed, listed, page_of, parse_bool, seen};
use crate::routes::{About, Doc, Routes};

/// Sees what was told about the student: it stands in S14.
struct ListNotices;
impl Deed for ListNotices {
    const WORD: &'static str = "listNotices";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// Sees or acknowledges what one was told. It is decided by a rule of its own, see [`openilp_domain::access::still_shown`]: no action of the table allows it.
struct BeTold;
impl Deed for BeTold {
    const WORD: &'static str = "beTold";
    fn actions() -> &'static [Action] {
        &[]
    }
}

/// Those that were acknowledged, the others, or all; and the page.
struct NoticeParams {
    page: PageParams,
    acknowledged: Option<bool>,
}

impl Params for NoticeParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { acknowledged: pairs.optional("acknowledged", parse_bool), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let acknowledged = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(
            ParameterIn::Query,
            "acknowledged",
            false,
            acknowledged,
            "false: only those that you have not acknowledged; true: only others.",
            None,
        );
        PageParams::describe(doc);
    }
}

const SECTION: &str = Section::Privacy.code();

async fn list_own(anyone: Anyone, Query(params): Query<NoticeParams>) -> Outcome<Listed<Viewed<Notice>>> {
    let page = page_of(anyone.call(), &params.page).await?;
    let found = anyone
        .browse(async |tx, grant| {
            let found = notice::list_own(tx, grant, params.acknowledged, page).await?;
            let seen = seen(found.items.iter().map(|notice| notice.student_id), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(anyone.call(), found, page).await
}

async fn list_of_student(can: Can<ListNotices, AtStudent>, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<Notice>>> {
    let (of, student) = (page_of(can.call(), &page).await?, StudentId(can.target().id));
    let found = can
        .read(async |tx, grant| {
            let found = notice::list_of_student(tx, grant, of).await?;
            let seen = seen(found.items.iter().map(|_| student), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, of).await
}

async fn read(can: Can<BeTold, OneNotice>, _: Query<NoParams>) -> Outcome<Found<Viewed<Notice>>> {
    let id = can.target().id;
    let notice = can
        .read_ahead(
            async |tx| notice::read(tx, id).await,
            |grant, withheld| {
                let notice = notice::open(grant, withheld)?;
                let seen = seen([notice.student_id], SECTION);
                Ok((notice, seen))
            },
        )
        .await?;
    Ok(Found { version: notice.version, shown: Viewed(notice) })
}

async fn acknowledge(can: Can<BeTold, OneNotice>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<Notice>>> {
    let call = can.call();
    let key = key.with(openilp_persistence::request_hash(call.path.as_bytes()));
    let acknowledged = call.state.db.acknowledge_notice(&call.request, can.target(), &key, async |tx, granted| {
        let notice = notice::acknowledge(tx, granted).await?;
        Ok(amended(notice.version, &notice))
    });
    Ok(acknowledged.await?.into())
}

/// The routes of notices.
pub fn routes(r: &mut Routes) {
    r.tag("notices");
    r.get("/v1/me/notices", list_own, About {
        id: "list_my_notices",
        summary: "List what you were told",
        text: "That the rights over a file pass to the student, 60 and 14 days ahead; that parts of a file were opened in an emergency. Yours alone, and as long as the \
               relation lasts by which you were told.",
    });
    r.get("/v1/notices/{noticeId}", read, About { id: "read_notice", summary: "Read what you were told", text: "" });
    r.post(
        "/v1/notices/{noticeId}/acknowledgement",
        acknowledge,
        About { id: "acknowledge_notice", summary: "Acknowledge what you were told", text: "One that you acknowledged already stays as it is." },
    );
    r.get(
        "/v1/students/{studentId}/notices",
        list_of_student,
        About {
            id: "list_student_notices",
            summary: "List who was told what about a student",
            text: "The custodian sees which notices were made, to whom, when, and which were acknowledged; student and guardians see their own.",
        },
    );
}
