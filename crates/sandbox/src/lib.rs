//! A local server that speaks the documented APIs of Huawei Cloud services, for tests and demonstrations.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use huaweicloud_sandbox::{Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default()).await?;
//! println!("IAM answers at {}", sandbox.details().addresses.iam);
//! sandbox.shutdown().await;
//! # Ok::<(), huaweicloud_sandbox::StartError>(())
//! # }).unwrap();
//! ```
//!
//! Each service has a listener of its own. Paths, parameters, limits and examples come from the services' API documents: a request that breaks a
//! documented limit is refused in the documented form, and an operation without behaviour answers its documented example. These operations have
//! behaviour, backed by a database (in memory, or in a file):
//!
//! * IAM: tokens (for a password, a second factor, an agency, an ID token), projects, temporary access keys, and what the Security Token
//!   Service does for an ID token. A token or a signature is checked for every operation that the document does not exempt.
//! * The metadata service of an elastic cloud server, and the one that a container asks: keys of an agency. [`Issuers`] has what leads to them.
//! * ROMA Connect device integration: devices and products, and their authentication.
//! * DCS: instances and their passwords.
//!
//! A change is in the data file before it is answered. Data files of earlier versions are brought up to date at the start.
//!
//! Where the documentation leaves a choice, the sandbox chose:
//!
//! * `show_..._authentication`, the two resets and the two creations answer passwords in clear text, so that a test can see what is in force;
//!   every other answer masks them. They are kept in clear text for that reason. Passwords of users and of DCS instances are kept as salted
//!   hashes, tokens as SHA-256.
//! * An empty user name or password in a reset is the same as none. With neither, the sandbox makes both.
//! * A wrong old password of a DCS instance counts down from five; the fifth wrong one locks it, for changes and for resets. A reset restores the
//!   tries. An instance with password-free access refuses a change (DCS.4850).
//! * A new DCS instance runs at once. There is one project, one user and one ROMA Connect instance.
//! * Credentials that are good, but not for the project of the path, are refused with 403.
//!
//! # Clients
//! [`Sandbox::config`] is a configuration for the clients of all services, ready to be changed and built. [`Details::environment`] has the
//! variables for other programs. `huaweicloud-sandbox --print-env` prints them, and `huaweicloud-sandbox -- COMMAND` runs a command with them.
//!
//! # Faults
//! Things can be made to go wrong: requests and answers by [`Sandbox::faults`], names and certificates by [`Options::entrance`], everything from
//! the start by [`Options::fault`] or the program's `--fault`.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use huaweicloud_sandbox::{Fault, Sandbox, Service};
//!
//! let sandbox = Sandbox::builder().fault("iam:delay=50ms".parse()?).start().await?;
//! sandbox.faults().inject(Service::Dcs, Fault::ServiceUnavailable, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # Features
//! `tls` (off by default): HTTPS, with a certificate authority made for each run.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod api;
mod authenticate;
mod behaviour;
mod clock;
#[cfg(test)]
mod conformance;
mod connection;
mod details;
mod device_and_cache_login;
mod entrance;
mod environment;
mod error;
mod faults;
mod issuers;
mod listen;
mod openapi;
mod options;
mod password_hash;
mod problem;
mod random;
mod received;
mod sandbox;
mod server;
mod service;
#[rustfmt::skip]
mod services;
mod state;
mod store;
#[cfg(feature = "tls")]
mod tls;
mod validate;

pub use clock::Clock;
pub use details::{Details, Tenant};
pub use entrance::Entrance;
pub use error::{DatabaseError, StartError, StatusError};
pub use faults::{Fault, FaultArgument, Faults, RetryAfter};
pub use issuers::Issuers;
pub use options::Options;
pub use sandbox::Sandbox;
pub use services::{Addresses, Service};
