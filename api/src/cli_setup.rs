//! The verbs `district` and `client`: what an operator sets up before the first caller comes. The same bodies as over HTTP.

use clap::Subcommand;
use openilp_domain::agreement::NewAgreement;
use openilp_domain::appointment::NewAppointment;
use openilp_domain::client::NewMachineClient;
use openilp_domain::district::NewDistrict;
use openilp_domain::front_end::NewFrontEnd;
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::identity_link::NewIdentityLinks;
use openilp_domain::issuer::NewIssuer;
use openilp_domain::noun::Body;
use openilp_persistence::Db;
use openilp_persistence::sequencer::Wake;
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::database::Database;
use crate::setup;
use crate::state::{Clock, SystemClock};

/// Setting up districts. Bodies are JSON, as the API takes them: `openilp example NewDistrict` shows one.
#[derive(Debug, Subcommand)]
pub enum DistrictVerb {
    /// Create a district.
    Create {
        /// A `NewDistrict` as JSON.
        body: String,
    },
    /// List the districts.
    List,
    /// Register the issuer of people's tokens.
    AddIssuer {
        /// The district.
        district: DistrictId,
        /// A `NewIssuer` as JSON.
        body: String,
    },
    /// Record an agreement with a state client.
    AddAgreement {
        /// The district.
        district: DistrictId,
        /// A `NewAgreement` as JSON.
        body: String,
    },
    /// Approve an application through which the district's people come.
    ApproveFrontEnd {
        /// The district.
        district: DistrictId,
        /// A `NewFrontEnd` as JSON.
        body: String,
    },
    /// Give somebody an office: the first custodian is appointed here.
    Appoint {
        /// The district.
        district: DistrictId,
        /// A `NewAppointment` as JSON.
        body: String,
    },
    /// Link logins to people.
    LinkLogins {
        /// The district.
        district: DistrictId,
        /// A `NewIdentityLinks` as JSON.
        body: String,
    },
    /// Confirm every guardian link and caseload that waits.
    ConfirmAll {
        /// The district.
        district: DistrictId,
    },
}

/// Machine clients.
#[derive(Debug, Subcommand)]
pub enum ClientVerb {
    /// Create a client. Its secret, if it has one, is shown this once.
    Create {
        /// A `NewMachineClient` as JSON.
        body: String,
    },
    /// List the clients.
    List,
    /// Replace the secret of a client. The new one is shown this once.
    NewSecret {
        /// The client.
        client: ClientId,
    },
    /// Let a client in no more.
    Stop {
        /// The client.
        client: ClientId,
    },
}

/// Examples of the bodies, by name.
pub fn example(name: &str) -> anyhow::Result<String> {
    let all = [
        (NewDistrict::NAME, NewDistrict::example()),
        (NewIssuer::NAME, NewIssuer::example()),
        (NewAgreement::NAME, NewAgreement::example()),
        (NewFrontEnd::NAME, NewFrontEnd::example()),
        (NewAppointment::NAME, NewAppointment::example()),
        (NewIdentityLinks::NAME, NewIdentityLinks::example()),
        (NewMachineClient::NAME, NewMachineClient::example()),
    ];
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let (_, body) = all.iter().find(|(known, _)| *known == name).ok_or_else(|| anyhow::anyhow!("there are examples of: {}", names()))?;
    Ok(serde_json::to_string(body)?)
}

fn read<B: Body>(text: &str) -> anyhow::Result<B> {
    let value = serde_json::from_str(text)
        .map_err(|e| anyhow::anyhow!("no JSON at line {}, column {}; `openilp example {}` shows what is wanted", e.line(), e.column(), B::NAME))?;
    B::read(value).map_err(|faults| anyhow::anyhow!("{faults}; `openilp example {}` shows what is wanted", B::NAME))
}

fn shown(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

async fn with_database<T>(config: &Config, say: &dyn Fn(&str), work: impl AsyncFnOnce(&Db) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let database = Database::open(config, say).await?;
    let db = Db::new(database.connector.clone(), 2, Wake::default())?;
    let result = work(&db).await;
    drop(db);
    database.close().await;
    result
}

/// Runs a verb on districts. Returns what to print.
pub async fn district(verb: DistrictVerb, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let now = SystemClock.now();
    with_database(config, say, async |db| match &verb {
        DistrictVerb::Create { body } => shown(&setup::create_district(db, now, read(body)?).await?),
        DistrictVerb::List => shown(&setup::districts(db, now).await?),
        DistrictVerb::AddIssuer { district, body } => shown(&setup::add_issuer(db, now, *district, read(body)?).await?),
        DistrictVerb::AddAgreement { district, body } => shown(&setup::add_agreement(db, now, *district, read(body)?).await?),
        DistrictVerb::ApproveFrontEnd { district, body } => shown(&setup::approve_front_end(db, now, *district, read(body)?).await?),
        DistrictVerb::Appoint { district, body } => shown(&setup::appoint(db, now, *district, read(body)?).await?),
        DistrictVerb::LinkLogins { district, body } => {
            setup::link_identities(db, now, *district, read(body)?).await?;
            Ok("linked".into())
        }
        DistrictVerb::ConfirmAll { district } => {
            let done = setup::confirm_all(db, now, *district, &mut |_| {}).await?;
            Ok(format!("{done:?}"))
        }
    })
    .await
}

/// Runs a verb on clients. Returns what to print.
pub async fn client(verb: ClientVerb, config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let now = SystemClock.now();
    with_database(config, say, async |db| match &verb {
        ClientVerb::Create { body } => {
            let (client, secret) = setup::create_client(db, now, read(body)?).await?;
            shown(&json!({ "client": client, "clientSecret": secret.as_ref().map(|s| s.expose().clone()) }))
        }
        ClientVerb::List => shown(&setup::clients(db, now).await?),
        ClientVerb::NewSecret { client } => {
            let (client, secret) = setup::replace_client_secret(db, now, *client).await?;
            shown(&json!({ "client": client, "clientSecret": secret.expose() }))
        }
        ClientVerb::Stop { client } => shown(&setup::set_client_active(db, now, *client, false).await?),
    })
    .await
}
