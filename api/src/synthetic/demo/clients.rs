//! The demo's machine clients: an operator, the district's SIS, and the state agency with its agreement. Their secrets are new at every start,
//! since only hashes are kept.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate};
use openilp_domain::agreement::{Dataset, NewAgreement};
use openilp_domain::client::{MachineClient, NewMachineClient};
use openilp_domain::id::ClientId;
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::principal::ClientKind;
use openilp_domain::text::ShortText;
use openilp_domain::time::local_date;
use openilp_persistence::agreement;

use super::{Demo, Stage, TIME_ZONE};
use crate::auth::{Secret, TokenRequest};
use crate::setup;

/// A client that may call.
pub(super) struct Ready {
    pub(super) id: ClientId,
    pub(super) secret: Secret<String>,
    pub(super) token: Secret<String>,
}

/// What a client of the demo is called.
pub(super) const fn name(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Operator => "Demo operator",
        ClientKind::Sis => "Demo SIS of Alder Valley",
        ClientKind::State => "Demo state agency",
    }
}

fn text(text: &str) -> anyhow::Result<ShortText> {
    ShortText::parse(text).map_err(|fault| anyhow::anyhow!("a text of the demo {fault}"))
}

impl Stage<'_> {
    /// The demo's client of a kind, with a new secret and a token.
    pub(super) async fn client(&self, kind: ClientKind) -> anyhow::Result<Ready> {
        let district_id = (kind == ClientKind::Sis).then_some(self.id);
        let is_it = |client: &MachineClient| client.kind == kind && client.district_id == district_id && client.name.as_str() == name(kind);
        let Demo { db, now, .. } = *self.demo;
        let (client, secret) = match setup::clients(db, now).await?.into_iter().find(is_it) {
            Some(known) => setup::replace_client_secret(db, now, known.id).await?,
            None => {
                let new = NewMachineClient { kind, name: text(name(kind))?, district_id, keys: None };
                let (client, secret) = setup::create_client(db, now, new).await?;
                (client, secret.context("a client without a secret")?)
            }
        };
        let token = self.machine_token(client.id, &secret).await?;
        Ok(Ready { id: client.id, secret, token })
    }

    /// A token, as the client itself would ask for it.
    async fn machine_token(&self, id: ClientId, secret: &Secret<String>) -> anyhow::Result<Secret<String>> {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expose())));
        let request = TokenRequest {
            authorization: Some(&authorization),
            content_type: Some("application/x-www-form-urlencoded"),
            body: b"grant_type=client_credentials",
        };
        let answer = self.demo.auth.token(self.demo.db, request, self.demo.now).await;
        let answer = answer.map_err(|error| anyhow::anyhow!("no token for a client of the demo: {error:?}"))?;
        let answer = serde_json::to_value(&answer)?;
        let token = answer.get("access_token").and_then(serde_json::Value::as_str).context("an answer without a token")?;
        Ok(Secret::new(token.to_owned()))
    }

    /// The agreement with the state agency, from the demo's first day on.
    pub(super) async fn agreement(&self, state: ClientId) -> anyhow::Result<()> {
        let page = PageOf { limit: Limit::default(), after: None };
        let there = self.demo.db.command(self.id, self.demo.now, async |tx, granted| agreement::list(tx, granted.grant(), page).await).await?;
        if there.items.iter().any(|agreement| agreement.client_id == state) {
            return Ok(());
        }
        let starts_on = local_date(self.start, TIME_ZONE);
        let day = |years: i32| NaiveDate::from_ymd_opt(starts_on.year() + years, 6, 30).unwrap_or(starts_on);
        let purpose = text("Evaluation of individual learning plans (a demo, of people who do not exist)")?;
        let new = NewAgreement { client_id: state, dataset: Dataset::IlpStatus, purpose, starts_on, ends_on: day(2), destroy_by: day(4) };
        setup::add_agreement(self.demo.db, self.demo.now, self.id, new).await?;
        Ok(())
    }
}
