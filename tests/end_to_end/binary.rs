//! `guerdon` itself: it starts, answers, stops on Ctrl-C, and finds its data again.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Output, Stdio},
};

use guerdon::demo::MEMBER;
use guerdon_tests::{binaries::binary, eventually, http::Call};
use jiff::SignedDuration;
use lambda_http::http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A running `guerdon`.
struct Running {
    child: Child,
    url: String,
}

fn guerdon(folder: &TempDir) -> Command {
    let mut command = Command::new(binary("guerdon"));
    command.current_dir(folder.path()).env_clear();
    command
}

fn start(folder: &TempDir) -> Running {
    let mut child = guerdon(folder)
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let url = first
        .split_whitespace()
        .find_map(|word| word.strip_suffix(';').filter(|w| w.starts_with("http")));
    let url = url.unwrap_or_else(|| panic!("it greets with {first:?}")).to_owned();
    Running { child, url }
}

/// How many mails wait in the outbox.
fn waiting(folder: &TempDir) -> usize {
    let periods = std::fs::read_dir(folder.path().join(".guerdon/statements/outbox")).unwrap();
    periods.map(|period| std::fs::read_dir(period.unwrap().path()).unwrap().count()).sum()
}

fn output(folder: &TempDir, arguments: &[&str]) -> Output {
    guerdon(folder).args(arguments).output().unwrap()
}

impl Running {
    async fn member(&self) -> Value {
        let call = Call::get(format!("{}/members/{MEMBER}", self.url))
            .header("authorization", "Bearer local");
        call.send().await.expect(200)
    }

    /// Presses Ctrl-C; waits for the end.
    async fn interrupt(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let status = eventually("it stops", async || self.child.try_wait().unwrap()).await;
        assert!(status.success(), "{status}");
    }
}

#[tokio::test]
async fn it_starts_stops_and_finds_its_data_again() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(&folder);
    let before = eventually("the demo is sent", async || {
        let member = running.member().await;
        (member["balance"]["pending"].as_i64() > Some(0)).then_some(member)
    })
    .await;

    let shown = output(&folder, &["member", "show", MEMBER]);
    assert!(
        shown.status.success(),
        "beside the running stack: {}",
        String::from_utf8_lossy(&shown.stderr)
    );
    running.interrupt().await;

    let shown = output(&folder, &["member", "export", MEMBER]);
    let export: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(export["member"]["balance"], before["balance"], "after the end, from the folder");

    let running = start(&folder);
    assert_eq!(running.member().await["balance"], before["balance"]);
    // A month's mail waits in the outbox until its member is erased.
    let url = format!("{}/members/{MEMBER}/profile", running.url);
    let wanted = json!({ "email": "ann@example.com", "statements": true }).to_string();
    let call = Call::new(Method::PUT, url).header("authorization", "Bearer local").body(wanted);
    call.send().await.expect(200);
    let next_year = (guerdon_edge::now() + SignedDuration::from_hours(366 * 24)).to_string();
    let year = &guerdon_edge::now().to_string()[..4];
    let run = ["statement", "run", "--period", year, "--at", &next_year];
    let run = output(&folder, &run);
    assert!(run.status.success(), "{run:?}");
    let mails = || waiting(&folder);
    assert_eq!(mails(), 1, "{run:?}");
    let erased = output(&folder, &["member", "erase", MEMBER]);
    assert!(erased.status.success(), "{erased:?}");
    assert_eq!(mails(), 0);
    running.interrupt().await;
}

#[test]
fn commands_that_need_no_ledger_need_no_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let printed = output(&folder, &["openapi"]);
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document, guerdon::openapi::document());

    std::fs::write(folder.path().join("broken.toml"), "[programme]\nname = 7\n").unwrap();
    let checked = output(&folder, &["programme", "check", "broken.toml"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stderr).contains("broken.toml:2"), "{checked:?}");

    let body = json!({ "id": 1, "created_at": "2026-01-05T10:00:00Z" }).to_string();
    std::fs::write(folder.path().join("customer.json"), body).unwrap();
    let topic =
        ["inspect", "--platform", "shopify", "--topic", "customers/create", "customer.json"];
    let inspected = output(&folder, &topic);
    assert!(inspected.status.success(), "{inspected:?}");
    let without = output(&folder, &["inspect", "--platform", "shopify", "customer.json"]);
    let told = String::from_utf8_lossy(&without.stderr);
    assert!(!without.status.success() && told.contains("--topic orders/paid"), "{without:?}");
    assert!(!folder.path().join(".guerdon").exists(), "and leave none behind");
}
