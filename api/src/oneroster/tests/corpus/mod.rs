//! Broken bundles: how each is broken, what is said of it strictly, and whether the tolerant reader mends it.

mod cells;
mod files;
mod manifests;
mod zips;

use super::*;

/// A fault: file, line, column, code.
type Said = (&'static str, u32, Option<&'static str>, &'static str);
/// A repair: file, column, code.
type Mend = (&'static str, Option<&'static str>, &'static str);

/// What the tolerant reader makes of a bundle.
enum Tolerantly {
    /// The same faults.
    Same,
    /// Other faults.
    Other(Vec<Said>),
    /// It is mended.
    Mended(Vec<Mend>),
}

/// A bundle that is not as it should be.
struct Broken {
    name: &'static str,
    zip: Vec<u8>,
    strictly: Vec<Said>,
    tolerantly: Tolerantly,
}

/// A broken bundle that neither reader takes.
fn broken(name: &'static str, files: Files, strictly: &[Said]) -> Broken {
    of_zip(name, files.zip(), strictly)
}

fn of_zip(name: &'static str, zip: Vec<u8>, strictly: &[Said]) -> Broken {
    Broken { name, zip, strictly: strictly.to_vec(), tolerantly: Tolerantly::Same }
}

impl Broken {
    /// The tolerant reader says something else.
    fn tolerantly(self, said: &[Said]) -> Self {
        Self { tolerantly: Tolerantly::Other(said.to_vec()), ..self }
    }

    /// The tolerant reader mends it.
    fn mended(self, mends: &[Mend]) -> Self {
        Self { tolerantly: Tolerantly::Mended(mends.to_vec()), ..self }
    }
}

/// What was said of a bundle, whether it could be opened or not.
fn outcome(zip: &[u8], mode: ReadingMode) -> (Vec<Fault>, Vec<super::super::repair::Repair>) {
    let mut bundle = match Bundle::open_as(Cursor::new(zip), mode, Limits::default()) {
        Ok(bundle) => bundle,
        Err(OpenError::Refused(faults)) => return (faults, vec![]),
        Err(OpenError::Io(error)) => panic!("not an error of the disk: {error}"),
    };
    let mut faults = Vec::new();
    let summary = bundle.read(|_| Ok::<(), std::io::Error>(()), |fault| faults.push(fault), &mut |_| {}).unwrap();
    (faults, summary.repairs)
}

fn check(broken: &Broken) {
    let name = broken.name;
    let (faults, repairs) = outcome(&broken.zip, ReadingMode::Strict);
    assert_eq!(places(&faults), broken.strictly, "{name}");
    assert!(repairs.is_empty(), "{name}: nothing is mended strictly");
    let (tolerated, repairs) = outcome(&broken.zip, ReadingMode::Tolerant);
    for fault in faults.iter().chain(&tolerated) {
        assert!(fault.detail.ends_with(['.', ')']) && fault.detail.len() > 20, "{name}: {:?} is a sentence", fault.detail);
        assert!(!fault.detail.contains("Byron") && !fault.detail.contains("ada@"), "{name}: {} tells who it is about", fault.detail);
    }
    match &broken.tolerantly {
        Tolerantly::Same => assert_eq!(places(&tolerated), broken.strictly, "{name}, tolerantly"),
        Tolerantly::Other(said) => assert_eq!(places(&tolerated), *said, "{name}, tolerantly"),
        Tolerantly::Mended(mends) => {
            assert_eq!(places(&tolerated), [], "{name}, tolerantly");
            let made: Vec<_> = repairs.iter().map(|repair| (repair.file.as_str(), repair.column.as_deref(), repair.code.code())).collect();
            assert_eq!(made, *mends, "{name}, tolerantly");
        }
    }
}

#[test]
fn every_broken_bundle_is_named_for_what_it_is() {
    let all: Vec<Broken> = [zips::corpus(), manifests::corpus(), files::corpus(), cells::corpus()].into_iter().flatten().collect();
    let mut names: Vec<&str> = all.iter().map(|broken| broken.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len(), "each has a name of its own");
    assert!(all.len() >= 60, "{}", all.len());
    println!("{} broken bundles", all.len());
    let failed = all.iter().filter(|broken| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(broken))).is_err());
    assert_eq!(failed.map(|broken| broken.name).collect::<Vec<_>>(), Vec::<&str>::new());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_stands_in_a_file_reading_ends_and_what_is_sound_strictly_is_read_the_same_tolerantly(
        file in proptest::prelude::any::<usize>(),
        edits in proptest::collection::vec((proptest::prelude::any::<usize>(), "[ -~\\x00\\r\\n\u{e9}]{0,4}"), 1..4),
    ) {
        let mut files = Files::sound();
        let place = file % files.0.len();
        for (at, text) in edits {
            let content = &mut files.0[place].1;
            let at = at % content.len().max(1);
            let end = (at + text.len()).min(content.len());
            content.splice(at..end, text.bytes());
        }
        let (strict, tolerant) = (files.read(), files.read_tolerantly());
        if strict.faults.is_empty() {
            proptest::prop_assert_eq!(tolerant.places(), []);
            proptest::prop_assert!(strict.rows == tolerant.rows, "the rows are the same");
        }
    }
}
