//! Checks the tables in `from_official_sdk.md`. The tables list the names of each operation in this SDK and in the
//! official SDKs for Python and Go.

use std::fmt::Write as _;
use std::path::Path;

use huaweicloud_core::Operation;

/// Official names of operations for which the official SDKs have no method. The names come from documentation pages. If
/// an official SDK adds such a method, a test in `tests/official` fails.
const ONLY_ON_A_PAGE: [&str; 5] = [
    "BatchDeleteDevicesInGroup",
    "DownloadDevices",
    "SendCustomizeCommand",
    "SyncProductsFromTemplates",
    "SyncTemplateToProducts",
];

/// Converts an official name to the name of the method in the official Python SDK: `ShowDevice` becomes `show_device`.
/// Several capital letters in a row are one word. The methods of the official Go SDK have the official names.
fn python(official: &str) -> String {
    let mut name = String::new();
    let mut before = '_';
    for letter in official.chars() {
        if letter.is_ascii_uppercase() && !before.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
        before = letter;
    }
    name
}

fn table() -> String {
    let mut text = "The tables compare the method names of this crate with the names in the official SDKs for Python and Go. A dash means that the official SDKs do not\n\
        have the operation. In this crate and in the Python SDK, most parameters and fields have the documented names. The Go SDK writes these names in\n\
        camel case, such as `InstanceId` instead of `instance_id`.\n"
        .to_owned();
    macro_rules! services {
        ($($name:literal $module:ident;)*) => {
            [$((stringify!($module), huaweicloud::$module::operations::ALL)),*]
        };
    }
    let services: Vec<(&str, &[&Operation])> = huaweicloud::each_service!(services).into();
    for (module, operations) in services {
        let title = operations[0].service().title();
        write!(
            text,
            "\n# {title}\n\n| this crate | Python | Go |\n|---|---|---|\n"
        )
        .unwrap();
        for operation in operations {
            let (id, official) = (operation.id(), operation.official_id());
            assert!(!official.is_empty(), "{id} has no official name");
            let names = match ONLY_ON_A_PAGE.contains(&official) {
                true => "- | -".to_owned(),
                false => format!("`{}` | `{official}`", python(official)),
            };
            writeln!(
                text,
                "| [`{id}`](crate::{module}::Client::{id}) | {names} |"
            )
            .unwrap();
        }
    }
    text
}

#[test]
fn the_table_of_official_names_is_up_to_date() {
    let path = "../huaweicloud/src/from_official_sdk.md";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let table = table();
    if std::fs::read_to_string(&path).ok().as_ref() != Some(&table) {
        let new = path.with_extension("md.new");
        std::fs::write(&new, &table).unwrap();
        panic!(
            "read the new table in {}, and remove `.new` from the name of the file",
            new.display()
        );
    }
}

#[test]
fn python_names_treat_consecutive_capitals_as_one_word() {
    assert_eq!(python("ShowDevice"), "show_device");
    assert_eq!(python("AssumeAgencyWithOIDC"), "assume_agency_with_oidc");
    assert_eq!(python("KeystoneListProjects"), "keystone_list_projects");
}
