//! The generated types decode each documented example of an answer, and lose nothing. They decode each documented
//! example of a request, and encode it to the same JSON.

use crate::types;

use serde_json::Value;
use types::{Service, lost, services};

/// The examples of a media type: its `example`, or the values of its `examples`.
fn examples(content: &Value) -> Vec<&Value> {
    let many = content["examples"].as_object().into_iter().flatten();
    content
        .get("example")
        .into_iter()
        .chain(many.map(|(_, example)| &example["value"]))
        .collect()
}

/// Schema name and example of each request and each success answer.
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

/// Whether pages or outcomes read this place of an answer. Elements of a list that pages read count, too. If this place
/// were lost, the answer would look like another one, so it is an error.
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
    // The path of `/results/0/result` is `results[].result`.
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
fn every_example_survives_the_generated_types() {
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

/// The documented answers. Requests are left out, because they are decoded strictly.
fn answers(service: &Service) -> impl Iterator<Item = (String, Value)> {
    let answers = documented(&service.document).into_iter();
    answers.filter(|(name, _)| service.of(name).way != "request")
}

/// Decodes an answer with another value at one place.
fn must_decode(service: &Service, name: &str, example: &Value, place: &str, other: &str) {
    let mut changed = example.clone();
    *changed.pointer_mut(place).unwrap() = serde_json::from_str(other).unwrap();
    // An answer without its only field is empty.
    let is_only = example.as_object().is_some_and(|map| map.len() == 1);
    if let Err(error) = service.of(name).round_trip(&changed)
        && !is_only
        && !is_essential(&service.document, name, place)
    {
        panic!("{} {name}: {place} as {other}: {error}", service.name);
    }
}

/// Replaces each scalar of a documented answer by other kinds of scalars. The answer is still accepted.
#[test]
fn no_scalar_of_another_kind_rejects_an_answer() {
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
                // The type behind a null is unknown. It can be an object.
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

/// Puts `null` and `{}` at each place: scalars, objects, lists, and the whole answer. Services write both for unknown values.
#[test]
fn a_null_at_any_place_does_not_reject_an_answer() {
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

/// Marks the place of the other value.
const HERE: &str = "Planted-here";

/// The place in the form of the decoder: `/items/3/id` is `items[3].id`.
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

/// Any JSON replaces one value of a documented answer. All other values stay, and the lost place is reported.
#[test]
fn any_json_in_one_place_loses_only_that_place_and_is_reported() {
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
                // Another value for the whole answer is refused.
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
                        panic!("{case}: it is lost, and no error");
                    }
                    for missing in lost(&whole, &after) {
                        let missing = missing.trim_start_matches('.');
                        let related = missing.starts_with(&path) || path.starts_with(missing);
                        assert!(related, "{case}: also {missing} is lost");
                    }
                    // Texts of maps and free JSON are kept unchanged.
                    let kept = after.pointer(&place).is_some_and(|value| !value.is_null());
                    if !kept && !["[]", "\"\""].contains(&other) && fields.is_empty() {
                        panic!("{case}: nobody is told");
                    }
                    told += fields.len();
                }
            }
        }
    }
    assert!(told > 1000, "only {told} losses");
}

/// The JSON pointers of all values that are wanted.
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
