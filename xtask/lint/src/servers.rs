//! Rules about the addresses of the service, and about authentication.

use std::collections::HashSet;

use serde_json::Value;

use super::index::Index;
use super::lookup::required_schemes;
use super::{Findings, Rule};
use huaweicloud_openapi::grammar::ObjectKind;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "server-url",
        summary: "a server has an https address without a slash at the end, and declares exactly the variables in this address",
        reason: "paths are appended to the address, and the client needs a value for each variable",
    },
    Rule {
        name: "security",
        summary: "security requirements name declared security schemes that core supports",
        reason: "core authenticates only with a token or a signature in headers",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    check_servers(index, findings);
    check_security(index, findings);
}

fn check_servers(index: &Index<'_>, findings: &mut Findings<'_>) {
    for server in index.of_kind(ObjectKind::Server) {
        let Some(url) = server.text("url") else {
            continue;
        };
        if !url.starts_with("https://") || url.ends_with('/') {
            let message = format!("`{url}` does not begin with `https://`, or ends in a slash");
            let help = "write `https://host`";
            findings.add("server-url", &server.at("url"), message, help);
        }
        let declared = server.value.get("variables").and_then(Value::as_object);
        let named = placeholders(url);
        let is_declared = |name: &str| declared.is_some_and(|all| all.contains_key(name));
        for name in named.iter().filter(|name| !is_declared(name)) {
            let help = format!("add `{name}` with a default to `variables:`");
            let message = format!("the variable `{name}` is not declared");
            findings.add("server-url", &server.at("url"), message, help);
        }
        let names = server.members("variables").map(|(name, _)| name);
        for name in names.filter(|name| !named.contains(&name.as_str())) {
            let pointer = format!("{}/variables/{}", server.pointer, transcript::escape(name));
            let message = format!("the variable `{name}` is not in the address");
            findings.add("server-url", &pointer, message, "remove it, or use it");
        }
    }
    for variable in index.of_kind(ObjectKind::ServerVariable) {
        let Some(options) = variable.value.get("enum").and_then(Value::as_array) else {
            continue;
        };
        let default = variable.value.get("default");
        if default.is_some_and(|default| !options.contains(default)) {
            let message = "the default is not one of the options";
            let help = "choose one of the options";
            findings.add("server-url", &variable.at("default"), message, help);
        }
    }
}

/// Returns the names in braces, such as `region` in `https://dcs.{region}.example.com`.
pub(super) fn placeholders(template: &str) -> Vec<&str> {
    let rests = template.split('{').skip(1);
    let names = rests.filter_map(|rest| Some(rest.split_once('}')?.0));
    names.collect()
}

fn check_security(index: &Index<'_>, findings: &mut Findings<'_>) {
    let schemes = index.components("securitySchemes");
    let declared: HashSet<&String> = schemes.map(|(name, _)| name).collect();
    for (node, name) in required_schemes(index).filter(|(_, name)| !declared.contains(name)) {
        let help = "name a scheme of `components: securitySchemes:`";
        let message = format!("there is no security scheme `{name}`");
        findings.add("security", &node.at("security"), message, help);
    }
    for scheme in index.of_kind(ObjectKind::SecurityScheme) {
        let header = scheme.text("type") == Some("apiKey")
            && scheme.text("in") == Some("header")
            && scheme.has("name");
        if !header {
            let help = "write `type: apiKey`, `in: header` and the header's `name`";
            let message = format!("core sends headers, but `{}` is not a header", scheme.name);
            findings.add("security", &scheme.pointer, message, help);
        }
    }
}
