//! Members of an instance that only the sandbox reads. Answers do not show them.

/// The nodes, if an operation has changed them.
pub(super) const NODES: &str = "nodes";
/// The bandwidth of each shard whose bandwidth was changed.
pub(super) const BANDWIDTHS: &str = "bandwidths";
/// The policy that raises the bandwidth.
pub(super) const POLICY: &str = "bandwidth_policy";
/// The minor versions, if they were upgraded.
pub(super) const ENGINE_VERSION: &str = "engine_minor_version";
pub(super) const PROXY_VERSION: &str = "proxy_minor_version";

pub(super) const HIDDEN: [&str; 5] = [NODES, BANDWIDTHS, POLICY, ENGINE_VERSION, PROXY_VERSION];
