//! Facts of schemas that are more than a key and its value.

use serde_json::{Value, json};

use super::Sign;
use super::changes::Collector;
use super::edits::{insert, remove, rename, set};
use super::names::label;
use super::vary;
use generator::facts::LIMITS;
use huaweicloud_openapi::nodes::Node;
use huaweicloud_openapi::strings;
use transcript::{Edit, escape};

impl<'a> Collector<'_, 'a> {
    pub fn schema(&mut self, node: &Node<'a>) {
        self.properties(node);
        self.options(node);
        self.new_limits(node);
        if !node.has("default") && matches!(node.text("type"), Some("string" | "integer")) {
            let sign = self.sign(node, "default").to(7);
            let edit = insert(&node.at("default"), json!(7));
            self.push("default", &node.pointer, vec![edit], sign);
        }
        if !node.has("format") && node.text("type") == Some("string") {
            let sign = self.sign(node, "format").to("password");
            let edit = insert(&node.at("format"), json!("password"));
            self.push("format", &node.pointer, vec![edit], sign);
        }
    }

    fn properties(&mut self, node: &Node<'a>) {
        let Some(properties) = node.value.get("properties").and_then(Value::as_object) else {
            return;
        };
        let required = node.value.get("required").map(strings).unwrap_or_default();
        for name in properties.keys() {
            let pointer = format!("{}/{}", node.at("properties"), escape(name));
            let entry = required.iter().position(|known| known == name);
            let entry = entry.map(|at| format!("{}/{at}", node.at("required")));
            let new = vary::text(name);
            let mut renaming = vec![rename(&pointer, &new)];
            renaming.extend(entry.iter().map(|entry| set(entry, json!(new))));
            let sign = Sign::of(&["mandatory"]).from(name);
            self.push("property name", &pointer, renaming, sign.clone().to(&new));
            let mut removal = vec![remove(&pointer)];
            removal.extend(entry.iter().map(|entry| remove(entry)));
            self.push("property", &pointer, removal, sign);
            self.required(node, name, entry.as_deref(), required.len());
        }
        let added = json!({"type": "string", "description": "d"});
        let edit = insert(&format!("{}/added", node.at("properties")), added);
        let sign = Sign::of(&["mandatory"]).to("added");
        self.push("property", &node.pointer, vec![edit], sign);
    }

    /// A property becomes mandatory, or no longer is.
    fn required(&mut self, node: &Node<'a>, name: &str, entry: Option<&str>, count: usize) {
        let list = node.at("required");
        let sign = Sign::of(&[name, "mandatory"]);
        let (pointer, edit, sign) = match entry {
            Some(_) if count == 1 => (list.clone(), remove(&list), sign.from("yes").to("no")),
            Some(entry) => (entry.to_owned(), remove(entry), sign.from("yes").to("no")),
            None => {
                let pointer = format!("{}/{}", node.at("properties"), escape(name));
                let edit = match count {
                    0 => insert(&list, json!([name])),
                    _ => insert(&format!("{list}/{count}"), json!(name)),
                };
                (pointer, edit, sign.from("no").to("yes"))
            }
        };
        self.push("required entry", &pointer, vec![edit], sign);
    }

    fn options(&mut self, node: &Node<'a>) {
        let Some(options) = node.value.get("enum").and_then(Value::as_array) else {
            return;
        };
        let names = node.value.get("x-enum-varnames").map(strings);
        let names = names.unwrap_or_default();
        for (number, option) in options.iter().enumerate() {
            let pointer = format!("{}/{number}", node.at("enum"));
            let sign = self.sign(node, "enum").from(option);
            let new = vary::value(option);
            let changed = sign.clone().to(&new);
            self.push("option", &pointer, vec![set(&pointer, new)], changed);
            self.push(
                "option",
                &pointer,
                each_list(node, |list| remove(&format!("{list}/{number}"))),
                sign,
            );
        }
        for (number, name) in names.iter().enumerate() {
            let pointer = format!("{}/{number}", node.at("x-enum-varnames"));
            let new = vary::text(name);
            let sign = self.sign(node, "enum").from(name).to(&new);
            self.push(
                "option name",
                &pointer,
                vec![set(&pointer, json!(new))],
                sign,
            );
        }
        let end = options.len();
        let integers = options.first().is_some_and(Value::is_number);
        let value = if integers { json!(777) } else { json!("added") };
        let sign = self.sign(node, "enum").to(&value);
        let addition = each_list(node, |list| {
            let value = if list.ends_with("/enum") {
                value.clone()
            } else {
                json!("Added")
            };
            insert(&format!("{list}/{end}"), value)
        });
        self.push("option", &node.at("enum"), addition, sign);
    }

    /// Limits that are not there come.
    fn new_limits(&mut self, node: &Node<'a>) {
        let fitting: &[&str] = match node.text("type") {
            Some("string") => &["minLength", "maxLength", "pattern"],
            Some("integer" | "number") => &["minimum", "maximum"],
            Some("array") => &["minItems", "maxItems"],
            _ => &[],
        };
        for key in LIMITS
            .iter()
            .filter(|key| fitting.contains(key) && !node.has(key))
        {
            let value = if *key == "pattern" {
                json!("^added$")
            } else {
                json!(7)
            };
            let after = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let sign = self.sign(node, key).to(after);
            self.push(
                &label(node.kind, key),
                &node.pointer,
                vec![insert(&node.at(key), value)],
                sign,
            );
        }
    }
}

/// The same edit of the options, their names and their meanings.
fn each_list(node: &Node<'_>, edit: impl Fn(&str) -> Edit) -> Vec<Edit> {
    let lists = ["enum", "x-enum-varnames", "x-enum-descriptions"].into_iter();
    let lists = lists.filter(|key| node.has(key));
    lists.map(|key| edit(&node.at(key))).collect()
}
