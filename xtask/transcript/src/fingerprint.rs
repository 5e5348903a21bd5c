//! Calculates the fingerprint (a hash) of the transcript (the OpenAPI YAML files) of a service.
//!
//! The build script of each service crate calculates the same fingerprint (`crates/freshness.rs`). The script compares
//! its fingerprint with the fingerprint in the generated code.

use crate::File;

/// Hashes the names and contents of files with FNV-1a, without carriage returns. This algorithm is short, so the build
/// script needs no dependency. The fingerprint detects changes, but is not secure against attackers.
pub fn fingerprint(files: &[File]) -> String {
    let mut sorted: Vec<&File> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in sorted {
        // The hashed name is relative to the service's folder, such as `devices.yaml` or `devices/groups.yaml`.
        let name = file.name.splitn(3, '/').nth(2).unwrap_or(&file.name);
        for bytes in [name.as_bytes(), file.text.as_bytes()] {
            for byte in bytes {
                if *byte != b'\r' {
                    hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
                }
            }
        }
    }
    format!("{hash:016x}")
}
