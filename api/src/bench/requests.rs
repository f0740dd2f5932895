//! What is asked of the service, by people with tokens, and the SQL that is the same.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use openilp_domain::id::DistrictId;
use openilp_domain::kind::Kind;
use openilp_persistence::facts::standing_sql;
use serde_json::{Value, json};

use super::load::{Prepared, ask};
use super::measure::Pair;
use super::place::Place;

/// Members that access adds, or that depend on who reads.
const OF_THE_READER: [&str; 8] =
    ["allowedActions", "readableSections", "planKind", "responsible", "participantsMissing", "confirmed", "telephone", "email"];

/// Whole files.
pub async fn file(place: &Place, district: DistrictId) -> anyhow::Result<Pair> {
    let rows = place.psql("select caller_id, student_id from bench.readers order by number", &[]).await?;
    let requests = gets(place, district, &rows, |id| format!("/v1/students/{id}/ilp-file")).await?;
    let sql = fill(include_str!("sql/file.sql"), district);
    for number in [1, 2, 3, 4, requests.len()] {
        same(place, number.checked_sub(1).and_then(|n| requests.get(n)), &sql, number).await?;
    }
    let script =
        write_script(place, "file.sql", &format!("\\set number random(1, {})\n{}", requests.len(), sql.replace("$NUMBER", ":number"))).await?;
    Ok(Pair { requests: Arc::new(requests), status: 200, script })
}

/// Single goals, beside the statements that the service sends for one: the transaction, the district, where the caller stands, the goal.
pub async fn point(place: &Place, district: DistrictId) -> anyhow::Result<Pair> {
    let requests = points(place, district).await?;
    let standing = standing_sql(Kind::Goal)
        .replace("$1", "$DISTRICT")
        .replace("$2", &format!("'{}'", place.issuer(district)))
        .replace("$3", "(select caller_id::text from bench.readers where number = $NUMBER)")
        .replace("$4", "bench.id(16, $NUMBER::integer % 6, $NUMBER)")
        .replace("$5", "null");
    let sql = format!("begin;\nset local app.district_id = '{district}';\n{standing};\n{};\ncommit;\n", include_str!("sql/point.sql"));
    script_for(place, district, "point.sql", &sql, requests).await
}

/// Single goals, beside the reading of the row and nothing else.
pub async fn bare_point(place: &Place, district: DistrictId) -> anyhow::Result<Pair> {
    let requests = points(place, district).await?;
    script_for(place, district, "bare_point.sql", include_str!("sql/point.sql"), requests).await
}

async fn points(place: &Place, district: DistrictId) -> anyhow::Result<Vec<Prepared>> {
    let rows = place.psql("select caller_id, goal_id from bench.readers order by number", &[]).await?;
    gets(place, district, &rows, |id| format!("/v1/goals/{id}")).await
}

/// Pages of a hundred students.
pub async fn page(place: &Place, district: DistrictId) -> anyhow::Result<Pair> {
    let rows = place.psql("select person_id, person_id from bench.caseloads order by number", &[]).await?;
    let requests = gets(place, district, &rows, |_| "/v1/students?limit=100".to_owned()).await?;
    script_for(place, district, "page.sql", include_str!("sql/page.sql"), requests).await
}

/// New goals, by counselors.
pub async fn write(place: &Place, district: DistrictId) -> anyhow::Result<Pair> {
    let rows = place.psql("select counselor_id, file_id from bench.files order by number limit 20000", &[]).await?;
    let tokens = tokens(place, district, &rows).await?;
    let body = json!({ "domain": "academic", "title": "Benchmark: a goal", "description": "Written by the benchmark, to see how long it takes." })
        .to_string();
    let requests = pairs(&rows)?
        .into_iter()
        .map(|(caller, file)| {
            Prepared::post(place.host, &format!("/v1/ilp-files/{file}/goals"), tokens.get(caller).map_or("", String::as_str), body.clone())
        })
        .collect();
    let script = write_script(place, "write.sql", &fill(include_str!("sql/write.sql"), district).replace("$FILES", &rows.len().to_string())).await?;
    Ok(Pair { requests: Arc::new(requests), status: 201, script })
}

async fn script_for(place: &Place, district: DistrictId, name: &str, sql: &str, requests: Vec<Prepared>) -> anyhow::Result<Pair> {
    let text = format!("\\set number random(1, {})\n{}", requests.len(), fill(sql, district).replace("$NUMBER", ":number"));
    Ok(Pair { requests: Arc::new(requests), status: 200, script: write_script(place, name, &text).await? })
}

fn fill(sql: &str, district: DistrictId) -> String {
    sql.replace("$DISTRICT", &format!("'{district}'::uuid"))
}

async fn write_script(place: &Place, name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let path = place.folder.join(name);
    tokio::fs::write(&path, text).await?;
    Ok(path)
}

fn pairs(rows: &[String]) -> anyhow::Result<Vec<(&str, &str)>> {
    rows.iter().map(|row| row.split_once('\t').context("a row of one column")).collect()
}

/// A token for each that stands in the first column.
async fn tokens(place: &Place, district: DistrictId, rows: &[String]) -> anyhow::Result<HashMap<String, String>> {
    let mut tokens = HashMap::new();
    for (caller, _) in pairs(rows)? {
        if !tokens.contains_key(caller) {
            tokens.insert(caller.to_owned(), place.token(district, caller).await?);
        }
    }
    Ok(tokens)
}

async fn gets(place: &Place, district: DistrictId, rows: &[String], path: impl Fn(&str) -> String) -> anyhow::Result<Vec<Prepared>> {
    if rows.is_empty() {
        bail!("nobody in the district may read this: take more students");
    }
    let tokens = tokens(place, district, rows).await?;
    let request = |(caller, id): (&str, &str)| Prepared::get(place.host, &path(id), tokens.get(caller).map_or("", String::as_str));
    Ok(pairs(rows)?.into_iter().map(request).collect())
}

/// Checks that service and SQL say the same of a file.
async fn same(place: &Place, request: Option<&Prepared>, sql: &str, number: usize) -> anyhow::Result<()> {
    let (status, body) = ask(place.host, request.context("no such request")?, 0).await?;
    let mut served: Value = serde_json::from_slice(&body).with_context(|| format!("the service answered {status}"))?;
    let rows = place.psql(&sql.replace("$NUMBER", &number.to_string()), &[]).await?;
    let mut selected: Value = serde_json::from_str(rows.first().context("the SQL selects nothing")?)?;
    for value in [&mut served, &mut selected] {
        plain(value);
    }
    if served == selected {
        return Ok(());
    }
    bail!("service and SQL differ about file {number}:\n{served}\n{selected}")
}

/// Leaves out what is null or of the reader, and writes times one way.
fn plain(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| !value.is_null() && !OF_THE_READER.contains(&name.as_str()));
            members.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::String(text) if text.contains('T') => {
            if let Ok(time) = DateTime::parse_from_rfc3339(text) {
                *text = time.with_timezone(&Utc).to_rfc3339();
            }
        }
        _ => {}
    }
}
