//! The embedded server: starts, is adopted, is restarted, is refused.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use openilp_persistence::embedded::{Embedded, EmbeddedError, EmbeddedOptions, Started};

use crate::place::{Place, database, kill_now, value};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_makes_a_durable_server_that_only_its_user_reaches() {
    let place = Place::new();
    let embedded = Embedded::open(place.options()).unwrap();
    assert_eq!(embedded.start().await.unwrap(), Started::New);
    assert!(embedded.is_alive().await && embedded.is_healthy());
    let connector = database(&embedded, "a'b c").await;
    embedded.create_database("a'b c").await.unwrap();
    let setting = async |name: &str| value(&connector, &format!("show {name}")).await;
    assert_eq!(setting("fsync").await, "on");
    assert_eq!(setting("full_page_writes").await, "on");
    assert_eq!(setting("synchronous_commit").await, "on");
    assert_eq!(setting("data_checksums").await, "on");
    assert_eq!(setting("listen_addresses").await, "");
    assert_eq!(setting("timezone").await, "UTC");
    assert_eq!(setting("server_encoding").await, "UTF8");
    for folder in ["d/pg", "d/socket"] {
        assert_eq!(fs::metadata(place.folder.join(folder)).unwrap().permissions().mode() & 0o777, 0o700, "{folder}");
    }
    assert!(embedded.stop().await.unwrap());
    assert!(!embedded.is_alive().await && !embedded.is_healthy());
    assert_eq!(embedded.process(), None);
    assert_eq!(embedded.start().await.unwrap(), Started::Again);
    assert_eq!(value(&connector, "select current_database()").await, "a'b c");
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_adopts_the_server_and_the_last_one_stops_it() {
    let place = Place::new();
    let first = place.server().await;
    let second = Embedded::open(place.fast_options()).unwrap();
    assert_eq!(second.start().await.unwrap(), Started::Adopted);
    assert!(!first.stop().await.unwrap(), "the second one uses it still");
    assert!(second.is_alive().await);
    // As after kill -9 of the process: the server stays, and the next one adopts it.
    drop(second);
    let third = Embedded::open(place.fast_options()).unwrap();
    assert_eq!(third.start().await.unwrap(), Started::Adopted);
    assert!(third.stop().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn first_starts_at_once_make_one_server() {
    let place = Place::new();
    let start = async || {
        let embedded = Embedded::open(place.fast_options()).unwrap();
        let started = embedded.start().await.unwrap();
        embedded.create_database("openilp").await.unwrap();
        (embedded, started)
    };
    let ((one, first), (other, second), (another, third)) = tokio::join!(start(), start(), start());
    let count = |how: Started| [first, second, third].into_iter().filter(|started| *started == how).count();
    assert_eq!((count(Started::New), count(Started::Adopted)), (1, 2));
    assert!(one.process().is_some());
    assert_eq!(one.process(), other.process());
    for embedded in [one, other, another] {
        embedded.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_started_again_and_the_data_are_there() {
    let place = Place::new();
    let embedded = Embedded::open(place.options()).unwrap();
    embedded.start().await.unwrap();
    let connector = database(&embedded, "openilp").await;
    let client = connector.client().await.unwrap();
    client.batch_execute("create table kept (n int)").await.unwrap();
    // A session in the middle of a query outlives its server by a moment and holds its shared memory.
    let busy = connector.client().await.unwrap();
    let _busy = tokio::spawn(async move { busy.batch_execute("select count(*) from generate_series(1, 2000000000)").await });
    let supervisor = tokio::spawn({
        let embedded = embedded.clone();
        async move { embedded.supervise().await }
    });
    let acknowledged = Arc::new(AtomicU32::new(0));
    for round in 1..=3 {
        let client = connector.client().await.unwrap();
        let writer = tokio::spawn({
            let acknowledged = acknowledged.clone();
            async move {
                let write = async || client.batch_execute("insert into kept values (1)").await;
                while write().await.is_ok() {
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut health = embedded.health();
        health.mark_unchanged();
        let before = embedded.process().unwrap();
        kill_now(before);
        let began = std::time::Instant::now();
        health.wait_for(|well| !well).await.unwrap();
        tokio::time::timeout(Duration::from_secs(60), health.wait_for(|well| *well)).await.unwrap().unwrap();
        println!("round {round}: recovered in {:?}", began.elapsed());
        assert_ne!(embedded.process().unwrap(), before);
        writer.await.unwrap();
        // At most the one write in flight was done and not acknowledged, in each round.
        let kept: u32 = value(&connector, "select count(*) from kept").await.parse().unwrap();
        let acknowledged = acknowledged.load(Ordering::SeqCst);
        assert!(acknowledged > 0 && (acknowledged..=acknowledged + round).contains(&kept), "{kept} kept of {acknowledged}");
    }
    // A stop is not undone by the supervisor, which ends.
    assert!(embedded.stop().await.unwrap());
    tokio::time::timeout(Duration::from_secs(5), supervisor).await.unwrap().unwrap();
    assert!(!embedded.is_alive().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_dead_server_are_no_obstacle_even_if_its_number_is_in_use() {
    let place = Place::new();
    let embedded = place.server().await;
    embedded.stop().await.unwrap();
    // Left by a killed container: the number belongs to another program of the same user now.
    let pid_file = place.folder.join("d/pg/postmaster.pid");
    let owner = fs::metadata(place.folder.join("d/pg")).unwrap();
    let mut other = Command::new("sleep").arg("600").uid(owner.uid()).gid(owner.gid()).current_dir("/").spawn().unwrap();
    let own = other.id();
    fs::write(
        &pid_file,
        format!("{own}\n{}\n1763750000\n5432\n{}\n\n", place.folder.join("d/pg").display(), place.folder.join("d/socket").display()),
    )
    .unwrap();
    fs::write(place.folder.join("d/socket/.s.PGSQL.5432.lock"), format!("{own}\n")).unwrap();
    fs::write(place.folder.join("d/socket/.s.PGSQL.5432"), "").unwrap();
    let started = embedded.start().await;
    assert!(other.try_wait().unwrap().is_none(), "the other program was left alone");
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(started.unwrap(), Started::Again);
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_that_nobody_waits_for_is_no_obstacle() {
    let place = Place::new();
    drop(place.server().await);
    let embedded = Embedded::open(place.fast_options()).unwrap();
    assert_eq!(embedded.start().await.unwrap(), Started::Adopted);
    // It was started through the value dropped above, so it stays a zombie of this process, and its number stays taken.
    let pid = embedded.process().unwrap();
    kill_now(pid);
    assert_eq!(embedded.start().await.unwrap(), Started::Again);
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    assert!(!cfg!(target_os = "linux") || stat.contains(") Z "), "{stat}");
    embedded.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_half_made_is_made_anew() {
    let place = Place::new();
    let embedded = Embedded::open(place.fast_options()).unwrap();
    fs::create_dir_all(place.folder.join("d/pg.unfinished/base")).unwrap();
    fs::write(place.folder.join("d/pg.unfinished/PG_VERSION"), "15\n").unwrap();
    assert_eq!(embedded.start().await.unwrap(), Started::New);
    embedded.stop().await.unwrap();
    assert!(!place.folder.join("d/pg.unfinished").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_another_major_version_are_refused() {
    let place = Place::new();
    let embedded = place.server().await;
    embedded.stop().await.unwrap();
    fs::write(place.folder.join("d/pg/PG_VERSION"), "13\n").unwrap();
    let opened = Embedded::open(place.fast_options()).unwrap_err();
    assert!(matches!(opened, EmbeddedError::WrongMajor { data: 13, .. }), "{opened}");
    let started = embedded.start().await.unwrap_err();
    assert!(matches!(started, EmbeddedError::WrongMajor { data: 13, .. }), "{started}");
    assert!(started.to_string().contains("install postgresql-13"), "{started}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_the_server_from_starting_is_said() {
    let place = Place::new();
    let wrong = vec![("shared_buffers".to_owned(), "much".to_owned())];
    let embedded = Embedded::open(EmbeddedOptions { extra_settings: wrong, ..place.options() }).unwrap();
    let error = embedded.start().await.unwrap_err().to_string();
    assert!(error.contains("shared_buffers"), "{error}");
}

#[test]
fn folders_that_cannot_hold_a_socket_are_refused() {
    let place = Place::new();
    let open = |name: &str| {
        let data_folder = Some(place.folder.join(name));
        Embedded::open(EmbeddedOptions { data_folder, ..place.options() }).unwrap_err()
    };
    assert!(matches!(open(&"long".repeat(20)), EmbeddedError::PathTooLong { .. }));
    assert!(matches!(open("a,b"), EmbeddedError::PathNotUsable(_)));
}

#[test]
fn without_programs_one_line_says_what_to_install() {
    let place = Place::new();
    let binaries = Some(place.folder.clone());
    let error = Embedded::open(EmbeddedOptions { binaries, ..place.options() }).unwrap_err();
    assert!(matches!(error, EmbeddedError::NotBinaries(_)), "{error}");
    assert!(!place.folder.join("d").exists(), "nothing is made where nothing can be started");
}

#[test]
fn root_needs_somebody_to_run_it_as() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let place = Place::new();
    for user in ["root", "nobody-of-that-name"] {
        let error = Embedded::open(EmbeddedOptions { user: Some(user.to_owned()), ..place.options() }).unwrap_err();
        assert!(matches!(error, EmbeddedError::NoUser(_)), "{error}");
    }
    let closed = place.folder.join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let error = Embedded::open(EmbeddedOptions { data_folder: Some(closed.join("d")), ..place.options() }).unwrap_err();
    assert!(matches!(&error, EmbeddedError::NoWay { folder, .. } if *folder == closed), "{error}");
}
