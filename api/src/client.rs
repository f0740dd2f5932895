//! Machine clients, as operators register them.

use openilp_domain::client::{MachineClient, MachineClientPatch, NewMachineClient};
use openilp_domain::id::ClientId;
use openilp_domain::text::ShortText;
use openilp_persistence::{Reply, client};

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::auth::{Secret, check_keys, new_client_secret, secret_hash};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Query, fault};
use crate::guard::{May, OneClient, OperateDeployment, PathId};
use crate::plain::{Viewed, listed, nothing_seen, page_of};
use crate::problem::{Kind, Problem};
use crate::routes::{About, Routes};

type Operator = May<OperateDeployment>;

/// A new secret.
fn new_secret() -> Result<Secret<String>, Problem> {
    new_client_secret().map_err(|_| Problem::new(Kind::Unavailable, "No secret could be made. Try again."))
}

/// The client, with the secret that was made for it.
fn with_secret(client: MachineClient, secret: &Secret<String>) -> MachineClient {
    MachineClient { secret: ShortText::parse(secret.expose()).ok(), ..client }
}

fn address(client: &MachineClient) -> String {
    format!("/v1/clients/{}", client.id)
}

async fn list(may: Operator, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<MachineClient>>> {
    let page = page_of(may.call(), &params).await?;
    let found = may.read(async |tx, grant| Ok((client::list(tx, grant, page).await?, nothing_seen()))).await?;
    listed(may.call(), found, page).await
}

async fn read(may: Operator, path: PathId<OneClient>, _: Query<NoParams>) -> Outcome<Found<Viewed<MachineClient>>> {
    let found = may.read(async |tx, grant| Ok((client::read(tx, grant, ClientId(path.id)).await?, nothing_seen()))).await?;
    Ok(Found { version: found.version, shown: Viewed(found) })
}

async fn create(may: Operator, _: Query<NoParams>, key: IdempotencyKey, body: Body<NewMachineClient>) -> Outcome<Created<Viewed<MachineClient>>> {
    let Body { value: new, hash } = body;
    if let Some(keys) = &new.keys {
        check_keys(keys).map_err(|detail| fault("/keys", "bad_keys", detail))?;
    }
    let secret = if new.keys.is_none() { Some(new_secret()?) } else { None };
    let hash_of_secret = secret.as_ref().map(|secret| secret_hash(secret.expose()));
    let mut made: Option<MachineClient> = None;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let client = client::create(tx, granted, new, hash_of_secret).await?;
            let reply = created(client.version, address(&client), &client);
            made = Some(client);
            Ok(reply)
        })
        .await?;
    Ok(telling(reply, made, secret, |client| created(client.version, address(client), client)).into())
}

async fn replace_secret(may: Operator, path: PathId<OneClient>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<MachineClient>>> {
    let secret = new_secret()?;
    let hash_of_secret = secret_hash(secret.expose());
    let hash = openilp_persistence::request_hash(may.call().path.as_bytes());
    let mut made: Option<MachineClient> = None;
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let client = client::replace_secret(tx, granted, ClientId(path.id), hash_of_secret).await?;
            let reply = amended(client.version, &client);
            made = Some(client);
            Ok(reply)
        })
        .await?;
    Ok(telling(reply, made, Some(secret), |client| amended(client.version, client)).into())
}

/// The answer that tells the secret. It is made after the door has kept the one without, so that the secret stands in no table:
/// who repeats the request gets the kept answer.
fn telling(kept: Reply, made: Option<MachineClient>, secret: Option<Secret<String>>, reply: impl FnOnce(&MachineClient) -> Reply) -> Reply {
    match (made, secret) {
        (Some(client), Some(secret)) => reply(&with_secret(client, &secret)),
        _ => kept,
    }
}

async fn amend(
    may: Operator,
    path: PathId<OneClient>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<MachineClientPatch>,
) -> Outcome<Amended<Viewed<MachineClient>>> {
    let reply = may
        .write(None, async |tx, granted| {
            let client = client::amend(tx, granted, ClientId(path.id), version, patch).await?;
            Ok(amended(client.version, &client))
        })
        .await?;
    Ok(reply.into())
}

const SECRET: &str = "The secret is told in this answer only and kept nowhere. A repeated request gets the same answer without it; \
                      if the first was lost, make another secret.";

/// The routes of clients.
pub fn routes(r: &mut Routes) {
    let register = format!("With public keys it authenticates by private_key_jwt, which is preferred; without them it gets a secret. {SECRET}");
    r.tag("operator");
    r.get("/v1/clients", list, About { id: "list_clients", summary: "List all machine clients", text: "" });
    r.post("/v1/clients", create, About { id: "create_client", summary: "Register a machine client", text: &register });
    r.get("/v1/clients/{clientId}", read, About { id: "read_client", summary: "Read a machine client", text: "" });
    r.patch(
        "/v1/clients/{clientId}",
        amend,
        About {
            id: "amend_client",
            summary: "Rename a machine client, stop it or let it call again",
            text: "One that is stopped is refused at once, whatever tokens it has.",
        },
    );
    r.post(
        "/v1/clients/{clientId}/secret",
        replace_secret,
        About {
            id: "replace_client_secret",
            summary: "Give a machine client another secret",
            text: &format!("The old secret is worth nothing from then on. {SECRET}"),
        },
    );
}
