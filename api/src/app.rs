//! The application: which resources there are, and what surrounds them.

use std::rc::Rc;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, web};

use crate::routes::{Description, Routes};
use crate::state::State;
use crate::telemetry::surround;

/// What every resource is like.
pub fn description() -> Description {
    routes(Routes::described()).into_description()
}

/// Every resource. One line each.
fn routes(mut r: Routes) -> Routes {
    crate::me::routes(&mut r);
    crate::student::routes(&mut r);
    crate::school::routes(&mut r);
    crate::student_access::routes(&mut r);
    crate::ilp_file::routes(&mut r);
    crate::report_card::routes(&mut r);
    crate::goal::routes(&mut r);
    crate::benchmark::routes(&mut r);
    crate::activity::routes(&mut r);
    crate::progress_record::routes(&mut r);
    crate::recommendation::routes(&mut r);
    crate::reflection::routes(&mut r);
    crate::plan_part::routes(&mut r);
    crate::fact::routes(&mut r);
    crate::proposal::routes(&mut r);
    crate::plan_job::routes(&mut r);
    crate::change::routes(&mut r);
    crate::collection::routes(&mut r);
    crate::roster::routes(&mut r);
    crate::roster_faults::routes(&mut r);
    crate::roster_check::routes(&mut r);
    crate::roster_upsert::routes(&mut r);
    crate::roster_control::routes(&mut r);
    crate::roster_export::routes(&mut r);
    crate::guardian_link::routes(&mut r);
    crate::assignment::routes(&mut r);
    crate::adult_status::routes(&mut r);
    crate::inspection_request::routes(&mut r);
    crate::amendment_request::routes(&mut r);
    crate::redaction::routes(&mut r);
    crate::annual_notice::routes(&mut r);
    crate::notice::routes(&mut r);
    crate::consent::routes(&mut r);
    crate::privacy_preference::routes(&mut r);
    crate::restriction::routes(&mut r);
    crate::partner::routes(&mut r);
    crate::front_end::routes(&mut r);
    crate::unmet_need::routes(&mut r);
    crate::catalogue::routes(&mut r);
    crate::framework::routes(&mut r);
    crate::case_standard::routes(&mut r);
    crate::graduation::routes(&mut r);
    crate::template::routes(&mut r);
    crate::model_plan::routes(&mut r);
    crate::course_plan::routes(&mut r);
    crate::student_group::routes(&mut r);
    crate::identity_link::routes(&mut r);
    crate::unlinked_login::routes(&mut r);
    crate::invitation::routes(&mut r);
    crate::person_merge::routes(&mut r);
    crate::potential_duplicate::routes(&mut r);
    crate::alarm::routes(&mut r);
    crate::emergency_access::routes(&mut r);
    crate::appointment::routes(&mut r);
    crate::district::routes(&mut r);
    crate::issuer::routes(&mut r);
    crate::client::routes(&mut r);
    crate::agreement::routes(&mut r);
    crate::service::routes(&mut r);
    r
}

/// The application of one thread.
pub fn app(
    state: State,
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody>, Error = Error, InitError = ()>> {
    let cors = cors(&state.config.cors_origins);
    let router = Rc::new(routes(Routes::default()).into_router());
    App::new()
        .app_data(web::Data::new(state))
        .configure(crate::pages::pages)
        .default_service(web::to(move |request: HttpRequest, payload: web::Payload| {
            let router = router.clone();
            async move { router.answer(request, payload.into_inner()).await }
        }))
        .wrap(cors)
        .wrap(from_fn(surround))
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PATCH", "DELETE", "OPTIONS"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH])
        .allowed_header(HeaderName::from_static("idempotency-key"))
        .allowed_header(HeaderName::from_static("x-correlation-id"))
        .expose_headers([header::ETAG, header::LOCATION, header::LINK, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
        .expose_headers(["x-correlation-id", "ratelimit", "ratelimit-policy", "openilp-emergency-access"].map(HeaderName::from_static))
        .max_age(3600);
    if origins.iter().any(|one| one == "*") {
        return cors.allow_any_origin();
    }
    origins.iter().fold(cors, |cors, one| cors.allowed_origin(one))
}
