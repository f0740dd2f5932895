//! `openapi.yaml` is the program's own description, so that every change to the API is read in review.

use std::path::Path;

#[test]
fn the_golden_document_is_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    let now = openilp_api::openapi::yaml();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(now.lines()).position(|(then, now)| then != now);
    assert!(
        golden == now,
        "openapi.yaml differs from the program, first at line {}. If that is meant: UPDATE=1 cargo nextest run -p openilp-tests openapi",
        differs.unwrap_or(golden.lines().count().min(now.lines().count())) + 1,
    );
}
