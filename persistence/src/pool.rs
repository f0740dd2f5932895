//! The pool of connections. Each belongs to the application role; each answers on the thread that made it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, Object, RecycleError, RecycleResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use crate::connect::{ConnectError, Connector};
use crate::error::{Error, Result};

/// How long a request waits for a connection before it is told that the service is busy.
pub(crate) const WAIT: Duration = Duration::from_secs(2);

/// What every connection is set to before its first use.
const SETUP: &[&str] = &[
    "set role openilp_app",
    "set statement_timeout = '30s'",
    "set lock_timeout = '2s'",
    "set idle_in_transaction_session_timeout = '30s'",
    "set timezone = 'UTC'",
    // Short statements: to start a worker, or to compile one, costs more than all of its work.
    "set max_parallel_workers_per_gather = 0",
    "set jit = off",
];

/// Makes connections.
pub(crate) struct Connections(Connector);

/// A connection and whether it has ended.
pub(crate) struct Pooled {
    pub(crate) diesel: AsyncPgConnection,
    ended: Arc<AtomicBool>,
}

impl Manager for Connections {
    type Type = Pooled;
    type Error = Error;

    async fn create(&self) -> Result<Pooled> {
        let (client, connection) = self.0.connect().await.map_err(unavailable)?;
        let ended = Arc::new(AtomicBool::new(false));
        let flag = ended.clone();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a database connection ended");
            }
            flag.store(true, Ordering::Release);
        });
        let mut diesel = AsyncPgConnection::try_from(client).await.map_err(|error| Error::Unavailable(Box::new(error)))?;
        for statement in SETUP {
            diesel.batch_execute(statement).await?;
        }
        Ok(Pooled { diesel, ended })
    }

    async fn recycle(&self, pooled: &mut Pooled, _: &Metrics) -> RecycleResult<Error> {
        if pooled.ended.load(Ordering::Acquire) { Err(RecycleError::message("the connection has ended")) } else { Ok(()) }
    }
}

fn unavailable(error: ConnectError) -> Error {
    Error::Unavailable(Box::new(error))
}

/// A pool of at most so many connections.
#[derive(Clone)]
pub(crate) struct Pool(deadpool::managed::Pool<Connections>);

impl Pool {
    pub(crate) fn new(connector: Connector, size: usize) -> Result<Self> {
        deadpool::managed::Pool::builder(Connections(connector))
            .max_size(size)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(Duration::from_secs(5)))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map(Self)
            .map_err(|error| Error::Internal(error.to_string()))
    }

    pub(crate) async fn get(&self) -> Result<Connection> {
        use deadpool::managed::PoolError;
        match self.0.get().await {
            Ok(object) => Ok(Connection { object: Some(object), in_transaction: false }),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Timeout(_)) => Err(Error::Busy),
            Err(error) => Err(Error::Unavailable(Box::new(error))),
        }
    }

    /// A connection outside the pool, for what takes longer than a request. After `time` it is cut: a server that waits for a reader
    /// to take rows heeds no timeout of its own.
    pub(crate) async fn apart(&self, time: Duration) -> Result<Apart> {
        let (client, connection) = self.0.manager().0.connect().await.map_err(unavailable)?;
        let task = tokio::spawn(async move {
            match tokio::time::timeout(time, connection).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "a database connection ended"),
                Err(_) => tracing::warn!("a database connection was cut: its reader took too long"),
            }
        });
        let apart = Apart { client, task };
        for statement in SETUP {
            apart.client.batch_execute(statement).await.map_err(|error| Error::Unavailable(Box::new(error)))?;
        }
        Ok(apart)
    }

    /// Connections in use and in all.
    pub(crate) fn usage(&self) -> (usize, usize) {
        let status = self.0.status();
        (status.size.saturating_sub(status.available), status.size)
    }
}

/// A connection of its own. Dropped, it is cut at once, whatever the server was still sending.
pub(crate) struct Apart {
    pub(crate) client: tokio_postgres::Client,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Apart {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A connection that a request holds. One dropped in the middle of a transaction is closed, never handed to the next.
pub(crate) struct Connection {
    object: Option<Object<Connections>>,
    in_transaction: bool,
}

impl Connection {
    /// The connection, for pipelined use.
    pub(crate) fn diesel(&self) -> Result<&AsyncPgConnection> {
        self.object.as_ref().map(|object| &object.diesel).ok_or_else(|| Error::Internal("the connection is gone".into()))
    }

    /// From here on, a drop closes the connection.
    pub(crate) fn enter(&mut self) {
        self.in_transaction = true;
    }

    /// The transaction has ended: the connection may be used again.
    pub(crate) fn leave(&mut self) {
        self.in_transaction = false;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.in_transaction
            && let Some(object) = self.object.take()
        {
            drop(Object::take(object));
        }
    }
}
