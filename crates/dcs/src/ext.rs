//! What the generator cannot express: HTTP 200 that says in its body that a password was not set.

use crate::operations::{CHANGE_INSTANCE_PASSWORD, RESET_INSTANCE_PASSWORD};
use crate::types::{
    InstancePasswordChange, InstancePasswordReset, PasswordChangeResult, PasswordResetCode,
};
use huaweicloud_core::{Error, Operation, Response};
use std::fmt;
use std::time::Duration;

/// Tells a password that was set from one that was refused; the service answers HTTP 200 to both.
///
/// ```
/// use huaweicloud_dcs::{Client, PasswordOutcome, types::ChangeInstancePasswordRequest};
///
/// # async fn example(dcs: Client, body: ChangeInstancePasswordRequest) -> Result<(), huaweicloud_core::Error> {
/// dcs.change_instance_password("instance", &body).await?.into_result()?;
/// # Ok(())
/// # }
/// ```
pub trait PasswordOutcome: Sized {
    /// The same answer if it says that the password was set.
    ///
    /// # Errors
    /// Everything else: a documented refusal, a value that is not documented, and none at all.
    fn into_result(self) -> Result<Self, PasswordRefused>;
}

/// Why a password was not set, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordRefusal {
    /// The old password was wrong. Each such try brings the lock nearer.
    WrongOldPassword,
    /// The instance is locked against changes after too many wrong passwords.
    Locked,
    /// The service failed to do it.
    Failed,
    /// The answer names no documented outcome. Whether the password was set is not known.
    Unknown,
}

/// The service answered HTTP 200, and says that it did not set the password. Converts into [`Error`] of the kind `Operation`.
#[derive(Debug)]
#[non_exhaustive]
pub struct PasswordRefused {
    /// Why.
    pub reason: PasswordRefusal,
    /// How many more wrong passwords are allowed before the lock, if the answer says so.
    pub tries_left: Option<u32>,
    /// How long a lock lasts, in whole minutes, if the answer says so.
    pub lock_time: Option<Duration>,
    /// How long the lock still lasts, in whole minutes, if the answer says so.
    pub lock_time_left: Option<Duration>,
    error: Error,
}

impl PasswordRefused {
    /// The outcome as the service names it (`passwordFailed`); empty if the answer has none.
    pub fn result(&self) -> &str {
        self.error.error_code().unwrap_or_default()
    }

    /// What the service says about it, for people. It is shown nowhere else: nobody knows what it repeats.
    pub fn message(&self) -> Option<&str> {
        self.error.error_msg().filter(|text| !text.is_empty())
    }

    /// The header `X-Request-Id` of the answer, if [`into_result`](PasswordOutcome::into_result) was given the whole [`Response`].
    pub fn request_id(&self) -> Option<&str> {
        self.error.request_id()
    }

    fn new(reason: PasswordRefusal, error: Error) -> Self {
        Self {
            reason,
            tries_left: None,
            lock_time: None,
            lock_time_left: None,
            error,
        }
    }

    fn with_response<T>(mut self, response: &Response<T>) -> Self {
        self.error = self.error.with_response(response);
        self
    }
}

impl PasswordOutcome for InstancePasswordChange {
    #[inline]
    fn into_result(self) -> Result<Self, PasswordRefused> {
        unless(change_refused(&self), self)
    }
}

impl PasswordOutcome for Response<InstancePasswordChange> {
    #[inline]
    fn into_result(self) -> Result<Self, PasswordRefused> {
        let refused = change_refused(&self).map(|refused| refused.with_response(&self));
        unless(refused, self)
    }
}

impl PasswordOutcome for InstancePasswordReset {
    #[inline]
    fn into_result(self) -> Result<Self, PasswordRefused> {
        unless(reset_refused(&self), self)
    }
}

impl PasswordOutcome for Response<InstancePasswordReset> {
    #[inline]
    fn into_result(self) -> Result<Self, PasswordRefused> {
        let refused = reset_refused(&self).map(|refused| refused.with_response(&self));
        unless(refused, self)
    }
}

fn unless<T>(refused: Option<PasswordRefused>, answer: T) -> Result<T, PasswordRefused> {
    refused.map_or(Ok(answer), Err)
}

fn change_refused(answer: &InstancePasswordChange) -> Option<PasswordRefused> {
    let reason = match answer.result {
        Some(PasswordChangeResult::Success) => return None,
        Some(PasswordChangeResult::PasswordFailed) => PasswordRefusal::WrongOldPassword,
        Some(PasswordChangeResult::Locked) => PasswordRefusal::Locked,
        Some(PasswordChangeResult::Failed) => PasswordRefusal::Failed,
        Some(PasswordChangeResult::Unknown(_)) | None => PasswordRefusal::Unknown,
    };
    let code = answer.result.as_ref().map(PasswordChangeResult::as_str);
    let error = error(&CHANGE_INSTANCE_PASSWORD, code, answer.message.as_deref());
    Some(PasswordRefused {
        tries_left: number(&answer.retry_times_left),
        lock_time: minutes(&answer.lock_time),
        lock_time_left: minutes(&answer.lock_time_left),
        ..PasswordRefused::new(reason, error)
    })
}

/// The counts and times of a reset are left out: they are constants that the service keeps for old clients.
fn reset_refused(answer: &InstancePasswordReset) -> Option<PasswordRefused> {
    let reason = match answer.code {
        Some(PasswordResetCode::Success) => return None,
        Some(PasswordResetCode::Locked) => PasswordRefusal::Locked,
        Some(PasswordResetCode::Unknown(_)) | None => PasswordRefusal::Unknown,
    };
    let code = answer.code.as_ref().map(PasswordResetCode::as_str);
    let why = answer.ext_message.as_deref().or(answer.message.as_deref());
    let error = error(&RESET_INSTANCE_PASSWORD, code, why);
    Some(PasswordRefused::new(reason, error))
}

fn error(operation: &'static Operation, code: Option<&str>, message: Option<&str>) -> Error {
    Error::outcome(
        operation,
        code.unwrap_or_default(),
        message.unwrap_or_default(),
    )
}

/// Numbers come as strings, perhaps with a fraction or a unit behind; what does not begin with one says nothing.
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

impl From<PasswordRefused> for Error {
    fn from(refused: PasswordRefused) -> Self {
        let help = format!("{refused}");
        refused.error.with_help(help)
    }
}
