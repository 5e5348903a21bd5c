//! Reads unquoted scalars according to the core schema of YAML 1.2. In this schema, `yes`, `on` and dates are strings.

use serde_json::{Number, Value};

/// The error for a number that is not finite, and for an integer that does not fit in 64 bits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutOfRange;

pub(super) fn parse_scalar(text: &str) -> Result<Value, OutOfRange> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        _ if !text.starts_with(|char| matches!(char, '0'..='9' | '-' | '+' | '.')) => {
            Ok(Value::String(text.to_owned()))
        }
        _ if is_infinite(text) => Err(OutOfRange),
        _ => number(text),
    }
}

fn is_infinite(text: &str) -> bool {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(bare, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn number(text: &str) -> Result<Value, OutOfRange> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(text, digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(text, digits, 8);
    }
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    if bare.bytes().all(|byte| byte.is_ascii_digit()) && !bare.is_empty() {
        return integer(text);
    }
    match is_float(bare) {
        true => float(text),
        false => Ok(Value::String(text.to_owned())),
    }
}

fn radix(text: &str, digits: &str, radix: u32) -> Result<Value, OutOfRange> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Ok(Value::String(text.to_owned()));
    }
    u64::from_str_radix(digits, radix)
        .map(Value::from)
        .map_err(|_| OutOfRange)
}

fn integer(text: &str) -> Result<Value, OutOfRange> {
    let signed = text.parse::<i64>().map(Value::from);
    let whole = signed.or_else(|_| text.parse::<u64>().map(Value::from));
    whole.map_err(|_| OutOfRange)
}

/// Returns whether a string without its sign is a decimal number, such as `.5`, `5.` or `1e-3`.
fn is_float(bare: &str) -> bool {
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (bare, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|text| {
        let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
        !bare.is_empty() && digits(bare)
    });
    digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0 && exponent_fits
}

fn float(text: &str) -> Result<Value, OutOfRange> {
    let parsed = text.parse::<f64>().ok().and_then(Number::from_f64);
    parsed.map(Value::Number).ok_or(OutOfRange)
}

#[cfg(test)]
mod tests;
