//! Advice for the error codes of the gateway. The gateway receives the requests for all services.
//!
//! The codes come from the list of error codes in the vendor's "API request signing guide". This project wrote the
//! advice.

use crate::operation::Hint;

/// The prefixes of the gateway's codes. The first prefix is for the APIs of the clouds, the second for APIs that
/// customers publish, and the third for ROMA Connect.
const PREFIXES: [&str; 3] = ["APIGW.", "APIG.", "APIC."];

const LACKING: &str = "give the request id to the cloud's support: the gateway's data of this interface is incomplete";
const SUPPORT: &str = "if the error persists, give the request id to the cloud's support";
const ADDRESS: &str =
    "call from an address that the access rules of the account or the interface allow";

/// Returns the hint for a code of the gateway. The code can have any of the prefixes.
pub(super) fn hint(code: &str) -> Option<&'static Hint> {
    let number = number(code)?;
    HINTS.iter().find(|hint| hint.code.ends_with(number))
}

/// If exactly four characters follow the prefix, and the first of them is `0`, returns these characters. In all other
/// cases, returns `None`, because the code is not a code of the gateway.
///
/// ROMA Connect uses the prefixes `APIG.` and `APIC.` also for its own codes, with other numbers. For example,
/// `APIG.3002` is a code of ROMA Connect.
pub(super) fn number(code: &str) -> Option<&str> {
    let number = PREFIXES
        .iter()
        .find_map(|prefix| code.strip_prefix(prefix))?;
    (number.len() == 4 && number.starts_with('0')).then_some(number)
}

/// The hints, in the order of their codes.
static HINTS: &[Hint] = &[
    lasting(
        "APIGW.0101",
        "check the endpoint and the region: the gateway there has no such method and path",
    ),
    lasting("APIGW.0103", LACKING),
    lasting("APIGW.0104", LACKING),
    lasting("APIGW.0105", LACKING),
    lasting(
        "APIGW.0106",
        "compare the parameters with the documentation page: the gateway cannot map them to the service's parameters",
    ),
    lasting(
        "APIGW.0201",
        "see error_msg(): if the request is too large, make it smaller; if the service did not answer in time, check whether the \
         request was executed before repeating it",
    ),
    lasting(
        "APIGW.0202",
        "check whether the request was executed before repeating it: the gateway could not reach the service",
    ),
    lasting(
        "APIGW.0203",
        "check whether the request was executed before repeating it: the service did not answer the gateway in time",
    ),
    lasting("APIGW.0204", "check that the endpoint is an https address"),
    lasting(
        "APIGW.0301",
        "check that the access key or token is complete and valid, and belongs to this cloud and region; check this machine's clock",
    ),
    lasting(
        "APIGW.0302",
        "check that the user may use this service in this project, and that the project belongs to the region",
    ),
    lasting(
        "APIGW.0303",
        "check this machine's clock, and that the secret key belongs to the access key",
    ),
    lasting(
        "APIGW.0304",
        "wait for the quota's next period, or have the application's quota raised",
    ),
    lasting(
        "APIGW.0305",
        "check the credentials: the gateway's own check of them failed",
    ),
    lasting(
        "APIGW.0306",
        "have the interface authorised for this user or application",
    ),
    lasting(
        "APIGW.0307",
        "get a new token from the called region: this token has expired, or belongs to another region",
    ),
    passing(
        "APIGW.0308",
        "send fewer requests, or allow a longer timeout",
    ),
    lasting(
        "APIGW.0310",
        "check that the project is in this region, and neither frozen nor deleted",
    ),
    lasting(
        "APIGW.0311",
        "check the credentials of the debugging request",
    ),
    lasting("APIGW.0401", ADDRESS),
    lasting("APIGW.0402", ADDRESS),
    lasting("APIGW.0404", LACKING),
    lasting(
        "APIGW.0501",
        "wait for the quota's next period, or buy a larger quota",
    ),
    lasting(
        "APIGW.0502",
        "find out why the account's quota is frozen, and resolve the cause",
    ),
    lasting("APIGW.0601", SUPPORT),
    lasting(
        "APIGW.0602",
        "check path, headers and body: the gateway cannot read the request",
    ),
    lasting("APIGW.0605", SUPPORT),
    lasting("APIGW.0606", SUPPORT),
    lasting(
        "APIGW.0607",
        "check whether the endpoint requires http or https",
    ),
    lasting(
        "APIGW.0608",
        "try with new credentials; if the error persists, give the request id to the cloud's support",
    ),
    lasting("APIGW.0609", SUPPORT),
    lasting("APIGW.0610", SUPPORT),
    lasting("APIGW.0611", SUPPORT),
];

const fn lasting(code: &'static str, advice: &'static str) -> Hint {
    Hint {
        code,
        advice,
        transient: false,
    }
}

const fn passing(code: &'static str, advice: &'static str) -> Hint {
    Hint {
        code,
        advice,
        transient: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_the_gateway_have_hints() {
        for code in ["APIGW.0308", "APIG.0308", "APIC.0308"] {
            let hint = hint(code).unwrap();
            assert_eq!((hint.code, hint.transient), ("APIGW.0308", true));
        }
        for code in [
            "DCS.0308",
            "APIG.3002",
            "APIG.308",
            "APIGW.03080",
            "APIGW.0309",
            "0308",
            "",
        ] {
            assert_eq!(hint(code), None, "{code}");
        }
    }

    #[test]
    fn hints_are_sorted_and_their_advice_is_a_phrase() {
        assert!(HINTS.windows(2).all(|pair| pair[0].code < pair[1].code));
        for Hint { code, advice, .. } in HINTS {
            assert!(number(code).is_some(), "{code}");
            let first = advice.chars().next();
            assert!(first.is_some_and(char::is_lowercase), "{code}: {advice}");
            assert!(!advice.ends_with('.'), "{code}: {advice}");
        }
    }
}
