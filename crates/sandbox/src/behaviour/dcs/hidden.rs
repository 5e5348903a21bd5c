//! Members of an instance that only the sandbox reads: answers do not show them.

/// The nodes, once an operation has changed them.
pub(super) const NODES: &str = "nodes";
/// The bandwidth of each shard that has another than the base one.
pub(super) const BANDWIDTHS: &str = "bandwidths";
/// The policy by which the bandwidth is raised.
pub(super) const POLICY: &str = "bandwidth_policy";
/// The minor versions, once they have been upgraded.
pub(super) const ENGINE_VERSION: &str = "engine_minor_version";
pub(super) const PROXY_VERSION: &str = "proxy_minor_version";

pub(super) const HIDDEN: [&str; 5] = [NODES, BANDWIDTHS, POLICY, ENGINE_VERSION, PROXY_VERSION];
