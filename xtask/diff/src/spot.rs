//! Describes a position in the compared documents: its name in messages, its usage, and the Rust items for it.

use std::rc::Rc;

use heck::ToSnakeCase;
use huaweicloud_openapi::grammar::ObjectKind::{self, Parameter, Schema};
use transcript::Node;

use super::usage::Usage;

/// A schema name or an `operationId`, and the Rust name of one of its fields or parameters. `None` stands for the whole
/// schema or operation.
pub type Owner = (String, Option<String>);

#[derive(Debug, Clone, Default)]
pub struct Spot {
    pub prefix: String,
    pub name: String,
    pub usage: Rc<Usage>,
    pub owners: Vec<Owner>,
}

impl Spot {
    pub fn component(kind: ObjectKind, name: &str, node: Option<Node<'_>>, usage: Usage) -> Spot {
        let node = node.filter(|_| kind == Parameter);
        let field = node.and_then(|node| node.text("name"));
        let field = field.map(ToSnakeCase::to_snake_case);
        let of_id = |id: &String| (id.clone(), field.clone());
        let (prefix, owners) = match kind {
            Schema => ("", vec![(name.to_owned(), None)]),
            _ => (kind.name(), usage.ids.iter().map(of_id).collect()),
        };
        Spot {
            prefix: prefix.to_owned(),
            name: name.to_owned(),
            usage: Rc::new(usage),
            owners,
        }
    }

    pub fn label(&self, key: &str) -> String {
        let name = match self.name.is_empty() {
            true => String::new(),
            false => format!("`{}`", self.name),
        };
        let parts = [self.prefix.as_str(), &name, key];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// Returns the position below a key. `name` is the name of an entry, or empty if the value is a single object.
    pub fn below(&self, key: &str, name: &str) -> Spot {
        let mut spot = self.clone();
        match key {
            "properties" => {
                let dot = if spot.name.is_empty() { "" } else { "." };
                spot.name += &format!("{dot}{name}");
                for owner in &mut spot.owners {
                    owner.1.get_or_insert_with(|| name.to_snake_case());
                }
            }
            "items" => spot.name += "[]",
            "additionalProperties" => spot.name += "{}",
            "schema" => {}
            "content" if name == "application/json" => {}
            "content" | "variables" | "examples" => spot.prefix += &format!(" {name}"),
            "headers" => spot.prefix += &format!(" header {name}"),
            "responses" => spot.prefix = format!("answer {name}"),
            "requestBody" => spot.prefix = "request body".to_owned(),
            key => spot.prefix = format!("{} {key} {name}", spot.prefix).trim().to_owned(),
        }
        spot
    }

    pub fn with(&self, change: impl Fn(&mut Usage)) -> Spot {
        let mut usage = (*self.usage).clone();
        change(&mut usage);
        Spot {
            usage: Rc::new(usage),
            ..self.clone()
        }
    }
}
