//! The facts in an answer of DCS that refuses a password. All operations give the same facts.

use crate::types::{
    InstancePasswordChange, InstancePasswordReset, PasswordChangeResult, PasswordResetCode,
};
use huaweicloud_core::{Error, ErrorKind};
use std::fmt;
use std::time::Duration;

/// The reason why a password was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordRefusal {
    /// The old password was wrong. After too many wrong passwords, the instance is locked.
    WrongOldPassword,
    /// The instance is locked against changes after too many wrong passwords.
    Locked,
    /// The service failed to set the password.
    Failed,
    /// The answer has no documented outcome. It is unknown whether the password was set.
    Unknown,
}

/// The facts of a refused password change or reset. The service answers HTTP 200, and the call fails with
/// [`ErrorKind::Operation`].
///
/// ```
/// use huaweicloud_dcs::{Client, PasswordRefused, types::ChangeInstancePasswordRequest};
///
/// # async fn example(dcs: Client, body: ChangeInstancePasswordRequest) -> Result<(), huaweicloud_core::Error> {
/// if let Err(error) = dcs.change_instance_password("instance", &body).await {
///     match PasswordRefused::from_error(&error) {
///         Some(refused) => eprintln!("{refused}: {:?} tries left", refused.tries_left),
///         None => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordRefused {
    /// The reason.
    pub reason: PasswordRefusal,
    /// The number of further wrong passwords that are allowed before the lock. None if the answer does not say it.
    pub tries_left: Option<u32>,
    /// The length of a lock in whole minutes. None if the answer does not say it.
    pub lock_time: Option<Duration>,
    /// The time until the end of the lock in whole minutes. None if the answer does not say it.
    pub lock_time_left: Option<Duration>,
}

impl PasswordRefused {
    /// The facts, if the error is a refused password change or reset.
    ///
    /// [`Error::error_code`] and [`Error::error_msg`] have the texts of the service.
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

/// The counts and times of a reset are ignored. They are constants that the service keeps for old clients.
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

/// The answer has numbers as strings, sometimes with a fraction or a unit after the number. If a text does not begin
/// with a number, the result is None.
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
                write!(f, "the account is locked for another {minutes} {unit}")
            }
            (PasswordRefusal::Locked, _, None) => {
                f.write_str("the account is locked after too many wrong passwords")
            }
            (PasswordRefusal::Failed, ..) => f.write_str("the password was not set"),
            (PasswordRefusal::Unknown, ..) => f.write_str(
                "the answer names no documented outcome: check which password is in force",
            ),
        }
    }
}

impl std::error::Error for PasswordRefused {}
