//! The password of a DCS instance: changed by who knows the old one, or reset.

use serde_json::{Value, json};

use super::super::{Behaviour, Call, does};
use super::lifecycle::{TRIES, running};
use super::refused;
use super::timed::put;
use crate::answer::Answer;
use crate::clock::after;
use crate::password_hash::Hash;
use crate::problem::Problem;
use crate::store::Cache;

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

/// A refused change is an answer with status 200 and kept all the same: the count of tries has changed.
fn change(call: &Call<'_>) -> Result<Answer, Problem> {
    let old = call.in_body("/old_password").unwrap_or_default();
    let new = call.in_body("/new_password").unwrap_or_default();
    if old == new {
        return Err(Problem::invalid_password(
            "new_password",
            "must differ from the old password",
        ));
    }
    call.state.store.write(|writer| {
        let mut cache = running(call, writer)?;
        unlock_if_over(call, &mut cache);
        if cache.locked_until_ms.is_some() {
            return Ok(Answer::ok(locked(call, &cache)));
        }
        let Some(present) = &cache.password else {
            return Err(PASSWORD_FREE);
        };
        let right = present.matches(old);
        if right {
            set(&mut cache, Some(Hash::of(new)));
        } else {
            count_wrong(call, &mut cache);
        }
        let answer = if right { changed() } else { failed(&cache) };
        put(call, writer, cache)?;
        Ok(Answer::ok(answer))
    })
}

/// The catalogue's error for a change of the password of an instance that has none.
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
        unlock_if_over(call, &mut cache);
        if cache.locked_until_ms.is_some() {
            return Ok(Answer::ok(reset_locked(call, &cache)));
        }
        set(&mut cache, password);
        put(call, writer, cache)?;
        let done = json!({"lock_time": "0", "lock_time_left": "0", "retry_times_left": TRIES.to_string(), "code": "1", "message": "success",
            "ext_message": Value::Null});
        Ok(Answer::ok(done))
    })
}

fn set(cache: &mut Cache, password: Option<Hash>) {
    cache
        .fields
        .set("no_password_access", json!(password.is_none().to_string()));
    cache.password = password;
    cache.tries_left = TRIES;
}

fn count_wrong(call: &Call<'_>, cache: &mut Cache) {
    cache.tries_left = cache.tries_left.saturating_sub(1);
    if cache.tries_left == 0 {
        cache.locked_until_ms = Some(after(call.state.clock.now_ms(), call.state.times.lock));
    }
}

fn unlock_if_over(call: &Call<'_>, cache: &mut Cache) {
    if cache
        .locked_until_ms
        .is_some_and(|until| until <= call.state.clock.now_ms())
    {
        cache.locked_until_ms = None;
        cache.tries_left = TRIES;
    }
}

fn changed() -> Value {
    json!({"lock_time": "0", "result": "success", "lock_time_left": "0", "retry_times_left": TRIES.to_string(),
        "message": "Modify DCSInstance password success."})
}

fn failed(cache: &Cache) -> Value {
    json!({"lock_time": Value::Null, "result": "passwordFailed", "lock_time_left": Value::Null,
        "retry_times_left": cache.tries_left.to_string(), "message": "The old password is wrong."})
}

fn locked(call: &Call<'_>, cache: &Cache) -> Value {
    let (lock_time, left) = minutes(call, cache);
    json!({"lock_time": lock_time, "result": "locked", "lock_time_left": left, "retry_times_left": "0", "message": "The account is locked."})
}

fn reset_locked(call: &Call<'_>, cache: &Cache) -> Value {
    let (lock_time, left) = minutes(call, cache);
    json!({"lock_time": lock_time, "lock_time_left": left, "retry_times_left": "0", "code": "3", "message": "instance is locked",
        "ext_message": "The instance is locked."})
}

/// Of the whole lock, and of what is left of it; a part of a minute counts as one.
fn minutes(call: &Call<'_>, cache: &Cache) -> (String, String) {
    let left = cache.locked_until_ms.unwrap_or_default() - call.state.clock.now_ms();
    let whole = after(0, call.state.times.lock);
    (round_up(whole).to_string(), round_up(left).to_string())
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
