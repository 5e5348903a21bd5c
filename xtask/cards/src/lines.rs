//! Makes the lines of a card (the facts of one part of a document): a heading, and a line for each fact or field.

use serde_json::Value;

use super::keys::is_wording;
use super::part::{Part, Subject};
use super::values::{
    component, items, leaves, requirements, shown, sorted, strings, type_of, words,
};

/// Returns the lines of a card. The heading comes first. Each other line begins with the full name of its subject.
pub fn lines(part: &Part) -> Vec<String> {
    let (name, value) = (part.name(), &part.value);
    let mut card = Card {
        lines: vec![String::new()],
    };
    let heading = match &part.subject {
        Subject::Service => {
            card.service(value);
            "service".to_owned()
        }
        Subject::Operation { path, method } => {
            card.operation(&name, value);
            format!("operation {name}: {} {path}", method.to_uppercase())
        }
        Subject::Component { section, .. } => {
            let about = card.component(section, &name, value);
            let kind = section.strip_suffix('s').unwrap_or(section);
            let kind = if kind == "schema" { "type" } else { kind };
            format!("{kind} {name}: {}", about.join(", "))
        }
    };
    if let Some(first) = card.lines.first_mut() {
        *first = heading.trim_end_matches([':', ' ']).to_owned();
    }
    card.lines
}

struct Card {
    lines: Vec<String>,
}

impl Card {
    /// Adds a line. Pads `place` to a fixed width, so that a longer `place` does not change the other lines.
    fn add(&mut self, place: &str, words: &[String]) {
        let line = format!("    {place:<44} {}", words.join(", "));
        self.lines.push(line.trim_end().to_owned());
    }

    /// Calls `words`, which can add lines. Puts a line with the result of `words` above these lines.
    fn add_above(&mut self, place: &str, words: impl FnOnce(&mut Self) -> Vec<String>) {
        let at = self.lines.len();
        let words = words(self);
        let below = self.lines.split_off(at);
        self.add(place, &words);
        self.lines.extend(below);
    }

    /// Adds a line for each scalar in the value of a key.
    fn leaves(&mut self, place: &str, key: &str, value: &Value) {
        for (name, value) in leaves(key, value) {
            self.add(&format!("{place} {name}"), &[value]);
        }
    }

    /// Adds lines for the members of an object, except for explanations and the keys in `elsewhere`.
    fn members(&mut self, place: &str, object: &Value, elsewhere: &[&str]) {
        let mut members = sorted(object);
        members.retain(|(key, _)| !is_wording(key) && !elsewhere.contains(&key.as_str()));
        for (key, value) in members {
            self.leaves(place, key, value);
        }
    }

    fn component(&mut self, section: &str, name: &str, value: &Value) -> Vec<String> {
        if let Some(reference) = value["$ref"].as_str() {
            return vec![component(reference).to_owned()];
        }
        match section {
            "schemas" => self.schema(name, value),
            "parameters" => {
                let mut about = vec![parameter_place(value)];
                about.extend(self.parameter(name, value));
                about
            }
            "headers" => self.parameter(name, value),
            "responses" | "requestBodies" => {
                self.body(name, value);
                vec![]
            }
            "examples" => {
                self.leaves(name, "value", &value["value"]);
                words(value, &["value"])
            }
            _ => words(value, &[]),
        }
    }

    /// Returns the words for a schema, and adds lines for the options and properties of the schema.
    fn schema(&mut self, place: &str, schema: &Value) -> Vec<String> {
        let mut about = vec![type_of(schema)];
        if schema["format"] == "password" {
            about.push("secret".to_owned());
        }
        about.extend(self.limits(place, schema));
        about
    }

    fn limits(&mut self, place: &str, schema: &Value) -> Vec<String> {
        let mut elsewhere = vec!["type", "format", "$ref", "allOf", "items", "properties"];
        elsewhere.extend(["required", "enum", "x-enum-varnames"]);
        let further = &schema["additionalProperties"];
        if further.is_object() {
            elsewhere.push("additionalProperties");
        }
        let mut about = words(schema, &elsewhere);
        for part in items(&schema["allOf"]) {
            about.extend(self.limits(place, part));
        }
        for (inner, mark) in [(&schema["items"], "[]"), (further, "{}")] {
            if inner.is_object() {
                let words = self.limits(&format!("{place}{mark}"), inner);
                about.extend(words.iter().map(|word| format!("each {word}")));
            }
        }
        self.options(place, schema);
        self.properties(place, schema);
        about
    }

    /// Adds a line for each enum value, with its Rust name. The lines are sorted by value.
    fn options(&mut self, place: &str, schema: &Value) {
        let names = &schema["x-enum-varnames"];
        let count = [&schema["enum"], names].map(|list| items(list).count());
        let option = |list: &Value, at| list.get(at).map(shown).unwrap_or_default();
        let values = &schema["enum"];
        let all = 0..count.into_iter().max().unwrap_or_default();
        let options = all.map(|at| (values[at].as_i64(), option(values, at), option(names, at)));
        let mut options: Vec<_> = options.collect();
        options.sort();
        let place = format!("{place} option");
        for (_, value, name) in options {
            self.add(&place, &[format!("{value} {name}").trim_end().to_owned()]);
        }
    }

    fn properties(&mut self, place: &str, schema: &Value) {
        let required = strings(&schema["required"]);
        let mut lost = required.clone();
        for (name, property) in sorted(&schema["properties"]) {
            lost.retain(|known| known != name);
            let place = format!("{place}.{name}");
            self.add_above(&place, |card| {
                let mut about = card.schema(&place, property);
                if required.contains(&name.as_str()) {
                    about.insert(1, "mandatory".to_owned());
                }
                about
            });
        }
        for name in lost {
            self.add(&format!("{place}.{name}"), &["mandatory".to_owned()]);
        }
    }

    /// Returns the words for a parameter or a header. Also adds lines for the options and properties of its schema.
    fn parameter(&mut self, place: &str, value: &Value) -> Vec<String> {
        let mut about = self.schema(place, &value["schema"]);
        let mut own = words(value, &["name", "in", "required", "schema", "examples"]);
        if value["required"] == true {
            about.insert(1, "mandatory".to_owned());
        }
        for (name, example) in sorted(&value["examples"]) {
            own.extend(words(example, &["value"]));
            let leaves = leaves("value", &example["value"]).into_iter();
            own.extend(leaves.map(|(path, value)| {
                format!("example {name}{} {value}", path.trim_start_matches("value"))
            }));
        }
        about.extend(own);
        about
    }

    fn operation(&mut self, name: &str, value: &Value) {
        let elsewhere = [
            "operationId",
            "security",
            "parameters",
            "requestBody",
            "responses",
        ];
        self.members(name, value, &elsewhere);
        if let Some(security) = value.get("security") {
            for alternative in requirements(security) {
                self.add(&format!("{name} security"), &[alternative]);
            }
        }
        self.parameters(name, &value["parameters"]);
        if let Some(body) = value.get("requestBody") {
            self.answer(&format!("{name} request"), body);
        }
        for (status, response) in sorted(&value["responses"]) {
            self.answer(&format!("{name} {status}"), response);
        }
    }

    fn parameters(&mut self, place: &str, list: &Value) {
        let mut all: Vec<_> = items(list).collect();
        let places = ["path", "query", "header", "cookie"];
        all.sort_by_key(|parameter| {
            let rank = places.iter().position(|place| parameter["in"] == *place);
            let named = [&parameter["$ref"], &parameter["name"]].map(shown);
            (parameter["$ref"].is_null(), rank, named)
        });
        for parameter in all {
            match parameter["$ref"].as_str() {
                Some(reference) => {
                    let place = format!("{place} parameter");
                    self.add(&place, &[component(reference).to_owned()]);
                }
                None => {
                    let place = format!("{place} {}", parameter_place(parameter));
                    self.add_above(&place, |card| card.parameter(&place, parameter));
                }
            }
        }
    }

    /// Adds lines for a request body or an answer. A reference gives one line with the name of the component.
    fn answer(&mut self, place: &str, value: &Value) {
        match value["$ref"].as_str() {
            Some(reference) => self.add(place, &[component(reference).to_owned()]),
            None => self.body(place, value),
        }
    }

    /// Adds lines for each content type of a request body or an answer, and then lines for the headers.
    fn body(&mut self, place: &str, value: &Value) {
        let media = sorted(&value["content"]);
        let mut about = words(value, &["content", "headers"]);
        let alone = media.len() == 1;
        if media.is_empty() {
            about.insert(0, "no content".to_owned());
        }
        if !alone && !about.is_empty() {
            self.add(place, &std::mem::take(&mut about));
        }
        for (name, media) in &media {
            let place = match alone {
                true => place.to_owned(),
                false => format!("{place} {name}"),
            };
            self.add_above(&place, |card| {
                let mut first = card.schema(&place, &media["schema"]);
                first.push((*name).clone());
                first.append(&mut about);
                first.extend(words(media, &["schema", "example", "examples"]));
                first
            });
            if let Some(example) = media.get("example") {
                self.leaves(&place, "example", example);
            }
            for (name, example) in sorted(&media["examples"]) {
                self.example(&format!("{place} example {name}"), example);
            }
        }
        for (name, header) in sorted(&value["headers"]) {
            let place = format!("{place} header {name}");
            let about = match header["$ref"].as_str() {
                Some(reference) => vec![component(reference).to_owned()],
                None => self.parameter(&place, header),
            };
            self.add(&place, &about);
        }
    }

    fn example(&mut self, place: &str, example: &Value) {
        if let Some(reference) = example["$ref"].as_str() {
            return self.add(place, &[component(reference).to_owned()]);
        }
        if let Some(value) = example.get("value") {
            for (path, value) in leaves("value", value) {
                let path = path.trim_start_matches("value");
                self.add(&format!("{place}{path}"), &[value]);
            }
        }
        self.members(place, example, &["value"]);
    }

    fn service(&mut self, value: &Value) {
        let elsewhere = ["servers", "security", "tags", "x-error-codes"];
        self.members("service", value, &elsewhere);
        for alternative in requirements(&value["security"]) {
            self.add("service security", &[alternative]);
        }
        let mut lists = Vec::new();
        for (key, list, name) in [
            ("chapter", &value["tags"], "name"),
            ("server", &value["servers"], "url"),
        ] {
            lists.extend(items(list).map(|item| (key, shown(&item[name]), item, name)));
        }
        lists.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        for (key, name, item, by) in lists {
            self.add(&format!("{key} {name}"), &[]);
            self.members(&format!("{key} {name}"), item, &[by]);
        }
        let mut codes = Vec::new();
        for entry in items(&value["x-error-codes"]) {
            let about = words(entry, &["codes"]);
            codes.extend(items(&entry["codes"]).map(|code| (shown(code), about.clone())));
        }
        codes.sort();
        for (code, about) in codes {
            self.add(&format!("error {code}"), &about);
        }
    }
}

/// Returns location and name of a parameter, such as `query limit`.
fn parameter_place(parameter: &Value) -> String {
    format!("{} {}", shown(&parameter["in"]), shown(&parameter["name"]))
}
