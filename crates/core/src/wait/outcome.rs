//! The result of a successful wait.

use crate::error::{Error, ErrorKind};
use std::marker::PhantomData;

/// The type of a wait's result: [`One`] answer, [`All`] answers, or [`Gone`] if the resource does not exist any more.
pub trait Awaited: sealed::Awaited {}

/// The result is one answer: the answer that contains the state, as [`Response`](crate::Response).
#[derive(Debug)]
pub struct One<T>(PhantomData<fn() -> T>);

/// The result is a list with one [`Response`](crate::Response) for each resource. The answer contains the state of the
/// resource.
#[derive(Debug)]
pub struct All<T>(PhantomData<fn() -> T>);

/// The result has no answer, because the resource does not exist any more. `T` is the type of the earlier answers,
/// which contain the state.
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

    /// The answers of the polls that found the awaited state.
    pub struct Answers(pub(in crate::wait) Vec<RawResponse>);

    /// The part of a wait that depends on the type of the answer. The code of the polls is not generic, so the crate of
    /// the caller does not compile this code again.
    pub trait Awaited {
        /// The type of the answer to a poll.
        type Answer: DeserializeOwned + Any + Send + Sync;
        /// The output of a successful wait.
        type Output;

        /// Makes the output from the answers.
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
