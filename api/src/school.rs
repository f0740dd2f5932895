//! The schools of a district and their classes: a register for everybody in it.

use openilp_domain::school::{Class, School};
use openilp_persistence::school::{self, ClassFilter};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::answer::{Listed, Outcome};
use crate::body::{PageParams, Pairs, Params, Query};
use crate::guard::Anyone;
use crate::plain::{Viewed, describe_id, listed, nothing_seen, page_of, parse_bool, parse_id};
use crate::routes::{About, Doc, Routes};

struct ClassParams {
    filter: ClassFilter,
    page: PageParams,
}

impl Params for ClassParams {
    fn read(pairs: &mut Pairs) -> Self {
        let filter = ClassFilter { school_id: pairs.optional("schoolId", parse_id), taught: pairs.optional("mine", parse_bool).unwrap_or_default() };
        Self { filter, page: PageParams::read(pairs) }
    }
    fn describe(doc: &mut Doc) {
        describe_id(doc, "schoolId", "Only those of this school.");
        let schema = ObjectBuilder::new().schema_type(Type::Boolean).build();
        doc.parameter(ParameterIn::Query, "mine", false, schema, "true: only those that you teach today.", None);
        PageParams::describe(doc);
    }
}

async fn schools(anyone: Anyone, Query(page): Query<PageParams>) -> Outcome<Listed<Viewed<School>>> {
    let of = page_of(anyone.call(), &page).await?;
    let found = anyone.browse(async |tx, _| Ok((school::list(tx, of).await?, nothing_seen()))).await?;
    listed(anyone.call(), found, of).await
}

async fn classes(anyone: Anyone, Query(params): Query<ClassParams>) -> Outcome<Listed<Viewed<Class>>> {
    let of = page_of(anyone.call(), &params.page).await?;
    let found = anyone.browse(async |tx, grant| Ok((school::classes(tx, grant, params.filter, of).await?, nothing_seen()))).await?;
    listed(anyone.call(), found, of).await
}

/// The routes of schools and classes.
pub fn routes(r: &mut Routes) {
    r.tag("students");
    r.get(
        "/v1/schools",
        schools,
        About { id: "list_schools", summary: "List the schools of your district", text: "As the roster has them, for everybody in the district." },
    );
    r.get(
        "/v1/classes",
        classes,
        About {
            id: "list_classes",
            summary: "List the classes of your district",
            text: "As the roster has them, for everybody in the district. Who is in a class, is not in it: that is part of each student's file.",
        },
    );
}
