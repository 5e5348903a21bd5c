include!("../freshness.rs");
