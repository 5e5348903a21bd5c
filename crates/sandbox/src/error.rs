use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use crate::openapi::DocumentError;
use crate::store::StoreError;

/// The reason why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines can reach the address, and the options do not allow this.
    #[error(
        "{0} is not a loopback address: use 127.0.0.1 or ::1, or allow remote clients explicitly (--allow-remote)"
    )]
    NotLoopback(IpAddr),
    /// The sandbox cannot listen on the address and the port.
    #[error(
        "cannot listen on {address}: {source} (another program possibly uses the port; with port 0, the sandbox uses a free port)"
    )]
    Listen {
        /// The address and the port.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The sandbox cannot use the data file. If this version of the sandbox cannot read the file, the file stays
    /// unchanged.
    #[error("cannot use the data file {}: {reason}", file.display())]
    Data {
        /// The data file.
        file: PathBuf,
        /// The problem with the file, and how to solve the problem.
        reason: String,
    },
    /// The sandbox cannot use a built-in OpenAPI document.
    #[error("cannot use the built-in API document of {service}: {reason}")]
    Document {
        /// The service that the document describes.
        service: &'static str,
        /// The problem, and its position in the document.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(String),
    /// The sandbox cannot use the value of an option, cannot set up TLS, or cannot find the address of a listener.
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

/// The reason why the sandbox cannot set the status of a DCS instance.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The API documentation does not list this status.
    #[error(
        "`{status}` is not a documented status of a DCS instance; the documented statuses are {options}"
    )]
    Undocumented {
        /// The status that the caller gave.
        status: String,
        /// The documented statuses, separated by commas.
        options: String,
    },
    /// There is no DCS instance with this ID.
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
