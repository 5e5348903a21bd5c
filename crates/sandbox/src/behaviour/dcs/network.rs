//! The chapter `network`.

use super::super::Behaviour;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[];
