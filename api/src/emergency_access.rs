//! Break-glass: access in a health or safety emergency, declared, ended and reviewed (access.md 5.7).

use openilp_domain::access::{Action, EmergencyDeed, Section};
use openilp_domain::emergency_access::{EmergencyAccess, EmergencyAccessReview, NewEmergencyAccess};
use openilp_domain::id::StudentId;
use openilp_domain::kind::Kind;
use openilp_persistence::emergency_access;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{Can, Deed, ManageRelations, May, Place, Read, Student as AtStudent};
use crate::plain::{Viewed, listed, page_of, parse_bool, seen};
use crate::routes::{About, Doc, Routes};

/// The emergency access in the path.
pub struct OneEmergencyAccess;
impl Place for OneEmergencyAccess {
    const KIND: Kind = Kind::EmergencyAccess;
}

/// Sees what was declared about the student: it stands in S14.
pub struct ListEmergencies;
impl Deed for ListEmergencies {
    const WORD: &'static str = "listEmergencyAccesses";
    const SECTION: Option<Section> = Some(Section::Privacy);
    fn actions() -> &'static [Action] {
        &[Action::Read]
    }
}

/// What is done about an emergency is decided by a rule of its own, see [`openilp_domain::access::emergency`]: no action of the table allows it.
macro_rules! deeds { ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => { $(
    $(#[$doc])*
    pub struct $name;
    impl Deed for $name {
        const WORD: &'static str = $word;
        fn actions() -> &'static [Action] {
            &[]
        }
    }
)* } }

deeds! {
    /// Declares an emergency of the student.
    Declare = "declareEmergency";
    /// Ends an emergency access before its time.
    End = "end";
    /// Says what the review of an emergency access found.
    Review = "review";
}

/// Those that wait, those that were reviewed, or all; and the page.
struct EmergencyParams {
    page: PageParams,
    reviewed: Option<bool>,
}

impl Params for EmergencyParams {
    fn read(pairs: &mut Pairs) -> Self {
        Self { reviewed: pairs.optional("reviewed", parse_bool), page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        let reviewed = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "reviewed", false, reviewed, "false: only those that wait for their review; true: only others.", None);
        PageParams::describe(doc);
    }
}

const SECTION: &str = Section::Privacy.code();

async fn declare(
    can: Can<Declare, AtStudent>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<NewEmergencyAccess>,
) -> Outcome<Created<Viewed<EmergencyAccess>>> {
    let Body { value: new, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let declared = call.state.db.write_about_emergency(&call.request, can.target(), EmergencyDeed::Declare, Some(&key), async |tx, granted| {
        let access = emergency_access::declare(tx, granted, &call.request.request_id, new).await?;
        Ok(created(access.version, format!("/v1/emergency-accesses/{}", access.id), &access))
    });
    Ok(declared.await?.into())
}

async fn list_of_student(can: Can<ListEmergencies, AtStudent>, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<EmergencyAccess>>> {
    let (of, student) = (page_of(can.call(), &page).await?, StudentId(can.target().id));
    let found = can
        .read(async |tx, grant| {
            let found = emergency_access::list_of_student(tx, grant, of).await?;
            let seen = seen(found.items.iter().map(|_| student), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(can.call(), found, of).await
}

async fn list(may: May<ManageRelations>, Query(params): Query<EmergencyParams>) -> Outcome<Listed<Viewed<EmergencyAccess>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .read(async |tx, grant| {
            let found = emergency_access::list(tx, grant, params.reviewed, page).await?;
            let seen = seen(found.items.iter().map(|access| access.student_id), SECTION);
            Ok((found, seen))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read(can: Can<Read, OneEmergencyAccess>, _: Query<NoParams>) -> Outcome<Found<Viewed<EmergencyAccess>>> {
    let id = can.target().id;
    let access = can
        .read_ahead(
            async |tx| emergency_access::read(tx, id).await,
            |grant, withheld| {
                let access = emergency_access::open(grant, withheld)?;
                let seen = seen([access.student_id], SECTION);
                Ok((access, seen))
            },
        )
        .await?;
    Ok(Found { version: access.version, shown: Viewed(access) })
}

async fn end(can: Can<End, OneEmergencyAccess>, _: Query<NoParams>, key: IdempotencyKey) -> Outcome<Amended<Viewed<EmergencyAccess>>> {
    let call = can.call();
    let key = key.with(openilp_persistence::request_hash(call.path.as_bytes()));
    let ended = call.state.db.write_about_emergency(&call.request, can.target(), EmergencyDeed::End, Some(&key), async |tx, granted| {
        let access = emergency_access::end(tx, granted).await?;
        Ok(amended(access.version, &access))
    });
    Ok(ended.await?.into())
}

async fn review(
    can: Can<Review, OneEmergencyAccess>,
    _: Query<NoParams>,
    key: IdempotencyKey,
    body: Body<EmergencyAccessReview>,
) -> Outcome<Amended<Viewed<EmergencyAccess>>> {
    let Body { value: found, hash } = body;
    let (call, key) = (can.call(), key.with(hash));
    let reviewed = call.state.db.write_about_emergency(&call.request, can.target(), EmergencyDeed::Review, Some(&key), async |tx, granted| {
        let access = emergency_access::review(tx, granted, found).await?;
        Ok(amended(access.version, &access))
    });
    Ok(reviewed.await?.into())
}

/// The routes of emergency accesses.
pub fn routes(r: &mut Routes) {
    r.tag("relations");
    r.post("/v1/students/{studentId}/emergency-accesses", declare, About {
        id: "create_emergency_access",
        summary: "Declare a health or safety emergency, and read what it needs",
        text: "Break-glass (34 CFR 99.31(a)(10), 99.36). For the student's gatekeeper, the principal of the school and the custodian. It opens the sections named, \
               to read and no more, for at most 60 minutes; never S14, nor search, lists across students and the feed. It is recorded as a disclosure, shown to \
               the family at once unless `familyNotTold`, and reviewed by a custodian within two school days. While three of yours wait for their review, you \
               declare no other: 409 `too_many_open`.",
    });
    r.get("/v1/students/{studentId}/emergency-accesses", list_of_student, About {
        id: "list_student_emergency_accesses",
        summary: "List the emergencies that were declared about a student",
        text: "For whoever reads S14, first of all student and guardian: who read what, when and why. One with `familyNotTold` is here once it is reviewed.",
    });
    r.get(
        "/v1/emergency-accesses",
        list,
        About {
            id: "list_emergency_accesses",
            summary: "List the emergency accesses of your district",
            text: "With `reviewed=false`: those that wait for you. Each is to be reviewed by its `reviewDueOn`.",
        },
    );
    r.get(
        "/v1/emergency-accesses/{emergencyAccessId}",
        read,
        About { id: "read_emergency_access", summary: "Read an emergency access", text: "For the custodian, and for who declared it." },
    );
    r.post(
        "/v1/emergency-accesses/{emergencyAccessId}/end",
        end,
        About {
            id: "end_emergency_access",
            summary: "End an emergency access before its time",
            text: "For who declared it, and for the custodian. One that is over stays as it is.",
        },
    );
    r.post(
        "/v1/emergency-accesses/{emergencyAccessId}/review",
        review,
        About {
            id: "review_emergency_access",
            summary: "Say what the review of an emergency access found",
            text: "For a custodian, and nobody for their own. It ends what has not ended, and cannot be taken back: 409 `reviewed`.",
        },
    );
}
