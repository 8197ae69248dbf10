//! Where the operator's seeds are kept until they are revealed.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use aws_sdk_secretsmanager::{
    Client,
    operation::{get_secret_value::GetSecretValueError, put_secret_value::PutSecretValueError},
};
use guerdon_domain::draw::hash::Hash;

/// A seed cannot be kept, or is not there.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Secrets Manager failed.
    #[error("Secrets Manager: {0}")]
    Secrets(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file cannot be read or written.
    #[error("{}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// What is kept is no seed.
    #[error("what is kept as the seed of raffle {0} is not 64 hex digits")]
    NotASeed(String),
}

/// Where the seeds are.
#[derive(Debug)]
pub enum Vault {
    /// In Secrets Manager: each is a version of this one secret, so that the role names it and needs no pattern. The version's id
    /// follows from the raffle's, and its label keeps it until the seed is revealed; a secret has 20 labels.
    Secrets(Client, String),
    /// In files of a folder, which only their owner may read.
    Folder(PathBuf),
    /// Nowhere: gone when the process ends.
    Memory(Mutex<BTreeMap<String, Hash>>),
}

impl Vault {
    /// The seed of a raffle; made by the operating system's generator when it is first asked for, and the same ever after.
    pub async fn seed(&self, raffle: &str) -> Result<Hash, VaultError> {
        match self {
            Self::Secrets(client, secret) => {
                if let Some(seed) = read(client, secret, raffle).await? {
                    return Ok(seed);
                }
                let seed = Hash(guerdon_edge::random_bytes());
                let put = client
                    .put_secret_value()
                    .secret_id(secret)
                    .client_request_token(version(raffle))
                    .version_stages(label(raffle))
                    .secret_string(seed.to_string());
                match put.send().await {
                    Ok(_) => Ok(seed),
                    // Another run was faster: its seed is the seed.
                    Err(error)
                        if error
                            .as_service_error()
                            .is_some_and(PutSecretValueError::is_resource_exists_exception) =>
                    {
                        let kept = read(client, secret, raffle).await?;
                        kept.ok_or_else(|| VaultError::NotASeed(raffle.to_owned()))
                    }
                    Err(error) => Err(VaultError::Secrets("PutSecretValue", Box::new(error))),
                }
            }
            Self::Folder(folder) => in_folder(folder.join(format!("{raffle}.seed")), raffle),
            Self::Memory(seeds) => {
                let mut seeds = seeds.lock().unwrap_or_else(PoisonError::into_inner);
                let new = || Hash(guerdon_edge::random_bytes());
                Ok(*seeds.entry(raffle.to_owned()).or_insert_with(new))
            }
        }
    }

    /// Lets go of the label of a seed that is revealed. What fails here costs a label, and nothing else.
    pub async fn revealed(&self, raffle: &str) {
        let Self::Secrets(client, secret) = self else { return };
        let update = client
            .update_secret_version_stage()
            .secret_id(secret)
            .version_stage(label(raffle))
            .remove_from_version_id(version(raffle));
        if let Err(error) = update.send().await {
            tracing::warn!(
                raffle,
                error = guerdon_edge::causes(&error),
                "a revealed seed keeps its label"
            );
        }
    }
}

/// The id of the version that is a raffle's seed: 32 hex digits.
fn version(raffle: &str) -> String {
    let mut hash = Hash::of(format!("raffle seed\n{raffle}\n").as_bytes()).to_string();
    hash.truncate(32);
    hash
}

/// The label that keeps it.
fn label(raffle: &str) -> String {
    format!("raffle-{raffle}")
}

async fn read(client: &Client, secret: &str, raffle: &str) -> Result<Option<Hash>, VaultError> {
    match client.get_secret_value().secret_id(secret).version_id(version(raffle)).send().await {
        Ok(secret) => {
            let seed = secret.secret_string().and_then(|text| text.parse().ok());
            seed.map(Some).ok_or_else(|| VaultError::NotASeed(raffle.to_owned()))
        }
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => Err(VaultError::Secrets("GetSecretValue", Box::new(error))),
    }
}

/// Reads the seed, or writes a new one beside it first and gives it its name: a crash in between leaves no half of one.
fn in_folder(file: PathBuf, raffle: &str) -> Result<Hash, VaultError> {
    use std::io::{ErrorKind, Write as _};
    let fail = |error| VaultError::File(file.clone(), error);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            return text.trim().parse().map_err(|_| VaultError::NotASeed(raffle.to_owned()));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(fail(error)),
    }
    let seed = Hash(guerdon_edge::random_bytes());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let new = file.with_extension(format!("new-{:016x}", guerdon_edge::random()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&new).map_err(fail)?;
    written.write_all(seed.to_string().as_bytes()).map_err(fail)?;
    written.sync_all().map_err(fail)?;
    // A hard link does not replace what another run has put there meanwhile.
    let linked = std::fs::hard_link(&new, &file);
    std::fs::remove_file(&new).map_err(fail)?;
    match linked {
        Ok(()) => Ok(seed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => in_folder(file, raffle),
        Err(error) => Err(fail(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_seed_is_made_once_and_is_another_for_each_raffle() {
        let folder = std::env::temp_dir().join(format!("seeds-{:016x}", guerdon_edge::random()));
        for vault in [Vault::Folder(folder.clone()), Vault::Memory(Mutex::default())] {
            let spring = vault.seed("spring").await.unwrap();
            assert_eq!(vault.seed("spring").await.unwrap(), spring);
            assert_ne!(vault.seed("autumn").await.unwrap(), spring);
        }
        std::fs::write(folder.join("winter.seed"), "no seed").unwrap();
        let vault = Vault::Folder(folder.clone());
        assert!(matches!(vault.seed("winter").await, Err(VaultError::NotASeed(_))));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
