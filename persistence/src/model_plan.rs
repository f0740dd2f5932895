//! Model plans (R38, R39). Those of the deployment and those that districts offer are read beside the district's own: the wall lets them through.

use diesel::dsl::exists;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, select};
use diesel_async::RunQueryDsl;
use openilp_domain::access::DistrictAction;
use openilp_domain::id::{DistrictId, ModelPlanId};
use openilp_domain::kind::Kind;
use openilp_domain::model_plan::{ModelPlan, ModelPlanPatch, NewModelPlan};
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Granted};
use crate::kept::{Filter, Kept};
use crate::schema::model_plans::dsl;
use crate::statement;

macro_rules! columns {
    () => {
        (
            dsl::id,
            dsl::title,
            dsl::prepared_by,
            dsl::first_grade,
            dsl::last_grade,
            dsl::items,
            dsl::offered,
            dsl::active,
            dsl::version,
            dsl::created_at,
            dsl::updated_at,
            dsl::description,
        )
    };
}

/// Those that the district reads: its own, and what counts of the state's and of others'.
macro_rules! readable {
    ($tx:ident) => {
        dsl::model_plans.filter(dsl::district_id.eq($tx.district).or(dsl::active.and(dsl::offered.or(dsl::district_id.eq(DistrictId::DEPLOYMENT)))))
    };
}

impl Kept for ModelPlan {
    type New = NewModelPlan;
    type Patch = ModelPlanPatch;
    const KIND: Kind = Kind::ModelPlan;
    const BY: &'static [&'static str] = &[];
    const KEEPERS: &'static [DistrictAction] = &[DistrictAction::ManageProgram, DistrictAction::Operate];

    fn id(&self) -> Uuid {
        self.id.into()
    }
    fn version(&self) -> i32 {
        self.version
    }

    /// Staff of the district (R38), and operators.
    async fn expect_reader(tx: &Tx<'_>, grant: &Grant) -> Result<()> {
        if grant.demand(Self::KEEPERS).is_ok() {
            return Ok(());
        }
        let person = grant.person()?;
        let mut conn = tx.conn;
        let staff = Staff { district: tx.district.0, person: person.0, today: grant.district().today };
        match staff.get_result::<(bool,)>(&mut conn).await? {
            (true,) => Ok(()),
            (false,) => Err(Error::Forbidden),
        }
    }

    async fn read(tx: &Tx<'_>, grant: &Grant, id: Uuid) -> Result<Self> {
        Self::expect_reader(tx, grant).await?;
        let mut conn = tx.conn;
        readable!(tx).filter(dsl::id.eq(id)).select(columns!()).first(&mut conn).await.optional()?.ok_or(Error::NotFound)
    }

    async fn list(tx: &Tx<'_>, grant: &Grant, _: &Filter, page: PageOf) -> Result<Page<Self>> {
        Self::expect_reader(tx, grant).await?;
        let mut conn = tx.conn;
        let rows = readable!(tx).filter(dsl::id.gt(page.after.unwrap_or(Uuid::nil()))).order(dsl::id).limit(page.limit.and_one());
        let rows = rows.select(columns!()).load::<Self>(&mut conn).await?;
        Ok(Page::cut(rows, page.limit, |record| record.id.into()))
    }

    async fn create(tx: &Tx<'_>, granted: &Granted<'_>, new: NewModelPlan) -> Result<Self> {
        create(tx, granted, new).await
    }

    async fn amend(tx: &Tx<'_>, granted: &Granted<'_>, id: Uuid, version: i32, patch: ModelPlanPatch) -> Result<Self> {
        amend(tx, granted, ModelPlanId(id), version, patch).await
    }
}

/// One of the district's own, locked against other writers, if it has the version that the caller saw.
async fn current(tx: &Tx<'_>, id: ModelPlanId, version: i32) -> Result<ModelPlan> {
    let mut conn = tx.conn;
    let found = dsl::model_plans.find((tx.district, id)).select(columns!()).for_update().first::<ModelPlan>(&mut conn).await.optional()?;
    let found = found.ok_or(Error::NotFound)?;
    if found.version == version { Ok(found) } else { Err(Error::Stale) }
}

crate::kept_rows! {
    ModelPlan (ModelPlanId, NewModelPlan, ModelPlanPatch) in model_plans
    create |granted, new| {
        title: new.title,
        prepared_by: new.prepared_by,
        first_grade: new.first_grade,
        last_grade: new.last_grade,
        items: new.items,
        offered: new.offered || granted.district_id().is_deployment(),
        active: true,
        description: new.description,
    }
    amend { title, prepared_by, first_grade, last_grade, items, offered, active, description }
}

statement! {
    /// Whether a person is staff today: by an office, by an assignment to a student, or as the roster says. Model plans hold nothing about students, so
    /// the roster suffices here.
    Staff { district: diesel::sql_types::Uuid = Uuid, person: diesel::sql_types::Uuid = Uuid, today: diesel::sql_types::Date = chrono::NaiveDate }
    -> (diesel::sql_types::Bool)
    "select exists (select from appointments where district_id = $1 and person_id = $2 and valid_from <= $3 and (valid_to is null or valid_to > $3))
         or exists (select from assignments where district_id = $1 and person_id = $2 and confirmed_at is not null
                                              and valid_from <= $3 and (valid_to is null or valid_to > $3))
         or exists (select from roles where district_id = $1 and person_id = $2 and active and role not in ('student', 'parent', 'guardian', 'relative')
                                        and (begins_on is null or begins_on <= $3) and (ends_on is null or ends_on > $3))"
}

/// Refuses what names a model plan that the district does not read.
pub(crate) async fn expect(tx: &Tx<'_>, id: ModelPlanId) -> Result<()> {
    let mut conn = tx.conn;
    match select(exists(readable!(tx).filter(dsl::id.eq(id)))).get_result::<bool>(&mut conn).await? {
        true => Ok(()),
        false => Err(Error::Conflict { code: "model_plan_unknown", detail: "There is no such model plan." }),
    }
}
