//! Waits for a state: their description in generated code, and the polls.
//!
//! 1. [`Waiter`]: the operation that polls, the field with the state, and the values that end a wait.
//! 2. `call`: methods return [`PolledCall`] and [`ActionCall`]: one answer, or the beginning of a wait.
//! 3. `target`: the goal of a wait, and the value that identifies each thing.
//! 4. `judge`: the meaning of a poll. `poll`: one poll, also through the pages of a list.
//! 5. `run`: the polls with their pauses, until the deadline. [`Wait`] adds the settings.
//!
//! A wait reads the field in the answer before it is decoded. So lenient decoding cannot drop the field.

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
