//! Reads the details from an answer of DCS that refuses to change or to reset the password of an instance.

use crate::types::{
    InstancePasswordChange, InstancePasswordReset, PasswordChangeResult, PasswordResetCode,
};
use huaweicloud_core::{Error, ErrorKind};
use std::fmt;
use std::time::Duration;

/// The reason why a call to change or to reset a password failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordRefusal {
    /// The old password was wrong. After too many wrong passwords, the service locks the instance against password
    /// changes.
    WrongOldPassword,
    /// The service has locked the instance against password changes after too many wrong passwords.
    Locked,
    /// The service could not set the password.
    Failed,
    /// The answer contains no documented outcome. It is not known whether the password was set.
    Unknown,
}

/// The details of a refused password change or password reset of an instance. The service answers a refused request
/// with status 200. The call then fails with [`ErrorKind::Operation`].
///
/// ```
/// use huaweicloud_dcs::{Client, PasswordRefused, types::ChangeInstancePasswordRequest};
///
/// # async fn example(dcs: Client, body: ChangeInstancePasswordRequest) -> Result<(), huaweicloud_core::Error> {
/// if let Err(error) = dcs.change_instance_password("instance", &body).await {
///     match PasswordRefused::from_error(&error) {
///         Some(refused) => eprintln!("{refused}"), // such as "wrong old password: 4 tries left"
///         None => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordRefused {
    /// The reason why the call failed.
    pub reason: PasswordRefusal,
    /// The number of further wrong passwords before the service locks the instance. `None` for a refused reset, or if
    /// the answer does not contain the number.
    pub tries_left: Option<u32>,
    /// The duration of a lock in whole minutes. `None` for a refused reset, or if the answer does not contain the
    /// duration.
    pub lock_time: Option<Duration>,
    /// The remaining time of the lock in whole minutes. `None` for a refused reset, or if the answer does not contain
    /// the time.
    pub lock_time_left: Option<Duration>,
}

impl PasswordRefused {
    /// Returns the details if a call to change or to reset the password of an instance failed with
    /// [`ErrorKind::Operation`]. Returns `None` for all other errors, also for errors of calls that change or reset the
    /// password of an account.
    ///
    /// [`Error::error_code`] and [`Error::error_msg`] return the code and the message of the service.
    pub fn from_error(error: &Error) -> Option<Self> {
        if error.kind() != ErrorKind::Operation {
            return None;
        }
        let change = error.refused_answer().map(change_refused);
        change.or_else(|| error.refused_answer().map(reset_refused))
    }
}

fn change_refused(answer: &InstancePasswordChange) -> PasswordRefused {
    PasswordRefused {
        reason: match answer.result {
            Some(PasswordChangeResult::PasswordFailed) => PasswordRefusal::WrongOldPassword,
            Some(PasswordChangeResult::Locked) => PasswordRefusal::Locked,
            Some(PasswordChangeResult::Failed) => PasswordRefusal::Failed,
            _ => PasswordRefusal::Unknown,
        },
        tries_left: number(&answer.retry_times_left),
        lock_time: minutes(&answer.lock_time),
        lock_time_left: minutes(&answer.lock_time_left),
    }
}

/// Reads a refused reset. This function ignores the fields about attempts and locks, because these fields are
/// deprecated in the answer of a reset.
fn reset_refused(answer: &InstancePasswordReset) -> PasswordRefused {
    PasswordRefused {
        reason: match answer.code {
            Some(PasswordResetCode::Locked) => PasswordRefusal::Locked,
            _ => PasswordRefusal::Unknown,
        },
        tries_left: None,
        lock_time: None,
        lock_time_left: None,
    }
}

/// Parses a number at the start of a string. In an answer, a fraction or a unit can follow the number.
///
/// Returns `None` if the string does not begin with a number.
fn number(text: &Option<String>) -> Option<u32> {
    let text = text.as_deref()?.trim_ascii_start();
    let other = text.bytes().position(|byte| !byte.is_ascii_digit());
    text[..other.unwrap_or(text.len())].parse().ok()
}

fn minutes(text: &Option<String>) -> Option<Duration> {
    number(text).map(|minutes| Duration::from_secs(60 * u64::from(minutes)))
}

impl fmt::Display for PasswordRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.lock_time_left.filter(|time| !time.is_zero());
        match (self.reason, self.tries_left, left) {
            (PasswordRefusal::WrongOldPassword, Some(tries), _) => {
                let unit = if tries == 1 { "try" } else { "tries" };
                write!(f, "wrong old password: {tries} {unit} left")
            }
            (PasswordRefusal::WrongOldPassword, None, _) => f.write_str("wrong old password"),
            (PasswordRefusal::Locked, _, Some(time)) => {
                let minutes = time.as_secs() / 60;
                let unit = if minutes == 1 { "minute" } else { "minutes" };
                write!(f, "the instance is locked for another {minutes} {unit}")
            }
            (PasswordRefusal::Locked, _, None) => {
                f.write_str("the instance is locked after too many wrong passwords")
            }
            (PasswordRefusal::Failed, ..) => f.write_str("the password was not set"),
            (PasswordRefusal::Unknown, ..) => f.write_str(
                "the answer contains no documented outcome: check which password is valid",
            ),
        }
    }
}

impl std::error::Error for PasswordRefused {}
