//! The fingerprint of a service's transcripts.
//!
//! Each service's build script computes the same one (`crates/freshness.rs`)
//! and compares it with the one in the generated code.

use crate::File;

/// FNV-1a over names and texts: it is short, and the same on every machine. The build script needs no dependency for it.
/// It finds forgotten changes, not malicious ones.
pub fn fingerprint(files: &[File]) -> String {
    let mut sorted: Vec<&File> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in sorted {
        // The name below the service's folder: `devices.yaml`, `devices/groups.yaml`.
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
