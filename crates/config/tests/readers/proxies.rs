//! Compares how Go's package `httpproxy` reads `NO_PROXY` with the recorded results in `no_proxy.json`. A test of
//! `huaweicloud-core` compares our client with the same file.

use crate::peer::{compare_file, folder, in_tests, output, say, skip};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const MODULE: &str = "golang.org/x/net";

/// The values of `NO_PROXY`. The test tries each value with each URL.
const LISTS: [&str; 20] = [
    "",
    "example.com",
    ".example.com",
    "*.example.com",
    "EXAMPLE.com",
    "example.com:8443",
    ".example.com:443",
    "a.com,example.com",
    " a.com , example.com ",
    "a.com example.com",
    "example.com.",
    "ample.com",
    "10.0.0.0/8",
    "10.1.2.3",
    "10.1.2.3:443",
    "10.0.0.0/33,10.1.2.0/24",
    "fd00::/8",
    "fd00::1",
    "[fd00::1]:8443",
    "com,,:443",
];

const URLS: [&str; 10] = [
    "https://example.com",
    "https://example.com:8443/x",
    "https://a.example.com",
    "https://a.example.com.",
    "https://anexample.com",
    "https://10.1.2.3",
    "https://11.1.2.3:8443",
    "https://[fd00::1]",
    "https://[fd00::2]:8443",
    "https://example.org",
];

/// Returns whether the list or the URL has a form that our client and Go can read differently.
///
/// Like curl, our client ignores a dot after a name. Like curl before 2024, our client accepts blanks instead of commas
/// between entries. Go does neither.
fn differs(list: &str, url: &str) -> bool {
    let dot = list.ends_with('.') || url.ends_with('.');
    dot || list.trim().contains(' ') && !list.contains(',')
}

#[test]
#[ignore = "fetches golang.org/x/net; run with `--test readers -- --ignored`"]
fn go_agrees_with_the_record() {
    let program = match build() {
        Ok(program) => program,
        Err(why) => return skip(MODULE, &why),
    };
    let mut cases = Vec::new();
    for list in LISTS {
        cases.extend(URLS.map(|url| json!({"list": list, "url": url})));
    }
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    let answers = output(Command::new(program.join("reader")), &lines.join("\n")).unwrap();
    let answers: Vec<bool> = answers.lines().map(|line| line == "true").collect();
    assert_eq!(answers.len(), cases.len());
    for (case, theirs) in cases.iter_mut().zip(answers) {
        case["name"] = json!(format!("{} {}", case["list"], case["url"]));
        case["theirs"] = json!(theirs);
        let (list, url) = (
            case["list"].as_str().unwrap(),
            case["url"].as_str().unwrap(),
        );
        if !theirs && differs(list, url) && is_direct_with_additions(list, url) {
            case["ours"] = json!(true);
        }
    }
    let version = go(&program, &["list", "-m", "-f", "{{.Version}}", MODULE]).unwrap();
    say(&format!("reader: {MODULE} {}\n", version.trim()));
    let origin = format!("{MODULE}/http/httpproxy {}", version.trim());
    let record = in_tests("../../core/tests/data/no_proxy.json");
    compare_file(&record, &json!({"origin": [origin], "cases": cases}));
}

/// Returns whether our client connects to the URL without the proxy: Go's rules, with the two additions. This function
/// is only for lists and URLs for which [`differs`] returns `true`.
fn is_direct_with_additions(list: &str, url: &str) -> bool {
    let host = url.trim_start_matches("https://").trim_end_matches('.');
    let host = host.split([':', '/']).next().unwrap();
    list.split([' ', ',']).any(|entry| {
        let name = entry
            .trim_end_matches('.')
            .trim_start_matches('*')
            .to_lowercase();
        let below = format!(".{}", name.trim_start_matches('.'));
        let port = name.contains(':') && !name.ends_with(":443");
        let below = below.split(':').next().unwrap();
        !port
            && below.len() > 1
            && (host.ends_with(below) || (!name.starts_with('.') && host == &below[1..]))
    })
}

fn build() -> Result<std::path::PathBuf, String> {
    let module = folder("go");
    std::fs::copy(in_tests("readers/go/main.go"), module.join("main.go")).unwrap();
    if !module.join("go.mod").exists() {
        go(&module, &["mod", "init", "reader"]).map_err(|why| format!("no Go: {why}"))?;
    }
    go(&module, &["get", &format!("{MODULE}@latest")])
        .and_then(|_| go(&module, &["mod", "tidy"]))
        .map_err(|why| format!("the module proxy does not deliver the module: {why}"))?;
    go(&module, &["build", "-o", "reader"]).unwrap();
    Ok(module)
}

/// Runs the program `go`. This program stores its downloads below the target directory. `-modcacherw` makes the
/// downloads writable, so a user can delete them.
fn go(module: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut go = Command::new(std::env::var_os("GO").unwrap_or_else(|| "go".into()));
    go.args(arguments).current_dir(module);
    go.env("GOFLAGS", "-modcacherw");
    go.env("GOMODCACHE", folder("go-modules"))
        .env("GOCACHE", folder("go-cache"));
    output(go, "")
}
