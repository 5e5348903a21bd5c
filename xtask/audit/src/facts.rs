//! One field of a page against its schema: type, mandatory mark, limits, options, default, and the fields below.

use serde_json::Value;

use super::comparison::Comparison;
use super::page::{Field, FieldType, Range};
use super::view::View;

/// The fields of an object: those that both sides have, and those that one side lacks.
pub fn fields<'a>(comparison: &mut Comparison<'a>, theirs: &'a [Field], view: &View<'a>) {
    let ours = view.fields();
    for field in theirs {
        match ours.iter().find(|(name, _)| *name == field.name) {
            Some((name, own)) => {
                mandatory(comparison, field, view.requires(name), &own.pointer);
                compare(comparison, field, own, &own.pointer);
            }
            None => {
                let message = format!("the transcript has no field `{}`, the page has", field.name);
                let line = Some((field.line, "the page's field"));
                comparison.differ("page-field", (view.home(), &field.name), line, message);
            }
        }
    }
    for (name, own) in &ours {
        if !theirs.iter().any(|field| field.name == *name) {
            let message = format!("the page has no field `{name}`");
            comparison.differ("page-field", (&own.pointer, name), None, message);
        }
    }
}

/// The mandatory mark, where the page has one.
pub fn mandatory(comparison: &mut Comparison<'_>, field: &Field, ours: bool, pointer: &str) {
    let Some(theirs) = field.mandatory.filter(|theirs| *theirs != ours) else {
        return;
    };
    let word = |mandatory: bool| if mandatory { "mandatory" } else { "optional" };
    let message = format!(
        "`{}` is {} on the page, {} in the transcript",
        field.name,
        word(theirs),
        word(ours)
    );
    let line = Some((field.line, "the page's mark"));
    comparison.differ("page-mandatory", (pointer, &field.name), line, message);
}

/// Everything else. `pointer` is what the difference is about: the property or the parameter.
pub fn compare<'a>(
    comparison: &mut Comparison<'a>,
    field: &'a Field,
    view: &View<'a>,
    pointer: &str,
) {
    comparison.pairs.push((field, view.clone()));
    kind(comparison, field, view, pointer);
    limits(comparison, field, view, pointer);
    options(comparison, field, view, pointer);
    default(comparison, field, view, pointer);
    let inner = innermost(view);
    if !field.fields.is_empty() {
        fields(comparison, &field.fields, &inner);
    }
}

fn innermost<'a>(view: &View<'a>) -> View<'a> {
    let list = view.kind() == Some("array");
    match view.element().filter(|_| list) {
        Some(element) => innermost(&element),
        None => view.clone(),
    }
}

fn kind(comparison: &mut Comparison<'_>, field: &Field, view: &View<'_>, pointer: &str) {
    let ours = describe_schema(view);
    let words = field.printed_type.trim();
    let bare = matches!(field.kind, FieldType::Array(_)) && !words.contains(char::is_whitespace);
    if !words.is_empty() && field.kind.innermost() == &FieldType::Unknown && !bare {
        let message = format!(
            "the page's type of `{}` is \"{words}\", which is none that is known",
            field.name
        );
        let line = Some((field.line, "the page's type"));
        let said = vec![words.to_owned()];
        comparison.differ_in("page-type", (pointer, &field.name), line, message, said);
        return;
    }
    let Some(theirs) = describe(&field.kind) else {
        return;
    };
    if ours.starts_with(&theirs) {
        let long = field.kind.innermost() == &FieldType::Long;
        let format = innermost(view).get("format").and_then(Value::as_str);
        if !long || format == Some("int64") {
            return;
        }
    }
    let message = format!(
        "`{}` is {} on the page, {ours} in the transcript",
        field.name,
        if field.kind == FieldType::Long {
            "a long integer"
        } else {
            &theirs
        }
    );
    let line = Some((field.line, "the page's type"));
    let said = vec![theirs];
    comparison.differ_in("page-type", (pointer, &field.name), line, message, said);
}

/// `array of string`; a list of something unknown is just `array`.
fn describe(kind: &FieldType) -> Option<String> {
    let word = kind.word()?;
    Some(match kind {
        FieldType::Array(element) => match describe(element) {
            Some(element) => format!("{word} of {element}"),
            None => word.to_owned(),
        },
        _ => word.to_owned(),
    })
}

fn describe_schema(view: &View<'_>) -> String {
    let word = view.kind().unwrap_or("anything");
    match view.element().filter(|_| word == "array") {
        Some(element) => format!("{word} of {}", describe_schema(&element)),
        None => word.to_owned(),
    }
}

fn limits(comparison: &mut Comparison<'_>, field: &Field, view: &View<'_>, pointer: &str) {
    let ours = ranges(view);
    let values = &field.values;
    let wanted: Vec<Range> = match values.printed.is_empty() {
        false => vec![values.printed],
        true => values.named.clone(),
    };
    let Some(first) = wanted.first() else {
        if ours.iter().any(|range| !range.is_empty()) {
            comparison
                .unprinted
                .push((pointer.to_owned(), field.name.clone()));
        }
        return;
    };
    // Sentences name several ranges, of which one or another is the limit.
    let strict = !values.printed.is_empty();
    let agrees = |theirs: &Range| ours.iter().any(|ours| fits(ours, theirs, strict));
    if wanted.iter().any(agrees) {
        return;
    }
    let ours = ours
        .iter()
        .find(|range| !range.is_empty())
        .copied()
        .unwrap_or_default();
    let message = format!(
        "`{}` is limited to {} on the page, to {} in the transcript",
        field.name,
        show(first),
        show(&ours)
    );
    let line = Some((field.line, "the page's limits"));
    let said = vec![show(first)];
    comparison.differ_in("page-limit", (pointer, &field.name), line, message, said);
}

fn fits(ours: &Range, theirs: &Range, strict: bool) -> bool {
    let same = |ours: Option<i128>, theirs: Option<i128>| match theirs {
        None if !strict => true,
        theirs => ours == theirs,
    };
    same(ours.from, theirs.from) && same(ours.to, theirs.to)
}

/// What a schema limits: the value, its length, or the number of elements; for a list the elements too, since pages
/// do not say which they mean.
pub fn ranges(view: &View<'_>) -> Vec<Range> {
    let range = |from: &str, to: &str| Range {
        from: view.limit(from),
        to: view.limit(to),
    };
    match view.kind() {
        Some("string") => vec![range("minLength", "maxLength")],
        Some("array") => {
            let inner = view.element().map(|element| ranges(&element));
            let mut ranges = inner.unwrap_or_default();
            ranges.push(range("minItems", "maxItems"));
            ranges
        }
        Some("integer" | "number") => vec![range("minimum", "maximum")],
        _ => vec![Range::default()],
    }
}

fn show(range: &Range) -> String {
    match (range.from, range.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("at least {from}"),
        (None, Some(to)) => format!("at most {to}"),
        (None, None) => "nothing".to_owned(),
    }
}

/// The options that a schema lists, or the elements of a list.
pub fn options_of(view: &View<'_>) -> Option<Vec<String>> {
    let listed = innermost(view).get("enum").and_then(Value::as_array)?;
    Some(listed.iter().map(text_of).collect())
}

fn options(comparison: &mut Comparison<'_>, field: &Field, view: &View<'_>, pointer: &str) {
    let inner = innermost(view);
    if !matches!(inner.kind(), Some("string" | "integer")) {
        return;
    }
    if field.values.options.is_empty() {
        return unlisted_options(comparison, field, view, pointer);
    }
    let listed = options_of(view);
    let ours = listed.clone().unwrap_or_default();
    let theirs: Vec<&String> = field
        .values
        .options
        .iter()
        .map(|choice| &choice.value)
        .collect();
    let missing: Vec<&str> = theirs
        .iter()
        .filter(|value| !ours.contains(value))
        .map(|value| value.as_str())
        .collect();
    let further: Vec<&str> = ours
        .iter()
        .filter(|value| !theirs.contains(value))
        .map(String::as_str)
        .collect();
    let message = match (listed, missing.is_empty(), further.is_empty()) {
        (_, true, true) => return,
        (None, ..) => format!(
            "the page lists the options {} of `{}`, the transcript none",
            missing.join(", "),
            field.name
        ),
        (_, true, _) => format!(
            "the page does not list the options {} of `{}`",
            further.join(", "),
            field.name
        ),
        (_, _, true) => format!(
            "the transcript lacks the options {} of `{}`",
            missing.join(", "),
            field.name
        ),
        _ => format!(
            "of the options of `{}`, the transcript lacks {}, and the page {}",
            field.name,
            missing.join(", "),
            further.join(", ")
        ),
    };
    let line = Some((field.line, "the page's options"));
    let said = missing
        .iter()
        .chain(&further)
        .map(|option| (*option).to_owned());
    let said = said.collect();
    comparison.differ_in("page-option", (pointer, &field.name), line, message, said);
}

/// Options that the page does not list, but may name in a sentence.
fn unlisted_options(
    comparison: &mut Comparison<'_>,
    field: &Field,
    view: &View<'_>,
    pointer: &str,
) {
    let ours = options_of(view).unwrap_or_default();
    let silent: Vec<&str> = ours
        .iter()
        .map(String::as_str)
        .filter(|option| !field.says(option))
        .collect();
    // A page that names none may leave them to another page, unless it announces something.
    let announces = field.values.bold || field.description.contains([':', '：']);
    if silent.is_empty() || (silent.len() == ours.len() && !announces) {
        return;
    }
    let message = format!(
        "the page does not name the options {} of `{}`",
        silent.join(", "),
        field.name
    );
    let line = Some((field.line, "the page's words"));
    let said = silent.iter().map(|option| (*option).to_owned()).collect();
    comparison.differ_in("page-option", (pointer, &field.name), line, message, said);
}

fn default(comparison: &mut Comparison<'_>, field: &Field, view: &View<'_>, pointer: &str) {
    let ours = view.get("default").map(text_of);
    let message = match (&field.values.default, &ours) {
        (Some(theirs), Some(ours)) if theirs.eq_ignore_ascii_case(ours) => return,
        (Some(theirs), Some(ours)) => format!(
            "the default of `{}` is `{theirs}` on the page, `{ours}` in the transcript",
            field.name
        ),
        (Some(theirs), None) => format!(
            "the default of `{}` is `{theirs}` on the page, the transcript has none",
            field.name
        ),
        (None, Some(ours)) if !comparison.page.contract && !field.says_default(ours) => format!(
            "the page names no default of `{}`, the transcript has `{ours}`",
            field.name
        ),
        _ => return,
    };
    let line = Some((field.line, "the page's words"));
    let said = field.values.default.iter().cloned().collect();
    comparison.differ_in("page-default", (pointer, &field.name), line, message, said);
}

pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
