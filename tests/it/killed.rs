//! kill -9 of the program, of its PostgreSQL, and of both, at random moments, while people write over HTTP and rosters come in:
//! nothing acknowledged is lost, nothing is half applied, nothing is done twice, and every start is a clean one.

use std::collections::{BTreeMap, HashMap};
use std::io::Cursor;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openilp_api::synthetic::{Options, write_bundle};
use openilp_tests::process::{Place, Service, kill_now, variables};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_openilp-tested");
const WRITERS: usize = 6;
const ROUNDS: u32 = 9;

/// What clients know of the service: where it was last seen, and their tokens.
struct Clients {
    http: reqwest::Client,
    address: Mutex<String>,
    variables: HashMap<String, String>,
    acknowledged: AtomicU32,
    ended: AtomicBool,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Clients {
    /// Sends once. None where no whole answer came: then nobody knows what was done.
    async fn send(&self, who: &str, method: &Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let url = format!("http://{}{path}", self.address.lock().unwrap());
        let mut request = self.http.request(method.clone(), url).bearer_auth(&self.variables[&format!("{who}_TOKEN")]).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let body = serde_json::from_slice(&answer.bytes().await.ok()?).unwrap_or_default();
        assert!(status != 500, "{method} {path}: {body}");
        Some(Answer { status, body })
    }

    /// Sends until there is an answer that says what was done. Whether it was sent more than once comes with it.
    async fn insist(&self, who: &str, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (Answer, bool) {
        let mut again = false;
        loop {
            match self.send(who, &method, path, headers, body).await {
                // Not available, or the first request with this key is still running.
                Some(Answer { status: 503, .. }) | None => {}
                Some(answer) if answer.body["code"] == "idempotency-key-in-use" => {}
                Some(answer) => return (answer, again),
            }
            again = true;
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    async fn read(&self, who: &str, path: &str) -> Value {
        let (answer, _) = self.insist(who, Method::GET, path, &[], b"").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn create(&self, who: &str, path: &str, key: &str, media: &str, body: &[u8], status: u16) -> String {
        let (answer, _) = self.insist(who, Method::POST, path, &[("idempotency-key", key), ("content-type", media)], body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }
}

/// A goal that was acknowledged: the key it was created with, and the title of each version.
struct Written {
    who: &'static str,
    key: String,
    id: String,
    titles: Vec<String>,
}

impl Written {
    fn version(&self) -> u64 {
        u64::try_from(self.titles.len()).unwrap()
    }
}

fn new_goal(key: &str) -> Vec<u8> {
    json!({ "domain": "academic", "title": "As it was new", "description": key }).to_string().into_bytes()
}

/// Creates goals and amends each, until told to end. What is begun is brought to its end.
async fn write(clients: Arc<Clients>, number: usize) -> Vec<Written> {
    let who = if number.is_multiple_of(2) { "STUDENT" } else { "COUNSELOR" };
    let path = format!("/v1/ilp-files/{}/goals", clients.variables["ILP_FILE_ID"]);
    let mut written = vec![];
    while !clients.ended() {
        let key = Uuid::now_v7().to_string();
        let id = clients.create(who, &path, &key, "application/json", &new_goal(&key), 201).await;
        let mut goal = Written { who, key, id, titles: vec!["As it was new".into()] };
        for _ in 0..3 {
            amend(&clients, &mut goal).await;
        }
        written.push(goal);
    }
    written
}

async fn amend(clients: &Clients, goal: &mut Written) {
    let version = goal.version();
    let title = format!("Version {}", version + 1);
    let body = json!({ "title": title }).to_string().into_bytes();
    let tag = format!("\"{version}\"");
    let path = format!("/v1/goals/{}", goal.id);
    let headers = [("if-match", tag.as_str()), ("content-type", "application/merge-patch+json")];
    let (answer, again) = clients.insist(goal.who, Method::PATCH, &path, &headers, &body).await;
    if answer.status == 412 {
        // It was done, and the answer was cut off.
        assert!(again, "{path} is not at {tag}: {}", answer.body);
        let found = clients.read(goal.who, &path).await;
        assert_eq!((found["version"].as_u64(), found["title"].as_str()), (Some(version + 1), Some(title.as_str())));
    } else {
        assert_eq!((answer.status, answer.body["version"].as_u64()), (200, Some(version + 1)), "{path}: {}", answer.body);
    }
    goal.titles.push(title);
    clients.acknowledged.fetch_add(1, Ordering::SeqCst);
}

fn bundle() -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    write_bundle(&mut bytes, &Options { students: 120, seed: 7, ..Options::default() }, &mut |_| {}).unwrap();
    bytes.into_inner()
}

/// Hands in the same bundle under one name after the other, each a new district of people, until told to end. Gives the names.
async fn import(clients: Arc<Clients>, bundle: Arc<Vec<u8>>) -> Vec<String> {
    let mut sources = vec![];
    while !clients.ended() {
        let source = format!("killed-{}", sources.len());
        assert_eq!(brought_in(&clients, &bundle, &source).await["report"]["students"]["created"], 120);
        sources.push(source);
    }
    sources
}

async fn brought_in(clients: &Clients, bundle: &[u8], source: &str) -> Value {
    let path = format!("/v1/roster-imports?source={source}");
    let id = clients.create("SIS", &path, &Uuid::now_v7().to_string(), "application/zip", bundle, 202).await;
    loop {
        let import = clients.read("SIS", &format!("/v1/roster-imports/{id}")).await;
        match import["status"].as_str().unwrap() {
            "applied" => return import,
            "refused" | "failed" => panic!("{import}"),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Numbers from nowhere in particular: the moments of the kills.
fn milliseconds(least: u64, most: u64) -> Duration {
    let dice = u64::from_be_bytes(*Uuid::now_v7().as_bytes().last_chunk().unwrap());
    Duration::from_millis(least + dice % (most - least))
}

/// Kills the program, its PostgreSQL, and both in turn. Gives the service that runs at the end.
async fn kill_at_random(place: &Place, clients: &Clients, mut service: Service) -> Service {
    for round in 0..ROUNDS {
        // However slow the machine is: between two kills something was written.
        let enough = clients.acknowledged.load(Ordering::SeqCst) + 6;
        while clients.acknowledged.load(Ordering::SeqCst) < enough {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(milliseconds(0, 800)).await;
        let postmaster = place.postmaster().expect("PostgreSQL runs");
        if round % 3 != 0 {
            kill_now(postmaster);
        }
        if round % 3 == 1 {
            // The program starts it anew; meanwhile it answers 503.
            continue;
        }
        service.kill();
        if round % 3 == 0 {
            assert_eq!(place.postmaster(), Some(postmaster), "PostgreSQL outlives the program");
        }
        // Sometimes at once, sometimes after what PostgreSQL still had to do.
        tokio::time::sleep(milliseconds(0, 300)).await;
        service = place.serve(&["serve"]);
        let adopted = service.said().contains("PostgreSQL was running already");
        assert_eq!(adopted, round % 3 == 0, "{}", service.said());
        clients.address.lock().unwrap().clone_from(&service.address);
        assert_imports_are_whole(place).await;
    }
    service
}

/// What queries find, as text. They are asked again while PostgreSQL comes up.
async fn texts(place: &Place, query: &str) -> Vec<String> {
    for _ in 0..600 {
        if let Ok(client) = place.database().client().await
            && let Ok(rows) = client.query(query, &[]).await
        {
            return rows.iter().map(|row| row.get(0)).collect();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no answer: {query}")
}

/// The people of a source are all there once its import is applied, and before none; so are the entries in the journal.
async fn assert_imports_are_whole(place: &Place) {
    let query = "select r.source || ' ' || r.status || ' '
               || (select count(*) from external_identifiers e where e.district_id = r.district_id and e.system = r.source and e.kind = 'person') || ' '
               || (select count(*) from changes c where c.district_id = r.district_id and c.import_id = r.id)
        from roster_imports r where r.source like 'killed-%' order by r.created_at";
    let mut whole = None;
    for line in texts(place, query).await {
        let words: Vec<_> = line.split(' ').collect();
        if words[1] == "applied" {
            assert!(words[2] != "0" && words[3] != "0", "{line}");
            // All are the same bundle, so all bring the same.
            assert_eq!(*whole.get_or_insert((words[2].to_owned(), words[3].to_owned())), (words[2].to_owned(), words[3].to_owned()), "{line}");
        } else {
            assert_eq!(words[2..], ["0", "0"], "half applied: {line}");
        }
    }
}

async fn assert_nothing_was_lost(clients: &Clients, written: &[Written]) {
    let fed = feed(clients).await;
    for goal in written {
        let path = format!("/v1/goals/{}", goal.id);
        let versions: Vec<u64> = (1..=goal.version()).collect();
        let found = clients.read(goal.who, &path).await;
        assert_eq!((found["version"].as_u64(), found["title"].as_str()), (versions.last().copied(), goal.titles.last().map(String::as_str)));
        let history = clients.read(goal.who, &format!("{path}/history?limit=100")).await;
        let mut past: Vec<_> = history["items"].as_array().unwrap().iter().map(|e| (e["version"].as_u64().unwrap(), &e["record"]["title"])).collect();
        past.sort_by_key(|(version, _)| *version);
        let expected: Vec<_> = goal.titles.iter().map(|title| Value::from(title.as_str())).collect();
        assert_eq!(past, versions.iter().copied().zip(&expected).collect::<Vec<_>>(), "{path}: the journal");
        assert_eq!(fed.get(&goal.id), Some(&versions), "{path}: the feed");
    }
}

/// The versions of each goal in the order in which the feed delivers them.
async fn feed(clients: &Clients) -> BTreeMap<String, Vec<u64>> {
    let (mut fed, mut after) = (BTreeMap::<_, Vec<_>>::new(), String::new());
    loop {
        let page = clients.read("STUDENT", &format!("/v1/changes?limit=100&wait=3{after}")).await;
        let items = page["items"].as_array().unwrap();
        for entry in items.iter().filter(|entry| entry["kind"] == "goal") {
            fed.entry(entry["resourceId"].as_str().unwrap().to_owned()).or_default().push(entry["version"].as_u64().unwrap());
        }
        // Nothing more within three seconds: the sequencer has been by.
        if items.is_empty() && page["more"] == false {
            return fed;
        }
        after = format!("&after={}", page["cursor"].as_str().unwrap());
    }
}

/// What the tables say of all records, those of the demo included.
async fn assert_records_and_journal_agree(place: &Place) {
    for (what, query) in [
        (
            "goals whose versions are not those in the journal",
            "select g.id::text from goals g where (select array_agg(c.version order by c.version) from changes c where c.kind = 'goal' and c.resource_id = g.id)
               is distinct from (select array_agg(v) from generate_series(1, g.version) v)",
        ),
        (
            "goals in the journal that are nowhere",
            "select c.resource_id::text from changes c where c.kind = 'goal' and not exists (select from goals g where g.id = c.resource_id)
               and not exists (select from changes r where r.resource_id = c.resource_id and r.operation = 'removed')",
        ),
        (
            "entries without what was written",
            "select c.id::text from changes c where c.kind = 'goal' and not exists (select from change_bodies b where b.change_id = c.id)",
        ),
        (
            "students of whom the journal knows nothing",
            "select s.id::text from students s where not exists (select from changes c where c.kind = 'student' and c.resource_id = s.id)",
        ),
        (
            "districts whose positions have gaps",
            "select f.district_id::text from feeds f join lateral
               (select count(*) n, count(distinct position) d, coalesce(min(position), 1) first, coalesce(max(position), 0) last
                from changes c where c.district_id = f.district_id) c on true
             where (c.n, c.d, c.first, c.last) <> (f.head, f.head, 1, f.head)",
        ),
    ] {
        assert_eq!(texts(place, query).await, Vec::<String>::new(), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_and_its_database_may_be_killed_at_any_moment() {
    let place = Place::new(PROGRAM);
    let service = place.serve(&["demo", "--env-file", "demo.env"]);
    let clients = Arc::new(Clients {
        // A request that was cut off is found out soon.
        http: reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap(),
        address: Mutex::new(service.address.clone()),
        variables: variables(&place.folder.join("demo.env")),
        acknowledged: AtomicU32::new(0),
        ended: AtomicBool::new(false),
    });
    let bundle = Arc::new(bundle());
    let importing = tokio::spawn(import(clients.clone(), bundle.clone()));
    let writing: Vec<_> = (0..WRITERS).map(|number| tokio::spawn(write(clients.clone(), number))).collect();
    let service = kill_at_random(&place, &clients, service).await;
    // However slow the machine is: enough was written, some of it after the last kill.
    while clients.acknowledged.load(Ordering::SeqCst) < 80 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    clients.ended.store(true, Ordering::SeqCst);
    let mut written = vec![];
    for writer in writing {
        written.extend(writer.await.unwrap());
    }
    let sources = importing.await.unwrap();
    println!("{} goals in {} versions, {} imports", written.len(), written.iter().map(|goal| goal.titles.len()).sum::<usize>(), sources.len());
    assert!(written.len() > 10 && !sources.is_empty(), "too little to prove anything");

    assert_nothing_was_lost(&clients, &written).await;
    // The same key once more gives the same record, and not a second.
    let path = format!("/v1/ilp-files/{}/goals", clients.variables["ILP_FILE_ID"]);
    for goal in &written {
        assert_eq!(clients.create(goal.who, &path, &goal.key, "application/json", &new_goal(&goal.key), 201).await, goal.id);
    }
    let keys: Vec<_> = written.iter().map(|goal| format!("'{}'", goal.key)).collect();
    let there = texts(&place, &format!("select description from goals where description in ({})", keys.join(","))).await;
    assert_eq!(there.len(), written.len(), "one goal a key");
    assert_records_and_journal_agree(&place).await;
    assert_imports_are_whole(&place).await;
    let again = brought_in(&clients, &bundle, &sources[0]).await;
    let files = again["report"]["files"].as_array().unwrap();
    assert!(files.iter().all(|file| file["created"] == 0 && file["amended"] == 0), "{again}");

    assert!(service.stop().success());
    assert_eq!(place.postmaster(), None, "PostgreSQL ends with the program");
    let service = place.serve(&["serve"]);
    assert!(!service.said().contains("already") && !service.said().contains("new database"), "{}", service.said());
    assert!(service.stop().success());
}
