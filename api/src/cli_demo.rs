//! The verbs `demo` and `synthesize`: the made-up district, running or as a bundle.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use crate::config::Config;
use crate::database::Database;
use crate::server;
use crate::state::{Clock, SystemClock};
use crate::synthetic::demo::{Demo, DemoDistrict, make_demo};
use crate::synthetic::{Options, write_bundle};

/// What `demo` takes.
#[derive(Args, Debug)]
pub struct DemoArguments {
    /// Write ids and tokens as shell variables to this file, for the quick start: `. ./demo.env`.
    #[arg(long, default_value = "demo.env")]
    env_file: PathBuf,
}

/// What `synthesize` takes.
#[derive(Args, Debug)]
pub struct SynthesizeArguments {
    /// How many students.
    #[arg(long, default_value_t = 250)]
    students: usize,
    /// Every number gives another district.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The school year, by the year in which it ends.
    #[arg(long, default_value_t = 2027)]
    school_year: i32,
    /// The day on which the gradebook is written as it is then, such as 2026-11-20. Left out: the bundle has no gradebook.
    #[arg(long)]
    marks_on: Option<chrono::NaiveDate>,
    /// The zip to write.
    #[arg(long)]
    out: PathBuf,
}

/// Writes a made-up district as a OneRoster bundle. Returns what is in it, as JSON.
pub fn synthesize(arguments: SynthesizeArguments, say: &dyn Fn(&str)) -> anyhow::Result<String> {
    let SynthesizeArguments { students, seed, school_year, marks_on, out } = arguments;
    let file = std::fs::File::create(&out).with_context(|| format!("cannot write {}", out.display()))?;
    let options = Options { students, seed, school_year, marks_on, ..Options::default() };
    let mut last = "";
    let mut progress = |at: crate::synthetic::Progress| {
        if at.file != last {
            say(&format!("writing {}", at.file));
        }
        last = at.file;
    };
    let mut writer = BufWriter::new(file);
    let summary = write_bundle(&mut writer, &options, &mut progress)?;
    writer.flush()?;
    Ok(serde_json::to_string_pretty(&summary)?)
}

/// Runs the service with the demo district. `print` gets a line for each person and client.
pub async fn run(mut config: Config, arguments: DemoArguments, say: &dyn Fn(&str), print: &dyn Fn(&str)) -> anyhow::Result<()> {
    config.demo_issuer = true;
    let database = Database::open(&config, say).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let running = server::start(config, database.connector.clone(), clock.clone()).await?;
    let supervised = database.embedded.clone().map(|embedded| tokio::spawn(async move { embedded.supervise().await }));
    let state = &running.state;
    let data_folder = std::env::temp_dir();
    let demo = Demo { db: &state.db, connector: &database.connector, auth: &state.auth, data_folder: &data_folder, now: clock.now(), say };
    let district = make_demo(&demo).await?;
    for actor in &district.actors {
        print(&format!("{:<18} {} ({})\n{:18} {}\n{:18} {}", actor.key, actor.who, actor.name, "", actor.try_this, "", actor.token.expose()));
    }
    let origin = &state.config.public_origin;
    write_private(&arguments.env_file, &variables(origin, &district))?;
    say(&format!("listening on {}; documentation: {origin}/docs/", running.address));
    say(&format!(
        "people's tokens are good for an hour, machines' for ten minutes; they stand in {} too: load it with  . {}  and follow the quick start in README.md",
        arguments.env_file.display(),
        // The shell looks for a name without a slash on its search path.
        Path::new(".").join(&arguments.env_file).display()
    ));
    running.until_told().await?;
    say("stopping; requests under way may finish");
    running.stop().await;
    if let Some(task) = supervised {
        task.abort();
    }
    database.close().await;
    Ok(())
}

/// Ids and tokens as shell variables.
fn variables(origin: &str, district: &DemoDistrict) -> String {
    let mut text =
        format!("ORIGIN={origin}\nDISTRICT_ID={}\nSTUDENT_ID={}\nILP_FILE_ID={}\n", district.id, district.student_id, district.ilp_file_id);
    for actor in &district.actors {
        let name = openilp_name(actor.key);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}_TOKEN={}", actor.token.expose());
        if let Some((client, secret)) = &actor.credentials {
            let _ = writeln!(text, "{name}_CLIENT_ID={client}\n{name}_CLIENT_SECRET={}", secret.expose());
        }
    }
    text
}

/// `careerReviewer` and `career-reviewer` are `CAREER_REVIEWER`.
fn openilp_name(key: &str) -> String {
    let mut name = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    name
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(file.write_all(text.as_bytes())?)
}
