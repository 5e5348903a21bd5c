//! The clients and the generator against their budgets. `cargo xtask bench` runs these benches, sets them against
//! the programs of others, and writes `BENCHMARKS.md`.
//!
//! By hand:
//! ```text
//! cargo bench -p huaweicloud-bench --features clients
//! cargo bench -p huaweicloud-bench --features generator --profile dev
//! ```
//! The second is in the development profile, because that is the xtask that people run.

#[cfg(feature = "clients")]
pub mod derived;
#[cfg(feature = "clients")]
pub mod documented;
#[cfg(feature = "clients")]
pub mod handwritten;
#[cfg(feature = "clients")]
pub mod server;
#[cfg(any(feature = "command", feature = "generator"))]
pub mod synthetic;
