//! The records that the tests of the store use.

use rand::RngExt as _;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::store::{Index, IndexKey, Record};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    pub name: String,
    pub size: i64,
    pub color: String,
    pub tags: Vec<String>,
}

impl Thing {
    pub const BY_NAME: Index<Self> = Index::new("name", |thing| key(&thing.name));
    pub const BY_SIZE: Index<Self> = Index::new("size", |thing| IndexKey::new(&json!(thing.size)));
    pub const BY_COLOR: Index<Self> =
        Index::new("color", |thing: &Self| key(&thing.color)).counted();
    pub const BY_TAG: Index<Self> = Index::several("tag", |thing: &Self| {
        thing.tags.iter().map(|tag| key(tag)).collect()
    })
    .counted();

    /// Returns a random thing. There are only a few names, sizes, colors and tags, so many things have the same values.
    /// Some values are easy to confuse, such as `a` and `a` with a null byte.
    pub fn random(random: &mut StdRng) -> Self {
        let mut one_of = |texts: &[&str]| texts[random.random_range(0..texts.len())].to_owned();
        let name = one_of(&["", "a", "a\0", "a\0b", "b", "ä", "\u{10FFFF}"]);
        let color = one_of(&["red", "green", "green\0"]);
        let tags = (0..3).map(|_| one_of(&["x", "y", "x\0", ""])).collect();
        let size = [i64::MIN, -1, 0, 1, 7, i64::MAX][random.random_range(0..6)];
        Self {
            name,
            size,
            color,
            tags,
        }
    }
}

impl Record for Thing {
    const TAG: u8 = 200;
    const NAME: &'static str = "things";
    const INDEXES: &'static [Index<Self>] =
        &[Self::BY_NAME, Self::BY_SIZE, Self::BY_COLOR, Self::BY_TAG];
}

pub fn key(text: &str) -> IndexKey {
    IndexKey::new(&json!(text))
}

/// Returns the number of rounds. The variable `STORE_ROUNDS` replaces `default`, for example for a longer test run.
pub fn rounds(default: u64) -> u64 {
    number("STORE_ROUNDS", default)
}

pub fn number(variable: &str, default: u64) -> u64 {
    let number = std::env::var(variable).ok();
    number.map_or(default, |number| number.parse().expect("a number"))
}
