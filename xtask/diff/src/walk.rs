//! The walk through two documents: what it has found, and what it has seen.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::ledger::Ledger;
use super::pairs::Pairs;
use super::reach::Reach;
use super::side::Store;
use super::spot::Step;
use super::{Change, Findings, Verdict, rules};
use transcript::Node;

/// The state of a comparison.
pub(super) struct Walk<'a> {
    pub base: &'a Store,
    pub head: &'a Store,
    pub reach: Reach<'a>,
    /// The operation that is compared now.
    pub operation: Option<usize>,
    /// Whether nothing of the Rust client is made from what is compared now.
    pub rustless: bool,
    pub pairs: Pairs<'a>,
    /// The pair of schemas that is compared now.
    pub pair: Option<usize>,
    ledger: Ledger,
    warnings: BTreeSet<String>,
    /// Nodes whose change is explained.
    claimed: HashSet<usize>,
}

/// A change that is about to be reported.
pub(super) struct Found<'a> {
    rule: String,
    subject: String,
    step: Option<Step<'a>>,
    base: Option<Node<'a>>,
    head: Option<Node<'a>>,
    values: Option<(Value, Value)>,
    wire: Option<Verdict>,
    rust: Option<Verdict>,
}

impl<'a> Found<'a> {
    /// A change by its rule; values are those of the nodes unless given. Of a schema, the subject is a detail.
    pub fn new(
        rule: impl Into<String>,
        subject: impl Into<String>,
        base: Option<Node<'a>>,
        head: Option<Node<'a>>,
    ) -> Self {
        Found {
            rule: rule.into(),
            subject: subject.into(),
            step: None,
            base,
            head,
            values: None,
            wire: None,
            rust: None,
        }
    }

    /// One step below the schemas that are compared now.
    pub fn at(mut self, step: Option<Step<'a>>) -> Self {
        self.step = step;
        self
    }

    /// Shows other values than those of the nodes.
    pub fn values(mut self, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        self.values = Some((before.into(), after.into()));
        self
    }

    /// Judges otherwise than the rule for those who speak the protocol.
    pub fn wire(mut self, verdict: Verdict) -> Self {
        self.wire = Some(verdict);
        self
    }

    /// Judges otherwise than the rule for callers of the Rust client.
    pub fn rust(mut self, verdict: Verdict) -> Self {
        self.rust = Some(verdict);
        self
    }
}

impl<'a> Walk<'a> {
    pub fn new(base: &'a Store, head: &'a Store) -> Self {
        Walk {
            base,
            head,
            reach: Reach::new(base, head),
            operation: None,
            rustless: false,
            pairs: Pairs::default(),
            pair: None,
            ledger: Ledger::default(),
            warnings: base.warnings.union(&head.warnings).cloned().collect(),
            claimed: HashSet::new(),
        }
    }

    /// Keeps a change, and holds its nodes for explained.
    pub fn report(&mut self, found: Found<'a>) {
        let node = found.head.or(found.base);
        let node = node.unwrap_or_else(|| self.head.main.root());
        self.report_at(found, node);
    }

    /// Keeps a change that stands somewhere else than its nodes.
    pub fn report_at(&mut self, found: Found<'a>, node: Node<'a>) {
        let (wire, rust) = rules::verdicts(&found.rule);
        let rust = found.rust.unwrap_or(rust);
        for node in found.base.iter().chain(&found.head) {
            self.claim(*node);
        }
        let value = |node: Option<Node<'_>>| node.map_or(Value::Null, |node| node.value.clone());
        let values = found.values;
        let (before, after) = values.unwrap_or_else(|| (value(found.base), value(found.head)));
        let change = Change {
            rule: found.rule,
            wire: found.wire.unwrap_or(wire),
            rust: if self.rustless {
                Verdict::Documentation
            } else {
                rust
            },
            operations: Vec::new(),
            place: node.place(),
            removed: found.head.is_none() && found.base.is_some(),
            subject: found.subject,
            before,
            after,
        };
        match self.pair {
            Some(pair) => self.pairs.found(pair, change, found.step),
            None => self.ledger.add(change, &[self.operation]),
        }
    }

    /// What is compared from now on belongs to this operation.
    pub fn begin(&mut self, operation: &str) {
        self.operation = Some(self.ledger.operation(operation));
    }

    /// Holds a node, and all below it, for explained.
    pub fn claim(&mut self, node: Node<'a>) {
        self.claimed.insert(node.id());
    }

    pub fn is_claimed(&self, node: Node<'a>) -> bool {
        self.claimed.contains(&node.id())
    }

    /// Reports what could not be compared.
    pub fn warn(&mut self, node: Node<'a>, message: &str) {
        self.warnings.insert(format!("{}: {message}", node.place()));
    }

    /// Follows references until something else is met; nothing, and a warning, when they lead nowhere.
    pub fn target(&mut self, store: &'a Store, node: Node<'a>) -> Option<Node<'a>> {
        let mut node = node;
        let mut seen = HashSet::new();
        while let Some(reference) = node.text("$ref") {
            match store
                .follow(node, reference)
                .filter(|_| seen.insert(node.id()))
            {
                Some(target) => node = target,
                None => {
                    self.warn_broken(node, reference);
                    return None;
                }
            }
        }
        Some(node)
    }

    pub fn warn_broken(&mut self, node: Node<'a>, reference: &str) {
        let why = if reference.contains("://") {
            "is an address, and nothing is fetched from the network"
        } else {
            "leads nowhere"
        };
        self.warn(
            node,
            &format!("`{reference}` {why}; what it means is not compared"),
        );
    }

    /// The changes, each once.
    pub fn finish(mut self) -> Findings {
        self.pairs.settle(&mut self.ledger);
        let mut changes = self.ledger.changes();
        super::sort(&mut changes);
        Findings {
            changes,
            warnings: self.warnings,
        }
    }
}

/// What stands under a key on both sides, where the two are not the same.
pub(super) fn changed<'a>(
    base: Node<'a>,
    head: Node<'a>,
    key: &str,
) -> Option<(Option<Node<'a>>, Option<Node<'a>>)> {
    let pair = (base.get(key), head.get(key));
    let values = (pair.0.map(|node| node.value), pair.1.map(|node| node.value));
    (values.0 != values.1).then_some(pair)
}

/// `added`, `removed` or `changed`.
pub(super) fn action<'a>(base: Option<Node<'a>>, head: Option<Node<'a>>) -> &'static str {
    match (base, head) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}
