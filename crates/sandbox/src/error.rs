use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use crate::openapi::DocumentError;
use crate::store::StoreError;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines can reach the address, and the options do not allow this.
    #[error(
        "{0} is not a loopback address: use 127.0.0.1 or ::1, or allow remote clients explicitly (--allow-remote)"
    )]
    NotLoopback(IpAddr),
    /// The sandbox cannot listen on the address or the port.
    #[error(
        "cannot listen on {address}: {source} (is another program using the port? port 0 takes a free one)"
    )]
    Listen {
        /// The address and the port.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The file of the database cannot be used. The sandbox did not change it.
    #[error("cannot use the data file {}: {reason}", file.display())]
    Data {
        /// The file.
        file: PathBuf,
        /// What is wrong with it, and how to fix it.
        reason: String,
    },
    /// A built-in API document cannot be used.
    #[error("the built-in API document of {service}: {reason}")]
    Document {
        /// The service that it describes.
        service: &'static str,
        /// What is wrong, with its place in the document.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(String),
    /// A given value cannot be used.
    #[error("{0}")]
    Option(String),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<DocumentError> for StartError {
    fn from(error: DocumentError) -> Self {
        Self::Document {
            service: error.service,
            reason: error.to_string(),
        }
    }
}

/// The database failed during a search or a change.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox's database failed: {0}")]
pub struct DatabaseError(pub(crate) String);

/// Why a DCS instance cannot be put into a status.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// No document has this status.
    #[error("`{status}` is no documented status of a DCS instance: give one of {options}")]
    Undocumented {
        /// The status that was given.
        status: String,
        /// The documented statuses.
        options: String,
    },
    /// There is no such instance.
    #[error("there is no DCS instance `{0}`")]
    NoInstance(String),
    /// The database failed.
    #[error("the sandbox's database failed: {0}")]
    Database(String),
}

impl From<StoreError> for StatusError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<StoreError> for DatabaseError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}
