//! The order in which two documents are compared.

use super::paths::Matched;
use super::walk::{Found, Walk, changed};

impl<'a> Walk<'a> {
    /// Everything: operations first, then the schemas that they reach, then what belongs to none, then what nothing has
    /// explained.
    pub fn documents(&mut self) {
        let (base, head) = (self.base.main.root(), self.head.main.root());
        let before = self.operations(self.base, base.get("paths"));
        let after = self.operations(self.head, head.get("paths"));
        let matched = Matched::of(before, after);
        self.matched(&matched);
        self.webhooks();
        self.compare_pairs();
        self.security_schemes();
        self.servers(base, head);
        if let Some((old, new)) = changed(base, head, "x-error-codes") {
            self.report(Found::new("error-codes-changed", "error codes", old, new));
        }
        self.rest(&matched);
    }
}
