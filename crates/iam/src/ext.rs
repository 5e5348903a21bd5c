//! What the generator cannot express: an answer's header.

use crate::types::IssuedToken;
use huaweicloud_core::{Response, Secret};

/// The token that [`create_token`](crate::Client::create_token) issued, which is not in the answer's body.
pub trait IssuedTokenExt {
    /// The token itself, from the header `X-Subject-Token`: several thousand characters, to be sent as `X-Auth-Token`.
    /// None if the answer has no such header, or an empty one.
    fn subject_token(&self) -> Option<Secret>;
}

impl IssuedTokenExt for Response<IssuedToken> {
    fn subject_token(&self) -> Option<Secret> {
        self.secret_header("x-subject-token")
            .filter(|token| !token.is_empty())
    }
}
