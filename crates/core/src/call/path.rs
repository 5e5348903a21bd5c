//! Makes the path of a request from the path template of its operation.

use crate::error::Error;
use crate::operation::Operation;
use crate::sign;

/// The path parameter that the session sets, if the caller did not set it.
const PROJECT_ID: &str = "project_id";

/// A path with percent-encoded parameters, in the form in which the client sends the path. Only the project can be
/// missing, because the session adds it later.
pub(crate) struct Path {
    head: String,
    /// The part after the project. `None` if the session does not set the project.
    tail: Option<String>,
}

impl Path {
    /// Inserts the values of the parameters into the path template of an operation.
    pub(crate) fn new(
        operation: &Operation,
        values: &[(&'static str, String)],
    ) -> Result<Self, Error> {
        let room = values
            .iter()
            .fold(operation.path.len(), |sum, (_, value)| sum + value.len());
        let mut path = Self {
            head: String::with_capacity(room),
            tail: None,
        };
        let mut rest = operation.path;
        while let Some((before, parameter)) = rest.split_once('{') {
            let (name, after) = parameter.split_once('}').unwrap_or((parameter, ""));
            path.end().push_str(before);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => {
                    check_segment(name, value)?;
                    path.end().push_str(&sign::encode_segment(value));
                }
                None if name == PROJECT_ID && path.tail.is_none() => {
                    path.tail = Some(String::with_capacity(room));
                }
                None => {
                    let message = format!("the path parameter `{name}` is missing");
                    return Err(Error::invalid_request(message));
                }
            }
            rest = after;
        }
        path.end().push_str(rest);
        Ok(path)
    }

    /// Returns the part of the path that is not complete yet.
    fn end(&mut self) -> &mut String {
        self.tail.as_mut().unwrap_or(&mut self.head)
    }

    /// Returns whether the session must set the project.
    pub(crate) fn wants_project(&self) -> bool {
        self.tail.is_some()
    }

    /// Appends the path to an address. If the session must set the project, the function inserts `project`.
    pub(crate) fn write(&self, project: Option<&str>, address: &mut String) -> Result<(), Error> {
        address.push_str(&self.head);
        let Some(tail) = &self.tail else {
            return Ok(());
        };
        let Some(project) = project else {
            return Err(Error::invalid_request("no project is known").with_help(
                "set project_id in the configuration, or call with_project() of the client",
            ));
        };
        check_segment(PROJECT_ID, project)?;
        address.push_str(&sign::encode_segment(project));
        address.push_str(tail);
        Ok(())
    }
}

/// Returns an error if the value could change the path to the path of another operation. For example,
/// `DELETE /devices/{id}` with an empty id could delete all devices.
fn check_segment(name: &str, value: &str) -> Result<(), Error> {
    let is_dots = |segment| segment == "." || segment == "..";
    let wrong = if value.is_empty() {
        "is empty"
    } else if value.contains('.') && value.split(['/', '\\']).any(is_dots) {
        "has a segment `.` or `..`"
    } else {
        return Ok(());
    };
    Err(
        Error::invalid_request(format!("the path parameter `{name}` {wrong}"))
            .with_help("check the source of its value"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Retry, Service};
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    static SERVICE: Service = Service {
        name: "s",
        title: "S",
        servers: &[],
        hints: &[],
    };
    static SHOW: Operation = Operation {
        id: "show",
        official_id: "Show",
        service: &SERVICE,
        method: http::Method::GET,
        path: "/v1/{project_id}/things/{id}/parts",
        retry: Retry::Safe,
        secret: false,
        authenticated: true,
        success: &[200],
        page: "",
    };

    proptest! {
        #[test]
        fn a_path_parameter_becomes_one_segment_and_decodes_to_its_value(id in "\\PC{0,12}|[./\\\\%?# a]{0,5}") {
            let path = match Path::new(&SHOW, &[("id", id.clone())]) {
                Ok(path) => path,
                Err(error) => {
                    let dots = id.split(['/', '\\']).any(|segment| segment == "." || segment == "..");
                    prop_assert!(id.is_empty() || dots, "{}", error);
                    return Ok(());
                }
            };
            let mut address = String::from("http://host");
            path.write(Some("p"), &mut address).unwrap();
            let url = reqwest::Url::parse(&address).unwrap();
            prop_assert_eq!(url.as_str(), &address);
            let segments: Vec<&str> = url.path().split('/').collect();
            prop_assert_eq!(segments.len(), 6);
            prop_assert_eq!(percent_decode_str(segments[4]).decode_utf8().unwrap(), id);
        }
    }
}
