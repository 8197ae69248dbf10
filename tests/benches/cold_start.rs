//! Process start to the first request for work, of every function, against the smallest function with the same client.
//!
//! `cargo build --release --bins && cargo bench -p guerdon-tests --bench cold_start`. Starts alternate; medians of 60.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const STARTS: usize = 60;

fn main() {
    let folder = std::env::current_exe().expect("this program has a path");
    let folder: PathBuf = folder.ancestors().nth(2).expect("target/release").to_owned();
    let functions = ["hello", "earn", "redeem", "upkeep"];
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); functions.len()];
    for _ in 0..=STARTS {
        for (times, function) in times.iter_mut().zip(functions) {
            times.push(start(&folder.join(function)));
        }
    }
    let medians: Vec<Duration> = times
        .iter_mut()
        .map(|times| {
            times.remove(0);
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect();
    for (function, median) in functions.iter().zip(&medians) {
        let ratio = median.as_nanos() * 1000 / medians[0].as_nanos().max(1);
        println!("{function:<8} {median:>12?}   {}.{:03} of hello", ratio / 1000, ratio % 1000);
    }
}

/// How long a binary takes from its start to asking for its first event.
fn start(binary: &std::path::Path) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let begin = Instant::now();
    let mut child = Command::new(binary)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "cold"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "none"),
            ("AWS_SECRET_ACCESS_KEY", "none"),
            ("LEDGER_TABLE", "ledger"),
            ("PROGRAMME_TABLE", "programme"),
            ("RAFFLE_TABLE", "raffle"),
            ("RETRY_QUEUE_URL", "http://127.0.0.1:9/queue"),
            ("WEBHOOK_SECRETS", "{\"shopify\":[\"a\",\"b\"]}"),
            ("API_KEYS", "[]"),
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{}: {error}: run `cargo build --release --bins` first", binary.display())
        });
    let (connection, _) = listener.accept().expect("the function connects");
    let mut line = String::new();
    BufReader::new(connection).read_line(&mut line).expect("a request");
    let took = begin.elapsed();
    assert!(line.contains("/invocation/next"), "{line}");
    child.kill().expect("it runs");
    child.wait().expect("it ended");
    took
}
