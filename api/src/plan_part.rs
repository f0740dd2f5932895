//! The parts of the plan: their paths, and their place in the whole file.

use openilp_domain::field::camel;
use openilp_domain::wire::Named;
use openilp_persistence::grant::{Grant, Withheld};
use openilp_persistence::plan_part::Parts;
use openilp_persistence::record::Record;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::schema::{ArrayBuilder, Object};

use crate::answer::{Shape, Shown};
use crate::guard::{File, words};
use crate::noun::{Paths, path_of};
use crate::routes::Routes;

macro_rules! parts { ($($member:ident: $module:ident::$noun:ident $placed:tt,)*) => {
    /// Those of a whole file that the caller may see: one list for each part.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    pub struct ShownParts { $($member: Vec<Shown<openilp_domain::$module::$noun>>,)* }

    impl ShownParts {
        /// Opens what the grant covers.
        pub fn by(grant: &Grant, parts: Parts) -> Self {
            Self { $($member: shown(grant, parts.$member),)* }
        }

        /// How many records there are.
        pub fn count(&self) -> usize {
            [$(self.$member.len()),*].into_iter().sum()
        }

        /// Adds the lists to the description of the whole file.
        pub fn describe(whole: &mut Object, named: &mut Named) {
            $(describe::<openilp_domain::$module::$noun>(whole, stringify!($member), named);)*
        }

        /// The lists without anything in them.
        pub fn example() -> Value {
            Value::Object([$((camel(stringify!($member)), json!([]))),*].into_iter().collect())
        }
    }

    /// The routes of all parts.
    pub fn routes(r: &mut Routes) {
        r.tag("profile");
        $(part::<openilp_domain::$module::$noun>(r);)*
    }
} }

openilp_domain::parts_of_plan!(parts);

fn shown<N: Record>(grant: &Grant, records: Vec<Withheld<N>>) -> Vec<Shown<N>> {
    let shown = |(record, allowed_actions): (N, _)| Shown { record: grant.marked(record.id(), record), allowed_actions };
    grant.sift_with_actions(records).into_iter().map(shown).collect()
}

fn describe<N: Record>(whole: &mut Object, member: &str, named: &mut Named) {
    let schema = Shown::<N>::schema(named);
    named.push((Shown::<N>::name(), schema));
    let about = format!("The {} that you may see.", words(&camel(member)));
    let list = ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name(Shown::<N>::name())).description(Some(about)).build();
    whole.properties.insert(camel(member), list.into());
    whole.required.push(camel(member));
}

/// The routes of one: the paths come from its kind. `careerOption` is `/v1/career-options/{careerOptionId}`.
fn part<N: Record>(r: &mut Routes) {
    // Registered once a thread, for the life of the program, as the ids of operations are.
    let path = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (many, id) = (path_of(N::KIND), N::KIND.word());
    r.noun::<File, N>(Paths {
        beneath: path(format!("/v1/ilp-files/{{ilpFileId}}/{many}")),
        one: path(format!("/v1/{many}/{{{id}Id}}")),
        history: path(format!("/v1/{many}/{{{id}Id}}/history")),
    });
}
