//! Code that the generator cannot make: a header of an answer, and authentication that depends on the body.

#[cfg(feature = "federation")]
use crate::types::FederatedToken;
#[cfg(feature = "tokens")]
use crate::types::{CreateTokenRequest, IssuedToken};
use huaweicloud_core::{Response, Secret};

/// The token that [`create_token`](crate::Client::create_token) or
/// [`create_token_with_id_token`](crate::Client::create_token_with_id_token) issued. The body of the answer does not
/// have it.
pub trait IssuedTokenExt {
    /// The token itself, from the header `X-Subject-Token`. It has several thousand characters, and is sent as
    /// `X-Auth-Token`. If the answer has no such header, or an empty one, the result is None.
    fn subject_token(&self) -> Option<Secret>;
}

#[cfg(feature = "tokens")]
impl IssuedTokenExt for Response<IssuedToken> {
    fn subject_token(&self) -> Option<Secret> {
        in_header(self)
    }
}

#[cfg(feature = "federation")]
impl IssuedTokenExt for Response<FederatedToken> {
    fn subject_token(&self) -> Option<Secret> {
        in_header(self)
    }
}

fn in_header<T>(answer: &Response<T>) -> Option<Secret> {
    answer
        .secret_header("x-subject-token")
        .filter(|token| !token.is_empty())
}

#[cfg(feature = "tokens")]
impl crate::Client {
    /// Obtain a token of an agency, with the caller's own token. The body has the method `assume_role`.
    ///
    /// `POST /v3/auth/tokens` is [`create_token`](Self::create_token), which needs no token for a password. This method
    /// needs a token, and sends it as `X-Auth-Token`. The answer has no catalog.
    ///
    /// # Errors
    /// As [`create_token`](Self::create_token). 401 if the token is not valid, 403 if the caller must not use the agency, 404 if there is no such
    /// agency.
    ///
    /// Source: [Obtaining an Agency Token](https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0003.html), 2025-12-27.
    #[inline]
    pub fn create_agency_token(
        &self,
        token: &Secret,
        body: &CreateTokenRequest,
    ) -> huaweicloud_core::Call<IssuedToken> {
        let request = huaweicloud_core::Request::new(&crate::operations::CREATE_TOKEN)
            .header("X-Auth-Token", token.expose())
            .query("nocatalog", "true")
            .json(body);
        self.session().send(request)
    }
}
