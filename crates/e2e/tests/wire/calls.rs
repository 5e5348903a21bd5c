//! Lists the operations of all services as functions. Each function gets a configuration and the arguments of a call,
//! and returns the decoded answer.

#![allow(
    dead_code,
    reason = "each test program uses only a part of this module"
)]

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use axum::http::HeaderMap;
use huaweicloud::{Config, Download, Error, Response};
use huaweicloud_core::ShowSecrets;
use serde::Serialize;
use serde_json::Value;

use crate::given::Given;

/// The decoded answer of a call.
pub struct Decoded {
    /// The decoded body, encoded again.
    pub body: Value,
    /// The headers in the `Response` of the call.
    pub headers: HeaderMap,
    /// The answer, formatted with `{:?}` and with `{:#?}`.
    pub printed: String,
}

/// The future of a call.
pub type Call = Pin<Box<dyn Future<Output = Result<Decoded, Error>> + Send>>;

/// An operation of a client.
pub struct Operation {
    pub id: &'static str,
    /// Calls the operation, and encodes the decoded answer.
    pub call: fn(&Config, Given) -> Call,
}

pub struct Service {
    pub name: &'static str,
    pub openapi: &'static str,
    pub operations: Vec<Operation>,
}

/// The answer of a call. For a file, `Answered` has its own method `decoded`. Rust prefers this method to the method of
/// the trait.
struct Answered<T>(Response<T>);

trait Decode {
    async fn decoded(self) -> Result<Decoded, Error>;
}

impl<T: Serialize + Debug> Decode for Answered<T> {
    async fn decoded(self) -> Result<Decoded, Error> {
        Ok(Decoded {
            headers: self.0.headers().clone(),
            printed: format!("{0:?}\n{0:#?}\n", self.0),
            body: serde_json::to_value(ShowSecrets(&self.0.into_inner())).unwrap(),
        })
    }
}

impl Answered<Download> {
    /// Returns the content of the file as a string, because documented examples are strings.
    async fn decoded(self) -> Result<Decoded, Error> {
        Answered(self.0.map(Some)).decoded().await
    }
}

impl Answered<Option<Download>> {
    async fn decoded(mut self) -> Result<Decoded, Error> {
        let mut body = Value::Null;
        if let Some(file) = &mut *self.0 {
            let mut bytes = Vec::new();
            while let Some(chunk) = file.chunk().await? {
                bytes.extend_from_slice(&chunk);
            }
            body = String::from_utf8(bytes).unwrap().into();
        }
        Ok(Decoded {
            headers: self.0.headers().clone(),
            printed: format!("{0:?}\n{0:#?}\n", self.0),
            body,
        })
    }
}

/// Adds a method `unjudged` without effect to all calls that have no such method. So the macro `calls` can use
/// `unjudged` for each operation. With `unjudged`, a call returns the answer even if the answer reports a failure. The
/// tests need this answer, because they compare its content.
trait Unjudged: Sized {
    fn unjudged(self) -> Self {
        self
    }
}

impl<T> Unjudged for huaweicloud_core::Call<T> {}
impl<T, I> Unjudged for huaweicloud_core::PagedCall<T, I> {}
impl<T, S> Unjudged for huaweicloud_core::PolledCall<T, S> {}
impl<T, W> Unjudged for huaweicloud_core::ActionCall<huaweicloud_core::Call<T>, W> {}

macro_rules! argument {
    ($given:ident parameter $name:literal) => {
        $given.parameter($name)
    };
    ($given:ident params) => {
        &$given.params()
    };
    ($given:ident body) => {
        $given.body()
    };
    ($given:ident file) => {
        &$given.file()
    };
}

macro_rules! calls {
    ($($id:ident($($kind:ident $($name:literal)?),*),)*) => {
        vec![$(Operation {
            id: stringify!($id),
            call: |config, given| {
                let client = Client::new(config).unwrap();
                // This line prevents a warning about the unused `given` of an operation without arguments.
                let _ = &given;
                let call = client.$id($(argument!(given $kind $($name)?)),*);
                Box::pin(async move { Answered(call.unjudged().await?).decoded().await })
            },
        }),*]
    };
}

macro_rules! services {
    ($($name:literal $module:ident;)*) => {
        vec![$({
            type Client = huaweicloud::$module::Client;
            Service {
                name: $name,
                openapi: huaweicloud::$module::OPENAPI,
                operations: huaweicloud::$module::each_operation!(calls),
            }
        }),*]
    };
}

pub fn services() -> Vec<Service> {
    huaweicloud::each_service!(services)
}
