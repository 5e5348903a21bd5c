//! Names that Rust or the generated code has taken. Lint refuses them, and the generator relies on that.

/// Words that Rust reserves, now or later.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether Rust reserves the word.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// What the prelude brings into every module: a type of that name hides it from the generated code.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// What generated modules import or define, and what their readers take for granted.
const GENERATED: &[&str] = &[
    "ByteStream",
    "Call",
    "CallOptions",
    "Client",
    "Config",
    "Duration",
    "Error",
    "ErrorKind",
    "Hint",
    "Map",
    "Method",
    "Operation",
    "ProvideCredential",
    "Request",
    "Response",
    "ResponseValue",
    "Retry",
    "RetryPolicy",
    "Secret",
    "Server",
    "Service",
    "Session",
    "Value",
];

/// Whether no component may be called so: Rust or the client has a type or trait of that name.
pub fn is_taken_type(name: &str) -> bool {
    PRELUDE.contains(&name) || GENERATED.contains(&name)
}

/// Methods that every client has.
const METHODS: [&str; 6] = [
    "new",
    "with_project",
    "with_region",
    "with_endpoint",
    "session",
    "config",
];

/// Whether no operation may be called so: every client has a method of that name.
pub fn is_taken_method(name: &str) -> bool {
    METHODS.contains(&name)
}

/// Modules that a service crate has besides its chapters, and features that it has anyway.
const MODULES: [&str; 18] = [
    "client",
    "common",
    "default",
    "each-operation",
    "each-type",
    "enums",
    "error",
    "errors",
    "ext",
    "full",
    "generated",
    "lib",
    "operations",
    "schemars",
    "serde-full",
    "service",
    "shared",
    "types",
];

/// Whether no chapter may be called so: a service crate has a module or feature of that name.
pub fn is_taken_module(name: &str) -> bool {
    MODULES.contains(&name)
}

/// `Unknown` is the variant that keeps a value which the server invents later.
const VARIANTS: [&str; 2] = ["Self", "Unknown"];

/// Whether no option may be called so: Rust or the client has a use for the name.
pub fn is_taken_variant(name: &str) -> bool {
    VARIANTS.contains(&name)
}
