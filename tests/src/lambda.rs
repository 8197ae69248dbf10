//! A function's real binary under a Lambda runtime API, as it runs in AWS.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{
    process::{Child, Command},
    sync::{Mutex as AsyncMutex, mpsc, oneshot},
};

use crate::{binaries::binary, http::Server};

/// How long a function may run, as the template says of `earn` and `redeem`.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// What an invocation came to: the response, or the error that the function reported.
pub type Outcome = Result<Value, Value>;

/// A running function.
#[derive(Debug)]
pub struct Function {
    name: String,
    runtime: Arc<Runtime>,
    child: Child,
    log: PathBuf,
    _server: Server,
}

#[derive(Debug)]
struct Runtime {
    invoke: mpsc::UnboundedSender<(String, Value)>,
    next: AsyncMutex<mpsc::UnboundedReceiver<(String, Value)>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
}

/// An HTTP response of a function behind API Gateway.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The status.
    pub status: u64,
    /// The whole response.
    pub response: Value,
    /// The body, as JSON.
    pub body: Value,
}

impl Function {
    /// Starts the binary `name` with nothing in its environment but what Lambda and `environment` give it.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(name: &str, environment: &[(String, String)]) -> Self {
        let (invoke, next) = mpsc::unbounded_channel();
        let runtime =
            Arc::new(Runtime { invoke, next: AsyncMutex::new(next), waiting: Mutex::default() });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_invocation))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(|| async { StatusCode::ACCEPTED }))
            .with_state(runtime.clone());
        let server = Server::start(router).await;
        let api = server.url.trim_start_matches("http://").to_owned();
        let folder =
            tempfile::Builder::new().prefix(name).tempdir().expect("a temporary folder").keep();
        let log = folder.join("log");
        let file = std::fs::File::create(&log).expect("a log file");
        let path = tokio::task::spawn_blocking({
            let name = name.to_owned();
            move || binary(&name)
        });
        let child = Command::new(path.await.expect("the binaries build"))
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", api)
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdout(file.try_clone().expect("a second handle of the log file"))
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        Self { name: name.to_owned(), runtime, child, log, _server: server }
    }

    /// Invokes it with an event.
    ///
    /// # Panics
    /// If it ends, or does not answer within its time limit.
    pub async fn invoke(&mut self, event: &Value) -> Outcome {
        let id = format!("{:032x}", guerdon_edge::random());
        let (answer, answered) = oneshot::channel();
        self.runtime
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.clone(), answer);
        self.runtime.invoke.send((id, event.clone())).expect("the runtime API runs");
        let answered = tokio::time::timeout(TIME_LIMIT, answered);
        tokio::select! {
            outcome = answered => match outcome {
                Ok(Ok(outcome)) => outcome,
                _ => panic!("{} ran into its time limit\n{}", self.name, self.log()),
            },
            status = self.child.wait() => panic!("{} ended: {status:?}\n{}", self.name, self.log()),
        }
    }

    /// Invokes it with an event of API Gateway.
    ///
    /// # Panics
    /// If the answer is not an HTTP response.
    pub async fn http(&mut self, event: &Value) -> HttpAnswer {
        let response = self.invoke(event).await;
        let response = response
            .unwrap_or_else(|error| panic!("{} failed: {error}\n{}", self.name, self.log()));
        let body = response["body"].as_str().unwrap_or_default();
        let body = if response["isBase64Encoded"] == true {
            STANDARD.decode(body).expect("the body is base64")
        } else {
            body.as_bytes().to_vec()
        };
        // A page for people is one long string.
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| text());
        HttpAnswer { status: response["statusCode"].as_u64().unwrap_or(0), response, body }
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        if let Some(folder) = self.log.parent() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

async fn next_invocation(State(runtime): State<Arc<Runtime>>) -> Response {
    let Some((id, event)) = runtime.next.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + TIME_LIMIT;
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", deadline.as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:f".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-65f00000-000000000000000000000000;Sampled=0".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event.to_string()).into_response()
}

async fn response(
    State(runtime): State<Arc<Runtime>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    answer(&runtime, &id, Ok(serde_json::from_slice(&body).unwrap_or_default()))
}

async fn error(
    State(runtime): State<Arc<Runtime>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    answer(&runtime, &id, Err(serde_json::from_slice(&body).unwrap_or_default()))
}

fn answer(runtime: &Runtime, id: &str, outcome: Outcome) -> StatusCode {
    let waiting = runtime.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    match waiting.map(|waiting| waiting.send(outcome)) {
        Some(Ok(())) => StatusCode::ACCEPTED,
        Some(Err(_)) | None => StatusCode::GONE,
    }
}
