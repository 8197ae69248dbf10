//! Secrets Manager, `EventBridge` Scheduler and S3 as far as raffles ask them: none of them runs on a developer's machine.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{post, put},
};
use serde_json::{Value, json};

use crate::http::Server;

/// The services, at one address.
#[derive(Debug)]
pub struct Services {
    /// Where they answer.
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    _server: Server,
}

/// What they keep.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Versions of secrets by their ids, and the labels of each.
    pub versions: BTreeMap<String, (String, Vec<String>)>,
    /// Schedules by group and name.
    pub schedules: BTreeMap<(String, String), Value>,
    /// Objects of the bucket `records` by name.
    pub objects: BTreeMap<String, String>,
}

impl Services {
    /// Starts them, with nothing in them.
    pub async fn start() -> Self {
        let kept = Arc::new(Mutex::default());
        let router = Router::new()
            .route("/", post(secrets))
            .route("/schedules/{name}", post(schedules))
            .route("/records/{*name}", put(objects))
            .with_state(kept.clone());
        let server = Server::start(router).await;
        Self { url: server.url.clone(), kept, _server: server }
    }

    /// What they keep now.
    pub fn kept(&self) -> Kept {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn refused(kind: &str) -> Response {
    let body = json!({ "__type": kind, "Message": kind, "message": kind });
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amzn-errortype", kind)];
    let status =
        if kind == "ConflictException" { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    (status, headers, body.to_string()).into_response()
}

fn answered(body: &Value) -> Response {
    ([("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}

/// Secrets Manager: a version that is put again must be the same.
async fn secrets(
    State(kept): State<Arc<Mutex<Kept>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let action = target.and_then(|target| target.rsplit('.').next()).unwrap_or_default();
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    match action {
        "GetSecretValue" => match kept.versions.get(&text("VersionId")) {
            Some((value, _)) => answered(&json!({ "SecretString": value })),
            None => refused("ResourceNotFoundException"),
        },
        "PutSecretValue" => {
            let (id, value) = (text("ClientRequestToken"), text("SecretString"));
            // The service's own bounds.
            if !(32..=64).contains(&id.len()) {
                return refused("InvalidParameterException");
            }
            match kept.versions.get(&id) {
                Some((other, _)) if *other != value => refused("ResourceExistsException"),
                _ => {
                    let labels = request["VersionStages"].as_array().into_iter().flatten();
                    let labels = labels.filter_map(|label| label.as_str().map(str::to_owned));
                    kept.versions.insert(id, (value, labels.collect()));
                    answered(&json!({}))
                }
            }
        }
        "UpdateSecretVersionStage" => {
            let label = text("VersionStage");
            if let Some((_, labels)) = kept.versions.get_mut(&text("RemoveFromVersionId")) {
                labels.retain(|kept| *kept != label);
            }
            answered(&json!({}))
        }
        _ => refused("InvalidRequestException"),
    }
}

/// Scheduler: a name is taken once in its group.
async fn schedules(
    State(kept): State<Arc<Mutex<Kept>>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let group = request["GroupName"].as_str().unwrap_or_default().to_owned();
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.schedules.contains_key(&(group.clone(), name.clone())) {
        return refused("ConflictException");
    }
    kept.schedules.insert((group, name), request);
    answered(
        &json!({ "ScheduleArn": "arn:aws:scheduler:us-east-1:000000000000:schedule/raffles/x" }),
    )
}

/// S3: an object that must not be there yet is put once.
async fn objects(
    State(kept): State<Arc<Mutex<Kept>>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let new = headers.get("if-none-match").is_some_and(|value| value == "*");
    if new && kept.objects.contains_key(&name) {
        let refused = "<Error><Code>PreconditionFailed</Code></Error>";
        return (StatusCode::PRECONDITION_FAILED, refused).into_response();
    }
    kept.objects.insert(name, body);
    ([("etag", "\"1\"")], "").into_response()
}
