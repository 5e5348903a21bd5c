//! Whether a document has the form of OpenAPI where it is compared: what is no mapping or list would be taken for an empty
//! one, and its content would change in silence.

use std::collections::{BTreeSet, HashSet, VecDeque};

use serde_json::Value;

use super::side::Store;
use transcript::Node;

/// Further trouble is not told: it is likely to be the same.
const MOST: usize = 20;

/// What must stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Text,
    Flag,
    Number,
    FlagOrNumber,
    TextOrList,
    List,
    Part(Part),
    PartList(Part),
    PartMap(Part),
    /// A mapping in which keys that begin with `x-` are something else.
    Extensible(Part),
}

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Document,
    Info,
    Components,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    Responses,
    Header,
    Media,
    Schema,
    Discriminator,
    Callback,
    Server,
    Variable,
    Requirement,
    Scheme,
    Flow,
    Any,
}

/// The keys of a part that are compared.
fn fields(part: Part) -> &'static [(&'static str, Kind)] {
    use Kind::{
        Extensible, Flag, FlagOrNumber, List, Number, Part as One, PartList, PartMap, Text,
        TextOrList,
    };
    match part {
        Part::Document => &[
            ("info", One(Part::Info)),
            ("servers", PartList(Part::Server)),
            ("paths", Extensible(Part::PathItem)),
            ("webhooks", PartMap(Part::PathItem)),
            ("components", One(Part::Components)),
            ("security", PartList(Part::Requirement)),
            ("tags", PartList(Part::Any)),
        ],
        Part::Components => &[
            ("schemas", PartMap(Part::Schema)),
            ("responses", PartMap(Part::Response)),
            ("parameters", PartMap(Part::Parameter)),
            ("examples", PartMap(Part::Any)),
            ("requestBodies", PartMap(Part::Body)),
            ("headers", PartMap(Part::Header)),
            ("securitySchemes", PartMap(Part::Scheme)),
            ("links", PartMap(Part::Any)),
            ("callbacks", PartMap(Part::Callback)),
            ("pathItems", PartMap(Part::PathItem)),
        ],
        Part::PathItem => &[
            ("get", One(Part::Operation)),
            ("put", One(Part::Operation)),
            ("post", One(Part::Operation)),
            ("delete", One(Part::Operation)),
            ("options", One(Part::Operation)),
            ("head", One(Part::Operation)),
            ("patch", One(Part::Operation)),
            ("trace", One(Part::Operation)),
            ("servers", PartList(Part::Server)),
            ("parameters", PartList(Part::Parameter)),
        ],
        Part::Operation => &[
            ("tags", List),
            ("operationId", Text),
            ("parameters", PartList(Part::Parameter)),
            ("requestBody", One(Part::Body)),
            ("responses", One(Part::Responses)),
            ("callbacks", PartMap(Part::Callback)),
            ("deprecated", Flag),
            ("security", PartList(Part::Requirement)),
            ("servers", PartList(Part::Server)),
        ],
        Part::Parameter | Part::Header => &[
            ("name", Text),
            ("in", Text),
            ("required", Flag),
            ("deprecated", Flag),
            ("allowEmptyValue", Flag),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
            ("schema", One(Part::Schema)),
            ("content", PartMap(Part::Media)),
        ],
        Part::Body => &[("content", PartMap(Part::Media)), ("required", Flag)],
        Part::Response => &[
            ("headers", PartMap(Part::Header)),
            ("content", PartMap(Part::Media)),
            ("links", PartMap(Part::Any)),
        ],
        Part::Media => &[
            ("schema", One(Part::Schema)),
            ("encoding", PartMap(Part::Any)),
        ],
        Part::Schema => &[
            ("type", TextOrList),
            ("format", Text),
            ("properties", PartMap(Part::Schema)),
            ("required", List),
            ("items", One(Part::Schema)),
            ("additionalProperties", One(Part::Schema)),
            ("allOf", PartList(Part::Schema)),
            ("oneOf", PartList(Part::Schema)),
            ("anyOf", PartList(Part::Schema)),
            ("not", One(Part::Schema)),
            ("enum", List),
            ("discriminator", One(Part::Discriminator)),
            ("nullable", Flag),
            ("readOnly", Flag),
            ("writeOnly", Flag),
            ("deprecated", Flag),
            ("uniqueItems", Flag),
            ("pattern", Text),
            ("multipleOf", Number),
            ("minimum", Number),
            ("maximum", Number),
            ("exclusiveMinimum", FlagOrNumber),
            ("exclusiveMaximum", FlagOrNumber),
            ("minLength", Number),
            ("maxLength", Number),
            ("minItems", Number),
            ("maxItems", Number),
            ("minProperties", Number),
            ("maxProperties", Number),
        ],
        Part::Discriminator => &[("propertyName", Text), ("mapping", One(Part::Any))],
        Part::Server => &[("url", Text), ("variables", PartMap(Part::Variable))],
        Part::Variable => &[("enum", List), ("default", Text)],
        Part::Scheme => &[("type", Text), ("flows", PartMap(Part::Flow))],
        Part::Flow => &[("scopes", One(Part::Any))],
        Part::Info | Part::Responses | Part::Callback | Part::Requirement | Part::Any => &[],
    }
}

/// What must stand in all other entries of a part.
fn others(part: Part) -> Option<Kind> {
    match part {
        Part::Responses => Some(Kind::Part(Part::Response)),
        Part::Callback => Some(Kind::Part(Part::PathItem)),
        Part::Requirement => Some(Kind::List),
        _ => None,
    }
}

/// What keeps a document from being compared, and what does not.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    pub errors: Vec<String>,
    pub warnings: BTreeSet<String>,
}

/// Looks at everything that is compared, references followed.
pub(super) fn check(store: &Store) -> Trouble {
    let mut check = Check {
        store,
        trouble: Trouble::default(),
        queue: VecDeque::from([(store.main.root(), Part::Document)]),
        seen: HashSet::new(),
    };
    while let Some((node, part)) = check.queue.pop_front() {
        if check.trouble.errors.len() > MOST {
            check.trouble.errors.push("and more".to_owned());
            break;
        }
        if check.seen.insert((node.id(), part)) {
            check.part(node, part);
        }
    }
    check.trouble
}

struct Check<'a> {
    store: &'a Store,
    trouble: Trouble,
    queue: VecDeque<(Node<'a>, Part)>,
    seen: HashSet<(usize, Part)>,
}

impl<'a> Check<'a> {
    /// A mapping that is a part, or refers to one.
    fn part(&mut self, node: Node<'a>, part: Part) {
        if let Some(reference) = node.get("$ref").filter(|_| part != Part::Any) {
            match reference.value.as_str() {
                Some(text) => {
                    if let Some(target) = self.store.follow(node, text) {
                        self.one("what is referred to", target, part);
                    }
                }
                None => self.refuse("$ref", reference, "a text"),
            }
        }
        for (key, value) in node.entries() {
            let field = fields(part).iter().find(|(name, _)| *name == key);
            match field.map(|(_, kind)| *kind) {
                Some(kind) => self.value(key, value, kind),
                None if key.starts_with("x-") || key == "$ref" => {}
                None => {
                    if let Some(kind) = others(part) {
                        self.value(key, value, kind);
                    }
                }
            }
        }
        if part == Part::Parameter && node.get("$ref").is_none() {
            for key in ["name", "in"] {
                if node.get(key).is_none() {
                    let message = format!(
                        "{}: the parameter has no `{key}`; it is compared as it is written",
                        node.place()
                    );
                    self.trouble.warnings.insert(message);
                }
            }
        }
    }

    fn value(&mut self, key: &str, node: Node<'a>, kind: Kind) {
        let value = node.value;
        if value.is_null() {
            let message = format!("{}: `{key}` is empty, and counts as missing", node.place());
            self.trouble.warnings.insert(message);
            return;
        }
        let wanted = match kind {
            Kind::Part(part) => return self.one(key, node, part),
            Kind::PartList(part) if value.is_array() => {
                return node.items().for_each(|item| self.one(key, item, part));
            }
            Kind::PartMap(part) | Kind::Extensible(part) if value.is_object() => {
                let extensible = matches!(kind, Kind::Extensible(_));
                for (name, entry) in node.entries() {
                    if !(extensible && name.starts_with("x-")) {
                        self.value(name, entry, Kind::Part(part));
                    }
                }
                return;
            }
            Kind::PartMap(_) | Kind::Extensible(_) => "a mapping",
            Kind::List | Kind::PartList(_) if !value.is_array() => "a list",
            Kind::TextOrList if !value.is_array() && !value.is_string() => "a text or a list",
            Kind::Text if !value.is_string() => return self.doubt(key, node, "a text"),
            Kind::Flag if !value.is_boolean() => return self.doubt(key, node, "true or false"),
            Kind::Number if !value.is_number() => return self.doubt(key, node, "a number"),
            Kind::FlagOrNumber if !value.is_number() && !value.is_boolean() => {
                return self.doubt(key, node, "true, false or a number");
            }
            _ => return,
        };
        self.refuse(key, node, wanted);
    }

    fn one(&mut self, key: &str, node: Node<'a>, part: Part) {
        match node.value {
            Value::Object(_) => self.queue.push_back((node, part)),
            Value::Bool(_) if part == Part::Schema && may_be_flag(key, node) => {}
            _ if part == Part::Any => {}
            _ => self.refuse(key, node, "a mapping"),
        }
    }

    fn refuse(&mut self, key: &str, node: Node<'a>, wanted: &str) {
        self.trouble.errors.push(complaint(key, node, wanted));
    }

    /// What is of the wrong kind here is not looked into, and the rest can be compared all the same.
    fn doubt(&mut self, key: &str, node: Node<'a>, wanted: &str) {
        let message = complaint(key, node, wanted);
        let message = format!("{message}; it is compared as it is written");
        self.trouble.warnings.insert(message);
    }
}

/// Since OpenAPI 3.1 `true` and `false` are schemas.
fn may_be_flag(key: &str, node: Node<'_>) -> bool {
    key == "additionalProperties" || super::shape::is_later(node)
}

fn complaint(key: &str, node: Node<'_>, wanted: &str) -> String {
    let found = match node.value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    };
    format!(
        "{}: `{key}` is {found} where {wanted} is expected",
        node.place()
    )
}
