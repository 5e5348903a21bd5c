//! The clients against the sandbox, through the front door
