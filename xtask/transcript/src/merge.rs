//! Merges several files into one document. No file overrides another file: a name with two definitions is an error.

use serde_json::Value;

use super::finding::{Finding, Place};
use super::marks::{Below, Marks, Parsed, Spot};

/// Merges files in the given order. `place` adds the file name to a position, so that messages can show the file name.
pub(super) fn merge(
    files: Vec<Parsed>,
    place: &dyn Fn(Spot) -> Place,
) -> Result<Parsed, Vec<Finding>> {
    let mut files = files.into_iter();
    let Some(mut whole) = files.next() else {
        return Err(Vec::new());
    };
    let mut merger = Merger {
        place,
        findings: Vec::new(),
    };
    for file in files {
        merger.add(&mut whole.value, &mut whole.marks, file, &mut Vec::new());
    }
    match merger.findings.is_empty() {
        true => Ok(whole),
        false => Err(merger.findings),
    }
}

struct Merger<'a> {
    place: &'a dyn Fn(Spot) -> Place,
    findings: Vec<Finding>,
}

impl Merger<'_> {
    /// Adds the entries of a mapping to the mapping at the same JSON pointer in the merged document.
    fn add(&mut self, whole: &mut Value, marks: &mut Marks, part: Parsed, path: &mut Vec<String>) {
        let (Value::Object(whole), Below::Map(below)) = (whole, &mut marks.below) else {
            return;
        };
        let (Value::Object(part), Below::Map(mut part_marks)) = (part.value, part.marks.below)
        else {
            return;
        };
        for (key, value) in part {
            let Some(mark) = part_marks.remove(&key) else {
                continue;
            };
            path.push(key.clone());
            if let (Some(old), Some(old_mark)) = (whole.get_mut(&key), below.get_mut(&key)) {
                self.both(old, old_mark, Parsed { value, marks: mark }, path);
            } else {
                whole.insert(key.clone(), value);
                below.insert(key, mark);
            }
            path.pop();
        }
    }

    /// If both values are mappings, and `grows` allows a merge, merges the values. Otherwise, reports an error.
    fn both(
        &mut self,
        old: &mut Value,
        old_mark: &mut Marks,
        part: Parsed,
        path: &mut Vec<String>,
    ) {
        if grows(path) && old.is_object() && part.value.is_object() {
            return self.add(old, old_mark, part, path);
        }
        let name = path.last().map(String::as_str).unwrap_or_default();
        let (place, message) = (
            (self.place)(part.marks.at),
            format!("`{name}` is defined twice"),
        );
        let help = "keep one definition; components that several chapters use belong in common.yaml, and facts about the service in service.yaml";
        let finding = Finding::new("duplicate-name", place, message, help);
        let finding = finding.and((self.place)(old_mark.at), "first defined here");
        self.findings.push(finding);
    }
}

/// Returns whether several files can add entries to the mapping at `path`. Such mappings are `paths`, its URL paths,
/// `components`, and the sections of `components`.
fn grows(path: &[String]) -> bool {
    let top = path.first().map(String::as_str);
    matches!(top, Some("paths" | "components")) && path.len() <= 2
}
