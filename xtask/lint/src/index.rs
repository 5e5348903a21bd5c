//! The index for the rules of this crate: a document (the merged YAML files of a service), its operations and objects.

use std::ops::Deref;

use huaweicloud_openapi::nodes::Nodes;
use transcript::{Document, OperationRef};

pub(crate) struct Index<'a> {
    pub document: &'a Document,
    pub operations: Vec<OperationRef<'a>>,
    pub nodes: Nodes<'a>,
}

impl<'a> Index<'a> {
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            operations: document.operations().collect(),
            nodes: Nodes::new(&document.value),
        }
    }
}

impl<'a> Deref for Index<'a> {
    type Target = Nodes<'a>;

    fn deref(&self) -> &Nodes<'a> {
        &self.nodes
    }
}
