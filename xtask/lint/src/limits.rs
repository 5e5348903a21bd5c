//! Rules about limits, formats, the units of times, and patterns.

use huaweicloud_openapi::grammar::{FORMATS, ObjectKind};
use huaweicloud_openapi::name_rules::is_moment;
use huaweicloud_openapi::nodes::Node;

use super::index::Index;
use super::names::snake;
use super::{Findings, Rule};

pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "limit-order",
        summary: "a minimum is not above its maximum",
        reason: "if the minimum is above the maximum, no value is valid",
    },
    Rule {
        name: "limit-type",
        summary: "limits, formats and keys such as `items` fit the type of the schema",
        reason: "a limit for another type is silently ignored",
    },
    Rule {
        name: "integer-format",
        summary: "integers without `enum` have the format int32 or int64; ids and points in time have int64; the limits, the default and the example fit the format",
        reason: "documented ids need 64 bits; without a format, programs choose 32 bits or a double",
    },
    Rule {
        name: "time-unit",
        summary: "the description of an integer that is a point in time states the unit and the time zone",
        reason: "seconds and milliseconds look the same, but differ by a factor of 1000",
    },
    Rule {
        name: "pattern",
        summary: "a pattern is a regular expression without look-around or back references",
        reason: "all regular expression engines must support the pattern; x-password-rule describes the complexity of passwords",
    },
];

const PAIRS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

pub(super) fn check(index: &Index<'_>, findings: &mut Findings<'_>) {
    for node in index.of_kind(ObjectKind::Schema) {
        let value = index.resolve_type(node);
        check_order(node, findings);
        if let Some(kind) = value {
            check_limit_type(node, kind, findings);
        }
        if !node.has("allOf") {
            check_format(index, node, findings);
            check_pattern(node, findings);
        }
        if node.text("type") == Some("integer") {
            check_integer(index, node, findings);
            check_time(index, node, findings);
        }
    }
}

fn check_order(node: &Node<'_>, findings: &mut Findings<'_>) {
    for (low, high) in PAIRS {
        let (Some(min), Some(max)) = (node.value.get(low), node.value.get(high)) else {
            continue;
        };
        let inverted = match (min.as_i64(), max.as_i64()) {
            (Some(min), Some(max)) => min > max,
            // Other numbers are compared as `f64`. The rule `wrong-type` reports a limit that is not a number.
            _ => matches!((min.as_f64(), max.as_f64()), (Some(min), Some(max)) if min > max),
        };
        if inverted {
            let help =
                "check the page; if it has these limits, remove both and add a row to ERRATA.md";
            let other = (&node.at(high), "the maximum");
            let message = format!("{low} {min} is above {high} {max}");
            findings.pair("limit-order", &node.at(low), other, message, help);
        }
    }
}

fn check_limit_type(node: &Node<'_>, kind: &str, findings: &mut Findings<'_>) {
    for key in node.value.keys() {
        let fits = match key.as_str() {
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                matches!(kind, "integer" | "number")
            }
            "minLength" | "maxLength" | "pattern" => kind == "string",
            "minItems" | "maxItems" | "uniqueItems" | "items" => kind == "array",
            "minProperties"
            | "maxProperties"
            | "properties"
            | "additionalProperties"
            | "required" => kind == "object",
            _ => true,
        };
        if !fits {
            let help = "limits of strings are minLength and maxLength, of numbers minimum and maximum, of arrays minItems and maxItems";
            let message = format!("`{key}` has no effect for the type {kind}");
            findings.add("limit-type", &node.at(key), message, help);
        }
    }
}

fn check_format(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let (Some(kind), Some(format)) = (node.text("type"), node.text("format")) else {
        return;
    };
    let known = FORMATS.iter().find(|(name, _)| *name == kind);
    let known = known.map(|(_, formats)| *formats).unwrap_or_default();
    let holder = index.parent(node).map(|holder| holder.kind);
    let of_media = node.field == "schema" && holder == Some(ObjectKind::Media);
    let of_form = index
        .parent(node)
        .is_some_and(|holder| index.is_form(holder));
    if format == "binary" && !of_media && !of_form {
        let message =
            "`binary` is the format of a file, and a file cannot be a part of another value";
        let help = "give the file its own media type, or write `byte` for text in base64";
        findings.add("limit-type", &node.at("format"), message, help);
    } else if !known.contains(&format) {
        let help = match known {
            [] => "remove the format".to_owned(),
            known => format!("use one of {}, or none", known.join(", ")),
        };
        let message = format!("`{format}` is not a format of the type {kind}");
        findings.add("limit-type", &node.at("format"), message, help);
    }
}

fn check_pattern(node: &Node<'_>, findings: &mut Findings<'_>) {
    let Some(pattern) = node.text("pattern") else {
        return;
    };
    let mut advanced = ["(?=", "(?!", "(?<", "\\1", "\\2", "\\k"].iter();
    if let Some(part) = advanced.find(|part| pattern.contains(**part)) {
        let help = "write the plain character set here, and the rest in x-password-rule or the description";
        let message = format!("some regular expression engines refuse `{part}`");
        findings.add("pattern", &node.at("pattern"), message, help);
    } else if let Err(message) = huaweicloud_openapi::validity::check_pattern(pattern) {
        let message = format!("this is not a regular expression: {message}");
        let help = "fix the pattern, or remove it";
        findings.add("pattern", &node.at("pattern"), message, help);
    }
}

fn check_integer(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let range = match node.text("format") {
        Some("int32") => i64::from(i32::MIN)..=i64::from(i32::MAX),
        Some("int64") => i64::MIN..=i64::MAX,
        Some(_) => return,
        None if node.has("enum") => return,
        None => {
            let message = "the integer has no format";
            let help = "add `format: int64`, or `format: int32` if the range fits";
            findings.add("integer-format", &node.pointer, message, help);
            return;
        }
    };
    for key in ["minimum", "maximum", "default", "example"] {
        let Some(limit) = node.value.get(key).filter(|limit| limit.is_number()) else {
            continue;
        };
        if limit.as_i64().is_none_or(|limit| !range.contains(&limit)) {
            let help = "write a whole number in the format's range, use int64, or remove the key";
            let message = format!("`{key}: {limit}` does not fit the format");
            findings.add("integer-format", &node.at(key), message, help);
        }
    }
    let name = owner_name(index, node);
    // A list such as `backup_at` contains days of the week, not points in time.
    let moment = node.field != "items" && is_moment(&name);
    if node.text("format") == Some("int32") && (is_id(&name) || moment) {
        let message = format!("`{name}` is an id or a point in time, but has only 32 bits");
        let help = "write `format: int64`";
        findings.add("integer-format", &node.at("format"), message, help);
    }
}

/// Returns the name of the property, parameter, header or component that a schema describes, in snake_case. An element
/// of a list or map has the name of the list or map.
fn owner_name(index: &Index<'_>, node: &Node<'_>) -> String {
    let mut node = node;
    while matches!(node.field, "items" | "additionalProperties" | "schema") {
        let Some(parent) = index.parent(node) else {
            break;
        };
        if parent.kind == ObjectKind::Parameter {
            return snake(parent.text("name").unwrap_or_default());
        }
        node = parent;
    }
    snake(node.name)
}

fn is_id(name: &str) -> bool {
    matches!(name.rsplit('_').next(), Some("id" | "ids" | "oid"))
}

fn check_time(index: &Index<'_>, node: &Node<'_>, findings: &mut Findings<'_>) {
    let name = owner_name(index, node);
    if node.field == "items" || !is_moment(&name) {
        return;
    }
    let parent = index.parent(node);
    let parameter = parent.filter(|parent| parent.kind == ObjectKind::Parameter);
    let outer = parameter.and_then(|parent| parent.text("description"));
    let text = node.text("description").or(outer).unwrap_or_default();
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let unit = says(&["second", "minute", "hour", "day", "unit"]);
    let zone = says(&["utc", "gmt", "zone", "1970"]);
    if !unit || !zone {
        let help = "write for example `in milliseconds since 1970-01-01T00:00:00 UTC`, or that the documentation states no unit and no time zone";
        let message = format!("`{name}` has no unit or no time zone in its description");
        findings.add("time-unit", &node.pointer, message, help);
    }
}
