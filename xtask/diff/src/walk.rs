//! Compares two documents key by key, along the grammar. A `$ref` is not followed: its component is compared once.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use heck::ToSnakeCase;
use huaweicloud_openapi::grammar::ObjectKind::{
    self, ErrorCodes, Operation, Parameter, PathItem, Response, Root, Schema,
};
use huaweicloud_openapi::grammar::Shape;
use huaweicloud_openapi::{METHODS, is_safe};
use serde_json::{Value, json};
use transcript::{Document, Node, escape};

use super::dialect::target;
use super::table::Direction::{
    self, Added, AddedFailure, AddedMandatory, Changed, Decreased, Increased, Moved, Narrowed,
    Removed, RemovedFailure, Renamed, Set, Unset, Widened,
};
use super::table::{self, Row, Sense};
use super::usage::{Usage, Usages, collect};
use super::{Change, Verdict};

/// A change, and what of the generated code explains it.
#[derive(Debug)]
pub struct Found {
    /// The change; its verdict for Rust is open if it claims code.
    pub change: Change,
    /// Types and operations in Rust, each with the field if one is meant.
    pub owners: Vec<(String, Option<String>)>,
    /// Whether the generated code tells the verdict for Rust.
    pub claims: bool,
}

/// Where a comparison stands.
#[derive(Debug, Clone)]
struct Spot {
    prefix: String,
    name: String,
    usage: Rc<Usage>,
    owners: Vec<(String, Option<String>)>,
}

impl Spot {
    fn label(&self, key: &str) -> String {
        let name = match self.name.is_empty() {
            true => String::new(),
            false => format!("`{}`", self.name),
        };
        let parts = [self.prefix.as_str(), &name, key];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// A field, an element, or anything else below.
    fn below(&self, key: &str, name: &str) -> Spot {
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
            key => spot.prefix = format!("{} {key}", spot.prefix).trim().to_owned(),
        }
        spot
    }

    fn with(&self, change: impl Fn(&mut Usage)) -> Spot {
        let mut usage = (*self.usage).clone();
        change(&mut usage);
        Spot {
            usage: Rc::new(usage),
            ..self.clone()
        }
    }
}

/// The two sides, and what was found.
pub struct Walk<'a> {
    base: &'a Document,
    head: &'a Document,
    usages: Usages,
    stack: HashSet<(usize, usize)>,
    pub(super) found: Vec<Found>,
}

/// Method, path, node.
type Op<'a> = (&'static str, &'a str, Node<'a>);

fn operations(document: &Document) -> Vec<Op<'_>> {
    let paths = document.root().get("paths");
    let paths = paths.into_iter().flat_map(Node::entries);
    let all = paths.flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some((*method, path, item.get(method)?)))
    });
    all.collect()
}

/// A path whose variables have no names.
fn nameless(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

impl<'a> Walk<'a> {
    /// Compares everything.
    pub fn over(base: &'a Document, head: &'a Document) -> Vec<Found> {
        let (usages, stack, found) = (Usages::new(), HashSet::new(), Vec::new());
        let mut walk = Walk {
            base,
            head,
            usages,
            stack,
            found,
        };
        let pairs = walk.pairs();
        for (old, new) in &pairs {
            let Some((method, path, node)) = new.or(*old) else {
                continue;
            };
            let mut usage = Usage {
                request: true,
                ..Usage::default()
            };
            usage
                .operations
                .insert(format!("{} {path}", method.to_uppercase()));
            let sides = [(*old, base), (*new, head)];
            for (side, _) in &sides {
                let id = side.and_then(|side| side.2.text("operationId"));
                usage.ids.extend(id.map(str::to_owned));
            }
            for (side, document) in sides {
                if let Some(side) = side {
                    collect(&document.value, side.2.value, &usage, &mut walk.usages);
                }
            }
            let owners = usage.ids.iter().map(|id| (id.clone(), None)).collect();
            let spot = Spot {
                prefix: String::new(),
                name: String::new(),
                usage: Rc::new(usage),
                owners,
            };
            walk.operation(*old, *new, node, &spot);
        }
        let usage = Rc::new(Usage {
            request: true,
            ..Usage::default()
        });
        let spot = Spot {
            prefix: String::new(),
            name: String::new(),
            usage,
            owners: Vec::new(),
        };
        walk.fields(Root, base.root(), head.root(), &spot);
        walk.found
    }

    /// The operations of both sides: the same route, or else the same name.
    fn pairs(&self) -> Vec<(Option<Op<'a>>, Option<Op<'a>>)> {
        let (mut old, new) = (operations(self.base), operations(self.head));
        let mut pairs = Vec::new();
        let mut take =
            |fits: &dyn Fn(&Op<'a>) -> bool| old.iter().position(fits).map(|at| old.remove(at));
        let mut left = Vec::new();
        for head in new {
            match take(&|base| base.0 == head.0 && nameless(base.1) == nameless(head.1)) {
                Some(base) => pairs.push((Some(base), Some(head))),
                None => left.push(head),
            }
        }
        for head in left {
            let id = head.2.text("operationId");
            pairs.push((
                take(&|base| id.is_some() && base.2.text("operationId") == id),
                Some(head),
            ));
        }
        pairs.extend(old.into_iter().map(|base| (Some(base), None)));
        pairs
    }

    fn operation(&mut self, old: Option<Op<'a>>, new: Option<Op<'a>>, node: Node<'a>, spot: &Spot) {
        let method = new.or(old).map(|op| op.0).unwrap_or_default();
        let Some(row) = table::row(PathItem, method) else {
            return;
        };
        let id = node
            .value
            .get("operationId")
            .cloned()
            .unwrap_or(json!("operation"));
        match (old, new) {
            (Some(old), Some(new)) => {
                let route = |op: Op<'_>| json!(format!("{} {}", op.0.to_uppercase(), op.1));
                if old.0 != new.0 || nameless(old.1) != nameless(new.1) {
                    self.emit(
                        row,
                        Moved,
                        spot,
                        "operation",
                        new.2,
                        false,
                        route(old),
                        route(new),
                    );
                } else if let (true, Some(row)) = (old.1 != new.1, table::row(Root, "paths")) {
                    self.emit(
                        row,
                        Renamed,
                        spot,
                        "path",
                        new.2,
                        false,
                        json!(old.1),
                        json!(new.1),
                    );
                }
                let retry = |op: Op<'_>| {
                    json!(if is_safe(op.0, op.2.value) {
                        "safe"
                    } else {
                        "unsafe"
                    })
                };
                let (before, after) = (retry(old), retry(new));
                if let (true, Some(row)) = (before != after, table::row(Operation, "x-retry")) {
                    let way = if after == "safe" { Widened } else { Narrowed };
                    let place = new.2.get("x-retry").unwrap_or(new.2);
                    self.emit(row, way, spot, "x-retry", place, false, before, after);
                }
                self.security(old.2, new.2, spot);
                self.parameters((old.1, old.2), (new.1, new.2), spot);
                self.fields(Operation, old.2, new.2, spot);
            }
            (Some(old), None) => self.emit(
                row,
                Removed,
                spot,
                "operation",
                old.2,
                true,
                id,
                Value::Null,
            ),
            (None, Some(new)) => {
                self.emit(row, Added, spot, "operation", new.2, false, Value::Null, id)
            }
            (None, None) => {}
        }
    }

    fn security(&mut self, old: Node<'a>, new: Node<'a>, spot: &Spot) {
        let of = |node: Node<'a>, root: Node<'a>| node.get("security").or(root.get("security"));
        let (before, after) = (of(old, self.base.root()), of(new, self.head.root()));
        let set = |node: Option<Node<'a>>| -> BTreeSet<BTreeSet<String>> {
            let items = node.into_iter().flat_map(Node::items);
            let ways = items.map(|item| {
                item.entries()
                    .map(|(name, scopes)| format!("{name}{}", scopes.value))
                    .collect()
            });
            let ways: BTreeSet<_> = ways.collect();
            if ways.is_empty() {
                [BTreeSet::new()].into()
            } else {
                ways
            }
        };
        let (ways, newer) = (set(before), set(after));
        if let (true, Some(row)) = (ways != newer, table::row(Operation, "security")) {
            // An older way still works if a newer one asks for no more.
            let lost = ways
                .iter()
                .any(|way| !newer.iter().any(|other| other.is_subset(way)));
            let value =
                |node: Option<Node<'a>>| node.map(|node| node.value.clone()).unwrap_or(Value::Null);
            let way = if lost { Narrowed } else { Widened };
            self.emit(
                row,
                way,
                spot,
                "security",
                new,
                false,
                value(before),
                value(after),
            );
        }
    }

    /// Parameters by name; those of the path by their place in it.
    fn parameters(&mut self, old: (&str, Node<'a>), new: (&str, Node<'a>), spot: &Spot) {
        let listed = |(path, node): (&str, Node<'a>)| -> BTreeMap<String, (Node<'a>, Node<'a>)> {
            let items = node.get("parameters").into_iter().flat_map(Node::items);
            let named = items.filter_map(|item| {
                let of = target(item)?;
                let (name, place) = (of.text("name")?, of.text("in")?);
                let key = match place {
                    "path" => path
                        .find(&format!("{{{name}}}"))
                        .map(|at| path[..at].matches('{').count().to_string()),
                    "header" => Some(name.to_lowercase()),
                    _ => Some(name.to_owned()),
                };
                Some((format!("{place} {}", key?), (item, of)))
            });
            named.collect()
        };
        let (old, new) = (listed(old), listed(new));
        let Some(row) = table::row(Operation, "parameters") else {
            return;
        };
        for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (old.get(key), new.get(key));
            let Some((_, node)) = after.or(before) else {
                continue;
            };
            let (place, name) = (
                node.text("in").unwrap_or_default(),
                node.text("name").unwrap_or_default(),
            );
            let mut spot = spot.with(|usage| (usage.request, usage.parameter) = (false, true));
            (spot.prefix, spot.name) = (place.to_owned(), name.to_owned());
            spot.owners
                .iter_mut()
                .for_each(|owner| owner.1 = Some(name.to_snake_case()));
            match (before, after) {
                (Some((one, _)), Some((two, _))) => self.object(Parameter, *one, *two, &spot),
                (None, Some((_, of))) => {
                    let way = if of.is("required") {
                        AddedMandatory
                    } else {
                        Added
                    };
                    self.emit(
                        row,
                        way,
                        &spot,
                        "",
                        *of,
                        false,
                        Value::Null,
                        brief(of.value),
                    );
                }
                (Some((_, of)), None) => self.emit(
                    row,
                    Removed,
                    &spot,
                    "",
                    *of,
                    true,
                    brief(of.value),
                    Value::Null,
                ),
                (None, None) => {}
            }
        }
    }

    fn object(&mut self, kind: ObjectKind, base: Node<'a>, head: Node<'a>, spot: &Spot) {
        let (one, two) = (reference(base), reference(head));
        if one != two && self.stack.insert((base.id(), head.id())) {
            let value = |text: Option<&str>| text.map_or(json!("inline"), |text| json!(text));
            let found = Change {
                rule: "reference-changed".to_owned(),
                wire: Verdict::Documentation,
                rust: Verdict::Documentation,
                operations: spot
                    .usage
                    .operations
                    .iter()
                    .map(|name| Rc::from(name.as_str()))
                    .collect(),
                place: head.place(),
                removed: false,
                subject: spot.label("reference"),
                before: value(one),
                after: value(two),
                code: Vec::new(),
            };
            self.found.push(Found {
                change: found,
                owners: spot.owners.clone(),
                claims: true,
            });
            if let (Some(base), Some(head)) = (whole(base), whole(head)) {
                if base.0.id() != head.0.id() && self.stack.insert((base.0.id(), head.0.id())) {
                    self.fields(kind, base.0, head.0, spot);
                    self.stack.remove(&(base.0.id(), head.0.id()));
                }
            }
            self.stack.remove(&(base.id(), head.id()));
        }
        if base.get("$ref").is_none() && head.get("$ref").is_none() {
            self.fields(kind, base, head, spot);
        }
    }

    fn fields(&mut self, kind: ObjectKind, base: Node<'a>, head: Node<'a>, spot: &Spot) {
        for (key, _, shape) in kind.fields() {
            let Some(row) = table::row(kind, key) else {
                continue;
            };
            let handled = matches!(
                (kind, *key),
                (Root, "paths")
                    | (Operation, "x-retry" | "security" | "parameters")
                    | (Schema, "allOf")
            );
            if handled || row.2 == Sense::Identity {
                continue;
            }
            let (one, two) = (base.get(key), head.get(key));
            match shape {
                Shape::One(of) => self.one(row, *of, (one, two), (base, head), key, spot),
                Shape::Map(of) => {
                    self.entries(row, *of, named(one), named(two), (base, head), spot)
                }
                Shape::List(of) => self.entries(
                    row,
                    *of,
                    listed(*of, one),
                    listed(*of, two),
                    (base, head),
                    spot,
                ),
                Shape::FlagOr(of) => {
                    if let (Some(one), Some(two)) = (
                        one.filter(|it| it.value.is_object()),
                        two.filter(|it| it.value.is_object()),
                    ) {
                        self.object(*of, one, two, &spot.below(key, ""));
                    } else {
                        self.leaf(row, (one, two), (base, head), spot);
                    }
                }
                _ => self.leaf(row, (one, two), (base, head), spot),
            }
        }
    }

    fn one(
        &mut self,
        row: &Row,
        of: ObjectKind,
        sides: (Option<Node<'a>>, Option<Node<'a>>),
        whole: (Node<'a>, Node<'a>),
        key: &str,
        spot: &Spot,
    ) {
        let below = spot.below(key, "");
        match sides {
            (Some(one), Some(two)) => self.object(of, one, two, &below),
            (None, Some(two)) => {
                let way =
                    if row.2 == Sense::Inputs && target(two).is_some_and(|it| it.is("required")) {
                        AddedMandatory
                    } else {
                        Added
                    };
                self.emit(
                    row,
                    way,
                    spot,
                    key,
                    two,
                    false,
                    Value::Null,
                    brief(two.value),
                );
            }
            (Some(one), None) => {
                let _ = whole;
                self.emit(
                    row,
                    Removed,
                    spot,
                    key,
                    one,
                    true,
                    brief(one.value),
                    Value::Null,
                );
            }
            (None, None) => {}
        }
    }

    fn entries(
        &mut self,
        row: &Row,
        of: ObjectKind,
        old: Vec<(String, Node<'a>)>,
        new: Vec<(String, Node<'a>)>,
        whole: (Node<'a>, Node<'a>),
        spot: &Spot,
    ) {
        let old: BTreeMap<_, _> = old.into_iter().collect();
        let new: BTreeMap<_, _> = new.into_iter().collect();
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let mut below = spot.below(row.1, name);
            if row.0 == ObjectKind::Components {
                let reference = format!("#/components/{}/{}", row.1, escape(name));
                let usage = self.usages.get(&reference).cloned().unwrap_or_default();
                below.owners = match row.1 {
                    "schemas" => vec![(name.clone(), None)],
                    "parameters" => usage
                        .ids
                        .iter()
                        .map(|id| (id.clone(), Some(name.to_snake_case())))
                        .collect(),
                    _ => usage.ids.iter().map(|id| (id.clone(), None)).collect(),
                };
                let kind = if row.1 == "schemas" {
                    String::new()
                } else {
                    of.name().to_owned()
                };
                (below.prefix, below.name, below.usage) = (kind, name.clone(), Rc::new(usage));
            } else if row.1 == "responses" || row.0 == Response {
                below = below.with(|usage| (usage.request, usage.answer) = (false, true));
            }
            let failure = row.2 == Sense::Answers && !name.starts_with('2');
            let key = if row.0 == ObjectKind::Components
                || row.2 == Sense::Inputs
                || row.2 == Sense::Answers
            {
                ""
            } else {
                name
            };
            match (old.get(name), new.get(name)) {
                (Some(one), Some(two)) => self.object(of, *one, *two, &below),
                (None, Some(two)) => {
                    let required = whole.1.get("required").into_iter().flat_map(Node::items);
                    let mandatory = row.1 == "properties"
                        && required.into_iter().any(|it| it.value == name.as_str());
                    let way = match (failure, mandatory) {
                        (true, _) => AddedFailure,
                        (_, true) => AddedMandatory,
                        _ => Added,
                    };
                    self.emit(
                        row,
                        way,
                        &below,
                        key,
                        *two,
                        false,
                        Value::Null,
                        brief(two.value),
                    );
                }
                (Some(one), None) => {
                    let way = if failure { RemovedFailure } else { Removed };
                    self.emit(
                        row,
                        way,
                        &below,
                        key,
                        *one,
                        true,
                        brief(one.value),
                        Value::Null,
                    );
                }
                (None, None) => {}
            }
        }
    }

    fn leaf(
        &mut self,
        row: &Row,
        sides: (Option<Node<'a>>, Option<Node<'a>>),
        whole: (Node<'a>, Node<'a>),
        spot: &Spot,
    ) {
        let (before, after) = (normal(row, sides.0, whole.0), normal(row, sides.1, whole.1));
        if before == after {
            return;
        }
        let place = sides.1.or(sides.0).unwrap_or(whole.1);
        let removed = sides.1.is_none() && sides.0.is_some();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        if matches!(row.2, Sense::Options | Sense::Names)
            && !(row.0 == Schema && row.1 == "enum" && (before.is_null() || after.is_null()))
        {
            let (old, new) = (list(&before), list(&after));
            let has = |node: Node<'a>, name: &Value| {
                node.get("properties")
                    .is_some_and(|all| all.get(name.as_str().unwrap_or_default()).is_some())
            };
            for value in old.iter().filter(|value| !new.contains(value)) {
                if row.2 == Sense::Options {
                    self.emit(
                        row,
                        Removed,
                        spot,
                        row.1,
                        place,
                        removed,
                        value.clone(),
                        Value::Null,
                    );
                } else if has(whole.1, value) {
                    let below = spot.below("properties", value.as_str().unwrap_or_default());
                    self.emit(
                        row,
                        Removed,
                        &below,
                        "mandatory",
                        place,
                        removed,
                        json!(true),
                        json!(false),
                    );
                }
            }
            for value in new.iter().filter(|value| !old.contains(value)) {
                if row.2 == Sense::Options {
                    self.emit(
                        row,
                        Added,
                        spot,
                        row.1,
                        place,
                        false,
                        Value::Null,
                        value.clone(),
                    );
                } else if has(whole.0, value) {
                    let below = spot.below("properties", value.as_str().unwrap_or_default());
                    self.emit(
                        row,
                        Added,
                        &below,
                        "mandatory",
                        place,
                        false,
                        json!(false),
                        json!(true),
                    );
                }
            }
            return;
        }
        let way = match row.2 {
            Sense::Options => {
                if before.is_null() {
                    Removed
                } else {
                    Added
                }
            }
            Sense::Allows | Sense::Demands | Sense::Mark => {
                if after == true {
                    Set
                } else {
                    Unset
                }
            }
            Sense::Range => range(row.1, &before, &after, &spot.usage),
            _ if before.is_null() => Added,
            _ if after.is_null() => Removed,
            Sense::Upper | Sense::Lower => {
                if number(&after) > number(&before) {
                    Increased
                } else {
                    Decreased
                }
            }
            _ => Changed,
        };
        self.emit(row, way, spot, row.1, place, removed, before, after);
    }

    #[allow(clippy::too_many_arguments, reason = "each is one column of a change")]
    fn emit(
        &mut self,
        row: &Row,
        way: Direction,
        spot: &Spot,
        key: &str,
        place: Node<'a>,
        removed: bool,
        before: Value,
        after: Value,
    ) {
        let (requests, answers) = table::effect(row, way);
        let usage = &spot.usage;
        let sent = (usage.request || usage.parameter).then_some(requests);
        let wire = sent
            .max(usage.answer.then_some(answers))
            .unwrap_or(Verdict::Documentation);
        let unsent_default = row.1 == "default" && way == Added && usage.parameter;
        let rust = table::rust(row, way);
        let operations = usage.operations.iter().map(|name| Rc::from(name.as_str()));
        let change = Change {
            rule: table::name(row, way),
            wire: if unsent_default {
                Verdict::Breaking
            } else {
                wire
            },
            rust: rust.unwrap_or(Verdict::Documentation),
            operations: operations.collect(),
            place: place.place(),
            removed,
            subject: spot.label(key),
            before,
            after,
            code: Vec::new(),
        };
        self.found.push(Found {
            change,
            owners: spot.owners.clone(),
            claims: rust.is_none(),
        });
    }
}

/// What a schema or object refers to, also by an `allOf` of one part.
fn reference(node: Node<'_>) -> Option<&str> {
    node.text("$ref")
        .or_else(|| node.get("allOf")?.items().next()?.text("$ref"))
}

fn whole(node: Node<'_>) -> Option<(Node<'_>,)> {
    match node.get("allOf").and_then(|parts| parts.items().next()) {
        Some(part) => target(part).map(|node| (node,)),
        None => target(node).map(|node| (node,)),
    }
}

fn named(node: Option<Node<'_>>) -> Vec<(String, Node<'_>)> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries
        .map(|(name, node)| (name.to_owned(), node))
        .collect()
}

/// The objects of a list by what tells them apart; the codes of an entry one by one.
fn listed(kind: ObjectKind, node: Option<Node<'_>>) -> Vec<(String, Node<'_>)> {
    let items = node.into_iter().flat_map(Node::items);
    let named = items.flat_map(|item| {
        let keys: Vec<String> = match kind {
            ErrorCodes => item
                .get("codes")
                .into_iter()
                .flat_map(Node::items)
                .filter_map(|code| code.value.as_str().map(str::to_owned))
                .collect(),
            _ => ["url", "name"]
                .iter()
                .filter_map(|key| item.text(key))
                .map(str::to_owned)
                .collect(),
        };
        keys.into_iter().map(move |key| (key, item))
    });
    named.collect()
}

/// A value without what means the same as its absence.
fn normal(row: &Row, node: Option<Node<'_>>, whole: Node<'_>) -> Value {
    let value = node.map_or(Value::Null, |node| node.value.clone());
    let is_query = whole.text("in") == Some("query");
    let form = whole.text("style").is_none_or(|style| style == "form");
    match (row.1, &value) {
        ("explode", Value::Bool(flag)) if *flag == (is_query && form) => Value::Null,
        ("explode", _) => value,
        ("style", Value::String(style)) if *style == if is_query { "form" } else { "simple" } => {
            Value::Null
        }
        ("additionalProperties", Value::Bool(true)) => Value::Null,
        (_, Value::Bool(false)) if row.1 != "additionalProperties" => Value::Null,
        ("minLength" | "minItems" | "minProperties", Value::Number(number))
            if number.as_u64() == Some(0) =>
        {
            Value::Null
        }
        ("x-enum-varnames" | "x-enum-descriptions", Value::Array(names)) => {
            let options = whole
                .get("enum")
                .into_iter()
                .flat_map(Node::items)
                .map(|option| option.value.to_string());
            Value::Object(options.zip(names.iter().cloned()).collect())
        }
        ("success" | "failure" | "good", Value::Array(items)) => {
            let mut items = items.clone();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        _ => value,
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// Whether a value lets more or less through than another.
fn range(key: &str, before: &Value, after: &Value, usage: &Usage) -> Direction {
    let text = usage.parameter && !usage.request && !usage.answer;
    let (old, new) = (
        before.as_str().unwrap_or_default(),
        after.as_str().unwrap_or_default(),
    );
    match (key, old, new) {
        ("type", "integer", "number")
        | ("format", "int32", "int64")
        | ("format", "float", "double") => Widened,
        ("type", "number", "integer")
        | ("format", "int64", "int32")
        | ("format", "double", "float") => Narrowed,
        ("type", "integer" | "number" | "boolean", "string") if text => Widened,
        ("type", "string", "integer" | "number" | "boolean") if text => Narrowed,
        ("specials", ..) => match (
            old.chars().all(|c| new.contains(c)),
            new.chars().all(|c| old.contains(c)),
        ) {
            (true, _) => Widened,
            (_, true) => Narrowed,
            _ => Changed,
        },
        ("additionalProperties", ..) => {
            let rank = |value: &Value| {
                if value.is_null() {
                    2
                } else {
                    i32::from(value.is_object())
                }
            };
            if rank(after) > rank(before) {
                Widened
            } else {
                Narrowed
            }
        }
        _ if before.is_null() => Narrowed,
        _ if after.is_null() => Widened,
        _ => Changed,
    }
}

/// What an object demands, without wording and examples.
fn brief(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let is_words = |key: &str, value: &Value| {
                matches!(key, "description" | "example" | "examples" | "summary")
                    && !value.get("type").is_some_and(Value::is_string)
            };
            let kept = map.iter().filter(|(key, value)| !is_words(key, value));
            Value::Object(
                kept.map(|(key, value)| (key.clone(), brief(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(brief).collect()),
        other => other.clone(),
    }
}
