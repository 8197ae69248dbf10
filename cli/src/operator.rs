//! The ledger that an operator's command works on: the local stack's, or a deployment's in AWS.

use std::path::Path;

use aws_config::BehaviorVersion;
use guerdon_domain::chance::ChanceKey;
use guerdon_edge::{Edge, config::Config, queue::RetryQueue, token::PortalKey};
use guerdon_store::{Ledger, Programmes, Tables};

use crate::{
    engine::{Data, Engine, EngineError, chance_key, tables},
    local::{ADDRESS, running},
};

/// Which ledger to work on.
#[derive(Debug, Clone, PartialEq, Eq, clap::Args)]
pub struct Target {
    /// The local stack's data folder.
    #[arg(long, global = true, default_value = crate::commands::DATA, value_name = "DIR")]
    pub data: String,
    /// Work on a deployment in AWS: the name of its ledger table (an output of the stack).
    #[arg(long, global = true, requires_all = ["programme_table", "raffle_table"], value_name = "TABLE")]
    pub ledger_table: Option<String>,
    /// The name of the deployment's programme table (an output of the stack).
    #[arg(long, global = true, requires = "ledger_table", value_name = "TABLE")]
    pub programme_table: Option<String>,
    /// The name of the deployment's raffle table (an output of the stack).
    #[arg(long, global = true, requires = "ledger_table", value_name = "TABLE")]
    pub raffle_table: Option<String>,
}

/// An open ledger, and the engine behind it if this process runs one.
#[derive(Debug)]
pub struct Open {
    /// The edge, as the handlers have it.
    pub edge: Edge,
    /// Whether it is the local stack's.
    pub local: bool,
    /// Where the local stack keeps what is not in its engine.
    pub data: Data,
    engine: Option<Engine>,
}

impl Target {
    /// Connects: to AWS, to a running local stack, or to the data folder itself.
    pub async fn open(&self) -> Result<Open, EngineError> {
        if let (Some(ledger), Some(programme), Some(raffle)) =
            (&self.ledger_table, &self.programme_table, &self.raffle_table)
        {
            let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
            let [ledger, programme, raffle] = [ledger, programme, raffle].map(Clone::clone);
            let tables = Tables { ledger, programme, raffle };
            let client = aws_sdk_dynamodb::Client::new(&aws);
            // Needed to take events again that give entries of a raffle.
            let ledger = Ledger::new(client, tables.clone()).with_chance(Config::chance_key()?);
            let open = open(ledger, tables, Data::Memory, None);
            let portal = Config::portal()?;
            return Ok(open.with_portal(portal));
        }
        let data = Data::Folder(self.data.clone().into());
        if let Some(client) = running(Path::new(&self.data)).await {
            let chance = chance_key(&data)?;
            let ledger = Ledger::new(client, tables()).with_chance(Some(chance.clone()));
            return Ok(open(ledger, tables(), data, None).of_local(chance));
        }
        if !Path::new(&self.data).is_dir() {
            return Err(EngineError::NoStack(self.data.clone()));
        }
        let engine = Engine::start(&data).await?;
        let chance = engine.chance.clone();
        Ok(open(engine.ledger(), tables(), data, Some(engine)).of_local(chance))
    }
}

fn open(ledger: Ledger, tables: Tables, data: Data, engine: Option<Engine>) -> Open {
    let config = Config::local(tables, None);
    let edge = Edge {
        config,
        programmes: Programmes::new(ledger.clone()),
        ledger,
        queue: RetryQueue::None,
    };
    Open { edge, local: false, data, engine }
}

impl Open {
    /// The local stack's own, with the keys and the address that it has.
    fn of_local(mut self, chance: ChanceKey) -> Self {
        let address = match &self.data {
            Data::Folder(folder) => std::fs::read_to_string(folder.join(ADDRESS)).ok(),
            Data::Memory => None,
        };
        self.local = true;
        self.edge.config = Config {
            public_url: address.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned()),
            ..Config::local(self.edge.config.tables, Some(chance))
        };
        self
    }

    /// A deployment's, with what its members' links are made with.
    fn with_portal(mut self, (key, url): (Option<PortalKey>, String)) -> Self {
        self.edge.config.portal_key = key;
        self.edge.config.public_url = url;
        self
    }

    /// Closes the engine, if this process runs one.
    pub async fn close(self) {
        drop(self.edge);
        if let Some(engine) = self.engine {
            engine.stop().await;
        }
    }
}
