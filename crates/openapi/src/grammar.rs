//! Lists the keys of each kind of object in a transcript: keys of OpenAPI 3.0.3, and extensions of this project. Lint
//! refuses some of these keys. A transcript is the set of OpenAPI YAML files of one service.
//!
//! A new extension needs a line in this file, and a row in `openapi/README.md` with its meaning. An extension that
//! refers to something in the document also needs a lint rule.

use Need::{May, Must};
use ObjectKind::{
    Body, Components, Contact, Docs, ErrorCodes, Example, Header, Info, License, Media, Operation,
    Outcome, Pagination, Parameter, PasswordRule, PathItem, Response, Root, Schema, SecurityScheme,
    Server, ServerVariable, Tag, Waiter,
};
use Shape::{
    Any, Choice, Count, Flag, FlagOr, List, Map, Number, One, Refused, Requirements, Scalars, Text,
    TextMap, Texts, Values,
};

/// A kind of object in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    Root,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    Docs,
    Parameter,
    Body,
    Media,
    Response,
    Example,
    Header,
    Tag,
    Schema,
    SecurityScheme,
    ErrorCodes,
    Pagination,
    Waiter,
    Outcome,
    PasswordRule,
}

/// The form of the value of a key.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    Any,
    Text,
    Flag,
    Number,
    /// An integer that is zero or greater.
    Count,
    /// A list of strings, numbers or booleans.
    Scalars,
    Texts,
    /// A string that is one of these words.
    Choice(&'static [&'static str]),
    /// A map from names to strings.
    TextMap,
    /// A map from names to values of any form.
    Values,
    One(ObjectKind),
    List(ObjectKind),
    Map(ObjectKind),
    FlagOr(ObjectKind),
    /// A list of security requirements. A security requirement is a map from the name of a security scheme to scopes.
    Requirements,
    /// OpenAPI has the key, but lint refuses the key in transcripts. The string is the reason.
    Refused(&'static str),
}

impl Shape {
    /// Whether a value of this form can contain objects that have an [`ObjectKind`].
    pub fn has_objects(self) -> bool {
        matches!(self, One(_) | List(_) | Map(_) | FlagOr(_))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Must,
    May,
}

/// A key: its name, whether the key is mandatory, and the form of its value.
pub type Field = (&'static str, Need, Shape);

impl ObjectKind {
    /// The name of this kind of object in messages.
    pub fn name(self) -> &'static str {
        match self {
            Root => "document",
            Info => "info",
            Contact => "contact",
            License => "license",
            Server => "server",
            ServerVariable => "server variable",
            Components => "components",
            PathItem => "path",
            Operation => "operation",
            Docs => "externalDocs",
            Parameter => "parameter",
            Body => "request body",
            Media => "media type",
            Response => "response",
            Example => "example",
            Header => "header",
            Tag => "tag",
            Schema => "schema",
            SecurityScheme => "security scheme",
            ErrorCodes => "entry of x-error-codes",
            Pagination => "x-pagination",
            Waiter => "x-waiter",
            Outcome => "x-outcome",
            PasswordRule => "x-password-rule",
        }
    }

    /// The section of `components` that contains the shared objects of this kind. A reference to such an object must
    /// point into this section. `None` if OpenAPI has no such section.
    pub fn section(self) -> Option<&'static str> {
        match self {
            Parameter => Some("parameters"),
            Body => Some("requestBodies"),
            Response => Some("responses"),
            Example => Some("examples"),
            Header => Some("headers"),
            Schema => Some("schemas"),
            SecurityScheme => Some("securitySchemes"),
            _ => None,
        }
    }

    /// The keys that lint accepts in this kind of object.
    pub fn used_keys(self) -> impl Iterator<Item = &'static str> {
        let used = |(.., shape): &&Field| !matches!(shape, Refused(_));
        self.fields().iter().filter(used).map(|(key, ..)| *key)
    }

    /// All keys of this kind of object, including the keys that lint refuses.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Root => ROOT,
            Info => INFO,
            Contact => &[
                ("name", May, Text),
                ("url", May, Text),
                ("email", May, Text),
            ],
            License => &[("name", Must, Text), ("url", May, Text)],
            Server => SERVER,
            ServerVariable => &[
                ("default", Must, Text),
                ("enum", May, Texts),
                ("description", May, Text),
            ],
            Components => COMPONENTS,
            PathItem => PATH_ITEM,
            Operation => OPERATION,
            Docs => &[("url", Must, Text), ("description", Must, Text)],
            Parameter => PARAMETER,
            Body => &[
                ("description", May, Text),
                ("content", Must, Map(Media)),
                ("required", May, Flag),
            ],
            Media => MEDIA,
            Response => RESPONSE,
            Example => EXAMPLE,
            Header => HEADER,
            Tag => &[
                ("name", Must, Text),
                ("description", May, Text),
                ("externalDocs", May, One(Docs)),
            ],
            Schema => SCHEMA,
            SecurityScheme => SECURITY_SCHEME,
            ErrorCodes => &[
                ("codes", Must, Texts),
                ("status", Must, Count),
                ("transient", May, Flag),
                ("advice", Must, Text),
            ],
            Pagination => &[
                ("style", Must, Choice(&["offset", "marker"])),
                ("limit", May, Text),
                ("offset", May, Text),
                ("start", May, Count),
                ("marker", May, Text),
                ("next", May, Text),
                ("items", Must, Text),
                ("total", May, Text),
                ("id", May, Text),
            ],
            Waiter => &[
                ("operation", May, Text),
                ("ids", May, TextMap),
                ("list", May, Text),
                ("key", May, TextMap),
                ("field", Must, Text),
                ("success", May, Scalars),
                ("failure", May, Scalars),
                ("gone", May, Choice(&["success", "failure"])),
                ("interval", May, Count),
                ("settle", May, Count),
            ],
            Outcome => &[
                ("status", Must, Count),
                ("field", Must, Text),
                ("good", Must, Scalars),
                ("message", May, Text),
            ],
            PasswordRule => &[
                ("minLength", Must, Count),
                ("maxLength", Must, Count),
                ("classes", Must, Texts),
                ("specials", May, Text),
                ("minClasses", Must, Count),
            ],
        }
    }
}

const PLAIN: Shape =
    Refused("the generator does not support this key; write the operation by hand in ext.rs");
const ALONE: Shape = Refused("each operation must be complete; write this key in each operation");
const UNTAGGED: Shape = Refused(
    "if several schemas accept a value, the generated code would use the first one, even a wrong one; write one schema with optional fields",
);
const IGNORED: Shape =
    Refused("the generator ignores this key; write separate schemas for requests and answers");

const ROOT: &[Field] = &[
    ("openapi", Must, Text),
    ("info", Must, One(Info)),
    ("servers", Must, List(Server)),
    ("security", Must, Requirements),
    ("tags", Must, List(Tag)),
    ("externalDocs", May, One(Docs)),
    ("paths", Must, Map(PathItem)),
    ("components", May, One(Components)),
    ("x-error-codes", May, List(ErrorCodes)),
];

const INFO: &[Field] = &[
    ("title", Must, Text),
    ("version", Must, Text),
    ("description", May, Text),
    ("termsOfService", May, Text),
    ("contact", May, One(Contact)),
    ("license", May, One(License)),
];

const SERVER: &[Field] = &[
    ("url", Must, Text),
    ("description", May, Text),
    ("variables", May, Map(ServerVariable)),
    ("x-cloud", May, Text),
    ("x-regions", May, Texts),
];

const COMPONENTS: &[Field] = &[
    ("schemas", May, Map(Schema)),
    ("responses", May, Map(Response)),
    ("parameters", May, Map(Parameter)),
    ("examples", May, Map(Example)),
    ("requestBodies", May, Map(Body)),
    ("headers", May, Map(Header)),
    ("securitySchemes", May, Map(SecurityScheme)),
    ("links", May, PLAIN),
    ("callbacks", May, PLAIN),
];

const PATH_ITEM: &[Field] = &[
    ("get", May, One(Operation)),
    ("put", May, One(Operation)),
    ("post", May, One(Operation)),
    ("delete", May, One(Operation)),
    ("patch", May, One(Operation)),
    ("head", May, One(Operation)),
    ("options", May, Refused("no client sends this method")),
    ("trace", May, Refused("no client sends this method")),
    ("$ref", May, PLAIN),
    ("summary", May, ALONE),
    ("description", May, ALONE),
    ("parameters", May, ALONE),
    ("servers", May, PLAIN),
];

/// The keys of an operation, in the order that lint requires.
const OPERATION: &[Field] = &[
    ("operationId", Must, Text),
    ("x-huawei-operation-id", May, Text),
    ("summary", Must, Text),
    ("description", May, Text),
    ("tags", Must, Texts),
    ("externalDocs", May, One(Docs)),
    ("x-page-date", May, Text),
    ("x-source", May, Text),
    ("deprecated", May, Flag),
    ("x-retry", May, Choice(&["safe", "unsafe"])),
    ("x-pagination", May, One(Pagination)),
    ("x-waiter", May, One(Waiter)),
    ("x-outcome", May, One(Outcome)),
    ("x-error-examples", May, Values),
    ("security", May, Requirements),
    ("parameters", May, List(Parameter)),
    ("requestBody", May, One(Body)),
    ("responses", Must, Map(Response)),
    ("callbacks", May, PLAIN),
    ("servers", May, PLAIN),
];

const PARAMETER: &[Field] = &[
    ("name", Must, Text),
    ("in", Must, Text),
    ("description", May, Text),
    ("required", May, Flag),
    ("deprecated", May, Flag),
    ("style", May, Text),
    ("explode", May, Flag),
    ("schema", Must, One(Schema)),
    ("example", May, Any),
    ("examples", May, Map(Example)),
    ("allowEmptyValue", May, PLAIN),
    ("allowReserved", May, PLAIN),
    ("content", May, PLAIN),
];

const MEDIA: &[Field] = &[
    ("schema", May, One(Schema)),
    ("example", May, Any),
    ("examples", May, Map(Example)),
    ("encoding", May, PLAIN),
];

const RESPONSE: &[Field] = &[
    ("description", Must, Text),
    ("headers", May, Map(Header)),
    ("content", May, Map(Media)),
    ("links", May, PLAIN),
];

const EXAMPLE: &[Field] = &[
    ("summary", May, Text),
    ("description", May, Text),
    ("value", Must, Any),
    (
        "externalValue",
        May,
        Refused("lint checks each example, so the example must be in this document"),
    ),
];

const HEADER: &[Field] = &[
    ("description", May, Text),
    ("required", May, Flag),
    ("deprecated", May, Flag),
    ("style", May, Text),
    ("explode", May, Flag),
    ("schema", Must, One(Schema)),
    ("example", May, Any),
    ("examples", May, Map(Example)),
    ("content", May, PLAIN),
];

/// The values that `type` can have in a schema.
pub const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// The formats that a type can have. The other types have no formats.
pub const FORMATS: [(&str, &[&str]); 3] = [
    ("integer", &["int32", "int64"]),
    ("number", &["float", "double"]),
    (
        "string",
        &[
            "password",
            "date",
            "date-time",
            "uuid",
            "uri",
            "email",
            "ipv4",
            "ipv6",
            "byte",
            "binary",
        ],
    ),
];

const SCHEMA: &[Field] = &[
    (
        "title",
        May,
        Refused("the name of the component is its title"),
    ),
    ("type", May, Text),
    ("format", May, Text),
    ("description", May, Text),
    ("allOf", May, List(Schema)),
    ("nullable", May, Flag),
    ("deprecated", May, Flag),
    ("default", May, Any),
    ("example", May, Any),
    ("enum", May, Scalars),
    ("x-enum-varnames", May, Texts),
    ("x-enum-descriptions", May, Texts),
    ("multipleOf", May, Number),
    ("minimum", May, Number),
    ("maximum", May, Number),
    ("exclusiveMinimum", May, Flag),
    ("exclusiveMaximum", May, Flag),
    ("minLength", May, Count),
    ("maxLength", May, Count),
    ("pattern", May, Text),
    ("minItems", May, Count),
    ("maxItems", May, Count),
    ("uniqueItems", May, Flag),
    ("minProperties", May, Count),
    ("maxProperties", May, Count),
    ("required", May, Texts),
    ("properties", May, Map(Schema)),
    ("additionalProperties", May, FlagOr(Schema)),
    ("items", May, One(Schema)),
    ("externalDocs", May, One(Docs)),
    ("x-password-rule", May, One(PasswordRule)),
    ("x-not-secret", May, Text),
    ("oneOf", May, UNTAGGED),
    ("anyOf", May, UNTAGGED),
    ("discriminator", May, UNTAGGED),
    (
        "not",
        May,
        Refused("Rust has no type for this rule; write the rule in the description"),
    ),
    ("readOnly", May, IGNORED),
    ("writeOnly", May, IGNORED),
    ("xml", May, PLAIN),
];

const SECURITY_SCHEME: &[Field] = &[
    ("type", Must, Text),
    ("description", May, Text),
    ("name", May, Text),
    ("in", May, Text),
    ("scheme", May, Text),
    ("bearerFormat", May, Text),
    ("flows", May, PLAIN),
    ("openIdConnectUrl", May, PLAIN),
];
