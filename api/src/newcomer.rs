//! A guard of its own: the caller's login may be nobody's yet.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use openilp_domain::principal::Principal;

use crate::guard::{Call, home, refused};
use crate::problem::{Kind, Problem};
use crate::routes::{Argument, Doc, Guard};

/// Whoever has a person's token of an issuer for families, of a login that may be nobody's yet: they say whose it is.
pub struct Newcomer {
    call: Call,
}

impl Argument for Newcomer {
    async fn extract(http: &HttpRequest, _: &mut Payload) -> Result<Self, Problem> {
        let call = Call::of(http, |principal| match principal {
            Principal::Person { .. } => home(principal),
            Principal::Machine { .. } => Err(Problem::new(Kind::Forbidden, "This is for people.")),
        })
        .await?;
        let Call { state, request, .. } = &call;
        let families = state.auth.is_for_families(&state.db, &request.principal, request.at).await.map_err(|error| refused(state, &error))?;
        if families { Ok(Self { call }) } else { Err(Problem::new(Kind::Forbidden, "Logins of this issuer are not linked by invitation.")) }
    }
    fn describe(doc: &mut Doc) {
        doc.permission("invitation:redeem");
        doc.problems(&[
            (401, "A valid access token is needed."),
            (403, "The login is somebody else's, or its issuer is not for families."),
            (429, "Tried too often."),
        ]);
    }
}
impl Guard for Newcomer {}

impl Newcomer {
    /// The call.
    pub fn call(&self) -> &Call {
        &self.call
    }
}
