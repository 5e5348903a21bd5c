//! The result of a wait that has succeeded.

use crate::error::{Error, ErrorKind};
use std::marker::PhantomData;

/// The result of a wait: [`One`] answer, [`All`] answers, or [`Gone`] if the thing does not exist any more.
pub trait Awaited: sealed::Awaited {}

/// The answer that has the state, as [`Response`](crate::Response).
#[derive(Debug)]
pub struct One<T>(PhantomData<fn() -> T>);

/// The answers that have the state, one for each thing, as a list of [`Response`](crate::Response).
#[derive(Debug)]
pub struct All<T>(PhantomData<fn() -> T>);

/// No answer: the thing does not exist any more. Until then, `T` is the type of its state.
#[derive(Debug)]
pub struct Gone<T>(PhantomData<fn() -> T>);

impl<W: sealed::Awaited> Awaited for W {}

pub(super) mod sealed {
    use super::{All, Gone, One};
    use crate::call::RawResponse;
    use crate::error::Error;
    use crate::response::Response;
    use serde::de::DeserializeOwned;
    use std::any::Any;

    /// The answers that ended a wait.
    pub struct Answers(pub(in crate::wait) Vec<RawResponse>);

    /// Only this part is compiled in the crate of the caller.
    pub trait Awaited {
        /// The type of a polled answer.
        type Answer: DeserializeOwned + Any + Send + Sync;
        /// The result of a successful wait.
        type Output;

        /// The result, from the answers that ended the wait.
        fn output(answers: Answers) -> Result<Self::Output, Error>;
    }

    impl<T: DeserializeOwned + Any + Send + Sync> Awaited for One<T> {
        type Answer = T;
        type Output = Response<T>;

        fn output(answers: Answers) -> Result<Response<T>, Error> {
            let answer = answers.0.into_iter().next();
            answer.ok_or_else(super::nothing)?.into_response()
        }
    }

    impl<T: DeserializeOwned + Any + Send + Sync> Awaited for All<T> {
        type Answer = T;
        type Output = Vec<Response<T>>;

        fn output(answers: Answers) -> Result<Vec<Response<T>>, Error> {
            answers
                .0
                .into_iter()
                .map(RawResponse::into_response)
                .collect()
        }
    }

    impl<T: DeserializeOwned + Any + Send + Sync> Awaited for Gone<T> {
        type Answer = T;
        type Output = ();

        fn output(_: Answers) -> Result<(), Error> {
            Ok(())
        }
    }
}

fn nothing() -> Error {
    Error::new(
        ErrorKind::UnexpectedAnswer,
        "the wait ended without an answer",
    )
}
