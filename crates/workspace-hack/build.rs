//! This build script does nothing. Without a build script, cargo ignores the features of the build dependencies in
//! `Cargo.toml`.

fn main() {}
