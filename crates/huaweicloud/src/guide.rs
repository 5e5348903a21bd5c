#![doc = include_str!("guide.md")]

#[doc = include_str!("from_official_sdk.md")]
pub mod from_official_sdk {}
