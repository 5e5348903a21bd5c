//! Checks whether a request conforms to the OpenAPI document of the service.

mod blank;
mod unique;

use huaweicloud_openapi::validity::{BrokenLimit, problems};
use serde_json::{Map, Value};

use crate::openapi::{Body, ListForm, Operation, Parameter, RequestPart};
use crate::problem::{Problem, Violation};
use crate::received::{Received, decode};

pub(crate) use blank::without_blanks;
use unique::UniqueNames;

/// The values in a request, with the documented types.
#[derive(Debug, Default)]
pub(crate) struct Values {
    pub path: Map<String, Value>,
    pub query: Map<String, Value>,
    /// `Value::Null` if the request has no body.
    pub body: Value,
}

/// Reads and checks the path, the query and the body of a request. If a field of the body is an empty string and
/// `blank_is_absent` names the field, the field counts as missing.
pub(crate) fn check(
    operation: &Operation,
    in_path: &[&str],
    request: &Received,
    blank_is_absent: &[&str],
) -> Result<Values, Problem> {
    let mut values = Values::default();
    let mut violations = Vec::new();
    for (parameter, text) in operation.path.iter().zip(in_path) {
        read_parameter(
            parameter,
            &[&decode(text)],
            &mut values.path,
            &mut violations,
        );
    }
    query(
        operation,
        &request.query(),
        &mut values.query,
        &mut violations,
    );
    if !violations.is_empty() {
        return Err(Problem::Invalid(violations));
    }
    if let Some(documented) = &operation.body {
        values.body = body(documented, request, blank_is_absent)?;
    }
    Ok(values)
}

/// Reads and checks the query. A request must not repeat a parameter, except for a list with the form
/// [`ListForm::Repeated`]. The sandbox refuses an undocumented parameter. Otherwise, a request with a misspelt filter
/// would list all resources.
fn query(
    operation: &Operation,
    sent: &[(String, String)],
    values: &mut Map<String, Value>,
    violations: &mut Vec<Violation>,
) {
    let is_documented = |name: &str| operation.query.iter().any(|known| known.name == name);
    if sent.iter().any(|(name, _)| !is_documented(name)) {
        violations.push(Violation {
            place: RequestPart::Query,
            // The answer does not contain the name of the parameter, because the name could be a secret.
            parameter: "query".to_owned(),
            reason: "must contain only documented parameters".to_owned(),
            password_rule: false,
        });
    }
    for parameter in &operation.query {
        let found = sent.iter().filter(|(name, _)| *name == parameter.name);
        let found: Vec<&str> = found.map(|(_, text)| text.as_str()).collect();
        match found.as_slice() {
            [_, _, ..] if parameter.list != Some(ListForm::Repeated) => {
                violations.push(parameter_violation(
                    parameter,
                    "must be sent only once".into(),
                ));
            }
            [_, ..] => read_parameter(parameter, &found, values, violations),
            [] if parameter.required => {
                violations.push(parameter_violation(parameter, "must not be null".into()))
            }
            [] => {
                if let Some(default) = &parameter.default {
                    values.insert(parameter.name.clone(), default.clone());
                }
            }
        }
    }
}

fn read_parameter(
    parameter: &Parameter,
    texts: &[&str],
    values: &mut Map<String, Value>,
    violations: &mut Vec<Violation>,
) {
    let read = |text: &str| match parameter.kind.as_str() {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => text.parse::<f64>().ok().map(Value::from),
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        _ => Some(Value::from(text)),
    };
    let value = match parameter.list {
        None => texts.first().copied().and_then(read),
        Some(ListForm::Joined) => {
            let elements = texts.iter().flat_map(|text| text.split(','));
            elements.map(read).collect()
        }
        Some(ListForm::Repeated) => texts.iter().copied().map(read).collect(),
    };
    let Some(value) = value else {
        violations.push(parameter_violation(
            parameter,
            format!("must be of type {}", parameter.kind),
        ));
        return;
    };
    match problems(&parameter.validator, &value).into_iter().next() {
        None => drop(values.insert(parameter.name.clone(), value)),
        Some(broken) => violations.push(parameter_violation(parameter, broken.reason)),
    }
}

fn parameter_violation(parameter: &Parameter, reason: String) -> Violation {
    Violation {
        place: parameter.place,
        parameter: parameter.name.clone(),
        reason,
        password_rule: false,
    }
}

fn body_violation(broken: BrokenLimit) -> Violation {
    let path = broken.path();
    Violation {
        place: RequestPart::Body,
        parameter: if path.is_empty() {
            "body".to_owned()
        } else {
            path.join(".")
        },
        reason: broken.reason,
        password_rule: broken.password_rule,
    }
}

fn json(request: &Received) -> Result<Value, Problem> {
    if !request.says_json() {
        return Err(Problem::NotJson);
    }
    let UniqueNames(sent) =
        serde_json::from_slice(&request.body).map_err(|error| match error.is_data() {
            true => Problem::invalid("body", "must not have a name twice in one object"),
            false => Problem::NotJson,
        })?;
    Ok(sent)
}

fn body(documented: &Body, request: &Received, blank_is_absent: &[&str]) -> Result<Value, Problem> {
    if request.body.is_empty() {
        return if documented.required {
            Err(Problem::NoBody)
        } else {
            Ok(Value::Null)
        };
    }
    let sent = match (&request.form, documented.is_form) {
        (Some(form), true) => Value::Object(form.clone()),
        (None, true) => {
            return Err(Problem::invalid(
                "body",
                "must be a form (multipart/form-data)",
            ));
        }
        (_, false) => json(request)?,
    };
    let sent = without_blanks(sent, blank_is_absent);
    let violations = violations(documented, &sent);
    if violations.is_empty() {
        Ok(sent)
    } else {
        Err(Problem::Invalid(violations))
    }
}

/// Returns the limits that a body breaks, with at most one limit for each field.
pub(crate) fn violations(documented: &Body, sent: &Value) -> Vec<Violation> {
    let mut violations: Vec<Violation> = Vec::new();
    for broken in problems(&documented.validator, sent) {
        let violation = body_violation(broken);
        // A broken limit and a broken password rule often have the same cause. So the answer shows one reason for each
        // field.
        match violations
            .iter_mut()
            .find(|other| other.parameter == violation.parameter)
        {
            Some(known) => known.password_rule |= violation.password_rule,
            None => violations.push(violation),
        }
    }
    violations
}
