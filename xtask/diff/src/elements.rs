//! Elements of lists, and fields beyond the named ones.

use super::Verdict::Breaking;
use super::schema::Level;
use super::shape::Shape;
use super::spot::Step;
use super::walk::Walk;
use transcript::Node;

impl<'a> Walk<'a> {
    /// Elements of lists, and fields beyond the named ones.
    pub fn elements(&mut self, level: &Level<'a>) {
        let (base, head) = (&level.base, &level.head);
        let spot = level.spot.below(false, false);
        match (base.items.first(), head.items.first()) {
            (None, None) => {}
            (None, Some(items)) => {
                self.report(level.found("items-added", "elements", None, Some(*items)))
            }
            (Some(items), None) => {
                self.report(level.found("items-removed", "elements", Some(*items), None))
            }
            _ => self.below(level, Step::Elements, &base.items, &head.items, spot),
        }
        let (before, after) = (further(base), further(head));
        let (rank, nodes) = ((before.rank(), after.rank()), (before.node(), after.node()));
        if let (Further::Schema(_), Further::Schema(_)) = (before, after) {
            self.below(level, Step::Further, &base.further, &head.further, spot);
        } else if rank.0 != rank.1 {
            let narrower = rank.1 < rank.0;
            let name = if narrower {
                "additional-properties-narrowed"
            } else {
                "additional-properties-widened"
            };
            let map = rank.0 == 1 || rank.1 == 1 || base.properties.is_empty();
            let found = level.found(name, "further fields", nodes.0, nodes.1);
            self.report(if map { found.rust(Breaking) } else { found });
        }
    }
}

/// Fields beyond the named ones.
#[derive(Clone, Copy)]
enum Further<'a> {
    Forbidden(Node<'a>),
    Schema(Node<'a>),
    Free(Option<Node<'a>>),
}

impl<'a> Further<'a> {
    /// The more, the more is allowed.
    fn rank(self) -> usize {
        match self {
            Further::Forbidden(_) => 0,
            Further::Schema(_) => 1,
            Further::Free(_) => 2,
        }
    }

    fn node(self) -> Option<Node<'a>> {
        match self {
            Further::Forbidden(node) | Further::Schema(node) => Some(node),
            Further::Free(node) => node,
        }
    }
}

fn further<'a>(shape: &Shape<'a>) -> Further<'a> {
    match shape.further.first() {
        None => Further::Free(None),
        Some(node) => match node.value {
            serde_json::Value::Bool(false) => Further::Forbidden(*node),
            serde_json::Value::Object(map) if !map.is_empty() => Further::Schema(*node),
            _ => Further::Free(Some(*node)),
        },
    }
}
