//! What is kept once and never written over: objects of a bucket, or files of a folder.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use futures_util::TryStreamExt as _;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, memory::InMemory, path::Path,
};

/// Something cannot be kept or read; trying again is safe.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The folder cannot be made.
    #[error("{}", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    /// The bucket or the folder failed.
    #[error("the archive failed")]
    Store(#[from] Error),
}

/// What keeping something came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It was not there before.
    New,
    /// Something is at its place, and stays.
    Already,
}

/// Where things are kept.
#[derive(Debug, Clone)]
pub struct Archive(pub Arc<dyn ObjectStore>);

/// How long one object may be tried.
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

    /// What a setting names: a bucket, or `file:` and a folder.
    pub fn named(setting: &str) -> Result<Self, ArchiveError> {
        match setting.strip_prefix("file:") {
            Some(folder) => Self::folder(folder.into()),
            None => Self::bucket(setting),
        }
    }

    /// Keeps bytes at a place, byte by byte, if nothing is there: what is kept is never written over.
    pub async fn keep(
        &self,
        place: &[&str],
        bytes: impl Into<Vec<u8>>,
    ) -> Result<Kept, ArchiveError> {
        let payload = PutPayload::from(bytes.into());
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.0.put_opts(&path(place), payload, options).await {
            Ok(_) => Ok(Kept::New),
            Err(Error::AlreadyExists { .. }) => Ok(Kept::Already),
            Err(error) => Err(error.into()),
        }
    }

    /// What is kept at a place; `None` if nothing is.
    pub async fn read(&self, place: &[&str]) -> Result<Option<Vec<u8>>, ArchiveError> {
        match self.0.get(&path(place)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether something is kept at a place.
    pub async fn has(&self, place: &[&str]) -> Result<bool, ArchiveError> {
        match self.0.head(&path(place)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The places below a prefix, each by its parts, in order.
    pub async fn list(&self, prefix: &[&str]) -> Result<Vec<Vec<String>>, ArchiveError> {
        let found: Vec<_> = self.0.list(Some(&path(prefix))).try_collect().await?;
        let parts = |path: Path| -> Vec<String> {
            path.parts().map(|part| part.as_ref().to_owned()).collect()
        };
        let mut places: Vec<_> = found.into_iter().map(|object| parts(object.location)).collect();
        places.sort();
        Ok(places)
    }

    /// Gives a place free again; what was never there is no error.
    pub async fn release(&self, place: &[&str]) -> Result<(), ArchiveError> {
        match self.0.delete(&path(place)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A place by its parts; what a part must not hold is written otherwise.
fn path(place: &[&str]) -> Path {
    place.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keeps_once(archive: Archive) {
        let place = ["statements", "2026-10", "shopify:a.myshopify.com:1"];
        assert_eq!(archive.read(&place).await.unwrap(), None);
        assert_eq!(archive.keep(&place, *b"one").await.unwrap(), Kept::New);
        assert_eq!(archive.keep(&place, *b"two").await.unwrap(), Kept::Already);
        assert_eq!(archive.read(&place).await.unwrap().as_deref(), Some(&b"one"[..]));
        assert_eq!(archive.list(&["statements"]).await.unwrap(), [place.map(str::to_owned)]);
        assert!(archive.has(&place).await.unwrap() && !archive.has(&["x"]).await.unwrap());
        archive.release(&place).await.unwrap();
        archive.release(&place).await.unwrap();
        assert_eq!(archive.keep(&place, *b"three").await.unwrap(), Kept::New);
        let outside = ["..", "../../x", "a/b"];
        archive.keep(&outside, *b"in").await.unwrap();
        assert_eq!(archive.read(&outside).await.unwrap().as_deref(), Some(&b"in"[..]));
    }

    #[tokio::test]
    async fn what_is_kept_is_never_written_over() {
        keeps_once(Archive::memory()).await;
        let folder = tempfile::tempdir().unwrap();
        keeps_once(Archive::folder(folder.path().join("deep")).unwrap()).await;
        let inside = std::fs::read_dir(folder.path()).unwrap();
        assert_eq!(inside.count(), 1, "nothing is written beside the folder");
    }
}
