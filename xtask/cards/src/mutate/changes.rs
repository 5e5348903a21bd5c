//! One change for each fact, found along the grammar: a key that the grammar gains is changed from then on.

use serde_json::{Value, json};

use super::edits::{deepest, insert, last, remove, rename, scalars, set};
use super::names::{has_its_own, label, shown, shown_flag};
use super::vary;
use super::{Change, Sign};
use crate::{WORDING, plain};
use huaweicloud_openapi::grammar::{Need, ObjectKind, Shape};
use huaweicloud_openapi::nodes::{Node, Nodes};
use transcript::{Document, Edit, escape};

/// A change for each fact of a document, in its order.
pub fn changes(document: &Document) -> Vec<Change> {
    let index = Nodes::new(&document.value);
    let mut collector = Collector {
        index: &index,
        list: Vec::new(),
    };
    for node in &index {
        collector.node(node);
    }
    collector.list
}

pub(super) struct Collector<'i, 'a> {
    pub index: &'i Nodes<'a>,
    pub list: Vec<Change>,
}

impl<'a> Collector<'_, 'a> {
    pub fn push(&mut self, kind: &str, pointer: &str, edits: Vec<Edit>, sign: Sign) {
        self.list.push(Change {
            kind: kind.to_owned(),
            pointer: pointer.to_owned(),
            edits,
            sign,
        });
    }

    fn node(&mut self, node: &Node<'a>) {
        if let Some(reference) = node.reference() {
            return self.reference(node, reference);
        }
        match node.kind {
            ObjectKind::Root => self.root(node),
            ObjectKind::PathItem => self.path_item(node),
            ObjectKind::Operation => self.operation(node),
            ObjectKind::Schema => self.schema(node),
            _ => {}
        }
        for (key, need, shape) in node.kind.fields() {
            if WORDING.contains(key) || has_its_own(node.kind, key) {
                continue;
            }
            match node.value.get(*key) {
                Some(value) => self.present(node, key, *need, *shape, value),
                None => self.absent(node, key, *shape),
            }
        }
    }

    fn present(&mut self, node: &Node<'a>, key: &str, need: Need, shape: Shape, value: &'a Value) {
        match shape {
            Shape::Text | Shape::Choice(_) | Shape::Number | Shape::Count => {
                self.scalar(node, key, need, value)
            }
            Shape::Flag => self.flag(node, key, value == true),
            Shape::FlagOr(_) => self.flag(node, key, value != false),
            Shape::Any | Shape::TextMap | Shape::Values => self.any(node, key, need, value),
            Shape::Texts | Shape::Scalars => self.list_of_texts(node, key, value),
            Shape::Map(_) => self.names(node, key, value),
            Shape::List(kind) => self.items(node, key, kind, value),
            Shape::One(kind) => self.one(node, key, need, kind, value),
            Shape::Requirements | Shape::Refused(_) => {}
        }
    }

    /// A flag that is not there is one that is not set.
    fn absent(&mut self, node: &Node<'a>, key: &str, shape: Shape) {
        let means_something = match key {
            "exclusiveMinimum" => node.has("minimum"),
            "exclusiveMaximum" => node.has("maximum"),
            "uniqueItems" => node.text("type") == Some("array"),
            // Set is what it is without saying so.
            "explode" => false,
            _ => matches!(shape, Shape::Flag),
        };
        if !means_something {
            return;
        }
        let edit = insert(&node.at(key), json!(true));
        let sign = self.sign(node, key).from(shown_flag(key, false));
        let sign = sign.to(shown_flag(key, true));
        self.push(&label(node.kind, key), &node.pointer, vec![edit], sign);
    }

    fn scalar(&mut self, node: &Node<'a>, key: &str, need: Need, value: &Value) {
        let pointer = node.at(key);
        let new = match value {
            Value::String(text) => json!(vary::word(key, text)),
            other => vary::value(other),
        };
        let sign = self.sign(node, key).from(plain(value));
        let kind = label(node.kind, key);
        let edit = set(&pointer, new.clone());
        self.push(&kind, &pointer, vec![edit], sign.clone().to(plain(&new)));
        if need == Need::May {
            self.push(&kind, &pointer, vec![remove(&pointer)], sign);
        }
    }

    fn flag(&mut self, node: &Node<'a>, key: &str, old: bool) {
        let pointer = node.at(key);
        let sign = self.sign(node, key).from(shown_flag(key, old));
        let sign = sign.to(shown_flag(key, !old));
        let edit = set(&pointer, json!(!old));
        self.push(&label(node.kind, key), &pointer, vec![edit], sign);
    }

    /// An example, a default, an extension: each of its scalars, and the whole.
    fn any(&mut self, node: &Node<'a>, key: &str, need: Need, value: &Value) {
        let kind = label(node.kind, key);
        let show: fn(&Value) -> String = if key.starts_with("x-") {
            plain
        } else {
            Value::to_string
        };
        let pointer = node.at(key);
        let sign = self.sign(node, key);
        let mut first = None;
        scalars(&pointer, None, value, &mut |at, name, scalar| {
            let mut sign = sign.clone();
            sign.words.extend(name.map(str::to_owned));
            let new = vary::value(scalar);
            let edit = set(at, new.clone());
            let after = deepest(&new);
            first.get_or_insert_with(|| show(scalar));
            let sign = sign.from(show(scalar)).to(show(after));
            self.list.push(Change {
                kind: kind.clone(),
                pointer: at.to_owned(),
                edits: vec![edit],
                sign,
            });
        });
        if need == Need::May {
            let sign = sign.from(first.unwrap_or_default());
            self.push(&kind, &pointer, vec![remove(&pointer)], sign);
        }
    }

    fn list_of_texts(&mut self, node: &Node<'a>, key: &str, value: &Value) {
        let kind = label(node.kind, key);
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        for (number, item) in items.iter().enumerate() {
            let pointer = format!("{}/{number}", node.at(key));
            let sign = self.sign(node, key).from(plain(item));
            let new = vary::value(item);
            let edit = set(&pointer, new.clone());
            self.push(&kind, &pointer, vec![edit], sign.clone().to(plain(&new)));
            self.push(&kind, &pointer, vec![remove(&pointer)], sign);
        }
        let end = format!("{}/{}", node.at(key), items.len());
        let sign = self.sign(node, key).to("added");
        self.push(
            &kind,
            &node.at(key),
            vec![insert(&end, json!("added"))],
            sign,
        );
    }

    /// The names of a mapping.
    fn names(&mut self, node: &Node<'a>, key: &str, value: &Value) {
        let kind = label(node.kind, key);
        for name in value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            let pointer = format!("{}/{}", node.at(key), escape(name));
            let new = match key {
                "content" => "text/plain".to_owned(),
                _ => vary::text(name),
            };
            let sign = self.sign(node, key).from(name);
            let edit = rename(&pointer, &new);
            self.push(&kind, &pointer, vec![edit], sign.clone().to(&new));
            // What is left of a component that goes is what refers to it, at other places.
            if node.kind != ObjectKind::Components {
                self.push(&kind, &pointer, vec![remove(&pointer)], sign);
            }
        }
        let (name, value) = match key {
            "content" => ("text/csv", json!({"schema": {"type": "string"}})),
            "examples" => ("added", json!({"value": "added"})),
            "headers" => ("X-Added", json!({"schema": {"type": "string"}})),
            _ => return,
        };
        let edit = insert(&format!("{}/{}", node.at(key), escape(name)), value);
        let sign = self.sign(node, key).to(name);
        self.push(&kind, &node.at(key), vec![edit], sign);
    }

    fn items(&mut self, node: &Node<'a>, key: &str, kind: ObjectKind, value: &Value) {
        let name = match kind {
            ObjectKind::Server => "url",
            ObjectKind::Tag => "name",
            _ => return,
        };
        for (number, item) in value.as_array().into_iter().flatten().enumerate() {
            let pointer = format!("{}/{number}", node.at(key));
            let sign = Sign::of(&[shown(kind, name)]).from(plain(&item[name]));
            self.push(kind.name(), &pointer, vec![remove(&pointer)], sign);
        }
    }

    fn one(&mut self, node: &Node<'a>, key: &str, need: Need, kind: ObjectKind, value: &Value) {
        let sign = match kind {
            ObjectKind::Docs => Sign::of(&["page"]).from(plain(&value["url"])),
            ObjectKind::Body => Sign::of(&["content"]).from("request"),
            ObjectKind::Pagination
            | ObjectKind::Waiter
            | ObjectKind::Outcome
            | ObjectKind::PasswordRule => self.sign(node, key).from(plain(deepest(value))),
            ObjectKind::Schema if node.kind == ObjectKind::Media => match value["$ref"].as_str() {
                Some(reference) => Sign::of(&["schema"]).from(last(reference)),
                None => return,
            },
            _ => return,
        };
        if need == Need::May {
            let pointer = node.at(key);
            self.push(
                &label(node.kind, key),
                &pointer,
                vec![remove(&pointer)],
                sign,
            );
        }
    }

    fn reference(&mut self, node: &Node<'a>, reference: &str) {
        let Some(section) = node.kind.section() else {
            return;
        };
        let old = last(reference);
        let names: Vec<&String> = self
            .index
            .components(section)
            .map(|(name, _)| name)
            .collect();
        let here = names.iter().position(|name| *name == old).unwrap_or(0);
        let new = names
            .iter()
            .cycle()
            .skip(here + 1)
            .take(names.len())
            .find(|name| **name != old);
        let pointer = node.at("$ref");
        let target = |name: &str| json!(format!("#/components/{section}/{name}"));
        let component = |name: &str| {
            let pointer = format!("/components/{section}/{name}");
            self.index.root.pointer(&pointer)
        };
        let sign = match (node.kind, new) {
            (ObjectKind::Schema, Some(new)) => Some(self.sign(node, "schema").from(old).to(new)),
            (ObjectKind::Response | ObjectKind::Body, Some(new)) => {
                Some(self.sign(node, "component").from(old).to(new))
            }
            (ObjectKind::Parameter, Some(new)) => match (component(old), component(new)) {
                (Some(old), Some(new)) => Some(
                    Sign::of(&[])
                        .from(plain(&old["name"]))
                        .to(plain(&new["name"])),
                ),
                _ => None,
            },
            _ => None,
        };
        let (edit, sign) = match (sign, new) {
            (Some(sign), Some(new)) => (set(&pointer, target(new)), sign),
            // It leads nowhere then, which the lint says.
            _ => (
                set(&pointer, target("Nowhere")),
                Sign::of(&["$ref"]).from(old),
            ),
        };
        self.push(
            &format!("{} reference", node.kind.name()),
            &pointer,
            vec![edit],
            sign,
        );
    }
}
