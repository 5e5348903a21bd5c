//! A local server that implements documented operations of Huawei Cloud services, for tests and demonstrations.
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
//! Each service has its own listener. Paths, parameters, limits and examples come from the OpenAPI documents of the
//! services. If a request breaks a documented limit, the sandbox refuses the request. The error has the documented form
//! of the service, or the form of the API gateway.
//!
//! Most operations have behaviour: code that computes the answer, and can store data in a database. The database is in
//! memory or in a file. An operation without behaviour answers with its documented example. These operations have
//! behaviour:
//!
//! * IAM: all operations. A client gets a token for a password, for a password with a passcode, for an agency, or for
//!   an ID token. The Security Token Service issues temporary access keys for an ID token.
//! * The metadata service of an elastic cloud server, and the metadata service of a container. Both issue temporary
//!   access keys of the user. [`Issuers`] contains the address and the token for the container.
//! * ROMA Connect device integration (LINK): all operations. `docs/decisions/sandbox-link.md` in the repository
//!   explains the decisions for this service.
//! * DCS: all operations except `list_maintenance_windows`. `docs/decisions/sandbox-dcs.md` in the repository explains
//!   the decisions for this service.
//!
//! If a request changes data, and the sandbox has a data file, the sandbox answers only after the change is in this
//! file. At the start, the sandbox converts a data file of an earlier version.
//!
//! The sandbox has the following rules. Most of them are our decisions, because the documentation does not define every
//! detail.
//!
//! * Some answers of LINK contain passwords of devices and products in clear text, because tests need them. These are
//!   the answers of operations that create a device or a product, and of operations that show or reset an
//!   authentication. Exports with `password_type=1` also contain passwords. All other answers mask or omit passwords.
//! * The database contains secret keys, and the passwords of devices, products and the user, in clear text. It also
//!   contains the passwords and tokens of rule destinations in clear text. For DCS passwords, the database contains
//!   only salted hashes. For tokens that the sandbox issues, it contains only SHA-256 hashes.
//! * A request can reset the authentication of a device or a product. An empty user name or password in this request
//!   counts as missing. If both values are missing, the sandbox generates a user name and a password. If only one value
//!   is missing, the sandbox keeps the old value.
//! * To change the password of a DCS instance, a caller has five tries for the old password. The fifth wrong password
//!   locks changes and resets of the password for the [lock time](Options::lock_time). A successful change or reset
//!   restores the five tries. An instance with password-free access refuses a change of the password with the error
//!   code DCS.4850.
//! * There is one project, one user and one ROMA Connect instance.
//! * By default, a new DCS instance has the status `RUNNING` immediately.
//! * If credentials are valid, but not for the project in the path, the answer has status 403.
//! * If a request deletes or changes several devices, the sandbox deletes or changes either all of them or no device.
//!   The operation `disconnect_devices` is an exception: it skips missing devices.
//! * The sandbox refuses to delete a device group that contains groups or devices. A device group belongs to the
//!   application of its parent group. The deletion of a device also removes the device from its groups. The deletion of
//!   a rule also deletes the sources and destinations of the rule.
//! * If a product template, a service or a command has parts, the sandbox refuses the deletion. For example, properties
//!   and commands are parts of a service. The deletion of a product also deletes the services and topics of the
//!   product. A synchronization copies the parts of a product template to a product. If the product already has a part
//!   with the same name, the sandbox changes the part of the product. The synchronization deletes a service only if the
//!   template marks the service as deleted.
//!
//! # Clients
//! [`Sandbox::config`] returns the builder of a configuration for the clients of all services.
//! [`Details::environment`] returns environment variables for other programs. `huaweicloud-sandbox --print-env` prints
//! these variables. `huaweicloud-sandbox -- COMMAND` runs a command with these variables.
//!
//! # Faults
//! [`Sandbox::faults`] returns a [`Faults`], which injects faults into requests and answers while the sandbox runs.
//! [`Options::entrance`] changes the scheme, the host name or the certificate of a service's address.
//! [`Options::fault`], and the option `--fault` of the program, inject faults from the start.
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
//! * `tls` (off by default): HTTPS. If a service uses HTTPS, the sandbox creates a new certificate authority at the
//!   start.
//! * `mimalloc` (on by default): the program uses the memory allocator mimalloc. The library does not use it.

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
