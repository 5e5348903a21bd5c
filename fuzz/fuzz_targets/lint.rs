//! Reads any bytes as a transcript (the OpenAPI YAML files of a service). The linter and the list of operations must
//! not panic. Each finding of the linter must have a line and a column. If there are no findings, the generated code
//! must be valid Rust.
#![no_main]

use libfuzzer_sys::fuzz_target;
use generator::generate;
use lint::lint;
use xtask::list;
use transcript::Document;

/// Marks the beginning of a file in the input. The name of the file follows: `# file devices.yaml`. If the input does
/// not begin with this marker, the whole input is one file.
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
        Err(findings) => return assert!(!findings.is_empty(), "the files were refused without a finding"),
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
