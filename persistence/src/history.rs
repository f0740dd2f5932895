//! What a record was, version by version, as the journal has it.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Section;
use openilp_domain::amendment_request::ContestStatement;
use openilp_domain::id::{ClientId, GoalId, PersonId, StudentId};
use openilp_domain::noun::{Retold, Sectioned};
use openilp_domain::page::PageOf;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::facts::{Located, Target};
use crate::grant::{Grant, Withheld};
use crate::schema::{change_bodies, changes};

/// One version of a record.
#[derive(Debug)]
pub struct Past {
    /// The change.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The version after it.
    pub version: i32,
    /// created, amended or removed.
    pub operation: String,
    /// The person who did it.
    pub person_id: Option<PersonId>,
    /// The client that did it.
    pub client_id: Option<ClientId>,
    /// By which relation.
    pub relation: Option<String>,
    /// Why, if the writer said.
    pub reason: Option<String>,
    /// What the record was after the change.
    pub body: Option<Box<RawValue>>,
    /// What the family says of the record that it contests.
    pub statements: Vec<ContestStatement>,
    section: Section,
    student_id: StudentId,
    goal_id: Option<GoalId>,
    /// What was said again before words of it were withheld may be in any version.
    retold: Option<Retold>,
}

impl Past {
    /// With what goes with the record, and without what of it is withheld from the caller.
    pub fn marked(self, record: Uuid, grant: &Grant) -> Result<Self> {
        let Some(marks) = grant.marks_on(record, self.section, &grant.item(&self)) else { return Ok(self) };
        let body = self.body.map(|body| marks.masked(body)).transpose()?;
        Ok(Self { body, statements: marks.statements, ..self })
    }
}

impl Sectioned for Past {
    fn section(&self) -> Section {
        self.section
    }
    fn student_id(&self) -> StudentId {
        self.student_id
    }
    fn author(&self) -> Option<PersonId> {
        self.person_id
    }
    fn goal_id(&self) -> Option<GoalId> {
        self.goal_id
    }
    fn retold(&self) -> Option<Retold> {
        self.retold
    }
}

diesel::allow_tables_to_appear_in_same_query!(changes, change_bodies);

type Row = (
    Uuid,
    DateTime<Utc>,
    i32,
    String,
    Option<Uuid>,
    Option<Uuid>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Uuid>,
    Option<(i16, Vec<u8>)>,
);

/// The versions of a record, which may belong to a goal, oldest first, from after a change on. They stay withheld: each by the section it was in then.
pub async fn of(tx: &Tx<'_>, target: Target, located: &Located, page: PageOf) -> Result<Vec<Withheld<Past>>> {
    let (goal, retold) = (located.goal, located.retold.map(|at| Retold { may_name_others: true, ..at.retold() }));
    let mut conn = tx.conn;
    // Versions of one record stand in the order of seq, whichever process wrote them.
    let after = match page.after {
        Some(id) => changes::table
            .filter(changes::district_id.eq(tx.district.0))
            .filter(changes::id.eq(id))
            .select(changes::seq)
            .first::<i64>(&mut conn)
            .await
            .optional()?,
        None => None,
    };
    let bodies = change_bodies::table.on(change_bodies::district_id.eq(changes::district_id).and(change_bodies::change_id.eq(changes::id)));
    let rows = changes::table
        .left_join(bodies)
        .filter(changes::district_id.eq(tx.district.0))
        .filter(changes::kind.eq(target.kind.word()))
        .filter(changes::resource_id.eq(target.id))
        .filter(changes::seq.gt(after.unwrap_or(0)))
        .order(changes::seq)
        .limit(page.limit.and_one())
        .select((
            changes::id,
            changes::at,
            changes::version,
            changes::operation,
            changes::person_id,
            changes::client_id,
            changes::relation,
            changes::reason,
            changes::section,
            changes::student_id,
            (change_bodies::codec, change_bodies::body).nullable(),
        ))
        .load::<Row>(&mut conn)
        .await?;
    rows.into_iter().map(|row| past(row, goal, retold)).collect()
}

fn past(
    (id, at, version, operation, person, client, relation, reason, section, student, body): Row,
    goal_id: Option<GoalId>,
    retold: Option<Retold>,
) -> Result<Withheld<Past>> {
    let unknown = || Error::Internal(format!("change {id} cannot be read"));
    let section = section.ok_or_else(unknown)?.parse().map_err(|_| unknown())?;
    let body = body.map(|(codec, bytes)| crate::journal::decode(codec, bytes)).transpose()?;
    Ok(Withheld::new(Past {
        id,
        at,
        version,
        operation,
        relation,
        reason,
        body,
        statements: vec![],
        section,
        person_id: person.map(PersonId::from),
        client_id: client.map(ClientId::from),
        student_id: student.ok_or_else(unknown)?.into(),
        goal_id,
        retold,
    }))
}
