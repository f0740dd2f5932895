//! Memory does not grow with a bundle. It is measured in a process of its own: the peak of this one is that of all tests.

use std::io::{BufWriter, Seek, SeekFrom};
use std::process::Command;

use zip::CompressionMethod;

use super::*;

const ROWS: u32 = 1_000_000;
/// The line of the one bad cell.
const BAD: u32 = 777_777;
/// More than this is not needed, whatever the size: the ids that are remembered at a time take 32 MB, the test program a part.
const PEAK_KB: u64 = 80 << 10;

/// The most memory that this process has had, in kB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A bundle of a million categories, 80 MB, on disk; the weight of one is no number.
fn large() -> std::fs::File {
    let mut small = Files::sound().with("manifest.csv", "file.categories,absent", "file.categories,bulk");
    let file = tempfile();
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("categories.csv", stored).unwrap();
    let mut out = BufWriter::with_capacity(1 << 20, &mut zip);
    writeln!(out, "{}", header("categories")).unwrap();
    for row in 2..ROWS + 2 {
        let weight = if row == BAD { "half" } else { "1" };
        writeln!(out, "{row:040},,,Exercises of the second quarter,{weight}").unwrap();
    }
    out.flush().unwrap();
    drop(out);
    for (name, content) in small.0.drain(..) {
        zip.start_file(name, stored).unwrap();
        zip.write_all(&content).unwrap();
    }
    let mut file = zip.finish().unwrap().into_inner().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

/// A file that goes with the process.
fn tempfile() -> std::fs::File {
    let path = std::env::temp_dir().join(format!("openilp-large-bundle-{}", std::process::id()));
    let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    file
}

#[test]
#[ignore = "run in a process of its own by the test below"]
fn alone() {
    let mut bundle = Bundle::open(large(), Limits::default()).unwrap();
    let (mut rows, mut faults) = (0_u32, Vec::new());
    let on_row = |row| {
        rows += u32::from(matches!(row, Row::Category(_)));
        Ok::<(), std::io::Error>(())
    };
    bundle.read(on_row, |fault| faults.push(fault), &mut |_| {}).unwrap();
    assert_eq!(places(&faults), [("categories.csv", BAD, Some("weight"), "bad_integer")]);
    assert_eq!(rows, ROWS - 1, "the other rows are handed out");
    println!("peak {} kB", peak_kb());
}

#[test]
fn one_bad_cell_in_a_million_rows_is_named_and_memory_stays_bounded() {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let ran = child.args(["--exact", "oneroster::tests::memory::alone", "--ignored", "--nocapture"]).output().unwrap();
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{text} {}", String::from_utf8_lossy(&ran.stderr));
    let peak: u64 = text.split("peak ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    println!("a million rows: at most {peak} kB");
    assert!(peak < PEAK_KB, "{peak} kB");
}
