//! G5: a list is what its reader may read one by one, no more and no less and nothing twice, at every page size, while others write.
//!
//! `OPENILP_LISTS=100 cargo test -p openilp-tests --test it -- lists --nocapture` goes through all lists so many times.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{Either, select};
use futures_util::{StreamExt, stream};
use openilp_api::limits::Rates;
use openilp_tests::cast::{cast, likely};
use openilp_tests::operations::{Operation, operations};
use openilp_tests::targets::{PLACES, Place, Prepared, Targets};
use openilp_tests::{Actor, TestApp, config, ids};
use reqwest::Method;
use serde_json::json;

/// Who reads the lists of Anna's file.
const READERS: &[&str] = &["anna", "greta", "bela", "tom", "cara", "rita", "kurt", "uma"];
/// The sizes of pages.
const SIZES: &[usize] = &[1, 2, 7, 100];
/// How many records of each kind, and in each domain, are there throughout.
const LASTING: usize = 3;
/// How many readers are under way at once.
const AT_ONCE: usize = 4;

/// Lists of what has no address of its own, and where they are tested.
const NOT_SINGLE: &[(&str, &str)] = &[
    ("list_roster_faults", "lines of a report: roster_import.rs"),
    ("list_plan_job_rows", "lines of a report: plan_job.rs"),
    ("list_disclosures", "a register: whole_path.rs"),
    ("list_student_readers", "an explanation: student_access.rs"),
    ("list_ilp_status_changes", "rows of a collection: whole_path.rs"),
    ("list_changes", "the feed: here, apart"),
    ("list_schools", "a register without records of students: school.rs"),
    ("list_classes", "a register without records of students: school.rs"),
];

/// Lists whose readers are told more at once than one by one: of an emergency the family sees the list, the custodian the record
/// (emergency_access.rs). This list may only shrink.
const TOLD_AT_ONCE: &[&str] = &["list_student_emergency_accesses"];

/// A list, and what is in it throughout.
struct Shelf {
    path: String,
    /// The address of a record without its id.
    single: String,
    lasting: BTreeSet<String>,
    /// How one more is added, if people add them.
    adding: Option<Prepared>,
}

/// The operation that reads one record of the list, beneath the list or by the name of what is listed, and its path without the id.
fn single<'o>(all: &'o [Operation], list: &Operation) -> Option<(&'o Operation, String)> {
    let named = list.path.rsplit('/').next().unwrap();
    [list.path.clone(), format!("/v1/{named}")].into_iter().find_map(|before| {
        let reading = all.iter().find(|operation| {
            let beneath = operation.path.strip_prefix(before.as_str()).and_then(|rest| rest.strip_prefix('/'));
            operation.method == Method::GET && beneath.is_some_and(|rest| rest.starts_with('{') && !rest.contains('/'))
        });
        Some((reading?, before))
    })
}

fn is_list(operation: &Operation) -> bool {
    operation.method == Method::GET && operation.query.iter().any(|name| name == "limit") && !operation.id.ends_with("_history")
}

/// Every list of Anna's file, each with records in every domain.
async fn shelves(targets: &Targets<'_>, everybody: &BTreeMap<&str, Actor<'_>>) -> Vec<Shelf> {
    let all = operations();
    let mut shelves = vec![];
    for list in all.iter().filter(|operation| is_list(operation) && operation.names_a_record() && !operation.permission.starts_with("district:")) {
        let Some((reading, single)) = single(&all, list).filter(|_| !TOLD_AT_ONCE.contains(&list.id.as_str())) else { continue };
        let adding = all.iter().find(|operation| operation.path == list.path && operation.method == Method::POST);
        let of_goal = list.placeholders == ["goalId"];
        // Nobody suggests a personal goal, or anything on one.
        let suggested = adding.is_some_and(|adding| ["propose_goal", "create_recommendation"].contains(&adding.id.as_str()));
        let suggests = |place: &Place| place.domain != "personalSocial" || !suggested;
        let mut shelf: Option<Shelf> = None;
        for place in PLACES.iter().copied().filter(|place| place.student == "anna" && suggests(place)) {
            let mut path = targets.prepare(list, place).await.path;
            if !of_goal && let Some(shelf) = &shelf {
                path.clone_from(&shelf.path);
            }
            let mut lasting = BTreeSet::new();
            let mut again = None;
            for _ in 0..LASTING {
                // What a roster brings, a request for one brings; of the others somebody adds one.
                let Some(adding) = adding else {
                    targets.prepare(reading, place).await;
                    continue;
                };
                let request = Prepared { path: path.clone(), ..targets.prepare(adding, place).await };
                for name in ["anna", "greta", "bela", "kurt"] {
                    let answer = request.sent_by(&everybody[name], "").await;
                    if answer.status == 201 {
                        lasting.insert(answer.id());
                        break;
                    }
                }
                // What is kept of the student rather than in the file decides who reads: nobody adds to it while others read.
                again = (!path.starts_with("/v1/students/")).then_some(request);
            }
            match &mut shelf {
                Some(shelf) if !of_goal => shelf.lasting.append(&mut lasting),
                _ => shelves.extend(shelf.replace(Shelf { path, single: single.clone(), lasting, adding: again })),
            }
        }
        shelves.extend(shelf);
    }
    // What was brought is what is there before anybody writes.
    for shelf in shelves.iter_mut().filter(|shelf| shelf.lasting.is_empty()) {
        for name in ["anna", "greta"] {
            shelf.lasting.extend(pages(&everybody[name], &shelf.path, 100).await.unwrap());
        }
    }
    shelves
}

/// The ids on all pages, in order; or the status, if the list is refused.
async fn pages(reader: &Actor<'_>, path: &str, size: usize) -> Result<Vec<String>, u16> {
    let (mut found, mut cursor) = (vec![], String::new());
    loop {
        let answer = reader.get(&format!("{path}?limit={size}{cursor}")).await;
        if answer.status != 200 {
            return Err(answer.status);
        }
        let body = answer.json();
        let items = body["items"].as_array().unwrap();
        assert!(items.len() <= size, "{path}: a page of {} where {size} were asked for", items.len());
        found.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = body["page"]["next"].as_str() else { return Ok(found) };
        cursor = format!("&cursor={next}");
    }
}

fn without_repetition(found: &[String], what: &str) {
    let distinct: BTreeSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), found.len(), "{what}: something is there twice: {found:?}");
}

/// One reader reads one list at every size. Returns how many items were seen.
async fn read(name: &str, reader: &Actor<'_>, shelf: &Shelf, student: &Actor<'_>) -> usize {
    let mut readable = BTreeSet::new();
    for id in &shelf.lasting {
        if reader.get(&format!("{}/{id}", shelf.single)).await.status == 200 {
            readable.insert(id.clone());
        }
    }
    let mut seen = 0;
    let mut passing = BTreeSet::new();
    for size in SIZES {
        let what = format!("{} by {name}, {size} at a time", shelf.path);
        let found = match pages(reader, &shelf.path, *size).await {
            Ok(found) => found,
            Err(status) => {
                assert!([403, 404].contains(&status), "{what}: {status}");
                assert!(readable.is_empty(), "{what}: {status}, though they may read {readable:?}");
                continue;
            }
        };
        without_repetition(&found, &what);
        seen += found.len();
        let found: BTreeSet<String> = found.into_iter().collect();
        let lasting: BTreeSet<String> = found.intersection(&shelf.lasting).cloned().collect();
        assert_eq!(lasting, readable, "{what}: left, what is in the list of what is there throughout; right, what they may read one by one");
        passing.extend(found.difference(&shelf.lasting).cloned());
    }
    for id in passing {
        let path = format!("{}/{id}", shelf.single);
        if reader.get(&path).await.status != 200 {
            assert_eq!(student.get(&path).await.status, 404, "{path} was in a list of {name}, is there, and they may not read it");
        }
    }
    seen
}

/// Adds, amends and takes away records in all lists, for ever.
async fn write(shelves: &[Shelf], writer: &Actor<'_>, keep: usize) {
    let mut made: Vec<(String, String)> = vec![];
    for number in 0.. {
        let shelf = &shelves[number * 7 % shelves.len()];
        if let Some(adding) = &shelf.adding {
            let answer = adding.sent_by(writer, "").await;
            if answer.status == 201 {
                made.push((answer.header("location").to_owned(), answer.header("etag").to_owned()));
            }
        }
        if made.len() > keep {
            let (path, etag) = made.remove(number % made.len());
            writer.delete(&path, &etag).await;
        }
    }
}

/// Takes a relation away and gives it back, for ever.
async fn end_and_begin(custodian: &Actor<'_>, path: &str) {
    let mut version = 1;
    for valid_to in [json!("2026-10-15"), json!(null)].iter().cycle() {
        let answer = custodian.patch(path, &format!("\"{version}\""), json!({ "validTo": valid_to })).await.expect(200);
        version = answer.json()["version"].as_i64().unwrap();
    }
}

/// Uma is Anna's teacher, and is not, and is again. What she finds is never more than what a teacher finds.
async fn read_while_a_relation_comes_and_goes(uma: &Actor<'_>, tom: &Actor<'_>, shelves: &[Shelf]) -> usize {
    let (mut refused, mut answered) = (0, 0);
    for shelf in shelves {
        let hidden: BTreeSet<&String> = {
            let mut hidden = BTreeSet::new();
            for id in &shelf.lasting {
                if tom.get(&format!("{}/{id}", shelf.single)).await.status != 200 {
                    hidden.insert(id);
                }
            }
            hidden
        };
        for size in [1, 100] {
            match pages(uma, &shelf.path, size).await {
                Ok(found) => {
                    without_repetition(&found, &shelf.path);
                    assert!(found.iter().all(|id| !hidden.contains(id)), "{} shows what no teacher may read", shelf.path);
                    answered += 1;
                }
                Err(status) => {
                    // A teacher may know of the file and not open this list.
                    let knows = tom.get(&shelf.path).await.status == 403;
                    assert!(status == 404 || status == 403 && knows, "{}: {status}", shelf.path);
                    refused += 1;
                }
            }
        }
        let students = pages(uma, "/v1/students", 1).await.unwrap();
        assert!(students.is_empty() || students == [ids::ANNA.to_string()], "{students:?}");
    }
    assert!(refused > 0 && answered > 0, "relation and list never met: {refused} lists refused, {answered} answered");
    answered
}

/// The feed from its beginning, by pages of that size: id of the change, kind and record.
async fn feed(reader: &Actor<'_>, size: usize) -> Vec<(String, String, String)> {
    let (mut found, mut after) = (vec![], String::new());
    loop {
        let body = reader.get(&format!("/v1/changes?limit={size}{after}")).await.expect(200).json();
        let items = body["items"].as_array().unwrap();
        let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap().to_owned();
        found.extend(items.iter().map(|item| (text(item, "id"), text(item, "kind"), text(item, "resourceId"))));
        if body["more"] != true {
            return found;
        }
        after = format!("&after={}", body["cursor"].as_str().unwrap());
    }
}

/// Of what lasts and is in the journal, the feed has what its reader may read one by one.
async fn read_feed(name: &str, reader: &Actor<'_>, shelves: &[Shelf], journal: &BTreeSet<String>) -> usize {
    let mut seen = 0;
    for size in [7, 100] {
        let entries = feed(reader, size).await;
        without_repetition(&entries.iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(), &format!("the feed of {name}"));
        let told: BTreeSet<&String> = entries.iter().map(|(.., record)| record).collect();
        for shelf in shelves {
            for id in shelf.lasting.intersection(journal) {
                let readable = reader.get(&format!("{}/{id}", shelf.single)).await.status == 200;
                assert_eq!(told.contains(id), readable, "{}/{id} in the feed of {name}, {size} at a time", shelf.single);
            }
        }
        seen += entries.len();
    }
    seen
}

#[test]
fn g5_every_list_is_of_records_that_can_be_read_one_by_one() {
    let all = operations();
    let odd: Vec<_> = all.iter().filter(|operation| is_list(operation) && single(&all, operation).is_none()).map(|o| o.id.as_str()).collect();
    let mut known: Vec<_> = NOT_SINGLE.iter().map(|(id, _)| *id).collect();
    known.sort_by_key(|id| all.iter().position(|operation| operation.id == *id));
    assert_eq!(odd, known, "how is a record of the list read one by one?");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r131_g5_every_list_is_what_its_reader_may_read_at_every_page_size_while_others_write() {
    let rounds: usize = std::env::var("OPENILP_LISTS").map_or(1, |text| text.parse().unwrap());
    let mut config = config();
    (config.threads, config.connections_per_thread) = (2, 6);
    config.rates = Rates { person: 0, client: 0, district: 0, refused: 0 };
    let app = TestApp::with(config).await;
    let (targets, everybody) = (Targets::of(&app).await, cast(&app).await.into_iter().collect::<BTreeMap<_, _>>());
    let shelves = shelves(&targets, &everybody).await;
    assert!(shelves.len() >= 15, "only {} lists", shelves.len());
    assert!(shelves.iter().all(|shelf| !shelf.lasting.is_empty()), "there is a list of nothing");
    let full = shelves.iter().filter(|shelf| shelf.lasting.len() >= LASTING).count();
    assert!(full >= 15, "only {full} lists have several records");
    let kurt = &everybody["kurt"];
    let body = json!({ "studentId": ids::ANNA, "personId": ids::person(24), "kind": "teacher" });
    let relation = kurt.post("/v1/assignments", body).await.expect(201).header("location").to_owned();
    let began = std::time::Instant::now();
    let everybody_else = async {
        tokio::join!(write(&shelves, &everybody["anna"], 6), write(&shelves, &everybody["bela"], 3), end_and_begin(kurt, &relation));
    };
    let readers = async {
        let (mut items, mut lists) = (0, 0);
        for _ in 0..rounds {
            let each = shelves.iter().flat_map(|shelf| READERS.iter().filter(|name| **name != "uma").map(move |name| (shelf, *name)));
            let each = stream::iter(each).map(|(shelf, name)| read(name, &everybody[name], shelf, &everybody["anna"]));
            let seen: Vec<usize> = each.buffer_unordered(AT_ONCE).collect().await;
            (items, lists) = (items + seen.iter().sum::<usize>(), lists + seen.len() * SIZES.len());
            lists += read_while_a_relation_comes_and_goes(&everybody["uma"], &everybody["tom"], &shelves).await;
        }
        (items, lists)
    };
    let (items, lists) = match select(Box::pin(readers), Box::pin(everybody_else)).await {
        Either::Left((counted, _)) => counted,
        Either::Right(_) => panic!("those who write have stopped"),
    };
    let read_at_once = began.elapsed().as_secs_f64();
    let journal: BTreeSet<String> =
        app.database.texts("select resource_id::text from changes where position is not null").await.into_iter().collect();
    let mut entries = 0;
    for name in ["anna", "bela", "tom", "rita", "kurt"] {
        entries += read_feed(name, &everybody[name], &shelves, &journal).await;
    }
    println!("{items} items of {lists} readings of {} lists, {read_at_once:.0} s; {entries} entries of the feed", shelves.len());
}

/// A record of each kind that is the district's, in its list, for whoever keeps it.
#[tokio::test]
async fn g5_the_lists_of_a_district_are_whole_at_every_page_size() {
    let app = TestApp::start().await;
    let (targets, everybody) = (Targets::of(&app).await, cast(&app).await.into_iter().collect::<BTreeMap<_, _>>());
    let all = operations();
    let place: Place = PLACES[0];
    let mut tried = 0;
    let lists =
        all.iter().filter(|operation| is_list(operation) && (operation.permission.starts_with("district:") || operation.id == "search_students"));
    for list in lists.filter(|list| !NOT_SINGLE.iter().any(|(id, _)| *id == list.id)) {
        let (reading, single) = single(&all, list).unwrap();
        for _ in 0..LASTING {
            targets.prepare(reading, place).await;
        }
        let path = targets.prepare(list, place).await.path;
        let mut readers = vec![];
        for name in likely(list) {
            if everybody[name].get(&path).await.status == 200 {
                readers.push(name);
            }
        }
        assert!(!readers.is_empty(), "{list}: who reads it?");
        for name in readers {
            let whole = pages(&everybody[name], &path, 100).await.unwrap();
            without_repetition(&whole, &path);
            for size in [1, 2, 7] {
                assert_eq!(pages(&everybody[name], &path, size).await.unwrap(), whole, "{path} by {name}, {size} at a time");
            }
            let single = if single == list.path { path.clone() } else { single.clone() };
            for id in &whole {
                everybody[name].get(&format!("{single}/{id}")).await.expect(200);
            }
            tried += whole.len();
        }
    }
    assert!(tried > 40, "only {tried} records");
}
