use std::collections::BTreeMap;

use http::{Method, StatusCode};
use huaweicloud_openapi::validity::Validators;
use huaweicloud_openapi::{self as model, Content, ParameterLocation, PasswordRule};
use jsonschema::Validator;
use serde_json::Value;

/// An operation of an OpenAPI document, with compiled validators for requests.
pub(crate) struct Operation {
    pub id: String,
    pub official_id: String,
    pub tag: String,
    pub method: Method,
    /// The path parameters, in the order of the path.
    pub path: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub body: Option<Body>,
    /// Whether a request needs credentials.
    pub authenticated: bool,
    /// The status of the success answer. If the document has several success statuses, this is the lowest one.
    pub status: StatusCode,
    /// The documented example of the success answer. `None` if the document has no example.
    pub example: Option<Value>,
    /// The media type of the success answer if this answer is a file. `None` if the success answer is not a file.
    pub file: Option<String>,
}

pub(crate) struct Parameter {
    pub name: String,
    pub place: RequestPart,
    pub required: bool,
    /// The type of the parameter. For a list, the type of each element.
    pub kind: String,
    /// The form of a list in the request. `None` if the parameter is not a list.
    pub list: Option<ListForm>,
    pub default: Option<Value>,
    pub validator: Validator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListForm {
    /// A single parameter contains all elements, separated by commas.
    Joined,
    /// The request repeats the parameter for each element.
    Repeated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestPart {
    Path,
    Query,
    Body,
}

impl RequestPart {
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body => "body",
        }
    }
}

pub(crate) struct Body {
    pub required: bool,
    /// Whether the body is a form. If the body is not a form, the body is JSON.
    pub is_form: bool,
    pub validator: Validator,
    /// The rules of the password fields, by the name of the field.
    rules: BTreeMap<String, PasswordRule>,
}

impl Body {
    pub fn has_no_password(&self) -> bool {
        self.rules.is_empty()
    }

    pub fn rule(&self, field: &str) -> Option<&PasswordRule> {
        self.rules.get(field)
    }
}

impl Operation {
    /// Converts an operation that the crate `huaweicloud_openapi` has read. The method ignores header parameters,
    /// because [`validate`](crate::validate) does not check headers.
    pub fn new(
        root: &Value,
        operation: &model::Operation,
        validators: &Validators<'_>,
    ) -> Result<Self, String> {
        let named = |name: &str| {
            let mut all = operation.parameters.iter();
            all.find(|parameter| {
                parameter.location == ParameterLocation::Path && parameter.name == name
            })
            .ok_or_else(|| format!("path parameter {name} is not declared"))
        };
        let segments = operation.path.split('/');
        let path = segments
            .filter(|segment| super::is_parameter(segment))
            .map(|segment| {
                Parameter::new(
                    root,
                    named(&segment[1..segment.len() - 1])?,
                    RequestPart::Path,
                    validators,
                )
            });
        let query = operation.parameters.iter();
        let query = query
            .filter(|parameter| parameter.location == ParameterLocation::Query)
            .map(|parameter| Parameter::new(root, parameter, RequestPart::Query, validators));
        let success = operation.success.first();
        let success = success.ok_or("no response with status 2xx")?;
        let body = operation.body.as_ref();
        Ok(Self {
            id: operation.id.clone(),
            official_id: operation.official_id.clone(),
            tag: operation.chapter.clone(),
            method: operation.method.parse().map_err(|_| "unknown method")?,
            path: path.collect::<Result<_, _>>()?,
            query: query.collect::<Result<_, _>>()?,
            body: body
                .map(|body| Body::new(root, body, validators))
                .transpose()?,
            authenticated: operation.authenticated,
            status: StatusCode::from_u16(success.status)
                .map_err(|_| format!("status {} does not exist", success.status))?,
            example: success.example.clone(),
            file: match &success.content {
                Content::File(media_type) => Some(media_type.clone()),
                _ => None,
            },
        })
    }
}

impl Parameter {
    fn new(
        root: &Value,
        parameter: &model::Parameter,
        place: RequestPart,
        validators: &Validators<'_>,
    ) -> Result<Self, String> {
        let mut target = model::reference::target(root, &parameter.schema);
        let list = target.get("items").map(|items| {
            target = model::reference::target(root, items);
            match parameter.joined {
                true => ListForm::Joined,
                false => ListForm::Repeated,
            }
        });
        Ok(Self {
            name: parameter.name.clone(),
            place,
            required: parameter.required,
            list,
            kind: target["type"].as_str().unwrap_or("string").to_owned(),
            default: parameter.schema.get("default").cloned(),
            validator: validators.compile(&parameter.schema)?,
        })
    }
}

impl Body {
    fn new(
        root: &Value,
        body: &model::RequestBody,
        validators: &Validators<'_>,
    ) -> Result<Self, String> {
        let target = model::reference::target(root, &body.schema);
        let mut rules = BTreeMap::new();
        for (name, property) in target["properties"].as_object().into_iter().flatten() {
            if let Some(rule) = property.get("x-password-rule") {
                rules.insert(name.clone(), PasswordRule::parse(rule)?);
            }
        }
        Ok(Self {
            required: body.required,
            is_form: body.file.is_some(),
            validator: validators.compile(&body.schema)?,
            rules,
        })
    }
}
