//! The list of services, for the crates that name them all.

use std::fmt::Write as _;

const HEADER: &str =
    "// Written by `cargo xtask generate` from the folders below `openapi/`. Do not edit.\n\n";

/// A list of all services, for one crate.
pub struct List {
    /// The folder of the crate, relative to the workspace root.
    pub package: &'static str,
    /// The file, relative to the workspace root.
    pub path: &'static str,
    /// The text of the file.
    pub content: String,
}

/// The lists of these services, which are sorted.
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
            content: documents(services),
        },
    ]
}

/// A module a service, and a macro for tests that ask something of each service.
fn facade(services: &[String]) -> String {
    let mut text = format!("//! The services, a module each.\n{HEADER}");
    let mut rows = String::new();
    for service in services {
        let module = service.replace('-', "_");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "#[cfg(feature = \"{service}\")]");
        let _ = writeln!(text, "pub use huaweicloud_{module} as {module};");
        let _ = writeln!(rows, "            \"{service}\" {module};");
    }
    text + "\n/// Calls a macro with all services: `\"name\" module;` for each. Only if all features are on do all modules exist.
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
        // The first word of a folder's name is the name of the service, the others name a part of it.
        let official = upper.split('-').next().unwrap_or(&upper);
        let _ = writeln!(text, "    (\"{service}\", \"{variable}\", \"{official}\"),");
    }
    text + "];\n"
}

fn documents(services: &[String]) -> String {
    let count = services.len();
    let mut text = format!(
        "//! The documents of the services, as their clients have them.\n{HEADER}/// Name and OpenAPI document of each service, sorted by name.\npub(crate) static DOCUMENTS: [(&str, &str); {count}] = [\n"
    );
    for service in services {
        let module = service.replace('-', "_");
        let _ = writeln!(text, "    (\"{service}\", huaweicloud_{module}::OPENAPI),");
    }
    text + "];\n"
}
