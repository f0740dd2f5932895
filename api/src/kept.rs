//! The handlers of what the district's custodian keeps, some of it an operator too: list, read, create, amend.

use std::marker::PhantomData;

use actix_web::http::Method;
use openilp_domain::field::camel;
use openilp_domain::kind::Kind;
use openilp_persistence::kept::{Filter, Kept};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Amended, Created, Found, Listed, Outcome, amended, created};
use crate::body::{Body, IdempotencyKey, IfMatch, Merge, NoParams, PageParams, Pairs, Params, Query};
use crate::guard::{Anyone, Browsing, DistrictDeed, ManageProgram, ManageRelations, May, Operate, OperateDeployment, PathId, Place, words};
use crate::noun::{path_of, snake};
use crate::plain::{Viewed, describe_id, listed, page_of, parse_bool, parse_id, seen};
use crate::routes::{About, Doc, Routes};

/// Whoever keeps these records.
pub type Custodian = May<ManageRelations>;

/// The record in the path.
pub struct One<K>(PhantomData<K>);
impl<K: Kept> Place for One<K> {
    const KIND: Kind = K::KIND;
}

/// What a list leaves out, and the page.
struct KeptParams<K> {
    page: PageParams,
    filter: Filter,
    marker: PhantomData<K>,
}

impl<K: Kept> Params for KeptParams<K> {
    fn read(pairs: &mut Pairs) -> Self {
        let filter = Filter {
            confirmed: if K::CONFIRMED { pairs.optional("confirmed", parse_bool) } else { None },
            differs: if K::CLAIMED { pairs.optional("differs", parse_bool) } else { None },
            named: K::BY.iter().filter_map(|column| Some((*column, pairs.optional(&camel(column), parse_id)?))).collect(),
        };
        Self { page: PageParams::read(pairs), filter, marker: PhantomData }
    }
    fn describe(doc: &mut Doc) {
        let mut truth = |name, about| {
            let schema = ObjectBuilder::new().schema_type(Type::Boolean).build();
            doc.parameter(ParameterIn::Query, name, false, schema, about, None);
        };
        if K::CONFIRMED {
            truth("confirmed", "true: only confirmed ones; false: only those that wait.");
        }
        if K::CLAIMED {
            truth("differs", "true: only those of which the source says something else now, or nothing any more; false: only others.");
        }
        for column in K::BY {
            let name = camel(column);
            describe_id(doc, &name, &format!("Only those of this {}.", words(name.strip_suffix("Id").unwrap_or(&name))));
        }
        PageParams::describe(doc);
    }
}

async fn list<G: Browsing, K: Kept>(may: G, Query(params): Query<KeptParams<K>>) -> Outcome<Listed<Viewed<K>>> {
    let page = page_of(may.call(), &params.page).await?;
    let found = may
        .see(async |tx, grant| {
            let found = K::list(tx, grant, &params.filter, page).await?;
            let seen = seen(K::students(tx, &found.items).await?, K::SECTIONS);
            Ok((found, seen))
        })
        .await?;
    listed(may.call(), found, page).await
}

async fn read<G: Browsing, K: Kept>(may: G, path: PathId<One<K>>, _: Query<NoParams>) -> Outcome<Found<Viewed<K>>> {
    let found = may
        .see(async |tx, grant| {
            let found = K::read(tx, grant, path.id).await?;
            let seen = seen(K::students(tx, std::slice::from_ref(&found)).await?, K::SECTIONS);
            Ok((found, seen))
        })
        .await?;
    Ok(Found { version: found.version(), shown: Viewed(found) })
}

async fn create<D: DistrictDeed, K: Kept>(may: May<D>, _: Query<NoParams>, key: IdempotencyKey, body: Body<K::New>) -> Outcome<Created<Viewed<K>>> {
    let Body { value: new, hash } = body;
    let beneath = may.call().path.clone();
    let reply = may
        .write(Some(&key.with(hash)), async |tx, granted| {
            let made = K::create(tx, granted, new).await?;
            Ok(created(made.version(), format!("{beneath}/{}", made.id()), &made))
        })
        .await?;
    Ok(reply.into())
}

async fn amend<D: DistrictDeed, K: Kept>(
    may: May<D>,
    path: PathId<One<K>>,
    _: Query<NoParams>,
    IfMatch(version): IfMatch,
    Merge(patch): Merge<K::Patch>,
) -> Outcome<Amended<Viewed<K>>> {
    let reply = may
        .write(None, async |tx, granted| {
            let changed = K::amend(tx, granted, path.id, version, patch).await?;
            Ok(amended(changed.version(), &changed))
        })
        .await?;
    Ok(reply.into())
}

/// How the four operations of a kept record are called: a summary, and more if it needs it.
pub struct Said {
    /// The list.
    pub list: (&'static str, &'static str),
    /// One.
    pub read: (&'static str, &'static str),
    /// A new one.
    pub create: (&'static str, &'static str),
    /// A change.
    pub amend: (&'static str, &'static str),
}

impl Routes {
    /// Registers the handlers of a kept record. Paths and the ids of the operations come from its kind: `/v1/guardian-links`, `list_guardian_links`.
    pub fn kept<K: Kept>(&mut self, said: Said) {
        self.kept_by::<May<ManageRelations>, ManageRelations, K>("/v1", "", said);
    }

    /// Registers those that whoever coordinates the programme keeps as well.
    pub fn kept_by_coordinator<K: Kept>(&mut self, said: Said) {
        self.kept_by::<May<ManageProgram>, ManageProgram, K>("/v1", "", said);
    }

    /// Registers those of the programme that others read too: who, the record itself says.
    pub fn kept_by_coordinator_for_others<K: Kept>(&mut self, said: Said) {
        self.kept_by::<Anyone, ManageProgram, K>("/v1", "", said);
    }

    /// Registers those that operators keep for all districts: `/v1/shared/model-plans`, `list_shared_model_plans`.
    pub fn kept_for_all_districts<K: Kept>(&mut self, said: Said) {
        self.kept_by::<May<OperateDeployment>, OperateDeployment, K>("/v1/shared", "shared_", said);
    }

    /// Registers them for operators, by the district in the path: `/v1/districts/{districtId}/front-ends`, `list_district_front_ends`.
    pub fn kept_by_operator<K: Kept>(&mut self, said: Said) {
        self.kept_by::<May<Operate>, Operate, K>("/v1/districts/{districtId}", "district_", said);
    }

    fn kept_by<G: Browsing, D: DistrictDeed, K: Kept>(&mut self, beneath: &str, whose: &str, said: Said) {
        let (path, one) = (path_of(K::KIND), snake(K::KIND.word()));
        // Registered once a thread, for the life of the program: the texts may as well live that long.
        let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let about = |id: String, (summary, more): (&'static str, &'static str)| About { id: text(id), summary, text: more };
        let many = text(format!("{beneath}/{path}"));
        let at = text(format!("{many}/{{{}}}", One::<K>::parameter()));
        self.add(Method::GET, many, list::<G, K>, about(format!("list_{whose}{}", path.replace('-', "_")), said.list));
        self.add(Method::POST, many, create::<D, K>, about(format!("create_{whose}{one}"), said.create));
        self.add(Method::GET, at, read::<G, K>, about(format!("read_{whose}{one}"), said.read));
        self.add(Method::PATCH, at, amend::<D, K>, about(format!("amend_{whose}{one}"), said.amend));
    }
}
