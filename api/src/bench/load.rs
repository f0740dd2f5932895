//! A small HTTP/1.1 client that keeps a service busy: so many connections, each with one request at a time, on one thread.
//!
//! It knows what the service answers and no more: a status line and a body of a stated length.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// A request, ready but for what makes it different from the last of its kind.
#[derive(Clone, Debug)]
pub struct Prepared {
    head: String,
    body: String,
    fresh_key: bool,
}

impl Prepared {
    /// A read.
    pub fn get(host: SocketAddr, path: &str, token: &str) -> Self {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n");
        Self { head, body: String::new(), fresh_key: false }
    }

    /// A write, sent with another `Idempotency-Key` every time.
    pub fn post(host: SocketAddr, path: &str, token: &str, body: String) -> Self {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
        );
        Self { head, body, fresh_key: true }
    }

    fn write(&self, out: &mut Vec<u8>, number: u64) {
        use std::io::Write;
        out.clear();
        out.extend_from_slice(self.head.as_bytes());
        // Writing to a vector does not fail.
        if self.fresh_key {
            let _ = write!(out, "Idempotency-Key: bench-{number}\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(self.body.as_bytes());
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Answers of the status that was expected.
    pub answers: u64,
    /// Others, by status.
    pub others: BTreeMap<u16, u64>,
    /// How long it took.
    pub took: Duration,
    /// Microseconds that half of the answers took at most.
    pub median: u32,
    /// Microseconds that all but a hundredth of the answers took at most.
    pub worst_percent: u32,
}

/// Sends requests, in the order given and over again, through so many connections for so long, from a thread of its own.
pub async fn run(
    host: SocketAddr,
    requests: Arc<Vec<Prepared>>,
    status: u16,
    connections: usize,
    time: Duration,
    first: u64,
) -> anyhow::Result<Outcome> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(all(host, requests, status, connections, time, first))
    };
    tokio::task::spawn_blocking(work).await?
}

async fn all(host: SocketAddr, requests: Arc<Vec<Prepared>>, status: u16, connections: usize, time: Duration, first: u64) -> anyhow::Result<Outcome> {
    let (begun, next) = (Instant::now(), Rc::new(Cell::new(first)));
    let local = LocalSet::new();
    let tasks: Vec<_> = (0..connections).map(|_| local.spawn_local(one(host, requests.clone(), next.clone(), begun + time))).collect();
    let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
    let mut times = Vec::new();
    local
        .run_until(async {
            for task in tasks {
                for (status, micros) in task.await?? {
                    *statuses.entry(status).or_default() += 1;
                    times.push(micros);
                }
            }
            anyhow::Ok(())
        })
        .await?;
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    Ok(Outcome {
        answers: statuses.remove(&status).unwrap_or_default(),
        others: statuses,
        took: begun.elapsed(),
        median: at(50),
        worst_percent: at(99),
    })
}

async fn one(host: SocketAddr, requests: Arc<Vec<Prepared>>, next: Rc<Cell<u64>>, until: Instant) -> anyhow::Result<Vec<(u16, u32)>> {
    let mut stream = TcpStream::connect(host).await.context("the service cannot be reached")?;
    stream.set_nodelay(true)?;
    let count = u64::try_from(requests.len())?;
    if count == 0 {
        bail!("there is nothing to ask for");
    }
    let (mut out, mut buffer) = (Vec::with_capacity(2048), Vec::with_capacity(64 * 1024));
    let mut answers = Vec::new();
    while Instant::now() < until {
        let number = next.replace(next.get() + 1);
        let request = requests.get(usize::try_from(number % count)?).context("no such request")?;
        request.write(&mut out, number);
        let sent = Instant::now();
        stream.write_all(&out).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        answers.push((status, u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX)));
    }
    Ok(answers)
}

/// Reads one answer; its body is left in the buffer, from the offset that [`body_of`] finds.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<u16> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the service closed the connection");
        }
        let Some(start) = body_of(buffer) else { continue };
        let head = std::str::from_utf8(buffer.get(..start).unwrap_or_default())?;
        let status = head.split_ascii_whitespace().nth(1).and_then(|word| word.parse().ok()).context("no status line")?;
        let length = head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.context("an answer without a length")?.1.trim().parse()?;
        while buffer.len() < start + length {
            if stream.read_buf(buffer).await? == 0 {
                bail!("the service closed the connection");
            }
        }
        return Ok(status);
    }
}

fn body_of(buffer: &[u8]) -> Option<usize> {
    buffer.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// Sends one request and returns status and body.
pub async fn ask(host: SocketAddr, request: &Prepared, number: u64) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(host).await?;
    let (mut out, mut buffer) = (Vec::new(), Vec::new());
    request.write(&mut out, number);
    stream.write_all(&out).await?;
    let status = answer(&mut stream, &mut buffer).await?;
    let start = body_of(&buffer).unwrap_or_default();
    Ok((status, buffer.split_off(start)))
}

/// What was read to its end and thrown away.
pub struct Drained {
    /// How much it was, with head and chunk sizes.
    pub bytes: usize,
    /// The end of it.
    pub tail: String,
}

/// Sends a read and takes its answer, however long, as fast as it comes.
pub async fn drain(host: SocketAddr, path: &str, token: &str) -> anyhow::Result<Drained> {
    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut bytes, mut buffer, mut tail) = (0, Vec::with_capacity(256 * 1024), Vec::new());
    loop {
        buffer.clear();
        let read = stream.read_buf(&mut buffer).await?;
        if read == 0 {
            break;
        }
        if bytes == 0 && !buffer.starts_with(b"HTTP/1.1 200") {
            bail!("{path}: {}", String::from_utf8_lossy(&buffer));
        }
        bytes += read;
        tail.extend_from_slice(buffer.get(read.saturating_sub(400)..).unwrap_or_default());
        tail.drain(..tail.len().saturating_sub(400));
    }
    Ok(Drained { bytes, tail: String::from_utf8_lossy(&tail).into_owned() })
}
