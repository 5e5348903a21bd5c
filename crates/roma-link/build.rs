//! Says when the transcripts have changed since the code was generated.

include!("../freshness.rs");
