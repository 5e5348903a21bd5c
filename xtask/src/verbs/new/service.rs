//! `new-service`: adds a transcript (a folder of OpenAPI YAML files) and a crate. The new service has one operation.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use heck::{ToPascalCase, ToTitleCase};

use super::operation::with_skeleton;
use super::{judged, names, page};
use crate::verbs::generate;
use audit::draft;
use report::files;
use report::terminal::{Outcome, Terminal};
use report::terminal::{command, state};
use transcript::Document;

/// The files of a new crate that are not generated, with their templates.
const CRATE: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("templates/Cargo.toml.txt")),
    ("README.md", include_str!("templates/README.md.txt")),
    ("build.rs", include_str!("templates/build.rs.txt")),
    ("src/lib.rs", include_str!("templates/lib.rs.txt")),
];

/// Runs the verb.
///
/// # Errors
/// If the service or its crate already exists, an argument is invalid, or a file cannot be written.
pub fn run(
    root: &Path,
    name: &str,
    title: Option<&str>,
    chapter: &str,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome> {
    names::service(name)?;
    names::kebab(chapter, "chapter")?;
    title.map_or(Ok(()), names::title)?;
    for folder in ["openapi", "crates"] {
        if root.join(folder).join(name).exists() {
            bail!("{folder}/{name} already exists, and is unchanged");
        }
    }
    let title = title.map_or_else(|| name.to_title_case(), |title| title.trim().to_owned());
    let transcripts = transcripts(name, &title, chapter)?;
    let stage = tempfile::Builder::new()
        .prefix(".new-service-")
        .tempdir_in(root)
        .context("cannot write into the workspace")?;
    for (file, text) in &transcripts {
        files::write(&stage.path().join(file), text)
            .with_context(|| format!("cannot write {file}"))?;
    }
    write_crate(root, stage.path(), name, &title, chapter)?;
    settle(stage.path(), root, name)?;
    for folder in ["openapi", "crates"] {
        state(
            terminal.out,
            terminal.styles.heading,
            "Made",
            &format!("{folder}/{name}"),
        )?;
    }
    terminal.out.flush()?;
    write!(terminal.err, "{}", remaining(root, name))?;
    Ok(Outcome::Fine)
}

/// Returns the names and the texts of the three YAML files. Except for the TODOs, the files pass lint.
fn transcripts(name: &str, title: &str, chapter: &str) -> Result<Vec<(String, String)>> {
    let fill = |template: &str| {
        template
            .replace("{name}", name)
            .replace("{title}", &draft::yaml::scalar(title))
            .replace("{chapter}", chapter)
            .replace("{error}", &format!("{}Error", name.to_pascal_case()))
    };
    let file = |stem: &str| format!("openapi/{name}/{stem}.yaml");
    let mut texts = vec![
        (
            file("service"),
            fill(include_str!("templates/service.yaml")),
        ),
        (file("common"), fill(include_str!("templates/common.yaml"))),
    ];
    let files = texts
        .iter()
        .map(|(name, text)| (name.clone(), text.clone().into_bytes()));
    let Ok(document) = Document::from_files(name, files.collect()) else {
        bail!("the title `{title}` cannot be written into a transcript; choose another");
    };
    let path = format!("/v1/{{project_id}}/{chapter}/{{id}}");
    let (_, made) = draft::skeleton(&document, &page("GET", &path), None, Some(chapter));
    texts.push((file(chapter), with_skeleton("", &made)));
    judged(name, texts.clone(), &[])?;
    Ok(texts)
}

fn write_crate(root: &Path, stage: &Path, name: &str, title: &str, chapter: &str) -> Result<()> {
    let folder = stage.join("crates").join(name);
    for (file, template) in CRATE {
        let text = template
            .replace("{name}", name)
            .replace("{title}", &title.replace(['"', '\\', '\n'], " "))
            .replace("{chapter}", chapter);
        files::write(&folder.join(file), &text).with_context(|| format!("cannot write {file}"))?;
    }
    // A package contains copies of the licence files, because symbolic links do not work on every operating system.
    for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
        if let Ok(text) = fs::read_to_string(root.join(file)) {
            files::write(&folder.join(file), &text)
                .with_context(|| format!("cannot write {file}"))?;
        }
    }
    let generated = match generate::in_memory(stage, &[name.to_owned()])? {
        Ok(generated) => generated,
        Err(findings) => bail!("lint refuses the skeleton: {findings:?}"),
    };
    for file in generated.into_iter().flat_map(|service| service.files) {
        files::write(&folder.join(&file.path), &file.content)
            .with_context(|| format!("cannot write {}", file.path))?;
    }
    Ok(())
}

/// Moves the transcript and the crate to their final folders. If the second move fails, undoes the first move.
fn settle(stage: &Path, root: &Path, name: &str) -> Result<()> {
    let transcript = root.join("openapi").join(name);
    let package = root.join("crates").join(name);
    for folder in ["openapi", "crates"] {
        fs::create_dir_all(root.join(folder)).with_context(|| format!("cannot make {folder}"))?;
    }
    fs::rename(stage.join("openapi").join(name), &transcript)
        .with_context(|| format!("cannot make openapi/{name}"))?;
    if let Err(error) = fs::rename(stage.join("crates").join(name), &package) {
        fs::rename(&transcript, stage.join("openapi").join(name))
            .context("cannot move the new transcript back")?;
        return Err(error).with_context(|| format!("cannot make crates/{name}"));
    }
    Ok(())
}

/// Describes the edits that the user makes by hand. The verb does not change manifests that people maintain.
fn remaining(root: &Path, name: &str) -> String {
    format!(
        "three manifests are left to edit by hand:
  Cargo.toml                       huaweicloud-{name} = {{ version = \"0.1.0\", path = \"crates/{name}\", default-features = false }}
  crates/huaweicloud/Cargo.toml    {name} = [\"dep:huaweicloud-{name}\", \"huaweicloud-{name}/default\"], the optional dependency, and the entries in `default`, `serde-full` and `schemars`
  crates/sandbox/Cargo.toml        huaweicloud-{name}.workspace = true
replace every TODO in openapi/{name}, then run: {}
",
        command(root, ["generate", name])
    )
}
