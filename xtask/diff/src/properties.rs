//! Named fields.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Verdict::{Additive, Breaking, Documentation};
use super::schema::Level;
use super::shape::Shape;
use super::spot::Step;
use super::walk::{Found, Walk};
use transcript::Node;

/// A field of one side.
struct Field<'a> {
    nodes: Vec<Node<'a>>,
    /// Where it is called mandatory, and the list that this stands in.
    required: Option<Node<'a>>,
    list: Option<Node<'a>>,
    content: Rc<Shape<'a>>,
    read_only: bool,
    write_only: bool,
}

impl<'a> Field<'a> {
    /// Whether it does not travel this way.
    fn is_absent(&self, answer: bool) -> bool {
        if answer {
            self.write_only
        } else {
            self.read_only
        }
    }

    /// A node to point at.
    fn node(&self) -> Option<Node<'a>> {
        self.nodes.first().copied().or(self.required)
    }

    /// `mandatory string`, for people.
    fn describe(&self) -> String {
        let need = if self.required.is_some() {
            "mandatory"
        } else {
            "optional"
        };
        format!("{need} {}", self.content.describe())
    }
}

impl<'a> Walk<'a> {
    /// The fields of both sides.
    pub fn properties(&mut self, level: &Level<'a>) {
        let keys = [&level.base, &level.head]
            .into_iter()
            .flat_map(|shape| shape.properties.keys().chain(shape.required.keys()));
        let names: BTreeSet<&str> = keys.copied().collect();
        for name in names {
            match (
                self.field(true, &level.base, name),
                self.field(false, &level.head, name),
            ) {
                (Some(old), Some(new)) => self.both(level, name, &old, &new),
                (None, Some(new)) => self.new_field(level, name, &new),
                (Some(old), None) => self.lost_field(level, name, &old),
                (None, None) => {}
            }
        }
    }

    fn field(&mut self, old: bool, shape: &Shape<'a>, name: &'a str) -> Option<Field<'a>> {
        let nodes = shape.properties.get(name).cloned();
        let (required, list) = shape.required.get(name).copied().unzip();
        if nodes.is_none() && required.is_none() {
            return None;
        }
        let nodes = nodes.unwrap_or_default();
        let content = self.content(old, &nodes);
        let is = |key: &str| {
            let word = content.words.get(key);
            word.is_some_and(|node| node.value == true)
        };
        Some(Field {
            required,
            list,
            read_only: is("readOnly"),
            write_only: is("writeOnly"),
            content,
            nodes,
        })
    }

    fn both(&mut self, level: &Level<'a>, name: &'a str, old: &Field<'a>, new: &Field<'a>) {
        let answer = level.spot.answer;
        let absent = old.is_absent(answer) && new.is_absent(answer);
        let spot = level.spot.below(new.required.is_some(), absent);
        let step = Step::Property(name);
        let found = |rule: &str, nodes: (Option<Node<'a>>, Option<Node<'a>>)| {
            let found = Found::new(spot.rule(rule), "", nodes.0, nodes.1);
            spot.judged(found.at(Some(step)))
        };
        if old.required.is_some() != new.required.is_some() {
            let rule = if new.required.is_some() {
                "became-required"
            } else {
                "became-optional"
            };
            let nodes = (old.required, new.required);
            [old.list, new.list]
                .into_iter()
                .flatten()
                .for_each(|list| self.claim(list));
            let change = found(rule, nodes).values(old.describe(), new.describe());
            self.report(if self.is_lenient(level) {
                change.rust(Documentation)
            } else {
                change
            });
        }
        let flags = [
            (
                "readOnly",
                old.read_only,
                new.read_only,
                "became-read-only",
                "became-not-read-only",
            ),
            (
                "writeOnly",
                old.write_only,
                new.write_only,
                "became-write-only",
                "became-not-write-only",
            ),
        ];
        for (key, before, after, yes, no) in flags {
            if before != after {
                let flag = |field: &Field<'a>| field.nodes.iter().find_map(|node| node.get(key));
                let nodes = (flag(old).or(old.node()), flag(new).or(new.node()));
                let change = found(if after { yes } else { no }, nodes).values(before, after);
                // From now on it must be sent.
                let demanded = key == "readOnly" && before && !answer && new.required.is_some();
                self.report(if demanded {
                    change.wire(Breaking)
                } else {
                    change
                });
            }
        }
        self.below(level, step, &old.nodes, &new.nodes, spot);
    }

    fn new_field(&mut self, level: &Level<'a>, name: &'a str, new: &Field<'a>) {
        let spot = level.spot.below(false, false);
        let need = if new.required.is_some() {
            "required"
        } else {
            "optional"
        };
        let rule = match spot.answer {
            true => format!("response-{need}-property-added"),
            false => format!("new-{need}-request-property"),
        };
        let mut found = Found::new(rule, "", None, new.node()).at(Some(Step::Property(name)));
        found = found.values(serde_json::Value::Null, new.describe());
        if level.spot.absent || new.is_absent(spot.answer) {
            found = found.wire(Documentation);
        }
        if self.is_lenient(level) {
            found = found.rust(Additive);
        }
        new.list.into_iter().for_each(|list| self.claim(list));
        self.report(found);
    }

    fn lost_field(&mut self, level: &Level<'a>, name: &'a str, old: &Field<'a>) {
        let spot = level.spot.below(false, false);
        let need = if old.required.is_some() {
            "required"
        } else {
            "optional"
        };
        let rule = match spot.answer {
            true => format!("response-{need}-property-removed"),
            false => "request-property-removed".to_owned(),
        };
        let mut found = Found::new(rule, "", old.node(), None).at(Some(Step::Property(name)));
        found = found.values(old.describe(), serde_json::Value::Null);
        if level.spot.absent || old.is_absent(spot.answer) {
            found = found.wire(Documentation);
        }
        old.list.into_iter().for_each(|list| self.claim(list));
        self.report(found);
    }

    /// Whether the Rust type has only optional fields, because it travels both ways.
    fn is_lenient(&self, level: &Level<'a>) -> bool {
        level.names[1].is_some_and(|name| self.reach.both_ways.contains(name))
    }
}
