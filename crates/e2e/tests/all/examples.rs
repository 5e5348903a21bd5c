//! Checks that the generated types decode the documented examples of requests and success answers. The first test
//! encodes each decoded value again, and checks that no value of the example is lost. The other tests replace values in
//! the answers.

use crate::types;

use serde_json::Value;
use types::{Service, lost, services};

/// Returns the examples of a media type: its `example`, and the values of its `examples`.
fn examples(content: &Value) -> Vec<&Value> {
    let many = content["examples"].as_object().into_iter().flatten();
    content
        .get("example")
        .into_iter()
        .chain(many.map(|(_, example)| &example["value"]))
        .collect()
}

/// Returns the examples of the requests and success answers whose schema is a `$ref`, with the names of these schemas.
fn documented(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let answers = operation["responses"].as_object().unwrap().iter();
            let success = answers
                .filter(|(status, _)| status.starts_with('2'))
                .map(|(_, answer)| answer);
            for body in success.chain(operation.get("requestBody")) {
                let content = &body["content"]["application/json"];
                if let Some(reference) = content["schema"]["$ref"].as_str() {
                    let name = reference.rsplit('/').next().unwrap();
                    found.extend(
                        examples(content)
                            .into_iter()
                            .map(|example| (name.to_owned(), example.clone())),
                    );
                }
            }
        }
    }
    found
}

/// Returns whether the value at the JSON pointer `place` is essential. A value is essential if the pagination or the
/// outcome of an operation depends on the value. If the decoder cannot read an essential value, the decoder returns an
/// error. Without this value, the answer would have another meaning.
///
/// `name` is the name of the answer's schema.
fn is_essential(document: &Value, name: &str, place: &str) -> bool {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|item| item.as_object().unwrap().values());
    let mut of_answer = operations.filter(|operation| {
        let answers = operation["responses"].as_object().unwrap();
        let mut successes = answers.iter().filter(|(status, _)| status.starts_with('2'));
        successes.any(|(_, answer)| {
            let schema = &answer["content"]["application/json"]["schema"]["$ref"];
            schema == &format!("#/components/schemas/{name}")
        })
    });
    // The JSON pointer `/results/0/result` becomes `results[].result`.
    let place = place.split('/').skip(1).fold(String::new(), |path, name| {
        match (path.as_str(), name.parse::<usize>()) {
            (_, Ok(_)) => path + "[]",
            ("", Err(_)) => name.to_owned(),
            (_, Err(_)) => format!("{path}.{name}"),
        }
    });
    of_answer.any(|operation| {
        let paging = &operation["x-pagination"];
        let fields = [
            &paging["items"],
            &paging["total"],
            &paging["next"],
            &operation["x-outcome"]["field"],
        ];
        let mut fields = fields.into_iter().filter_map(Value::as_str);
        fields.any(|field| {
            let rest = field.strip_prefix(place.trim_end_matches("[]"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    })
}

#[test]
fn the_generated_types_keep_every_documented_example() {
    for service in services() {
        let documented = documented(&service.document);
        assert!(!documented.is_empty(), "{} has no examples", service.name);
        for (name, example) in documented {
            let of = format!("{} {name}", service.name);
            let after = service.of(&name).round_trip(&example);
            let after = after.unwrap_or_else(|error| panic!("{of}: {error}"));
            let missing = lost(&example, &after);
            assert!(missing.is_empty(), "{of} loses {missing:?}");
        }
    }
}

/// Returns the documented answers. The tests below do not include requests, because the decoder is strict for requests.
fn answers(service: &Service) -> impl Iterator<Item = (String, Value)> {
    let answers = documented(&service.document).into_iter();
    answers.filter(|(name, _)| service.of(name).way != "request")
}

/// Decodes an answer in which `other` replaces the value at the JSON pointer `place`. An error is allowed only if the
/// value is essential, or if the answer has only one field.
fn must_decode(service: &Service, name: &str, example: &Value, place: &str, other: &str) {
    let mut changed = example.clone();
    *changed.pointer_mut(place).unwrap() = serde_json::from_str(other).unwrap();
    // If an answer has only one field, and the decoder cannot read this field, the decoder returns an error.
    let is_only = example.as_object().is_some_and(|map| map.len() == 1);
    if let Err(error) = service.of(name).round_trip(&changed)
        && !is_only
        && !is_essential(&service.document, name, place)
    {
        panic!("{} {name}: {place} as {other}: {error}", service.name);
    }
}

/// Replaces each scalar of a documented answer, except `null`, by scalars of several kinds. The decoder must still
/// accept the answer. `must_decode` describes two exceptions.
#[test]
fn the_decoder_accepts_scalars_of_another_kind() {
    let others = [
        "\"text\"",
        "\"\"",
        "\"7\"",
        "7",
        "7.5",
        "true",
        "-1",
        "1e300",
        "99999999999999999999999",
    ];
    for service in services() {
        for (name, example) in answers(&service) {
            for place in places(&example, |value| !value.is_object() && !value.is_array()) {
                // The type of a null value in an example is unknown. The type can be an object.
                if example.pointer(&place).unwrap().is_null() {
                    continue;
                }
                for other in others {
                    must_decode(&service, &name, &example, &place, other);
                }
            }
        }
    }
}

/// Replaces each scalar, object and list of an answer by `null` and by `{}`, and also the whole answer. The decoder
/// must still accept the answer, because services can write `null` or `{}` if there is no value. `must_decode`
/// describes two exceptions.
#[test]
fn the_decoder_accepts_null_and_empty_objects_for_any_value() {
    for service in services() {
        for (name, example) in answers(&service) {
            for place in places(&example, |_| true) {
                for other in ["null", "{}"] {
                    must_decode(&service, &name, &example, &place, other);
                }
            }
        }
    }
}

/// A placeholder in the JSON text of a changed answer. The next test replaces the placeholder by other JSON.
const HERE: &str = "Planted-here";

/// Converts a JSON pointer to the notation in the decoder's reports: `/items/3/id` becomes `items[3].id`.
fn path_of(place: &str) -> String {
    let mut path = String::new();
    for part in place.split('/').skip(1) {
        match part.parse::<usize>() {
            Ok(position) => path.push_str(&format!("[{position}]")),
            Err(_) if path.is_empty() => path.push_str(part),
            Err(_) => path.push_str(&format!(".{part}")),
        }
    }
    path
}

/// Replaces each value inside a documented answer by other JSON, one value at a time. If the decoder cannot read the
/// new value, the decoder loses only this value, and reports the loss. If the value is essential, or the only field of
/// the answer, the decoder can return an error instead.
#[test]
fn the_decoder_loses_only_the_invalid_value_and_reports_the_loss() {
    let others = [
        "[]",
        "[[1]]",
        "\"\"",
        "\"text\"",
        "{\"planted\": [1]}",
        "0.125",
        "1e400",
        "-1",
        "true",
        "99999999999999999999999",
    ];
    let mut told = 0;
    for service in services() {
        for (name, example) in answers(&service) {
            let of = service.of(&name);
            let whole = of.round_trip(&example).unwrap();
            for place in places(&example, |_| true) {
                // If the whole answer does not fit its type, the decoder returns an error, and reports no loss.
                if place.is_empty() {
                    continue;
                }
                let mut changed = example.clone();
                *changed.pointer_mut(&place).unwrap() = HERE.into();
                let only = changed.as_object().is_some_and(|all| all.len() == 1);
                for other in others {
                    let text = changed.to_string().replace(&format!("\"{HERE}\""), other);
                    let case = format!("{} {name}: {place} as {other}", service.name);
                    let (after, fields) = match of.round_trip_with_lost(&text) {
                        Ok(read) => read,
                        Err(_) if only && place.matches('/').count() == 1 => continue,
                        Err(_) if is_essential(&service.document, &name, &place) => continue,
                        Err(error) => panic!("{case}: {error}"),
                    };
                    let path = path_of(&place);
                    let losses = fields.iter().filter(|field| field.path() == path).count();
                    if is_essential(&service.document, &name, &place) && losses > 0 {
                        panic!("{case}: the value is lost, but there is no error");
                    }
                    // If the decoder removes an element of a list, `lost` returns the path of the list.
                    for missing in lost(&whole, &after) {
                        let missing = missing.trim_start_matches('.');
                        let related = missing.starts_with(&path) || path.starts_with(missing);
                        assert!(related, "{case}: also {missing} is lost");
                    }
                    // In a map of strings, the decoder keeps each scalar. If the schema of a field allows any JSON, the
                    // decoder keeps each value of this field. `[]` and `""` can mean that there is no value. In these
                    // three cases, there is no loss to report.
                    let kept = after.pointer(&place).is_some_and(|value| !value.is_null());
                    if !kept && !["[]", "\"\""].contains(&other) && fields.is_empty() {
                        panic!("{case}: the loss is not reported");
                    }
                    told += fields.len();
                }
            }
        }
    }
    assert!(told > 1000, "only {told} losses were reported");
}

/// Returns the JSON pointers of all values for which `wanted` returns `true`.
fn places(value: &Value, wanted: fn(&Value) -> bool) -> Vec<String> {
    let mut places = Vec::new();
    collect(value, String::new(), wanted, &mut places);
    places
}

fn collect(value: &Value, at: String, wanted: fn(&Value) -> bool, into: &mut Vec<String>) {
    if wanted(value) {
        into.push(at.clone());
    }
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(inner, format!("{at}/{key}"), wanted, into);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, format!("{at}/{index}"), wanted, into);
            }
        }
        _ => {}
    }
}
