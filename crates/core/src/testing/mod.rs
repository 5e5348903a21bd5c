//! With this module, a test of a program needs no server. The module needs the feature `test-util`.
//!
//! A [`Recorder`] answers the calls of each operation with the [`Reply`]s that the test gives, in their order. The
//! recorder also stores the requests.
//!
//! The recorder replaces only the HTTP client. Signing, retries, timeouts, and the reading and checking of answers work
//! as in production.
//!
//! ```
//! # use huaweicloud_core::{Call, Config, Error, Json, Operation, Request, Retry, Server, Service, Session, http};
//! # static SERVICE: Service = Service::new("dcs", "").with_servers(&[Server::new("", "https://dcs.example.com")]);
//! # static SHOW: Operation =
//! #     Operation::new(&SERVICE, "show_instance", http::Method::GET, "/instances/{id}").with_retry(Retry::Safe);
//! # struct Client(Session);
//! # impl Client {
//! #     fn new(config: &Config) -> Result<Self, Error> { Session::new(config, &SERVICE).map(Self) }
//! #     fn show_instance(&self, id: &str) -> Call<Json> { self.0.send_open(Request::new(&SHOW).path("id", id)) }
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use huaweicloud_core::testing::{Recorder, Reply};
//! use serde_json::json;
//!
//! let recorder = Recorder::new();
//! recorder.reply("show_instance", Reply::broken());
//! recorder.reply("show_instance", Reply::json(200, &json!({"status": "RUNNING"})));
//! let dcs = Client::new(&recorder.config().build()?)?;
//!
//! let instance = dcs.show_instance("the-cache").await?;
//!
//! assert_eq!(instance.attempts(), 2);
//! assert_eq!(recorder.operations(), ["show_instance", "show_instance"]);
//! assert!(recorder.requests()[0].path().ends_with("/the-cache"));
//! # Ok::<(), Error>(())
//! # }).unwrap();
//! ```

mod recorder;
mod reply;
mod request;
mod sent;

pub use recorder::Recorder;
pub use reply::Reply;
pub use request::RecordedRequest;
pub use sent::SentBody;
