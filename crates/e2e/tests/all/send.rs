//! Checks that a program can move a `Call` and the future of each public async function between threads. The compiler
//! makes this check when it compiles this file.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::future::Future;
use std::path::Path;

use huaweicloud::{Call, config};
use huaweicloud_core::{Download, Items, Pages, Upload};
use huaweicloud_sandbox::{Options, Sandbox};
use serde::de::DeserializeOwned;

fn sendable<F: Future + Send>(future: F) -> F {
    future
}

/// Checks [`Call`], the future of most client methods, for any type of answer. This function is compiled, but never
/// called.
#[allow(dead_code)]
fn call<T: DeserializeOwned + 'static>(call: Call<T>) -> impl Future + Send + 'static {
    call
}

/// This function is compiled, but never called.
#[allow(dead_code)]
async fn written_by_hand(sandbox: Sandbox) {
    let _ = sendable(config::load()).await;
    let _ = sendable(config::Loader::new().load()).await;
    let _ = sendable(Sandbox::start(Options::default())).await;
    let _ = sendable(Options::default().start()).await;
    sendable(sandbox.shutdown()).await;
}

/// This function is compiled, but never called.
#[allow(dead_code)]
async fn read_bit_by_bit<T, I>(mut file: Download, mut pages: Pages<T, I>, mut items: Items<T, I>)
where
    T: DeserializeOwned + Send,
    I: Debug + Send,
{
    let _ = sendable(Upload::open("file")).await;
    let _ = sendable(file.chunk()).await;
    let _ = sendable(file.save_in("folder")).await;
    let _ = sendable(file.save_to("file")).await;
    let _ = sendable(pages.next()).await;
    let _ = sendable(pages.try_next()).await;
    let _ = sendable(items.next()).await;
    let _ = sendable(items.try_next()).await;
    let _ = sendable(items.try_collect::<Vec<I>>()).await;
}

/// The async functions that the functions above call, with their crates and modules.
const LISTED: [&str; 11] = [
    "config crate load",
    "config crate::loader load",
    "core crate::call::download chunk",
    "core crate::call::save save_in",
    "core crate::call::save save_to",
    "core crate::call::upload open",
    "core crate::pages::stream next",
    "core crate::pages::stream try_collect",
    "core crate::pages::stream try_next",
    "sandbox crate::sandbox shutdown",
    "sandbox crate::sandbox start",
];

/// Returns the public async functions of a crate, from the snapshot of its public items.
fn asynchronous(name: &str, surface: &str) -> BTreeSet<String> {
    let (mut module, mut found) = (String::new(), BTreeSet::new());
    for line in surface.lines() {
        if let Some((_, path)) = line
            .split_once("mod crate")
            .filter(|_| !line.starts_with(' '))
        {
            module = format!("crate{path}");
        } else if let Some((_, rest)) = line.split_once("pub async fn ") {
            let end = rest.find(['(', '<']).unwrap();
            found.insert(format!("{name} {module} {}", &rest[..end]));
        }
    }
    found
}

#[test]
fn every_public_async_function_is_listed() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeSet::new();
    for folder in std::fs::read_dir(crates).unwrap() {
        let folder = folder.unwrap();
        let name = folder.file_name().into_string().unwrap();
        let surface = folder.path().join("snapshots/surface.snap");
        if let Ok(text) = std::fs::read_to_string(surface) {
            found.extend(asynchronous(&name, &text));
        }
    }
    let listed = BTreeSet::from(LISTED.map(str::to_owned));
    assert_eq!(
        found, listed,
        "call the new function in one of the functions above, and add its name to `LISTED`"
    );
}
