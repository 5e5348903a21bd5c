//! The chapter `shards`.

use super::super::Behaviour;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[];
