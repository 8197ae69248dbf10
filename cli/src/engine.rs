//! An embedded DynamoDB engine, with the tables that `template.yaml` defines.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    operation::create_table::CreateTableError,
};
use dynoxide::Database;
use guerdon_domain::{chance::ChanceKey, draw::hash::Hash};
use guerdon_store::{Ledger, Tables};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::template;

/// The template that the tables and the routes are read from.
pub const TEMPLATE: &str = include_str!("../../template.yaml");
/// The name of the ledger table in an embedded engine.
pub const LEDGER_TABLE: &str = "guerdon-ledger";
/// The name of the programme table in an embedded engine.
pub const PROGRAMME_TABLE: &str = "guerdon-programme";
/// The name of the raffle table in an embedded engine.
pub const RAFFLE_TABLE: &str = "guerdon-raffle";

/// The tables of an embedded engine.
pub fn tables() -> Tables {
    let [ledger, programme, raffle] =
        [LEDGER_TABLE, PROGRAMME_TABLE, RAFFLE_TABLE].map(str::to_owned);
    Tables { ledger, programme, raffle }
}

/// Where the embedded engine keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a folder.
    Folder(PathBuf),
    /// Nowhere: gone when the process ends.
    Memory,
}

impl std::str::FromStr for Data {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "memory" { Self::Memory } else { Self::Folder(text.into()) })
    }
}

/// The engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder or a port cannot be used.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// An operator's command names a folder where no local stack has been.
    #[error(
        "there is no local stack in {0}: start `guerdon --data {0}` first, or name its folder with --data"
    )]
    NoStack(String),
    /// A setting of the environment is not what it should be.
    #[error(transparent)]
    Config(#[from] guerdon_edge::config::ConfigError),
    /// The database file cannot be opened.
    #[error("the database in {0} cannot be opened: {1}")]
    Database(String, String),
    /// The template cannot be read.
    #[error("template.yaml cannot be read")]
    Template(#[from] template::TemplateError),
    /// A table cannot be created.
    #[error("table {0} cannot be created")]
    Table(String, #[source] Box<aws_sdk_dynamodb::Error>),
}

/// A running engine. Dropping it stops nothing: call [`Engine::stop`].
#[derive(Debug)]
pub struct Engine {
    /// Where it answers, on loopback.
    pub address: SocketAddr,
    /// A client of it.
    pub client: Client,
    /// The key of chance that is kept beside its data.
    pub chance: ChanceKey,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Engine {
    /// Starts an engine on a free loopback port and creates the tables that are missing.
    pub async fn start(data: &Data) -> Result<Self, EngineError> {
        let database = open(data)?;
        let chance = chance_key(data)?;
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|source| {
            EngineError::Io { what: "no free loopback port".to_owned(), source }
        })?;
        let address = listener
            .local_addr()
            .map_err(|source| EngineError::Io { what: "no loopback address".to_owned(), source })?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let until = async {
                let _ = stopped.await;
            };
            if let Err(error) =
                dynoxide::server::serve_with_shutdown(listener, database, until).await
            {
                tracing::error!(error, "the embedded DynamoDB engine stopped");
            }
        });
        let client = client(&format!("http://{address}"));
        create_tables(&client).await?;
        Ok(Self { address, client, chance, stop, task })
    }

    /// The ledger kept in it.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.client.clone(), tables()).with_chance(Some(self.chance.clone()))
    }

    /// Stops it, after the calls under way.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        drop(self.client);
        let _ = self.task.await;
    }
}

fn open(data: &Data) -> Result<Database, EngineError> {
    match data {
        Data::Memory => Database::memory()
            .map_err(|error| EngineError::Database("memory".into(), error.to_string())),
        Data::Folder(folder) => {
            create_folder(folder)?;
            let file = folder.join("guerdon.db");
            let name = file.display().to_string();
            Database::new(&name).map_err(|error| EngineError::Database(name, error.to_string()))
        }
    }
}

/// The key of chance: made by the operating system's generator when first needed, and kept beside the data, because the pseudonyms
/// of entrants follow from it.
pub(crate) fn chance_key(data: &Data) -> Result<ChanceKey, EngineError> {
    let new = || ChanceKey(guerdon_edge::random_bytes());
    let Data::Folder(folder) = data else { return Ok(new()) };
    let file = folder.join("chance-key");
    match std::fs::read_to_string(&file) {
        Ok(text) => text.trim().parse().map_err(|_| EngineError::Io {
            what: format!("{} does not hold 64 hex digits", file.display()),
            source: std::io::ErrorKind::InvalidData.into(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = new();
            write_secret(&file, &Hash(key.0).to_string())?;
            Ok(key)
        }
        Err(source) => {
            Err(EngineError::Io { what: format!("{} cannot be read", file.display()), source })
        }
    }
}

/// Writes a file that only its owner may read.
fn write_secret(file: &Path, text: &str) -> Result<(), EngineError> {
    let what = || format!("{} cannot be written", file.display());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(file)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.map_err(|source| EngineError::Io { what: what(), source })
}

fn create_folder(folder: &Path) -> Result<(), EngineError> {
    std::fs::create_dir_all(folder).map_err(|source| EngineError::Io {
        what: format!("the folder {} cannot be made", folder.display()),
        source,
    })
}

/// A client of an engine that takes any credentials.
pub fn client(endpoint: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .timeout_config(guerdon_edge::config::timeouts())
        .build();
    Client::from_conf(config)
}

/// Creates the tables of the template that do not exist yet.
pub async fn create_tables(client: &Client) -> Result<(), EngineError> {
    let existing = client.list_tables().send().await.ok().and_then(|tables| tables.table_names);
    let existing = existing.unwrap_or_default();
    for table in template::tables(TEMPLATE)? {
        let name = match table.logical_id.as_str() {
            "LedgerTable" => LEDGER_TABLE,
            "ProgrammeTable" => PROGRAMME_TABLE,
            "RaffleTable" => RAFFLE_TABLE,
            other => other,
        };
        if existing.iter().any(|table| table == name) {
            continue;
        }
        match table.create(client, name).send().await {
            Ok(_) => {}
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(CreateTableError::is_resource_in_use_exception) => {}
            Err(error) => return Err(EngineError::Table(name.to_owned(), Box::new(error.into()))),
        }
    }
    Ok(())
}
