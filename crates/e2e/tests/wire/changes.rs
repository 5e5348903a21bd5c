//! Finds and formats the differences between two JSON values.

use serde_json::Value;

/// The text that is shown if there are no differences.
pub const NOTHING: &str = "    nothing lost, nothing altered\n";

/// Returns the JSON pointers of all differences between two values. 1 and 1.0 are the same number.
pub fn places(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, String::new(), &mut found);
    // The order of the keys in an example has no meaning.
    found.sort();
    found
}

fn compare(before: &Value, after: &Value, at: String, into: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let added = new.keys().filter(|name| !old.contains_key(*name));
            for name in old.keys().chain(added) {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                match (old.get(name), new.get(name)) {
                    (Some(before), Some(after)) => compare(before, after, at, into),
                    _ => into.push(at),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (before, after)) in old.iter().zip(new).enumerate() {
                compare(before, after, format!("{at}/{index}"), into);
            }
        }
        _ if before == after => {}
        _ if before.is_number() && before.as_f64() == after.as_f64() => {}
        _ => into.push(at),
    }
}

/// Returns one line for each JSON pointer: `/project/id  "before" -> "after"`. The caller must mask the secrets in the
/// two values.
pub fn lines(places: &[String], before: &Value, after: &Value) -> String {
    if places.is_empty() {
        return NOTHING.to_owned();
    }
    let shown = |value: &Value, place: &str| {
        let found = value.pointer(place);
        found.map_or_else(|| "nothing".to_owned(), Value::to_string)
    };
    places
        .iter()
        .map(|place| {
            let (before, after) = (shown(before, place), shown(after, place));
            format!("    {place}  {before} -> {after}\n")
        })
        .collect()
}
