//! Internal fields of a DCS instance. The answers of `show_instance` and `list_instances` do not show these fields.

/// The nodes of the instance. The field has a value only after an operation has changed the nodes.
pub(super) const NODES: &str = "nodes";
/// The bandwidths that requests have set, by the ID of the shard.
pub(super) const BANDWIDTHS: &str = "bandwidths";
/// The policy that increases the bandwidth automatically.
pub(super) const POLICY: &str = "bandwidth_policy";
/// The minor version of Redis. The field exists only after an upgrade.
pub(super) const ENGINE_VERSION: &str = "engine_minor_version";
/// The minor version of the proxies. The field exists only after an upgrade.
pub(super) const PROXY_VERSION: &str = "proxy_minor_version";

pub(super) const HIDDEN: [&str; 5] = [NODES, BANDWIDTHS, POLICY, ENGINE_VERSION, PROXY_VERSION];
