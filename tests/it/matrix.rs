//! Who may do what, seen from outside: every operation, asked of the records of every kind of student, by everybody.
//! `tests/access.matrix` is what came out; a change of it is a change of policy and is reviewed as one.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use futures_util::{StreamExt, stream};
use openilp_tests::cast::{CAST, cast};
use openilp_tests::golden::assert_golden;
use openilp_tests::operations::{Operation, operations};
use openilp_tests::targets::{Place, Targets, places};
use openilp_tests::{Actor, TestApp, config};

/// Operations that nobody of the cast gets through with. This list may only shrink.
const NOBODY_GETS_THROUGH: &[&str] = &[];

/// How many rows of the matrix are tried at once.
const AT_ONCE: usize = 16;

/// The statuses that say something about access. Anything else means that the request was not what it should be.
const ABOUT_ACCESS: &[u16] = &[200, 201, 202, 204, 401, 403, 404];
/// … or that its body names somebody of another district than the custodian's who sent it: 409 or 422.
const OF_ANOTHER_DISTRICT: &str = "in this district.";

/// Everybody tries one operation at one place. A request that is refused leaves its target as it was; what got through
/// may have changed it, so the next in line gets a new one.
async fn row(targets: &Targets<'_>, operation: &Operation, place: Place, everybody: &[(&str, Actor<'_>)]) -> Vec<u16> {
    let mut prepared = targets.prepare(operation, place).await;
    let mut statuses = vec![];
    for (name, actor) in everybody {
        let answer = prepared.sent_by(actor, "").await;
        let text = || String::from_utf8_lossy(&answer.bytes).into_owned();
        let elsewhere = matches!(answer.status, 409 | 422) && text().contains(OF_ANOTHER_DISTRICT);
        assert!(
            ABOUT_ACCESS.contains(&answer.status) || elsewhere,
            "{operation}, {name}, of {} ({}): {} {}",
            place.student,
            place.domain,
            answer.status,
            text()
        );
        statuses.push(answer.status);
        if operation.writes() && answer.status < 300 {
            prepared = targets.prepare(operation, place).await;
        }
    }
    statuses
}

/// Where a place stands in the matrix.
fn label(operation: &Operation, place: Place) -> String {
    if !places(operation).iter().any(|p| p.domain != "academic") {
        return place.student.to_owned();
    }
    format!("{} {}", place.student, place.domain)
}

fn print(rows: &[(Operation, Place, Vec<u16>)]) -> String {
    let mut text = String::from("# Who gets what: every operation, for records of every kind of student, by everybody.\n");
    text.push_str("# Written by tests/it/matrix.rs (UPDATE=1). A change here is a change of policy.\n#\n");
    for part in CAST {
        writeln!(text, "# {:<10} {}", part.name, part.is).unwrap();
    }
    text.push_str("#\n# Cleo is of age; nobody knows Dan's age; Zoe is of the other district. A row is whose records are asked for.\n");
    let mut before = "";
    for (operation, place, statuses) in rows {
        if operation.id != before {
            write!(text, "\n{} {}  {}  {}\n{:28}", operation.method, operation.path, operation.id, operation.permission, "").unwrap();
            for part in CAST {
                write!(text, " {:>3}", part.name).unwrap();
            }
            text.push('\n');
        }
        write!(text, "  {:<26}", label(operation, *place)).unwrap();
        for (part, status) in CAST.iter().zip(statuses) {
            write!(text, " {status:>width$}", width = part.name.len().max(3)).unwrap();
        }
        text.push('\n');
        before = &operation.id;
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r131_the_matrix_of_operation_place_and_caller_is_as_reviewed() {
    let mut config = config();
    config.threads = 2;
    config.connections_per_thread = 16;
    let app = TestApp::with(config).await;
    let targets = Targets::of(&app).await;
    let everybody = cast(&app).await;
    let guarded: Vec<_> = operations().into_iter().filter(|operation| !operation.is_public()).collect();
    let tried = guarded.iter().flat_map(|operation| places(operation).into_iter().map(move |place| (operation.clone(), place)));
    let (targets, everybody) = (&targets, &everybody);
    let rows: Vec<_> = stream::iter(tried)
        .map(|(operation, place)| async move {
            let statuses = row(targets, &operation, place, everybody).await;
            (operation, place, statuses)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let through: BTreeSet<_> =
        rows.iter().filter(|(.., statuses)| statuses.iter().any(|s| *s < 300)).map(|(operation, ..)| operation.id.as_str()).collect();
    let nobody: Vec<_> = guarded.iter().map(|operation| operation.id.as_str()).filter(|id| !through.contains(id)).collect();
    assert_eq!(nobody, NOBODY_GETS_THROUGH, "a test in which everybody is refused proves nothing: who may do this?");
    assert_golden("tests/access.matrix", &print(&rows));
}
