//! Faults as the program's arguments name them.

use std::str::FromStr;
use std::time::Duration;

use super::{Fault, RetryAfter};
use crate::{Entrance, Service};

/// A fault from the start: `SERVICE:FAULT[:TIMES]`, such as `dcs:503:2` or `roma-link:delay=2s`. Without a number it lasts to the end.
///
/// [`HELP`](Self::HELP) lists the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultArgument {
    pub(crate) service: Service,
    pub(crate) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Fault(Fault, Option<u64>),
    Entrance(Entrance),
}

impl FaultArgument {
    /// All names, one in each line, as text.
    pub const HELP: &'static str = "\
delay=TIME             the answer comes late (500ms, 2s)
reset-before-headers   the connection is reset before the answer,
reset-in-headers         within its headers,
reset-after-headers      behind its headers
truncated-body         the connection is closed in the middle of the body
429=SECONDS            throttled, with Retry-After in seconds,
429-date=SECONDS         or as a date so far ahead
401, 403, 404          that status
500, 502, 503, 504     that status
html                   a page of HTML with status 200
nonsense               JSON that no operation answers, with status 200
302                    a redirect to the same address
wrong-content-type     the right answer, called text/plain
expired-token          the token of the request ends (requests without one are passed over)
late-state=TIME        the status that an action of DCS changes stays as it was for so long
failed-task            what a request to DCS starts fails at its end: a job, a backup, a migration
clock=SECONDS          the service's clock is ahead, or behind with a minus sign
unknown-host           the announced address has a host name that no DNS knows (no TIMES)
wrong-tls-name         the announced address is https with another host's certificate (no TIMES; needs the feature `tls`)";
}

impl FromStr for FaultArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let (service, name, times) = (parts.next(), parts.next(), parts.next());
        let (Some(service), Some(name), None) = (service, name, parts.next()) else {
            return Err("it is not of the form SERVICE:FAULT[:TIMES]".to_owned());
        };
        let service = service.parse()?;
        let what = match (entrance(name)?, times) {
            (Some(entrance), None) => What::Entrance(entrance),
            (Some(_), Some(_)) => {
                return Err(format!("{name} lasts to the end; leave the number out"));
            }
            (None, times) => What::Fault(fault(name)?, times.map(number).transpose()?),
        };
        Ok(Self { service, what })
    }
}

fn entrance(name: &str) -> Result<Option<Entrance>, String> {
    match name {
        "unknown-host" => Ok(Some(Entrance::UnknownHost)),
        #[cfg(feature = "tls")]
        "wrong-tls-name" => Ok(Some(Entrance::HttpsWrongName)),
        #[cfg(not(feature = "tls"))]
        "wrong-tls-name" => Err("this build has no TLS; build with --features tls".to_owned()),
        _ => Ok(None),
    }
}

fn fault(name: &str) -> Result<Fault, String> {
    let (name, value) = match name.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (name, None),
    };
    Ok(match (name, value) {
        ("delay", Some(value)) => Fault::Delay(time(value)?),
        ("late-state", Some(value)) => Fault::LateState(time(value)?),
        ("429", Some(value)) => Fault::Throttled(RetryAfter::Seconds(number(value)?)),
        ("429-date", Some(value)) => Fault::Throttled(RetryAfter::Date(number(value)?)),
        ("clock", Some(value)) => Fault::ClockOff(number(value)?),
        ("delay" | "late-state" | "429" | "429-date" | "clock", None) => {
            return Err(format!("{name} needs a value: {name}=10"));
        }
        (_, Some(_)) => return Err(format!("{name} takes no value, or is no fault; see --help")),
        ("reset-before-headers", None) => Fault::ResetBeforeHeaders,
        ("reset-in-headers", None) => Fault::ResetInHeaders,
        ("reset-after-headers", None) => Fault::ResetAfterHeaders,
        ("truncated-body", None) => Fault::TruncatedBody,
        ("401", None) => Fault::Unauthorized,
        ("403", None) => Fault::Forbidden,
        ("404", None) => Fault::NotFound,
        ("500", None) => Fault::InternalServerError,
        ("502", None) => Fault::BadGateway,
        ("503", None) => Fault::ServiceUnavailable,
        ("504", None) => Fault::GatewayTimeout,
        ("html", None) => Fault::Html,
        ("nonsense", None) => Fault::Nonsense,
        ("302", None) => Fault::Redirect,
        ("wrong-content-type", None) => Fault::WrongContentType,
        ("failed-task", None) => Fault::FailedTask,
        ("expired-token", None) => Fault::ExpiredToken,
        _ => return Err(format!("`{name}` is no fault; see --help")),
    })
}

fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a whole number, or is too large"))
}

/// `500ms`, `2s`, or seconds alone.
fn time(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    humantime::parse_duration(text)
        .map_err(|_| format!("`{text}` is no time; write it as 500ms or 2s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<What, String> {
        text.parse().map(|argument: FaultArgument| argument.what)
    }

    #[test]
    fn every_name_of_the_help_is_one() {
        let first = FaultArgument::HELP.lines().flat_map(|line| {
            let names = line.split("  ").next().unwrap_or_default();
            names.split(", ").map(str::to_owned).collect::<Vec<_>>()
        });
        let mut count = 0;
        for name in first.filter(|name| *name != "wrong-tls-name") {
            let name = name.replace("TIME", "2s").replace("SECONDS", "7");
            assert!(read(&format!("dcs:{name}")).is_ok(), "{name}");
            count += 1;
        }
        assert_eq!(count, 23);
    }

    #[test]
    fn values_and_numbers_are_read() {
        let late = Fault::Delay(Duration::from_millis(500));
        assert_eq!(read("iam:delay=500ms:3"), Ok(What::Fault(late, Some(3))));
        let clock = Fault::ClockOff(-3600);
        assert_eq!(read("iam:clock=-3600"), Ok(What::Fault(clock, None)));
        let host = What::Entrance(Entrance::UnknownHost);
        assert_eq!(read("iam:unknown-host"), Ok(host));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        for (bad, word) in [
            ("", "form"),
            ("dcs", "form"),
            ("dcs:503:1:2", "form"),
            ("cdn:503", "cdn"),
            ("dcs:505", "505"),
            ("dcs:503=2", "503"),
            ("dcs:503:-1", "-1"),
            ("dcs:503:many", "many"),
            ("dcs:delay", "delay="),
            ("dcs:delay=soon", "soon"),
            ("dcs:429=99999999999", "99999999999"),
            ("dcs:unknown-host:1", "unknown-host"),
        ] {
            let error = read(bad).expect_err(bad);
            assert!(error.contains(word), "{bad}: {error}");
        }
    }
}
