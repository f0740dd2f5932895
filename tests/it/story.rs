//! A student's plan from grade 6 to 12, told as one story over HTTP: all its authors write, and of every record it is said who reads it, which must be what
//! the matrix says (docs/access-matrix.md). A roster makes Sam, brings each new grade, and says at the end that Sam has graduated.

use std::cell::RefCell;

use chrono::TimeDelta;
use openilp_api::state::Clock as _;
use openilp_persistence::notice;
use openilp_tests::template::{give_out, item};
use openilp_tests::{Actor, ORIGIN, TestApp, ids};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// Who is asked of every record whether they read it. Bela is the counselor of the middle school, Next of the high school; Tom teaches, Cara reviews career
/// objectives, Pam manages the high school, Kurt keeps the records; Uma will be a mentor, Rita works for a partner. Gus and Anna have nothing to do with it.
const EVERYBODY: [&str; 12] = ["sam", "greta", "bela", "next", "tom", "cara", "uma", "rita", "pam", "kurt", "gus", "anna"];
/// The family and the counselor: who reads nearly all.
const MIDDLE: [&str; 3] = ["sam", "greta", "bela"];
/// The same in the high school.
const HIGH: [&str; 3] = ["sam", "greta", "next"];

const BELA: Uuid = ids::person(20);
const TOM: Uuid = ids::person(21);
const CARA: Uuid = ids::person(22);
const RITA: Uuid = ids::person(23);
const UMA: Uuid = ids::person(24);
const PAM: Uuid = ids::person(25);
const NEXT: Uuid = ids::person(29);
const GRETA: Uuid = ids::person(10);

struct Story {
    app: TestApp,
    sam: Uuid,
    file: String,
    /// The addresses of all that was written.
    written: RefCell<Vec<String>>,
}

impl Story {
    /// Goes on to a day, at 11 in the morning.
    fn on(&self, day: &str) {
        self.app.clock.set(&format!("{day}T15:00:00Z"));
    }

    async fn by(&self, name: &str) -> Actor<'_> {
        self.app.person(name).await
    }

    fn list(&self, part: &str) -> String {
        format!("/v1/ilp-files/{}/{part}", self.file)
    }

    fn of_sam(&self, what: &str) -> String {
        format!("/v1/students/{}/{what}", self.sam)
    }

    /// Somebody writes, in the file (`goals`) or beneath a record (`/v1/goals/…/reflections`). Returns the address.
    async fn writes(&self, name: &str, part: &str, body: Value) -> String {
        let list = if part.starts_with('/') { part.to_owned() } else { self.list(part) };
        let made = self.by(name).await.post(&list, body).await.expect(201).header("location").to_owned();
        self.written.borrow_mut().push(made.clone());
        made
    }

    /// Some try to write, and may not.
    async fn may_not_write(&self, names: &[&str], part: &str, body: Value) {
        let list = if part.starts_with('/') { part.to_owned() } else { self.list(part) };
        for name in names {
            let status = self.by(name).await.post(&list, body.clone()).await.status;
            assert!([403, 404].contains(&status), "{name} may write {part}: {status}");
        }
    }

    /// Somebody changes the version that there is.
    async fn amends(&self, name: &str, path: &str, change: Value) -> Value {
        let who = self.by(name).await;
        let etag = who.get(path).await.expect(200).header("etag").to_owned();
        who.patch(path, &etag, change).await.expect(200).json()
    }

    /// Some try to change it, who read it and may do no more.
    async fn may_not_amend(&self, names: &[&str], path: &str, change: Value) {
        for name in names {
            assert_eq!(self.by(name).await.patch(path, "\"1\"", change.clone()).await.status, 403, "{name}: {path}");
        }
    }

    /// Of everybody these read it; to the others it is not there.
    async fn is_read_by(&self, path: &str, readers: &[&[&str]]) {
        for name in EVERYBODY {
            let status = self.by(name).await.get(path).await.status;
            let expected = if readers.concat().contains(&name) { 200 } else { 404 };
            assert_eq!(status, expected, "{name} reads {path}, on {}", self.app.clock.now());
        }
    }

    /// A suggestion, and what somebody decides about it.
    async fn suggested(&self, by: &str, part: &str, body: Value) -> String {
        let list = if part.starts_with('/') { part.to_owned() } else { self.list(part) };
        self.by(by).await.post(&list, body).await.expect(201).header("location").to_owned()
    }

    async fn decides(&self, name: &str, proposal: &str, verdict: &str) -> u16 {
        self.by(name).await.post_with(&format!("{proposal}/decision"), "\"1\"", json!({ "verdict": verdict })).await.status
    }

    /// What the district's system sends between two loads.
    async fn roster(&self, rows: &[Value]) {
        sent(&self.app, rows).await;
    }

    /// The custodian assigns somebody to the plan. Returns the address.
    async fn assigned(&self, person: Uuid, kind: &str) -> String {
        let body = json!({ "studentId": self.sam, "personId": person, "kind": kind });
        self.by("kurt").await.post("/v1/assignments", body).await.expect(201).header("location").to_owned()
    }

    /// A consent is drawn up by Sam and signed by these. Returns its id.
    async fn consented(&self, consent: Value, signers: &[&str]) -> String {
        let id = self.by("sam").await.post(&self.of_sam("consents"), consent).await.expect(201).id();
        for signer in signers {
            self.signs(signer, &id).await;
        }
        id
    }

    async fn signs(&self, name: &str, consent: &str) {
        self.by(name).await.post(&format!("/v1/consents/{consent}/signatures"), json!({ "approves": true })).await.expect(200);
    }

    /// Bela applies the district's template to the plan, with answers of the year before. Returns how many went forward, and the item that asks the purpose.
    async fn asked(&self, template: &str, school_year: i64) -> (Value, String) {
        let applying = json!({ "templateId": template, "schoolYear": school_year, "carryFrom": school_year - 1 });
        self.may_not_write(&["uma", "pam", "gus"], "template-applications", applying.clone()).await;
        let bela = self.by("bela").await;
        let carried = bela.post(&self.list("template-applications"), applying).await.expect(200).json()["carried"].clone();
        let items = bela.get(&self.list("program-items")).await.expect(200).json()["items"].clone();
        let purpose = items.as_array().unwrap().iter().find(|item| item["itemKey"] == "purpose" && item["schoolYear"] == school_year).unwrap();
        let purpose = purpose["id"].as_str().unwrap().to_owned();
        self.written.borrow_mut().push(format!("/v1/program-items/{purpose}"));
        (carried, purpose)
    }

    /// The kind of plan that it is by what it holds (R88).
    async fn plan_kind(&self) -> Value {
        self.by("sam").await.get(&self.list("whole")).await.expect(200).json()["planKind"].clone()
    }

    /// At the end of a year: whoever reads a whole file has in it, of all that was written so far, what they may read one by one, and nothing else.
    async fn year_ends(&self) {
        let written = self.written.borrow().clone();
        for name in EVERYBODY {
            let who = self.by(name).await;
            let whole = who.get(&self.list("whole")).await;
            if whole.status != 200 {
                continue;
            }
            let whole = String::from_utf8(whole.bytes).unwrap();
            for path in &written {
                let id = path.rsplit('/').next().unwrap();
                assert_eq!(
                    whole.contains(&format!("\"id\":\"{id}\"")),
                    who.get(path).await.status == 200,
                    "{name}: {path}, on {}",
                    self.app.clock.now()
                );
            }
        }
    }
}

async fn sent(app: &TestApp, rows: &[Value]) -> Vec<Value> {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let headers = [("content-type", "application/x-ndjson")];
    let answer = app.client("sis").await.send(Method::POST, "/v1/roster-upserts", &headers, Some(text.into())).await.expect(200);
    let lines: Vec<Value> = std::str::from_utf8(&answer.bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["end"]["refused"], 0, "{lines:#?}");
    lines
}

fn sam(grade: &str, school: &str) -> Value {
    json!({ "file": "users", "sourcedId": "sam", "enabledUser": true, "username": "sam", "givenName": "Sam", "familyName": "Ash", "grades": [grade],
            "primaryOrgSourcedId": school })
}

fn at(school: &str) -> Value {
    json!({ "file": "roles", "sourcedId": "sam-role", "userSourcedId": "sam", "roleType": "primary", "role": "student", "orgSourcedId": school })
}

fn school_year(ends: i32) -> Value {
    json!({ "file": "academicSessions", "sourcedId": format!("y{ends}"), "title": format!("{}-{ends}", ends - 1), "type": "schoolYear",
            "startDate": format!("{}-07-01", ends - 1), "endDate": format!("{ends}-06-30"), "schoolYear": ends.to_string() })
}

/// August 2026: the roster brings Sam, who has a file at once (R40, R104), and the custodian says who belongs to it.
async fn begins() -> Story {
    let app = TestApp::start().await;
    app.clock.set("2026-08-24T15:00:00Z");
    let lines = sent(&app, &[
        json!({ "file": "orgs", "sourcedId": "alder", "name": "Alder", "type": "district" }),
        json!({ "file": "orgs", "sourcedId": "middle", "name": "Alder Middle School", "type": "school", "identifier": "101", "parentSourcedId": "alder" }),
        json!({ "file": "orgs", "sourcedId": "high", "name": "Alder High School", "type": "school", "identifier": "102", "parentSourcedId": "alder" }),
        school_year(2027),
        sam("06", "middle"),
        at("middle"),
        json!({ "file": "demographics", "sourcedId": "sam", "birthDate": "2014-12-05" }),
    ])
    .await;
    let (high, sam): (String, Uuid) = (lines[2]["id"].as_str().unwrap().into(), lines[4]["id"].as_str().unwrap().parse().unwrap());
    let kurt = app.person("kurt").await;
    let file = kurt.get(&format!("/v1/students/{sam}")).await.expect(200).json()["ilpFileId"].as_str().unwrap().to_owned();
    let issuer = format!("{ORIGIN}/demo-issuer/{}", ids::ALDER);
    let login = "insert into identity_links (district_id, id, issuer, subject, person_id, version, created_at, updated_at)";
    app.database.execute(&format!("{login} values ('{}', gen_random_uuid(), '{issuer}', 'sam', '{sam}', 1, now(), now())", ids::ALDER)).await;
    kurt.post("/v1/appointments", json!({ "personId": PAM, "kind": "schoolManager", "schoolId": high })).await.expect(201);
    drop(kurt);
    let story = Story { app, sam, file, written: RefCell::default() };
    // A file opens to nobody by itself: to Sam, and to the custodian who looks after it.
    story.is_read_by(&format!("/v1/ilp-files/{}", story.file), &[&["sam", "kurt"]]).await;
    let link = json!({ "studentId": sam, "guardianId": GRETA, "rights": "full" });
    story.by("kurt").await.post("/v1/guardian-links", link).await.expect(201);
    story.assigned(BELA, "gatekeeper").await;
    story.assigned(TOM, "teacher").await;
    story.is_read_by(&format!("/v1/ilp-files/{}", story.file), &[&MIDDLE, &["tom", "kurt"]]).await;
    story
}

/// 2026-27: the plan is made together (R37), and the gatekeeper decides what is suggested. Returns the goal that Sam works at for years.
async fn grade_6(story: &Story) -> String {
    story.on("2026-10-15");
    let reading = story.writes("sam", "goals", json!({ "domain": "academic", "title": "Read every day" })).await;
    story.is_read_by(&reading, &[&MIDDLE, &["tom"]]).await;
    let id = reading.rsplit('/').next();
    let spanish = json!({ "recordKind": "goal", "recordId": id, "language": "es", "texts": [{ "member": "title", "text": "Leer cada día" }] });
    story.is_read_by(&story.writes("bela", "translations", spanish).await, &[&MIDDLE, &["tom"]]).await;
    let activity = json!({ "title": "Twenty minutes before bed", "description": "Sam chooses the book.", "provider": "family" });
    story.writes("tom", &format!("{reading}/activities"), activity).await;
    story.writes("greta", &format!("{reading}/reflections"), json!({ "body": "We read to each other." })).await;
    let club = story.writes("greta", "participations", json!({ "kind": "club", "title": "Chess", "startsOn": "2026-09-14" })).await;
    story.is_read_by(&club, &[&MIDDLE, &["tom"]]).await;
    // What is personal stays with the student, the family and the counselor.
    let personal = story.writes("sam", "goals", json!({ "domain": "personalSocial", "title": "Find friends at the new school" })).await;
    story.is_read_by(&personal, &[&MIDDLE]).await;
    story.may_not_write(&["greta", "tom", "uma", "pam"], "goals", json!({ "domain": "personalSocial", "title": "Be louder" })).await;
    let suggestion = json!({ "goal": { "domain": "career", "title": "See where people work" }, "reason": "Sam asks what we do all day." });
    let suggestion = story.suggested("greta", "proposals", suggestion).await;
    story.is_read_by(&suggestion, &[&MIDDLE, &["tom"]]).await;
    assert_eq!((story.decides("sam", &suggestion, "accept").await, story.decides("bela", &suggestion, "accept").await), (403, 200));
    assert_eq!(story.plan_kind().await, "ilp");
    story.year_ends().await;
    reading
}

/// 2027-28: what Sam likes and is good at (R31, R113, R190); what the district's template asks (R36), each answering apart (R37); and what Sam hides from the
/// counselor, until it is opened again (R134). Returns the template.
async fn grade_7(story: &Story) -> String {
    story.on("2027-08-24");
    story.roster(&[school_year(2028), sam("07", "middle")]).await;
    story.on("2027-10-14");
    let survey =
        json!({ "kind": "interestSurvey", "instrument": "O*NET Interest Profiler", "takenOn": "2027-10-12", "result": "Realistic, social." });
    let survey = story.writes("bela", "self-assessments", survey).await;
    let style = story.writes("sam", "self-assessments", json!({ "kind": "learningStyle", "instrument": "VARK" })).await;
    for path in [&survey, &style] {
        story.is_read_by(path, &[&MIDDLE, &["tom"]]).await;
    }
    story.may_not_amend(&["bela"], &style, json!({ "instrument": "Another" })).await;
    let template = give_out(&story.by("cora").await, vec![item("purpose", "academic", None)]).await;
    let template = template["id"].as_str().unwrap().to_owned();
    let (_, purpose) = story.asked(&template, 2028).await;
    for (author, words) in [("sam", "To help people."), ("greta", "To become somebody."), ("tom", "To ask why.")] {
        let answer = json!({ "domain": "academic", "programItemId": purpose, "body": words });
        let answer = story.writes(author, "contributions", answer).await;
        story.is_read_by(&answer, &[&MIDDLE, &["tom"]]).await;
        story.may_not_amend(&["bela"], &answer, json!({ "body": "Other words." })).await;
    }
    let strength = json!({ "domain": "academic", "kind": "strength", "title": "Explains things to others", "recognizedOn": "2027-10-13" });
    story.writes("tom", "strengths", strength).await;
    let worry = story.writes("sam", "needs", json!({ "domain": "personalSocial", "kind": "need", "title": "A quiet place at noon" })).await;
    story.is_read_by(&worry, &[&MIDDLE]).await;
    let hide = json!({ "section": "S8", "relation": "gatekeeper", "choice": "hide" });
    let hidden = story.by("sam").await.post(&story.of_sam("privacy-preferences"), hide).await.expect(201).header("location").to_owned();
    story.is_read_by(&worry, &[&["sam", "greta"]]).await;
    story.year_ends().await;
    story.by("sam").await.delete(&hidden, "\"1\"").await.expect(204);
    story.is_read_by(&worry, &[&MIDDLE]).await;
    template
}

/// 2028-29: the courses of the years to come (R174), and a dated word on how it goes (R110). Last year's answers go forward, each still its author's.
async fn grade_8(story: &Story, reading: &str, template: &str) {
    story.on("2028-08-24");
    story.roster(&[school_year(2029), sam("08", "middle")]).await;
    story.on("2029-03-07");
    assert_eq!(story.asked(template, 2029).await.0, 1);
    for (author, year, grade, title, subject) in
        [("sam", 2030, "09", "Biology", "science"), ("greta", 2031, "10", "Chemistry", "science"), ("bela", 2032, "11", "Anatomy", "science")]
    {
        let course = json!({ "schoolYear": year, "grade": grade, "title": title, "subject": subject, "credits": 1 });
        story.is_read_by(&story.writes(author, "planned-courses", course).await, &[&MIDDLE, &["tom"]]).await;
    }
    story.amends("greta", reading, json!({ "achievementStatus": "inProgress" })).await;
    let on_track = json!({ "statedOn": "2029-03-07", "goalsMet": "meets", "onTrack": "onTrack" });
    story.writes("bela", "progress-statements", on_track).await;
    story.year_ends().await;
}

/// 2029-30: another school, another counselor, and a career reviewer. From here on the plan is Sam's (R41): the others suggest. With goals for work and for study it is a PCCR (R88).
async fn grade_9(story: &Story, reading: &str) -> String {
    story.on("2029-08-24");
    story.roster(&[school_year(2030), sam("09", "high"), at("high")]).await;
    let kurt = story.by("kurt").await;
    let of_sam = kurt.get(&format!("/v1/assignments?studentId={}&personId={BELA}", story.sam)).await.expect(200).json();
    let path = format!("/v1/assignments/{}", of_sam["items"][0]["id"].as_str().unwrap());
    kurt.patch(&path, "\"1\"", json!({ "validTo": "2029-08-24" })).await.expect(200);
    story.assigned(NEXT, "gatekeeper").await;
    story.assigned(CARA, "careerReviewer").await;
    story.is_read_by(&format!("/v1/ilp-files/{}", story.file), &[&HIGH, &["tom", "cara", "pam", "kurt"]]).await;
    story.is_read_by(reading, &[&HIGH, &["tom", "cara"]]).await;

    story.on("2029-10-11");
    let nurse = json!({ "domain": "career", "title": "Become a nurse", "objectiveKind": "occupational" });
    story.may_not_write(&["greta", "tom", "bela", "pam", "kurt"], "goals", nurse.clone()).await;
    let nurse = story.writes("sam", "goals", nurse).await;
    story.is_read_by(&nurse, &[&HIGH, &["tom", "cara"]]).await;
    assert_eq!(story.plan_kind().await, "ilp");
    let study = json!({ "domain": "career", "title": "Study nursing", "objectiveKind": "postsecondary" });
    story.is_read_by(&story.writes("sam", "goals", study).await, &[&HIGH, &["tom", "cara"]]).await;
    assert_eq!(story.plan_kind().await, "pccr");
    story.may_not_amend(&["greta", "tom"], reading, json!({ "title": "Read more" })).await;
    let (wish, advice) = (json!({ "change": { "title": "Become a doctor" } }), json!({ "change": { "targetOn": "2033-06-10" } }));
    let wish = story.suggested("greta", &format!("{nurse}/proposals"), wish).await;
    let advice = story.suggested("next", &format!("{nurse}/proposals"), advice).await;
    assert_eq!((story.decides("next", &wish, "accept").await, story.decides("greta", &advice, "accept").await), (403, 403));
    assert_eq!((story.decides("sam", &wish, "decline").await, story.decides("sam", &advice, "accept").await), (200, 200));
    let review = json!({ "body": "Visit the hospital before you choose your courses." });
    story.is_read_by(&story.writes("cara", &format!("{nurse}/reflections"), review).await, &[&HIGH, &["tom", "cara"]]).await;
    let skill = json!({ "skill": "collaboration", "recordedOn": "2029-10-11", "level": "developing", "progress": "Shares the work." });
    story.is_read_by(&story.writes("tom", "skill-records", skill).await, &[&HIGH, &["tom", "cara"]]).await;
    story.year_ends().await;
    nurse
}

/// 2030-31: a mentor comes in by a consent that Sam and Greta both sign (R53), reads what it names and nothing else, and says what they see (R75).
async fn grade_10(story: &Story, reading: &str, nurse: &str) {
    story.on("2030-08-23");
    story.roster(&[school_year(2031), sam("10", "high")]).await;
    story.on("2030-10-10");
    let option = json!({ "occupationTitle": "Registered nurse", "occupationCode": "29-1141.00", "occupationCodeSystem": "onet-soc-2019" });
    let option = story.writes("cara", "career-options", option).await;
    let credential = json!({ "kind": "careerTechnical", "title": "Certified Nursing Assistant", "schoolYear": 2032 });
    let credential = story.writes("sam", "credential-plans", credential).await;
    for path in [&option, &credential] {
        story.is_read_by(path, &[&HIGH, &["tom", "cara"]]).await;
    }
    // What the school does not offer is asked for, and the principal decides (R97, R98).
    let anatomy = json!({ "kind": "course", "title": "Anatomy", "description": "Nursing programs ask for it." });
    let anatomy = story.writes("sam", "resource-requests", anatomy).await;
    story.is_read_by(&anatomy, &[&HIGH, &["pam"]]).await;
    let granted = json!({ "resourceRequestId": anatomy.rsplit('/').next(), "outcome": "granted", "reason": "The college has it online." });
    story.may_not_write(&["sam", "greta", "next", "tom"], "resource-decisions", granted.clone()).await;
    story.is_read_by(&story.writes("pam", "resource-decisions", granted).await, &[&HIGH, &["pam"]]).await;
    let mentor = json!({ "recipientKind": "mentor", "personId": UMA, "sections": ["S4"], "purpose": "To talk about nursing." });
    let consent = story.consented(mentor, &["sam"]).await;
    story.is_read_by(nurse, &[&HIGH, &["tom", "cara"]]).await;
    story.signs("greta", &consent).await;
    story.is_read_by(nurse, &[&HIGH, &["tom", "cara", "uma"]]).await;
    story.is_read_by(reading, &[&HIGH, &["tom", "cara"]]).await;
    let seen = story.writes("uma", "feedback-entries", json!({ "kind": "goalProgress", "body": "Asks good questions." })).await;
    story.is_read_by(&seen, &[&HIGH, &["tom", "cara", "uma"]]).await;
    let thanks = story.writes("sam", "feedback-entries", json!({ "kind": "other", "body": "Thank you." })).await;
    story.is_read_by(&thanks, &[&HIGH, &["tom", "cara"]]).await;
    let shadowing = json!({ "kind": "contextual", "title": "A day at the hospital", "plan": "Follow a nurse.", "status": "done", "hours": 8,
                            "record": "Saw three wards.", "reflection": "Care matters more than speed." });
    story.is_read_by(&story.writes("sam", "learning-experiences", shadowing).await, &[&HIGH, &["tom", "cara"]]).await;
    story.year_ends().await;
}

/// 2031-32: Sam works and looks beyond school; a partner of the district reads one part of it until Greta revokes it (R74).
async fn grade_11(story: &Story, reading: &str, nurse: &str) -> String {
    story.on("2031-08-22");
    story.roster(&[school_year(2032), sam("11", "high")]).await;
    story.on("2031-11-06");
    // The mentor's consent was for a year at most.
    story.is_read_by(nurse, &[&HIGH, &["tom", "cara"]]).await;
    let work = json!({ "employer": "Alder Home Care", "role": "Aide", "startsOn": "2031-06-16", "endsOn": "2031-08-15", "hours": 160 });
    let exam = json!({ "exam": "TEAS", "takenOn": "2031-10-30", "score": "71", "scale": "0 to 100" });
    let pathway = json!({ "pathway": "Nursing", "endorsement": "Health science", "endorsementStatus": "inProgress" });
    let college = json!({ "kind": "college", "name": "Rhode Island College", "program": "Nursing", "foundIn": "College Navigator" });
    let mut college_path = String::new();
    for (author, part, body) in [
        ("sam", "work-experiences", work),
        ("next", "exam-results", exam),
        ("sam", "pathway-plans", pathway),
        ("sam", "postsecondary-options", college),
    ] {
        college_path = story.writes(author, part, body).await;
        story.is_read_by(&college_path, &[&HIGH, &["tom", "cara"]]).await;
    }
    let reviewed = json!({ "admissionRequirements": "Biology and chemistry.", "comparison": "Both are planned.", "reviewedOn": "2031-11-06" });
    story.amends("cara", &college_path, reviewed).await;
    let kurt = story.by("kurt").await;
    let partner = json!({ "name": "Alder College Access", "agreementReference": "MOU 2031-14", "validFrom": "2031-08-15", "validTo": "2032-06-30" });
    let partner = kurt.post("/v1/partners", partner).await.expect(201).id();
    kurt.post("/v1/partner-members", json!({ "partnerId": partner, "personId": RITA })).await.expect(201);
    let access = json!({ "recipientKind": "partner", "partnerId": partner, "sections": ["S2"], "purpose": "To find a scholarship." });
    let access = story.consented(access, &["sam", "greta"]).await;
    story.is_read_by(reading, &[&HIGH, &["tom", "cara", "rita"]]).await;
    story.is_read_by(nurse, &[&HIGH, &["tom", "cara"]]).await;
    story.year_ends().await;
    story.by("greta").await.post(&format!("/v1/consents/{access}/revocation"), Value::Null).await.expect(200);
    story.is_read_by(reading, &[&HIGH, &["tom", "cara"]]).await;
    college_path
}

/// 2032-33: applications (R185) and how it is paid (R184); on 5 December Sam is 18, and the rights are Sam's alone (L10).
async fn grade_12(story: &Story, reading: &str, nurse: &str, college: &str) {
    story.on("2032-08-23");
    story.roster(&[school_year(2033), sam("12", "high")]).await;
    story.on("2032-10-07");
    let application = json!({ "kind": "college", "appliedTo": "Rhode Island College", "program": "Nursing", "dueOn": "2032-11-01" });
    let application = story.writes("sam", "applications", application).await;
    story.is_read_by(&application, &[&HIGH, &["tom", "cara"]]).await;
    let aid = json!({ "kind": "scholarship", "title": "Rhode Island Promise", "amount": 585_000, "currency": "USD" });
    let aid = story.writes("greta", "financial-aid-plans", aid).await;
    story.is_read_by(&aid, &[&["sam", "greta"]]).await;
    let mentor = json!({ "recipientKind": "mentor", "personId": UMA, "sections": ["S4"], "purpose": "To talk about nursing." });
    let mentoring = story.consented(mentor, &["sam", "greta"]).await;
    story.is_read_by(nurse, &[&HIGH, &["tom", "cara", "uma"]]).await;
    // Both were told 60 days ahead.
    notice::once(&story.app.running.state.db, story.app.clock.now()).await.unwrap();
    for name in ["sam", "greta"] {
        let told = story.by(name).await.get("/v1/me/notices").await.expect(200).json();
        assert_eq!((&told["items"][0]["kind"], &told["items"][0]["occursOn"]), (&json!("rightsPass"), &json!("2032-12-05")), "{name}: {told}");
    }

    story.app.clock.set("2032-12-05T04:59:59Z");
    story.is_read_by(reading, &[&HIGH, &["tom", "cara"]]).await;
    story.app.clock.advance(TimeDelta::seconds(1));
    // The parent reads nothing any more, and what was consented to as a child has ended.
    story.is_read_by(reading, &[&["sam", "next", "tom", "cara"]]).await;
    story.is_read_by(nurse, &[&["sam", "next", "tom", "cara"]]).await;
    story.is_read_by(&aid, &[&["sam"]]).await;
    story.may_not_write(&["greta"], "financial-aid-plans", json!({ "kind": "loan", "title": "A loan" })).await;
    story.year_ends().await;
    // Sam alone lets the mentor in again, and the mother to what she helps with.
    story.signs("sam", &mentoring).await;
    let help = json!({ "recipientKind": "guardian", "personId": GRETA, "sections": ["S5", "S5f"], "purpose": "My mother helps me with college." });
    story.consented(help, &["sam"]).await;
    story.is_read_by(nurse, &[&["sam", "next", "tom", "cara", "uma"]]).await;
    story.is_read_by(&aid, &[&["sam", "greta"]]).await;
    story.is_read_by(college, &[&HIGH, &["tom", "cara"]]).await;
    story.may_not_amend(&["greta"], &aid, json!({ "status": "awarded" })).await;

    story.on("2033-04-14");
    story.amends("sam", &application, json!({ "status": "accepted", "submittedOn": "2032-10-28", "decidedOn": "2033-03-15" })).await;
    story.amends("sam", &aid, json!({ "status": "awarded" })).await;
    story.amends("next", nurse, json!({ "achievementStatus": "achieved", "lifecycleStatus": "completed" })).await;
    story.year_ends().await;
}

/// June 2033: Sam has graduated and leaves. Who worked for the school reads no more; Sam keeps the file of seven years, as it was, and nobody writes in it.
async fn leaves(story: &Story, reading: &str, nurse: &str) {
    story.on("2033-06-14");
    let outcome = json!({ "file": "ilp.outcomes", "sourcedId": "sam-2033", "studentSourcedId": "sam", "schoolSourcedId": "high", "schoolYear": "2033",
                          "outcome": "graduated", "outcomeDate": "2033-06-10", "diplomaType": "Regular" });
    story.roster(&[outcome]).await;
    story.roster(&[json!({ "file": "roles", "sourcedId": "sam-role", "status": "tobedeleted" })]).await;
    story.is_read_by(reading, &[&["sam"]]).await;
    story.may_not_write(&["sam", "next"], "goals", json!({ "domain": "career", "title": "Specialize" })).await;
    let whole = story.by("sam").await.get(&story.list("whole")).await.expect(200).json();
    assert_eq!(whole["id"].as_str(), Some(story.file.as_str()), "R13: one file for all the years");
    let mut years: Vec<_> = whole["divisions"].as_array().unwrap().iter().map(|year| year["schoolYear"].as_i64().unwrap()).collect();
    years.sort_unstable();
    assert_eq!(years, [2027, 2028, 2029, 2030, 2031, 2032, 2033]);
    assert_eq!(whole["yearOutcomes"][0]["outcome"], "graduated");
    // Who wrote it, and as whom, is told of every version.
    let authors = async |path: &str| {
        let history = story.by("sam").await.get(&format!("{path}/history")).await.expect(200).json();
        history["items"].as_array().unwrap().iter().map(|entry| entry["relation"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(authors(reading).await, ["self", "guardian"]);
    assert_eq!(authors(nurse).await, ["self", "self", "gatekeeper"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_r25_r41_r83_r134_r162_r203_a_plan_from_grade_6_to_12_by_all_its_authors_each_seeing_what_the_matrix_says() {
    let story = begins().await;
    let reading = grade_6(&story).await;
    let template = grade_7(&story).await;
    grade_8(&story, &reading, &template).await;
    let nurse = grade_9(&story, &reading).await;
    grade_10(&story, &reading, &nurse).await;
    let college = grade_11(&story, &reading, &nurse).await;
    grade_12(&story, &reading, &nurse, &college).await;
    leaves(&story, &reading, &nurse).await;
}
