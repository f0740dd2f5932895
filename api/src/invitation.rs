//! Invitations: made by the custodian, redeemed by whoever was told the code.

use openilp_domain::id::{InvitationId, PersonId};
use openilp_domain::invitation::{Invitation, InvitationRedemption, NewInvitation};
use openilp_domain::text::ShortText;
use openilp_persistence::invitation;

use crate::answer::{Created, Done, Found, Listed, Outcome, Removed, created, done, removed};
use crate::auth::{new_invitation_code, secret_hash};
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{ManageRelations, May, OneInvitation, PathId};
use crate::newcomer::Newcomer;
use crate::plain::{Viewed, describe_id, listed, nothing_seen, page_of, parse_id};
use crate::problem::{Kind, Problem};
use crate::routes::{About, Doc, Routes};

type Custodian = May<ManageRelations>;

/// Whose invitations, and the page.
struct InvitationParams {
    page: PageParams,
    person_id: Option<PersonId>,
}

impl Params for InvitationParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { person_id: pairs.optional("personId", parse_id), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        describe_id(doc, "personId", "Only those of this person.");
        PageParams::describe(doc);
    }
}

async fn list(may: Custodian, Query(params): Query<InvitationParams>) -> Outcome<Listed<Viewed<Invitation>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may.read(async |tx, grant| Ok((invitation::list(tx, grant, params.person_id, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: Custodian, path: PathId<OneInvitation>, _: Query<NoParams>) -> Outcome<Found<Viewed<Invitation>>> {
    let found = may.read(async |tx, grant| Ok((invitation::read(tx, grant, InvitationId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

fn address(invitation: &Invitation) -> String {
    format!("/v1/invitations/{}", invitation.id)
}

async fn create(may: Custodian, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewInvitation>) -> Outcome<Created<Viewed<Invitation>>> {
    let Body { value: new, hash } = body;
    let code = new_invitation_code().map_err(|_| Problem::new(Kind::Unavailable, "No code could be made. Try again."))?;
    let hash_of_code = secret_hash(&code.expose().replace('-', ""));
    let mut made: Option<Invitation> = None;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let invitation = invitation::create(tx, granted, new, hash_of_code).await?;
            let reply = created(invitation.version, address(&invitation), &invitation);
            made = Some(invitation);
            Ok(reply)
        })
        .await?;
    // The code is told after the door has kept the answer without it, so that it stands in no table.
    let told = made.map(|invitation| {
        let invitation = Invitation { code: ShortText::parse(code.expose()).ok(), ..invitation };
        created(invitation.version, address(&invitation), &invitation)
    });
    Ok(told.unwrap_or(reply).into())
}

async fn remove(may: Custodian, path: PathId<OneInvitation>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    may.write(None, async |tx, granted| {
        invitation::remove(tx, granted, InvitationId(path.id), version).await?;
        Ok(removed())
    })
    .await?;
    Ok(Removed)
}

async fn redeem(newcomer: Newcomer, _: Query<NoParams>, key: IdempotencyKey, body: Body<InvitationRedemption>) -> Outcome<Done<Viewed<Invitation>>> {
    let Body { value: sent, hash } = body;
    let call = newcomer.call();
    let code = secret_hash(&sent.plain_code());
    Ok(invitation::redeem(&call.state.db, &call.request, &key.with(hash), code, done).await?.into())
}

/// The routes of invitations.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.get("/v1/invitations", list, About { id: "list_invitations", summary: "List the invitations of your district", text: "" });
    r.post(
        "/v1/invitations",
        create,
        About {
            id: "create_invitation",
            summary: "Invite somebody of your district who has no district login",
            text: "The code is told in this answer only and kept nowhere. A repeated request gets the same answer without it; if the first was lost, take the \
                   invitation back and make another. An invitation gives no right: what its person may see follows from confirmed links.",
        },
    );
    r.get("/v1/invitations/{invitationId}", read, About { id: "read_invitation", summary: "Read an invitation", text: "" });
    r.delete(
        "/v1/invitations/{invitationId}",
        remove,
        About {
            id: "remove_invitation",
            summary: "Take an invitation back",
            text: "Its code is worth nothing from then on. A login that was linked by it stays linked.",
        },
    );
    r.tag("me");
    r.post(
        "/v1/invitation-redemptions",
        redeem,
        About {
            id: "redeem_invitation",
            summary: "Redeem an invitation with your login",
            text: "Send the token of the login that is to be yours here. A code counts once. Why one is not accepted is not told, and a login that goes on trying is \
                   refused for an hour (429).",
        },
    );
}
