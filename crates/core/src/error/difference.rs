//! Finds the differences between the canonical request of this SDK and the canonical request of the gateway. A
//! canonical request is a string with the signed parts of a request.
//!
//! Some gateways answer a refused signature with their own canonical request. Their answer contains `|` in place of
//! each line feed.

use crate::secret::Secret;
use std::fmt;

/// The string before the canonical request in the gateway's message.
const MARK: &str = "canonicalRequest:";

/// The largest number of lines that are read from the message. No canonical request has so many lines.
const MOST_LINES: usize = 100;

/// The signed headers that contain no secrets. For all other headers, only the name is kept.
const HARMLESS: [&str; 7] = [
    "content-type",
    "host",
    "x-domain-id",
    "x-project-id",
    "x-sdk-content-sha256",
    "x-sdk-content-sm3",
    "x-sdk-date",
];

/// The canonical request that the client signed. If the gateway refuses the request, the client compares this string
/// with the gateway's canonical request.
pub(crate) struct Signed {
    /// The canonical request. If the request has a security token, the canonical request contains the token.
    pub canonical: Secret,
    /// The correction of this machine's clock, in seconds, at the time of the signature.
    pub clock_offset: i64,
}

/// A line of a canonical request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CanonicalLine {
    /// The HTTP method.
    Method,
    /// The path of the URL.
    Path,
    /// The query string.
    Query,
    /// A signed header. The string is the header's name in lower case.
    Header(String),
    /// The line with the names of the signed headers.
    SignedHeaders,
    /// The hash of the request body.
    BodyHash,
}

/// A line that differs between the client's canonical request and the gateway's canonical request.
///
/// `Display` and `Debug` show only the name of the line, because a query can contain secret values.
/// [`ours`](Self::ours) and [`theirs`](Self::theirs) return the content of the line.
#[derive(Clone, PartialEq, Eq)]
pub struct LineDifference {
    line: CanonicalLine,
    ours: Option<Secret>,
    theirs: Option<Secret>,
}

impl LineDifference {
    /// Returns the name of the line.
    pub fn line(&self) -> &CanonicalLine {
        &self.line
    }

    /// Returns the content of the line in the client's canonical request. Returns `None` if the client signed no such
    /// line.
    ///
    /// If the line is a header that can contain a secret, the result is also `None`.
    pub fn ours(&self) -> Option<&str> {
        self.ours.as_ref().map(Secret::expose)
    }

    /// Returns the content of the line in the gateway's canonical request. Returns `None` if the gateway sent no such
    /// line.
    ///
    /// If the line is a header that can contain a secret, the result is also `None`.
    pub fn theirs(&self) -> Option<&str> {
        self.theirs.as_ref().map(Secret::expose)
    }

    fn new(line: &CanonicalLine, ours: Option<&str>, theirs: Option<&str>) -> Self {
        let shown = match line {
            CanonicalLine::Header(name) => HARMLESS.contains(&name.as_str()),
            _ => true,
        };
        let keep = |text: Option<&str>| text.filter(|_| shown).map(Secret::new);
        Self {
            line: line.clone(),
            ours: keep(ours),
            theirs: keep(theirs),
        }
    }
}

impl fmt::Display for LineDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.line, f)
    }
}

impl fmt::Debug for LineDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LineDifference({})", self.line)
    }
}

/// A header name that the SDK never signs is not shown, because a server wrote the name.
impl fmt::Display for CanonicalLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("method"),
            Self::Path => f.write_str("path"),
            Self::Query => f.write_str("query"),
            Self::Header(name) if is_ours(name) => write!(f, "header {name}"),
            Self::Header(_) => f.write_str("header that the client did not sign"),
            Self::SignedHeaders => f.write_str("list of signed headers"),
            Self::BodyHash => f.write_str("hash of the body"),
        }
    }
}

impl fmt::Debug for CanonicalLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CanonicalLine({self})")
    }
}

fn is_ours(name: &str) -> bool {
    name == "x-security-token" || HARMLESS.contains(&name)
}

/// Compares the signed canonical request with the canonical request in the gateway's message. Returns `None` if the
/// message contains no canonical request.
pub(super) fn difference(ours: &str, message: &str) -> Option<Vec<LineDifference>> {
    let (_, echoed) = message.split_once(MARK)?;
    let theirs = echoed.trim().split(['|', '\n']).take(MOST_LINES);
    let (ours, theirs) = (Lines::parse(ours.split('\n')), Lines::parse(theirs));
    let changed = ours.list.iter().filter_map(|(line, value)| {
        let other = theirs.value(line);
        let missing = other.is_none() && !theirs.whole;
        (other != Some(value) && !missing).then(|| LineDifference::new(line, Some(value), other))
    });
    let added = theirs
        .list
        .iter()
        .filter(|(line, _)| ours.value(line).is_none());
    let added = added.map(|(line, value)| LineDifference::new(line, None, Some(value)));
    Some(changed.chain(added).collect())
}

/// A canonical request, split into its lines.
struct Lines<'a> {
    list: Vec<(CanonicalLine, &'a str)>,
    /// Whether the canonical request is complete. Gateways cut long messages.
    whole: bool,
}

impl<'a> Lines<'a> {
    fn parse(mut lines: impl Iterator<Item = &'a str>) -> Self {
        let mut list = Vec::new();
        for line in [
            CanonicalLine::Method,
            CanonicalLine::Path,
            CanonicalLine::Query,
        ] {
            list.extend(
                lines
                    .next()
                    .filter(|text| !is_cut(text))
                    .map(|text| (line, text)),
            );
        }
        // An empty line follows the last header.
        let headers = lines.by_ref().take_while(|line| !line.is_empty());
        list.extend(headers.filter_map(header));
        let names = lines
            .next()
            .map(|text| (CanonicalLine::SignedHeaders, text));
        let hash = lines
            .next()
            .map(|text| (CanonicalLine::BodyHash, word(text)));
        let whole = hash.is_some();
        if !whole {
            // The message was cut, so the last header can be incomplete.
            list.pop_if(|(line, _)| matches!(line, CanonicalLine::Header(_)));
        }
        list.extend(names.into_iter().chain(hash));
        Self { list, whole }
    }

    fn value(&self, line: &CanonicalLine) -> Option<&'a str> {
        let found = self.list.iter().find(|(known, _)| known == line);
        found.map(|(_, value)| *value)
    }
}

fn header(line: &str) -> Option<(CanonicalLine, &str)> {
    let (name, value) = line.split_once(':')?;
    Some((CanonicalLine::Header(name.to_ascii_lowercase()), value))
}

/// Returns whether the line consists of dots. Gateways write dots in place of the part that they cut.
fn is_cut(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'.')
}

/// Returns the hash at the start of the line. The gateway's message can continue after the hash.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "GET\n/v2/x/\nlimit=1\nhost:a\nx-sdk-date:20240102T030405Z\nx-security-token:hunter2\n\nhost;x-sdk-date;x-security-token\nabc";

    fn compare(echo: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let found = difference(OURS, &format!("verify fail, canonicalRequest:{echo}")).unwrap();
        assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
        let owned = |text: Option<&str>| text.map(str::to_owned);
        found
            .iter()
            .map(|line| (line.to_string(), owned(line.ours()), owned(line.theirs())))
            .collect()
    }

    fn changed(line: &str, ours: &str, theirs: &str) -> (String, Option<String>, Option<String>) {
        (
            line.to_owned(),
            Some(ours.to_owned()),
            Some(theirs.to_owned()),
        )
    }

    #[test]
    fn equal_canonical_requests_have_no_differences() {
        assert_eq!(compare(&OURS.replace('\n', "|")), []);
        assert_eq!(
            compare(&format!("{}, more words", OURS.replace('\n', "|"))),
            []
        );
        assert_eq!(compare(OURS), []);
        assert_eq!(difference(OURS, "verify aksk signature fail"), None);
    }

    #[test]
    fn each_line_is_compared_with_the_line_of_the_same_name() {
        let echo = OURS.replace('\n', "|");
        assert_eq!(
            compare(&echo.replacen("GET", "POST", 1)),
            [changed("method", "GET", "POST")]
        );
        assert_eq!(
            compare(&echo.replace("/x/", "/y/")),
            [changed("path", "/v2/x/", "/v2/y/")]
        );
        assert_eq!(
            compare(&echo.replace("limit=1", "")),
            [changed("query", "limit=1", "")]
        );
        assert_eq!(
            compare(&echo.replace("host:a", "host:b")),
            [changed("header host", "a", "b")]
        );
        assert_eq!(
            compare(&echo.replace("|abc", "|abd")),
            [changed("hash of the body", "abc", "abd")]
        );
        let without = echo.replace("|host:a", "").replace("|host;", "|");
        let expected = [
            ("header host".to_owned(), Some("a".to_owned()), None),
            changed(
                "list of signed headers",
                "host;x-sdk-date;x-security-token",
                "x-sdk-date;x-security-token",
            ),
        ];
        assert_eq!(compare(&without), expected);
    }

    #[test]
    fn differences_show_no_secrets_and_no_unknown_header_names() {
        let echo = OURS.replace('\n', "|");
        let token = compare(&echo.replace("hunter2", "hunter3"));
        assert_eq!(token, [("header x-security-token".to_owned(), None, None)]);
        let added = compare(&echo.replace("|host:a", "|host:a|hunter4:hunter5"));
        assert_eq!(
            added,
            [("header that the client did not sign".to_owned(), None, None)]
        );
    }

    #[test]
    fn missing_lines_of_a_cut_message_are_not_differences() {
        for end in ["|..", "|...", "", "|host:a|x-sdk-d"] {
            assert_eq!(compare(&format!("GET|/v2/x/|limit=1{end}")), [], "{end}");
        }
        assert_eq!(
            compare("GET|/v2/y/|.."),
            [changed("path", "/v2/x/", "/v2/y/")]
        );
        for nonsense in ["", "|", "||||||", "é|", &"|x".repeat(100_000)] {
            let _ = compare(nonsense);
        }
    }
}
