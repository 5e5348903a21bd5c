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
//! Each service has its own listener. Paths, parameters, limits and examples come from the API documents of the
//! services. If a request breaks a documented limit, it is refused in the documented form. An operation without
//! behaviour answers its documented example. These operations have behaviour, with a database in memory or in a file:
//!
//! * IAM: tokens (for a password, a second factor, an agency, an ID token), projects, and temporary access keys. The
//!   Security Token Service gives keys for an ID token. Each operation needs a token or a signature, unless its
//!   document says otherwise.
//! * The metadata service of an elastic cloud server, and the one that a container asks: keys of an agency. [`Issuers`] has what leads to them.
//! * ROMA Connect device integration: all operations. `docs/decisions/sandbox-link.md` has its decisions.
//! * DCS: all chapters. Its decisions are in `docs/decisions/sandbox-dcs.md` of the repository.
//!
//! A change is in the data file before it is answered. Data files of earlier versions are brought up to date at the start.
//!
//! Where the documentation leaves a choice, the sandbox chose:
//!
//! * `show_..._authentication`, the two resets and the two creations answer passwords in clear text, so that a test can
//!   see them. All other answers mask them. So these passwords are stored in clear text. Passwords of users and of DCS
//!   instances are kept as salted hashes, tokens as SHA-256.
//! * An empty user name or password in a reset is the same as none. With neither, the sandbox makes both.
//! * A wrong old password of a DCS instance counts down from five; the fifth wrong one locks it, for changes and for resets. A reset restores the
//!   tries. An instance with password-free access refuses a change (DCS.4850).
//! * A new DCS instance runs at once. There is one project, one user and one ROMA Connect instance.
//! * Credentials that are good, but not for the project of the path, are refused with 403.
//! * A list of devices to delete, to add or to remove is done as a whole or not at all. A device group with groups or devices in it is not deleted,
//!   and belongs to the application of the group above it. A deleted device leaves its groups. Sources and destinations go with their rule.
//! * A product template, a service or a command with parts is not deleted. A deleted product leaves its model behind. A synchronization changes what has
//!   the same name, adds what is new, and deletes nothing.
//!
//! # Clients
//! [`Sandbox::config`] is a configuration for the clients of all services, ready to be changed and built. [`Details::environment`] has the
//! variables for other programs. `huaweicloud-sandbox --print-env` prints them, and `huaweicloud-sandbox -- COMMAND` runs a command with them.
//!
//! # Faults
//! The sandbox can inject faults. [`Sandbox::faults`] changes requests and answers. [`Options::entrance`] changes names
//! and certificates. [`Options::fault`], and the option `--fault` of the program, inject faults from the start.
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
