//! This crate is empty. It gives `cargo xtask`, its demonstration and `cargo test --workspace` the same features of
//! shared crates. Otherwise cargo would compile these crates once for each set of features. `xtask` and
//! `huaweicloud-e2e` depend on it. Published crates do not.
