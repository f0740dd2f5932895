//! The ILP file: itself, its parts, and the whole of it in one call.

use openilp_domain::access::{Action, Relation, Section};
use openilp_domain::attendance_total::AttendanceTotal;
use openilp_domain::fact::Fact;
use openilp_domain::goal::{Goal, PlanKind};
use openilp_domain::id::{DivisionId, GoalId, StudentId};
use openilp_domain::ilp_file::{self as ilp_file_rules, Division, IlpFile, Participant, Registration, RegistrationTeacher};
use openilp_domain::noun::{Noun, with};
use openilp_domain::plain::View;
use openilp_domain::post_school_outcome::PostSchoolOutcome;
use openilp_domain::proposal::Proposal;
use openilp_domain::report_card::{ReportCard, ReportCardFlag, ScoreMark, ScoreScale};
use openilp_domain::student::Student as StudentRecord;
use openilp_domain::student_flag::StudentFlag;
use openilp_domain::wire::Named;
use openilp_domain::year_outcome::YearOutcome;
use openilp_persistence::grant::{Grant, Withheld};
use openilp_persistence::ilp_file::{self, Whole};
use openilp_persistence::mark::Marked;
use openilp_persistence::{Error, Result, Shown as Seen, Tx};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::answer::{Composed, Found, Outcome, Shape, Shown, derived_shape, with_statements};
use crate::body::{NoParams, Query};
use crate::guard::{Can, File, Read, Student};
use crate::plain::Viewed;
use crate::plan_part::ShownParts;
use crate::proposal::ShownProposal;
use crate::routes::{About, Routes};

/// The whole file, as the caller may see it. What the caller may not see is absent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WholeFile {
    #[serde(flatten)]
    file: IlpFile,
    #[serde(skip_serializing_if = "Option::is_none")]
    student: Option<Marked<StudentRecord>>,
    participants: Vec<Participant>,
    divisions: Vec<ShownDivision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_kind: Option<PlanKind>,
    responsible: &'static [Relation],
    #[serde(skip_serializing_if = "Option::is_none")]
    participants_missing: Option<Vec<Relation>>,
    goals: Vec<WholeGoal>,
    #[serde(flatten)]
    parts: ShownParts,
    proposals: Vec<ShownProposal>,
    student_flags: Vec<Marked<StudentFlag>>,
    attendance_totals: Vec<Marked<AttendanceTotal>>,
    year_outcomes: Vec<Marked<YearOutcome>>,
    post_school_outcomes: Vec<Marked<PostSchoolOutcome>>,
    readable_sections: Vec<&'static str>,
}

/// A school year, with those of its records that the caller may see.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownDivision {
    id: DivisionId,
    school_year: i32,
    title: String,
    registrations: Vec<Marked<Registration>>,
    report_cards: Vec<Marked<ReportCard>>,
}

/// A goal with all that belongs to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WholeGoal {
    #[serde(flatten)]
    goal: Shown<Goal>,
    benchmarks: Vec<Shown<openilp_domain::benchmark::Benchmark>>,
    activities: Vec<Shown<openilp_domain::activity::Activity>>,
    progress_records: Vec<Shown<openilp_domain::progress_record::ProgressRecord>>,
    recommendations: Vec<Shown<openilp_domain::recommendation::Recommendation>>,
    reflections: Vec<Shown<openilp_domain::reflection::Reflection>>,
}

/// Takes out those that belong to a goal. They stand in the order of their ids; goals are few.
fn of_goal<N: Noun>(grant: &Grant, parts: &mut Vec<N>, goal: GoalId, goal_of: impl Fn(&N) -> GoalId) -> Vec<Shown<N>> {
    parts.extract_if(.., |part| goal_of(part) == goal).map(|part| Shown::by(grant, part)).collect()
}

/// Opens what the grant covers, and puts it together.
fn assemble(grant: &Grant, whole: Whole) -> Result<(WholeFile, Seen)> {
    let file = whole.file.and_then(|file| grant.open(file)).ok_or(Error::NotFound)?;
    let student_id = file.student_id;
    let student = whole.student.and_then(|student| grant.open(student)).map(|student| grant.marked(student.id, student));
    let participants = open_participants(grant, whole.participants);
    let (mut registrations, mut report_cards) = (grant.sift(whole.registrations), grant.sift(whole.report_cards));
    let divisions: Vec<_> = whole
        .divisions
        .into_iter()
        .map(|Division { id, school_year, title, .. }| ShownDivision {
            id,
            school_year,
            title,
            registrations: registrations.extract_if(.., |r| r.division_id == id).map(|r| grant.marked(r.id, r)).collect(),
            report_cards: report_cards.extract_if(.., |card| card.division_id == id).map(|card| grant.marked(card.id, card)).collect(),
        })
        .collect();
    let goals = grant.sift(whole.goals);
    let parts = ShownParts::by(grant, whole.parts);
    let proposals: Vec<Proposal> = grant.sift(whole.proposals);
    let (mut benchmarks, mut activities) = (grant.sift(whole.benchmarks), grant.sift(whole.activities));
    let (mut progress, mut reflections) = (grant.sift(whole.progress_records), grant.sift(whole.reflections));
    let mut recommendations = grant.sift(whole.recommendations);
    let sections = grant.readable_sections();
    // Only who reads both domains in which objectives stand can tell what the plan is.
    let plan_kind = [Section::PlanOfStudy, Section::Career].iter().all(|s| sections.contains(*s)).then(|| PlanKind::of_goals(goals.iter()));
    // Who is missing tells what the plan is, and who is there.
    let participants_missing = plan_kind.filter(|_| sections.contains(Section::Identity)).map(|kind| ilp_file_rules::missing(kind, &participants));
    let rows =
        1 + participants.len() + goals.len() + benchmarks.len() + activities.len() + progress.len() + reflections.len() + recommendations.len();
    let student_flags = marked(grant, whole.stated.student_flags);
    let attendance_totals = marked(grant, whole.stated.attendance_totals);
    let year_outcomes = marked(grant, whole.stated.year_outcomes);
    let post_school_outcomes = marked(grant, whole.stated.post_school_outcomes);
    let rows = rows + parts.count() + proposals.len();
    let rows = rows + student_flags.len() + attendance_totals.len() + year_outcomes.len() + post_school_outcomes.len();
    let goals = goals
        .into_iter()
        .map(|goal| WholeGoal {
            benchmarks: of_goal(grant, &mut benchmarks, goal.id, |p| p.goal_id),
            activities: of_goal(grant, &mut activities, goal.id, |p| p.goal_id),
            progress_records: of_goal(grant, &mut progress, goal.id, |p| p.goal_id),
            recommendations: of_goal(grant, &mut recommendations, goal.id, |p| p.goal_id),
            reflections: of_goal(grant, &mut reflections, goal.id, |p| p.goal_id),
            goal: Shown::by(grant, goal),
        })
        .collect();
    let proposals = proposals.into_iter().map(|p| ShownProposal::by(grant, p)).collect();
    let seen = Seen { students: vec![student_id], sections: sections.to_string(), row_count: rows };
    let readable_sections = sections.iter().map(Section::code).collect();
    let whole = WholeFile {
        file,
        student,
        participants,
        divisions,
        plan_kind,
        responsible: ilp_file_rules::responsible(grant.student()?.grade),
        participants_missing,
        goals,
        parts,
        proposals,
        student_flags,
        attendance_totals,
        year_outcomes,
        post_school_outcomes,
        readable_sections,
    };
    Ok((whole, seen))
}

/// Opens what the grant covers of what the roster states.
fn marked<F: Fact>(grant: &Grant, stated: Vec<Withheld<F>>) -> Vec<Marked<F>> {
    grant.sift(stated).into_iter().map(|fact| grant.marked(fact.id(), fact)).collect()
}

/// Names are for all who may know the student; how to reach somebody is not, nor whether a guardian is confirmed.
fn open_participants(grant: &Grant, withheld: Vec<Withheld<Participant>>) -> Vec<Participant> {
    let caller = grant.caller().person();
    let may = |section, person| grant.relation_for(Action::Read, section, &openilp_domain::access::Item::of(Some(person), caller)).is_some();
    grant
        .sift(withheld)
        .into_iter()
        .filter_map(|mut participant| {
            if !may(Section::Contacts, participant.person_id) {
                participant.telephone = None;
                participant.email = None;
                participant.addresses.clear();
                participant.telephones.clear();
            }
            if !may(Section::Privacy, participant.person_id) {
                if participant.confirmed == Some(false) {
                    return None;
                }
                participant.confirmed = None;
            }
            Some(participant)
        })
        .collect()
}

async fn of_student(can: Can<Read, Student>, _: Query<NoParams>) -> Outcome<Composed<WholeFile>> {
    let student = StudentId(can.target().id);
    Ok(Composed(can.read_ahead(async |tx| ilp_file::whole(tx, student).await, assemble).await?))
}

/// The whole of the file that was granted.
pub(crate) async fn whole_of(tx: &Tx<'_>, grant: &Grant) -> Result<(WholeFile, Seen)> {
    let student = grant.located()?.student_id;
    assemble(grant, ilp_file::whole(tx, student).await?)
}

async fn whole(can: Can<Read, File>, _: Query<NoParams>) -> Outcome<Composed<WholeFile>> {
    Ok(Composed(can.read(whole_of).await?))
}

async fn file(can: Can<Read, File>, _: Query<NoParams>) -> Outcome<Found<IlpFile>> {
    let shown = can
        .read(async |tx, grant| {
            let student = grant.located()?.student_id;
            let file = ilp_file::of_student(tx, student).await?.and_then(|file| grant.open(file)).ok_or(Error::NotFound)?;
            Ok((file, Seen { students: vec![student], sections: Section::Status.code().into(), row_count: 1 }))
        })
        .await?;
    Ok(Found { version: shown.version, shown })
}

/// Who takes part in a file.
#[derive(Serialize, ToSchema)]
pub struct FileParticipants {
    /// The student, guardians and assigned staff.
    participants: Vec<Participant>,
}

async fn participants(can: Can<Read, File>, _: Query<NoParams>) -> Outcome<Composed<FileParticipants>> {
    let participants = can
        .read(async |tx, grant| {
            let student = grant.located()?.student_id;
            let participants = open_participants(grant, ilp_file::participants_of(tx, student).await?);
            let seen = Seen { students: vec![student], sections: "S1a,S1b".into(), row_count: participants.len() };
            Ok((participants, seen))
        })
        .await?;
    Ok(Composed(FileParticipants { participants }))
}

/// The registrations in a file.
#[derive(Serialize, ToSchema)]
pub struct FileRegistrations {
    /// Latest term first.
    #[schema(value_type = Vec<Registration>)]
    registrations: Vec<Marked<Registration>>,
}

async fn registrations(can: Can<Read, File>, _: Query<NoParams>) -> Outcome<Composed<FileRegistrations>> {
    let registrations = can
        .read(async |tx, grant| {
            let registrations = grant.sift(ilp_file::registrations_of(tx, grant.located()?.student_id).await?);
            let seen = crate::noun::seen_all(&registrations);
            let registrations = registrations.into_iter().map(|registration| grant.marked(registration.id, registration)).collect();
            Ok((registrations, seen))
        })
        .await?;
    Ok(Composed(FileRegistrations { registrations }))
}

/// The routes of the file.
pub fn routes(r: &mut Routes) {
    r.tag("files");
    r.get("/v1/students/{studentId}/ilp-file", of_student, About {
        id: "read_student_ilp_file",
        summary: "Read a student's whole ILP file",
        text: "Everything in the file that you may see, in one call: participants, divisions with registrations and report cards, goals with all that belongs to them, \
               the parts of the profile, proposals. What you may not see is absent. `readableSections` tells which sections you read.",
    });
    r.get("/v1/ilp-files/{ilpFileId}", file, About { id: "read_ilp_file", summary: "Read an ILP file without what is in it", text: "" });
    r.get(
        "/v1/ilp-files/{ilpFileId}/whole",
        whole,
        About { id: "read_whole_ilp_file", summary: "Read a whole ILP file", text: "As by the student." },
    );
    r.get(
        "/v1/ilp-files/{ilpFileId}/participants",
        participants,
        About { id: "list_participants", summary: "List who takes part in an ILP file", text: "" },
    );
    r.get("/v1/ilp-files/{ilpFileId}/registrations", registrations, About {
        id: "list_registrations",
        summary: "List the registrations copied into an ILP file",
        text: "A copy of what the student was registered for in each term, with teachers and their telephones. A later roster change does not rewrite a past year.",
    });
}

fn id() -> &'static str {
    openilp_domain::wire_example_id()
}

fn file_example() -> Value {
    json!({ "id": id(), "studentId": id(), "schoolId": id(), "status": "open", "openedOn": "2026-08-15", "version": 1,
            "createdAt": "2026-08-15T12:00:00Z", "updatedAt": "2026-08-15T12:00:00Z" })
}

fn participant_example() -> Value {
    json!({ "personId": id(), "relation": "gatekeeper", "givenName": "Bela", "familyName": "Birch", "telephone": "401-555-0120" })
}

fn registration_example() -> Value {
    json!({ "id": id(), "termTitle": "Fall Semester", "termStartsOn": "2026-08-15", "termEndsOn": "2026-12-20", "classTitle": "Biology", "classCode": "BIO-1",
            "teachers": [{ "givenName": "Rita", "familyName": "Rose", "telephone": "401-555-0123" }], "source": "sis", "sourcedId": "e-17",
            "capturedAt": "2026-08-15T12:00:00Z", "version": 1 })
}

derived_shape!(IlpFile, file_example());
derived_shape!(FileParticipants, json!({ "participants": [participant_example()] }));
derived_shape!(Registration, registration_example());

impl Shape for FileRegistrations {
    fn name() -> String {
        "FileRegistrations".into()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        <Self as ToSchema>::schemas(named);
        named.retain(|(name, _)| name != "Registration");
        let registration = Marked::<Registration>::schema(named);
        named.push(("Registration".into(), registration));
        <Self as PartialSchema>::schema()
    }
    fn example() -> Value {
        json!({ "registrations": [registration_example()] })
    }
}

impl Shape for WholeFile {
    fn name() -> String {
        "WholeIlpFile".into()
    }
    fn schema(named: &mut Named) -> RefOr<Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
        for nested in [Participant::schemas, Division::schemas, StudentRecord::schemas, IlpFile::schemas] {
            nested(named);
        }
        PlanKind::schemas(named);
        RegistrationTeacher::schemas(named);
        <ReportCard as ToSchema>::schemas(named);
        // These come with what the family says of them.
        named.retain(|(name, _)| !["Student", "Registration", "ReportCard"].contains(&name.as_str()));
        let student = with_statements(object_of(StudentRecord::schema()), named);
        let registration = Marked::<Registration>::schema(named);
        let report_card = Marked::<ReportCard>::schema(named);
        for (name, schema) in [
            ("Participant", Participant::schema()),
            ("Division", Division::schema()),
            ("Student", student.into()),
            ("PlanKind", PlanKind::schema()),
            ("Registration", registration),
            ("RegistrationTeacher", RegistrationTeacher::schema()),
            ("ReportCard", report_card),
            ("ReportCardFlag", ReportCardFlag::schema()),
            ("ScoreScale", ScoreScale::schema()),
            ("ScoreMark", ScoreMark::schema()),
        ] {
            named.push((name.into(), schema));
        }
        let list = |name: &str, about: &str| ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name(name)).description(Some(about)).build();
        let goal = with_parts(named);
        named.push(("WholeGoal".into(), goal));
        let proposal = ShownProposal::schema(named);
        named.push((ShownProposal::name(), proposal));
        let mut object = object_of(<IlpFile as PartialSchema>::schema());
        object.description = Some("The whole file, as you may see it. What you may not see is absent.".into());
        object.properties.insert("student".into(), utoipa::openapi::Ref::from_schema_name("Student").into());
        object.properties.insert("participants".into(), list("Participant", "Who takes part.").into());
        object.properties.insert("divisions".into(), list("Division", "One a school year, latest first.").into());
        object.properties.insert("planKind".into(), utoipa::openapi::Ref::from_schema_name("PlanKind").into());
        let relations = |about: &str| ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name("Relation")).description(Some(about)).build();
        named.push(("Relation".into(), Relation::schema()));
        let about = "Who prepares the plan: from grade 9 the student (R41), in consultation with the others; before, the gatekeeper with the family.";
        object.properties.insert("responsible".into(), relations(about).into());
        let about = "Whom the file still needs: a gatekeeper (R71), and once the plan is a PCCR a career reviewer (R45, R46). Absent where you do not read what tells it.";
        object.properties.insert("participantsMissing".into(), relations(about).into());
        object.properties.insert("goals".into(), list("WholeGoal", "The goals that you may see.").into());
        ShownParts::describe(&mut object, named);
        object.properties.insert("proposals".into(), list("Proposal", "The proposals that you may see.").into());
        for (member, name, schema, about) in stated(named) {
            object.properties.insert(member.into(), list(name, about).into());
            object.required.push(member.into());
            named.push((name.into(), schema));
        }
        let sections =
            ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String)).description(Some("Codes of the sections that you read."));
        object.properties.insert("readableSections".into(), sections.build().into());
        for name in ["participants", "divisions", "responsible", "goals", "proposals", "readableSections"] {
            object.required.push(name.into());
        }
        object.into()
    }
    fn example() -> Value {
        let none = json!({ "benchmarks": [], "activities": [], "progressRecords": [], "recommendations": [], "reflections": [] });
        let more = json!({
            "participants": [participant_example()],
            "divisions": [{ "id": id(), "schoolYear": 2027, "title": "2026-27", "registrations": [registration_example()],
                            "reportCards": [crate::report_card::example()] }],
            "planKind": "ilp",
            "responsible": ["self"],
            "participantsMissing": ["gatekeeper"],
            "goals": [with(Shown::<Goal>::example(), none)],
            "proposals": [],
            "studentFlags": [StudentFlag::example()],
            "attendanceTotals": [AttendanceTotal::example()],
            "yearOutcomes": [],
            "postSchoolOutcomes": [],
            "readableSections": ["S0", "S1a", "S2"],
        });
        with(with(file_example(), more), ShownParts::example())
    }
}

fn object_of(schema: RefOr<Schema>) -> utoipa::openapi::schema::Object {
    match schema {
        RefOr::T(Schema::Object(object)) => object,
        _ => utoipa::openapi::schema::Object::new(),
    }
}

/// What the roster states: the member, its schema, and what it is.
fn stated(named: &mut Named) -> [(&'static str, &'static str, RefOr<Schema>, &'static str); 4] {
    [
        ("studentFlags", StudentFlag::NAME, Marked::<Viewed<StudentFlag>>::schema(named), "Support programmes that the student is in."),
        ("attendanceTotals", AttendanceTotal::NAME, Marked::<Viewed<AttendanceTotal>>::schema(named), "Totals of attendance, session by session."),
        ("yearOutcomes", YearOutcome::NAME, Marked::<Viewed<YearOutcome>>::schema(named), "How school years ended."),
        ("postSchoolOutcomes", PostSchoolOutcome::NAME, Marked::<Viewed<PostSchoolOutcome>>::schema(named), "What came after school."),
    ]
}

/// The schema of a goal with its parts.
fn with_parts(named: &mut Named) -> RefOr<Schema> {
    use openilp_domain::{
        activity::Activity, benchmark::Benchmark, progress_record::ProgressRecord, recommendation::Recommendation, reflection::Reflection,
    };
    use utoipa::openapi::schema::ArrayBuilder;
    let RefOr::T(Schema::Object(mut object)) = Shown::<Goal>::schema(named) else { return Shown::<Goal>::schema(named) };
    let parts: [(&str, String, RefOr<Schema>); 5] = [
        ("benchmarks", Shown::<Benchmark>::name(), Shown::<Benchmark>::schema(named)),
        ("activities", Shown::<Activity>::name(), Shown::<Activity>::schema(named)),
        ("progressRecords", Shown::<ProgressRecord>::name(), Shown::<ProgressRecord>::schema(named)),
        ("recommendations", Shown::<Recommendation>::name(), Shown::<Recommendation>::schema(named)),
        ("reflections", Shown::<Reflection>::name(), Shown::<Reflection>::schema(named)),
    ];
    for (member, name, schema) in parts {
        let about = "Those of the goal that you may see.";
        let list = ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name(&name)).description(Some(about)).build();
        object.properties.insert(member.into(), list.into());
        object.required.push(member.into());
        named.push((name, schema));
    }
    object.description = Some("A goal with all that belongs to it.".into());
    object.into()
}
