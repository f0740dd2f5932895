//! Students.

use chrono::NaiveDate;
use diesel::sql_types::{Array, Bool, Date, Int4, Int8, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use openilp_domain::access::Relation;
use openilp_domain::grade::Grade;
use openilp_domain::id::{IlpFileId, PersonId, SchoolId, StudentId};
use openilp_domain::page::{Page, PageOf};
use openilp_domain::student::Student;
use uuid::Uuid;

use crate::door::Tx;
use crate::error::{Error, Result};
use crate::grant::{Grant, Knows, Withheld};
use crate::listed::{Listed, of_student};
use crate::statement;

type Row = (Uuid, String, String, Option<String>, Option<String>, Option<String>, Option<NaiveDate>, Option<Uuid>, Option<Uuid>, bool, i32);

impl Listed for Student {
    type Columns =
        (SqlUuid, Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Date>, Nullable<SqlUuid>, Nullable<SqlUuid>, Bool, Int4);
    type Row = Row;
    fn select() -> String {
        "array(select row(s.id, p.given_name, p.family_name, p.preferred_given_name, p.preferred_family_name, s.grade, s.birth_date, s.school_id, f.id,
                          s.active, s.version)
                 from students s
                 join people p on p.district_id = $1 and p.id = $2
                 left join ilp_files f on f.district_id = $1 and f.student_id = $2
                where s.district_id = $1 and s.id = $2)"
            .to_owned()
    }
    fn of(row: Row) -> Result<Self> {
        Ok(student(row))
    }
}

/// A page of some students in the order of their ids: `$of` selects the ids, after $2 and in order. Each is then looked up in turn, until the
/// page is full.
macro_rules! page_of { ($of:literal) => { concat!(
    "select s.id, s.given_name, s.family_name, s.preferred_given_name, s.preferred_family_name, s.grade, s.birth_date, s.school_id, s.file_id,
            s.active, s.version
       from (", $of, ") r
      cross join lateral (
            select s.id, p.given_name, p.family_name, p.preferred_given_name, p.preferred_family_name, s.grade, s.birth_date, s.school_id,
                   f.id as file_id, s.active, s.version
              from students s
              join people p on p.district_id = $1 and p.id = r.student_id
              left join ilp_files f on f.district_id = $1 and f.student_id = r.student_id
             where s.district_id = $1 and s.id = r.student_id offset 0) s
      where ($5 is null or s.grade = $5)
        and ($6 is null or s.school_id = $6)
        and not exists (select from unnest($4) word where position(word in
              lower(concat_ws(' ', s.given_name, s.family_name, s.preferred_given_name, s.preferred_family_name))) = 0)
      order by r.student_id limit $3"
) } }

statement! {
    /// Students to whom a person has any relation at all; which of them they may see is decided row by row.
    Related {
        district: SqlUuid = Uuid, after: SqlUuid = Uuid, most: Int8 = i64,
        words: Array<Text> = Vec<String>, grade: Nullable<Text> = Option<String>, school: Nullable<SqlUuid> = Option<Uuid>, person: SqlUuid = Uuid,
    }
    -> (SqlUuid, Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Date>, Nullable<SqlUuid>, Nullable<SqlUuid>, Bool, Int4)
    page_of!("select distinct student_id from student_relations where district_id = $1 and person_id = $7 and student_id > $2 order by student_id")
}

statement! {
    /// All students, for who holds an office in the whole district.
    All {
        district: SqlUuid = Uuid, after: SqlUuid = Uuid, most: Int8 = i64,
        words: Array<Text> = Vec<String>, grade: Nullable<Text> = Option<String>, school: Nullable<SqlUuid> = Option<Uuid>,
    }
    -> (SqlUuid, Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Date>, Nullable<SqlUuid>, Nullable<SqlUuid>, Bool, Int4)
    page_of!("select id as student_id from students where district_id = $1 and id > $2 order by id")
}

fn student(
    (id, given_name, family_name, preferred_given_name, preferred_family_name, grade, birth_date, school, file, active, version): Row,
) -> Student {
    Student {
        id: id.into(),
        given_name,
        family_name,
        preferred_given_name,
        preferred_family_name,
        grade: grade.and_then(|g| g.parse::<Grade>().ok()),
        birth_date,
        school_id: school.map(SchoolId),
        ilp_file_id: file.map(Into::into),
        active,
        version,
    }
}

/// One student; withheld until a grant opens it.
pub async fn read(tx: &Tx<'_>, id: StudentId) -> Result<Option<Withheld<Student>>> {
    Ok(of_student(tx, id).await?.pop())
}

/// What to look for among students.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words that must stand in the name, in any order.
    pub words: Vec<String>,
    /// The grade.
    pub grade: Option<Grade>,
    /// The school.
    pub school_id: Option<SchoolId>,
}

/// A page of the students that a person may see, each with the person's standing towards them.
pub async fn search(tx: &Tx<'_>, grant: &Grant, person: PersonId, search: &Search, page: PageOf) -> Result<Page<(Student, Grant)>> {
    found(tx, grant, person, search, page, |standing, student| standing.open(Withheld::new(student)), |student| student.id).await
}

/// A student of whose file a person reads anything at all.
#[derive(Clone, Debug)]
pub struct Known {
    /// The student.
    pub id: StudentId,
    /// The first name, if it may be known.
    pub given_name: Option<String>,
    /// The family name, for who may know who it is.
    pub family_name: Option<String>,
    /// The file.
    pub ilp_file_id: Option<IlpFileId>,
}

/// A page of the students of whose files a person reads anything, each with the person's standing towards them. Who was let in to one section
/// may not know who the student is.
pub async fn known(tx: &Tx<'_>, grant: &Grant, person: PersonId, page: PageOf) -> Result<Page<(Known, Grant)>> {
    let open = |standing: &Grant, student: Student| {
        let Student { id, given_name, family_name, ilp_file_id, .. } = student;
        match standing.knows_student(person) {
            Knows::Nothing => None,
            Knows::File => Some(Known { id, given_name: None, family_name: None, ilp_file_id }),
            Knows::FirstName => Some(Known { id, given_name: Some(given_name), family_name: None, ilp_file_id }),
            Knows::Identity => Some(Known { id, given_name: Some(given_name), family_name: Some(family_name), ilp_file_id }),
        }
    };
    found(tx, grant, person, &Search::default(), page, open, |known| known.id).await
}

async fn found<T>(
    tx: &Tx<'_>,
    grant: &Grant,
    person: PersonId,
    search: &Search,
    page: PageOf,
    open: impl Fn(&Grant, Student) -> Option<T>,
    id: impl Fn(&T) -> StudentId,
) -> Result<Page<(T, Grant)>> {
    let mut found = Vec::with_capacity(page.limit.get() + 1);
    let mut after = page.after.unwrap_or(Uuid::nil());
    let words: Vec<String> = search.words.iter().map(|word| word.to_lowercase()).collect();
    let of_all = grant.offices().any(|office| matches!(office, Relation::Coordinator | Relation::Custodian));
    loop {
        let mut conn = tx.conn;
        let (district, most, words) = (tx.district.0, page.limit.and_one(), words.clone());
        let (grade, school) = (search.grade.map(|grade| grade.word().to_owned()), search.school_id.map(Uuid::from));
        let rows = if of_all {
            All { district, after, most, words, grade, school }.load::<Row>(&mut conn).await?
        } else {
            Related { district, after, most, words, grade, school, person: person.0 }.load::<Row>(&mut conn).await?
        };
        let students: Vec<_> = rows.into_iter().map(student).collect();
        let exhausted = students.len() < page.limit.get() + 1;
        let Some(last) = students.last() else { break };
        after = last.id.0;
        let mut standings = grant.towards(tx, students.iter().map(|s| s.id).collect()).await?;
        for student in students {
            let Some(standing) = standings.remove(&student.id) else { continue };
            if let Some(student) = open(&standing, student) {
                found.push((student, standing));
            }
        }
        if exhausted || found.len() > page.limit.get() {
            break;
        }
    }
    Ok(Page::cut(found, page.limit, |(student, _)| id(student).0))
}

statement! {
    /// Who somebody is, and their district.
    Whoami { district: SqlUuid = Uuid, person: SqlUuid = Uuid } -> (Text, Text, Text, Text, Text)
    "select p.given_name, p.family_name, d.name, d.time_zone, d.requirement_profile
       from people p join districts d on d.id = $1 where p.district_id = $1 and p.id = $2"
}

/// A person's own name, and their district's name, time zone and requirement profile.
pub async fn whoami(tx: &Tx<'_>, person: PersonId) -> Result<(String, String, String, String, String)> {
    let mut conn = tx.conn;
    let rows = Whoami { district: tx.district.0, person: person.0 }.load::<(String, String, String, String, String)>(&mut conn).await?;
    rows.into_iter().next().ok_or(Error::Unknown)
}
