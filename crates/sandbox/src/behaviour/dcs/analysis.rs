//! The chapter `analysis`.

use super::super::Behaviour;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[];
