//! Writes the lists of all services. Three crates contain such a list.

use std::fmt::Write as _;

use heck::ToPascalCase;

const HEADER: &str =
    "// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.\n\n";

/// A file with a list of all services.
pub struct List {
    /// The folder of the crate, relative to the workspace root.
    pub package: &'static str,
    /// The path of the file, relative to the workspace root.
    pub path: &'static str,
    /// The content of the file.
    pub content: String,
}

/// Returns the files with the lists. `services` must be sorted.
pub fn lists(services: &[String]) -> [List; 3] {
    [
        List {
            package: "crates/huaweicloud",
            path: "crates/huaweicloud/src/services.rs",
            content: facade(services),
        },
        List {
            package: "crates/config",
            path: "crates/config/src/services.rs",
            content: names(services),
        },
        List {
            package: "crates/sandbox",
            path: "crates/sandbox/src/services.rs",
            content: sandbox(services),
        },
    ]
}

/// Returns code with a re-export for each service, and with a macro that lists the services for tests.
fn facade(services: &[String]) -> String {
    let mut text = format!("//! One module for each service.\n{HEADER}");
    let mut rows = String::new();
    for service in services {
        let module = service.replace('-', "_");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "#[cfg(feature = \"{service}\")]");
        let _ = writeln!(
            text,
            "#[doc(inline)]\npub use huaweicloud_{module} as {module};"
        );
        let _ = writeln!(rows, "            \"{service}\" {module};");
    }
    text + "\n/// Calls a macro with one row for each service: `\"name\" module;`. All modules exist only if all features are on.
#[doc(hidden)]
#[macro_export]
macro_rules! each_service {
    ($then:ident) => {
        $then! {
"
        + &rows
        + "        }\n    };\n}\n"
}

fn names(services: &[String]) -> String {
    let count = services.len();
    let mut text = format!(
        "//! The names of the services that have clients.\n{HEADER}/// For each service, sorted: its name, the variable with its address, and its name in the official SDKs.\npub(crate) const SERVICES: [(&str, &str, &str); {count}] = [\n"
    );
    for service in services {
        let upper = service.to_uppercase();
        let variable = format!("HUAWEICLOUD_ENDPOINT_{}", upper.replace('-', "_"));
        // The first word of a folder's name is the official service name. The other words name a part of the service.
        let official = upper.split('-').next().unwrap_or(&upper);
        let _ = writeln!(text, "    (\"{service}\", \"{variable}\", \"{official}\"),");
    }
    text + "];\n"
}

/// Returns code with an enum of services, and with a struct of their addresses.
fn sandbox(services: &[String]) -> String {
    let mut text =
        format!("//! The services that the sandbox implements.\n{HEADER}use serde::Serialize;\n\n");
    let metadata = "metadata".to_owned();
    let all: Vec<&String> = services.iter().chain([&metadata]).collect();
    let (mut variants, mut names, mut documents) = (String::new(), String::new(), String::new());
    let (mut constants, mut fields, mut made) = (String::new(), String::new(), String::new());
    for service in &all {
        let (variant, module) = (service.to_pascal_case(), service.replace('-', "_"));
        let (what, document) = match *service == &metadata {
            true => (
                "The metadata service of a server or a container.".to_owned(),
                "include_str!(\"metadata.json\")".to_owned(),
            ),
            false => (
                format!("The service `{service}`."),
                format!("huaweicloud_{module}::OPENAPI"),
            ),
        };
        let _ = writeln!(variants, "    /// {what}\n    {variant},");
        let _ = writeln!(constants, "        Self::{variant},");
        let _ = writeln!(names, "            Self::{variant} => \"{service}\",");
        let _ = writeln!(documents, "            Self::{variant} => {document},");
        let _ = writeln!(
            fields,
            "    /// Base address of `{service}`, such as `http://127.0.0.1:41234`.\n    pub {module}: String,"
        );
        let _ = writeln!(made, "            {module}: address(Service::{variant}),");
    }
    let count = all.len();
    let _ = write!(
        text,
        "/// A service that the sandbox implements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Service {{
{variants}}}

impl Service {{
    /// All services in alphabetical order, and then the metadata service.
    pub const ALL: [Self; {count}] = [
{constants}    ];

    /// The name in kebab-case.
    pub fn name(self) -> &'static str {{
        match self {{
{names}        }}
    }}

    /// The API document, OpenAPI 3.0 as JSON.
    pub(crate) fn document(self) -> &'static str {{
        match self {{
{documents}        }}
    }}
}}

/// The base address of each service.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Addresses {{
{fields}}}

impl Addresses {{
    pub(crate) fn new(mut address: impl FnMut(Service) -> String) -> Self {{
        Self {{
{made}        }}
    }}
}}
"
    );
    text
}
