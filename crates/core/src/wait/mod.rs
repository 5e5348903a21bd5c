//! Waits until a cloud resource, such as an instance, has a certain state or does not exist any more. Generated code
//! contains a [`Waiter`] for each operation with `x-waiter`.
//!
//! A poll determines the present state of one resource.
//!
//! 1. [`Waiter`]: the operation that the wait polls, the field that contains the state, and the values that end a wait.
//! 2. `call`: the types [`PolledCall`] and [`ActionCall`]. A client method for an operation with `x-waiter` returns one
//!    of these types. The value returns a single answer, or starts a wait.
//! 3. `target`: the resources that a wait polls, and the values that identify them.
//! 4. `judge`: decides after each poll whether the wait for one resource has ended. `poll`: makes one poll, and reads
//!    several pages of a list if necessary.
//! 5. `run`: polls with pauses until the wait ends or its time limit is reached. [`Wait`] is the future of a wait. Its
//!    methods change the settings.
//!
//! A wait reads the state from the JSON of the answer, before it decodes the answer into its type. So lenient decoding
//! cannot drop the state.

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
