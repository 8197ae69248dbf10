//! What the functions need around them in AWS: tables, a queue, settings.

use std::path::PathBuf;

use aws_sdk_dynamodb::Client;
use guerdon::engine::{Data, Engine, LEDGER_TABLE, PROGRAMME_TABLE, RAFFLE_TABLE, tables};
use guerdon_domain::draw::hash::Hash;
use guerdon_edge::{Edge, config::Config, now, queue::RetryQueue};
use guerdon_store::{Ledger, Notice, Programmes};

use crate::{
    dynamodb::Proxy,
    lambda::Function,
    queue::Queue,
    samples,
    tables::{Items, items},
};

/// An engine with a published programme, a proxy before it, and a queue.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// What functions reach it through.
    pub proxy: Proxy,
    /// The retry queue.
    pub queue: Queue,
    /// Where the seeds of raffles are.
    seeds: tempfile::TempDir,
}

impl World {
    /// A world with a programme.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(programme: &str) -> Self {
        let engine = Engine::start(&Data::Memory).await.expect("the engine starts");
        let published = engine.ledger().publish(programme, now(), now(), Notice::Given).await;
        published.expect("the programme is published");
        let proxy = Proxy::start(&format!("http://{}", engine.address)).await;
        let seeds = tempfile::tempdir().expect("a temporary folder");
        Self { engine, proxy, queue: Queue::start().await, seeds }
    }

    /// The ledger, beside the proxy.
    pub fn ledger(&self) -> Ledger {
        self.engine.ledger()
    }

    /// The edge of the local stack, through the proxy: for handlers that run in the test itself.
    pub fn edge(&self) -> Edge {
        let ledger = Ledger::new(self.proxy.client(), tables())
            .with_chance(Some(self.engine.chance.clone()));
        let config = Config::local(tables(), Some(self.engine.chance.clone()));
        Edge {
            config,
            programmes: Programmes::new(ledger.clone()),
            ledger,
            queue: RetryQueue::None,
        }
    }

    /// A client, beside the proxy.
    pub fn client(&self) -> &Client {
        &self.engine.client
    }

    /// Every item of the ledger.
    pub async fn items(&self) -> Items {
        items(self.client(), LEDGER_TABLE).await
    }

    /// A function in this world.
    pub async fn function(&self, name: &str) -> Function {
        self.function_with(name, &self.proxy.url, &self.queue.url).await
    }

    /// The folder that records of draws are copied to.
    pub fn records(&self) -> PathBuf {
        self.seeds.path().join("records")
    }

    /// A function that looks for DynamoDB and SQS elsewhere.
    pub async fn function_with(&self, name: &str, dynamodb: &str, sqs: &str) -> Function {
        let mut environment = samples::secrets();
        let more = [
            ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb),
            ("AWS_ENDPOINT_URL_SQS", sqs),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("LEDGER_TABLE", LEDGER_TABLE),
            ("PROGRAMME_TABLE", PROGRAMME_TABLE),
            ("RAFFLE_TABLE", RAFFLE_TABLE),
            ("CHANCE_KEY", &Hash(self.engine.chance.0).to_string()),
            ("RAFFLE_RECORDS", &format!("file:{}", self.records().display())),
            ("RAFFLE_SEEDS", &format!("file:{}", self.seeds.path().display())),
            ("PORTAL_KEY", &"07".repeat(32)),
            ("PUBLIC_URL", "https://club.example"),
            ("STATEMENTS", &format!("file:{}", self.seeds.path().join("statements").display())),
            ("BEACON_URL", "http://127.0.0.1:9"),
            ("RETRY_QUEUE_URL", &self.queue.queue_url()),
        ];
        environment.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Function::start(name, &environment).await
    }
}
