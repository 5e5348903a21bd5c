//! The configuration parameters of Redis that an instance can have.

/// A configuration parameter, with its documented values.
pub(super) struct Setting {
    /// The ID of the parameter. The IDs 1 to 4 are the IDs on Huawei Cloud's page of API version 1. The sandbox defines
    /// all other IDs.
    pub id: &'static str,
    pub name: &'static str,
    pub default: &'static str,
    values: Values,
    /// The types of instances that do not have the parameter.
    not_of: &'static [&'static str],
    pub description: &'static str,
}

enum Values {
    Between(u64, u64),
    OneOf(&'static [&'static str]),
    /// The values of `notify-keyspace-events`, which [`takes_events`] checks.
    Events,
}

const YES_OR_NO: Values = Values::OneOf(&["yes", "no"]);
const SINGLE: &[&str] = &["single"];
const PROXY: &[&str] = &["proxy"];
const SPLIT: &[&str] = &["ha_rw_split"];

const fn setting(
    id: &'static str,
    name: &'static str,
    default: &'static str,
    values: Values,
    not_of: &'static [&'static str],
    description: &'static str,
) -> Setting {
    Setting {
        id,
        name,
        default,
        values,
        not_of,
        description,
    }
}

#[rustfmt::skip]
pub(super) const SETTINGS: &[Setting] = &[
    setting("1", "timeout", "0", Values::Between(0, 7200), PROXY, "Seconds after which Redis closes an idle connection; 0 for never"),
    setting("2", "maxmemory-policy", "volatile-lru", Values::OneOf(&["volatile-lru", "allkeys-lru", "volatile-random", "allkeys-random",
        "volatile-ttl", "noeviction", "volatile-lfu", "allkeys-lfu"]), &[], "Which keys Redis removes if the memory is full"),
    setting("3", "hash-max-ziplist-entries", "512", Values::Between(1, 10_000), &[], "Maximum number of entries of a hash that Redis stores compactly"),
    setting("4", "hash-max-ziplist-value", "64", Values::Between(1, 10_000), &[], "Maximum size in bytes of a value in a hash that Redis stores compactly"),
    setting("5", "set-max-intset-entries", "512", Values::Between(1, 10_000), &[], "Sets of at most this number of integers are stored compactly"),
    setting("6", "zset-max-ziplist-entries", "128", Values::Between(1, 10_000), &[], "Maximum number of entries of a sorted set that Redis stores compactly"),
    setting("7", "zset-max-ziplist-value", "64", Values::Between(1, 10_000), &[], "Maximum size in bytes of a value in a sorted set that Redis stores compactly"),
    setting("8", "latency-monitor-threshold", "0", Values::Between(0, 86_400_000), PROXY, "Events that take at least this number of milliseconds are logged; 0 for never"),
    setting("9", "maxclients", "10000", Values::Between(1_000, 10_000), SPLIT, "Maximum number of connected clients"),
    setting("10", "notify-keyspace-events", "Ex", Values::Events, PROXY, "Which events of keys Redis publishes"),
    setting("11", "slowlog-log-slower-than", "10000", Values::Between(0, 1_000_000), &[], "Commands that take at least this number of microseconds are logged as slow"),
    setting("12", "slowlog-max-len", "128", Values::Between(0, 1_000), &[], "Maximum number of logged slow commands"),
    setting("13", "appendonly", "yes", YES_OR_NO, SINGLE, "Whether Redis logs each change to disk"),
    setting("14", "appendfsync", "no", Values::OneOf(&["no", "always", "everysec"]), SINGLE, "When Redis writes the log of changes to disk"),
    setting("15", "lua-time-limit", "5000", Values::Between(100, 5_000), SPLIT, "Maximum duration of a Lua script in milliseconds"),
    setting("16", "master-read-only", "no", YES_OR_NO, &["proxy", "ha_rw_split"], "Whether the instance refuses all writes"),
    setting("17", "proto-max-bulk-len", "536870912", Values::Between(1_048_576, 536_870_912), SPLIT, "Maximum size in bytes of one element of a request"),
    setting("18", "repl-backlog-size", "1048576", Values::Between(16_384, 1_073_741_824), SINGLE, "Size in bytes of the buffer for replicas that reconnect"),
    setting("19", "repl-backlog-ttl", "3600", Values::Between(0, 604_800), SINGLE, "Seconds after which Redis frees the buffer for replicas if no replica is connected; 0 for never"),
    setting("20", "repl-timeout", "60", Values::Between(30, 3_600), SINGLE, "Timeout of the replication in seconds"),
    setting("21", "active-expire-num", "20", Values::Between(1, 1_000), &[], "How many expired keys a regular scan can delete"),
];

/// Returns the parameters that a type of instance has.
pub(super) fn settings_of(cache_mode: &str) -> impl Iterator<Item = &'static Setting> {
    SETTINGS
        .iter()
        .filter(move |setting| !setting.not_of.contains(&cache_mode))
}

impl Setting {
    pub fn takes(&self, value: &str) -> bool {
        match self.values {
            Values::Between(least, most) => {
                let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                digits
                    && value
                        .parse()
                        .is_ok_and(|number: u64| (least..=most).contains(&number))
            }
            Values::OneOf(options) => options.contains(&value),
            Values::Events => takes_events(value),
        }
    }

    pub fn range(&self) -> String {
        match self.values {
            Values::Between(least, most) => format!("{least}-{most}"),
            Values::OneOf(options) => options.join(","),
            Values::Events => "[K|E|KE][A|g|l|s|h|z|x|e|$]".to_owned(),
        }
    }

    /// Returns the type of the value, in the spelling of the documentation page, such as `Interger`.
    pub fn value_type(&self) -> &'static str {
        match self.values {
            Values::Between(..) => "Interger",
            Values::OneOf(_) => "Enum",
            Values::Events => "Regex",
        }
    }
}

/// Returns whether the value is valid for `notify-keyspace-events`. An empty value means that Redis publishes no
/// events. All other values must contain `K` or `E`.
///
/// The letter `A` means all kinds of events. If the value contains `A`, it must not contain letters of single kinds.
fn takes_events(value: &str) -> bool {
    let has = |wanted: &str| value.contains(|one| wanted.contains(one));
    let known = value.chars().all(|one| "KEAg$lshzxe".contains(one));
    value.is_empty() || (known && has("KE") && !(has("A") && has("g$lshzxe")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_valid_and_every_name_and_id_is_unique() {
        for (number, setting) in SETTINGS.iter().enumerate() {
            assert!(setting.takes(setting.default), "{}", setting.name);
            let same = |other: &Setting| other.name == setting.name || other.id == setting.id;
            assert!(!SETTINGS[number + 1..].iter().any(same), "{}", setting.name);
        }
    }

    #[test]
    fn parameters_accept_only_documented_values() {
        let named = |name| {
            SETTINGS
                .iter()
                .find(|setting| setting.name == name)
                .unwrap()
        };
        let timeout = named("timeout");
        let taken = ["0", "7200", "0007"].map(|value| timeout.takes(value));
        assert_eq!(taken, [true; 3]);
        let refused = [
            "",
            "7201",
            "-1",
            "+1",
            "1.0",
            "one",
            "99999999999999999999",
            " 1",
        ];
        assert_eq!(refused.map(|value| timeout.takes(value)), [false; 8]);
        let events = named("notify-keyspace-events");
        assert!(
            ["", "Ex", "Kl", "AKE", "KEg$lshzxe"]
                .into_iter()
                .all(|value| events.takes(value))
        );
        assert!(
            ["x", "A", "AKEx", "Kq"]
                .into_iter()
                .all(|value| !events.takes(value))
        );
        assert!(!named("appendonly").takes("YES"));
    }
}
