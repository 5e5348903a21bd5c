//! Finds the operation of a page in the transcripts (OpenAPI YAML files of the services).

use crate::page::Page;
use transcript::{Document, OperationRef};

/// Returns the operation with this method and path. The comparison ignores the names in braces. `path` or the
/// transcribed path can omit the version at its start. Different versions do not match.
pub fn find<'a>(
    documents: &'a [Document],
    method: &str,
    path: &str,
) -> Option<(&'a Document, OperationRef<'a>)> {
    let all = documents.iter().flat_map(|document| {
        let operations = document.operations();
        operations.map(move |operation| (document, operation))
    });
    let candidates = all.filter_map(|(document, operation)| {
        let same = operation.method.eq_ignore_ascii_case(method);
        let likeness = likeness(operation.path, path).filter(|_| same)?;
        Some((likeness, document, operation))
    });
    candidates
        .max_by_key(|(likeness, ..)| *likeness)
        .map(|(_, document, operation)| (document, operation))
}

/// Returns the operation with the method and path of a page. If a path in a contract (an OpenAPI file of Huawei Cloud)
/// does not match, searches by method and `x-huawei-operation-id`.
pub fn of_page<'a>(
    documents: &'a [Document],
    page: &Page,
) -> Option<(&'a Document, OperationRef<'a>)> {
    let by_path = find(documents, &page.method, &page.path);
    by_path.or_else(|| {
        let name = page.name.as_deref().filter(|_| page.contract)?;
        let mut documents = documents.iter();
        documents.find_map(|document| {
            let mut operations = document.operations();
            let found = operations.find(|operation| {
                operation.method.eq_ignore_ascii_case(&page.method)
                    && operation.text("x-huawei-operation-id") == Some(name)
            });
            found.map(|operation| (document, operation))
        })
    })
}

fn likeness(ours: &str, theirs: &str) -> Option<u8> {
    let (ours_version, ours_rest) = versioned(ours);
    let (theirs_version, theirs_rest) = versioned(theirs);
    let same_version = ours_version == theirs_version;
    let one_without = ours_version.is_none() || theirs_version.is_none();
    if template(ours_rest) != template(theirs_rest) || !(same_version || one_without) {
        return None;
    }
    Some(u8::from(same_version) * 2 + u8::from(ours == theirs))
}

/// Splits off the version: `/v2/devices` gives the version `v2` and the rest `/devices`.
fn versioned(path: &str) -> (Option<&str>, &str) {
    let Some(rest) = path.strip_prefix('/') else {
        return (None, path);
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (first, rest) = rest.split_at(end);
    let number = first.strip_prefix(['v', 'V']).unwrap_or_default();
    let is_version = number.starts_with(|char: char| char.is_ascii_digit())
        && number
            .chars()
            .all(|char| char.is_ascii_digit() || char == '.');
    if is_version {
        (Some(first), rest)
    } else {
        (None, path)
    }
}

/// Returns the path with `{}` in place of each segment that contains a parameter.
pub fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.contains('{') {
        true => "{}",
        false => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
