//! G1, R131: the policy, as it is from outside: every operation, asked of the records of every kind of student, by everybody: the cast, and
//! whoever holds each relation elsewhere or at another time. `tests/access.matrix` is what came out; a change of it is a change of policy and
//! is reviewed as one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use futures_util::{StreamExt, stream};
use openilp_domain::access::Relation;
use openilp_tests::cast::{CAST, cast};
use openilp_tests::golden::assert_golden;
use openilp_tests::operations::{Operation, operations};
use openilp_tests::placements::{HELD, Placed, Placement, STANDING, placed};
use openilp_tests::targets::{PLACES, Place, Targets, places};
use openilp_tests::{Actor, TestApp, config};

/// Operations that nobody of the cast gets through with. This list may only shrink.
const NOBODY_GETS_THROUGH: &[&str] = &[];

/// How many rows of the matrix are tried at once.
const AT_ONCE: usize = 8;

/// As many cells as there are at least: an operation, whose record it is, and who asks.
const CELLS: usize = 12_000;

/// Who has no relation to anybody. A row says what they get, and who gets something else.
const STRANGER: &str = "uma";

/// The statuses that say something about access. Anything else means that the request was not what it should be.
const ABOUT_ACCESS: &[u16] = &[200, 201, 202, 204, 401, 403, 404];
/// … or that its body names somebody of another district than the custodian's who sent it: 409 or 422.
const OF_ANOTHER_DISTRICT: &str = "in this district.";

/// Who asks, under what name. At which placement, if they are not of the cast.
struct Caller<'a> {
    name: &'a str,
    actor: &'a Actor<'a>,
    at: Option<(Relation, Placement)>,
}

impl Caller<'_> {
    /// Whether they ask here. Whoever holds a relation elsewhere or at another time is tried with Anna's records: of a domain, where the relation
    /// does most; who holds one to her today, of each.
    fn asks(&self, operation: &Operation, place: Place) -> bool {
        let Some((relation, at)) = self.at else { return true };
        if at == Placement::Today {
            return place.student == "anna";
        }
        let career = relation == Relation::CareerReviewer && places(operation).iter().any(|place| place.domain == "career");
        place.student == "anna" && place.domain == if career { "career" } else { "academic" }
    }
}

/// What each caller got with one operation at one place.
struct Row {
    operation: Operation,
    place: Place,
    statuses: BTreeMap<String, u16>,
}

/// Everybody tries one operation at one place. A request that is refused leaves its target as it was; what got through
/// may have changed it, so the next in line gets a new one.
async fn row(targets: &Targets<'_>, operation: Operation, place: Place, everybody: &[Caller<'_>]) -> Row {
    let mut prepared = Some(targets.prepare(&operation, place).await);
    let mut statuses = BTreeMap::new();
    for caller in everybody.iter().filter(|caller| caller.asks(&operation, place)) {
        let request = match prepared.take() {
            Some(request) => request,
            None => targets.prepare(&operation, place).await,
        };
        let answer = request.sent_by(caller.actor, "").await;
        let text = || String::from_utf8_lossy(&answer.bytes).into_owned();
        let elsewhere = matches!(answer.status, 409 | 422) && text().contains(OF_ANOTHER_DISTRICT);
        assert!(
            ABOUT_ACCESS.contains(&answer.status) || elsewhere,
            "{operation}, {}, of {} ({}): {} {}",
            caller.name,
            place.student,
            place.domain,
            answer.status,
            text()
        );
        statuses.insert(caller.name.to_owned(), answer.status);
        prepared = (!operation.writes() || answer.status >= 300).then_some(request);
    }
    Row { operation, place, statuses }
}

/// Where a place stands in the matrix.
fn label(row: &Row) -> String {
    if !places(&row.operation).iter().any(|p| p.domain != "academic") {
        return row.place.student.to_owned();
    }
    format!("{} {}", row.place.student, row.place.domain)
}

/// Who gets what, by status; whoever is not named gets what a stranger gets.
fn print(rows: &[Row], everybody: &[Caller<'_>]) -> String {
    let mut text = String::from("# Who gets what: every operation, for records of every kind of student, by everybody.\n");
    text.push_str("# Written by tests/it/matrix.rs (UPDATE=1). A change here is a change of policy.\n#\n");
    for part in CAST {
        writeln!(text, "# {:<10} {}", part.name, part.is).unwrap();
    }
    text.push_str(
        "#\n# Cleo is of age; nobody knows Dan's age; Zoe is of the other district. A line is whose records are asked for: who gets through (200 to 204),\n\
         # who is told that they may not (403), and, after \"else\", what uma and all the others get: 404 is what they get of a record that is not there.\n\
         # With Anna's records, these were tried too, for each relation that people hold:\n",
    );
    for held in HELD {
        let at = everybody.iter().filter_map(|caller| caller.at.filter(|(relation, _)| *relation == held.relation).map(|(_, at)| at.word()));
        writeln!(text, "#   {:<14} {}: {}", held.relation.word(), held.by, at.collect::<Vec<_>>().join(" ")).unwrap();
    }
    text.push_str(
        "# same-school, other-school and other-district hold it to another student; expired, future, revoked (today) and unconfirmed to Anna.\n",
    );
    let mut before = "";
    for row in rows {
        let (operation, usual) = (&row.operation, row.statuses[STRANGER]);
        if operation.id != before {
            writeln!(text, "\n{} {}  {}  {}", operation.method, operation.path, operation.id, operation.permission).unwrap();
        }
        let mut by_status = BTreeMap::<u16, Vec<&str>>::new();
        for caller in everybody {
            if let Some(status) = row.statuses.get(caller.name).filter(|status| **status != usual && caller.name != "nobody") {
                by_status.entry(*status).or_default().push(caller.name);
            }
        }
        write!(text, "  {:<22}", label(row)).unwrap();
        for (status, names) in by_status {
            write!(text, "{status} {}; ", names.join(" ")).unwrap();
        }
        writeln!(text, "else {usual}").unwrap();
        before = &operation.id;
    }
    text
}

/// Whoever holds a relation to Anna that does not count today is a stranger to her, and so is whoever holds it to another student.
fn who_has_no_relation_to_anna_gets_what_a_stranger_gets(rows: &[Row], everybody: &[Caller<'_>]) {
    let mut wrong = vec![];
    for row in rows {
        // A framework of standards is a district's, and nobody's in it.
        let of_a_student = row.operation.names_a_record() && !row.operation.permission.starts_with("district:") && !row.operation.is_of_catalogues();
        for caller in everybody {
            let (Some((_, at)), Some(status)) = (caller.at.filter(|(_, at)| *at != Placement::Today), row.statuses.get(caller.name)) else {
                continue;
            };
            if (at.is_lapsed() || of_a_student) && *status != row.statuses[STRANGER] {
                wrong.push(format!("{}, {}: {status}, where {STRANGER} gets {}", row.operation, caller.name, row.statuses[STRANGER]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for held in HELD {
        let more = rows.iter().filter(|row| row.place.student == "anna" && row.statuses[held.by] != row.statuses[STRANGER]).count();
        assert!(more > 0, "{} gets what a stranger gets: that others do proves nothing of {}s", held.by, held.relation);
    }
}

#[test]
fn g1_every_relation_is_tried_at_every_placement() {
    let known: BTreeSet<Relation> = HELD.iter().map(|held| held.relation).chain(STANDING.iter().copied()).collect();
    let missing: Vec<_> = Relation::ALL.iter().filter(|relation| !known.contains(relation)).collect();
    assert!(missing.is_empty(), "say in tests/src/placements.rs, HELD, how somebody comes to be {missing:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r131_g1_the_matrix_of_operation_place_and_caller_is_as_reviewed() {
    let mut config = config();
    config.threads = 2;
    config.connections_per_thread = 4;
    let app = TestApp::with(config).await;
    let targets = Targets::of(&app).await;
    let (of_cast, elsewhere) = (cast(&app).await, placed(&app).await);
    let of_cast = of_cast.iter().map(|(name, actor)| Caller { name, actor, at: None });
    let elsewhere = elsewhere.iter().map(|Placed { name, relation, placement, actor }| Caller { name, actor, at: Some((*relation, *placement)) });
    let everybody: Vec<Caller<'_>> = of_cast.chain(elsewhere).collect();
    let guarded: Vec<_> = operations().into_iter().filter(|operation| !operation.is_public()).collect();
    let tried = guarded.iter().flat_map(|operation| places(operation).into_iter().map(move |place| (operation.clone(), place)));
    assert_eq!(PLACES[0].student, "anna");
    let began = std::time::Instant::now();
    let rows: Vec<Row> = stream::iter(tried).map(|(operation, place)| row(&targets, operation, place, &everybody)).buffered(AT_ONCE).collect().await;
    let cells: usize = rows.iter().map(|row| row.statuses.len()).sum();
    println!("{cells} cells in {} rows of {} operations, {:.0} s", rows.len(), guarded.len(), began.elapsed().as_secs_f64());
    assert!(cells >= CELLS, "only {cells} cells");
    assert!(rows.iter().all(|row| row.statuses["nobody"] == 401), "whoever has no token is told to get one");
    let through: BTreeSet<_> =
        rows.iter().filter(|row| row.statuses.values().any(|status| *status < 300)).map(|row| row.operation.id.as_str()).collect();
    let nobody: Vec<_> = guarded.iter().map(|operation| operation.id.as_str()).filter(|id| !through.contains(id)).collect();
    assert_eq!(nobody, NOBODY_GETS_THROUGH, "a test in which everybody is refused proves nothing: who may do this?");
    who_has_no_relation_to_anna_gets_what_a_stranger_gets(&rows, &everybody);
    assert_golden("tests/access.matrix", &print(&rows, &everybody));
}
