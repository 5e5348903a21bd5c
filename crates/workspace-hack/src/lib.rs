//! Empty. `xtask` and `huaweicloud-e2e` depend on this crate so that `cargo xtask`, its demonstration and `cargo test --workspace`
//! ask for the same features of the crates that they share: cargo compiles a crate again, and all that is built on it, for each set
//! of features. The crates that we publish do not depend on it.
