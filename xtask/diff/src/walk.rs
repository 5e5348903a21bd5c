//! Compares two documents by the keys of the grammar. One comparison of a component counts for all references to it. If
//! an inline object becomes a reference, or a reference becomes an inline object, each such position is compared.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use heck::ToSnakeCase;
use huaweicloud_openapi::grammar::ObjectKind::{
    self, Components, ErrorCodes, Operation, Parameter, PathItem, Response, Root, Schema,
};
use huaweicloud_openapi::grammar::Shape;
use huaweicloud_openapi::{METHODS, is_safe};
use serde_json::{Value, json};
use transcript::{Document, Node, escape};

use super::dialect::target;
use super::spot::{Owner, Spot};
use super::table::Direction::{self, *};
use super::table::{self, REFERENCE, RESTATED, Row, Sense, UNJUDGED};
use super::usage::{Usage, Usages, collect};
use super::values::{
    Entries, Object, Sides, both, brief, is_more, listed, named, normal, range, reference, texts,
};
use super::{Change, Verdict};

/// A change of a document, and the Rust items that the change can affect.
#[derive(Debug)]
pub struct Found {
    /// The change. The function `explain` later adds the differences of the generated code.
    pub change: Change,
    /// The types and operations in Rust that the change can affect. Empty if a change of the key has no effect on Rust.
    pub owners: Vec<Owner>,
}

/// Two objects that are compared later. An immediate comparison could overflow the stack at a long chain of references.
type Later<'a> = (ObjectKind, Object<'a>, Object<'a>, Spot);

/// The usage and the differences of two components with different names.
#[derive(Debug, Default)]
struct Pair {
    /// `None` until the first use of the pair.
    usage: Option<Usage>,
    found: Vec<Found>,
}

/// The state of a comparison: the two documents, and the changes found so far.
pub struct Walk<'a> {
    base: &'a Document,
    /// The newer document.
    pub head: &'a Document,
    usages: Usages,
    later: Vec<Later<'a>>,
    /// The compared pairs of a reference and an inline object. The key has the ids of both nodes and the address of the
    /// usage. The value keeps the usage alive, so this address stays unique.
    compared: HashMap<(usize, usize, *const Usage), Rc<Usage>>,
    /// The pairs of components with different names. A key consists of the references to the two components.
    pairs: BTreeMap<(&'a str, &'a str), Pair>,
    /// The pairs that have new uses. The next round compares these pairs.
    open: BTreeMap<(&'a str, &'a str), ObjectKind>,
    pub found: Vec<Found>,
    /// The key is an `operationId` or the name of a schema. The value has the affected operations, and the node of the
    /// operation or schema.
    pub concerns: HashMap<String, (BTreeSet<Rc<str>>, Node<'a>)>,
}

/// The method, the path and the node of an operation.
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

/// Returns the method and the path of an operation. Segments that begin with a variable become `{}`: `get /devices/{}`.
fn nameless(op: &Op<'_>) -> String {
    let parts = op.1.split('/').map(|part| match part.starts_with('{') {
        true => "{}",
        false => part,
    });
    format!("{} {}", op.0, parts.collect::<Vec<_>>().join("/"))
}

/// Returns the segments of a path that begin with a variable, such as `{device_id}`.
fn variables(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|part| part.starts_with('{'))
        .collect()
}

impl<'a> Walk<'a> {
    pub fn over(base: &'a Document, head: &'a Document) -> Walk<'a> {
        let mut walk = Walk {
            base,
            head,
            usages: Usages::new(),
            later: Vec::new(),
            compared: HashMap::new(),
            pairs: BTreeMap::new(),
            open: BTreeMap::new(),
            found: Vec::new(),
            concerns: HashMap::new(),
        };
        for (old, new) in walk.pairs() {
            walk.operation(old, new);
        }
        let usage = Usage {
            request: true,
            ..Usage::default()
        };
        let spot = Spot {
            usage: Rc::new(usage),
            ..Spot::default()
        };
        let sides = (Some(base.root()), Some(head.root()));
        walk.fields(
            Root,
            &Object::alone(sides.0),
            &Object::alone(sides.1),
            &spot,
        );
        loop {
            while let Some((kind, old, new, spot)) = walk.later.pop() {
                walk.fields(kind, &old, &new, &spot);
            }
            // The pairs of components are compared in rounds. So most uses of a pair are known before its comparison.
            let open = std::mem::take(&mut walk.open);
            if open.is_empty() {
                break;
            }
            for (pair, kind) in open {
                walk.pair(kind, pair);
            }
        }
        let pairs = std::mem::take(&mut walk.pairs).into_values();
        walk.found.extend(pairs.flat_map(|pair| pair.found));
        if walk.found.is_empty() && base.value != head.value {
            walk.restated(&spot, "document", sides);
        }
        for document in [base, head] {
            let schemas = document.root().pointer("/components/schemas");
            for (name, node) in schemas.into_iter().flat_map(Node::entries) {
                let reference = format!("#/components/schemas/{}", escape(name));
                let usage = walk.usages.get(&reference);
                let routes = usage.map(|usage| usage.operations.clone());
                let entry = (routes.unwrap_or_default(), node);
                walk.concerns.insert(name.to_owned(), entry);
            }
        }
        walk
    }

    /// Returns pairs of old and new operations with the same result of `nameless`. The remaining operations form pairs
    /// if they have the same `operationId`. An operation without a partner is paired with `None`.
    fn pairs(&self) -> Vec<(Option<Op<'a>>, Option<Op<'a>>)> {
        let (old, new) = (operations(self.base), operations(self.head));
        let id = |op: &Op<'a>| op.2.text("operationId").unwrap_or_default().to_owned();
        let mut found = vec![None; new.len()];
        let mut taken = vec![false; old.len()];
        for key in [nameless as fn(&Op<'a>) -> String, id] {
            let left = (0..old.len()).rev().filter(|at| !taken[*at]);
            let mut left: HashMap<String, usize> = left.map(|at| (key(&old[at]), at)).collect();
            left.remove("");
            for (head, base) in new.iter().zip(&mut found) {
                if base.is_none() {
                    *base = left.remove(&key(head));
                    base.iter().for_each(|at| taken[*at] = true);
                }
            }
        }
        let pairs = new.into_iter().zip(found);
        let pairs = pairs.map(|(head, base)| (base.map(|at| old[at]), Some(head)));
        let gone = (0..old.len()).filter(|at| !taken[*at]);
        pairs.chain(gone.map(|at| (Some(old[at]), None))).collect()
    }

    fn operation(&mut self, old: Option<Op<'a>>, new: Option<Op<'a>>) {
        let Some((method, path, node)) = new.or(old) else {
            return;
        };
        let route = |op: Op<'_>| format!("{} {}", op.0.to_uppercase(), op.1);
        let mut usage = Usage {
            request: true,
            ..Usage::default()
        };
        let name = Rc::from(route((method, path, node)));
        usage.operations.insert(name);
        for (side, document) in [(old, self.base), (new, self.head)] {
            let Some(side) = side else { continue };
            let id = side.2.text("operationId").unwrap_or_default();
            usage.ids.insert(id.to_owned());
            let entry = (usage.operations.clone(), side.2);
            self.concerns.insert(id.to_owned(), entry);
            collect(&document.value, side.2.value, &usage, &mut self.usages);
        }
        let spot = Spot {
            owners: usage.ids.iter().map(|id| (id.clone(), None)).collect(),
            usage: Rc::new(usage),
            ..Spot::default()
        };
        let row = |kind, key| table::row(kind, key);
        let nodes = (old.map(|op| op.2), new.map(|op| op.2));
        let id = |node: Option<Node<'_>>| match node.map(|node| node.text("operationId")) {
            Some(id) => json!(id.unwrap_or("operation")),
            None => Value::Null,
        };
        let item = row(PathItem, method);
        let (Some(old), Some(new)) = (old, new) else {
            let way = if old.is_none() { Added } else { Removed };
            let values = (id(nodes.0), id(nodes.1));
            return self.emit(item, way, &spot, "operation", nodes, values);
        };
        if nameless(&old) != nameless(&new) {
            let values = (json!(route(old)), json!(route(new)));
            self.emit(item, Moved, &spot, "operation", nodes, values);
        } else if old.1 != new.1 {
            let (before, after) = (variables(old.1), variables(new.1));
            let place = |name: &&str| after.iter().position(|other| other == name);
            let mut places = before.iter().enumerate();
            let exchanged = places.any(|(at, name)| place(name).is_some_and(|to| to != at));
            let way = if exchanged { Moved } else { Renamed };
            let values = (json!(old.1), json!(new.1));
            self.emit(row(Root, "paths"), way, &spot, "path", nodes, values);
        }
        let retry = |op: Op<'_>| match is_safe(op.0, op.2.value) {
            true => json!("safe"),
            false => json!("unsafe"),
        };
        let values = (retry(old), retry(new));
        let places = (old.2.get("x-retry"), new.2.get("x-retry").or(nodes.1));
        if values.0 != values.1 {
            let widened = values.1 == "safe";
            let way = if widened { Widened } else { Narrowed };
            let row = row(Operation, "x-retry");
            self.emit(row, way, &spot, "x-retry", places, values);
        } else if old.2.value.get("x-retry") != new.2.value.get("x-retry") {
            let sides = (old.2.get("x-retry"), new.2.get("x-retry"));
            self.restated(&spot, "x-retry", sides);
        }
        self.security(old.2, new.2, &spot);
        self.parameters(old, new, &spot);
        self.fields(
            Operation,
            &Object::alone(nodes.0),
            &Object::alone(nodes.1),
            &spot,
        );
    }

    fn security(&mut self, old: Node<'a>, new: Node<'a>, spot: &Spot) {
        let of = |node: Node<'a>| {
            node.get("security")
                .or(node.document().root().get("security"))
        };
        let sides = (of(old), of(new));
        let set = |node: Option<Node<'a>>| -> BTreeSet<BTreeSet<String>> {
            let items = node.into_iter().flat_map(Node::items);
            let name = |(name, scopes): (&str, Node<'_>)| format!("{name}{}", scopes.value);
            let ways: BTreeSet<_> = items
                .map(|item| item.entries().map(name).collect())
                .collect();
            match ways.is_empty() {
                true => [BTreeSet::new()].into(),
                false => ways,
            }
        };
        let (before, after) = (set(sides.0), set(sides.1));
        if before != after {
            // An old set of security schemes still works if a new set is a subset of the old set.
            let lost = before
                .iter()
                .any(|way| !after.iter().any(|other| other.is_subset(way)));
            let way = if lost { Narrowed } else { Widened };
            let row = table::row(Operation, "security");
            let places = (sides.0, sides.1.or(Some(new)));
            self.emit(row, way, spot, "security", places, both(sides));
        } else if old.value.get("security") != new.value.get("security") {
            self.restated(spot, "security", (old.get("security"), new.get("security")));
        }
    }

    /// Compares parameters with the same location and name. Path parameters need only the same position in the path.
    fn parameters(&mut self, old: Op<'a>, new: Op<'a>, spot: &Spot) {
        let listed = |(_, path, node): Op<'a>| -> BTreeMap<String, (Node<'a>, Node<'a>)> {
            let items = node.get("parameters").into_iter().flat_map(Node::items);
            let named = items.filter_map(|item| {
                let of = target(item)?;
                let (name, place) = (of.text("name")?, of.text("in")?);
                let variable = format!("{{{name}}}");
                let at = variables(path).iter().position(|other| *other == variable);
                let key = match (place, at) {
                    ("path", Some(at)) => at.to_string(),
                    ("header", _) => name.to_lowercase(),
                    _ => name.to_owned(),
                };
                Some((format!("{place} {key}"), (item, of)))
            });
            named.collect()
        };
        let before = self.found.len();
        let (one, two) = (listed(old), listed(new));
        let row = table::row(Operation, "parameters");
        for key in one.keys().chain(two.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (one.get(key), two.get(key));
            let Some((_, node)) = after.or(before) else {
                continue;
            };
            let name = node.text("name").unwrap_or_default();
            let mut spot = spot.with(|usage| (usage.request, usage.parameter) = (false, true));
            spot.prefix = node.text("in").unwrap_or_default().to_owned();
            spot.name = name.to_owned();
            for owner in &mut spot.owners {
                owner.1 = Some(name.to_snake_case());
            }
            if let (Some((one, _)), Some((two, _))) = (before, after) {
                self.object(Parameter, *one, *two, &spot);
                continue;
            }
            let way = match after {
                Some((_, of)) if of.is("required") => AddedMandatory,
                Some(_) => Added,
                None => Removed,
            };
            let sides = (before.map(|side| side.1), after.map(|side| side.1));
            self.emit(row, way, &spot, "", sides, brief(sides));
        }
        let lists = (old.2.get("parameters"), new.2.get("parameters"));
        if self.found.len() == before && both(lists).0 != both(lists).1 {
            self.restated(spot, "parameters", lists);
        }
    }

    fn object(&mut self, kind: ObjectKind, old: Node<'a>, new: Node<'a>, spot: &Spot) {
        let (one, two) = (reference(old), reference(new));
        let sides = (Some(old), Some(new));
        if one != two {
            let name = |reference: Option<&str>| json!(reference.unwrap_or("inline"));
            self.tell(REFERENCE, spot, "reference", sides, (name(one), name(two)));
        }
        let pair = match (one, two) {
            (Some(one), Some(two)) if one != two => Some((one, two)),
            (None, None) | (Some(_), Some(_)) => None,
            // One side is inline, and the other side is a reference. The inline object is compared with the component.
            _ => {
                let pair = (old.id(), new.id(), Rc::as_ptr(&spot.usage));
                if self.compared.insert(pair, Rc::clone(&spot.usage)).is_none() {
                    let (old, new) = (Object::whole(old), Object::whole(new));
                    self.later.push((kind, old, new, spot.clone()));
                }
                return;
            }
        };
        // This call compares the keys beside two references, or the keys of two inline objects.
        self.fields(kind, &Object::alone(sides.0), &Object::alone(sides.1), spot);
        let Some(pair) = pair else { return };
        let known = self.pairs.entry(pair).or_default();
        if !known.usage.as_ref().is_some_and(|it| it.has(&spot.usage)) {
            let usage = known.usage.get_or_insert_default();
            usage.join(&spot.usage);
            self.open.insert(pair, kind);
        }
    }

    /// Compares two components with different names, for all references that change from `one` to `two`.
    fn pair(&mut self, kind: ObjectKind, (one, two): (&'a str, &'a str)) {
        let component = |document: &'a Document, reference: &str| {
            document.root().pointer(reference.trim_start_matches('#'))
        };
        let sides = (component(self.base, one), component(self.head, two));
        let ((Some(old), Some(new)), Some(known)) = (sides, self.pairs.get(&(one, two))) else {
            return;
        };
        let name = |reference: &'a str| reference.rsplit('/').next().unwrap_or_default();
        let usage = known.usage.clone().unwrap_or_default();
        let mut spot = Spot::component(kind, name(two), Some(new), usage);
        if kind == Schema {
            spot.owners.push((name(one).to_owned(), None));
        }
        let outside = std::mem::take(&mut self.found);
        let (old, new) = (Object::whole(old), Object::whole(new));
        self.fields(kind, &old, &new, &spot);
        let found = std::mem::replace(&mut self.found, outside);
        self.pairs.entry((one, two)).or_default().found = found;
    }

    fn fields(&mut self, kind: ObjectKind, old: &Object<'a>, new: &Object<'a>, spot: &Spot) {
        for (key, _, shape) in kind.fields() {
            let sides = (old.get(key), new.get(key));
            let differs = |key: &str| {
                old.get(key).map(|node| node.value) != new.get(key).map(|node| node.value)
            };
            // The elements of these lists belong to the enum values at the same positions.
            let of_enum = matches!(*key, "x-enum-varnames" | "x-enum-descriptions");
            if !(differs(key) || of_enum && differs("enum")) {
                continue;
            }
            let handled = matches!(
                (kind, *key),
                (Root, "paths")
                    | (Operation, "x-retry" | "security" | "parameters")
                    | (Schema, "allOf")
                    | (ErrorCodes, "codes")
            );
            let Some(row) = table::row(kind, key).filter(|_| !handled) else {
                continue;
            };
            let before = self.found.len();
            let objects = (old, new);
            match shape {
                Shape::One(of) => self.one(row, *of, sides, spot),
                Shape::Map(_) | Shape::Values | Shape::TextMap => {
                    let of = match shape {
                        Shape::Map(of) => Some(*of),
                        _ => None,
                    };
                    let entries = (named(row, sides.0), named(row, sides.1));
                    self.entries(row, of, entries, objects, spot);
                }
                Shape::List(of) => {
                    let entries = (listed(*of, sides.0), listed(*of, sides.1));
                    self.entries(row, Some(*of), entries, objects, spot);
                }
                Shape::FlagOr(of) => match sides {
                    (Some(one), Some(two)) if one.value.is_object() && two.value.is_object() => {
                        self.object(*of, one, two, &spot.below(key, ""));
                    }
                    _ => self.leaf(row, sides, objects, spot),
                },
                _ => self.leaf(row, sides, objects, spot),
            }
            let told_elsewhere =
                (*key == "required" && differs("properties")) || (of_enum && differs("enum"));
            if self.found.len() == before && !told_elsewhere {
                self.restated(spot, key, sides);
            }
        }
    }

    fn one(&mut self, row: &'static Row, of: ObjectKind, sides: Sides<'a>, spot: &Spot) {
        let below = spot.below(row.1, "");
        if let (Some(old), Some(new)) = sides {
            return self.object(of, old, new, &below);
        }
        if row.2 == Sense::Parts {
            let (old, new) = (Object::alone(sides.0), Object::alone(sides.1));
            return self.fields(of, &old, &new, &below);
        }
        let mandatory = sides.1.and_then(target).is_some_and(|it| it.is("required"));
        let way = match sides {
            (None, _) if row.2 == Sense::Inputs && mandatory => AddedMandatory,
            (None, _) => Added,
            _ => Removed,
        };
        self.emit(Some(row), way, spot, row.1, sides, brief(sides));
    }

    /// Compares the entries of two mappings or lists. Entries with the same name belong together.
    fn entries(
        &mut self,
        row: &'static Row,
        of: Option<ObjectKind>,
        (old, new): (Entries<'a>, Entries<'a>),
        objects: (&Object<'a>, &Object<'a>),
        spot: &Spot,
    ) {
        let required: BTreeSet<&str> = match row.1 {
            "properties" => texts(objects.1.get("required")),
            _ => BTreeSet::new(),
        };
        for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let sides = (old.get(name).copied(), new.get(name).copied());
            if sides.0.map(|node| node.value) == sides.1.map(|node| node.value) {
                continue;
            }
            let mut below = spot.below(row.1, name);
            if let (Components, Some(kind)) = (row.0, of) {
                let reference = format!("#/components/{}/{}", row.1, escape(name));
                let usage = self.usages.get(&reference).cloned();
                below = Spot::component(kind, name, sides.1.or(sides.0), usage.unwrap_or_default());
            } else if row.1 == "responses" || row.0 == Response {
                below = below.with(|usage| (usage.request, usage.answer) = (false, true));
            }
            let key = match below.label("") == spot.label("") {
                true => name,
                false => "",
            };
            let way = match (of, sides) {
                (Some(of), (Some(one), Some(two))) => {
                    self.object(of, one, two, &below);
                    continue;
                }
                (_, (Some(_), Some(_))) => Changed,
                (_, (one, _)) => {
                    let failure = row.2 == Sense::Answers && !name.starts_with('2');
                    let mandatory = required.contains(name.as_str());
                    match (one.is_some(), failure, mandatory) {
                        (true, true, _) => RemovedFailure,
                        (true, ..) => Removed,
                        (_, true, _) => AddedFailure,
                        (.., true) => AddedMandatory,
                        _ => Added,
                    }
                }
            };
            let values = if of.is_some() {
                brief(sides)
            } else {
                both(sides)
            };
            self.emit(Some(row), way, &below, key, sides, values);
        }
    }

    fn leaf(
        &mut self,
        row: &'static Row,
        sides: Sides<'a>,
        objects: (&Object<'a>, &Object<'a>),
        spot: &Spot,
    ) {
        let values = (
            normal(row, sides.0, objects.0),
            normal(row, sides.1, objects.1),
        );
        let absent = values.0.is_null() || values.1.is_null();
        let options = [objects.0, objects.1].map(|object| object.get("enum"));
        if let ("x-enum-varnames" | "x-enum-descriptions", [Some(one), Some(two)], false) =
            (row.1, options, absent)
        {
            return self.names(row, sides, (one, two), spot);
        }
        if values.0 == values.1 {
            return;
        }
        let way = match row.2 {
            Sense::Options if absent && values.0.is_null() => Narrowed,
            Sense::Options if absent => Widened,
            Sense::Options | Sense::Entries | Sense::Names => {
                return self.members(row, sides, values, objects, spot);
            }
            Sense::Allows | Sense::Demands | Sense::Mark if values.1 == true => Set,
            Sense::Allows | Sense::Demands | Sense::Mark => Unset,
            Sense::Range | Sense::Format => range(row.1, &values, &spot.usage),
            _ if values.0.is_null() => Added,
            _ if values.1.is_null() => Removed,
            Sense::Upper | Sense::Lower if is_more(&values.1, &values.0) => Increased,
            Sense::Upper | Sense::Lower => Decreased,
            _ => Changed,
        };
        self.emit(Some(row), way, spot, row.1, sides, values);
    }

    /// Compares the names or descriptions of the enum values that both documents have.
    fn names(
        &mut self,
        row: &'static Row,
        sides: Sides<'a>,
        options: (Node<'a>, Node<'a>),
        spot: &Spot,
    ) {
        let by_option =
            |options: Node<'a>, names: Option<Node<'a>>| -> BTreeMap<String, Node<'a>> {
                let options = options.items().map(|option| option.value.to_string());
                options
                    .zip(names.into_iter().flat_map(Node::items))
                    .collect()
            };
        let old = by_option(options.0, sides.0);
        for (option, new) in by_option(options.1, sides.1) {
            if let Some(old) = old.get(&option).filter(|old| old.value != new.value) {
                let sides = (Some(*old), Some(new));
                let key = format!("{} {option}", row.1);
                self.emit(Some(row), Changed, spot, &key, sides, both(sides));
            }
        }
    }

    /// Compares two lists, and adds a change for each value that only one of the lists has.
    fn members(
        &mut self,
        row: &'static Row,
        sides: Sides<'a>,
        values: (Value, Value),
        objects: (&Object<'a>, &Object<'a>),
        spot: &Spot,
    ) {
        let empty = Vec::new();
        let (old, new) = (
            values.0.as_array().unwrap_or(&empty),
            values.1.as_array().unwrap_or(&empty),
        );
        let gone = old.iter().filter(|value| !new.contains(value));
        let more = new.iter().filter(|value| !old.contains(value));
        let all = gone
            .map(|value| (Removed, value))
            .chain(more.map(|value| (Added, value)));
        for (way, value) in all {
            let name = value.as_str().unwrap_or_default();
            if row.2 == Sense::Names {
                // A new or removed field has a change of its own, so its entry in `required` is no further change.
                let has = |object: &Object<'a>| object.get("properties")?.get(name);
                if has(objects.0).is_some() && has(objects.1).is_some() {
                    let below = spot.below("properties", name);
                    let values = (json!(way == Removed), json!(way == Added));
                    self.emit(Some(row), way, &below, "mandatory", sides, values);
                }
            } else {
                let mut values = (Value::Null, value.clone());
                if way == Removed {
                    values = (values.1, values.0);
                }
                self.emit(Some(row), way, spot, row.1, sides, values);
            }
        }
    }

    fn restated(&mut self, spot: &Spot, key: &str, sides: Sides<'a>) {
        self.tell(RESTATED, spot, key, sides, both(sides));
    }

    /// Adds a change with a rule that belongs to no key.
    fn tell(
        &mut self,
        rule: &str,
        spot: &Spot,
        key: &str,
        sides: Sides<'a>,
        values: (Value, Value),
    ) {
        let judged = (table::rule(rule), Verdict::Documentation, &*spot.owners);
        self.push(judged, spot, key, sides, values);
    }

    fn emit(
        &mut self,
        row: Option<&'static Row>,
        way: Direction,
        spot: &Spot,
        key: &str,
        sides: Sides<'a>,
        values: (Value, Value),
    ) {
        let Some(row) = row else { return };
        let rule = table::rule(&table::name(row, way)).or(table::rule(UNJUDGED));
        let usage = &spot.usage;
        let unsent = usage.parameter && row.1 == "default" && way == Added;
        let request = rule.filter(|_| usage.request || usage.parameter);
        let answer = rule.filter(|_| usage.answer).map(|rule| rule.answers);
        let verdicts = [request.map(|rule| rule.requests), answer];
        let verdicts = verdicts.into_iter().flatten();
        let wire = match unsent {
            true => Verdict::Breaking,
            false => verdicts.max().unwrap_or(Verdict::Documentation),
        };
        let owners = match row.3 {
            table::RustEffect::Nothing => &[],
            _ => spot.owners.as_slice(),
        };
        self.push((rule, wire, owners), spot, key, sides, values);
    }

    fn push(
        &mut self,
        (rule, wire, owners): Judged<'_>,
        spot: &Spot,
        key: &str,
        sides: Sides<'a>,
        (before, after): (Value, Value),
    ) {
        let (Some(rule), Some(place)) = (rule, sides.1.or(sides.0)) else {
            return;
        };
        let operations = spot.usage.operations.iter();
        let change = Change {
            rule,
            wire,
            rust: rule.rust.unwrap_or(Verdict::Documentation),
            operations: operations.cloned().collect(),
            place: place.place(),
            removed: sides.1.is_none(),
            subject: spot.label(key),
            before,
            after,
            code: Vec::new(),
        };
        let owners = owners.to_vec();
        self.found.push(Found { change, owners });
    }
}

/// A rule, the effect of the change on the protocol, and the Rust items that the change can affect.
type Judged<'a> = (Option<&'static table::Rule>, Verdict, &'a [Owner]);
