//! Who reads a student's file: everybody who has a relation, decided as their own request would be.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::{Action, Fact, Item, Reading, Section, WhyNot};
use openilp_domain::id::PersonId;
use openilp_domain::page::{Page, PageOf};
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::Grant;
use crate::stated::{RelationRow, RelationSql, Stated};
use crate::statement;

statement! {
    /// Everybody who is related to a student and can log in, after a person, with each relation and who confirmed it.
    Related { district: SqlUuid = Uuid, student: SqlUuid = Uuid, after: SqlUuid = Uuid }
    -> ((SqlUuid, Text, Text), RelationSql, (Nullable<Timestamptz>, Nullable<SqlUuid>))
    "select x.person_id, p.given_name, p.family_name, x.relation, x.rights, x.confirmed, x.valid_from, x.valid_to, x.until, x.sections, x.goal_id,
            x.program, x.student_signed_on, x.guardian_signed, x.objection, x.dependent_until,
            coalesce(g.confirmed_at, a.confirmed_at), coalesce(g.confirmed_by, a.confirmed_by)
       from (select * from student_relations where district_id = $1 and student_id = $2 offset 0) x
       join people p on p.district_id = $1 and p.id = x.person_id and p.active
       left join guardian_links g on x.relation = 'guardian' and g.district_id = $1 and g.student_id = $2 and g.guardian_id = x.person_id
       left join assignments a on a.district_id = $1 and a.student_id = $2 and a.person_id = x.person_id and a.kind = x.relation
                              and a.valid_from = x.valid_from
      where x.person_id > $3
      order by x.person_id, x.relation, x.valid_from"
}

type RelatedRow = ((Uuid, String, String), RelationRow, (Option<DateTime<Utc>>, Option<Uuid>));

/// One relation of a reader.
#[derive(Clone, Debug)]
pub struct ReaderRelation {
    /// The relation.
    pub fact: Fact,
    /// Why it does not count today, if so.
    pub why_not: Option<WhyNot>,
    /// When it was confirmed, where that is recorded.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who confirmed it.
    pub confirmed_by: Option<PersonId>,
}

/// A person who reads something of a student's file.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person.
    pub person_id: PersonId,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The relations, those that count and those that do not.
    pub relations: Vec<ReaderRelation>,
    /// What they read.
    pub readings: Vec<Reading>,
}

/// A page of those who read the file that the grant is about, or one section of it, by the id of the person. Whoever is not active logs in
/// nowhere and reads nothing. One student has some dozens of relations: they are read whole, so that a page is never short.
pub async fn list(tx: &Tx<'_>, grant: &Grant, section: Option<Section>, page: PageOf) -> Result<Page<Reader>> {
    grant.relation_for(Action::Administer, Section::Privacy, &Item::default()).ok_or(Error::Forbidden)?;
    let related = Related { district: tx.district.0, student: grant.located()?.student_id.0, after: page.after.unwrap_or(Uuid::nil()) };
    let mut conn = tx.conn;
    let mut people: Vec<(Reader, Stated)> = vec![];
    for ((person, given_name, family_name), row, (confirmed_at, confirmed_by)) in related.load::<RelatedRow>(&mut conn).await? {
        let person_id = PersonId(person);
        if people.last().is_none_or(|(last, _)| last.person_id != person_id) {
            people.push((Reader { person_id, given_name, family_name, relations: vec![], readings: vec![] }, Stated::default()));
        }
        let Some((reader, stated)) = people.last_mut() else { continue };
        stated.row(row)?;
        // An order against a person is no relation.
        if let Some(fact) = stated.relations.get(reader.relations.len()) {
            let confirmed_by = confirmed_by.map(PersonId);
            reader.relations.push(ReaderRelation { fact: *fact, why_not: None, confirmed_at, confirmed_by });
        }
    }
    let mut readers = vec![];
    for (mut reader, stated) in people {
        let standing = grant.of_another(stated)?;
        reader.readings = standing.readings(reader.person_id);
        reader.readings.retain(|reading| section.is_none_or(|section| reading.section == section));
        for relation in &mut reader.relations {
            relation.why_not = standing.why_not(&relation.fact);
        }
        if !reader.readings.is_empty() {
            readers.push(reader);
        }
    }
    Ok(Page::cut(readers, page.limit, |reader| reader.person_id.0))
}
