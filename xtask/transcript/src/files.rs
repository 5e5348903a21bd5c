//! Reads the OpenAPI YAML files of a service from the disk. A chapter has one file, or a folder of files.

use std::fs;
use std::path::Path;

use crate::{FOLDER, Finding, Place};

/// A list of files: the path (relative to the workspace root) and the content of each file.
type Files = Vec<(String, Vec<u8>)>;

/// Returns whether a path can be a file of a transcript: `openapi/<service>/<chapter>.yaml` or
/// `openapi/<service>/<chapter>/<resource>.yaml`.
pub fn is_transcript(name: &str) -> bool {
    let below = name.strip_prefix(FOLDER).unwrap_or_default();
    below.ends_with(".yaml") && matches!(below.matches('/').count(), 2 | 3)
}

/// Returns the YAML files of a service, and the problems of its files and folders. `service.yaml` is the first file.
pub fn of_service(root: &Path, service: &str) -> (Files, Vec<Finding>) {
    let folder = format!("{FOLDER}/{service}");
    let mut reader = Reader {
        root,
        files: Vec::new(),
        findings: Vec::new(),
    };
    reader.folder(&folder, None);
    let head = format!("{folder}/service.yaml");
    let is_head = |name: &String| *name == head;
    let files = &mut reader.files;
    files.sort_by_key(|(name, _)| (!is_head(name), name.clone()));
    let mut named = reader.findings.iter().map(|finding| &finding.place.file);
    if reader.files.first().is_none_or(|(name, _)| !is_head(name))
        && !named.any(|name| *name == folder || *name == head)
    {
        let help = "write it (openapi/README.md describes it), or remove the folder";
        reader.refuse(&head, "the service has no service.yaml", help);
    }
    let findings = &mut reader.findings;
    findings.sort_by(|one, two| one.place.file.cmp(&two.place.file));
    (reader.files, reader.findings)
}

struct Reader<'a> {
    root: &'a Path,
    files: Files,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// Reads the folder of a service, or the folder of a chapter if `chapter` is `Some`.
    fn folder(&mut self, folder: &str, chapter: Option<&str>) {
        let listed = fs::read_dir(self.root.join(folder)).and_then(Iterator::collect);
        let entries: Vec<fs::DirEntry> = match listed {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        let before = self.files.len() + self.findings.len();
        for entry in entries {
            self.entry(folder, chapter, &entry);
        }
        if chapter.is_some() && self.files.len() + self.findings.len() == before {
            let help = "write a YAML file for each resource, or remove the folder";
            self.refuse(folder, "the chapter's folder is empty", help);
        }
    }

    fn entry(&mut self, folder: &str, chapter: Option<&str>, entry: &fs::DirEntry) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        let lower = name.to_ascii_lowercase();
        let is_yaml = [".yaml", ".yml"].iter().any(|end| lower.ends_with(end));
        let is_folder = entry.path().is_dir();
        let is_link = entry.path().is_symlink() && (is_yaml || is_folder);
        if name.ends_with(".yaml") && !is_link {
            return match read_regular(&entry.path()) {
                Ok(bytes) => self.files.push((path, bytes)),
                Err(error) => self.unreadable(&path, &error),
            };
        }
        let (message, help) = match chapter {
            _ if is_link => (
                "a YAML file or folder must not be a symbolic link",
                "put the file or folder itself here: git stores only the path that a link points to",
            ),
            _ if is_yaml => (
                "the file name does not end in .yaml, so the file would be ignored",
                "change the end of the name to .yaml",
            ),
            // Editors and file managers create hidden files and folders. `Reader` ignores them if no arm above applies.
            _ if name.starts_with('.') => return,
            None if is_folder => return self.chapter(folder, &name),
            None => return,
            Some(_) if is_folder => (
                "a chapter's folder must not contain folders",
                "move the files of the inner folder to the folder of the chapter",
            ),
            Some(_) => (
                "a chapter's folder must contain only YAML files",
                "if the file belongs to the chapter, change the end of its name to .yaml; otherwise, move it to another folder",
            ),
        };
        self.refuse(&path, message, help);
    }

    fn chapter(&mut self, service: &str, name: &str) {
        let folder = format!("{service}/{name}");
        let file = format!("{folder}.yaml");
        if matches!(name, "service" | "common" | "errors") {
            let message = format!("`{name}` is not a chapter, so it must not be a folder");
            return self.refuse(&folder, message, format!("write it as one file, {file}"));
        }
        if self.root.join(&file).exists() {
            let message = format!("the chapter `{name}` is a file and a folder");
            let help = format!("move {file} into the folder, and give it the name of its resource");
            let place = Place::top(file);
            let finding = Finding::new("unreadable-file", place, message, help);
            self.findings
                .push(finding.and(Place::top(&folder), "the folder"));
        }
        self.folder(&folder, Some(name));
    }

    fn unreadable(&mut self, name: &str, error: &std::io::Error) {
        let message = format!("cannot read this path: {error}");
        self.refuse(name, message, "make it readable, or remove it");
    }

    fn refuse(&mut self, name: &str, message: impl Into<String>, help: impl Into<String>) {
        let place = Place::top(name);
        let finding = Finding::new("unreadable-file", place, message, help);
        self.findings.push(finding);
    }
}

/// Reads a regular file. Refuses pipes and devices, because a read from them might not end.
pub(super) fn read_regular(path: &Path) -> std::io::Result<Vec<u8>> {
    match fs::metadata(path)?.is_file() {
        true => fs::read(path),
        false => Err(std::io::Error::other("it is not a regular file")),
    }
}
