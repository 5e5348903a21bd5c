//! Rules about `$ref` and its target. Each component must be used.

use std::collections::{HashMap, HashSet};

use huaweicloud_openapi::grammar::ObjectKind;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::lookup::required_schemes;
use super::{Findings, Rule};
use transcript::{escape, nearest};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "external-ref",
        summary: "a $ref stays inside the document: #/components/<section>/<name>",
        reason: "the files are merged into one document, and the generator refuses external references",
    },
    Rule {
        name: "dangling-ref",
        summary: "the target of a $ref exists",
        reason: "the generator refuses a $ref without a target",
    },
    Rule {
        name: "ref-kind",
        summary: "the target of a $ref has the right kind for the position of the $ref",
        reason: "a schema, for example, has no meaning at the position of a parameter",
    },
    Rule {
        name: "ref-siblings",
        summary: "a mapping with a $ref has no other keys",
        reason: "OpenAPI 3.0 ignores the other keys; write allOf: [{$ref: ...}], and the description beside allOf",
    },
    Rule {
        name: "bare-ref",
        summary: "a property refers to a schema by allOf, and not by a $ref alone; a component is not only a $ref",
        reason: "every property has a description, and a bare $ref cannot have one; a component that is only a $ref is a second name for its target",
    },
    Rule {
        name: "reference-cycle",
        summary: "if a schema contains itself, at least one property of the cycle is optional, a list or a map",
        reason: "a value that must contain itself is endless, so a client cannot send it",
    },
    Rule {
        name: "component-home",
        summary: "a component that several chapters use is in common.yaml",
        reason: "each cargo feature includes only the types that its chapter needs",
    },
    Rule {
        name: "unused-component",
        summary: "every component is used",
        reason: "an unused component is forgotten, or a reference to it is misspelt",
    },
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for (node, target) in index.references() {
        if let Some(section) = node.kind.section() {
            check_target(index, node, section, target, findings);
        }
        check_place(node, findings);
        check_home(index, node, target, findings);
    }
    let is_broken = |node: &&Node<'_>| node.has("$ref") && node.reference().is_none();
    for node in index.iter().filter(is_broken) {
        let message = "the $ref is not a string";
        let help = "write '#/components/<section>/<name>'";
        findings.add("external-ref", &node.at("$ref"), message, help);
    }
    check_unused(index, findings);
    check_cycles(index, findings);
}

fn check_target(
    index: &Index<'_>,
    node: &Node<'_>,
    section: &str,
    target: &str,
    findings: &mut Findings<'_>,
) {
    let place = node.at("$ref");
    let parts: Vec<&str> = target.split('/').collect();
    let ["#", "components", found, name] = parts.as_slice() else {
        let help = format!("write '#/components/{section}/<name>'");
        let message = format!("`{target}` is not a component of this document");
        findings.add("external-ref", &place, message, help);
        return;
    };
    if *found != section {
        let kind = node.kind.name();
        let help = format!("a {kind} is needed here: '#/components/{section}/<name>'");
        let message = format!("`{target}` is a component of another kind");
        findings.add("ref-kind", &place, message, help);
    } else if index.document.resolve(target).is_none() {
        let names = index.components(section).map(|(name, _)| name.as_str());
        let help = match nearest(name, names) {
            Some(name) => format!("did you mean '#/components/{section}/{name}'?"),
            None => format!("define `{name}` below components: {section}:"),
        };
        let message = format!("`{target}` does not exist");
        findings.add("dangling-ref", &place, message, help);
    }
}

fn check_place(node: &Node<'_>, findings: &mut Findings<'_>) {
    if node.kind.section().is_none() {
        return;
    }
    for key in node.value.keys().filter(|key| *key != "$ref") {
        let message = format!("`{key}` beside a $ref is ignored");
        let help = "write allOf: [{$ref: ...}], and the rest beside allOf";
        findings.add("ref-siblings", &node.at(key), message, help);
    }
    if node.field == "properties" {
        let message = format!("the property `{}` is a bare $ref", node.name);
        let help = "write allOf: [{$ref: ...}] with a description beside it";
        findings.add("bare-ref", &node.pointer, message, help);
    }
    if node.is_component() {
        let message = format!("`{}` is only a reference", node.name);
        let help = "remove it, and refer to the target of its `$ref` instead";
        findings.add("bare-ref", &node.pointer, message, help);
    }
}

fn check_home(index: &Index<'_>, node: &Node<'_>, target: &str, findings: &mut Findings<'_>) {
    let (document, pointer) = (index.document, target.strip_prefix('#'));
    let Some(target) = pointer.filter(|_| document.resolve(target).is_some()) else {
        return;
    };
    let (user, home) = (
        document.chapter_of(&node.pointer),
        document.chapter_of(target),
    );
    if user != home && !matches!(home, "common" | "service") {
        let message =
            format!("`{target}` belongs to the chapter `{home}`, but `{user}` uses it too");
        let other = (target, "the component is here");
        let help = "move it to common.yaml";
        findings.pair("component-home", &node.pointer, other, message, help);
    }
}

fn check_unused(index: &Index<'_>, findings: &mut Findings<'_>) {
    let targets = index.references().map(|(_, target)| target.to_owned());
    let mut used: HashSet<String> = targets.collect();
    // Security requirements name security schemes without a `$ref`.
    let scheme = |name: &str| format!("#/components/securitySchemes/{}", escape(name));
    used.extend(required_schemes(index).map(|(_, name)| scheme(name)));
    for node in index.nodes.iter().filter(|node| node.is_component()) {
        if !used.contains(&format!("#{}", node.pointer)) {
            let message = format!("the {} `{}` is used nowhere", node.kind.name(), node.name);
            let help = "remove it, or refer to it";
            findings.add("unused-component", &node.pointer, message, help);
        }
    }
}

/// Reports schemas that always contain themselves through mandatory properties and `allOf`.
fn check_cycles(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    for (node, target) in index.references() {
        if let Some(holder) = holder(index, node) {
            edges.entry(holder).or_default().push(target);
        }
    }
    for (name, _) in index.components("schemas") {
        let pointer = format!("/components/schemas/{}", escape(name));
        if reaches_itself(&edges, &pointer) {
            let help = "take a property of the cycle out of `required`, or make it a list";
            let message = format!("each `{name}` must contain another `{name}`, without end");
            findings.add("reference-cycle", &pointer, message, help);
        }
    }
}

/// Returns the JSON pointer of the component schema in which the node is mandatory. Returns `None` if the node is
/// optional, is in a list or map, or is not in a component schema.
fn holder<'i>(index: &'i Index<'_>, node: &'i Node<'_>) -> Option<&'i str> {
    let mut node = node;
    loop {
        if node.kind != ObjectKind::Schema || matches!(node.field, "items" | "additionalProperties")
        {
            return None;
        }
        if node.is_component() {
            return Some(&node.pointer);
        }
        let parent = index.parent(node)?;
        let is_required = parent.list("required").iter().any(|name| name == node.name);
        if node.field == "properties" && !is_required {
            return None;
        }
        node = parent;
    }
}

fn reaches_itself(edges: &HashMap<&str, Vec<&str>>, start: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![start];
    while let Some(pointer) = open.pop() {
        for target in edges.get(pointer).into_iter().flatten() {
            let target = target.trim_start_matches('#');
            if target == start {
                return true;
            }
            if seen.insert(target) {
                open.push(target);
            }
        }
    }
    false
}
