//! Facts of paths and operations that are more than a key and its value.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Sign;
use super::changes::Collector;
use super::edits::{insert, remove, rename};
use super::vary;
use crate::plain;
use huaweicloud_openapi::nodes::Node;
use transcript::escape;

/// Methods to change to, in the order in which they are tried.
const METHODS: [&str; 6] = ["patch", "put", "post", "delete", "get", "head"];

impl<'a> Collector<'_, 'a> {
    pub fn root(&mut self, node: &Node<'a>) {
        for (path, _) in entries(node, "paths") {
            self.segments(path);
        }
        self.requirements(node, Sign::of(&["security"]));
    }

    /// Each segment of a path.
    fn segments(&mut self, path: &str) {
        let pointer = format!("/paths/{}", escape(path));
        let segments: Vec<&str> = path.split('/').collect();
        for (number, old) in segments.iter().enumerate().skip(1) {
            let new = match old.strip_suffix('}') {
                Some(name) => format!("{}}}", vary::text(name)),
                None => vary::text(old),
            };
            let mut changed = segments.clone();
            if let Some(segment) = changed.get_mut(number) {
                *segment = &new;
            }
            let edit = rename(&pointer, &changed.join("/"));
            let sign = Sign::of(&["path"]).from(old).to(&new);
            self.push("path segment", &pointer, vec![edit], sign);
        }
    }

    pub fn path_item(&mut self, node: &Node<'a>) {
        for (method, operation) in node.value {
            let pointer = format!("{}/{method}", node.pointer);
            let id = plain(&operation["operationId"]);
            let sign = Sign::of(&["operation"]).from(id);
            self.push("operation", &pointer, vec![remove(&pointer)], sign);
            if let Some(new) = METHODS.iter().find(|new| !node.has(new)) {
                let sign = Sign::of(&["method"]).from(method.to_uppercase());
                let sign = sign.to(new.to_uppercase());
                self.push("method", &pointer, vec![rename(&pointer, new)], sign);
            }
        }
    }

    pub fn operation(&mut self, node: &Node<'a>) {
        self.parameters(node);
        self.statuses(node);
        if node.has("security") {
            self.requirements(node, Sign::of(&["security"]));
        } else {
            let edit = insert(&node.at("security"), json!([]));
            self.push(
                "security",
                &node.pointer,
                vec![edit],
                Sign::of(&["security"]).to("none"),
            );
        }
        if !node.has("x-retry") {
            let safe = matches!(node.pointer.rsplit('/').next(), Some("get" | "head"));
            let new = if safe { "unsafe" } else { "safe" };
            let edit = insert(&node.at("x-retry"), json!(new));
            self.push(
                "x-retry",
                &node.pointer,
                vec![edit],
                Sign::of(&["retry"]).to(new),
            );
        }
    }

    fn parameters(&mut self, node: &Node<'a>) {
        let list = node.at("parameters");
        let listed = node.value.get("parameters").and_then(Value::as_array);
        for (number, parameter) in listed.into_iter().flatten().enumerate() {
            let pointer = format!("{list}/{number}");
            let parameter = self.index.resolve(parameter);
            let sign = Sign::of(&[]).from(plain(&parameter["name"]));
            self.push("parameter", &pointer, vec![remove(&pointer)], sign);
        }
        let added = json!({"name": "added", "in": "query", "description": "d", "schema": {"type": "string"}});
        let edit = match listed {
            Some(listed) => insert(&format!("{list}/{}", listed.len()), added),
            None => insert(&list, json!([added])),
        };
        self.push(
            "parameter",
            &node.pointer,
            vec![edit],
            Sign::of(&["query"]).to("added"),
        );
    }

    fn statuses(&mut self, node: &Node<'a>) {
        let list = node.at("responses");
        let taken: HashSet<&String> = entries(node, "responses")
            .map(|(status, _)| status)
            .collect();
        let is_taken = |status: &str| taken.iter().any(|known| *known == status);
        for (status, _) in entries(node, "responses") {
            let pointer = format!("{list}/{}", escape(status));
            let new = vary::status(status, is_taken);
            let sign = Sign::of(&[]).from(status);
            let edit = rename(&pointer, &new);
            self.push("status", &pointer, vec![edit], sign.clone().to(&new));
            self.push("status", &pointer, vec![remove(&pointer)], sign);
        }
        let new = vary::status("400", is_taken);
        let edit = insert(&format!("{list}/{new}"), json!({"description": "d"}));
        self.push("status", &node.pointer, vec![edit], Sign::of(&[]).to(&new));
    }

    /// Each alternative goes, and one that is not there comes.
    fn requirements(&mut self, node: &Node<'a>, sign: Sign) {
        let list = node.at("security");
        let listed = node.value.get("security").and_then(Value::as_array);
        let listed = listed.map(Vec::as_slice).unwrap_or_default();
        let mut named = HashSet::new();
        for (number, requirement) in listed.iter().enumerate() {
            let names = requirement.as_object().into_iter().flatten();
            let names: Vec<&String> = names.map(|(name, _)| name).collect();
            let pointer = format!("{list}/{number}");
            let before = names.first().map_or("", |name| name.as_str());
            self.push(
                "security",
                &pointer,
                vec![remove(&pointer)],
                sign.clone().from(before),
            );
            named.extend(names);
        }
        let schemes = self.index.components("securitySchemes");
        let others: Vec<&String> = schemes
            .map(|(name, _)| name)
            .filter(|name| !named.contains(name))
            .collect();
        for name in others {
            let requirement = Value::Object(Map::from_iter([(name.clone(), json!([]))]));
            let edit = insert(&format!("{list}/{}", listed.len()), requirement);
            self.push("security", &list, vec![edit], sign.clone().to(name));
        }
    }
}

/// The entries of a mapping below a key.
fn entries<'a>(node: &Node<'a>, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let map = node.value.get(key).and_then(Value::as_object);
    map.into_iter().flatten()
}
