//! Methods that the generator cannot make. These methods read a header of the answer, or send a token that the
//! operation needs only for some request bodies.

#[cfg(feature = "federation")]
use crate::types::FederatedToken;
#[cfg(feature = "tokens")]
use crate::types::{CreateTokenRequest, IssuedToken};
use huaweicloud_core::{Response, Secret};

/// Returns the token that [`create_token`](crate::Client::create_token),
/// [`create_agency_token`](crate::Client::create_agency_token) or
/// [`create_token_with_id_token`](crate::Client::create_token_with_id_token) issued. The body of the answer does not
/// contain the token.
pub trait IssuedTokenExt {
    /// Returns the token from the header `X-Subject-Token` of the answer. A token has several thousand characters.
    /// A request that uses the token for authentication contains the token in the header `X-Auth-Token`.
    ///
    /// Returns `None` if the answer has no header `X-Subject-Token`, or the header is empty.
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
    /// Requests a token of an agency, with the caller's own token. The body must contain the method `assume_role`.
    ///
    /// This method and [`create_token`](Self::create_token) call the same operation: `POST /v3/auth/tokens`. A login
    /// with a password needs no token, but this method sends the caller's token in the header `X-Auth-Token`. The
    /// answer contains no catalog.
    ///
    /// # Errors
    /// The same errors as for [`create_token`](Self::create_token). If the token is not valid, the status is 401. If
    /// the caller is not allowed to use the agency, the status is 403. If the agency does not exist, the status is 404.
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
