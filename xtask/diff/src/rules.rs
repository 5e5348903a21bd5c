//! The rules, made from the table: those of schemas stand once for each place.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Verdict::{self, Additive as A, Breaking as B, Documentation as D};
use super::table::{CONSTRAINTS, LIMITS, PLACES, PLAIN, PROPERTY, SCHEMA};

/// A rule: a kind of change, and what it does to callers unless its place says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique.
    pub name: String,
    /// What it does to whoever speaks the protocol.
    pub wire: Verdict,
    /// What it does to callers of the generated Rust client.
    pub rust: Verdict,
    /// What happened.
    pub what: String,
}

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let plain = PLAIN.iter().map(|(name, wire, rust, what)| Rule {
        name: (*name).to_owned(),
        wire: *wire,
        rust: *rust,
        what: (*what).to_owned(),
    });
    let everywhere = PLACES.iter().flat_map(|place| {
        let rows = SCHEMA.iter().map(|row| schema(place, row.0, row.1, row.2));
        rows.chain(limits(place)).chain(constraints(place))
    });
    let properties = PLACES.iter().filter(|place| place.ends_with("property"));
    let properties = properties.flat_map(|place| {
        let rows = PROPERTY.iter();
        rows.map(|row| schema(place, row.0, row.1, row.2))
    });
    plain.chain(everywhere).chain(properties).collect()
});

static VERDICTS: LazyLock<HashMap<&str, (Verdict, Verdict)>> = LazyLock::new(|| {
    let rules = ALL.iter();
    rules
        .map(|rule| (rule.name.as_str(), (rule.wire, rule.rust)))
        .collect()
});

fn schema(place: &str, name: &str, of: [Verdict; 4], what: &str) -> Rule {
    let (wire, rust) = if place.starts_with("request") {
        (of[0], of[1])
    } else {
        (of[2], of[3])
    };
    // Nothing of the Rust client is made from headers.
    let rust = if place == "response-header" { D } else { rust };
    let parameter_default = place == "request-parameter" && name == "default-value-added";
    Rule {
        name: format!("{place}-{name}"),
        // Whoever left the parameter out may have got something else.
        wire: if parameter_default { B } else { wire },
        rust,
        what: what.to_owned(),
    }
}

fn limits(place: &str) -> impl Iterator<Item = Rule> {
    LIMITS.into_iter().flat_map(move |(limit, lower)| {
        let actions = [
            ("set", true, "there is a limit now"),
            ("unset", false, "there is no limit any more"),
            ("increased", lower, "the limit is higher"),
            ("decreased", !lower, "the limit is lower"),
        ];
        actions.map(|(action, tighter, what)| {
            schema(
                place,
                &format!("{limit}-{action}"),
                narrowing(tighter),
                what,
            )
        })
    })
}

fn constraints(place: &str) -> impl Iterator<Item = Rule> {
    CONSTRAINTS.iter().flat_map(move |(keyword, name)| {
        let actions = [
            ("added", narrowing(true)),
            ("removed", narrowing(false)),
            ("changed", [B, D, B, D]),
        ];
        actions.map(|(action, of)| {
            schema(
                place,
                &format!("{name}-{action}"),
                of,
                &format!("`{keyword}` was {action}"),
            )
        })
    })
}

/// Fewer values break requests, more values break answers. Limits never reach the Rust types.
fn narrowing(tighter: bool) -> [Verdict; 4] {
    if tighter { [B, D, A, D] } else { [A, D, B, D] }
}

/// All rules.
pub fn rules() -> &'static [Rule] {
    &ALL
}

/// The verdicts of a rule, wire and Rust. What no rule knows breaks, so that it is looked at.
pub(super) fn verdicts(name: &str) -> (Verdict, Verdict) {
    VERDICTS.get(name).copied().unwrap_or((B, B))
}
