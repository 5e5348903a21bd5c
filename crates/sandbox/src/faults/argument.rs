//! Parses the values of the option `--fault`.

use std::str::FromStr;
use std::time::Duration;

use super::{Fault, RetryAfter};
use crate::{Entrance, Service};

/// A fault that applies from the start of the sandbox, in the form `SERVICE:FAULT[:TIMES]`. Examples are `dcs:503:2`
/// and `roma-link:delay=2s`. `TIMES` is the number of uses after which the fault ends. Without `TIMES`, the number of
/// uses has no limit.
///
/// [`HELP`](Self::HELP) lists the names of the faults.
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
    /// A list of the names of all faults with explanations, for the help of the program.
    pub const HELP: &'static str = "\
delay=TIME             the answer is late by this time, such as 500ms or 2s
reset-before-headers   the connection is reset before the answer
reset-in-headers       the connection is reset within the headers of the answer
reset-after-headers    the connection is reset after the headers of the answer
truncated-body         the connection is closed in the middle of the body
429=SECONDS            status 429, with a number of seconds in Retry-After
429-date=SECONDS       status 429, with a date in Retry-After that is this number of seconds in the future
401, 403, 404          an answer with this status
500, 502, 503, 504     an answer with this status
html                   an HTML page with status 200
nonsense               JSON that no operation returns, with status 200
302                    a redirect to the URL of the request
wrong-content-type     the correct answer, with the content type text/plain
expired-token          the token of the request expires (only for requests with a token)
late-state=TIME        after the start of an action, a DCS instance keeps its old status for this time
failed-task            a task of DCS, such as a job, a backup or a migration, fails at its end
clock=SECONDS          the clock of the service is ahead by this time; with a minus sign, the clock is behind
unknown-host           the address has a host name that DNS cannot resolve (no TIMES)
wrong-tls-name         the address is https with a certificate for another host (no TIMES; needs the feature `tls`)";
}

impl FromStr for FaultArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let (service, name, times) = (parts.next(), parts.next(), parts.next());
        let (Some(service), Some(name), None) = (service, name, parts.next()) else {
            return Err("a fault must have the form SERVICE:FAULT[:TIMES]".to_owned());
        };
        let service = service.parse()?;
        let what = match (entrance(name)?, times) {
            (Some(entrance), None) => What::Entrance(entrance),
            (Some(_), Some(_)) => {
                return Err(format!("{name} applies to all requests; remove TIMES"));
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
            return Err(format!("{name} needs a value, such as {name}=10"));
        }
        (_, Some(_)) => {
            return Err(format!(
                "`{name}` is not the name of a fault with a value; see --help"
            ));
        }
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
        _ => {
            return Err(format!(
                "`{name}` is not the name of a fault without a value; see --help"
            ));
        }
    })
}

fn number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a whole number in the allowed range"))
}

/// Parses a time, such as `500ms` or `2s`. A whole number without a unit is a number of seconds.
fn time(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    humantime::parse_duration(text)
        .map_err(|_| format!("`{text}` is not a time; write a time such as 500ms or 2s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<What, String> {
        text.parse().map(|argument: FaultArgument| argument.what)
    }

    #[test]
    fn the_faults_in_the_help_are_accepted() {
        let first = FaultArgument::HELP.lines().flat_map(|line| {
            let names = line.split("  ").next().unwrap_or_default();
            names.split(", ").map(str::to_owned).collect::<Vec<_>>()
        });
        let mut count = 0;
        // Only a build with the feature `tls` accepts `wrong-tls-name`.
        for name in first.filter(|name| *name != "wrong-tls-name") {
            let name = name.replace("TIME", "2s").replace("SECONDS", "7");
            assert!(read(&format!("dcs:{name}")).is_ok(), "{name}");
            count += 1;
        }
        assert_eq!(count, 23);
    }

    #[test]
    fn the_name_the_value_and_the_times_of_a_fault_are_parsed() {
        let late = Fault::Delay(Duration::from_millis(500));
        assert_eq!(read("iam:delay=500ms:3"), Ok(What::Fault(late, Some(3))));
        let clock = Fault::ClockOff(-3600);
        assert_eq!(read("iam:clock=-3600"), Ok(What::Fault(clock, None)));
        let host = What::Entrance(Entrance::UnknownHost);
        assert_eq!(read("iam:unknown-host"), Ok(host));
    }

    #[test]
    fn the_error_names_the_wrong_part_or_the_required_form() {
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
