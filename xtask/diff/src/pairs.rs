//! Pairs of schemas, one of each side: each is compared once, whoever reaches it. Who does is found out afterwards, so the
//! cost is that of the pairs and of what is reported, not of operations times schemas.

use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::rc::Rc;

use super::Change;
use super::ledger::Ledger;
use super::shape::Shape;
use super::side::Store;
use super::spot::{Spot, Step, subject};
use transcript::Node;

/// Of a way of many steps, so many of the first and of the last are shown.
const ENDS: usize = 4;

/// What a pair is recognized by.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key<'a> {
    base: Vec<usize>,
    head: Vec<usize>,
    names: [Option<&'a str>; 2],
    spot: Spot,
}

/// Schemas that are compared with each other; those of one side apply together.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub base: Vec<Node<'a>>,
    pub head: Vec<Node<'a>>,
    /// The components that they are, where they are referred to.
    pub names: [Option<&'a str>; 2],
    pub spot: Spot,
    /// What has changed, by the way from here.
    found: Vec<(Change, Option<Step<'a>>)>,
    below: Vec<(Step<'a>, usize)>,
}

/// Where an operation reaches its first pair.
#[derive(Debug)]
struct Root {
    operation: Option<usize>,
    subject: String,
    pair: usize,
}

/// Who reaches a pair: the first root, and the operations of all roots.
#[derive(Debug, Default)]
struct Reached {
    root: Option<usize>,
    operations: Vec<Option<usize>>,
}

/// All pairs that were met.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    all: Vec<Pair<'a>>,
    known: HashMap<Key<'a>, usize>,
    roots: Vec<Root>,
    shapes: HashMap<Vec<usize>, Rc<Shape<'a>>>,
}

impl<'a> Pairs<'a> {
    /// What several schemas demand together, read once.
    pub fn shape(&mut self, store: &'a Store, nodes: &[Node<'a>]) -> Rc<Shape<'a>> {
        let shape = self.shapes.entry(ids(nodes));
        Rc::clone(shape.or_insert_with(|| Rc::new(Shape::read(store, nodes))))
    }

    /// The number of a pair, which is new or known.
    pub fn add(
        &mut self,
        base: Vec<Node<'a>>,
        head: Vec<Node<'a>>,
        names: [Option<&'a str>; 2],
        spot: Spot,
    ) -> usize {
        let key = Key {
            base: ids(&base),
            head: ids(&head),
            names,
            spot,
        };
        let next = self.all.len();
        let index = *self.known.entry(key).or_insert(next);
        if index == next {
            self.all.push(Pair {
                base,
                head,
                names,
                spot,
                found: Vec::new(),
                below: Vec::new(),
            });
        }
        index
    }

    pub fn get(&self, index: usize) -> Option<&Pair<'a>> {
        self.all.get(index)
    }

    /// An operation begins with this pair.
    pub fn enter(&mut self, operation: Option<usize>, subject: String, pair: usize) {
        self.roots.push(Root {
            operation,
            subject,
            pair,
        });
    }

    /// One pair leads to another.
    pub fn link(&mut self, from: usize, step: Step<'a>, to: usize) {
        if let Some(pair) = self.all.get_mut(from) {
            pair.below.push((step, to));
        }
    }

    /// A pair differs; the change has nothing but the detail for a subject yet.
    pub fn found(&mut self, index: usize, change: Change, step: Option<Step<'a>>) {
        if let Some(pair) = self.all.get_mut(index) {
            pair.found.push((change, step));
        }
    }

    /// Writes down what was found, for all operations that it concerns.
    pub fn settle(mut self, ledger: &mut Ledger) {
        self.roots
            .sort_by_cached_key(|root| ledger.rank(root.operation));
        let differing: Vec<usize> = (0..self.all.len())
            .filter(|index| !self.all[*index].found.is_empty())
            .collect();
        let reached = self.reached(&differing);
        // Roots, and what they are the first to reach.
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (pair, reached) in differing.iter().zip(&reached) {
            if let Some(root) = reached.root {
                wanted.entry(root).or_default().push(*pair);
            }
        }
        let mut ways: HashMap<usize, Vec<Step<'a>>> = HashMap::new();
        for (root, pairs) in wanted {
            self.ways(self.roots[root].pair, pairs, &mut ways);
        }
        for (pair, reached) in differing.into_iter().zip(reached) {
            let Some(root) = reached.root else {
                continue;
            };
            let way = ways.remove(&pair).unwrap_or_default();
            let start = &self.roots[root].subject;
            for (mut change, step) in std::mem::take(&mut self.all[pair].found) {
                let steps = way.iter().copied().chain(step);
                change.subject = subject(start, steps, &change.subject);
                ledger.add(change, &reached.operations);
            }
        }
    }

    /// Who reaches each of these pairs, 64 of them at a time: each pair has a bit, which rises from it to the roots.
    fn reached(&self, pairs: &[usize]) -> Vec<Reached> {
        let mut above = vec![Vec::new(); self.all.len()];
        for (index, pair) in self.all.iter().enumerate() {
            for (_, below) in &pair.below {
                // A pair may lead to another one by many ways in a row.
                if above[*below].last() != Some(&index) {
                    above[*below].push(index);
                }
            }
        }
        let mut found: Vec<Reached> = Vec::new();
        let mut masks = vec![0_u64; self.all.len()];
        for chunk in pairs.chunks(64) {
            masks.fill(0);
            rise(chunk, &above, &mut masks);
            let first = found.len();
            found.extend(chunk.iter().map(|_| Reached::default()));
            for (index, root) in self.roots.iter().enumerate() {
                let mut mask = masks[root.pair];
                while mask != 0 {
                    let reached = &mut found[first + mask.trailing_zeros() as usize];
                    reached.root.get_or_insert(index);
                    if reached.operations.last() != Some(&root.operation) {
                        reached.operations.push(root.operation);
                    }
                    mask &= mask - 1;
                }
            }
        }
        found
    }

    /// The shortest ways from one pair to others.
    fn ways(&self, from: usize, mut wanted: Vec<usize>, ways: &mut HashMap<usize, Vec<Step<'a>>>) {
        let mut came: HashMap<usize, (usize, Step<'a>)> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        wanted.retain(|pair| *pair != from);
        let mut missing = wanted.len();
        while let Some(pair) = queue.pop_front().filter(|_| missing > 0) {
            for (step, below) in &self.all[pair].below {
                if *below != from && !came.contains_key(below) {
                    came.insert(*below, (pair, *step));
                    missing -= usize::from(wanted.binary_search(below).is_ok());
                    queue.push_back(*below);
                }
            }
        }
        for pair in wanted {
            let mut way = VecDeque::new();
            let (mut at, mut long) = (pair, false);
            while let Some((before, step)) = came.get(&at) {
                way.push_front(*step);
                long |= way.len() > 2 * ENDS && way.remove(ENDS).is_some();
                at = *before;
            }
            if long {
                way.insert(ENDS, Step::More);
            }
            ways.insert(pair, way.into());
        }
    }
}

/// Hands the bits of these pairs to all above them. What was met last lies deepest, and is handed on first: in a document
/// without circles everybody is asked once.
fn rise(pairs: &[usize], above: &[Vec<usize>], masks: &mut [u64]) {
    let mut queue: BinaryHeap<usize> = pairs.iter().copied().collect();
    for (bit, pair) in pairs.iter().enumerate() {
        masks[*pair] |= 1 << bit;
    }
    let mut waiting = vec![false; masks.len()];
    while let Some(pair) = queue.pop() {
        waiting[pair] = false;
        for parent in &above[pair] {
            let mask = masks[*parent] | masks[pair];
            if mask != masks[*parent] {
                masks[*parent] = mask;
                if !std::mem::replace(&mut waiting[*parent], true) {
                    queue.push(*parent);
                }
            }
        }
    }
}

fn ids(nodes: &[Node<'_>]) -> Vec<usize> {
    nodes.iter().map(|node| node.id()).collect()
}
