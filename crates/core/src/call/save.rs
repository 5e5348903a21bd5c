//! Saves a downloaded file on disk. If saving fails, no part of the file remains.

use super::download::Download;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tokio::task::spawn_blocking;

impl Download {
    /// Saves the whole file in an existing folder, under the name that [`file_name`](Self::file_name) returns. Returns
    /// the path of the saved file.
    ///
    /// If the folder already contains a file of this name, the method fails and keeps the existing file. Without this
    /// rule, the server could replace any file in the folder, because the server chooses the name.
    ///
    /// The bytes are written to a temporary file in the same folder. At the end, the temporary file is renamed. If
    /// saving fails, or if the program drops the future, the temporary file is removed.
    ///
    /// # Errors
    /// Fails with the errors of [`chunk`](Self::chunk). Also fails if the file cannot be written to the folder, or if
    /// the program has already taken a part of the file. The kind of these two errors is [`ErrorKind::File`].
    pub async fn save_in(&mut self, folder: impl AsRef<Path>) -> Result<PathBuf, Error> {
        let path = folder.as_ref().join(self.file_name());
        self.save(path, Existing::Stays).await
    }

    /// Saves the whole file at this path, and replaces an existing file. Apart from this, the method works like
    /// [`save_in`](Self::save_in).
    ///
    /// # Errors
    /// The errors are those of [`save_in`](Self::save_in).
    pub async fn save_to(&mut self, path: impl AsRef<Path>) -> Result<PathBuf, Error> {
        self.save(path.as_ref().to_owned(), Existing::IsReplaced)
            .await
    }

    async fn save(&mut self, path: PathBuf, existing: Existing) -> Result<PathBuf, Error> {
        let (operation, attempts) = (self.operation(), self.attempts());
        let failed = |error: Error| error.of_call(operation, attempts);
        if self.received() > 0 {
            let message = "the program has already taken a part of the file";
            let error = Error::new(ErrorKind::File, message);
            return Err(failed(error.with_help("save the file before reading it")));
        }
        let mut part = Part::new(path).await.map_err(failed)?;
        while let Some(bytes) = self.chunk().await? {
            part.write(bytes).await.map_err(failed)?;
        }
        part.finish(existing).await.map_err(failed)
    }
}

/// The treatment of an existing file at the target path.
#[derive(Clone, Copy)]
enum Existing {
    Stays,
    IsReplaced,
}

/// A file that is not complete yet. If this value is dropped before the file is complete, the temporary file is
/// removed.
struct Part {
    target: PathBuf,
    temporary: Temporary,
    /// `None` while a thread writes to the file, and after a failed write.
    file: Option<File>,
}

/// Removes the temporary file when the value is dropped.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // If the temporary file was renamed, this call fails, because the file does not exist any more.
        let _ = fs::remove_file(&self.0);
    }
}

impl Part {
    async fn new(target: PathBuf) -> Result<Self, Error> {
        let name = format!(".{:016x}.part", fastrand::u64(..));
        let at = target.clone();
        let made = move || {
            // A path without a file name, such as `..` or `/`, cannot be the path of a file.
            if target.file_name().is_none() {
                return Err(io::ErrorKind::InvalidFilename.into());
            }
            let path = target.with_file_name(name);
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)?;
            Ok(Self {
                target,
                temporary: Temporary(path),
                file: Some(file),
            })
        };
        on_disk(&at, made).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), Error> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let written = move || file.write_all(&bytes).map(|()| file);
        self.file = Some(on_disk(&self.target, written).await?);
        Ok(())
    }

    async fn finish(self, existing: Existing) -> Result<PathBuf, Error> {
        let Self {
            target,
            temporary,
            file,
        } = self;
        let at = target.clone();
        let named = move || {
            if let Some(file) = file {
                file.sync_all()?;
            }
            if let Existing::Stays = existing {
                // Reserves the target path with an empty file. The step fails if the target path already exists.
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&target)?;
            }
            let named = fs::rename(&temporary.0, &target);
            if let (Err(_), Existing::Stays) = (&named, existing) {
                let _ = fs::remove_file(&target);
            }
            named.map(|()| target)
        };
        on_disk(&at, named).await
    }
}

/// Runs a function that waits for the disk. The function runs in a thread for blocking functions.
async fn on_disk<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = spawn_blocking(work).await;
    let done = done.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
    done.map_err(|error| {
        // The message does not contain the file name, because the server may have chosen the name.
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let message = format!("the file cannot be saved in `{}`", folder.display());
        let help = match error.kind() {
            io::ErrorKind::AlreadyExists => {
                "a file with this name exists: choose another folder, or call save_to() with a path"
            }
            io::ErrorKind::NotFound => "make the folder",
            _ => "check the path, the permissions of the folder and the free space",
        };
        Error::new(ErrorKind::File, message)
            .with_help(help)
            .with_source(error)
    })
}
