//! This crate contains no code. Its manifest gives `cargo xtask`, `cargo xtask demo` and `cargo test --workspace` the
//! same features of their common dependencies. Otherwise cargo would compile such a dependency once for each set of
//! features. The crates below `xtask/` and `huaweicloud-e2e` depend on this crate. Published crates do not.
