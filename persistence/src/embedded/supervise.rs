//! Starts the server again when it has died.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Embedded, postmaster::Answer, server::Server};

/// Looking for the process costs a few system calls.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Asking costs the server a session.
const ASK_EVERY: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

pub(super) async fn run(embedded: &Embedded) {
    let server = &embedded.server;
    let mut asked = Instant::now();
    let mut unanswered = 0;
    loop {
        sleep(LOOK_EVERY).await;
        if server.is_stopping() {
            return;
        }
        if !server.has_process() {
            server.health().send_replace(false);
            tracing::error!("PostgreSQL has died: starting it again");
            start_again(embedded).await;
            asked = Instant::now();
        } else if asked.elapsed() >= ASK_EVERY {
            let answer = embedded.blocking(Server::ask).await;
            if server.is_stopping() {
                return;
            }
            unanswered = if answer == Answer::None { unanswered + 1 } else { 0 };
            // A server that lost a session to a signal restarts by itself: only say so. One that is late once is busy, not ill.
            let well = answer == Answer::Yes || (unanswered == 1 && embedded.is_healthy());
            if server.health().send_replace(well) != well {
                tracing::warn!(well, ?answer, "PostgreSQL's health changed");
            }
            asked = Instant::now();
        }
    }
}

/// Tries until it succeeds, less and less often.
async fn start_again(embedded: &Embedded) {
    let began = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match embedded.blocking(Server::restart).await {
            Ok(Some(started)) => {
                tracing::info!(?started, elapsed = ?began.elapsed(), "PostgreSQL runs again");
                return;
            }
            Ok(None) => return,
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, ?pause, "PostgreSQL cannot be started again yet");
            }
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
