//! The local stack: an embedded engine and every function's routes, served by the handlers that Lambda runs.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body as AxumBody, Bytes},
    extract::{
        DefaultBodyLimit, FromRequest, State,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    response::Response as AxumResponse,
    routing::get,
};
use guerdon_archive::{Archive, ArchiveError};
use guerdon_edge::{Edge, config::Config, problem::Problem, queue::RetryQueue};
use guerdon_store::{Notice, Programmes, Publication, PublishError};
use jiff::Timestamp;
use lambda_http::{Body, RequestExt};
use raffle_draw::{Raffles, beacon::Source, schedules::Schedules, vault::Vault};
use statement::Statements;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    demo,
    engine::{self, Data, Engine, EngineError, TEMPLATE},
    outbox, template,
};

/// The programme that is published when no other is named.
pub const EXAMPLE_PROGRAMME: &str = include_str!("../../programmes/coffee-shop.toml");
/// The largest body the server reads; the handlers refuse above their own, smaller limit.
const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How often what is due is settled.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// How to run the local stack.
#[derive(Debug, Clone)]
pub struct Options {
    /// The loopback port; 0 takes a free one.
    pub port: u16,
    /// Where data are kept.
    pub data: Data,
    /// The programme to publish; the example if `None` and nothing is published yet.
    pub programme: Option<PathBuf>,
    /// A fixed clock.
    pub at: Option<Timestamp>,
    /// Whether to send sample webhooks to an empty ledger.
    pub demo: bool,
}

/// The local stack did not start.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The engine did not start.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Another local stack has these data.
    #[error("another local stack runs on {0}: stop it first, or choose another folder with --data")]
    Running(String),
    /// The port cannot be used.
    #[error("port {0} cannot be used: is another local stack running? Choose one with --port")]
    Port(u16, #[source] std::io::Error),
    /// The programme file cannot be read.
    #[error("{0} cannot be read")]
    Programme(PathBuf, #[source] std::io::Error),
    /// The folder of the records, or of the statements, cannot be made.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There is no HTTP client for the beacon.
    #[error(transparent)]
    Beacon(#[from] raffle_draw::beacon::BeaconError),
    /// The programme was not published.
    #[error("{0}")]
    Publish(String),
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] guerdon_store::StoreError),
}

/// A running local stack.
#[derive(Debug)]
pub struct Local {
    /// Where it answers: `http://127.0.0.1:3000`.
    pub url: String,
    /// Its edge, as the handlers have it.
    pub edge: Edge,
    /// Its raffles, as their function has them.
    pub raffles: Arc<Raffles>,
    /// Its statements, as their function has them.
    pub statements: Arc<Statements>,
    /// The engine behind it.
    pub engine: Engine,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    upkeep: JoinHandle<()>,
    marker: Option<PathBuf>,
}

/// What a request handler needs.
#[derive(Clone)]
struct Shared {
    edge: Edge,
    raffles: Arc<Raffles>,
    statements: Arc<Statements>,
    routes: Arc<Vec<template::Route>>,
    clock: Clock,
}

/// The time: the machine's, or a fixed one.
#[derive(Debug, Clone, Copy)]
struct Clock(Option<Timestamp>);

impl Clock {
    fn now(self) -> Timestamp {
        self.0.unwrap_or_else(guerdon_edge::now)
    }
}

impl Local {
    /// Starts the engine, publishes the programme, sends the demo, and serves.
    pub async fn start(options: &Options) -> Result<Self, LocalError> {
        if let Data::Folder(folder) = &options.data
            && running(folder).await.is_some()
        {
            return Err(LocalError::Running(folder.display().to_string()));
        }
        let engine = Engine::start(&options.data).await?;
        let ledger = engine.ledger();
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await;
        let listener = listener.map_err(|source| LocalError::Port(options.port, source))?;
        let address =
            listener.local_addr().map_err(|source| LocalError::Port(options.port, source))?;
        let url = format!("http://{address}");
        let config = Config::local(engine::tables(), Some(engine.chance.clone()));
        let edge = Edge {
            config: Config { public_url: url.clone(), ..config },
            programmes: Programmes::new(ledger.clone()),
            ledger,
            queue: RetryQueue::None,
        };
        let clock = Clock(options.at);
        let fresh = publish(&edge, options, clock.now()).await?;
        // Before anything settles the accounts: the demo tells of the last month.
        if options.demo && fresh {
            demo::send(&edge, clock.now()).await;
        }
        let (stop, stopped) = watch::channel(false);
        let routes = Arc::new(template::routes(TEMPLATE).map_err(EngineError::from)?);
        let raffles = Arc::new(raffles(&edge, &options.data)?);
        let statements = Arc::new(statements(&edge, &options.data)?);
        let shared = Shared {
            edge: edge.clone(),
            raffles: raffles.clone(),
            statements: statements.clone(),
            routes,
            clock,
        };
        let mails = Router::new()
            .route("/outbox", get(outbox::list))
            .route("/outbox/{period}/{name}", get(outbox::show))
            .with_state(statements.archive.clone());
        let app = Router::new()
            .route("/health", get(|| async { "ok" }))
            .fallback(answer)
            .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
            .with_state(shared)
            .merge(mails);
        let mut server_stopped = stopped.clone();
        let server = tokio::spawn(async move {
            let until = async move {
                let _ = server_stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(until).await {
                tracing::error!(error = guerdon_edge::causes(&error), "the server stopped");
            }
        });
        let upkeep = tokio::spawn(keep_up(edge.clone(), raffles.clone(), clock, stopped));
        let marker = mark(&options.data, &engine, &url);
        let local = Self { url, edge, raffles, statements, engine, stop, server, upkeep, marker };
        Ok(local)
    }

    /// Stops: no new requests, those under way are answered, data are on the disk.
    pub async fn stop(self) {
        if let Some(marker) = self.marker {
            let _ = std::fs::remove_file(marker);
        }
        let _ = self.stop.send(true);
        // A client that keeps its connection open does not keep the stack from stopping.
        let _ = tokio::time::timeout(Duration::from_secs(3), self.server).await;
        let _ = self.upkeep.await;
        drop((self.edge, self.raffles, self.statements));
        let _ = tokio::time::timeout(Duration::from_secs(3), self.engine.stop()).await;
    }
}

/// The file that tells where a running stack's engine is.
const MARKER: &str = "engine";

/// A client of the engine of the local stack that runs on a folder; `None` if none does.
pub(crate) async fn running(folder: &Path) -> Option<aws_sdk_dynamodb::Client> {
    let endpoint = std::fs::read_to_string(folder.join(MARKER)).ok()?;
    let endpoint = endpoint.trim();
    // A stack that was killed leaves its marker: a client would try again for seconds.
    TcpStream::connect(endpoint.strip_prefix("http://")?).await.ok()?;
    let client = engine::client(endpoint);
    client.list_tables().send().await.ok()?;
    Some(client)
}

/// The file that tells the operator's commands where members reach the local stack.
pub const ADDRESS: &str = "address";

fn mark(data: &Data, engine: &Engine, url: &str) -> Option<PathBuf> {
    let Data::Folder(folder) = data else { return None };
    let _ = std::fs::write(folder.join(ADDRESS), url);
    let marker = folder.join(MARKER);
    std::fs::write(&marker, format!("http://{}", engine.address)).ok()?;
    Some(marker)
}

/// Publishes what was asked for; whether this is the first version ever.
async fn publish(edge: &Edge, options: &Options, now: Timestamp) -> Result<bool, LocalError> {
    let published = edge.ledger.published().await?;
    let source = match &options.programme {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|source| LocalError::Programme(path.clone(), source))?,
        None if published.is_empty() => EXAMPLE_PROGRAMME.to_owned(),
        None => return Ok(false),
    };
    let name = options
        .programme
        .as_ref()
        .map_or_else(|| "programme".to_owned(), |path| path.display().to_string());
    match edge.ledger.publish(&source, now, now, Notice::Waived).await {
        Ok(Publication::Published { version, .. }) => {
            edge.programmes.forget();
            Ok(version == 1)
        }
        Ok(Publication::Same { .. }) => Ok(false),
        Err(PublishError::Faults(faults)) => {
            Err(LocalError::Publish(guerdon_domain::programme::render(&source, &name, &faults)))
        }
        Err(PublishError::Store(error)) => Err(error.into()),
        Err(
            error @ (PublishError::TooEarly { .. } | PublishError::Raced | PublishError::Chance(_)),
        ) => Err(LocalError::Publish(error.to_string())),
    }
}

/// The raffles of a stack whose data are kept there: seeds and records in files beside them, steps by the sweep.
pub(crate) fn raffles(edge: &Edge, data: &Data) -> Result<Raffles, LocalError> {
    let (vault, archive) = match data {
        Data::Folder(folder) => {
            (Vault::Folder(folder.join("seeds")), Archive::folder(folder.join("records"))?)
        }
        Data::Memory => (Vault::Memory(Mutex::default()), Archive::memory()),
    };
    let beacon = Source::new(&guerdon_edge::config::local_beacon_url())?;
    Ok(Raffles { edge: edge.clone(), vault, archive, schedules: Schedules::Sweep, beacon })
}

/// The statements of a stack whose data are kept there, and their mails: in files beside them.
pub(crate) fn statements(edge: &Edge, data: &Data) -> Result<Statements, ArchiveError> {
    let folder = match data {
        Data::Folder(folder) => Some(folder.join("statements")),
        Data::Memory => None,
    };
    statement::local(edge.clone(), folder)
}

/// Settles what is due, and moves raffles on, again and again.
async fn keep_up(
    edge: Edge,
    raffles: Arc<Raffles>,
    clock: Clock,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        if let Err(error) = raffles.sweep(clock.now(), guerdon_edge::now, Timestamp::MAX).await {
            tracing::error!(error = guerdon_edge::causes(&error), "raffles");
        }
        if let Err(error) =
            upkeep::handle(&edge, clock.now(), guerdon_edge::now, Timestamp::MAX).await
        {
            tracing::error!(error = guerdon_edge::causes(&error), "upkeep");
        }
        tokio::select! {
            () = tokio::time::sleep(UPKEEP_EVERY) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Answers a request with the function that the template routes it to.
async fn answer(State(shared): State<Shared>, request: axum::extract::Request) -> AxumResponse {
    let (parts, body) = request.into_parts();
    let whole = axum::extract::Request::from_parts(parts.clone(), body);
    let bytes = match Bytes::from_request(whole, &()).await {
        Ok(bytes) => bytes,
        Err(BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_))) => {
            return convert(Problem::too_large(guerdon_edge::request::BODY_BYTES_MAX).respond());
        }
        Err(_) => return convert(Problem::bad_request("the body ended too early").respond()),
    };
    let function = function_of(&shared.routes, parts.method.as_str(), parts.uri.path());
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().map(str::to_owned);
    let mut request = lambda_http::Request::from_parts(parts, Body::Binary(bytes.to_vec()));
    request = request.with_raw_http_path(&path);
    if let Some(query) = query {
        request = request.with_query_string_parameters(parameters(&query));
    }
    let now = shared.clock.now();
    convert(match function.as_deref() {
        Some("earn") => earn::handle(&shared.edge, now, request).await,
        Some("instant-win") => instant_win::handle(&shared.edge, now, request).await,
        Some("portal") => portal::handle(&shared.edge, now, request).await,
        Some("raffle-draw") => raffle_draw::handle(&shared.raffles, now, request).await,
        Some("statement") => statement::handle(&shared.statements, now, request).await,
        Some("redeem") => redeem::handle(&shared.edge, now, request).await,
        _ => Problem::no_route().respond(),
    })
}

/// The function whose route matches.
fn function_of(routes: &[template::Route], method: &str, path: &str) -> Option<String> {
    let given: Vec<&str> = path.trim_matches('/').split('/').collect();
    let matches = |route: &&template::Route| {
        let wanted: Vec<&str> = route.path.trim_matches('/').split('/').collect();
        let same = wanted
            .iter()
            .zip(&given)
            .all(|(wanted, given)| wanted.starts_with('{') || wanted == given);
        let greedy = is_greedy(route);
        let long = wanted.len() == given.len() || greedy && wanted.len() < given.len();
        same && long && (route.method == method || route.method == "ANY")
    };
    // As API Gateway does: one that stands for all that follows is the last to be taken.
    let found = routes.iter().filter(matches).min_by_key(|route| is_greedy(route));
    found.map(|route| route.function.clone())
}

/// Whether a route's last part stands for all that follows: its name ends in a plus.
fn is_greedy(route: &template::Route) -> bool {
    route.path.ends_with("+}")
}

fn parameters(query: &str) -> std::collections::HashMap<String, Vec<String>> {
    let mut parameters: std::collections::HashMap<String, Vec<String>> =
        std::collections::HashMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameters.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    parameters
}

fn convert(response: lambda_http::Response<Body>) -> AxumResponse {
    let (parts, body) = response.into_parts();
    let body = match body {
        Body::Text(text) => AxumBody::from(text),
        Body::Binary(bytes) => AxumBody::from(bytes),
        _ => AxumBody::empty(),
    };
    AxumResponse::from_parts(parts, body)
}
