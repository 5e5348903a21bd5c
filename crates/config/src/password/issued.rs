//! A token that was issued, and how long it lasts.

use huaweicloud_core::{Error, ErrorKind, Response, Token};
use huaweicloud_iam::IssuedTokenExt;
use huaweicloud_iam::types::{IssuedToken, Token as Properties};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// Taken where the answer does not say when the token ends. Documented are 24 hours; a 401 renews it anyway.
const UNKNOWN_LIFE: Duration = Duration::from_secs(3600);
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// How long before its end a token is renewed at the earliest.
const LONGEST_WINDOW: Duration = Duration::from_secs(300);

/// A token and its times, on this machine's monotonic clock: a clock that is wrong or set anew does no harm.
#[derive(Clone)]
pub(super) struct Issued {
    pub token: Token,
    pub renew: Instant,
    pub end: Instant,
}

impl Issued {
    /// What IAM answered to a request of this time.
    pub(super) fn read(answer: &Response<IssuedToken>, asked: Instant) -> Result<Self, Error> {
        let value = answer.subject_token().ok_or_else(|| no_token(answer))?;
        let mut token = Token::new(value);
        let properties = answer.token.as_ref();
        let project = properties.and_then(|properties| properties.project.as_ref());
        if let Some(id) = project.and_then(|project| project.id.as_ref()) {
            token = token.with_project(id);
        }
        let life = properties.and_then(life).unwrap_or(UNKNOWN_LIFE);
        Ok(Self::new(token, asked, life))
    }

    fn new(token: Token, asked: Instant, life: Duration) -> Self {
        let life = life.min(LONGEST_LIFE);
        let end = asked + life;
        Self {
            token,
            renew: end - (life / 4).min(LONGEST_WINDOW),
            end,
        }
    }
}

/// From the server's times alone, which its own clock gave; zero if they are in the wrong order.
fn life(token: &Properties) -> Option<Duration> {
    let end = timestamp(token.expires_at.as_deref()?)?;
    let start = token.issued_at.as_deref().and_then(timestamp);
    let life = end.duration_since(start.unwrap_or_else(Timestamp::now));
    Some(Duration::try_from(life).unwrap_or_default())
}

/// `2015-11-09T01:42:57.527363Z`; the fraction and the Z may be missing.
fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
}

fn no_token(answer: &Response<IssuedToken>) -> Error {
    Error::new(
        ErrorKind::UnexpectedAnswer,
        "IAM's answer has no token in its header X-Subject-Token",
    )
    .with_help("check that the endpoint is IAM's and no proxy removes headers")
    .with_response(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_fraction() {
        let with = timestamp("2015-11-09T01:42:57.527363Z").unwrap();
        let without = timestamp("2015-11-09T01:42:57Z").unwrap();
        assert_eq!(with.duration_since(without).as_micros(), 527_363);
        assert_eq!(timestamp("2015-11-09T01:42:57"), Some(without));
        for text in ["", "Z", "tomorrow", "2015-13-09T01:42:57Z"] {
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn the_servers_own_times_make_the_life() {
        let mut token = Properties::default();
        assert_eq!(life(&token), None);
        token.issued_at = Some("2015-11-09T00:00:00Z".into());
        token.expires_at = Some("2015-11-10T00:00:00.000000Z".into());
        assert_eq!(life(&token), Some(Duration::from_secs(24 * 3600)));
        token.expires_at = Some("2015-11-08T00:00:00Z".into());
        assert_eq!(life(&token), Some(Duration::ZERO));
        token.expires_at = Some("never".into());
        assert_eq!(life(&token), None);
    }

    #[test]
    fn renewal_comes_a_quarter_of_the_life_before_the_end_but_at_most_five_minutes() {
        let asked = Instant::now();
        for (life, window) in [(24 * 3600, 300), (1200, 300), (100, 25), (0, 0)] {
            let issued = Issued::new(Token::new("t"), asked, Duration::from_secs(life));
            assert_eq!(issued.end - asked, Duration::from_secs(life));
            assert_eq!(issued.end - issued.renew, Duration::from_secs(window));
        }
    }
}
