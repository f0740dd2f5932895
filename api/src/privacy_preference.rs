//! What a student asks about sections of the own file: to hide one from those who stand in a relation, or to open it to them.

use openilp_domain::access::{Action, Section};
use openilp_domain::id::PrivacyPreferenceId;
use openilp_domain::kind::Kind;
use openilp_domain::privacy_preference::{NewPrivacyPreference, PrivacyPreference};
use openilp_persistence::{Error, privacy_preference};

use crate::answer::{Created, Found, Listed, Outcome, Removed, created, removed};
use crate::body::{Body, IdempotencyKey, IfMatch, NoParams, PageParams, Query};
use crate::guard::{Can, Deed, Place, Read, Student as AtStudent};
use crate::noun::{seen, seen_all};
use crate::plain::{Viewed, listed, page_of};
use crate::routes::{About, Routes};

/// Sees what the student asks.
struct ReadPrivacy;
impl Deed for ReadPrivacy {
    const WORD: &'static str = "readPrivacy";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// Asks for oneself. Whoever sees what is asked may know of it; that it is the student, persistence demands.
struct SetPrivacy;
impl Deed for SetPrivacy {
    const WORD: &'static str = "setPrivacy";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// The preference in the path.
struct OnePrivacyPreference;
impl Place for OnePrivacyPreference {
    const KIND: Kind = Kind::PrivacyPreference;
}

async fn list(can: Can<ReadPrivacy, AtStudent>, Query(params): Query<PageParams>) -> Outcome<Listed<Viewed<PrivacyPreference>>> {
    let page = page_of(can.call(), &params).await?;
    let found = can
        .read(async |tx, grant| {
            let found = privacy_preference::list(tx, grant, page).await?;
            let seen = seen_all(&found.items);
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, page).await
}

async fn read(can: Can<Read, OnePrivacyPreference>, _: Query<NoParams>) -> Outcome<Found<Viewed<PrivacyPreference>>> {
    let id = PrivacyPreferenceId(can.target().id);
    let preference = can
        .read_ahead(
            async |tx| privacy_preference::read(tx, id).await,
            |grant, withheld| {
                let preference = withheld.and_then(|withheld| grant.open(withheld)).ok_or(Error::NotFound)?;
                let seen = seen(&preference);
                Ok((preference, seen))
            },
        )
        .await?;
    Ok(Found { version: preference.version, shown: Viewed(preference) })
}

async fn create(
    can: Can<SetPrivacy, AtStudent>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewPrivacyPreference>,
) -> Outcome<Created<Viewed<PrivacyPreference>>> {
    let Body { value: new, hash } = body;
    let reply = can
        .write(None, Some(&key.with(hash)), async |tx, granted| {
            let made = privacy_preference::create(tx, granted, new).await?;
            Ok(created(made.version, format!("/v1/privacy-preferences/{}", made.id), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn remove(can: Can<SetPrivacy, OnePrivacyPreference>, _: Query<NoParams>, IfMatch(version): IfMatch) -> Outcome<Removed> {
    can.write(None, None, async |tx, granted| {
        privacy_preference::remove(tx, granted, version).await?;
        Ok(removed())
    })
    .await?;
    Ok(Removed)
}

/// The routes of preferences.
pub fn routes(r: &mut Routes) {
    r.tag("privacy");
    r.get(
        "/v1/students/{studentId}/privacy-preferences",
        list,
        About {
            id: "list_privacy_preferences",
            summary: "List what a student asks about sections of the file",
            text: "For the student, the guardians of a minor, the gatekeeper and the custodian.",
        },
    );
    r.post(
        "/v1/students/{studentId}/privacy-preferences",
        create,
        About {
            id: "create_privacy_preference",
            summary: "Hide a section of your file from somebody, or open it",
            text: "Only the student asks, at any age. `relation` says from whom, or to whom: what the policy shows them may be hidden, what it does not show them may be \
                   opened; where it leaves no choice, the refusal says what may be chosen. It is in force for the next decision. Who holds the rights over the \
                   file reads on. What is asked already stays as it is.",
        },
    );
    r.get(
        "/v1/privacy-preferences/{privacyPreferenceId}",
        read,
        About { id: "read_privacy_preference", summary: "Read what a student asks about a section", text: "" },
    );
    r.delete(
        "/v1/privacy-preferences/{privacyPreferenceId}",
        remove,
        About {
            id: "remove_privacy_preference",
            summary: "Take back what you asked about a section",
            text: "From then on the policy alone decides.",
        },
    );
}
