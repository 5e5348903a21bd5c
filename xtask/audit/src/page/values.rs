//! Reads the facts about values in a description: limits, options, the default, and whether the value can be null.

use std::fmt;

use super::field_type::FieldType;
use super::options::{self, Choice};
use crate::markup::{is_made_of, without_bold};

/// The facts that the description of a field states about the values of the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The limits with a label, such as `Minimum`.
    pub printed: Range,
    /// The ranges in sentences. If there are several ranges, it is unknown which of them applies to the value.
    pub named: Vec<Range>,
    /// The options.
    pub options: Vec<Choice>,
    /// The default value.
    pub default: Option<String>,
    /// `true` if the description says that the value can be null.
    pub null: bool,
    /// `true` if the description has a bold word. Pages can print options in bold.
    pub bold: bool,
}

/// An inclusive range of a number, or of the length of a string or list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range {
    /// The lower limit.
    pub from: Option<i128>,
    /// The upper limit.
    pub to: Option<i128>,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
            (Some(from), None) => write!(f, "at least {from}"),
            (None, Some(to)) => write!(f, "at most {to}"),
            (None, None) => f.write_str("none"),
        }
    }
}

impl Range {
    fn between(from: i128, to: i128) -> Self {
        Range {
            from: Some(from),
            to: Some(to),
        }
    }

    fn at_least(from: i128) -> Self {
        Range {
            from: Some(from),
            to: None,
        }
    }

    fn at_most(to: i128) -> Self {
        Range {
            from: None,
            to: Some(to),
        }
    }

    /// Returns whether the range has no limit.
    pub fn is_empty(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

impl Values {
    /// Returns the limits with labels. If there are none, and the sentences name only one range, returns this range.
    pub fn certain(&self) -> Range {
        match self.named.as_slice() {
            [only] if self.printed.is_empty() => *only,
            _ => self.printed,
        }
    }

    /// Reads a description. `kind` is the type of the field.
    pub fn find(description: &str, kind: &FieldType) -> Values {
        let text = without_bold(description);
        let lower = text.to_lowercase();
        let printed = Range {
            from: after_label(
                &lower,
                "minimum|minimum value|minimum length|最小长度|最小值",
            ),
            to: after_label(
                &lower,
                "maximum|maximum value|maximum length|最大长度|最大值",
            ),
        };
        let named = named(&lower, kind);
        Values {
            printed,
            named,
            options: options::find(description, kind),
            default: default(&text, kind),
            null: says_null(&lower),
            bold: description.contains("**"),
        }
    }
}

/// Returns the first whole number that follows a label and a colon. `|` separates the labels.
fn after_label(text: &str, labels: &str) -> Option<i128> {
    let found = labels.split('|').filter_map(|label| {
        text.match_indices(label).find_map(|(at, label)| {
            let rest = text.get(at + label.len()..)?.trim_start();
            let rest = rest.strip_prefix([':', '：'])?.trim_start();
            Some((at, number(rest)?))
        })
    });
    found.min_by_key(|(at, _)| *at).map(|(_, number)| number)
}

/// Returns the whole number at the start of a string. Returns `None` for a fraction, or if there is no number.
fn number(text: &str) -> Option<i128> {
    let end = text
        .char_indices()
        .find(|(at, char)| {
            let sign = *at == 0 && *char == '-';
            !(sign || char.is_ascii_digit() || *char == '.')
        })
        .map_or(text.len(), |(at, _)| at);
    text.get(..end)?.trim_end_matches('.').parse().ok()
}

/// Returns the limits in sentences, such as `8 to 32 characters`, `ranges from 1 to 7`, or `value range: 1-5000`.
fn named(text: &str, kind: &FieldType) -> Vec<Range> {
    let seconds = in_seconds(text);
    let text = spaced(text);
    let words: Vec<&str> = text
        .split(|char: char| char.is_whitespace() || ",;()，。、；（）：".contains(char))
        .map(|word| word.trim_end_matches(['.', ':', '：']))
        .filter(|word| !word.is_empty())
        .collect();
    let found = (0..words.len()).filter_map(|at| {
        let words = words.get(at..).unwrap_or_default();
        match kind.innermost() {
            FieldType::String => length(words),
            FieldType::Integer | FieldType::Long | FieldType::Number => {
                interval(words).or_else(|| measured(words, seconds))
            }
            _ => None,
        }
    });
    let mut ranges: Vec<Range> = Vec::new();
    for range in found {
        if !ranges.contains(&range) {
            ranges.push(range);
        }
    }
    // If one of two ranges has only a lower limit, and the other only an upper limit, they become one range.
    match ranges.as_slice() {
        [Range { from, to: None }, Range { from: None, to }]
        | [Range { from: None, to }, Range { from, to: None }] => {
            vec![Range {
                from: *from,
                to: *to,
            }]
        }
        _ => ranges,
    }
}

/// Words of Chinese sentences about limits, each with its English translation.
const CHINESE: &str = "最小值为=minimum value is|最大值为=maximum value is|取值范围=range|范围为=range|范围在=range|范围是=range|取值=range|\
    长度为=length|不超过=up to|小于等于=up to|不大于=up to|大于等于=at least|不小于=at least|到=to|至=to|个字符=characters|\
    位的字符=characters|的字符=characters";

/// Translates Chinese words about limits to English. Adds spaces between ASCII text and the remaining Chinese text.
fn spaced(text: &str) -> String {
    let mut text = text.replace('～', "~");
    for (chinese, english) in CHINESE.split('|').filter_map(|pair| pair.split_once('=')) {
        text = text.replace(chinese, &format!(" {english} "));
    }
    let mut out = String::new();
    let mut before = ' ';
    for char in text.chars() {
        if before.is_ascii() != char.is_ascii() {
            out.push(' ');
        }
        out.push(char);
        before = char;
    }
    out
}

/// The phrases before a lower limit, and the phrases before an upper limit.
const BOUNDS: [&str; 2] = [
    "greater than or equal to|no less than|at least|minimum of|minimum value is|minimum length is",
    "less than or equal to|no more than|no greater than|at most|up to|cannot exceed|maximum of|maximum value is|maximum length is",
];

/// Reads one of the phrases in `BOUNDS` and its number. Returns the limit, and the words after it.
fn bound<'a>(words: &'a [&'a str]) -> Option<(Range, &'a [&'a str])> {
    let [lower, upper] = BOUNDS.map(|openings| {
        let count = openings.split('|').find_map(|opening| {
            let count = opening.split(' ').count();
            words
                .iter()
                .take(count)
                .copied()
                .eq(opening.split(' '))
                .then_some(count)
        })?;
        Some((whole(words.get(count)?)?, words.get(count + 1..)?))
    });
    let lower = lower.map(|(value, rest)| (Range::at_least(value), rest));
    lower.or(upper.map(|(value, rest)| (Range::at_most(value), rest)))
}

fn length(words: &[&str]) -> Option<Range> {
    let characters = |words: &[&str]| {
        words
            .first()
            .is_some_and(|word| word.starts_with("character"))
    };
    let (range, rest) = match words {
        [from, "to", to, rest @ ..] if whole(from).is_some() => {
            (Range::between(whole(from)?, whole(to)?), rest)
        }
        [pair, rest @ ..] if dashed(pair).is_some() => {
            let (from, to) = dashed(pair)?;
            (Range::between(from, to), rest)
        }
        ["length", pair, ..] if dashed(pair).is_some() => {
            return dashed(pair).map(|(from, to)| Range::between(from, to));
        }
        ["minimum" | "maximum", "length", "is", ..] => return bound(words).map(|(range, _)| range),
        _ => bound(words)?,
    };
    characters(rest).then_some(range)
}

fn interval(words: &[&str]) -> Option<Range> {
    match words {
        ["from" | "range", from, "to", to, ..] => Some(Range::between(whole(from)?, whole(to)?)),
        ["range", pair, ..] => dashed(pair).map(|(from, to)| Range::between(from, to)),
        _ => bound(words).map(|(range, _)| range),
    }
}

/// Reads a range with units of time, such as `from 15 minutes to 24 hours`.
fn measured(words: &[&str], seconds: bool) -> Option<Range> {
    let ["from", from, unit, "to", to, other, ..] = words else {
        return None;
    };
    let same = seconds || unit.trim_end_matches('s') == other.trim_end_matches('s');
    let value = |number: &str, unit: &str| Some(whole(number)? * factor(unit, seconds)?);
    let range = Range::between(value(from, unit)?, value(to, other)?);
    same.then_some(range)
}

/// Returns whether a description says that the value is a number of seconds. The limits can still have other units.
fn in_seconds(text: &str) -> bool {
    ["in seconds", "unit: second", "单位：秒", "单位为秒"]
        .iter()
        .any(|words| text.contains(words))
}

/// Returns the number of seconds in a unit of time, or 1 if `seconds` is `false`. Returns `None` for an unknown unit.
fn factor(unit: &str, seconds: bool) -> Option<i128> {
    let factor = match unit.trim_end_matches('s') {
        "second" | "" => 1,
        "min" | "minute" => 60,
        "h" | "hour" => 3600,
        "day" => 86400,
        _ => return None,
    };
    Some(if seconds { factor } else { 1 })
}

/// Converts a duration, such as `15min` or `15 minutes`, to a number of seconds.
fn duration(text: &str) -> Option<String> {
    let digits = text.find(|char: char| !char.is_ascii_digit())?;
    let (number, rest) = text.split_at(digits);
    let unit: String = rest
        .trim_start()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    if unit.is_empty() {
        return None;
    }
    let seconds = whole(number)? * factor(&unit, true)?;
    Some(seconds.to_string())
}

fn whole(word: &str) -> Option<i128> {
    word.parse().ok()
}

/// Reads a range such as `1-5000`.
fn dashed(word: &str) -> Option<(i128, i128)> {
    let (from, to) = word.split_once(['-', '–', '~'])?;
    Some((whole(from)?, whole(to)?))
}

/// Returns the value after `Default value:` or a similar label. Without a label, uses `weak_default`.
fn default(text: &str, kind: &FieldType) -> Option<String> {
    let lower = text.to_lowercase();
    let labels = "default value is|default value:|default:|defaults to|默认值为|默认值是|默认值：|默认值:|默认为|缺省值：|缺省值:";
    let after = labels
        .split('|')
        .filter_map(|label| Some(lower.find(label)? + label.len()))
        .min();
    let Some(after) = after else {
        return weak_default(&lower, kind);
    };
    // The conversion to lower case can change the length. Then the offsets are wrong, so the result is `None`.
    let rest = text.get(after..).filter(|_| lower.len() == text.len())?;
    let rest = rest.trim_start_matches([' ', ':', '：', '\n']);
    let whole = matches!(kind, FieldType::Integer | FieldType::Long);
    if let Some(seconds) = duration(rest).filter(|_| whole && in_seconds(&lower)) {
        return Some(seconds);
    }
    let end = rest
        .find(|char: char| char.is_whitespace() || matches!(char, ',' | ';' | '，' | '。' | '；'))
        .unwrap_or(rest.len());
    let word = rest.get(..end)?.trim_end_matches('.');
    let word = word.trim_matches(['"', '\'', '`', '“', '”', '*']);
    let nothing = ["", "n/a", "none", "无", "-", "null", "empty", "the", "left"];
    (!nothing.contains(&word.to_lowercase().as_str())).then(|| word.to_owned())
}

/// Reads a default, as in `the default port 6379 is used`: the number or flag among the three words after `default`.
fn weak_default(text: &str, kind: &FieldType) -> Option<String> {
    let (_, rest) = text.split_once("default").or(text.split_once("默认"))?;
    let mut words = rest
        .split(|char: char| !is_made_of(&char.to_string(), "-"))
        .filter(|word| !word.is_empty())
        .take(3);
    let word = words.find(|word| match kind {
        FieldType::Boolean => matches!(*word, "true" | "false"),
        FieldType::Integer | FieldType::Long => whole(word).is_some(),
        _ => false,
    });
    word.map(str::to_owned)
}

fn says_null(text: &str) -> bool {
    let says = |words: &str| text.contains(words);
    (says("set to null") || says("is null") || says("be null") || says("为null"))
        && !says("not null")
}

#[cfg(test)]
mod tests;
