//! Any text as a transcript: findings with places, never a panic; and what passes can be generated, as Rust.
#![no_main]

use libfuzzer_sys::fuzz_target;
use generator::generate;
use lint::lint;
use xtask::list;
use transcript::Document;

/// Files begin with a line of this and their name, `# file devices.yaml`; without one all is one file, bytes as they come.
const FILE: &str = "# file ";

fn files(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let text = String::from_utf8_lossy(data);
    let Some(rest) = text.strip_prefix(FILE) else {
        return vec![("openapi/demo/devices.yaml".to_owned(), data.to_vec())];
    };
    let parts = rest
        .split(FILE)
        .map(|part| part.split_once('\n').unwrap_or((part, "")));
    parts
        .map(|(name, part)| {
            (
                format!("openapi/demo/{}", name.trim()),
                part.as_bytes().to_vec(),
            )
        })
        .collect()
}

fuzz_target!(|data: &[u8]| {
    let document = match Document::from_files("demo", files(data)) {
        Ok(document) => document,
        Err(findings) => return assert!(!findings.is_empty(), "refused without a reason"),
    };
    list::rows(&document);
    let findings = lint(&document);
    for finding in &findings {
        assert!(
            finding.place.line > 0 && finding.place.column > 0,
            "{finding}"
        );
    }
    if findings.is_empty() {
        let generated =
            generate("demo", &document.value, "0").expect("what lint lets through generates");
        for file in generated
            .files
            .iter()
            .filter(|file| file.path.ends_with(".rs"))
        {
            syn::parse_file(&file.content).expect("what is generated is Rust");
        }
    }
});
