//! This crate contains no code. Because of its manifest and the manifest of `huaweicloud-e2e`, the commands
//! `cargo xtask`, `cargo xtask demo` and `cargo test --workspace` use their common dependencies with the same features.
//! Otherwise cargo would compile such a dependency once for each set of features. `huaweicloud-e2e` and the crates
//! below `xtask/` depend on this crate. Published crates do not.
