//! Operations that set a new password for a DCS instance. `change_instance_password` needs the old password, and
//! `reset_instance_password` does not need it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::timed::put;
use super::super::{Behaviour, Call, does};
use super::lifecycle::{TRIES, running};
use super::refused;
use crate::answer::Answer;
use crate::clock::after;
use crate::password_hash::Hash;
use crate::problem::Problem;
use crate::store::{Cache, Writer};

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[
    ("change_instance_password", does(change)),
    (
        "reset_instance_password",
        Behaviour {
            blank_is_absent: &["new_password"],
            ..does(reset)
        },
    ),
];

const MINUTE_MS: i64 = 60_000;

/// The password of an instance or of an account. After [`TRIES`] wrong old passwords in a row, the sandbox locks the
/// password until `locked_until_ms`.
#[derive(Serialize, Deserialize)]
pub(super) struct Guard {
    password: Option<Hash>,
    tries_left: u32,
    locked_until_ms: Option<i64>,
}

/// The result of an attempt to set a password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    Done,
    WrongOldPassword,
    Locked,
}

fn change(call: &Call<'_>) -> Result<Answer, Problem> {
    let old = call.in_body("/old_password").unwrap_or_default();
    let new = call.in_body("/new_password").unwrap_or_default();
    call.state.store.write(|writer| {
        let cache = running(call, writer)?;
        change_of_instance(call, writer, cache, old, new)
    })
}

/// Changes the password of an instance.
///
/// The answer for a wrong old password has the HTTP status 200. The function stores the instance even after a wrong old
/// password, because the number of remaining attempts has changed.
pub(super) fn change_of_instance(
    call: &Call<'_>,
    writer: &mut Writer<'_>,
    mut cache: Cache,
    old: &str,
    new: &str,
) -> Result<Answer, Problem> {
    let mut guard = Guard::of(&cache);
    let answer = guard.change(call, old, new)?;
    guard.keep(&mut cache);
    put(call, writer, cache)?;
    Ok(Answer::ok(answer))
}

/// The error for a change of the password if the instance has password-free access. A reset does not cause this error.
const PASSWORD_FREE: Problem = refused(
    "DCS.4850",
    "This operation is not supported when Password-Free Access is enabled for the instance.",
);

fn reset(call: &Call<'_>) -> Result<Answer, Problem> {
    let free = call.values.body["no_password_access"] == true;
    let password = match (free, call.in_body("/new_password")) {
        (true, Some(_)) => {
            return Err(refused(
                "DCS.4849",
                "The request parameter new_password should not exist.",
            ));
        }
        (false, None) => {
            return Err(refused(
                "DCS.4845",
                "The password parameter is missing or its value is invalid.",
            ));
        }
        (_, new) => new.map(Hash::of),
    };
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        let mut guard = Guard::of(&cache);
        let attempt = guard.set(call, None, password);
        let mut answer = guard.reset_answer(call, attempt);
        let locked = json!("The instance is locked.");
        answer["ext_message"] = match attempt {
            Attempt::Done => Value::Null,
            _ => locked,
        };
        guard.keep(&mut cache);
        put(call, writer, cache)?;
        Ok(Answer::ok(answer))
    })
}

impl Guard {
    pub fn new(password: &str) -> Self {
        Self {
            password: Some(Hash::of(password)),
            tries_left: TRIES,
            locked_until_ms: None,
        }
    }

    pub fn of(cache: &Cache) -> Self {
        Self {
            password: cache.password.clone(),
            tries_left: cache.tries_left,
            locked_until_ms: cache.locked_until_ms,
        }
    }

    pub fn keep(self, cache: &mut Cache) {
        let free = self.password.is_none().to_string();
        cache.fields.set("no_password_access", free);
        cache.password = self.password;
        cache.tries_left = self.tries_left;
        cache.locked_until_ms = self.locked_until_ms;
    }

    pub fn matches(&self, password: &str) -> bool {
        self.password
            .as_ref()
            .is_none_or(|own| own.matches(password))
    }

    /// Changes the password, and returns the body of the answer. If the old password is wrong, or the password is
    /// locked, the body states the reason. In these cases, the method returns no error.
    pub fn change(&mut self, call: &Call<'_>, old: &str, new: &str) -> Result<Value, Problem> {
        if old == new {
            return Err(Problem::invalid_password(
                "new_password",
                "must differ from the old password",
            ));
        }
        self.unlock_if_over(call);
        if self.locked_until_ms.is_none() && self.password.is_none() {
            return Err(PASSWORD_FREE);
        }
        let tries = TRIES.to_string();
        Ok(match self.set(call, Some(old), Some(Hash::of(new))) {
            Attempt::Done => {
                json!({"lock_time": "0", "result": "success", "lock_time_left": "0", "retry_times_left": tries,
                "message": "Modify DCSInstance password success."})
            }
            Attempt::WrongOldPassword => {
                json!({"lock_time": Value::Null, "result": "passwordFailed", "lock_time_left": Value::Null,
                "retry_times_left": self.tries_left.to_string(), "message": "The old password is wrong."})
            }
            Attempt::Locked => {
                let (lock_time, left) = self.minutes(call);
                json!({"lock_time": lock_time, "result": "locked", "lock_time_left": left, "retry_times_left": "0",
                "message": "The account is locked."})
            }
        })
    }

    /// Sets a new password. The attempt fails if the password is locked, or if the old password is wrong.
    ///
    /// If `old` is `None`, the method does not check the old password. If `new` is `None`, the instance gets
    /// password-free access.
    pub fn set(&mut self, call: &Call<'_>, old: Option<&str>, new: Option<Hash>) -> Attempt {
        self.unlock_if_over(call);
        if self.locked_until_ms.is_some() {
            return Attempt::Locked;
        }
        if !old.is_none_or(|old| self.matches(old)) {
            self.count_wrong(call);
            return Attempt::WrongOldPassword;
        }
        self.password = new;
        self.tries_left = TRIES;
        Attempt::Done
    }

    pub fn reset_answer(&self, call: &Call<'_>, attempt: Attempt) -> Value {
        let (code, message) = match attempt {
            Attempt::Done => ("1", "success"),
            Attempt::WrongOldPassword => ("2", "The old password is wrong."),
            Attempt::Locked => ("3", "instance is locked"),
        };
        let (lock_time, left) = match attempt {
            Attempt::Done => ("0".to_owned(), "0".to_owned()),
            _ => self.minutes(call),
        };
        let tries = match attempt {
            Attempt::Locked => 0,
            _ => self.tries_left,
        };
        json!({"lock_time": lock_time, "lock_time_left": left, "retry_times_left": tries.to_string(), "code": code, "message": message})
    }

    fn count_wrong(&mut self, call: &Call<'_>) {
        self.tries_left = self.tries_left.saturating_sub(1);
        if self.tries_left == 0 {
            self.locked_until_ms = Some(after(call.state.clock.now_ms(), call.state.times.lock));
        }
    }

    fn unlock_if_over(&mut self, call: &Call<'_>) {
        let now = call.state.clock.now_ms();
        if self.locked_until_ms.is_some_and(|until| until <= now) {
            self.locked_until_ms = None;
            self.tries_left = TRIES;
        }
    }

    /// Returns the duration of a new lock, and the remaining time of the present lock. Both are in minutes, rounded up.
    fn minutes(&self, call: &Call<'_>) -> (String, String) {
        let left = self.locked_until_ms.unwrap_or_default() - call.state.clock.now_ms();
        let whole = after(0, call.state.times.lock);
        (round_up(whole).to_string(), round_up(left).to_string())
    }
}

fn round_up(milliseconds: i64) -> i64 {
    milliseconds.max(0).div_euclid(MINUTE_MS)
        + i64::from(milliseconds.max(0).rem_euclid(MINUTE_MS) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_up() {
        let rounded: Vec<_> = [-1, 0, 1, 59_999, 60_000, 60_001, i64::MAX]
            .map(round_up)
            .to_vec();
        assert_eq!(rounded, [0, 0, 1, 1, 1, 2, i64::MAX / MINUTE_MS + 1]);
    }
}
