//! The demo district: made by the program itself through the same doors as any other, a school year's autumn in a few seconds.
//!
//! What happened "in September" is written with the clock of September: the clock is an argument everywhere. Each step sees what is
//! there already, so that a start that was cut short is taken up by the next, and a finished district is only given new tokens.

mod actors;
mod clients;
mod play;

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use openilp_domain::access::DistrictAction;
use openilp_domain::appointment::{Appointment, NewAppointment, Office};
use openilp_domain::assignment::{AssignmentKind, NewCaseload};
use openilp_domain::code::{Subject, WebAddress};
use openilp_domain::district::{District as Kept, NewDistrict};
use openilp_domain::graduation::{GraduationRequirement, NewGraduationRequirement};
use openilp_domain::guardian_link::GuardianLink;
use openilp_domain::id::{DistrictId, IlpFileId, PersonId, SchoolId, StudentId};
use openilp_domain::identity_link::{NewIdentityLink, NewIdentityLinks};
use openilp_domain::noun::Body;
use openilp_domain::page::{Limit, PageOf};
use openilp_domain::principal::{Principal, Through};
use openilp_domain::roster::{ImportStatus, ReadingMode, Source};
use openilp_domain::time::{local_date, school_year_of};
use openilp_persistence::connect::Connector;
use openilp_persistence::kept::{Filter, Kept as _};
use openilp_persistence::relation::Which;
use openilp_persistence::roster::NewImport;
use openilp_persistence::{Db, Notice, Reply, Request, Shown, assignment, graduation, guardian_link, roster, setup as lookup};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::marks::CATEGORY;
use super::plans::Period;
use super::roster::{District, Options, guardian_id, office_id, staff_id, student_id};
use super::zone::{Work, Zone};
use super::{people, write_bundle};
use crate::auth::Authenticator;
use crate::roster_import::run_import;
use crate::setup;

pub use actors::DemoActor;

/// What the district is called.
pub const NAME: &str = "Alder Valley School District";
/// No district has this number: the demo is known by it.
const NCES_ID: &str = "0000000";
const TIME_ZONE: chrono_tz::Tz = chrono_tz::America::New_York;
const STUDENTS: usize = 250;
/// Places in [`super::roster::OFFICE`].
const COORDINATOR: usize = 1;
const CUSTODIAN: usize = 2;
/// How long ago the demo began, if the school year is as old as that.
const DAYS: i64 = 75;
/// The credits that the district asks for graduation, by subject.
const REQUIRED: [(&str, f64); 6] =
    [("english", 4.0), ("mathematics", 4.0), ("science", 3.0), ("social studies", 3.0), ("arts", 1.0), ("world languages", 2.0)];
/// Logins that are linked at a time.
const LINKS: usize = 500;

/// What making the demo needs.
pub struct Demo<'d> {
    /// The database.
    pub db: &'d Db,
    /// For the import, which has connections of its own.
    pub connector: &'d Connector,
    /// Issues the tokens. Its own issuer for people must be on.
    pub auth: &'d Authenticator,
    /// For temporary files.
    pub data_folder: &'d Path,
    /// Now.
    pub now: DateTime<Utc>,
    /// Hears what is going on.
    pub say: &'d dyn Fn(&str),
}

/// The demo district, ready.
#[derive(Debug)]
pub struct DemoDistrict {
    /// The district.
    pub id: DistrictId,
    /// The student in grade 10 whom most of the actors know.
    pub student_id: StudentId,
    /// That student's file.
    pub ilp_file_id: IlpFileId,
    /// One of each kind of person and client, with what they need.
    pub actors: Vec<DemoActor>,
}

/// Makes the demo district, or finds it as it was made.
pub async fn make_demo(demo: &Demo<'_>) -> anyhow::Result<DemoDistrict> {
    let kept = demo.find_or_create().await?;
    let begun = local_date(kept.created_at, TIME_ZONE);
    let options = Options { students: STUDENTS, school_year: school_year_of(begun), name: NAME.into(), marks_on: Some(begun), ..Options::default() };
    let made_up = District::new(options.clone());
    let zone = made_up.zone(0);
    let mut stage =
        Stage { demo, id: kept.id, start: kept.created_at, made_up, zone, people: HashMap::new(), schools: HashMap::new(), files: HashMap::new() };
    stage.look_up().await?;

    if stage.files.is_empty() {
        (demo.say)("making the demo district: 250 made-up students in 3 schools, with their families, teachers and plans");
        stage.import(&options).await?;
        stage.look_up().await?;
    }
    stage.link_logins().await?;
    stage.give_offices().await?;
    if stage.files.values().all(|(_, begun)| !begun) {
        stage.confirm_relations().await?;
    }
    stage.require().await?;
    stage.play().await?;
    stage.actors().await
}

/// The district while it is being made: what is made up, and the ids that the import gave it.
struct Stage<'d> {
    demo: &'d Demo<'d>,
    id: DistrictId,
    /// When it was set up; everything comes later.
    start: DateTime<Utc>,
    made_up: District,
    zone: Zone,
    people: HashMap<String, Uuid>,
    schools: HashMap<String, Uuid>,
    files: HashMap<StudentId, (IlpFileId, bool)>,
}

impl Demo<'_> {
    async fn find_or_create(&self) -> anyhow::Result<Kept> {
        let new = json!({
            "name": NAME, "stateCode": "RI", "timeZone": TIME_ZONE.name(), "requirementProfile": "us-ri-ride", "ncesId": NCES_ID,
            "reportCardCategories": [{ "category": CATEGORY }],
        });
        let new = NewDistrict::read(new).map_err(|faults| anyhow::anyhow!("the demo district: {faults:?}"))?;
        let districts = setup::districts(self.db, self.now).await?;
        match districts.into_iter().find(|kept| kept.name == new.name && kept.nces_id == new.nces_id) {
            Some(kept) => Ok(kept),
            None => setup::create_district(self.db, start(self.now), new).await,
        }
    }
}

/// Some weeks ago, but in this school year as far as that can be, and in any case hours before now.
fn start(now: DateTime<Utc>) -> DateTime<Utc> {
    let year = school_year_of(local_date(now, TIME_ZONE));
    let turn = NaiveDate::from_ymd_opt(year - 1, 7, 2).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
    (now - TimeDelta::days(DAYS)).max(turn).min(now - TimeDelta::hours(6))
}

/// The answer to a write that nobody reads.
fn done() -> Reply {
    Reply { status: 204, headers: vec![], body: vec![] }
}

/// Families whose guardian links, and students whose counselor, are left for the reader of the quick start to confirm.
fn left_open(number: usize) -> bool {
    number % 12 == 5
}

impl Stage<'_> {
    async fn look_up(&mut self) -> anyhow::Result<()> {
        let source = Source::default();
        let (people, schools, files) = self
            .demo
            .db
            .command(self.id, self.demo.now, async |tx, granted| {
                let people = lookup::sourced(tx, granted, &source, "person").await?;
                let schools = lookup::sourced(tx, granted, &source, "school").await?;
                Ok((people, schools, lookup::files(tx, granted).await?))
            })
            .await?;
        (self.people, self.schools, self.files) = (people, schools, files);
        Ok(())
    }

    /// Hands the bundle in as a SIS would, and runs the import as the service does.
    async fn import(&self, options: &Options) -> anyhow::Result<()> {
        let mut bundle = Cursor::new(vec![]);
        write_bundle(&mut bundle, options, &mut |_| {})?;
        let Demo { db, connector, data_folder, .. } = *self.demo;
        let at = self.start + TimeDelta::minutes(10);
        let mut file = roster::nameless_file(data_folder, at).await?;
        file.write_all(&bundle.into_inner()).await?;
        file.flush().await?;
        let new = NewImport { source: Source::default(), dry_run: false, reading: ReadingMode::Strict, request_id: None };
        let import = db.system(self.id, at, async |tx| roster::create(tx, None, new, &mut file).await).await?;
        match run_import(connector, self.id, import.id, data_folder, || at, |_| {}).await? {
            Some(ImportStatus::Applied) => Ok(()),
            other => {
                let faults = db.system(self.id, at, async |tx| roster::faults(tx, None, import.id, 0, 5).await).await?;
                bail!("the made-up roster was not imported ({other:?}): {faults:?}")
            }
        }
    }

    // ---- ids

    fn person(&self, sourced_id: &str) -> anyhow::Result<PersonId> {
        self.people.get(sourced_id).map(|id| PersonId(*id)).with_context(|| format!("the import brought no {sourced_id}"))
    }

    fn student(&self, number: usize) -> anyhow::Result<StudentId> {
        Ok(StudentId(self.person(student_id(number).as_str())?.0))
    }

    fn school(&self, school: usize) -> anyhow::Result<SchoolId> {
        let sourced_id = self.made_up.school_id(self.zone.number, school);
        self.schools.get(sourced_id.as_str()).map(|id| SchoolId(*id)).with_context(|| format!("the import brought no {sourced_id}"))
    }

    fn issuer(&self) -> String {
        self.demo.auth.config().demo_issuer_url(self.id)
    }

    /// A request of the person whom the roster calls so.
    fn request(&self, sourced_id: &str, at: DateTime<Utc>) -> Request {
        let principal = Principal::Person { district_id: self.id, issuer: self.issuer(), subject: sourced_id.to_owned(), through: Through::Itself };
        Request { principal, district: self.id, operation: "make_demo", request_id: format!("demo-{sourced_id}"), at, notice: Notice::default() }
    }

    /// When the demo's plans are written: after the district was set up, until a little while ago.
    fn period(&self) -> Period {
        let length = self.demo.now.max(self.start) - self.start;
        Period { from: self.start + length / 20, to: self.demo.now - length / 50, school_year: school_year_of(local_date(self.start, TIME_ZONE)) }
    }

    /// Whether the student is 18 on the day.
    fn of_age(&self, student: &super::zone::Student, day: NaiveDate) -> bool {
        let birthday = self.zone.birth_date(student).and_then(openilp_domain::time::turns_18_on);
        birthday.is_some_and(|birthday| birthday <= day)
    }

    // ---- set-up, step by step

    /// Everybody's login is what the roster calls them.
    async fn link_logins(&self) -> anyhow::Result<()> {
        let issuer: WebAddress = self
            .issuer()
            .parse()
            .map_err(|_| anyhow::anyhow!("the demo needs an origin that is https or on this machine, for the logins of its people"))?;
        let mut links = vec![];
        for (sourced_id, person) in &self.people {
            let subject: Subject = sourced_id.parse().map_err(|_| anyhow::anyhow!("a sourcedId is no subject"))?;
            links.push(NewIdentityLink { issuer: issuer.clone(), subject, person_id: PersonId(*person) });
        }
        for part in links.chunks(LINKS) {
            let new = NewIdentityLinks { links: part.to_vec() };
            setup::link_identities(self.demo.db, self.demo.now, self.id, new).await?;
        }
        Ok(())
    }

    /// The principals manage their schools; the district's office has a coordinator and a records custodian.
    async fn give_offices(&self) -> anyhow::Result<()> {
        let at = self.start + TimeDelta::minutes(20);
        let page = PageOf { limit: Limit::default(), after: None };
        let filter = Filter::default();
        let there = self.demo.db.command(self.id, at, async |tx, granted| Appointment::list(tx, granted.grant(), &filter, page).await).await?;
        if !there.items.is_empty() {
            return Ok(());
        }
        let from = local_date(self.start, TIME_ZONE);
        let office = |person_id, kind, school_id| NewAppointment { person_id, kind, school_id, valid_from: Some(from), valid_to: None };
        let mut offices = vec![
            office(self.person(office_id(COORDINATOR).as_str())?, Office::Coordinator, None),
            office(self.person(office_id(CUSTODIAN).as_str())?, Office::Custodian, None),
        ];
        for (number, member) in self.zone.staff.iter().enumerate().filter(|(_, member)| member.work == Work::Principal) {
            offices.push(office(self.person(staff_id(&self.zone, number).as_str())?, Office::SchoolManager, Some(self.school(member.school)?)));
        }
        for office in offices {
            setup::appoint(self.demo.db, at, self.id, office).await?;
        }
        Ok(())
    }

    /// The coordinator enters what the district asks for graduation (R175).
    async fn require(&self) -> anyhow::Result<()> {
        let coordinator = self.request(office_id(COORDINATOR).as_str(), self.start + TimeDelta::minutes(25));
        let (filter, page) = (Filter::default(), PageOf { limit: Limit::default(), after: None });
        let action = DistrictAction::ManageProgram;
        let list = async |tx: &openilp_persistence::Tx<'_>, grant: &openilp_persistence::grant::Grant| {
            Ok((GraduationRequirement::list(tx, grant, &filter, page).await?, Shown::default()))
        };
        if !self.demo.db.browse(&coordinator, Some(action), list).await?.items.is_empty() {
            return Ok(());
        }
        let mut requirements = vec![];
        for (subject, credits) in REQUIRED {
            let new = json!({ "subject": subject, "credits": credits, "firstGraduationYear": school_year_of(local_date(self.start, TIME_ZONE)) });
            requirements.push(NewGraduationRequirement::read(new).map_err(|faults| anyhow::anyhow!("a requirement of the demo: {faults:?}"))?);
        }
        let enter = async |tx: &openilp_persistence::Tx<'_>, granted: &openilp_persistence::grant::Granted<'_>| {
            for new in requirements {
                graduation::create(tx, granted, new).await?;
            }
            Ok(done())
        };
        self.demo.db.write_district(&coordinator, action, None, enter).await?;
        Ok(())
    }

    /// The custodian confirms most guardian links and caseloads.
    async fn confirm_relations(&self) -> anyhow::Result<()> {
        let custodian = self.request(office_id(CUSTODIAN).as_str(), self.start + TimeDelta::minutes(30));
        let links = self.links_to_confirm(&custodian).await?;
        let action = DistrictAction::ManageRelations;
        self.demo
            .db
            .write_district(&custodian, action, None, async |tx, granted| {
                guardian_link::confirm_many(tx, granted, Which::Named(links)).await?;
                Ok(done())
            })
            .await?;
        for caseload in self.caseloads()? {
            self.demo
                .db
                .write_district(&custodian, action, None, async |tx, granted| {
                    assignment::take_on(tx, granted, caseload).await?;
                    Ok(done())
                })
                .await?;
        }
        Ok(())
    }

    async fn links_to_confirm(&self, custodian: &Request) -> anyhow::Result<Vec<Uuid>> {
        let mut wait = std::collections::HashSet::new();
        for (_, children) in self.zone.families().filter(|(family, _)| left_open(*family)) {
            for child in children {
                wait.insert(self.student(child.number)?);
            }
        }
        let mut named = vec![];
        let mut page = PageOf { limit: Limit::new(Limit::MAX).unwrap_or_default(), after: None };
        loop {
            let list = async |tx: &openilp_persistence::Tx<'_>, grant: &openilp_persistence::grant::Grant| {
                let unconfirmed = Filter { confirmed: Some(false), ..Filter::default() };
                Ok((GuardianLink::list(tx, grant, &unconfirmed, page).await?, Shown::default()))
            };
            let found = self.demo.db.browse(custodian, Some(DistrictAction::ManageRelations), list).await?;
            named.extend(found.items.iter().filter(|link| !wait.contains(&link.student_id)).map(|link| Uuid::from(link.id)));
            if found.next.is_none() {
                return Ok(named);
            }
            page.after = found.next;
        }
    }

    /// Each counselor's students; and for the student whom the actors know, a teacher assigned to the plan and a career reviewer.
    fn caseloads(&self) -> anyhow::Result<Vec<NewCaseload>> {
        let caseload = |person_id, kind, students| NewCaseload {
            person_id,
            kind,
            program: None,
            student_ids: Some(students),
            school_id: None,
            grades: None,
            valid_from: None,
            valid_to: None,
        };
        let mut of_counselor: HashMap<usize, Vec<StudentId>> = HashMap::new();
        for (place, student) in self.zone.students.iter().enumerate() {
            let id = self.student(student.number)?;
            if left_open(student.number) || !self.files.contains_key(&id) {
                continue;
            }
            if let Some(advisor) = self.zone.advisor(place) {
                of_counselor.entry(advisor).or_default().push(id);
            }
        }
        let mut caseloads = vec![];
        for (counselor, students) in of_counselor {
            caseloads.push(caseload(self.person(staff_id(&self.zone, counselor).as_str())?, AssignmentKind::Gatekeeper, students));
        }
        let cast = self.cast()?;
        let known = vec![self.student(cast.student.number)?];
        caseloads.push(caseload(self.person(staff_id(&self.zone, cast.teacher).as_str())?, AssignmentKind::Teacher, known.clone()));
        caseloads.push(caseload(self.person(staff_id(&self.zone, cast.reviewer).as_str())?, AssignmentKind::CareerReviewer, known));
        Ok(caseloads)
    }

    /// The first guardian of a family, as the roster calls them, if their link was confirmed.
    fn guardian(&self, family: usize) -> Option<String> {
        let there = !self.made_up.family(family).guardians.is_empty();
        (there && !left_open(family)).then(|| guardian_id(family, 0).to_string())
    }

    /// The counselor of a student, as the roster calls them, if the assignment was confirmed.
    fn gatekeeper(&self, place: usize, number: usize) -> Option<String> {
        if left_open(number) {
            return None;
        }
        self.zone.advisor(place).map(|advisor| staff_id(&self.zone, advisor).to_string())
    }

    /// What a student is called.
    fn student_name(&self, student: &super::zone::Student) -> String {
        let name = people::student_name(self.made_up.seed(), student.number, &self.made_up.family(student.family));
        format!("{} {}", name.given, name.family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_begins_in_the_past_and_in_the_school_year_on_nearly_every_day() {
        let first: DateTime<Utc> = "2026-07-01T08:00:00Z".parse().unwrap();
        for day in 0..365 {
            let now = first + TimeDelta::days(day);
            let year = |at| school_year_of(local_date(at, TIME_ZONE));
            assert!(start(now) < now && now - start(now) <= TimeDelta::days(DAYS));
            assert!(year(start(now)) == year(now) || day < 2, "day {day}");
        }
    }
}
