//! Lint's rules for names: reserved names, plurals, names of times and secrets. Other tools use some of these rules.

/// The words that Rust reserves as keywords now or for the future.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a word is a keyword that Rust reserves.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// `Self`, and types, traits, variants and derive macros in Rust's prelude. A generated type must not have such a name.
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

/// Names that generated modules import or define, and names that would mislead readers because of their usual meaning.
const GENERATED: &[&str] = &[
    "ByteStream",
    "Call",
    "CallOptions",
    "Client",
    "Config",
    "Duration",
    "Error",
    "ErrorKind",
    "Flag",
    "Hint",
    "How",
    "List",
    "Map",
    "MaybeInto",
    "Method",
    "Number",
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

/// Whether a component must not have this name, because Rust or the client uses or reserves the name.
pub fn is_taken_type(name: &str) -> bool {
    PRELUDE.contains(&name) || GENERATED.contains(&name)
}

/// The name of the struct with the mandatory fields, such as `CreateDeviceRequired` for `CreateDeviceRequest`.
pub fn required_name(name: &str) -> String {
    name.strip_suffix("Request").unwrap_or(name).to_owned() + "Required"
}

const METHODS: [&str; 6] = [
    "new",
    "with_project",
    "with_region",
    "with_endpoint",
    "session",
    "config",
];

/// Whether an operation must not have this name, because the name is reserved for another method of the clients.
pub fn is_taken_method(name: &str) -> bool {
    METHODS.contains(&name)
}

/// Names that a client crate uses or reserves for other modules, features and files.
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

/// Whether a chapter must not have this name, because each client crate uses or reserves the name for something else.
pub fn is_taken_module(name: &str) -> bool {
    MODULES.contains(&name)
}

/// Names that an enum option must not have. In generated code, `Unknown` is the variant for undocumented values.
const VARIANTS: [&str; 2] = ["Self", "Unknown"];

/// Whether an option of an enum must not have this name, because Rust or the client uses the name.
pub fn is_taken_variant(name: &str) -> bool {
    VARIANTS.contains(&name)
}

/// The reason why a component must not have this name. `None` if the name is allowed.
pub fn component_problem(name: &str) -> Option<&'static str> {
    if !is_pascal(name) {
        return Some("is not PascalCase");
    }
    if is_taken_type(name) {
        return Some("is a name that Rust or the client uses or reserves");
    }
    is_plural(name).then_some("is plural")
}

/// Whether the ending of a name looks like a plural. `Status`, `Address`, `Redis` and `Bias` count as singular.
pub fn is_plural(name: &str) -> bool {
    let singular = [
        "ss", "us", "is", "as", "os", "Https", "Dns", "Tls", "Series",
    ];
    name.ends_with('s') && !singular.iter().any(|ending| name.ends_with(ending))
}

/// Whether a name matches `[A-Z][A-Za-z0-9]*`.
pub fn is_pascal(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Converts a name to snake case. Lint compares such results to find names that clash in generated code.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut lower_before = false;
    for char in name.chars() {
        if char.is_uppercase() && lower_before {
            snake.push('_');
        }
        lower_before = char.is_lowercase() || char.is_ascii_digit();
        if char.is_alphanumeric() {
            snake.extend(char.to_lowercase());
        } else if !snake.ends_with('_') {
            snake.push('_');
        }
    }
    snake.trim_matches('_').to_owned()
}

/// Whether a name suggests a point in time, such as `created_datetime`, `expires_at` or `created_date_start`.
pub fn is_moment(name: &str) -> bool {
    let is_time = |word: &str| matches!(word, "datetime" | "timestamp" | "date");
    name.split('_').any(is_time) || name.rsplit('_').next() == Some("at")
}

/// Whether a name looks like the name of a secret. For example, `no_password_access` does, but `task` and
/// `password_expires_at` do not.
pub fn sounds_secret(name: &str) -> bool {
    let name = snake(name);
    if is_moment(&name) {
        return false;
    }
    let words = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credential",
    ];
    let keys = ["private_key", "app_code", "sign_key", "api_key"];
    let is_short = |word: &str| matches!(word, "sk" | "pwd" | "pin");
    let mut parts = words.iter().chain(&keys);
    parts.any(|part| name.contains(part)) || name.split('_').any(is_short)
}
