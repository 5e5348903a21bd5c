//! Lints the OpenAPI transcripts and regenerates the clients
