//! Runs progenitor over a lowered document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow};
use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle};
use schemars::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use super::code::Code;
use crate::model::{Api, Kind};

/// Generates types and methods in positional style.
///
/// # Errors
///
/// When progenitor refuses the document or panics on it: in both cases lint
/// has a gap, because it should have named the construct and its place.
pub fn run(api: &Api, lowered: &Value) -> Result<Code> {
    let spec: OpenAPI = serde_json::from_value(lowered.clone())
        .with_context(|| format!("{}: the lowered document is not OpenAPI 3.0", api.service))?;
    let settings = settings(api);
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&spec)
    }))
    .map_err(|_| {
        anyhow!(
            "{}: progenitor panicked on a document that lint passed",
            api.service
        )
    })?
    .with_context(|| {
        format!(
            "{}: progenitor refused a document that lint passed",
            api.service
        )
    })?;
    let file = syn::parse2(tokens).context("progenitor's output is not Rust")?;
    Code::take_apart(file).with_context(|| api.service.clone())
}

fn settings(api: &Api) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap");
    let password = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some("password".to_owned()),
        ..SchemaObject::default()
    };
    settings.with_conversion(password, "huaweicloud_core::Secret", std::iter::empty());
    for schema in api.schemas.values() {
        if let Kind::Enumeration(_) = schema.kind {
            // A bare name: every chapter's module imports the enums.
            settings.with_replacement(&schema.name, &schema.name, std::iter::empty());
        }
    }
    settings
}
