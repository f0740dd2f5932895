//! The program as people start it.

use std::io::Read as _;
use std::process::Stdio;

use openilp_tests::process::Place;

const PROGRAM: &str = env!("CARGO_BIN_EXE_openilp-tested");

#[test]
fn whoever_reads_may_go_before_the_end() {
    let place = Place::new(PROGRAM);
    let mut child = place.command(&["openapi"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // As `openilp openapi | head -c 100`: the document is larger than what a pipe holds.
    let mut first = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn what_is_wrong_is_said_in_one_line_and_by_the_exit_code() {
    let place = Place::new(PROGRAM);
    let ended = place.command(&["example", "Nonsense"]).output().unwrap();
    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.starts_with("openilp: ") && said.lines().count() == 1, "{said}");
}
