use serde_json::json;

use super::*;

fn named(method: &str, path: &str, title: &str) -> String {
    operation(&titled(method, path, title), |_| false).1
}

fn titled(method: &str, path: &str, title: &str) -> Page {
    Page {
        method: method.to_owned(),
        path: path.to_owned(),
        title: Some((1, title.to_owned())),
        ..Page::default()
    }
}

#[test]
fn a_used_operation_id_gets_the_api_version_and_if_needed_a_number() {
    let page = titled("GET", "/v1.0/{p}/lamps", "");
    let taken = |known: &[&str]| operation(&page, |name| known.contains(&name));
    assert_eq!(taken(&["list_lamps"]).1, "list_lamps_v10");
    let both = ["list_lamps", "list_lamps_v10"];
    assert_eq!(taken(&both), (None, "list_lamps_v102".into()));
}

#[test]
fn numeric_options_agree_only_if_their_meanings_agree() {
    let schema = json!({
        "enum": [0, 1],
        "x-enum-varnames": ["Online", "Offline"],
        "x-enum-descriptions": ["It is connected.", "It is not."],
    });
    let choices = |meanings: [&str; 2]| {
        ["0", "1"]
            .into_iter()
            .zip(meanings)
            .map(|(value, meaning)| Choice {
                value: value.to_owned(),
                meaning: meaning.to_owned(),
            })
            .collect::<Vec<_>>()
    };
    for (meanings, same) in [
        (["online", "offline"], true),
        (["online.", "it is not"], true),
        (["offline", "online"], false),
        (["enabled", "disabled"], false),
        (["", ""], false),
    ] {
        assert_eq!(agree(&choices(meanings), &schema), same, "{meanings:?}");
    }
    let words = [Choice {
        value: "on".into(),
        meaning: String::new(),
    }];
    assert!(agree(&words, &json!({"enum": ["on"]})));
}

#[test]
fn operation_ids_are_made_from_title_method_and_path() {
    assert_eq!(
        named("GET", "/v2/{p}/lamps", "Querying Lamps"),
        "list_lamps"
    );
    // The last word of the path ends in `s` like a plural. So the verb is `list`, and the word does not change.
    assert_eq!(
        named("GET", "/v2/{p}/lamps/status", "Querying the Status"),
        "list_lamp_status"
    );
    assert_eq!(
        named("GET", "/v2/{p}/lamps/{id}", "Querying a Lamp"),
        "show_lamp"
    );
    assert_eq!(
        named("PUT", "/v2/{p}/lamps/{id}/key", "重置"),
        "update_lamp_key"
    );
    assert_eq!(
        named("POST", "/v2/{p}/lamps/{id}/key", "Resetting a Key"),
        "reset_lamp_key"
    );
}

#[test]
fn options_get_names_from_meanings_or_values() {
    let choice = |value: &str, meaning: &str| Choice {
        value: value.to_owned(),
        meaning: meaning.to_owned(),
    };
    let choices = [
        choice("0", "direct connection, always"),
        choice("1", ""),
        choice("on-line", "x"),
    ];
    assert_eq!(
        variants(&choices),
        ["DirectConnectionAlways", "Value1", "OnLine"]
    );
}
