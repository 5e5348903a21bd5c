//! One side of a comparison: documents, and the files that they refer to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::git::{self, Commit};
use super::structure;
use transcript::{Document, Finding, Node};

/// Larger than any document that a person could review.
const MAX_BYTES: u64 = 64 << 20;

/// Where a side comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// One OpenAPI file of anybody's.
    File(PathBuf),
    /// The transcripts of a commit.
    Commit(Commit),
    /// The transcripts as they are on disk.
    Disk,
}

/// A document, with the files that its references lead to.
#[derive(Debug)]
pub struct Store {
    /// The document itself.
    pub(super) main: Document,
    others: HashMap<String, Document>,
    /// What is not as it should be, and is compared all the same.
    pub(super) warnings: BTreeSet<String>,
}

impl Store {
    /// A document that refers to no file.
    ///
    /// # Errors
    /// When it is not OpenAPI 3, or something is no mapping or list that must be one.
    pub fn new(main: Document) -> Result<Store> {
        Store::with_files(main, &|_| Err(anyhow!("it stands alone")))
    }

    /// A document, and what it refers to; a file that cannot be read leaves its references without an end.
    fn with_files(main: Document, read: &dyn Fn(&str) -> Result<Vec<u8>>) -> Result<Store> {
        check_version(&main)?;
        let (mut others, mut warnings) = (HashMap::new(), BTreeSet::new());
        let mut queue = files_referred_to(main.root());
        let mut asked = BTreeSet::new();
        while let Some(name) = queue.pop_first() {
            let is_main = main.files().iter().any(|file| file.name == name);
            if is_main || !asked.insert(name.clone()) {
                continue;
            }
            match read(&name).and_then(|bytes| parse("", vec![(name.clone(), bytes)])) {
                Ok(document) => {
                    queue.extend(files_referred_to(document.root()));
                    others.insert(name, document);
                }
                Err(error) => {
                    warnings.insert(format!("{name}: what it has is not compared: {error:#}"));
                }
            }
        }
        let mut store = Store {
            main,
            others,
            warnings,
        };
        let trouble = structure::check(&store);
        if !trouble.errors.is_empty() {
            bail!("{}", trouble.errors.join("\n"));
        }
        store.warnings.extend(trouble.warnings);
        Ok(store)
    }

    /// The document as it is written.
    pub fn value(&self) -> &Value {
        &self.main.value
    }

    /// The other files, by their names as seen from the document.
    pub(super) fn files(&self) -> BTreeMap<String, &Document> {
        let main = self.main.files().first().map(|file| file.name.as_str());
        let folder = main
            .and_then(|name| name.rsplit_once('/'))
            .map(|(folder, _)| folder);
        let folder = folder
            .map(|folder| format!("{folder}/"))
            .unwrap_or_default();
        let names = self.others.iter().map(|(name, document)| {
            let name = name.strip_prefix(&folder).unwrap_or(name);
            (name.to_owned(), document)
        });
        names.collect()
    }

    /// What a reference that stands in `from` leads to, one step.
    pub(super) fn follow<'a>(&'a self, from: Node<'a>, reference: &str) -> Option<Node<'a>> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let document = if file.is_empty() {
            from.document()
        } else {
            let name = beside(&from.place().file, file);
            let is_main = self.main.files().iter().any(|file| file.name == name);
            if is_main {
                &self.main
            } else {
                self.others.get(&name)?
            }
        };
        let fragment = percent_encoding::percent_decode_str(fragment)
            .decode_utf8()
            .ok()?;
        document.root().pointer(&fragment)
    }
}

/// Reads a side: each service by its name, a file as the only one.
pub(super) fn load(root: &Path, origin: &Origin) -> Result<BTreeMap<String, Store>> {
    let mut sides = BTreeMap::new();
    match origin {
        Origin::File(path) => {
            let name = path.display().to_string();
            let main = parse("", vec![(name.clone(), read(path).with_context(|| name)?)])?;
            let beside = |name: &str| read(Path::new(name));
            sides.insert(String::new(), Store::with_files(main, &beside)?);
        }
        Origin::Commit(commit) => {
            let beside = |name: &str| git::file(root, commit, name);
            for (service, files) in services(git::transcripts(root, commit)?) {
                let main = parse(&service, files)?;
                sides.insert(service, Store::with_files(main, &beside)?);
            }
        }
        Origin::Disk => {
            let beside = |name: &str| read(&root.join(name));
            for (service, files) in services(on_disk(root)?) {
                let main = parse(&service, files)?;
                sides.insert(service, Store::with_files(main, &beside)?);
            }
        }
    }
    Ok(sides)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let about = std::fs::metadata(path).context("cannot be read")?;
    if !about.is_file() || about.len() > MAX_BYTES {
        bail!("is no file, or larger than {} MiB", MAX_BYTES >> 20);
    }
    std::fs::read(path).context("cannot be read")
}

fn on_disk(root: &Path) -> Result<Files> {
    let mut files = Vec::new();
    for service in transcript::services(root)? {
        let (own, findings) = transcript::files::of_service(root, &service);
        if !findings.is_empty() {
            bail!("{}", lines(&findings));
        }
        files.extend(own);
    }
    Ok(files)
}

type Files = Vec<(String, Vec<u8>)>;

/// The files by service, `service.yaml` first, as the loader of the transcripts has them.
fn services(files: Files) -> BTreeMap<String, Files> {
    let mut services: BTreeMap<String, Files> = BTreeMap::new();
    for (name, bytes) in files {
        if let Some(service) = name.split('/').nth(1) {
            services
                .entry(service.to_owned())
                .or_default()
                .push((name, bytes));
        }
    }
    for files in services.values_mut() {
        files.sort_by_key(|(name, _)| (!name.ends_with("/service.yaml"), name.clone()));
    }
    services
}

fn parse(service: &str, files: Files) -> Result<Document> {
    Document::foreign(service, files).map_err(|findings| anyhow!("{}", lines(&findings)))
}

fn lines(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    lines.join("\n")
}

fn check_version(document: &Document) -> Result<()> {
    let root = document.root();
    let place = root.place();
    if root.get("swagger").is_some() {
        bail!(
            "{place}: this is Swagger 2; convert it to OpenAPI 3 first (for example with swagger2openapi)"
        );
    }
    match root.get("openapi").map(|version| version.value) {
        Some(Value::String(version)) if version.starts_with("3.") => Ok(()),
        Some(version) => {
            bail!("{place}: `openapi: {version}` is not known; write 3.0.x or 3.1.x as a text")
        }
        None => bail!("{place}: this is not OpenAPI: at the top there is no `openapi: 3.0.3`"),
    }
}

/// The files that the references of a document name; addresses of the network are none.
fn files_referred_to(root: Node<'_>) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let mut queue = vec![root];
    while let Some(node) = queue.pop() {
        let file = node
            .text("$ref")
            .map(|reference| reference.split('#').next().unwrap_or_default());
        if let Some(file) = file.filter(|file| !file.is_empty() && !file.contains("://")) {
            files.insert(beside(&node.place().file, file));
        }
        queue.extend(node.items());
        queue.extend(node.entries().map(|(_, node)| node));
    }
    files
}

/// The name of a file that another one refers to: `a/b.yaml` and `../c.yaml` make `c.yaml`.
fn beside(from: &str, file: &str) -> String {
    let file = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
    let folder = from.rsplit_once('/').map(|(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    let rooted = file.starts_with('/');
    let folder = folder
        .filter(|_| !rooted)
        .into_iter()
        .flat_map(|folder| folder.split('/'));
    for part in folder.chain(file.split('/').skip(usize::from(rooted))) {
        match part {
            "." => {}
            ".." if parts
                .last()
                .is_some_and(|last| *last != ".." && !last.is_empty()) =>
            {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if rooted { format!("/{path}") } else { path }
}
