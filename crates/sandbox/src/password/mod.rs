//! What a password has to be like, and how one is kept.

mod hash;
mod rule;

pub(crate) use hash::Hash;
pub(crate) use rule::Rule;
