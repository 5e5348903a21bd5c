//! The chapter `sessions`.

use super::super::Behaviour;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[];
