//! Compares the clients, the sandbox and the generator with their budgets. `cargo xtask bench` runs these benches, compares
//! them with other tools, and writes `BENCHMARKS.md`.
//!
//! Commands to run them by hand:
//! ```text
//! cargo bench -p huaweicloud-bench --features clients
//! cargo bench -p huaweicloud-bench --features sandbox
//! cargo bench -p huaweicloud-bench --features generator --profile dev
//! ```
//! The last uses the development profile, because people run xtask in it.

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
