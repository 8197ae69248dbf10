//! The wire between the real SDK client and the fake tables: every call waits here until the scheduler lets it through.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, SystemTime},
};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{
        AsyncSleep, BehaviorVersion, IdentityCache, Region, Sleep, StalledStreamProtectionConfig,
        endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
        retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use crate::table::Failure;

/// A call on its way: to a table, or a sleep.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) number: u64,
    /// Which task made it.
    pub(crate) task: usize,
    /// `GetItem`, or `sleep`.
    pub(crate) target: String,
    pub(crate) request: Value,
}

/// What the SDK gets to see.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The call succeeded, with this body.
    Success(Vec<u8>),
    /// DynamoDB refused or failed.
    Failed(Failure),
    /// No answer within the time limit.
    TimedOut,
    /// The connection broke.
    Broken,
    /// A sleep is over.
    Slept,
}

#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) calls: Vec<Call>,
    /// The task being polled: whose calls come in.
    pub(crate) task: usize,
    answers: BTreeMap<u64, Answer>,
    next: u64,
}

impl Queue {
    pub(crate) fn answer(&mut self, number: u64, answer: Answer) {
        self.answers.insert(number, answer);
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Queue>>);

impl Wire {
    pub(crate) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap()
    }

    /// A client of the real SDK at the other end. Nothing in it looks at a clock or leaves the process.
    pub(crate) fn client(&self) -> Client {
        let partition =
            RetryPartition::custom("simulation").token_bucket(TokenBucket::unlimited()).build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .allow_no_auth()
            .identity_cache(IdentityCache::no_cache())
            .endpoint_resolver(Here)
            .time_source(StaticTimeSource::new(
                SystemTime::UNIX_EPOCH + Duration::from_hours(490_896),
            ))
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .retry_config(RetryConfig::standard())
            .retry_partition(partition)
            .sleep_impl(self.clone())
            .http_client(self.clone())
            .build();
        Client::from_conf(config)
    }

    fn enqueue(&self, target: &str, request: Value) -> Waiting {
        let mut queue = self.queue();
        let (number, task) = (queue.next, queue.task);
        queue.next += 1;
        queue.calls.push(Call { number, task, target: target.to_owned(), request });
        Waiting { wire: self.clone(), number }
    }

    /// Polls a task, whose calls come in under its number.
    pub(crate) fn poll<T>(
        &self,
        task: usize,
        future: &mut Pin<Box<dyn Future<Output = T>>>,
    ) -> Poll<T> {
        self.queue().task = task;
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        loop {
            let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
            // The SDK's pages hand items over inside a task, and wake it for the next.
            if polled.is_ready() || !woken.0.swap(false, Ordering::Relaxed) {
                return polled;
            }
        }
    }
}

#[derive(Debug, Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The end of one call.
struct Waiting {
    wire: Wire,
    number: u64,
}

impl Future for Waiting {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Answer> {
        // No waker: the scheduler polls a task after each of its answers.
        self.wire.queue().answers.remove(&self.number).map_or(Poll::Pending, Poll::Ready)
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap();
        let target = target.strip_prefix("DynamoDB_20120810.").unwrap().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let waiting = self.enqueue(&target, body);
        HttpConnectorFuture::new(async move {
            match waiting.await {
                Answer::Success(body) => Ok(response(200, body)),
                Answer::Failed(failure) => {
                    Ok(response(status(&failure), error(&failure).to_string().into_bytes()))
                }
                Answer::TimedOut | Answer::Slept => {
                    Err(ConnectorError::timeout("no answer in time".into()))
                }
                Answer::Broken => Err(ConnectorError::io("the connection broke".into())),
            }
        })
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl AsyncSleep for Wire {
    fn sleep(&self, _: Duration) -> Sleep {
        let waiting = self.enqueue("sleep", Value::Null);
        Sleep::new(async move {
            waiting.await;
        })
    }
}

#[derive(Debug)]
struct Here;

impl ResolveEndpoint for Here {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url("https://dynamodb.invalid").build()))
    }
}

fn status(failure: &Failure) -> u16 {
    if failure.name == "InternalServerError" { 500 } else { 400 }
}

fn error(failure: &Failure) -> Value {
    let mut body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{}", failure.name), "message": "" });
    if !failure.reasons.is_empty() {
        body["CancellationReasons"] =
            failure.reasons.iter().map(|code| json!({ "Code": code })).collect();
    }
    body
}

fn response(status: u16, body: Vec<u8>) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))
}
