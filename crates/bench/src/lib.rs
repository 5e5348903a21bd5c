//! The clients, the sandbox and the generator against their budgets. `cargo xtask bench` runs these benches, sets them against
//! the programs of others, and writes `BENCHMARKS.md`.
//!
//! By hand:
//! ```text
//! cargo bench -p huaweicloud-bench --features clients
//! cargo bench -p huaweicloud-bench --features sandbox
//! cargo bench -p huaweicloud-bench --features generator --profile dev
//! ```
//! The last is in the development profile, because that is the xtask that people run.

#[cfg(feature = "clients")]
pub mod derived;
#[cfg(feature = "clients")]
pub mod documented;
#[cfg(feature = "clients")]
pub mod handwritten;
#[cfg(feature = "sandbox")]
pub mod load;
#[cfg(feature = "clients")]
pub mod server;
#[cfg(any(feature = "command", feature = "generator"))]
pub mod synthetic;
