//! Measures the clients, the sandbox, the generator and compile times. `cargo xtask bench` compares the times with
//! budgets and with the times of other programs and libraries. Without arguments, the command also writes
//! `BENCHMARKS.md`.
//!
//! The following commands run the benches and print their times:
//! ```text
//! cargo bench -p huaweicloud-bench --features clients
//! cargo bench -p huaweicloud-bench --features sandbox
//! cargo bench -p huaweicloud-bench --features generator --profile dev
//! ```
//! The last command uses the profile `dev`, because people run xtask in this profile.

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
