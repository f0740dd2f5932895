//! Consents: who else reads which part of a file, as student and family agree to it (34 CFR 99.30).

use openilp_domain::access::{Action, Section};
use openilp_domain::consent::{Consent, NewConsent, NewConsentSignature};
use openilp_persistence::consent;

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::auth::{self, http::authorization};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Query};
use crate::guard::{Can, Deed, OneConsent, Read, Student as AtStudent};
use crate::plain::{Viewed, listed, page_of, seen};
use crate::routes::{About, Argument, Doc, Routes};

/// Sees the consents of a student.
struct ListConsents;
impl Deed for ListConsents {
    const WORD: &'static str = "listConsents";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// Draws up a consent, for whoever must to sign.
struct DrawUp;
impl Deed for DrawUp {
    const WORD: &'static str = "drawUpConsent";
    const ADDS: bool = true;
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Write, Action::Propose]
    }
}

/// Signs or revokes, in one's own name.
struct Sign;
impl Deed for Sign {
    const WORD: &'static str = "sign";
    const ADDS: bool = true;
    fn actions() -> &'static [Action] {
        &[Action::Write]
    }
}

/// What the token of the caller says of the login.
struct LoggedIn(consent::Authentication);

impl Argument for LoggedIn {
    async fn extract(http: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Result<Self, crate::problem::Problem> {
        Ok(Self(auth::authentication(authorization(http))))
    }
    fn describe(_: &mut Doc) {}
}

async fn list(can: Can<ListConsents, AtStudent>, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<Consent>>> {
    let of = page_of(can.call(), &page).await?;
    let found = can
        .read(async |tx, grant| {
            let found = consent::list(tx, grant, of).await?;
            let mut seen = seen([grant.located()?.student_id], Section::Privacy.code());
            seen.row_count = found.items.len();
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, of).await
}

async fn draw_up(can: Can<DrawUp, AtStudent>, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewConsent>) -> Outcome<Created<Viewed<Consent>>> {
    let Body { value: new, hash } = body;
    let reply = can
        .write(None, Some(&key.with(hash)), async |tx, granted| {
            let consent = consent::create(tx, granted, new).await?;
            Ok(created(consent.version, format!("/v1/consents/{}", consent.id), &consent))
        })
        .await?;
    Ok(reply.into())
}

async fn read(can: Can<Read, OneConsent>, _: Query<NoParams>) -> Outcome<Found<Viewed<Consent>>> {
    let found = can
        .read(async |tx, grant| {
            let found = consent::read(tx, grant).await?;
            let seen = seen([found.student_id], Section::Privacy.code());
            Ok((found, seen))
        })
        .await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn sign(
    can: Can<Sign, OneConsent>,
    LoggedIn(authentication): LoggedIn,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewConsentSignature>,
) -> Outcome<Amended<Viewed<Consent>>> {
    let Body { value: NewConsentSignature { approves }, hash } = body;
    let reply = can
        .write(None, Some(&key.with(hash)), async |tx, granted| {
            let consent = consent::sign(tx, granted, approves, authentication).await?;
            Ok(amended(consent.version, &consent))
        })
        .await?;
    Ok(reply.into())
}

async fn revoke(can: Can<Sign, OneConsent>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<Consent>>> {
    let hash = openilp_persistence::request_hash(can.call().path.as_bytes());
    let reply = can
        .write(None, Some(&key.with(hash)), async |tx, granted| {
            let consent = consent::revoke(tx, granted).await?;
            Ok(amended(consent.version, &consent))
        })
        .await?;
    Ok(reply.into())
}

/// The routes of consents.
pub fn routes(r: &mut Routes) {
    r.tag("consents");
    r.get("/v1/students/{studentId}/consents", list, About {
        id: "list_consents",
        summary: "List the consents about a student's file",
        text: "For the student, guardians with full rights, the gatekeeper and the custodian: who is let in to what, who signed, and where each stands today.",
    });
    r.post("/v1/students/{studentId}/consents", draw_up, About {
        id: "create_consent",
        summary: "Draw up a consent",
        text: "To let in a partner's staff, a mentor, a group, or the parent of an eligible student: which sections, for what, until when (a year at most). The program \
               writes the statement that is signed. It opens nothing until it is signed by all who must: for a minor the student and a guardian with full rights, \
               for an eligible student the student alone. What a student shares with a mentor or a group is a consent too.",
    });
    r.get(
        "/v1/consents/{consentId}",
        read,
        About { id: "read_consent", summary: "Read a consent", text: "A consent is never edited: draw up another and revoke this one." },
    );
    r.post("/v1/consents/{consentId}/signatures", sign, About {
        id: "sign_consent",
        summary: "Sign a consent, or object to it",
        text: "By the student and by guardians with full rights, each in their own name. The service keeps how the login was proven, as the token says. The last word of each \
               counts: `approves: false` takes an agreement back. For a minor one objection closes what is opened. From the day on which the rights pass to the \
               student, only the student's own signature since counts.",
    });
    r.post("/v1/consents/{consentId}/revocation", revoke, About {
        id: "revoke_consent",
        summary: "Revoke a consent",
        text: "By the student, a guardian with full rights of a minor, or the custodian. In force for every later read, on every node. What was read before stays read.",
    });
}
