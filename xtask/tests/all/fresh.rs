//! Checks that the generated code of the repository agrees with the transcripts (OpenAPI YAML files).

use std::path::Path;

use report::files::{State, compare};
use transcript::{self, fingerprint};
use xtask::verbs::generate::{in_memory, lists};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn the_generated_code_agrees_with_the_transcripts() {
    let services = in_memory(root(), &[]).unwrap().unwrap();
    let mut stale = Vec::new();
    let lists = lists(root()).unwrap().into_iter();
    stale.extend(
        lists
            .filter(|file| file.state != State::Fresh)
            .map(|file| file.path),
    );
    for service in services {
        let files = compare(root(), &service.name, service.files).unwrap();
        stale.extend(
            files
                .into_iter()
                .filter(|file| file.state != State::Fresh)
                .map(|file| file.path),
        );
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run: cargo xtask generate"
    );
}

#[test]
fn the_same_transcripts_yield_the_same_bytes() {
    let once = in_memory(root(), &[]).unwrap().unwrap();
    let again = in_memory(root(), &[]).unwrap().unwrap();
    for (once, again) in once.iter().zip(&again) {
        assert_eq!(once.files, again.files, "{}", once.name);
    }
}

/// The build script that all service crates share. The script has its own code for the fingerprint, because the build
/// scripts do not depend on the crate `transcript`.
#[allow(
    dead_code,
    reason = "the test does not call the `main` of the build script"
)]
mod build_script {
    include!("../../../crates/freshness.rs");

    pub fn of(sources: &Path) -> String {
        fingerprint(sources).unwrap()
    }
}

#[test]
fn the_build_script_and_the_generator_compute_the_same_fingerprint() {
    for service in transcript::services(root()).unwrap() {
        let document = transcript::load(root(), &service).unwrap();
        let folder = root().join(transcript::FOLDER).join(&service);
        assert_eq!(
            build_script::of(&folder),
            fingerprint::fingerprint(document.files()),
            "{service}"
        );
    }
}
