//! Waiting for a state: what generated code says of it, and how it is polled.
//!
//! 1. [`Waiter`]: which operation polls, which field tells the state, and which values end a wait.
//! 2. `call`: [`PolledCall`] and [`ActionCall`] are what methods return: one answer, or the begin of a wait.
//! 3. `target`: what a wait is for, and the value that tells each thing.
//! 4. `judge`: what a poll means. `poll`: one poll, also through the pages of a list.
//! 5. `run`: the polls with their pauses, until the deadline. [`Wait`] is that, with its settings.
//!
//! A wait reads the field in the answer as it came, so that lenient decoding can drop nothing that it needs.

mod call;
mod judge;
mod outcome;
mod path;
mod poll;
mod run;
mod settings;
mod target;
mod waiter;
mod waiting;

pub use call::{ActionCall, PolledCall};
pub use outcome::{All, Awaited, Gone, One};
pub use settings::Progress;
pub use waiter::{PagesOfPoll, Waiter};
pub use waiting::Wait;
