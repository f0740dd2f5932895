//! Nobody of one district learns anything of another, whatever they ask.

use std::collections::BTreeSet;

use openilp_domain::id::DistrictId;
use openilp_tests::cast::cast;
use openilp_tests::operations::operations;
use openilp_tests::targets::{PLACES, Targets};
use openilp_tests::{Actor, TestApp, ids};

/// The people and the client of a district who see most there.
fn of_district(district: DistrictId) -> &'static [&'static str] {
    if district == ids::ALDER { &["anna", "bela", "kurt", "sis"] } else { &["zoe", "zita", "zeno", "birch-sis"] }
}

fn find<'c, 'a>(everybody: &'c [(&'static str, Actor<'a>)], name: &str) -> &'c Actor<'a> {
    &everybody.iter().find(|(known, _)| *known == name).unwrap().1
}

#[tokio::test]
async fn r131_what_is_in_another_district_is_not_there() {
    let app = TestApp::start().await;
    let (targets, everybody) = (Targets::of(&app).await, cast(&app).await);
    let named: Vec<_> = operations().into_iter().filter(|operation| !operation.is_public() && operation.names_a_record()).collect();
    assert!(named.len() > 30, "only {} operations name a record", named.len());
    for operation in named {
        for (place, foreigners) in [(PLACES[0], of_district(ids::BIRCH)), (PLACES[PLACES.len() - 1], of_district(ids::ALDER))] {
            let request = targets.prepare(&operation, place).await;
            for foreigner in foreigners {
                let answer = request.sent_by(find(&everybody, foreigner), "").await;
                // What only operators, machines, offices, staff or people may do is refused before anything is looked for.
                let of_some = ["/v1/model-plans", "/v1/plan-jobs"].iter().any(|path| operation.path.starts_with(path));
                let of_districts = of_some || operation.permission.starts_with("district:");
                let hidden = answer.status == 404 || of_districts && answer.status == 403;
                assert!(hidden, "{operation}, {foreigner}, of {}: {} {}", place.student, answer.status, String::from_utf8_lossy(&answer.bytes));
            }
        }
    }
}

/// Every id of a district in the database.
async fn ids_of(app: &TestApp, district: DistrictId) -> BTreeSet<String> {
    let owner = app.database.owner().await;
    let tables = "select c.relname::text from pg_class c join pg_attribute i on i.attrelid = c.oid and i.attname = 'id' join pg_attribute d on d.attrelid = c.oid and d.attname = 'district_id'
                   where c.relnamespace = 'public'::regnamespace and c.relrowsecurity";
    let mut all = BTreeSet::new();
    for table in owner.query(tables, &[]).await.unwrap() {
        let query = format!("select id::text from {} where district_id = $1", table.get::<_, String>(0));
        all.extend(owner.query(&query, &[&district.0]).await.unwrap().into_iter().map(|row| row.get::<_, String>(0)));
    }
    all.insert(district.to_string());
    all
}

/// What an answer says; of a bundle, what its files say.
fn said(bytes: &[u8]) -> String {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8(bytes.to_vec()).unwrap();
    }
    crate::roster::export::files(bytes).into_iter().map(|(_, file)| String::from_utf8(file).unwrap()).collect()
}

#[tokio::test]
async fn r131_lists_searches_and_feeds_hold_nothing_of_another_district() {
    let app = TestApp::start().await;
    let (targets, everybody) = (Targets::of(&app).await, cast(&app).await);
    let all = operations();
    // Something of every kind in both districts.
    for place in [PLACES[0], PLACES[PLACES.len() - 1]] {
        for operation in all.iter().filter(|operation| !operation.is_public() && operation.names_a_record()) {
            targets.prepare(operation, place).await;
        }
    }
    let mut seen = 0;
    for (district, other) in [(ids::ALDER, ids::BIRCH), (ids::BIRCH, ids::ALDER)] {
        let foreign = ids_of(&app, other).await;
        assert!(foreign.len() > 20);
        for operation in all.iter().filter(|operation| !operation.is_public() && !operation.writes() && !operation.names_a_record()) {
            for name in of_district(district) {
                let answer = targets.prepare(operation, PLACES[0]).await.sent_by(find(&everybody, name), "").await;
                let text = said(&answer.bytes);
                if answer.status == 200 {
                    seen += 1;
                }
                let leaked: Vec<_> = foreign.iter().filter(|id| text.contains(*id)).collect();
                assert!(leaked.is_empty(), "{operation} tells {name} of {leaked:?}");
            }
        }
    }
    assert!(seen > 5, "almost nothing was answered: nothing is proven");
}
