//! The ledger that an operator's command works on: the local stack's, or a deployment's in AWS.

use std::path::Path;

use aws_config::BehaviorVersion;
use guerdon_edge::{Edge, config::Config, queue::RetryQueue};
use guerdon_store::{Ledger, Programmes};

use crate::{
    engine::{Data, Engine, EngineError, LEDGER_TABLE, PROGRAMME_TABLE, client},
    local::MARKER,
};

/// Which ledger to work on.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Target {
    /// The local stack's data folder.
    #[arg(long, global = true, default_value = crate::commands::DATA, value_name = "DIR")]
    pub data: String,
    /// Work on a deployment in AWS: the name of its ledger table (an output of the stack).
    #[arg(long, global = true, requires = "programme_table", value_name = "TABLE")]
    pub ledger_table: Option<String>,
    /// The name of the deployment's programme table (an output of the stack).
    #[arg(long, global = true, requires = "ledger_table", value_name = "TABLE")]
    pub programme_table: Option<String>,
}

/// An open ledger, and the engine behind it if this process runs one.
#[derive(Debug)]
pub struct Open {
    /// The edge, as the handlers have it.
    pub edge: Edge,
    engine: Option<Engine>,
}

impl Target {
    /// Connects: to AWS, to a running local stack, or to the data folder itself.
    pub async fn open(&self) -> Result<Open, EngineError> {
        if let (Some(ledger), Some(programme)) = (&self.ledger_table, &self.programme_table) {
            let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
            return Ok(open(
                Ledger::new(aws_sdk_dynamodb::Client::new(&aws), ledger, programme),
                None,
            ));
        }
        let running = std::fs::read_to_string(Path::new(&self.data).join(MARKER)).ok();
        if let Some(endpoint) = running {
            let client = client(endpoint.trim());
            if client.list_tables().send().await.is_ok() {
                return Ok(open(Ledger::new(client, LEDGER_TABLE, PROGRAMME_TABLE), None));
            }
        }
        if !Path::new(&self.data).is_dir() {
            return Err(EngineError::NoStack(self.data.clone()));
        }
        let engine = Engine::start(&Data::Folder(self.data.clone().into())).await?;
        Ok(open(engine.ledger(), Some(engine)))
    }
}

fn open(ledger: Ledger, engine: Option<Engine>) -> Open {
    let config = Config::local(LEDGER_TABLE, PROGRAMME_TABLE);
    let edge = Edge {
        config,
        programmes: Programmes::new(ledger.clone()),
        ledger,
        queue: RetryQueue::None,
    };
    Open { edge, engine }
}

impl Open {
    /// Closes the engine, if this process runs one.
    pub async fn close(self) {
        drop(self.edge);
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}
