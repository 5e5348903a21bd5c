//! Reads any bytes as a transcript. The linter never panics, and each finding has a place. Without findings, the generated
//! code is valid Rust.
#![no_main]

use libfuzzer_sys::fuzz_target;
use generator::generate;
use lint::lint;
use xtask::list;
use transcript::Document;

/// Starts a file in the input, and its name follows: `# file devices.yaml`. If the input does not start with it, the whole
/// input is one file.
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
            generate("demo", &document.value, "0").expect("a document without findings can be generated");
        for file in generated
            .files
            .iter()
            .filter(|file| file.path.ends_with(".rs"))
        {
            syn::parse_file(&file.content).expect("the generated code is valid Rust");
        }
    }
});
