//! The flavors of the sandbox: documented combinations of instance type, processor architecture and capacity.

use serde_json::{Value, json};

/// A flavor of instances. In the sandbox, each flavor has exactly one capacity.
pub(super) struct Flavor {
    pub cache_mode: &'static str,
    pub cpu_type: &'static str,
    /// The capacity in GB, in the notation of the documentation pages, such as `0.125`.
    pub capacity: &'static str,
    pub spec_code: String,
    replicas: u64,
    shards: u64,
}

const SMALL: &[&str] = &["0.125", "0.25", "0.5"];
const PAIR: &[&str] = &["1", "2", "4", "8", "16", "24", "32", "48", "64"];
const SPLIT: &[&str] = &["1", "2", "4", "8", "16", "32", "64"];
const CLUSTER: &[&str] = &[
    "4", "8", "16", "24", "32", "48", "64", "96", "128", "192", "256", "384", "512", "768", "1024",
];

/// A row of [`TYPES`]. The first two values are the type of the instance, and the name of this type in the flavor code.
/// The last two values are a pair about the replicas, and the capacities in GB.
///
/// The pair contains the part of the flavor code for the number of replicas, such as `r2.`, and this number. The number
/// includes the master.
type Row = (
    &'static str,
    &'static str,
    (&'static str, u64),
    &'static [&'static str],
);

const TYPES: [Row; 7] = [
    ("single", "single", ("", 1), SMALL),
    ("single", "single", ("", 1), PAIR),
    ("ha", "ha", ("r2.", 2), SMALL),
    ("ha", "ha", ("r2.", 2), PAIR),
    ("cluster", "cluster", ("r2.", 2), CLUSTER),
    ("proxy", "proxy", ("", 2), CLUSTER),
    ("ha_rw_split", "ha", ("p2.", 2), SPLIT),
];

const CPUS: [(&str, &str); 2] = [("x86_64", "xu1"), ("aarch64", "au1")];

/// Returns all flavors, in the order of [`TYPES`].
pub(super) fn all() -> Vec<Flavor> {
    let mut all = Vec::new();
    for (cache_mode, name, (letter, replicas), capacities) in TYPES {
        for (cpu_type, cpu) in CPUS {
            for capacity in capacities {
                let gigabytes: f64 = capacity.parse().unwrap_or_default();
                let (size, number) = match gigabytes < 1.0 {
                    true => ("tiny", gigabytes * 1024.0),
                    false => ("large", gigabytes),
                };
                let is_cluster = matches!(cache_mode, "cluster" | "proxy");
                all.push(Flavor {
                    cache_mode,
                    cpu_type,
                    capacity,
                    spec_code: format!("redis.{name}.{cpu}.{size}.{letter}{number}"),
                    replicas,
                    // A cluster has one shard for each 8 GB, but at least three shards.
                    shards: if is_cluster {
                        (gigabytes as u64 / 8).max(3)
                    } else {
                        1
                    },
                });
            }
        }
    }
    all
}

impl Flavor {
    /// Returns the supported versions of Redis. Semicolons separate the versions, as in the answer of `list_flavors`.
    fn versions(&self) -> &'static str {
        match self.cache_mode {
            "proxy" | "ha_rw_split" => "4.0;5.0",
            _ => "4.0;5.0;6.0;7.0",
        }
    }

    pub fn has_version(&self, version: &str) -> bool {
        self.versions().split(';').any(|own| own == version)
    }

    /// Returns the flavor as an element of the list of flavors. `ids` and `codes` are the identifiers and the codes of
    /// the zones that offer the flavor.
    pub fn to_json(&self, (ids, codes): (&[String], &[String])) -> Value {
        let is_cluster = matches!(self.cache_mode, "cluster" | "proxy");
        let proxies = if self.cache_mode == "proxy" { "2" } else { "0" };
        let databases = if is_cluster { "1" } else { "256" };
        let shards = self.shards.to_string();
        let limits = [
            ("max_memory", self.capacity),
            ("max_connections", "10000"),
            ("sharding_num", &shards),
            ("proxy_num", proxies),
            ("db_number", databases),
            ("max_clients", "10000"),
            ("max_bandwidth", "80"),
        ];
        let limits = limits
            .map(|(name, value)| json!({"capacity": self.capacity, "name": name, "value": value}));
        json!({
            "spec_code": self.spec_code,
            "cloud_service_type_code": "hws.service.type.dcs",
            "cloud_resource_type_code": "hws.resource.type.dcs3",
            "cache_mode": self.cache_mode,
            "engine": "redis",
            "engine_version": self.versions(),
            "product_type": "generic",
            "cpu_type": self.cpu_type,
            "storage_type": "DRAM",
            "capacity": [self.capacity],
            "billing_mode": ["Hourly"],
            "tenant_ip_count": self.shards * self.replicas,
            "pricing_type": "normal",
            "is_dec": false,
            "attrs": limits,
            "flavors_available_zones": [
                {"capacity": self.capacity, "unit": "GB", "available_zones": ids, "az_codes": codes},
            ],
            "replica_count": self.replicas,
            "inquery_spec_code": self.spec_code,
            "billing_factor": "Duration",
        })
    }
}
