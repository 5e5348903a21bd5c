//! `new-operation`: adds an operation with TODOs to a file of its chapter.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::{insert, judged, names, page, route};
use audit::draft::{self, yaml};
use audit::matching;
use report::files;
use report::findings::load;
use report::terminal::{Outcome, Terminal};
use report::terminal::{command, state};
use transcript::Document;

/// The arguments of the verb.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Service, by its folder name.
    service: String,
    /// GET, PUT, POST, DELETE, PATCH or HEAD.
    method: String,
    /// Path template, as on the page.
    path: String,
    /// Our name of the operation, in snake_case [default: made from method and path].
    #[arg(long)]
    id: Option<String>,
    /// Chapter; a new chapter gets a new file [default: that of a path that ends like PATH, or of a similar path].
    #[arg(long)]
    chapter: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// If an argument is invalid, the operation exists, a file cannot be read or written, or lint refuses the result.
pub fn run(root: &Path, wanted: &Arguments, terminal: &mut Terminal<'_>) -> Result<Outcome> {
    transcript::select(root, std::slice::from_ref(&wanted.service))?;
    let documents = [load(root, &wanted.service)?];
    let (method, path) = route(&wanted.method, &wanted.path)?;
    if let Some((document, operation)) = matching::find(&documents, &method, path) {
        let id = operation.id().unwrap_or_default();
        bail!(
            "{method} {path} already exists, as {id} in {}",
            document.place(&operation.pointer)
        );
    }
    let (id, chapter) = (wanted.id.as_deref(), wanted.chapter.as_deref());
    chapter.map_or(Ok(()), |name| names::kebab(name, "chapter"))?;
    let [document] = &documents;
    let page = page(&method, path);
    let (chapter, made) = draft::skeleton(document, &page, id, chapter);
    let file = draft::file_of(document, &chapter, path);
    let changed = changed(document, &chapter, file, &made);
    let mut texts: Vec<(String, String)> = document
        .files()
        .iter()
        .filter(|file| !changed.iter().any(|(name, _)| *name == file.name))
        .map(|file| (file.name.clone(), file.text.clone()))
        .collect();
    texts.extend(changed.iter().cloned());
    texts.sort_by_key(|(name, _)| (!name.ends_with("/service.yaml"), name.clone()));
    judged(&wanted.service, texts, &lint::lint(document))?;
    for (name, text) in &changed {
        files::write(&root.join(name), text).with_context(|| format!("cannot write {name}"))?;
        state(terminal.out, terminal.styles.heading, "Wrote", name)?;
    }
    terminal.out.flush()?;
    if changed.len() > 1 {
        writeln!(
            terminal.err,
            "{chapter} is a new chapter: in crates/{}/Cargo.toml add the feature `{chapter} = []`, and add `{chapter}` to `default`",
            wanted.service
        )?;
    }
    writeln!(
        terminal.err,
        "replace every TODO in the written files, then run: {}",
        command(root, ["generate", &wanted.service])
    )?;
    Ok(Outcome::Fine)
}

/// Returns the file `name` with the skeleton. If the file is new, also returns `service.yaml` with the chapter's tag.
fn changed(
    document: &Document,
    chapter: &str,
    name: String,
    made: &Map<String, Value>,
) -> Vec<(String, String)> {
    let known = document.files().iter().find(|file| file.name == name);
    let text = with_skeleton(known.map_or("", |file| file.text.as_str()), made);
    let mut changed = vec![(name, text)];
    let head = document
        .files()
        .iter()
        .find(|file| file.stem() == "service");
    if let (None, Some(head)) = (known, head) {
        let tag =
            format!("  - name: {chapter}\n    description: 'TODO: what the chapter is about.'\n");
        changed.push((
            head.name.clone(),
            insert::at_end(&head.text, &["tags"], &tag),
        ));
    }
    changed
}

/// Returns the text of a file with the skeleton. Adds each operation and component at the end of its mapping.
pub fn with_skeleton(text: &str, made: &Map<String, Value>) -> String {
    let mut text = text.to_owned();
    let entries = |value: Option<&Value>| {
        value
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    for section in ["paths", "components"] {
        for (key, part) in entries(made.get(section)) {
            let mut lines = String::new();
            yaml::mapping(&mut lines, &entries(Some(&part)), 2);
            text = insert::at_end(&text, &[section, &key], &lines);
        }
    }
    text
}
