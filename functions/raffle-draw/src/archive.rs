//! Copies of the records of draws, for whoever keeps or reads them without Guerdon: objects of a bucket, or files of a folder.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use guerdon_domain::draw::record::Record;
use object_store::{
    Error, ObjectStore, PutMode, PutOptions, PutPayload, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, memory::InMemory, path::Path,
};

/// A record cannot be copied; the next run tries again.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The folder cannot be made.
    #[error("{}", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    /// The bucket or the folder failed.
    #[error("the record cannot be copied to the archive")]
    Store(#[from] Error),
}

/// Where the copies are.
#[derive(Debug, Clone)]
pub struct Archive(pub Arc<dyn ObjectStore>);

/// How long copying a record may be tried; the next run tries again.
const TIME_MAX: Duration = Duration::from_secs(30);

impl Archive {
    /// A bucket of S3, by the credentials and the region of the environment.
    pub fn bucket(name: &str) -> Result<Self, ArchiveError> {
        let retries = RetryConfig { retry_timeout: TIME_MAX, ..RetryConfig::default() };
        let bucket = AmazonS3Builder::from_env().with_bucket_name(name).with_retry(retries);
        let bucket = bucket.build()?;
        Ok(Self(Arc::new(bucket)))
    }

    /// A folder, which is made if it is not there.
    pub fn folder(folder: PathBuf) -> Result<Self, ArchiveError> {
        std::fs::create_dir_all(&folder)
            .map_err(|error| ArchiveError::Folder(folder.clone(), error))?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?)))
    }

    /// Nowhere: gone when the process ends.
    pub fn memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Copies an edition of a record, byte by byte, to `{raffle}/{digest}.json`. It is never written over: what is there under
    /// its digest is the same.
    pub async fn keep(&self, record: &Record) -> Result<(), ArchiveError> {
        let place = Path::from_iter([
            record.announced.raffle.as_str(),
            &format!("{}.json", record.digest()),
        ]);
        let payload = PutPayload::from(record.canonical().into_bytes());
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.0.put_opts(&place, payload, options).await {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
