//! The error type that every call returns if it fails.

mod body;
mod build;
mod detail;
mod difference;
mod display;
mod gateway;
mod hint;
mod kind;
mod mark;
mod members;
mod shape;
mod value;
mod via;

pub(crate) use body::{LARGEST_ERROR, is_error_body, without_nothing};
pub use detail::ErrorDetail;
pub(crate) use difference::Signed;
pub use difference::{CanonicalLine, LineDifference};
pub use kind::ErrorKind;
pub(crate) use shape::{is_documented_id, is_header_id, is_plain_word};
pub(crate) use value::Answer;
pub use value::Error;
pub(crate) use via::Via;
