//! The chapter `web-cli`.

use super::super::Behaviour;

pub(super) const BEHAVIOURS: &[(&str, Behaviour)] = &[];
