//! Rules about operations: their names, their summaries, and the order of their keys.

use std::collections::HashMap;

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::name_rules::is_taken_method;

use super::index::Index;
use super::names::{is_keyword, is_pascal, is_snake};
use super::{Findings, Rule};
use transcript::OperationRef;

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "operation-id",
        summary: "operationId is in snake_case, begins with a verb, is unique, and is not a reserved name in Rust or in the client",
        reason: "the id becomes the name of a method of the client",
    },
    Rule {
        name: "official-id",
        summary: "each operation has a unique x-huawei-operation-id in PascalCase: its name in the official SDKs, or else on its page",
        reason: "users search for the official name, even if the method has another name",
    },
    Rule {
        name: "summary",
        summary: "the summary is one line of at most 100 characters in the imperative, begins with a capital letter, and has no full stop at its end",
        reason: "the summary becomes the first line of the method's documentation",
    },
    Rule {
        name: "key-order",
        summary: "the keys of an operation have a fixed order",
        reason: "with a fixed order, reviewers can compare operations line by line",
    },
];

/// The verbs that an operation id can begin with: first words of names in the official SDKs, and other English verbs.
const VERBS: &[&str] = &[
    "accept",
    "add",
    "associate",
    "attach",
    "batch",
    "bind",
    "cancel",
    "change",
    "check",
    "copy",
    "count",
    "create",
    "debug",
    "delete",
    "detach",
    "disable",
    "disassociate",
    "disconnect",
    "download",
    "enable",
    "exchange",
    "execute",
    "export",
    "hang",
    "import",
    "install",
    "list",
    "login",
    "logoff",
    "logout",
    "migrate",
    "modify",
    "move",
    "publish",
    "reject",
    "remove",
    "rename",
    "reset",
    "resize",
    "restart",
    "restore",
    "resume",
    "revoke",
    "rollback",
    "run",
    "scan",
    "search",
    "send",
    "set",
    "show",
    "start",
    "stop",
    "switch",
    "sync",
    "synchronize",
    "test",
    "unbind",
    "uninstall",
    "unpublish",
    "update",
    "upgrade",
    "upload",
    "validate",
    "verify",
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in &index.operations {
        check_id(operation, findings);
        check_official(operation, findings);
        check_summary(operation, findings);
        check_order(operation, findings);
    }
    check_unique(index, "operationId", "operation-id", findings);
    check_unique(index, "x-huawei-operation-id", "official-id", findings);
}

fn check_id(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let Some(id) = operation.id() else { return };
    let verb = id.split('_').next().unwrap_or_default();
    let mut wrong = |message: String, help: &str| {
        findings.add("operation-id", &operation.at("operationId"), message, help);
    };
    if !is_snake(id) {
        let help = "write it like `show_device_authentication`";
        wrong(format!("`{id}` is not snake_case"), help);
    } else if is_keyword(id) || is_taken_method(id) {
        let message = format!("`{id}` is a name that Rust or the client uses or reserves");
        wrong(message, "name action and resource, like `show_device`");
    } else if !VERBS.contains(&verb) {
        let help = "begin with create, show, list, update, delete, reset, ...; to allow another verb, add it to xtask/lint/src/operations.rs";
        wrong(
            format!("the id begins with `{verb}`, which is not an allowed verb"),
            help,
        );
    }
}

fn check_official(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let help = "write the operation's name in the official SDKs, or else on its page, such as `ShowDevice`";
    let (pointer, message) = match operation.text("x-huawei-operation-id") {
        None => {
            let message = format!("{} has no x-huawei-operation-id", operation.route());
            (operation.pointer.clone(), message)
        }
        Some(id) if !is_pascal(id) => (
            operation.at("x-huawei-operation-id"),
            format!("`{id}` is not PascalCase"),
        ),
        Some(_) => return,
    };
    findings.add("official-id", &pointer, message, help);
}

fn check_unique(index: &Index<'_>, key: &str, rule: &'static str, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&str, String> = HashMap::new();
    for operation in &index.operations {
        let Some(id) = operation.text(key) else {
            continue;
        };
        let pointer = operation.at(key);
        if let Some(first) = seen.get(id) {
            let help = "give each operation its own name";
            let message = format!("`{id}` is used by two operations");
            findings.pair(rule, &pointer, (first, "first used here"), message, help);
        }
        seen.entry(id).or_insert(pointer);
    }
}

fn check_summary(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let Some(summary) = operation.text("summary") else {
        return;
    };
    let problem = if summary.trim().is_empty() {
        "is empty"
    } else if summary.ends_with('.') {
        "ends in a full stop"
    } else if summary.contains('\n') || summary.chars().count() > 100 {
        "is longer than one line of 100 characters"
    } else if !summary.starts_with(char::is_uppercase) {
        "does not begin with a capital letter"
    } else {
        return;
    };
    let message = format!("the summary {problem}");
    let help = "write it like `Reset a device's authentication`";
    findings.add("summary", &operation.at("summary"), message, help);
}

fn check_order(operation: &OperationRef<'_>, findings: &mut Findings<'_>) {
    let object = operation.value.as_object().into_iter();
    let known = object.flat_map(|object| object.keys());
    let order: Vec<&str> = ObjectKind::Operation.used_keys().collect();
    let positions = known.filter_map(|key| Some((order.iter().position(|name| name == key)?, key)));
    let mut last = (0, "");
    for (position, key) in positions {
        if position < last.0 {
            let message = format!("`{key}` is after `{}`", last.1);
            let help = format!("the order is {}", order.join(", "));
            findings.add("key-order", &operation.at(key), message, help);
            return;
        }
        last = (position, key);
    }
}
