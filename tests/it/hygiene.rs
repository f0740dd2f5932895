//! What every endpoint has in common: headers, and what it refuses, whoever asks and whatever they send.

use std::collections::{BTreeMap, BTreeSet};

use openilp_tests::cast::likely;
use openilp_tests::operations::{Operation, operations};
use openilp_tests::targets::{PLACES, Place, Prepared, Targets, places};
use openilp_tests::{Actor, Answer, TestApp, config, ids};
use reqwest::Method;
use serde_json::{Value, json};

/// Operations whose query is their body's, or whose body no JSON: what is said of the others below does not concern them.
const NO_JSON: &[&str] = &["check_roster", "create_roster_import", "issue_token", "upsert_roster_rows"];

/// Operations that are a POST for their body: they may be repeated, since they keep nothing. This list may only shrink.
const KEEPS_NOTHING: &[&str] = &["check_roster"];

/// Operations whose rows have ids of their own: the same again changes nothing. This list may only shrink.
const SAME_AGAIN: &[&str] = &["upsert_roster_rows"];

/// Operations that take a whole framework of standards: up to 8 MiB rather than 256 KiB. This list may only shrink.
const LARGE: &[&str] = &["import_framework", "import_shared_framework"];

fn goals(n: u128) -> String {
    format!("/v1/ilp-files/{}/goals", ids::file(n))
}

/// Who gets through with an operation, with a request that is not used up.
async fn through<'c, 'a>(
    targets: &Targets<'_>,
    operation: &Operation,
    place: Place,
    callers: &'c BTreeMap<&str, Actor<'a>>,
) -> (Prepared, &'c Actor<'a>) {
    for name in likely(operation) {
        let request = targets.prepare(operation, place).await;
        if request.sent_by(&callers[name], "").await.status < 300 {
            return (targets.prepare(operation, place).await, &callers[name]);
        }
    }
    panic!("nobody gets through with {operation}");
}

async fn callers(app: &TestApp) -> BTreeMap<&'static str, Actor<'_>> {
    let mut all = BTreeMap::new();
    for name in ["anna", "greta", "kurt", "pam", "cora"] {
        all.insert(name, app.person(name).await);
    }
    for name in ["operator", "sis", "state"] {
        all.insert(name, app.client(name).await);
    }
    all
}

fn pointers(answer: &Answer) -> Vec<String> {
    answer.json()["errors"].as_array().into_iter().flatten().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_answer_names_its_request_and_is_not_kept_by_anybody() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    for path in ["/v1/me", "/v1/goals/x", "/v1/unknown", "/healthz", "/openapi.json", "/v1/students?x=1"] {
        for actor in [&anna, &app.anonymous()] {
            let answer = actor.send(Method::GET, path, &[("x-correlation-id", "sis-42")], None).await;
            assert_eq!(answer.header("x-correlation-id"), "sis-42", "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            if path.starts_with("/v1/") {
                assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            }
            if answer.status >= 400 {
                assert_eq!(answer.json()["correlationId"], "sis-42", "{path}");
            }
        }
    }
    // One that is not fit for a log is not taken over.
    for odd in ["a b", "x\u{7f}", "", &"x".repeat(65), "<script>"] {
        let Ok(odd) = reqwest::header::HeaderValue::from_str(odd) else { continue };
        let answer = anna.send(Method::GET, "/v1/me", &[("x-correlation-id", odd.to_str().unwrap_or_default())], None).await;
        assert_ne!(answer.header("x-correlation-id"), odd.to_str().unwrap_or_default());
        assert!(answer.header("x-correlation-id").len() >= 16);
    }
}

#[tokio::test]
async fn every_operation_refuses_a_parameter_that_it_does_not_know() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        let request = Prepared { path: format!("{}?colour=red", request.path), ..request };
        let answer = request.sent_by(caller, "").await;
        assert_eq!(answer.status, 400, "{operation}: {}", String::from_utf8_lossy(&answer.bytes));
        if operation.speaks_imsx() {
            assert!(answer.json()["imsx_description"].as_str().unwrap().contains("colour: "), "{operation}");
            continue;
        }
        assert_eq!(pointers(&answer), ["colour"], "{operation}");
    }
}

#[tokio::test]
async fn every_body_is_refused_with_members_types_and_sizes_that_it_may_not_have() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    let mut tried = 0;
    for operation in operations().into_iter().filter(|o| o.body.is_some() && !o.is_public() && !NO_JSON.contains(&o.id.as_str())) {
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        let valid: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
        let with = |body: Vec<u8>| Prepared { body: Some(body), ..request.clone() };
        let mut more = valid.clone();
        more["colour"] = "red".into();
        let too_many = if LARGE.contains(&operation.id.as_str()) { 9 << 20 } else { 300 << 10 };
        for (what, bytes, status) in [
            ("an unknown member", more.to_string().into_bytes(), 400),
            ("no object", b"[1]".to_vec(), 400),
            ("no JSON", b"{\"a\": \n tru}".to_vec(), 400),
            ("nothing", vec![], 400),
            ("not UTF-8", b"{\"title\": \"\xff\"}".to_vec(), 400),
            ("half a surrogate", b"{\"title\": \"\\ud800\"}".to_vec(), 400),
            ("very deep JSON", [b"[".repeat(100_000), b"]".repeat(100_000)].concat(), 400),
            ("a large body", vec![b' '; too_many], 413),
        ] {
            let answer = with(bytes).sent_by(caller, "").await;
            assert_eq!(answer.status, status, "{operation}, {what}: {}", String::from_utf8_lossy(&answer.bytes));
            assert_eq!(answer.header("content-type"), "application/problem+json", "{operation}, {what}");
            if what == "no JSON" {
                assert_eq!(answer.json()["detail"], "No JSON at line 2, column 5.", "{operation}");
            }
        }
        for media in ["text/plain", "application/xml", ""] {
            let headers =
                request.headers.iter().map(|(name, value)| (*name, if *name == "content-type" { media.to_owned() } else { value.clone() })).collect();
            let answer = Prepared { headers, ..request.clone() }.sent_by(caller, "").await;
            assert_eq!(answer.status, 415, "{operation} as {media}");
        }
        tried += 1;
    }
    assert!(tried > 10, "only {tried} operations were tried");
}

#[tokio::test]
async fn every_creation_needs_a_key_and_every_change_a_version() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    for operation in
        operations().into_iter().filter(|o| o.writes() && !o.is_public() && ![KEEPS_NOTHING, SAME_AGAIN].concat().contains(&o.id.as_str()))
    {
        let by_version = operation.needs("If-Match");
        assert!(
            by_version || operation.needs("Idempotency-Key"),
            "{operation} needs neither Idempotency-Key nor If-Match: repeated, it would do twice what it does"
        );
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        let headers: Vec<_> = request.headers.iter().filter(|(name, _)| *name != "if-match").map(|(name, value)| (*name, value.as_str())).collect();
        let answer = caller.send(operation.method.clone(), &request.path, &headers, request.body.clone()).await;
        let expected = if by_version { (428, "precondition-missing") } else { (400, "idempotency-key-missing") };
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), expected, "{operation}");
        if by_version {
            let with = |tag: &str| {
                let headers = request.headers.iter().map(|(name, value)| (*name, if *name == "if-match" { tag.to_owned() } else { value.clone() }));
                Prepared { headers: headers.collect(), ..request.clone() }
            };
            for tag in ["\"7\"", "W/\"1\"", "\"x\"", "\"01\"", "\"0\"", "\"-1\"", "\"\"", "\"99999999999\""] {
                assert_eq!(with(tag).sent_by(caller, "").await.status, 412, "{operation} with {tag}");
            }
            // No entity tags, and more than one.
            for tag in ["1", "*", "\"1", "w/\"1\"", "\"1\", \"2\"", "\"a b\""] {
                let answer = with(tag).sent_by(caller, "").await;
                assert_eq!((answer.status, pointers(&answer)), (400, vec!["If-Match".to_owned()]), "{operation} with {tag}");
            }
            // A tag of no version is told after who may and what the body says.
            if operation.names_a_record() && !operation.path.contains("districtId") {
                let hidden = Prepared { path: operation.path_with(|_| "01920000-0000-7000-8000-0000000000ff".into()), ..with("\"x\"") };
                assert_eq!(hidden.sent_by(caller, "").await.status, 404, "{operation}");
            }
            if request.body.is_some() {
                let faulty = Prepared { body: Some(b"{\"colour\": 1}".to_vec()), ..with("\"x\"") };
                assert_eq!(faulty.sent_by(caller, "").await.status, 400, "{operation}");
            }
        }
    }
}

#[tokio::test]
async fn texts_and_dates_are_what_they_should_be() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    for (member, value) in [
        ("title", json!("nul \u{0}")),
        ("title", json!("bell \u{7}")),
        ("title", json!("   ")),
        ("title", json!("x".repeat(5_000))),
        ("title", json!(7)),
        ("title", Value::Null),
        ("targetOn", json!("2027-02-30")),
        ("targetOn", json!("27-1-1")),
        ("targetOn", json!("2027-06-01T00:00:00Z")),
        ("targetOn", json!("0001-01-01")),
        ("domain", json!("Academic")),
        ("beyondSchoolMeans", json!("true")),
    ] {
        let mut body = json!({ "domain": "academic", "title": "Read" });
        body[member] = value.clone();
        let answer = anna.post(&goals(1), body).await;
        assert_eq!(answer.status, 422, "{member} = {value}: {}", String::from_utf8_lossy(&answer.bytes));
        assert_eq!(pointers(&answer), [format!("/{member}")], "{value}");
    }
    assert_eq!(anna.get(&goals(1)).await.json()["items"], json!([]));
    for fine in ["Zoë läuft", "数学", "حساب", "e\u{301}tude", "👩‍⚕️ nurse", "a\tb"] {
        let answer = anna.post(&goals(1), json!({ "domain": "academic", "title": fine })).await;
        if fine.contains('\t') {
            continue;
        }
        assert_eq!(answer.status, 201, "{fine}: {}", String::from_utf8_lossy(&answer.bytes));
    }
}

#[tokio::test]
async fn parameters_are_what_they_should_be() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=",
        "limit=%2b5",
        "limit=5&limit=6",
        "cursor=",
        "cursor=%00",
        "cursor=a%20b",
        "cursor=a%3D",
        "cursor=a&cursor=b",
        "limit=99999999999999999999",
        "limit=%00",
        "limit=1.0",
    ] {
        let answer = anna.get(&format!("{}?{query}", goals(1))).await;
        assert_eq!(answer.status, 400, "{query}: {}", String::from_utf8_lossy(&answer.bytes));
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn what_is_to_begin_today_has_not_ended_before() {
    let app = TestApp::start().await;
    let kurt = app.person("kurt").await;
    let (student, person) = (ids::ANNA.to_string(), ids::person(27).to_string());
    for (path, body) in [
        ("/v1/guardian-links", json!({ "studentId": student, "guardianId": person, "rights": "full" })),
        ("/v1/assignments", json!({ "studentId": student, "personId": person, "kind": "teacher" })),
        ("/v1/caseloads", json!({ "personId": person, "kind": "teacher", "studentIds": [student] })),
        ("/v1/appointments", json!({ "personId": person, "kind": "coordinator" })),
        ("/v1/restrictions", json!({ "studentId": student, "personId": person, "orderReference": "Order 7" })),
        ("/v1/student-groups", json!({ "schoolId": ids::school(2), "kind": "advisory", "title": "Group" })),
    ] {
        let mut body = body;
        body["validTo"] = "2012-10-22".into();
        let answer = kurt.post(path, body).await;
        assert_eq!((answer.status, pointers(&answer)), (422, vec!["/validTo".to_owned()]), "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    }
}

#[tokio::test]
async fn a_cursor_that_is_made_up_is_told_from_one_that_is_malformed() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    let mut tried = 0;
    for operation in operations() {
        let Some(name) = operation.query.iter().find(|name| ["cursor", "after"].contains(&name.as_str())) else { continue };
        // It goes on behind the number of a fault, which anybody may name.
        if operation.id == "list_roster_faults" {
            continue;
        }
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        for (cursor, status, code) in
            [("nonsense".to_owned(), 422, "cursor-unknown"), ("A".repeat(48), 422, "cursor-unknown"), ("A".repeat(501), 400, "bad-parameter")]
        {
            let answer = Prepared { path: format!("{}?{name}={cursor}", request.path), ..request.clone() }.sent_by(caller, "").await;
            assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "{operation} with {cursor}");
        }
        tried += 1;
    }
    assert!(tried > 10, "only {tried} operations take a cursor");
}

#[tokio::test]
async fn every_creation_refuses_a_key_of_another_request() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    let mut tried = 0;
    for operation in operations().into_iter().filter(|o| o.needs("Idempotency-Key")) {
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        let key = uuid::Uuid::now_v7().to_string();
        let headers: Vec<_> =
            request.headers.iter().map(|(name, value)| (*name, value.as_str())).chain([("idempotency-key", key.as_str())]).collect();
        let first = caller.send(operation.method.clone(), &request.path, &headers, request.body.clone()).await;
        assert!(first.status < 300, "{operation}: {}", String::from_utf8_lossy(&first.bytes));
        let again = caller.send(operation.method.clone(), &request.path, &headers, request.body.clone()).await;
        assert_eq!(again.status, first.status, "{operation}");
        let (other, _) = through(&targets, &operation, places(&operation)[0], &callers).await;
        if (&other.path, &other.body) != (&request.path, &request.body) {
            let reused = caller.send(operation.method.clone(), &other.path, &headers, other.body.clone()).await;
            assert_eq!((reused.status, reused.json()["code"].as_str().unwrap()), (422, "idempotency-key-reused"), "{operation}");
            tried += 1;
        }
    }
    assert!(tried > 5, "only {tried} operations were tried");
}

/// The answer without what names the request, and without what is of the connection: a malformed id is refused before the
/// body is read.
fn alike(answer: &Answer, path: &str) -> (u16, Vec<(String, String)>, Value) {
    let mut body = answer.json();
    assert_eq!(body["instance"], path);
    body["instance"] = Value::Null;
    body["correlationId"] = Value::Null;
    let headers = answer.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "x-correlation-id" | "content-length" | "connection"));
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (answer.status, headers, body)
}

#[tokio::test]
async fn r131_what_is_hidden_is_like_what_is_absent_and_what_is_malformed() {
    let app = TestApp::start().await;
    let targets = Targets::of(&app).await;
    let uma = app.person("uma").await;
    let mut kinds = BTreeSet::new();
    for operation in
        operations().into_iter().filter(|o| !o.is_public() && o.names_a_record() && !o.permission.starts_with("district:") && !o.is_of_catalogues())
    {
        let hidden = targets.prepare(&operation, PLACES[0]).await;
        let refused = alike(&hidden.sent_by(&uma, "").await, &hidden.path);
        assert_eq!(refused.0, 404, "{operation}");
        for id in
            ["01920000-0000-7000-8000-0000000000ff", "00000000-0000-0000-0000-000000000000", "not-an-id", "1", "%00", "'--", "{}", "..%2f..%2fetc"]
        {
            let path = operation.path_with(|_| id.to_owned());
            let absent = Prepared { path: path.clone(), ..hidden.clone() };
            let mut answer = absent.sent_by(&uma, "").await;
            // The path is told as the server understood it, percent signs undone or not.
            let mut body = answer.json();
            body["instance"] = path.clone().into();
            answer.bytes = body.to_string().into_bytes();
            assert_eq!(alike(&answer, &path), refused, "{operation} of {id}");
        }
        kinds.extend(operation.placeholders);
    }
    assert!(kinds.len() >= 7, "{kinds:?}");
}

#[tokio::test]
async fn whoever_has_a_version_already_does_not_get_it_again() {
    let app = TestApp::start().await;
    let (targets, callers) = (Targets::of(&app).await, callers(&app).await);
    let mut tagged = 0;
    for operation in operations().into_iter().filter(|o| o.method == Method::GET && !o.is_public()) {
        let (request, caller) = through(&targets, &operation, places(&operation)[0], &callers).await;
        let first = request.sent_by(caller, "").await;
        let tag = first.header("etag").to_owned();
        if tag.is_empty() {
            continue;
        }
        assert!(tag.starts_with('"'), "{operation}: a strong tag");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".into()] {
            let again = caller.send(Method::GET, &request.path, &[("if-none-match", &known)], None).await;
            assert_eq!((again.status, again.bytes.len(), again.header("etag")), (304, 0, tag.as_str()), "{operation} with {known}");
        }
        caller.send(Method::GET, &request.path, &[("if-none-match", "\"other\"")], None).await.expect(200);
        tagged += 1;
    }
    assert!(tagged >= 7, "only {tagged} answers have a tag");
}

#[tokio::test]
async fn the_same_key_sent_twice_at_once_has_one_effect() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let (path, body) = (goals(1), json!({ "domain": "academic", "title": "Read" }));
    for round in 0..5 {
        let key = format!("round-{round}");
        let answers = futures_util::future::join_all((0..4).map(|_| anna.post_with_key(&path, &key, body.clone()))).await;
        let made: BTreeSet<_> = answers.iter().filter(|a| a.status == 201).map(Answer::id).collect();
        assert_eq!(made.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|a| matches!(a.status, 201 | 409)), "{answers:?}");
        assert_eq!(anna.get(&path).await.json()["items"].as_array().unwrap().len(), round + 1);
    }
    // The same key is another's own.
    app.person("bela").await.post_with_key(&path, "round-0", body).await.expect(201);
}

#[tokio::test]
async fn a_key_is_one_to_255_visible_characters() {
    let app = TestApp::start().await;
    let anna = app.person("anna").await;
    let body = json!({ "domain": "academic", "title": "Read" });
    for key in ["", "a b", "\"\"", &"x".repeat(256)] {
        assert_eq!(anna.post_with_key(&goals(1), key, body.clone()).await.status, 400, "{key}");
    }
    let first = anna.post_with_key(&goals(1), "\"structured\"", body.clone()).await.expect(201);
    assert_eq!(anna.post_with_key(&goals(1), "structured", body).await.expect(201).id(), first.id());
}

#[tokio::test]
async fn browsers_may_call_from_where_the_configuration_says() {
    let mut config = config();
    config.cors_origins = vec!["https://front.example".into()];
    let app = TestApp::with(config).await;
    let ask = |origin: &'static str| {
        [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization,if-match,content-type,idempotency-key"),
        ]
    };
    let fine = app.anonymous().send(Method::OPTIONS, &goals(1), &ask("https://front.example"), None).await;
    assert_eq!(fine.status, 200);
    assert_eq!(fine.header("access-control-allow-origin"), "https://front.example");
    assert!(fine.header("access-control-allow-methods").contains("PATCH"));
    assert_eq!(fine.header("access-control-allow-credentials"), "");
    let other = app.anonymous().send(Method::OPTIONS, &goals(1), &ask("https://evil.example"), None).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
    let anna = app.person("anna").await;
    let answer = anna.send(Method::GET, &goals(1), &[("origin", "https://front.example")], None).await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "https://front.example");
    let exposed = answer.header("access-control-expose-headers").to_lowercase();
    for header in ["etag", "location", "link", "retry-after", "www-authenticate", "x-correlation-id"] {
        assert!(exposed.split([',', ' ']).any(|known| known == header), "{header}: {exposed}");
    }
    assert!(
        answer.header("vary").to_lowercase().contains("origin")
            || answer.headers.get_all("vary").iter().any(|v| v.to_str().unwrap().to_lowercase().contains("origin"))
    );
    let none = TestApp::start().await;
    assert_eq!(
        none.anonymous().send(Method::OPTIONS, &goals(1), &ask("https://front.example"), None).await.header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn a_refusal_costs_no_connection() {
    let app = TestApp::start().await;
    let (anna, uma) = (app.person("anna").await, app.person("uma").await);
    let goal = anna.post(&goals(1), json!({ "domain": "academic", "title": "Read" })).await.expect(201);
    let (path, strangers) = (goal.header("location").to_owned(), format!("/v1/assignments/{}", ids::ANNA));
    let refusals = async || {
        uma.get(&path).await.expect(404);
        uma.get(&strangers).await.expect(403);
        uma.get(&format!("{}?limit=1", goals(1))).await.expect(404);
        uma.post(&goals(1), json!({ "domain": "academic", "title": "Read" })).await.expect(404);
        anna.patch(&path, "\"7\"", json!({ "title": "Write" })).await.expect(412);
        anna.get(&format!("{}?cursor=nonsense", goals(1))).await.expect(422);
        app.client("operator").await.get(&path).await.expect(403);
    };
    refusals().await;
    let connections = "select pid::text from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by pid";
    let before = app.database.texts(connections).await;
    for _ in 0..3 {
        refusals().await;
    }
    let after = app.database.texts(connections).await;
    assert!(before.iter().all(|connection| after.contains(connection)), "a refusal closed one of {before:?}: now there are {after:?}");
}
