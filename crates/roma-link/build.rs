//! Prints a warning if the OpenAPI files of the service have changed since the code was generated.

include!("../freshness.rs");
