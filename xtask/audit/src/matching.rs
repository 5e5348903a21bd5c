//! Finds the operation of the transcripts that a page documents.

use crate::page::Page;
use transcript::{Document, OperationRef};

/// The operation with the method and path of a page. Names in braces can differ. One side can lack the version at the
/// start. Another version is another operation.
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

/// The operation that a page documents, by its method and path. For a contract also by its official name.
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

/// Splits off the version: `/v2/devices` is `/devices` of version `v2`.
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

/// The path with empty braces.
pub fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.contains('{') {
        true => "{}",
        false => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;
