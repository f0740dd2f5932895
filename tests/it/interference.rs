//! G6: what somebody may not read makes no difference to anything that they are answered: status, headers, body, totals, cursors, faults.
//!
//! Two worlds that differ in one thing are one service before and after that thing was made, amended or taken away. Whoever may read it sees a
//! difference, which is the control; to everybody else every answer is the same, byte for byte but for the correlation id, the time of sending and
//! what is sealed in a cursor, whose length is compared. The same of a hidden record and of one that never was.
//!
//! `OPENILP_PAIRS=1000000 cargo test -p openilp-tests --test it -- interference --nocapture` is the long run.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use futures_util::{StreamExt, stream};
use openilp_api::limits::Rates;
use openilp_tests::cast::cast;
use openilp_tests::operations::{Operation, operations};
use openilp_tests::targets::{PLACES, Place, Prepared, Targets};
use openilp_tests::{Actor, Answer, TestApp, config};
use serde_json::Value;
use uuid::Uuid;

/// How many pairs of answers CI compares at least.
const PAIRS: usize = 1_500;
/// How many requests are under way at once.
const AT_ONCE: usize = 6;

/// Who asks. All of Alder but Zita.
const CALLERS: &[&str] = &["anna", "cleo", "greta", "bela", "tom", "cara", "rita", "pam", "kurt", "sis", "zita"];

/// A thing that some may read and others not.
struct Secret {
    what: &'static str,
    place: Place,
    how: How,
    /// Who may read it, and sees that it is there.
    readers: &'static [&'static str],
    /// Who may read something of it.
    may: &'static [&'static str],
}

/// How it comes to be.
enum How {
    /// Somebody adds it by this operation, amends and removes it where that can be done.
    Added(&'static str, &'static str),
    /// It is there once a request to this operation is prepared.
    Brought(&'static str),
    /// Behind the service's back, with a number that is another each time.
    Written(fn(usize) -> String),
}

const ANNA: Place = PLACES[0];
const ANNA_CAREER: Place = PLACES[1];
const ANNA_PERSONAL: Place = PLACES[2];
const CLEO: Place = PLACES[4];
const ZOE: Place = PLACES[6];

const OF_PERSONAL: &[&str] = &["anna", "greta", "bela"];

const PARTICIPANTS: &[&str] = &["anna", "greta", "bela", "tom", "cara", "rita", "pam"];

const SECRETS: &[Secret] = &[
    secret("a personal goal", ANNA_PERSONAL, How::Added("create_goal", "anna"), OF_PERSONAL),
    secret("an activity of a personal goal", ANNA_PERSONAL, How::Added("create_activity", "anna"), OF_PERSONAL),
    secret("progress with a personal goal", ANNA_PERSONAL, How::Added("create_progress_record", "anna"), OF_PERSONAL),
    secret("a reflection on a personal goal", ANNA_PERSONAL, How::Added("create_reflection", "anna"), OF_PERSONAL),
    secret("a personal strength", ANNA_PERSONAL, How::Added("create_strength", "anna"), OF_PERSONAL),
    secret("how education is paid", ANNA, How::Added("create_financial_aid_plan", "anna"), &["anna", "greta"]),
    secret("participation of another student", CLEO, How::Added("create_participation", "cleo"), &["cleo", "bela"]),
    secret("a career goal", ANNA_CAREER, How::Added("create_goal", "anna"), &["anna", "greta", "bela", "tom", "cara"]),
    secret("a benchmark of a career goal", ANNA_CAREER, How::Added("create_benchmark", "cara"), &["anna", "greta", "bela", "tom", "cara"]),
    secret("a suggestion of a career goal", ANNA_CAREER, How::Added("propose_goal", "greta"), &["anna", "greta", "bela", "tom", "cara"]),
    secret("another student's goal", CLEO, How::Added("create_goal", "cleo"), &["cleo", "bela"]),
    of_roster(secret("another student's report card", CLEO, How::Brought("read_report_card"), &["cleo", "bela"])),
    of_roster(secret("another student's attendance", CLEO, How::Brought("list_attendance_totals"), &["cleo", "bela"])),
    of_roster(secret("a support programme", ANNA, How::Brought("list_student_flags"), &["anna", "greta", "bela", "tom"])),
    of_roster(secret("an outcome after school", ANNA, How::Brought("list_post_school_outcomes"), &["anna", "greta", "bela", "tom", "cara"])),
    // Who takes part is told to all who do, with who is not confirmed.
    Secret { may: PARTICIPANTS, ..secret("a guardian who is not confirmed", ANNA, How::Brought("read_guardian_link"), &["kurt"]) },
    secret("an invitation", ANNA, How::Added("create_invitation", "kurt"), &["kurt"]),
    secret("a login of nobody", ANNA, How::Brought("read_unlinked_login"), &["kurt"]),
    secret("a potential duplicate", ANNA, How::Brought("read_potential_duplicate"), &["kurt"]),
    of_roster(secret("a guardian's telephone", ANNA, How::Written(telephone), &["anna", "greta", "bela", "pam", "kurt"])),
    secret("a goal in another district", ZOE, How::Added("create_goal", "zoe"), &["zita"]),
    secret("a report card in another district", ZOE, How::Brought("read_report_card"), &["zita"]),
    secret("a suggestion in another district", ZOE, How::Added("propose_goal", "zack"), &["zita"]),
];

const fn secret(what: &'static str, place: Place, how: How, readers: &'static [&'static str]) -> Secret {
    Secret { what, place, how, readers, may: &[] }
}

/// The student information system, from which it comes, is told that it has changed.
const fn of_roster(secret: Secret) -> Secret {
    Secret { may: &["sis"], ..secret }
}

fn telephone(number: usize) -> String {
    format!("update people set telephone = '401-555-{:04}' where given_name = 'Greta'", number % 10_000)
}

impl Secret {
    fn is_open_to(&self, name: &str) -> bool {
        self.readers.contains(&name) || self.may.contains(&name)
    }
}

/// A request that is asked again and again.
struct Ask {
    request: Prepared,
    /// Whether the pages after the first are asked for too.
    whole: bool,
}

/// An answer, with everything in it that could tell something.
fn told(answer: &Answer, id: &str) -> String {
    let mut body = answer.json();
    let mut sealed = String::new();
    if let Some(object) = body.as_object_mut() {
        object.remove("correlationId");
        for (within, name) in [("", "cursor"), ("page", "next")] {
            let member = if within.is_empty() { object.get_mut(name) } else { object.get_mut(within).and_then(|page| page.get_mut(name)) };
            if let Some(Value::String(cursor)) = member {
                sealed = std::mem::take(cursor);
                *cursor = format!("{} sealed bytes", sealed.len());
            }
        }
    }
    let body = if body.is_null() { String::from_utf8_lossy(&answer.bytes).into_owned() } else { body.to_string() };
    let told = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let value = if sealed.is_empty() { value } else { value.replace(&sealed, "sealed") };
        // A page that carries a cursor has a tag of its own each time.
        let value = if name == "etag" && !sealed.is_empty() { "of what is sealed".to_owned() } else { value };
        // Sets, in whatever order.
        let mut values: Vec<&str> = value.split(", ").collect();
        values.sort_unstable();
        format!("{name}: {}", values.join(", "))
    };
    let unlike = |name: &str| ["date", "x-correlation-id", "connection"].contains(&name);
    let headers: BTreeSet<String> = answer.headers.iter().filter(|(name, _)| !unlike(name.as_str())).map(told).collect();
    let body = body.replace("},{", "},\n{");
    let text = format!("{}\n{}\n{body}\n", answer.status, headers.into_iter().collect::<Vec<_>>().join("\n"));
    if id.is_empty() { text } else { text.replace(id, "the id") }
}

impl Ask {
    async fn of(&self, actor: &Actor<'_>) -> String {
        let mut text = String::new();
        let mut request = self.request.clone();
        for _ in 0..10_000 {
            let answer = request.sent_by(actor, "").await;
            text.push_str(&told(&answer, ""));
            let body = answer.json();
            let next = body["page"]["next"].as_str().map(|cursor| ("cursor", cursor.to_owned()));
            let after = (body["more"] == true).then(|| ("after", body["cursor"].as_str().unwrap().to_owned()));
            let Some((name, cursor)) = next.or(after).filter(|_| self.whole) else { return text };
            request.path = format!("{}&{name}={cursor}", self.request.path);
        }
        panic!("{} has no end", self.request.path)
    }

    fn name(&self) -> String {
        format!("{} {}", self.request.operation.method, self.request.path)
    }
}

/// Every read of Anna's and of Cleo's, lists page by page as well, and writes that nobody can carry out.
async fn asks(targets: &Targets<'_>) -> Vec<Ask> {
    let mut all = vec![];
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        let request = targets.prepare(&operation, ANNA).await;
        if operation.writes() {
            all.extend(spoilt(request).map(|request| Ask { request, whole: false }));
            continue;
        }
        if operation.query.iter().any(|name| name == "limit") {
            // Pages enough to go on by cursors, and not one for each of the hundred goals.
            let limit = if ["list_changes", "list_goals"].contains(&operation.id.as_str()) { 30 } else { 5 };
            let path = format!("{}?limit={limit}", request.path);
            all.push(Ask { request: Prepared { path, ..request.clone() }, whole: true });
        }
        if operation.names_a_record() && !operation.permission.starts_with("district:") {
            all.push(Ask { request: targets.prepare(&operation, CLEO).await, whole: false });
        }
        all.push(Ask { request, whole: false });
    }
    for words in ["a", "as", "zin", "greta"] {
        let search = all.iter().find(|ask| ask.request.operation.id == "search_students" && !ask.whole).unwrap().request.clone();
        all.push(Ask { request: Prepared { path: format!("{}?q={words}&limit=1", search.path), ..search }, whole: true });
    }
    all
}

/// The request with a member that its body does not have, of a version that there is not. What takes neither could be carried out.
fn spoilt(request: Prepared) -> Option<Prepared> {
    let json = request.operation.body.as_ref().is_some_and(|(media, _)| media.ends_with("json") && !media.ends_with("ndjson"));
    if !json && (request.body.is_some() || !request.operation.needs("If-Match")) {
        return None;
    }
    let headers = request.headers.iter().map(|(name, value)| (*name, if *name == "if-match" { "\"77\"".into() } else { value.clone() })).collect();
    let body = request.body.as_ref().map(|_| b"{\"colour\": 1}".to_vec());
    Some(Prepared { headers, body, ..request })
}

/// Somebody, and what they were answered last, by the number of the request.
struct Caller<'a> {
    name: &'static str,
    actor: Actor<'a>,
    known: Vec<Option<String>>,
}

impl Caller<'_> {
    /// Asks these again. Gives those whose answer is another than before, with both answers.
    async fn again(&mut self, asks: &[Ask], which: &BTreeSet<usize>) -> (usize, Vec<(usize, String, String)>) {
        let actor = &self.actor;
        let answers: Vec<_> =
            stream::iter(which).map(|number| async move { (*number, asks[*number].of(actor).await) }).buffered(AT_ONCE).collect().await;
        let (mut compared, mut differing) = (0, vec![]);
        for (number, answer) in answers {
            let before = self.known[number].replace(answer.clone());
            compared += usize::from(before.is_some());
            differing.extend(before.filter(|before| *before != answer).map(|before| (number, before, answer)));
        }
        (compared, differing)
    }
}

/// The lines that are not in both.
fn difference(before: &str, after: &str) -> String {
    let mut text = String::new();
    for (sign, these, others) in [("-", before, after), ("+", after, before)] {
        for line in these.lines().filter(|line| !others.lines().any(|other| other == *line)) {
            writeln!(text, "{sign} {}", line.chars().take(600).collect::<String>()).unwrap();
        }
    }
    text
}

/// All that goes on in the test.
struct Scene<'a> {
    app: &'a TestApp,
    targets: Targets<'a>,
    asks: Vec<Ask>,
    callers: Vec<Caller<'a>>,
    everybody: Vec<(&'static str, Actor<'a>)>,
    pairs: usize,
    changes: usize,
    control: &'static str,
    /// Which requests are drawn beside the telling ones: how many for each caller, and how many were drawn so far.
    drawn: (usize, usize),
}

impl Scene<'_> {
    fn actor(&self, name: &str) -> &Actor<'_> {
        &self.everybody.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// Waits until the feed has everything, so that it is not what changes.
    async fn settled(&self) {
        let owner = self.app.database.owner().await;
        for _ in 0..600 {
            // What operators do for all districts is journaled, and in nobody's feed.
            let open = "select count(*) from changes where position is null and district_id <> $1";
            let open: i64 = owner.query_one(open, &[&Uuid::nil()]).await.unwrap().get(0);
            if open == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the feed does not come to rest");
    }

    /// Before something changes: one of those who may read it, the control, has asked for everything.
    async fn ready(&mut self, secret: &Secret) {
        self.settled().await;
        let unknown = |caller: &Caller<'_>| caller.known.iter().filter(|answer| answer.is_none()).count();
        let reader = self.callers.iter_mut().filter(|caller| secret.readers.contains(&caller.name)).min_by_key(|caller| unknown(caller)).unwrap();
        let unknown = |number: &usize| reader.known[*number].is_none() && !self.asks[*number].request.operation.writes();
        let reads: BTreeSet<usize> = (0..self.asks.len()).filter(unknown).collect();
        reader.again(&self.asks, &reads).await;
        self.control = reader.name;
    }

    /// One thing has changed: whoever may read it sees that, and nobody else.
    async fn compare(&mut self, secret: &Secret, what_happened: &str) {
        self.settled().await;
        self.changes += 1;
        let reads: BTreeSet<usize> = (0..self.asks.len()).filter(|number| !self.asks[*number].request.operation.writes()).collect();
        let mut telling = BTreeSet::new();
        for caller in self.callers.iter_mut().filter(|caller| secret.is_open_to(caller.name)) {
            if caller.name == self.control {
                let (_, differing) = caller.again(&self.asks, &reads).await;
                telling.extend(differing.into_iter().map(|(number, ..)| number));
            } else {
                caller.known.fill(None);
            }
        }
        assert!(!telling.is_empty(), "{}, {what_happened}: {reader} sees no difference: nothing is proven", secret.what, reader = self.control);
        let mut wrong = vec![];
        for caller in self.callers.iter_mut().filter(|caller| !secret.is_open_to(caller.name)) {
            let mut which = telling.clone();
            let (each, drawn) = &mut self.drawn;
            // A step without a common divisor comes to all of them in turn.
            for _ in 0..*each {
                *drawn += 1;
                which.insert(*drawn * 37 % self.asks.len());
            }
            let (compared, differing) = caller.again(&self.asks, &which).await;
            self.pairs += compared;
            for (number, before, after) in differing {
                let ask = self.asks[number].name();
                wrong.push(format!("{}, {what_happened}, tells {} by {ask}\n{}", secret.what, caller.name, difference(&before, &after)));
            }
        }
        assert!(wrong.is_empty(), "{} answers differ\n{}", wrong.len(), wrong.join("\n").chars().take(8_000).collect::<String>());
    }

    /// It comes to be, is amended and taken away, as far as that can be.
    async fn play(&mut self, secret: &Secret, to_the_end: bool) {
        self.ready(secret).await;
        let (id, by) = match secret.how {
            How::Written(statement) => {
                self.app.database.execute(&statement(self.changes)).await;
                return self.compare(secret, "written").await;
            }
            How::Brought(id) => {
                let operation = operations().into_iter().find(|operation| operation.id == id).unwrap();
                self.targets.prepare(&operation, secret.place).await;
                return self.compare(secret, "brought").await;
            }
            How::Added(id, by) => (id, by),
        };
        let all = operations();
        let adding = all.iter().find(|operation| operation.id == id).unwrap();
        let made = self.targets.prepare(adding, secret.place).await.sent_by(self.actor(by), "").await.expect(201);
        let (path, id, kind) = (made.header("location").to_owned(), made.id(), id.split_once('_').unwrap().1.to_owned());
        self.compare(secret, "added").await;
        let at = |operation: &&Operation| operation.placeholders.len() == 1 && operation.path_with(|_| id.clone()) == path;
        if !to_the_end {
            return;
        }
        let mut etag = made.header("etag").to_owned();
        if let Some(amending) = all.iter().filter(|operation| operation.id == format!("amend_{kind}")).find(at) {
            self.ready(secret).await;
            let example = amending.body.as_ref().unwrap().1.clone();
            let amended = self.actor(by).patch(&path, &etag, example).await;
            if amended.status == 200 {
                etag = amended.header("etag").to_owned();
                self.compare(secret, "amended").await;
            }
        }
        if all.iter().filter(|operation| operation.id == format!("remove_{kind}")).any(|operation| at(&operation)) {
            self.ready(secret).await;
            self.actor(by).delete(&path, &etag).await.expect(204);
            self.compare(secret, "removed").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r131_g6_what_somebody_may_not_read_changes_no_answer_that_they_get() {
    let wanted = std::env::var("OPENILP_PAIRS").map_or(PAIRS, |text| text.parse().unwrap());
    let mut config = config();
    config.threads = 2;
    config.connections_per_thread = 4;
    config.rates = Rates { person: 0, client: 0, district: 0, refused: 0 };
    let app = TestApp::with(config).await;
    let began = std::time::Instant::now();
    let targets = Targets::of(&app).await;
    let asks = asks(&targets).await;
    let everybody = cast(&app).await;
    let token = |name: &str| everybody.iter().find(|(known, _)| *known == name).unwrap().1.token().to_owned();
    let known = || vec![None; asks.len()];
    let callers = CALLERS.iter().map(|name| Caller { name, actor: app.bearer(token(name)), known: known() }).collect();
    let drawn = (if wanted > PAIRS { 60 } else { 12 }, 0);
    let mut scene = Scene { app: &app, targets, asks, callers, everybody, pairs: 0, changes: 0, control: "", drawn };
    scene.settled().await;
    let everything = (0..scene.asks.len()).collect();
    for caller in &mut scene.callers {
        caller.again(&scene.asks, &everything).await;
        let (_, differing) = caller.again(&scene.asks, &(0..5).collect()).await;
        let told: Vec<String> = differing.iter().map(|(number, a, b)| format!("{}\n{}", scene.asks[*number].name(), difference(a, b))).collect();
        assert!(told.is_empty(), "{} is told another thing though nothing has changed: {}", caller.name, told.join("\n"));
    }
    println!("{} requests of {} callers, {:.0} s", scene.asks.len(), scene.callers.len(), began.elapsed().as_secs_f64());
    let mut rounds = 0;
    while scene.pairs < wanted || rounds == 0 {
        for (number, secret) in SECRETS.iter().enumerate() {
            scene.play(secret, rounds > 0 || number % 3 == 0).await;
        }
        rounds += 1;
    }
    println!("{} pairs alike, {} changes of {} secrets, {:.0} s", scene.pairs, scene.changes, SECRETS.len(), began.elapsed().as_secs_f64());
    assert!(scene.pairs >= PAIRS, "only {} pairs", scene.pairs);
}

/// What names a record that this operation adds.
fn placeholder(adding: &str) -> String {
    let kind = if adding == "propose_goal" { "proposal" } else { adding.strip_prefix("create_").unwrap() };
    let mut words = kind.split('_');
    let first = words.next().unwrap().to_owned();
    let rest = words.map(|word| word[..1].to_uppercase() + &word[1..]);
    first + &rest.collect::<String>() + "Id"
}

#[tokio::test]
async fn r131_g6_a_hidden_record_is_to_everybody_who_may_not_read_it_like_one_that_never_was() {
    let app = TestApp::start().await;
    let (targets, everybody, mut pairs) = (Targets::of(&app).await, cast(&app).await, 0);
    for secret in SECRETS {
        let How::Added(adding, _) = secret.how else { continue };
        let kind = placeholder(adding);
        let of_kind = |operation: &Operation| operation.placeholders == [kind.as_str()] && !operation.permission.starts_with("district:");
        for operation in operations().into_iter().filter(of_kind) {
            let hidden = targets.prepare(&operation, secret.place).await;
            let absent = Uuid::now_v7().to_string();
            let none = Prepared { path: operation.path_with(|_| absent.clone()), ..hidden.clone() };
            let id = hidden.path.split('/').find(|part| part.len() == 36).unwrap();
            let spoilt = spoilt(hidden.clone()).zip(spoilt(none.clone()));
            for (hidden, none) in [(hidden.clone(), none)].into_iter().chain(spoilt) {
                for (name, actor) in everybody.iter().filter(|(name, _)| CALLERS.contains(name) && !secret.is_open_to(name)) {
                    let (one, other) = (hidden.sent_by(actor, "").await, none.sent_by(actor, "").await);
                    let (one, other) = (told(&one, id), told(&other, &absent));
                    assert_eq!(one, other, "{}: {operation} tells {name} that it is there", secret.what);
                    pairs += 1;
                }
            }
        }
    }
    println!("{pairs} pairs alike");
    assert!(pairs > 500, "only {pairs} pairs");
}
