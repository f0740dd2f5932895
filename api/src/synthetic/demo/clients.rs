//! The demo's machine clients: an operator, the district's SIS, and the state agency with its agreement. Their secrets are new at every start,
//! since only hashes are kept.

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate};
use openilp_domain::agreement::{Dataset, NewAgreement};
use openilp_domain::client::{Client, NewClient};
use openilp_domain::id::{ClientId, DistrictId};
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::principal::ClientKind;
use openilp_domain::text::ShortText;
use openilp_domain::time::local_date;
use openilp_persistence::{agreement, client};

use super::{Stage, TIME_ZONE};
use crate::auth::{Secret, TokenRequest, new_client_secret, secret_hash};

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

fn text(text: &str) -> anyhow::Result<ShortText> { ShortText::parse(text).map_err(|fault| anyhow::anyhow!("a text of the demo {fault}")) }

impl Stage<'_> {
    /// The demo's client of a kind, with a new secret and a token.
    pub(super) async fn client(&self, kind: ClientKind) -> anyhow::Result<Ready> {
        let district_id = (kind == ClientKind::Sis).then_some(self.id);
        let secret = new_client_secret()?;
        let hash = secret_hash(secret.expose());
        let known = self.find_client(kind, district_id).await?;
        let new = NewClient { kind, name: text(name(kind))?, district_id, keys: None };
        let client = self
            .demo
            .db
            .command(DistrictId::DEPLOYMENT, self.demo.now, async |tx, granted| match known {
                Some(known) => client::replace_secret(tx, granted, known.id, hash).await,
                None => client::create(tx, granted, new, Some(hash)).await,
            })
            .await?;
        let token = self.machine_token(client.id, &secret).await?;
        Ok(Ready { id: client.id, secret, token })
    }

    async fn find_client(&self, kind: ClientKind, district_id: Option<DistrictId>) -> anyhow::Result<Option<Client>> {
        let is_it = |client: &Client| client.kind == kind && client.district_id == district_id && client.name.as_str() == name(kind);
        let mut page = PageOf { limit: Limit::new(Limit::MAX).unwrap_or_default(), after: None };
        loop {
            let list = self.demo.db.command(DistrictId::DEPLOYMENT, self.demo.now, async |tx, granted| client::list(tx, granted.grant(), page).await);
            let found = list.await?;
            if let Some(client) = found.items.into_iter().find(is_it) { return Ok(Some(client)); }
            if found.next.is_none() { return Ok(None); }
            page.after = found.next;
        }
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
        if there.items.iter().any(|agreement| agreement.client_id == state) { return Ok(()); }
        let starts_on = local_date(self.start, TIME_ZONE);
        let day = |years: i32| NaiveDate::from_ymd_opt(starts_on.year() + years, 6, 30).unwrap_or(starts_on);
        let purpose = text("Evaluation of individual learning plans (a demo, of people who do not exist)")?;
        let new = NewAgreement { client_id: state, dataset: Dataset::IlpStatus, purpose, starts_on, ends_on: day(2), destroy_by: day(4) };
        self.demo.db.command(self.id, self.demo.now, async |tx, granted| agreement::create(tx, granted, new).await).await?;
        Ok(())
    }
}
